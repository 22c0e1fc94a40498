# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report document: what is in it, in which order, and what it makes of input that is not as expected."""

from __future__ import annotations

import copy
import gc
import json
import pathlib
import random
import typing as t

import jsonschema
import pytest

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit import document as document_module
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.audit import audit
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import render_json
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.cases import FOUND, NEAR_MISS
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    CLIENT_ID,
    KEY_ID,
    NOW,
    ORG_ID,
    PROJECT_ID,
    Raw,
    account,
    account_entry,
    audited,
    created,
    days_ago,
    finding,
    found,
    key,
    key_entry,
    organization,
    secret,
)
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.generated import altered

PLUGIN = pathlib.Path(document_module.__file__).parent
SCHEMA = json.loads((PLUGIN / "report.schema.json").read_text(encoding="utf-8"))
EVERYTHING = [
    {**case.organization, "org_id": f"{number:024x}"}
    for number, case in enumerate(case for table in (FOUND, NEAR_MISS) for cases in table.values() for case in cases)
]
EXCEPTIONS = [
    {"rule": "org_owner", "id": CLIENT_ID, "reason": "Terraform", "until": "2026-12-31"},
    {"rule": "org_owner", "id": KEY_ID, "reason": "Over", "until": "2026-01-31"},
    {"rule": "old", "id": "nothing", "reason": "Nothing", "until": "2026-12-31"},
]


VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def validate(document: object) -> None:
    VALIDATOR.validate(json.loads(render_json(document)))


def test_an_api_key() -> None:
    roles = [
        {"org_id": ORG_ID, "role_name": "ORG_MEMBER"},
        {"group_id": PROJECT_ID, "role_name": "GROUP_READ_ONLY"},
        {"org_id": ORG_ID, "role_name": "ORG_OWNER"},
        {"group_id": PROJECT_ID, "role_name": "GROUP_OWNER"},
        {"group_id": "5c2", "role_name": "GROUP_READ_ONLY"},
    ]
    (row,) = audited(organization(api_keys=[key(roles=roles)]))["credentials"]
    assert row == {
        "rank": 1,
        "kind": "api_key",
        "id": KEY_ID,
        "name": "deploy",
        "description": None,
        "org_id": ORG_ID,
        "org_name": "Acme",
        "public_key": "gswvkocq",
        "is_caller": False,
        "created_at": days_ago(100),
        "age_source": "event",
        "created_by": "admin@example.com",
        "created_from": None,
        "known_since": days_ago(100),
        "system_managed": None,
        "org_roles": ["ORG_OWNER", "ORG_MEMBER"],
        "projects": [
            {"id": "5c2", "name": None, "roles": ["GROUP_READ_ONLY"]},
            {"id": PROJECT_ID, "name": "shop", "roles": ["GROUP_OWNER", "GROUP_READ_ONLY"]},
        ],
        "access_list": [
            {
                "cidr": "203.0.113.7/32",
                "created_at": days_ago(100),
                "last_used_at": days_ago(1),
                "last_used_address": "203.0.113.7",
                "requests": 3,
            }
        ],
        "reach": "listed",
        "addresses": 1,
        "usage": "used",
        "last_used_at": days_ago(1),
        "secrets": None,
        "unknown": [],
        "not_checked": [],
        "findings": {"critical": 0, "high": 1, "medium": 0, "low": 1, "info": 0},
        "severity": "high",
    }


def test_a_service_account() -> None:
    (row,) = audited(organization(service_accounts=[account()]))["credentials"]
    assert (row["kind"], row["id"], row["name"], row["public_key"]) == ("service_account", CLIENT_ID, "backup", None)
    assert row["org_roles"] == ["ORG_READ_ONLY"]
    assert row["projects"] == [{"id": PROJECT_ID, "name": "shop", "roles": ["GROUP_READ_ONLY"]}]
    assert row["access_list"][0]["requests"] == 3
    assert row["secrets"] == [
        {
            "id": "6b0000000000000000000001",
            "created_at": days_ago(100),
            "expires_at": days_ago(-100),
            "last_used_at": days_ago(1),
            "masked_secret_value": "mdb_sa_sk_...x1y2",
        }
    ]
    assert (row["severity"], row["system_managed"], row["unknown"]) == (None, False, [])


