# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each check of each subject is found, not found, or not checked; what is not known is never good."""

from __future__ import annotations

import copy
import pathlib
import typing as t

import pytest
import yaml

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import CAUSES, Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.gate import read_gate
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.events import UNDERSTOOD
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import OF_EXCEPTIONS, RULES
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    ORG_ID,
    Raw,
    account,
    account_entry,
    audited,
    created,
    finding,
    found,
    key,
    key_entry,
    organization,
    secret,
)
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    settings as org_settings,
)
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.generated import altered

TREE = pathlib.Path(__file__).resolve().parents[5]
FINE = organization(api_keys=[key()], service_accounts=[account()])
BY_ID = {rule.id: rule for rule in RULES}
DENIED = {"status": 401, "error_code": "USER_UNAUTHORIZED", "msg": "Atlas refused GET /orgs: 401 USER_UNAUTHORIZED."}


def not_checked(document: Document) -> set[str]:
    return {row["rule"] for row in document["not_checked"]}


PARTS = {
    "org": ["settings"],
    "settings": ["api_access_list_required", "multi_factor_auth_required"],
    "key": ["roles", "access_list"],
    "account": ["roles", "projects", "access_list", "secrets", "created_at"],
    "key entry": ["cidr_block", "count"],
    "secret": ["created_at", "expires_at"],
    "event": ["created", "username"],
    "organization": ["org", "api_keys", "service_accounts", "events"],
}
PLACES = [(place, part) for place, parts in PARTS.items() for part in parts]


def changed(place: str, part: str, gone: t.Any) -> Raw:
    """The organization without a part, or with something else in its place."""
    read = copy.deepcopy(FINE)
    owners = {
        "organization": read,
        "org": read["org"],
        "settings": read["org"]["settings"],
        "key": read["api_keys"][0],
        "account": read["service_accounts"][0],
        "key entry": read["api_keys"][0]["access_list"][0],
        "secret": read["service_accounts"][0]["secrets"][0],
        "event": read["events"][0],
    }
    if part == "count":
        owners[place]["last_used"] = None
    if gone is KeyError:
        del owners[place][part]
    else:
        owners[place][part] = gone
    return read


@pytest.mark.parametrize("gone", [KeyError, None, 7, "?", {}, [None]], ids=repr)
@pytest.mark.parametrize(("place", "part"), PLACES)
def test_what_is_not_known_is_not_checked(place: str, part: str, gone: t.Any) -> None:
    assert found(audited(FINE)) == ["legacy_api_key"]
    assert audited(FINE)["not_checked"] == []
    if (part, gone) in (("count", 7), ("username", "?")):
        gone = -1
    document = audited(changed(place, part, gone))
    if (place, part) == ("event", "created"):  # the event still says who created the key, and the ID says when
        assert "not_readable" in found(document)
    else:
        assert document["not_checked"]
    assert document["summary"]["checks"]["not_checked"] == sum(row["checks"] for row in document["not_checked"])
    assert document["organizations"][0]["state"] != "audited"


