# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action `audit_report`: its options, the baseline, and what it returns."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.action import audit_report
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports import output
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.registered import VARIABLES
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.action.report_actions import (
    Json,
    Screen,
    failure,
    run,
    screen,
)

__all__ = ["screen"]  # a fixture

ORG = "a0123456789abcdef012345a"
NAMES = {name: f"read_{name}" for name in VARIABLES}
SETTINGS = {
    "api_access_list_required": True,
    "multi_factor_auth_required": True,
    "security_contact": "security@example.com",
    "max_service_account_secret_validity_in_hours": 720,
}
DENIED = {"failed": False, "msg": "Atlas refused it.", "status": 403, "error_code": "USER_UNAUTHORIZED"}
BROKEN = {"failed": True, "msg": "Atlas refused it: 500."}


def key(number: int, *blocks: str, role: str = "ORG_READ_ONLY") -> Json:
    """Return an API key that may be used from BLOCKS."""
    return {
        "id": f"6a793f752c88faeba59b{number:04x}",
        "public_key": f"pubkey{number:02}",
        "desc": f"key {number}",
        "roles": [{"org_id": ORG, "role_name": role}],
        "access_list": [{"cidr_block": block, "count": 1, "created": "2026-01-01T00:00:00Z"} for block in blocks],
    }


def host(*keys: Json, **instead: t.Any) -> Json:
    """Return the variables of a host that has read its organization; INSTEAD has other results."""
    org = {"id": ORG, "name": "Acme", "settings": SETTINGS}
    read = {
        "org_id": ORG,
        "error": "",
        "org": {"orgs": [org], "caller": {"kind": "api_key", "id": "pubkey01"}, "complete": True},
        "api_keys": {"api_keys": list(keys), "complete": True},
        "service_accounts": {"service_accounts": [], "complete": True},
        "projects": {"projects": [], "complete": True},
        "events": {"events": [], "complete": True},
    }
    return {NAMES[name]: value for name, value in {**read, **instead}.items()}


OPEN = key(2, "0.0.0.0/0")


@pytest.fixture(autouse=True)
def _quiet(screen: Screen) -> None:
    """Show nothing."""


def audit(hosts: dict[str, Json], **options: t.Any) -> Json:
    return run(audit_report, hosts, {"variables": NAMES, **options})


# Options

