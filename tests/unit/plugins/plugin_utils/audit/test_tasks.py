# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ready tasks, the credential that the audit used, and controls of frameworks."""

from __future__ import annotations

import datetime
import importlib
import re
import typing as t

import pytest
import yaml

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.roles import ORG_OWNER
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.cases import FOUND
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    CLIENT_ID,
    KEY_ID,
    ORG_ID,
    PROJECT_ID,
    Raw,
    account,
    account_entry,
    audited,
    days_ago,
    finding,
    key,
    key_entry,
    organization,
    secret,
    settings,
)

MODULES = "ansible_collections.mongodb_atlas.admin.plugins.modules."
SECRET_IDS = ("6b0000000000000000000001", "6b0000000000000000000002")


def task_of(read: Raw, rule: str) -> dict[str, t.Any]:
    """The options of the task that solves the only finding of a rule, by the name of the module."""
    text = finding(audited(read), rule)["task"]
    assert text is not None
    (task,) = yaml.safe_load(text)
    return {name.rpartition(".")[2]: options for name, options in task.items() if name != "name"}


OF_KEY = {"org_id": ORG_ID, "api_user_id": KEY_ID}
OF_ACCOUNT = {"org_id": ORG_ID, "service_account_id": CLIENT_ID}
UNUSED = {"last_used_at": None, "request_count": 0}


@pytest.mark.parametrize(
    ("rule", "credential", "module", "options"),
    [
        (
            "open_to_internet",
            key(access_list=[key_entry("0.0.0.0/0", last_used_address="203.0.113.9"), key_entry("203.0.113.7/32")]),
            "org_api_key_access_list",
            {**OF_KEY, "entries": ["203.0.113.7/32", "203.0.113.9/32"], "purge": True},
        ),
        (
            "wide_network",
            account(access_list=[account_entry("20.0.0.0/8", **UNUSED), account_entry()]),
            "org_service_account_access_list",
            {**OF_ACCOUNT, "entries": ["20.0.0.0/8"], "state": "absent"},
        ),
        (
            "org_owner",
            account(roles=[ORG_OWNER, "ORG_BILLING_READ_ONLY"]),
            "org_service_account",
            {**OF_ACCOUNT, "roles": ["ORG_BILLING_READ_ONLY"]},
        ),
        ("org_owner", key(roles=[ORG_OWNER]), "org_api_key", {**OF_KEY, "roles": ["ORG_MEMBER"]}),
        (
            "project_owner",
            account(projects=[{"group_id": PROJECT_ID, "roles": ["GROUP_OWNER", "GROUP_READ_ONLY"]}]),
            "project_service_account",
            {"project_id": PROJECT_ID, "service_account_id": CLIENT_ID, "roles": ["GROUP_READ_ONLY"]},
        ),
        (
            "unused",
            key(access_list=[key_entry(last_used=days_ago(91))]),
            "org_api_key",
            {**OF_KEY, "state": "absent"},
        ),
        (
            "stale_entry",
            account(access_list=[account_entry(), account_entry("203.0.113.8", created_at=days_ago(99), **UNUSED)]),
            "org_service_account_access_list",
            {**OF_ACCOUNT, "entries": ["203.0.113.8/32"], "state": "absent"},
        ),
        (
            "secret_expired",
            account(secrets=[secret(), secret(id=SECRET_IDS[1], expires_at=days_ago(1))]),
            "org_service_account_secret",
            {**OF_ACCOUNT, "state": "absent", "secret_id": SECRET_IDS[1]},
        ),
        (
            "secret_expires_soon",
            account(secrets=[secret(expires_at=days_ago(-3))]),
            "org_service_account_secret",
            {
                **OF_ACCOUNT,
                "expires_after_hours": 2160,  # what the organization allows
                "min_remaining_hours": 720,
                "secret_file": f"{CLIENT_ID}.json",
            },
        ),
        (
            "rotation_unfinished",
            account(secrets=[secret(last_used_at=days_ago(21)), secret(id=SECRET_IDS[1], created_at=days_ago(20))]),
            "org_service_account_secret",
            {**OF_ACCOUNT, "state": "absent", "secret_id": SECRET_IDS[0]},
        ),
    ],
)
def test_tasks(rule: str, credential: Raw, module: str, options: Raw) -> None:
    name = "api_keys" if "public_key" in credential else "service_accounts"
    assert task_of(organization(**{name: [credential]}), rule) == {module: options}