class TestCauses:
    @pytest.mark.parametrize(
        ("failure", "cause", "role", "remediation"),
        [
            (DENIED, "access_denied", "Organization Read Only", "Give the reader the role Organization Read Only"),
            ({"status": 403, "error_code": "?"}, "access_denied", "Organization Read Only", "Give the reader"),
            (
                {"status": 403, "error_code": "IP_ADDRESS_NOT_ON_ACCESS_LIST"},
                "access_denied",
                None,
                "to the access list of the reader",
            ),
            ({"status": 401, "msg": "Atlas refused: 401."}, "unauthorized", None, "Check the credentials"),
            (
                {"msg": "The connection to https://cloud.mongodb.com for GET /orgs failed: refused."},
                "network",
                None,
                "the network",
            ),
            (
                {"msg": "Failed to import the required Python library (requests) on host's Python."},
                "requests_missing",
                None,
                "Install the Python library requests",
            ),
            ({"status": 500, "msg": "?"}, "error", None, "Solve what the message says"),
        ],
    )
    def test_of_a_list(self, failure: Raw, cause: str, role: str | None, remediation: str) -> None:
        read = organization(service_accounts=None, failures={"service_accounts": failure})
        document = audited(read)
        assert {(row["cause"], row["role"]) for row in document["not_checked"]} == {(cause, role)}
        row = finding(document, "not_readable")
        assert remediation in row["remediation"]
        assert row["detail"] == "service_accounts"
        (part,) = document["organizations"][0]["unread"]
        assert (part["part"], part["cause"], part["role"]) == ("service_accounts", cause, role)

    def test_of_the_access_list_of_a_key(self) -> None:
        document = audited(organization(api_keys=[key(access_list=None)]))
        rows = {row["rule"]: row for row in document["not_checked"]}
        assert rows["open_to_internet"]["role"] == "Organization Owner"
        assert rows["open_to_internet"]["cause"] == "access_denied"
        assert "Organization Owner" in finding(document, "not_readable")["remediation"]

    @pytest.mark.parametrize(
        ("credential", "cause", "part"),
        [
            ({**key(), "access_list": 7}, "unknown_form", "access_list"),
            ({name: value for name, value in key().items() if name != "access_list"}, "not_read", "access_list"),
            (key(access_list=[]), "not_recorded", "usage"),
        ],
    )
    def test_of_other_access_lists(self, credential: Raw, cause: str, part: str) -> None:
        document = audited(organization(api_keys=[credential], events=[created(days=100)]))
        assert {(row["cause"], row["part"]) for row in document["not_checked"] if row["rule"] == "unused"} == {
            (cause, part)
        }

    def test_all_are_in_the_vocabulary(self) -> None:
        for place, part in PLACES:
            for row in audited(changed(place, part, None))["not_checked"]:
                assert row["cause"] in CAUSES


@pytest.mark.parametrize(
    ("of", "field", "value", "name", "rules"),
    [
        ("account", "created_at", 1700000000, "created_at", set()),  # the rules on age have the time in the ID, or not
        ("account", "created_at", "2026-02-30", "created_at", set()),
        ("account", "created_at", "2027-11-25T06:00:00Z", "created_at", set()),
        ("entry", "last_used_at", 1700000000, "access_list.last_used", {"stale_entry"}),
        ("entry", "last_used_at", "2026-02-30", "access_list.last_used", {"stale_entry"}),
        ("entry", "last_used_at", "2026-11-26T06:00:00Z", "access_list.last_used", {"stale_entry"}),
        ("entry", "created_at", "2027-01-01", "access_list.created", {"stale_entry"}),
        (
            "entry",
            "cidr_block",
            "somewhere",
            "access_list.cidr_block",
            {"open_to_internet", "wide_network", "stale_entry"},
        ),
        ("entry", "request_count", "many", "access_list.request_count", {"stale_entry"}),
        ("entry", "last_used_address", "somewhere", "access_list.last_used_address", {"used_from_outside"}),
        ("secret", "expires_at", 1700000000, "secrets.expires_at", {"secret_expires_soon", "secret_expired"}),
        ("secret", "created_at", "2026-02-30", "secrets.created_at", {"secret_lives_too_long", "rotation_unfinished"}),
        ("secret", "last_used_at", 1700000000, "secrets.last_used_at", {"secret_expires_soon"}),
    ],
)
def test_a_field_of_an_unknown_form(of: str, field: str, value: t.Any, name: str, rules: set[str]) -> None:
    parts = {"account": account(), "entry": account_entry(), "secret": secret()}
    parts[of][field] = value
    credential = {**parts["account"], "access_list": [parts["entry"]], "secrets": [parts["secret"]]}
    document = audited(organization(service_accounts=[credential]))
    row = next(row for row in document["findings"] if row["rule"] == "not_readable")
    assert (row["detail"] or "").startswith(name)
    assert rules <= not_checked(document)
    assert document["organizations"][0]["state"] == "partly_audited"
    shown = str(value) if isinstance(value, int) else value
    assert shown in row["evidence"]


def test_a_clock_that_is_a_little_ahead_is_no_error() -> None:
    entry = account_entry(last_used_at="2026-11-25T06:30:00Z")
    assert found(audited(organization(service_accounts=[account(access_list=[entry])]))) == []