MISTAKES: dict[str, tuple[Json, str]] = {
    "formats without directory": ({"formats": ["json"]}, "formats and directory need each other"),
    "directory without formats": ({"directory": "."}, "formats and directory need each other"),
    "unknown format": ({"formats": ["pdf"], "directory": "."}, "must be one or more of: html, json"),
    "unknown severity": ({"fail_on": "severe"}, "fail_on must be one of: none, critical"),
    "new only without a threshold": ({"fail_on_new_only": True}, "Set fail_on to a severity."),
    "not checked without a threshold": ({"fail_on_not_checked": True}, "Set fail_on to a severity."),
    "required baseline without a path": ({"baseline_required": True}, "Give the path of a report."),
    "required baseline that does not exist": (
        {"baseline_required": True, "baseline": "no.json"},
        "The baseline no.json is required, and there is no such file",
    ),
    "acknowledged without JSON": ({"acknowledge": True, "formats": ["html"], "directory": "."}, "Add json to formats."),
    "narrow": ({"columns": 20}, "columns must be a whole number from 40 to 1000"),
    "unknown rule": ({"policy": {"rules": {"no_such": "high"}}}, "There is no rule no_such."),
    "unknown severity of a rule": ({"policy": {"rules": {"old": "bad"}}}, "severity of old must be one of"),
    "days that are none": ({"policy": {"unused_days": "many"}}, "unused_days must be a whole number"),
    "exception without a date": (
        {"exceptions": [{"rule": "old", "id": "f" * 24, "reason": "it is", "until": "soon"}]},
        "needs until, a date such as",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistake_is_found_before_anything_is_read(mistake: str) -> None:
    options, message = MISTAKES[mistake]
    assert message in failure(audit_report, {}, {"check_only": True, **options})


def test_check_reads_and_writes_nothing(tmp_path: pathlib.Path, screen: Screen) -> None:
    options = {"check_only": True, "formats": ["json"], "directory": str(tmp_path), "fail_on": "high"}
    assert run(audit_report, {}, options)["changed"] is False
    assert not list(tmp_path.iterdir())
    assert not screen


def test_what_a_survey_leaves_empty_is_not_given() -> None:
    empty = {"baseline": "", "fail_on": "", "formats": [], "directory": "", "columns": "", "fail_on_not_checked": ""}
    result = audit({"prod": host()}, **empty)
    assert result["gate"]["fail_on"] == "none"
    assert result["files"] == []


@pytest.mark.parametrize(
    ("terminal", "configured", "width"),
    [(None, None, 100), (132, None, 132), (20, None, 40), (5000, None, 1000), (132, 80, 80)],
)
def test_screen_is_as_wide_as_the_terminal(
    monkeypatch: pytest.MonkeyPatch, screen: Screen, terminal: int | None, configured: int | None, width: int
) -> None:
    monkeypatch.setattr(output, "TERMINAL_COLUMNS", terminal)
    names = [{**OPEN, "id": f"{number:024x}", "desc": "long description " * 12} for number in range(3)]
    audit({"prod": host(*names)}, columns=configured)
    longest = max(map(len, screen.text.splitlines()))
    assert longest <= width
    assert width > 200 or longest > width - 30


@pytest.mark.parametrize("roles", ["ORG_MEMBER, ORG_READ_ONLY", ["ORG_READ_ONLY"], "ORG_READ_ONLY\n"])
def test_list_in_the_policy_may_be_the_text_of_a_survey(roles: t.Any) -> None:
    found = audit({"prod": host(key(3, "192.0.2.7/32"))}, policy={"privileged_roles": roles})["findings"]
    assert "privileged_role" in {row["rule"] for row in found}
    found = audit({"prod": host(key(3, "192.0.2.7/32"))}, policy={"privileged_roles": "", "unused_days": None})
    assert "privileged_role" not in {row["rule"] for row in found["findings"]}


# The gate


def test_gate_fails_on_what_was_not_checked_unless_told_otherwise() -> None:
    reader = {"prod": host({**OPEN, "access_list": None})}
    red = audit(reader, fail_on="high")["gate"]
    assert red["failed"]
    assert red["fail_on_not_checked"]
    assert "open_to_internet" in {row["rule"] for row in red["not_checked"]}
    assert "1 credential" in red["message"]
    assert not audit(reader, fail_on="high", fail_on_not_checked=False)["gate"]["failed"]
    assert not audit(reader)["gate"]["failed"]


def test_result_has_what_was_found_and_what_was_not_checked() -> None:
    result = audit({"prod": host(OPEN, {**key(3), "access_list": None})}, fail_on="critical")
    assert {"rule": "open_to_internet", "fails_gate": True, "credential_id": OPEN["id"]}.items() <= result["findings"][
        0
    ].items()
    row = next(row for row in result["not_checked"] if row["rule"] == "open_to_internet")
    assert (row["credentials"], row["fails_gate"]) == (1, True)
    assert result["summary"]["partly_audited"] == 1


# What could not be read


@pytest.mark.parametrize("part", ["service_accounts", "projects", "events"])
def test_refused_list_is_not_checked(part: str) -> None:
    result = audit({"prod": host(OPEN, **{part: DENIED})})
    assert result["not_audited"] == {}
    assert result["partly_read"] == {}
    assert result["summary"]["partly_audited"] == 1


def test_list_that_failed_keeps_what_was_read() -> None:
    result = audit({"prod": host(OPEN, events=BROKEN, error="Atlas refused it: 500.")})
    assert result["not_audited"] == {}
    (message,) = result["partly_read"].values()
    assert message == "Some lists of the organization of prod could not be read (events). Atlas refused it: 500."
    assert result["findings"]


def test_organization_without_any_list_was_not_audited() -> None:
    failed = host(api_keys=BROKEN, service_accounts={}, projects={}, events={}, error="Atlas refused it: 500.")
    result = audit({"prod": failed})
    assert result["not_audited"] == {"prod": "Atlas refused it: 500."}
    assert result["summary"]["not_audited"] == 1


def test_host_on_which_nothing_has_run_was_not_audited() -> None:
    result = audit({"prod": host(OPEN), "stage": {}})
    assert "did not run on it" in result["not_audited"]["stage"]


# The baseline


def write_report(folder: pathlib.Path, *keys: Json, **options: t.Any) -> Json:
    return audit({"prod": host(*keys)}, formats=["json"], directory=str(folder), **options)


def test_missing_baseline_is_the_first_run(tmp_path: pathlib.Path) -> None:
    result = audit({"prod": host(OPEN)}, baseline=str(tmp_path / "audit.json"), fail_on="high", fail_on_new_only=True)
    assert result["gate"]["failed"]
    assert any("first" in notice for notice in result["notices"])


@pytest.mark.parametrize(
    ("content", "message"), [("", "is not JSON"), ("{}", "cannot be used"), ('{"schema_version": "9.0"}', "cannot be")]
)
def test_baseline_that_cannot_be_used_is_an_error(tmp_path: pathlib.Path, content: str, message: str) -> None:
    path = tmp_path / "audit.json"
    path.write_text(content)
    assert message in failure(audit_report, {}, {"check_only": True, "baseline": str(path)})


def test_baseline_of_another_organization_is_an_error(tmp_path: pathlib.Path) -> None:
    write_report(tmp_path, OPEN)
    document = json.loads((tmp_path / "audit.json").read_text())
    document["organizations"][0]["id"] = "c" * 24
    (tmp_path / "audit.json").write_text(json.dumps(document))
    options = {"variables": NAMES, "baseline": str(tmp_path / "audit.json")}
    assert "organization" in failure(audit_report, {"prod": host(OPEN)}, options)


@pytest.mark.parametrize("org_id", [ORG, ""])
def test_night_on_which_nothing_could_be_read_still_makes_a_report(tmp_path: pathlib.Path, org_id: str) -> None:
    """Also if not even the ID of the organization is known: that is no sign of a baseline of another one."""
    write_report(tmp_path, OPEN)
    path = tmp_path / "audit.json"
    failed = host(org={}, api_keys={}, service_accounts={}, projects={}, events={}, org_id=org_id, error="Broken.")
    result = audit({"prod": failed}, formats=["json"], directory=str(tmp_path), baseline=str(path))
    assert result["not_audited"] == {"prod": "Broken."}
    carried = {row["rule"] for row in json.loads(path.read_text())["carried"]}
    assert "open_to_internet" in carried


def test_baseline_from_the_future_is_an_error(tmp_path: pathlib.Path) -> None:
    write_report(tmp_path, OPEN)
    document = json.loads((tmp_path / "audit.json").read_text())
    (tmp_path / "audit.json").write_text(json.dumps({**document, "generated_at": "2999-01-01T00:00:00Z"}))
    options = {"variables": NAMES, "baseline": str(tmp_path / "audit.json")}
    assert "2999-01-01" in failure(audit_report, {"prod": host(OPEN)}, options)


# The caller


@pytest.mark.parametrize("caller", ["pubkey02", None])
def test_credential_of_the_audit_itself_is_marked(tmp_path: pathlib.Path, caller: str | None) -> None:
    org = {**host()[NAMES["org"]], "caller": caller and {"kind": "api_key", "id": caller}}
    audit({"prod": host(OPEN, key(3), org=org)}, formats=["json"], directory=str(tmp_path))
    document = json.loads((tmp_path / "audit.json").read_text())
    marked = [row["public_key"] for row in document["credentials"] if row["is_caller"]]
    assert marked == ([caller] if caller else [])