# What a task must not do


def tasks_of(credential: Raw, **changes: t.Any) -> dict[str, str | None]:
    """The text of each task by rule and detail."""
    name = "api_keys" if "public_key" in credential else "service_accounts"
    findings = audited(organization(**{name: [credential]}, **changes))["findings"]
    return {" ".join(filter(None, (row["rule"], row["detail"]))): row["task"] for row in findings}


@pytest.mark.parametrize(
    ("expiry_days", "lifetime_days", "most_hours", "options"),
    [
        (30, 365, None, {"expires_after_hours": 8760, "min_remaining_hours": 720}),
        (30, 1000, None, {"expires_after_hours": 8760, "min_remaining_hours": 720}),
        (30, 20, None, {"expires_after_hours": 480, "min_remaining_hours": 479}),
        (30, 365, 48, {"expires_after_hours": 48, "min_remaining_hours": 47}),
    ],
)
def test_a_secret_is_added_although_the_one_that_expires_still_works(
    expiry_days: int, lifetime_days: int, most_hours: int | None, options: Raw
) -> None:
    """Without min_remaining_hours, any secret that works is sufficient, and the task would do nothing."""
    read = organization(
        service_accounts=[account(secrets=[secret(expires_at=days_ago(-1))])],
        settings=settings(max_service_account_secret_validity_in_hours=most_hours),
    )
    policy = {"secret_expiry_days": expiry_days, "secret_lifetime_days": lifetime_days}
    text = finding(audited(read, policy=policy), "secret_expires_soon")["task"]
    (task,) = yaml.safe_load(text or "")
    given = task["mongodb_atlas.admin.org_service_account_secret"]
    assert {name: given[name] for name in options} == options


def test_no_secret_is_added_where_there_is_no_slot_or_the_module_would_add_none() -> None:
    expiring, expired = secret(expires_at=days_ago(-3)), secret(id=SECRET_IDS[1], expires_at=days_ago(1))
    rule = f"secret_expires_soon {SECRET_IDS[0]}"
    older = secret(id=SECRET_IDS[1], created_at=days_ago(200))
    assert tasks_of(account(secrets=[expiring, older]))[rule] is None
    (task,) = yaml.safe_load(tasks_of(account(secrets=[expiring, expired]))[rule] or "")
    assert task["mongodb_atlas.admin.org_service_account_secret"]["remove_expired"] is True
    long_lived = tasks_of(account(secrets=[secret(expires_at=days_ago(-900))]))
    assert long_lived[f"secret_lives_too_long {SECRET_IDS[0]}"] is None


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({}, {}),
        ({"last_used_at": days_ago(19)}, {}),
        ({"last_used_at": 7}, {}),
        ({"last_used_at": None}, {"last_used_at": None}),
    ],
)
def test_a_secret_that_may_be_in_use_is_not_deleted(older: Raw, newer: Raw) -> None:
    secrets = [secret(**older), secret(id=SECRET_IDS[1], created_at=days_ago(20), **newer)]
    assert tasks_of(account(secrets=secrets))[f"rotation_unfinished {SECRET_IDS[0]}"] is None