def test_counts_of_lists_that_were_not_read_are_null() -> None:
    document = audited(organization(api_keys=None, projects=None, events=None))
    row = document["organizations"][0]
    assert (row["api_keys"], row["service_accounts"], row["projects"], row["events"]) == (None, 0, None, None)
    assert (document["summary"]["api_keys"], document["summary"]["service_accounts"]) == (None, 0)
    assert document["summary"]["api_keys_not_read"] == 1


def test_a_list_that_was_not_read_is_a_check_of_each_rule_that_is_not_made() -> None:
    document = audited(organization(api_keys=None))
    of_keys = {row["rule"]: row for row in document["not_checked"] if row["kind"] == "api_key"}
    # There is no baseline, so rules that compare with one do not apply. Nothing can be said of keys that are not known.
    assert of_keys.keys() == {rule.id for rule in RULES if rule.check_credential and "api_key" in rule.kinds}
    assert {row["checks"] for row in of_keys.values()} == {1}
    assert {row["credentials"] for row in of_keys.values()} == {None}


def test_a_list_that_is_not_complete_leaves_checks_that_were_not_made() -> None:
    document = audited(organization(service_accounts=[account()], incomplete=["service_accounts"]))
    rows = [row for row in document["not_checked"] if row["rule"] == "org_owner"]
    assert [(row["cause"], row["credentials"]) for row in rows] == [("incomplete", None)]
    unread = document["organizations"][0]["unread"]
    assert [(row["part"], row["cause"]) for row in unread] == [("service_accounts", "incomplete")]
    assert document["organizations"][0]["state"] == "partly_audited"
    (row,) = document["credentials"]
    assert (row["reach"], row["usage"]) == ("unknown", "used")
    assert "open_to_internet" in row["not_checked"]


def test_a_rule_that_was_not_applied_says_so() -> None:
    rules = {row["id"]: row for row in audited(organization(api_keys=[key(access_list=None)]))["rules"]}
    assert not rules["open_to_internet"]["applied"]
    assert (rules["open_to_internet"]["not_checked"], rules["open_to_internet"]["not_found"]) == (1, 0)
    assert rules["org_owner"]["applied"]
    assert not rules["secret_expired"]["applied"]
    assert rules["secret_expired"]["not_checked"] == 0


def test_a_young_credential_cannot_have_been_unused_for_long() -> None:
    young = account(
        created_at="2026-11-20", access_list=[], secrets=[secret(created_at="2026-11-20", last_used_at=None)]
    )
    document = audited(organization(service_accounts=[young]))
    assert "unused" not in not_checked(document)
    assert "usage_unknown" not in found(document)


def test_an_access_list_that_is_inherited_makes_the_reach_unknown() -> None:
    event = {"created": "2026-09-01T00:00:00Z", "event_type_name": "API_KEY_UI_IP_ACCESS_LIST_INHERITANCE_ENABLED"}
    enabled = {**event, "target_public_key": "gswvkocq"}
    disabled = {
        **enabled,
        "created": "2026-10-01",
        "event_type_name": event["event_type_name"].replace("ENABLED", "DISABLED"),
    }
    document = audited(organization(api_keys=[key()], events=[created(), enabled]))
    assert document["credentials"][0]["reach"] == "unknown"
    assert {row["cause"] for row in document["not_checked"]} == {"inherited"}
    assert found(document) == ["legacy_api_key", "not_readable"]
    for events in ([enabled, disabled], [disabled, enabled]):
        assert (
            audited(organization(api_keys=[key()], events=[created(), *events]))["credentials"][0]["reach"] == "listed"
        )
    # Such an event on a service account does not say which one it is.
    enabled = {"created": "2026-09-01", "event_type_name": "SERVICE_ACCOUNT_UI_IP_ACCESS_LIST_INHERITANCE_ENABLED"}
    document = audited(organization(api_keys=[key()], service_accounts=[account()], events=[created(), enabled]))
    assert {(row["kind"], row["reach"]) for row in document["credentials"]} == {
        ("api_key", "listed"),
        ("service_account", "unknown"),
    }


