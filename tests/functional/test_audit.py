# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and the playbook `audit`, as people and jobs of AWX start them."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import re
import typing as t

import pytest
import yaml

from atlas_emulator.dataset import read
from atlas_emulator.server import Emulator
from awx_job import Template, credential
from harness import TREE, Atlas, Finished, Shell, leaks, some

ORG, OTHER_ORG = "a0123456789abcdef012345a", "c0123456789abcdef012345c"
OWNER = {"atlas_public_key": "mqzhrtab", "atlas_private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6"}
READER = {"atlas_public_key": "gswvkocq", "atlas_private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"}
SECRETS = [OWNER["atlas_private_key"], READER["atlas_private_key"]]
EXECUTION_MODES = {"true": "org_event_info runs in process", "false": "org_event_info runs as an ordinary module"}

Variables = dict[str, t.Any]


def environment(atlas: Atlas, credentials: Variables, org_id: str = ORG) -> dict[str, str]:
    """The environment of a job."""
    return {
        "MONGODB_ATLAS_PUBLIC_API_KEY": credentials["atlas_public_key"],
        "MONGODB_ATLAS_PRIVATE_API_KEY": credentials["atlas_private_key"],
        "MONGODB_ATLAS_ORG_ID": org_id,
        "MONGODB_ATLAS_BASE_URL": atlas.url,
    }


def report(folder: pathlib.Path) -> dict[str, t.Any]:
    """The report that was written as JSON."""
    return t.cast("dict[str, t.Any]", json.loads((folder / "audit.json").read_text(encoding="utf-8")))


def rules(document: dict[str, t.Any], credential_id: str | None) -> set[str]:
    """What was found about a credential, or about organizations."""
    return {row["rule"] for row in document["findings"] if row["credential_id"] == credential_id}


# One organization


@pytest.mark.parametrize("in_process", some(EXECUTION_MODES, "true"))
def test_one_organization(atlas: Atlas, shell: Shell, in_process: str) -> None:
    variables = {"mongodb_atlas_admin_in_process": in_process}
    done = shell.packaged("audit", variables, "-vvv", **environment(atlas, OWNER))
    assert done.code == 0, done.output
    assert EXECUTION_MODES[in_process] in done.output
    assert not leaks(done.output, *SECRETS)
    lines = done.output.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("STATE"))
    rules_start = next(number for number, line in enumerate(lines) if line.startswith("SEVERITY  RULE"))
    assert lines[start + 1].startswith("audited  ")
    assert lines[rules_start + 1].startswith("critical ")
    assert all(len(line) <= 100 for line in lines[start : lines.index("", rules_start)])
    assert "administration (mqzhrtab)" in done.output
    summary = done.stats()["atlas_audit"]["summary"]
    assert (summary["organizations"], summary["not_audited"], summary["api_keys"]) == (1, 0, 22)
    assert summary["findings"]["critical"] > 0
    assert "changed=0 " in done.output


def test_statistics_have_what_the_next_job_needs_alone(atlas: Atlas, shell: Shell) -> None:
    done = shell.packaged("audit", {}, **environment(atlas, OWNER))
    stats = done.stats()
    assert stats.keys() == {"atlas_audit"}
    assert stats["atlas_audit"].keys() == {
        "summary",
        "gate",
        "notices",
        "findings",
        "findings_left_out",
        "not_checked",
        "not_checked_left_out",
        "files",
    }
    assert {"rule": "org_owner", "subject": "administration (mqzhrtab)"}.items() <= next(
        finding for finding in stats["atlas_audit"]["findings"] if finding["rule"] == "org_owner"
    ).items()
    assert "links" not in json.dumps(stats)