def test_no_private_key_is_in_the_report() -> None:
    document = audited(organization(api_keys=[key(private_key="very-secret")], service_accounts=[account()]))
    assert "very-secret" not in render_json(document)


@pytest.mark.parametrize(
    ("event", "who"),
    [
        (created(), "admin@example.com"),
        (created(username=None, public_key="abcdefgh"), "API key abcdefgh"),
        (created(username=None, user_id="5a1"), "user 5a1"),
        (created(username=None, api_key_id="5a1"), "API key 5a1"),
        (created(username=None), None),
    ],
)
def test_created_by(event: Raw, who: str | None) -> None:
    assert audited(organization(api_keys=[key()], events=[event]))["credentials"][0]["created_by"] == who


def test_a_key_that_did_something_is_not_its_target() -> None:
    event = created("abcdefgh", public_key="gswvkocq", api_key_id=KEY_ID)
    (row,) = audited(organization(api_keys=[key()], events=[event]))["credentials"]
    assert (row["age_source"], row["created_by"], row["unknown"]) == ("id", None, ["creation"])


def test_summary() -> None:
    failed = {"org_id": "b" * 24, "error": "401 USER_UNAUTHORIZED"}
    document = audited(organization(api_keys=[key()], service_accounts=[account(roles=["ORG_OWNER"])]), failed)
    assert document["summary"] == {
        "organizations": 2,
        "audited": 1,
        "partly_audited": 0,
        "not_audited": 1,
        "credentials": 2,
        "api_keys": 1,
        "service_accounts": 1,
        "api_keys_not_read": 1,
        "service_accounts_not_read": 1,
        "checks": document["summary"]["checks"],
        "checks_not_made": document["summary"]["checks_not_made"],
        "findings": {"critical": 0, "high": 1, "medium": 1, "low": 0, "info": 1},
        "accepted": 0,
        "baseline": None,
    }
    assert (document["schema_version"], document["generated_at"]) == ("2.0", "2026-11-25T06:00:00Z")


def test_an_organization_that_failed_is_in_the_report() -> None:
    failed = {"org_id": "b" * 24, "name": "host7", "error": "401 USER_UNAUTHORIZED"}
    first, second = audited(failed, organization())["organizations"]
    assert (second["id"], second["name"], second["state"], second["error"]) == (ORG_ID, "Acme", "audited", None)
    assert (first["id"], first["name"], first["state"]) == ("b" * 24, "host7", "not_audited")
    assert first["error"] == "401 USER_UNAUTHORIZED"
    assert first["findings"] == {"critical": 0, "high": 0, "medium": 1, "low": 0, "info": 0}


def test_an_organization_without_an_id_has_the_name_of_its_host() -> None:
    document = audited({"name": "host7", "error": "no credentials"}, {"name": "host8", "error": "no credentials"})
    assert [(row["id"], row["name"]) for row in document["organizations"]] == [("host7", "host7"), ("host8", "host8")]
    assert [row["org_id"] for row in document["findings"]] == ["host7", "host8"]


def test_what_was_read_before_an_error_is_judged() -> None:
    document = audited(organization(api_keys=[key()], service_accounts=None, error="500 in the middle"))
    assert found(document) == ["legacy_api_key", "not_readable"]
    assert document["organizations"][0]["state"] == "not_audited"


@pytest.mark.parametrize(
    ("organizations", "message"),
    [
        (None, "must be a list with one dictionary for each organization"),
        ({}, "must be a list"),
        (["a" * 24], "must be a list"),
        ([{"api_keys": []}], "must have an org_id, or a name"),
        ([organization(), organization()], f"The organization {ORG_ID} is in the list more than once."),
        ([organization(incomplete="api_keys")], "incomplete must be a list"),
    ],
)
def test_what_cannot_be_audited_is_an_error(organizations: object, message: str) -> None:
    with pytest.raises(AuditError) as error:
        audit(organizations, NOW)
    assert message in str(error.value)


def test_names_of_incomplete_lists_are_text_that_utf_8_can_hold() -> None:
    document = audited(organization(incomplete=["\ud800x"]))
    assert finding(document, "incomplete")["detail"] == "\ufffd" * 3 + "x"
    validate(document)
    render_json(document).encode("utf-8")