def test_the_role_reads_all_events_that_the_audit_understands() -> None:
    tasks = yaml.safe_load((TREE / "roles" / "audit" / "tasks" / "read.yml").read_text(encoding="utf-8"))
    (types,) = [
        task["mongodb_atlas.admin.org_event_info"]["event_types"]
        for task in tasks
        if "mongodb_atlas.admin.org_event_info" in task
    ]
    assert set(types) >= UNDERSTOOD


def test_projects_and_events_that_a_rule_needs() -> None:
    in_project = {"group_id": "5c0000000000000000000001", "role_name": "GROUP_READ_ONLY"}
    keys = [key(roles=[{"org_id": ORG_ID, "role_name": "ORG_MEMBER"}, in_project])]
    document = audited(organization(api_keys=keys, projects=None, events=None))
    assert sorted(row["detail"] or "" for row in document["findings"] if row["rule"] == "not_readable") == [
        "events",
        "projects",
    ]
    assert not_checked(document) == {"created_by_credential"}
    assert found(audited(organization(projects=None, events=None))) == []


def outcomes_of(document: Document) -> None:
    """Check that each check of each subject has exactly one outcome."""
    findings = {(row["org_id"], row["credential_id"], row["rule"]) for row in document["findings"]}
    rules = {row["id"]: row for row in document["rules"]}
    for credential in document["credentials"]:
        place = credential["org_id"], credential["id"]
        for rule in BY_ID.values():
            if not rule.check_credential or credential["kind"] not in rule.kinds or rule.id not in rules:
                continue
            is_found, is_not_checked = (*place, rule.id) in findings, rule.id in credential["not_checked"]
            assert not (is_found and is_not_checked)
            if set(rule.needs) & set(credential["unknown"]):  # what is not known is never good
                assert is_found or is_not_checked or (rule.applies and not is_not_checked)
    for rule_id, row in rules.items():
        if rule_id in OF_EXCEPTIONS:
            continue
        subjects = sum(
            BY_ID[rule_id].check_credential is not None and credential["kind"] in BY_ID[rule_id].kinds
            for credential in document["credentials"]
        )
        organizations = len(document["organizations"]) if BY_ID[rule_id].check_organization else 0
        lists = sum(
            check["rule"] == rule_id and check["kind"] != "organization" and check["credentials"] is None
            for check in document["not_checked"]
        )
        total = row["found"] + row["not_found"] + row["not_checked"]
        if BY_ID[rule_id].applies is None:
            assert total == subjects + organizations + lists
        assert total <= subjects + organizations + lists


MIXED = organization(
    api_keys=[key(), key(id="6a2", public_key="abcdefgh", access_list=[key_entry("0.0.0.0/0")])],
    service_accounts=[
        account(),
        account(client_id="mdb_sa_id_2", roles=["ORG_OWNER"], secrets=[secret(), secret(id="2")]),
    ],
    settings=org_settings(),
)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(altered({**MIXED, "incomplete": []}))
def test_each_check_has_one_outcome(value: t.Any) -> None:
    read = value if isinstance(value, dict) else {}
    incomplete = read.get("incomplete")
    names = [name for name in incomplete if isinstance(name, str)] if isinstance(incomplete, list) else []
    outcomes_of(audited({**read, "org_id": ORG_ID, "incomplete": names}))


def _failed(read: Raw, threshold: str) -> bool:
    return audited(read, gate=read_gate(threshold))["gate"]["failed"]


REMOVALS = [("organization", name) for name in ("org", "api_keys", "service_accounts", "events")] + [
    (place, part) for place, part in PLACES if place != "organization"
]
THRESHOLDS = st.sampled_from(["high", "medium", "low"])
NOT_REQUIRED = org_settings(api_access_list_required=False, multi_factor_auth_required=False)
MADE_BY_A_KEY = created(username=None, public_key="abcdefgh")


def both(of_key: Raw, of_account: Raw, **changes: t.Any) -> Raw:
    """An organization with an API key and a service account."""
    return organization(**{"api_keys": [key(**of_key)], "service_accounts": [account(**of_account)], **changes})