def test_no_task_gives_an_owner_back_what_another_task_has_taken() -> None:
    in_project = {"group_id": PROJECT_ID, "roles": ["GROUP_OWNER", "GROUP_CLUSTER_MANAGER", "GROUP_READ_ONLY"]}
    found = tasks_of(account(roles=[ORG_OWNER, "ORG_BILLING_ADMIN"], projects=[in_project]))
    assert found["org_owner"]
    assert found["privileged_role ORG_BILLING_ADMIN"] is None
    assert found[f"privileged_role {PROJECT_ID} GROUP_CLUSTER_MANAGER"] is None
    assert not [text for text in found.values() if text and ("- ORG_OWNER" in text or "- GROUP_OWNER" in text)]


def test_no_task_changes_an_account_that_the_system_manages() -> None:
    managed = account(
        system_managed=True,
        roles=[ORG_OWNER],
        secrets=[secret(expires_at=days_ago(1))],
        projects=[{"group_id": PROJECT_ID, "roles": ["GROUP_OWNER", "GROUP_READ_ONLY"]}],
    )
    found = tasks_of(managed)
    assert {"org_owner", "no_live_secret", f"project_owner {PROJECT_ID}"} <= found.keys()
    assert not any(found.values())


@pytest.mark.parametrize(
    ("entries", "left"),
    [
        ([account_entry("::/0", last_used_address="2600::9")], ["198.51.96.0/20", "2600::9/128"]),
        ([account_entry("0.0.0.0/0", last_used_address="198.51.100.7")], ["198.51.96.0/20"]),
        ([account_entry("0.0.0.0/0", **UNUSED)], ["198.51.96.0/20"]),
        ([account_entry("0.0.0.0/0", last_used_address=None)], None),
        ([account_entry("0.0.0.0/0", last_used_address="0.0.0.0")], None),
        ([account_entry("0.0.0.0/0", last_used_address="192.0.2.1.1")], None),
        ([account_entry("0.0.0.0/0", last_used_at="2026-13-01", last_used_address=None)], None),
        ([account_entry(f"{first}.0.0.0/8", **UNUSED) for first in range(256)], ["198.51.96.0/20"]),
    ],
)
def test_a_list_is_restricted_to_all_that_is_in_use(entries: list[Raw], left: list[str] | None) -> None:
    text = tasks_of(account(access_list=[*entries, account_entry("198.51.96.0/20")]))["open_to_internet"]
    if left is None:
        assert text is None
    else:
        (task,) = yaml.safe_load(text or "")
        assert task["mongodb_atlas.admin.org_service_account_access_list"]["entries"] == left


@pytest.mark.parametrize(
    ("wide", "is_removed"),
    [
        (account_entry("20.0.0.0/8"), False),
        (account_entry("20.0.0.0/8", last_used_address=None), False),
        (account_entry("20.0.0.0/8", last_used_address="20.7.0.9"), True),
        (account_entry("20.0.0.0/8", **UNUSED), True),
    ],
)
def test_a_wide_block_is_removed_only_if_nobody_is_locked_out(wide: Raw, is_removed: bool) -> None:
    found = tasks_of(account(access_list=[wide, account_entry("20.7.0.0/24")]))
    assert bool(found["wide_network 20.0.0.0/8"]) == is_removed


def test_the_tasks_of_the_whole_data_set_have_options_of_their_modules() -> None:
    seen = set()
    for cases in FOUND.values():
        for case in cases:
            for row in audited(case.organization)["findings"]:
                for task in yaml.safe_load(row["task"] or "[]"):
                    ((name, options),) = ((name, value) for name, value in task.items() if name != "name")
                    seen.add(name.rpartition(".")[2])
                    module = importlib.import_module(MODULES + name.rpartition(".")[2])
                    names = {alias for option in module.ARGUMENT_SPEC.values() for alias in option.get("aliases", [])}
                    assert options.keys() <= module.ARGUMENT_SPEC.keys() | names
    assert {"org_api_key", "org_api_key_access_list", "org_service_account", "org_service_account_secret"} <= seen