def test_names_of_settings_are_text_that_utf_8_can_hold() -> None:
    document = audited(organization(settings={"\ud800x": "\ud800y", "api_access_list_required": True}))
    assert document["organizations"][0]["settings"]["\ufffd" * 3 + "x"] == "\ufffd" * 3 + "y"
    render_json(document).encode("utf-8")


def test_the_worst_comes_first() -> None:
    document = audited(*EVERYTHING, exceptions=EXCEPTIONS)
    severities = ["critical", "high", "medium", "low", "info"]
    places = [(row["accepted"] is not None, severities.index(row["severity"])) for row in document["findings"]]
    assert places == sorted(places)
    urgent = [[-row["findings"][severity] for severity in severities[:2]] for row in document["credentials"]]
    assert urgent == sorted(urgent)
    assert [row["rank"] for row in document["credentials"]] == list(range(1, len(urgent) + 1))


def test_the_input_is_not_changed() -> None:
    before = copy.deepcopy(EVERYTHING)
    baseline = audited(*EVERYTHING)
    again = copy.deepcopy(baseline)
    audited(*EVERYTHING, exceptions=EXCEPTIONS, baseline=baseline)
    assert before == EVERYTHING
    assert baseline == again


def test_garbage_collection_goes_on() -> None:
    for broken in (None, []):
        with pytest.raises(AuditError):
            audited(organization(), baseline=broken or {})
        assert gc.isenabled()
    gc.disable()
    try:
        audited(organization())
        assert not gc.isenabled()
    finally:
        gc.enable()


class TestSchema:
    def test_it_is_a_schema(self) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_a_report_on_everything_is_valid(self) -> None:
        baseline = audited(*EVERYTHING[:20])
        validate(baseline)
        document = audited(*EVERYTHING[10:], exceptions=EXCEPTIONS, baseline=baseline)
        assert document["not_checked"]
        validate(document)

    def test_a_report_on_nothing_is_valid(self) -> None:
        validate(audited())


def shuffled(value: t.Any, random: random.Random) -> t.Any:
    """The same with every list and every dict in another order."""
    if isinstance(value, dict):
        return {name: shuffled(value[name], random) for name in random.sample(list(value), len(value))}
    if isinstance(value, list):
        return [shuffled(element, random) for element in random.sample(value, len(value))]
    return value


SECOND = {
    **organization(name="Acme"),
    "org_id": "b" * 24,
    "api_keys": [
        key(id="6a2", desc="deploy", public_key="abcdefgh", access_list=[key_entry("::/1"), key_entry("10.0.0.0/8")]),
        key(id="6a1", desc="deploy", public_key="ABCDEFGH", roles=[{"group_id": "5c2", "role_name": "GROUP_OWNER"}]),
    ],
    "service_accounts": [
        account(secrets=[secret(), secret(expires_at=None), secret(id="6b2", expires_at=days_ago(9))]),
        account(client_id="mdb_sa_id_2", access_list=[account_entry("?"), account_entry("::/0"), account_entry("!")]),
    ],
    "events": [
        created("abcdefgh"),
        created("abcdefgh", username="other@example.com"),
        created("abcdefgh", days=200, username="first@example.com"),
        created("ABCDEFGH", days=500, event_type_name="API_KEY_ROLES_CHANGED"),
    ],
    "incomplete": ["events", "api_keys"],
}
MIXED = [organization(api_keys=[key()], service_accounts=[account(roles=["ORG_OWNER", "ORG_MEMBER"])]), SECOND]


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_the_order_of_the_input_never_matters(seed: int) -> None:
    order = random.Random(seed)
    organizations, exceptions = shuffled(MIXED, order), shuffled(EXCEPTIONS, order)
    assert audited(*organizations, exceptions=exceptions) == audited(*MIXED, exceptions=EXCEPTIONS)


@settings(deadline=None, derandomize=True)
@given(altered({**MIXED[1], "incomplete": None}))
def test_any_input_gives_a_valid_report(value: t.Any) -> None:
    read = value if isinstance(value, dict) else {}
    validate(audited({**read, "org_id": ORG_ID, "incomplete": []}))