BAD = {
    "nothing": FINE,
    "open": both({"access_list": [key_entry("0.0.0.0/0")]}, {"access_list": [account_entry("::/0")]}),
    "owner": both({"roles": ["ORG_OWNER"]}, {"roles": ["ORG_OWNER"]}),
    "old": both({}, {"created_at": "2020-01-01"}, events=[created(days=999)]),
    "settings": both({}, {}, settings=NOT_REQUIRED),
    "secrets": both({}, {"secrets": [secret(expires_at="2026-12-01")]}),
    "made by a key": both({}, {}, events=[MADE_BY_A_KEY]),
}


@pytest.mark.parametrize("name", BAD)
@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    removals=st.lists(st.sampled_from(REMOVALS), min_size=1, max_size=4),
    threshold=st.sampled_from(["high", "medium", "low"]),
)
def test_removing_knowledge_never_turns_red_into_green(
    name: str, removals: list[tuple[str, str]], threshold: str
) -> None:
    read = copy.deepcopy(BAD[name])
    for place, part in removals:
        key_, account_ = (read.get(one) or [{}] for one in ("api_keys", "service_accounts"))
        owners = {
            "organization": read,
            "org": read.get("org") or {},
            "settings": (read.get("org") or {}).get("settings") or {},
            "key": key_[0],
            "account": account_[0],
            "key entry": (key_[0].get("access_list") or [{}])[0],
            "secret": (account_[0].get("secrets") or [{}])[0],
            "event": (read.get("events") or [{}])[0],
        }
        owners[place][part] = None
    if _failed(BAD[name], threshold):
        assert _failed(read, threshold)


# What looked like a known form


@pytest.mark.parametrize(
    "role",
    [
        "org_owner",
        " ORG_OWNER",
        "GROUP_OWNER",
        {"org_id": ORG_ID, "role_name": "Org_Owner"},
        {"org_id": ORG_ID, "role_name": "GROUP_OWNER"},
        {"group_id": "5c0000000000000000000001", "role_name": "ORG_OWNER"},
        {"group_id": "5c0000000000000000000001", "role_name": "group_owner"},
    ],
)
def test_a_role_in_another_form_is_not_taken_for_a_harmless_one(role: object) -> None:
    document = audited(organization(api_keys=[key(roles=["ORG_MEMBER", role])]), gate=read_gate("high"))
    assert finding(document, "not_readable")["detail"] == "roles"
    assert "org_owner" in not_checked(document)
    assert document["gate"]["failed"]


@pytest.mark.parametrize("role", ["group_owner", "ORG_OWNER", "GROUP_OWNER "])
def test_the_same_of_roles_in_the_projects_of_an_account(role: str) -> None:
    projects = [{"group_id": "5c0000000000000000000001", "roles": ["GROUP_READ_ONLY", role]}]
    document = audited(organization(service_accounts=[account(projects=projects)]))
    assert {"project_owner", "privileged_role"} <= not_checked(document)


def test_an_event_in_the_future_proves_nothing() -> None:
    read = organization(api_keys=[key(id="x" * 24)], events=[created(created="2099-01-01T00:00:00Z")])
    document = audited(read, gate=read_gate("medium"))
    assert "in the future" in finding(document, "not_readable")["evidence"]
    assert "old" in not_checked(document)


@pytest.mark.parametrize("date", [None, 7, "2026-02-30", "2099-01-01T00:00:00Z"])
def test_an_inherited_list_without_a_date_may_still_be_inherited(date: object) -> None:
    event = {"target_public_key": "gswvkocq", "event_type_name": "API_KEY_UI_IP_ACCESS_LIST_INHERITANCE_ENABLED"}
    disabled = {**event, "event_type_name": event["event_type_name"].replace("ENABLED", "DISABLED")}
    events = [created(), {**disabled, "created": "2026-10-01T00:00:00Z"}, {**event, "created": date}]
    document = audited(organization(api_keys=[key()], events=events))
    assert document["credentials"][0]["reach"] == "unknown"
    assert "open_to_internet" in not_checked(document)


@pytest.mark.parametrize("block", ["::/0", "::"])
def test_a_use_from_ipv4_is_not_outside_of_a_list_that_contains_everything(block: str) -> None:
    entry = account_entry(block, last_used_address="198.51.100.7")
    assert found(audited(organization(service_accounts=[account(access_list=[entry])]))) == ["open_to_internet"]