@pytest.mark.parametrize("text", ["{{ lookup('pipe', 'id') }}", "x: y", "ORG_OWNER\n- name: x", "'"])
def test_no_task_contains_text_that_somebody_wrote(text: str) -> None:
    read = organization(
        api_keys=[key(id=text, desc=text, roles=[ORG_OWNER]), key(desc=text, public_key=text, roles=[ORG_OWNER, text])],
        service_accounts=[account(name=text, secrets=[secret(id=text, expires_at=days_ago(1))], access_list=[])],
    )
    tasks = [row["task"] for row in audited(read)["findings"] if row["task"]]
    assert tasks
    assert not [task for task in tasks if text in task]


def test_the_credential_of_the_audit_is_marked_and_not_deleted() -> None:
    unused = [key_entry(last_used=days_ago(91))]
    keys = [key(access_list=unused), key(id="6a" * 12, public_key="abcdefgh", access_list=unused)]
    for caller in ({"kind": "api_key", "id": "gswvkocq"}, {"kind": "api_key", "id": KEY_ID}):
        document = audited(organization(api_keys=keys, service_accounts=[account()], caller=caller))
        assert [row["id"] for row in document["credentials"] if row["is_caller"]] == [KEY_ID]
        assert document["organizations"][0]["caller"] == caller["id"]
        tasks = {row["credential_id"]: row["task"] for row in document["findings"] if row["rule"] == "unused"}
        assert tasks[KEY_ID] is None
        assert tasks["6a" * 12]
    for caller in (None, {}, {"kind": "service_account", "id": KEY_ID}, {"kind": "api_key", "id": ""}, "gswvkocq"):
        document = audited(organization(api_keys=keys, caller=caller))
        assert not [row for row in document["credentials"] if row["is_caller"]]


def test_controls_name_their_framework_number_and_title() -> None:
    patterns = {
        "NIST SP 800-53 rev. 5": r"[A-Z]{2}-\d+(\(\d+\))?",
        "ISO/IEC 27001:2022 Annex A": r"A\.[5-8]\.\d+",
        "SOC 2 CC": r"CC\d\.\d",
        "CIS Controls v8": r"\d+\.\d+",
    }
    titles: dict[tuple[str, str], str] = {}
    for rule in RULES:
        for control in rule.controls:
            assert re.fullmatch(patterns[control["framework"]], control["id"])
            assert titles.setdefault((control["framework"], control["id"]), control["title"]) == control["title"]
        assert len(rule.controls) == len({(control["framework"], control["id"]) for control in rule.controls})
    assert {framework for framework, _number in titles} == set(patterns)
    assert not next(rule for rule in RULES if rule.id == "not_readable").controls


def test_the_age_comes_from_the_id_without_any_event() -> None:
    times = [datetime.datetime(year, 1, 1, tzinfo=datetime.timezone.utc) for year in range(2012, 2027)]
    made = {f"{int(time.timestamp()):08x}{number:016x}": time for number, time in enumerate(times)}
    keys = [key(id=key_id, public_key=f"key{place:05}") for place, key_id in enumerate(made)]
    document = audited(organization(api_keys=keys, events=[]))
    assert {row["age_source"] for row in document["credentials"]} == {"id"}
    assert {row["id"]: row["created_at"] for row in document["credentials"]} == {
        key_id: time.strftime("%Y-%m-%dT%H:%M:%SZ") for key_id, time in made.items()
    }
    old = [row for row in document["findings"] if row["rule"] == "old"]
    assert len(old) == len([time for time in times if time.year < 2026])


def test_addresses_that_readers_of_json_would_round_are_text() -> None:
    blocks = {"203.0.113.7/32": 1, "2001:db8::/75": 2**53, "2001:db8::/74": str(2**54), "::/0": str(2**128 + 2**32)}
    for block, addresses in blocks.items():
        document = audited(organization(service_accounts=[account(access_list=[account_entry(block)])]))
        assert document["credentials"][0]["addresses"] == addresses