def test_what_may_not_be_read_is_reported(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    """An auditor with Organization Read Only may not read the access lists of other API keys."""
    variables = {"audit_formats": ["json"], "audit_directory": str(tmp_path)}
    done = shell.packaged("audit", variables, **environment(atlas, READER))
    assert done.code == 0, done.output
    document = report(tmp_path)
    other = next(row for row in document["credentials"] if row["public_key"] == "mqzhrtab")
    assert other["access_list"] is None
    assert other["reach"] == "unknown"
    assert "not_readable" in rules(document, other["id"])
    assert "no_access_list" not in rules(document, other["id"])


@pytest.mark.parametrize("part", some(["serviceAccounts$", "groups$", "events$"], "groups$"))
def test_a_list_that_is_refused_is_not_readable(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path, part: str) -> None:
    body = {"error": 403, "errorCode": "USER_UNAUTHORIZED", "reason": "Forbidden"}
    atlas.control("POST", "faults", {"path": part, "status": 403, "body": body, "times": None})
    variables = {"audit_formats": ["json"], "audit_directory": str(tmp_path)}
    done = shell.packaged("audit", variables, **environment(atlas, OWNER))
    assert done.code == 0, done.output
    document = report(tmp_path)
    assert document["summary"]["not_audited"] == 0
    details = {row["detail"] for row in document["findings"] if row["rule"] == "not_readable"}
    if part == "groups$":
        assert all(project["name"] is None for row in document["credentials"] for project in row["projects"] or [])
    else:
        assert {"serviceAccounts$": "service_accounts", "events$": "events"}[part] in details


@pytest.mark.parametrize(("part", "is_audited"), [("events$", True), ("groups$", True), ("apiKeys$", False)])
def test_another_failure_of_a_list_fails_the_host(atlas: Atlas, shell: Shell, part: str, is_audited: bool) -> None:
    """What was read before is in the report."""
    atlas.control("POST", "faults", {"path": part, "status": 500, "times": None})
    done = shell.packaged("audit", {}, **environment(atlas, OWNER))
    assert done.code == 2
    summary = done.stats()["atlas_audit"]["summary"]
    assert (summary["partly_audited"], summary["not_audited"]) == ((1, 0) if is_audited else (0, 1))
    assert ("could not be read" if is_audited else "was not audited. The report has the reason.") in done.text
    assert bool(summary["credentials"]) is is_audited


def test_second_run_of_the_role_knows_nothing_of_the_first(atlas: Atlas, shell: Shell) -> None:
    """In one play, for one host: what was read of one organization must not be taken for the other's."""
    include = {"ansible.builtin.include_role": {"name": "mongodb_atlas.admin.audit"}, "ignore_errors": True}
    tasks = [
        {**include, "name": "Audit the first", "vars": {"audit_org_id": ORG}},
        {**include, "name": "Audit the second", "vars": {"audit_org_id": OTHER_ORG}},
    ]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    done = shell.playbook(yaml.safe_dump([play]), **environment(atlas, OWNER))
    first, second = done.output.split("TASK [Audit the second]")
    assert "Credentials: 22 API keys" in first
    assert "Organizations: 1 not audited." in second
    assert "22 API keys" not in second


# Files

FILES = {
    "audit.html",
    "audit.json",
    "audit_findings.csv",
    "audit_credentials.csv",
    "audit_organizations.csv",
    "audit.md",
    "audit.xml",
    "audit.ocsf.jsonl",
}


def test_all_files(atlas: Atlas, shell: Shell) -> None:
    words = "audit_formats=html,json,csv,markdown,junit,ocsf audit_directory=new/reports"
    done = shell.packaged("audit", {}, "-e", words, **environment(atlas, OWNER))
    assert done.code == 0, done.output
    folder = shell.home / "new" / "reports"  # below the directory that Ansible was started in
    files = {path.name: path for path in folder.iterdir()}
    assert files.keys() == FILES
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    assert not any(leaks(path.read_text(encoding="utf-8"), *SECRETS) for path in files.values())
    assert done.stats()["atlas_audit"]["files"] == [
        line[9:] for line in done.output.splitlines() if "Written: " in line
    ]
    assert {pathlib.Path(path) for path in done.stats()["atlas_audit"]["files"]} == set(files.values())
    rows = list(csv.DictReader(io.StringIO(files["audit_findings.csv"].read_text(encoding="utf-8-sig"), newline="")))
    document = report(folder)
    assert sum(row["outcome"] == "found" for row in rows) == len(document["findings"])
    assert sum(row["outcome"] == "not checked" for row in rows) == len(document["not_checked"])


def test_check_mode_writes_nothing(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    variables = {"audit_formats": ["json", "html"], "audit_directory": str(tmp_path / "new")}
    done = shell.packaged("audit", variables, "--check", **environment(atlas, OWNER))
    assert done.code == 0, done.output
    assert "SEVERITY" in done.output
    assert f"Would be written: {tmp_path}/new/audit.json" in done.output
    assert not (tmp_path / "new").exists()


def test_a_directory_that_cannot_be_written_fails_the_play(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("")
    variables = {"audit_formats": ["json"], "audit_directory": str(tmp_path / "file")}
    done = shell.packaged("audit", variables, **environment(atlas, OWNER))
    assert done.code == 2
    assert f"The report cannot be written to {tmp_path}/file/audit.json" in done.text
    assert "SEVERITY" in done.output


# The threshold, accepted findings and the baseline


def organization(*more_keys: dict[str, t.Any]) -> dict[str, t.Any]:
    """An organization with an owner, and with MORE_KEYS that can be used from anywhere."""
    owner = {
        "id": f"{1:024x}",
        "desc": "owner",
        "public_key": OWNER["atlas_public_key"],
        "private_key": OWNER["atlas_private_key"],
        "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}],
        "access_list": [{"cidr_block": "127.0.0.0/8", "count": 0}],
    }
    return {"id": ORG, "name": "Production", "api_keys": [owner, *more_keys]}


OPEN_KEY = {
    "id": f"{2:024x}",
    "desc": "open",
    "public_key": "abcdefgh",
    "private_key": "0b7c1d2e-3f40-4152-8637-48596a7b8c9d",
    "roles": [{"org_id": ORG, "role_name": "ORG_READ_ONLY"}],
    "access_list": [{"cidr_block": "0.0.0.0/1", "count": 0}, {"cidr_block": "128.0.0.0/1", "count": 0}],
}


def audit_of(shell: Shell, org: dict[str, t.Any], variables: Variables) -> Finished:
    with Emulator(read({"orgs": [org]})) as emulator:
        return shell.packaged("audit", variables, **environment(Atlas(emulator.url), OWNER))


def test_severe_findings_fail_the_play_after_the_report(shell: Shell, tmp_path: pathlib.Path) -> None:
    variables = {"audit_fail_on": "critical", "audit_formats": "json", "audit_directory": str(tmp_path)}
    done = audit_of(shell, organization(), variables)
    assert done.code == 0, done.output
    done = audit_of(shell, organization(OPEN_KEY), variables)
    assert done.code == 2
    assert "The audit failed, because audit_fail_on is critical. 1 critical finding." in done.text
    assert rules(report(tmp_path), OPEN_KEY["id"]) >= {"open_to_internet"}
    assert done.stats()["atlas_audit"]["summary"]["findings"]["critical"] == 1


READER_KEY = {
    "id": f"{3:024x}",
    "desc": "auditor",
    "public_key": READER["atlas_public_key"],
    "private_key": READER["atlas_private_key"],
    "roles": [{"org_id": ORG, "role_name": "ORG_READ_ONLY"}],
    "access_list": [{"cidr_block": "127.0.0.0/8"}],
}
WIDE_KEY = {**OPEN_KEY, "access_list": [{"cidr_block": "0.0.0.0/0"}]}


@pytest.mark.parametrize("switch", ["on", "off"])
def test_green_is_never_what_was_not_checked(shell: Shell, tmp_path: pathlib.Path, switch: str) -> None:
    """A reader with Organization Read Only cannot see that a key may be used from everywhere."""
    variables = {
        "audit_fail_on": "high",
        "audit_rules": {"org_owner": "off", "access_list_not_required": "off", "mfa_not_required": "off"},
        "audit_formats": ["html", "json", "csv", "markdown", "junit", "ocsf"],
        "audit_directory": str(tmp_path),
        **({"audit_fail_on_not_checked": False} if switch == "off" else {}),
    }
    with Emulator(read({"orgs": [organization(WIDE_KEY, READER_KEY)]})) as emulator:
        done = shell.packaged("audit", variables, **environment(Atlas(emulator.url), READER))
    assert done.code == (2 if switch == "on" else 0), done.output
    if switch == "on":
        failure = done.text[done.text.index("The audit failed, because audit_fail_on is high.") :]
        assert "could not be made: open_to_internet (2 credentials)" in failure
        assert "Organization Owner" in failure
    partly = re.compile("partly[ _]audited", re.IGNORECASE)
    assert partly.search(done.output)
    for name in ("audit.html", "audit.json", "audit_organizations.csv", "audit.md", "audit.xml", "audit.ocsf.jsonl"):
        assert partly.search((tmp_path / name).read_text(encoding="utf-8-sig")), name
    stats = done.stats()["atlas_audit"]
    assert (stats["summary"]["partly_audited"], stats["summary"]["audited"]) == (1, 0)
    assert {row["role"] for row in stats["not_checked"] if row["rule"] == "open_to_internet"} == {"Organization Owner"}
    marked = {row["public_key"] for row in report(tmp_path)["credentials"] if row["is_caller"]}
    assert marked == {READER["atlas_public_key"]}


@pytest.mark.full  # the unit tests of the action have ten nights
def test_only_new_findings_fail_the_play_until_they_are_acknowledged(shell: Shell, tmp_path: pathlib.Path) -> None:
    """The report is its own baseline from one run to the next."""
    variables = {
        "audit_formats": ["json"],
        "audit_directory": str(tmp_path),
        "audit_baseline": f"{tmp_path}/audit.json",
        "audit_fail_on": "high",
        "audit_fail_on_new_only": True,
        "audit_rules": {"mfa_not_required": "off"},
    }
    acknowledged = {**variables, "audit_acknowledge": True}
    nights = [
        ("first run", variables, [], 2),
        ("acknowledged", acknowledged, [], 0),
        ("nothing has changed", variables, [], 0),
        ("a key is opened", variables, [OPEN_KEY], 2),
        ("relaunched", variables, [OPEN_KEY], 2),
        ("acknowledged", acknowledged, [OPEN_KEY], 0),
        ("the next night", variables, [OPEN_KEY], 0),
    ]
    for night, options, keys, code in nights:
        done = audit_of(shell, organization(*keys), options)
        assert done.code == code, f"{night}: {done.output}"


def test_without_a_baseline_everything_is_new(shell: Shell) -> None:
    variables = {"audit_baseline": "", "audit_fail_on": "high", "audit_fail_on_new_only": True}
    assert audit_of(shell, organization(), variables).code == 2


def test_accepted_findings_do_not_count(shell: Shell, tmp_path: pathlib.Path) -> None:
    text = f"""
    audit_fail_on: critical
    audit_formats: [json]
    audit_directory: {tmp_path}
    audit_exceptions:
      - rule: open_to_internet
        id: "{OPEN_KEY["id"]}"
        reason: Everybody may read this
        until: 2999-12-31
    """
    done = audit_of(shell, organization(OPEN_KEY), yaml.safe_load(text) | {"audit_exceptions": []})
    assert done.code == 2
    (tmp_path / "policy.yml").write_text(text)
    with Emulator(read({"orgs": [organization(OPEN_KEY)]})) as emulator:
        environ = environment(Atlas(emulator.url), OWNER)
        done = shell.packaged("audit", {}, "-e", f"@{tmp_path}/policy.yml", **environ)
    assert done.code == 0, done.output
    (accepted,) = [row for row in report(tmp_path)["findings"] if row["accepted"]]
    assert accepted["accepted"] == {"reason": "Everybody may read this", "until": "2999-12-31"}


def test_severities_can_be_changed(shell: Shell) -> None:
    variables = {"audit_rules": {"org_owner": "off", "legacy_api_key": "critical"}, "audit_fail_on": "critical"}
    done = audit_of(shell, organization(), variables)
    assert "because audit_fail_on is critical. 1 critical finding." in done.text
    assert "org_owner" not in done.output


# Mistakes. The unit tests of the action have all that it checks itself.

MISTAKES: dict[str, tuple[Variables, str]] = {
    "misspelled variable": (
        {"audit_unused_day": 30},
        "There is no variable audit_unused_day. Did you mean audit_unused_days?",
    ),
    "option of the report": ({"audit_formats": "html, pdf", "audit_directory": "."}, "Got no match for: pdf"),
    "unknown severity": ({"audit_fail_on": "severe"}, "audit_fail_on must be one of"),
    "exception without a reason": (
        {"audit_exceptions": [{"rule": "old", "id": "f" * 24, "until": "2027-01-01"}]},
        "Exception 1 needs reason.",
    ),
    "days that are none": ({"audit_unused_days": "many"}, "audit_unused_days"),
}


@pytest.mark.parametrize("mistake", some(MISTAKES, "unknown variable", "exception without a reason"))
def test_mistake_is_an_error_before_anything_is_sent(atlas: Atlas, shell: Shell, mistake: str) -> None:
    variables, message = MISTAKES[mistake]
    done = shell.packaged("audit", variables, **environment(atlas, OWNER))
    assert done.code == 2, done.output
    assert message in done.text
    assert "Traceback" not in done.output
    assert not atlas.journal()


def test_serial_is_an_error(atlas: Atlas, shell: Shell) -> None:
    play = {
        "hosts": "one,two",
        "connection": "local",
        "gather_facts": False,
        "serial": 1,
        "roles": [{"role": "mongodb_atlas.admin.audit"}],
    }
    done = shell.playbook(yaml.safe_dump([play]), "-i", "one,two", **environment(atlas, OWNER))
    assert done.code == 2
    assert "Remove serial from the play." in done.text
    assert not atlas.journal()


def test_every_variable_has_a_default_or_may_be_left_out() -> None:
    role = TREE / "roles" / "audit"
    options = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text())["argument_specs"]["main"]["options"]
    defaults = yaml.safe_load((role / "defaults" / "main.yml").read_text())
    assert {name: option["default"] for name, option in options.items() if "default" in option} == defaults
    assert not any(option.get("required") for option in options.values())


# AWX


def test_job_of_awx(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    inputs = {"public_key": OWNER["atlas_public_key"], "private_key": OWNER["atlas_private_key"], "org_id": ORG}
    environ = credential("api_key", {**inputs, "base_url": atlas.url})
    # A survey passes lists as text, and what was left empty as an empty string.
    survey = {
        "audit_directory": str(tmp_path / "mounted"),
        "audit_formats": "html\njunit\n",
        "audit_baseline": "",
        "audit_exceptions": "",
        "audit_privileged_roles": "",
        "audit_columns": None,
    }
    job = Template("audit", environ, survey).launch(shell, tmp_path)
    assert job.status == ("successful", "0"), job.finished.output
    output = job.output()
    assert "\r\ncritical  " in output or "\ncritical  " in output
    assert "Findings: " in output
    assert f"Written: {tmp_path}/mounted/audit.html" in output
    assert job.handed_on()["atlas_audit"]["summary"]["api_keys"] == 22
    # ansible-runner itself writes the environment of a job there, see test_runner.
    assert job.leaky(SECRETS) == {"control/artifacts/1/command", "worker/artifacts/1/command"}
    assert {path.name for path in (tmp_path / "mounted").iterdir()} == {"audit.html", "audit.xml"}
