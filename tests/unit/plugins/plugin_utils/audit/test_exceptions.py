# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accepted findings, and exceptions that are wrong or over."""

from __future__ import annotations

import datetime

import pytest
import yaml

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.cases import FOUND, Case, report
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    CLIENT_ID,
    KEY_ID,
    NOW,
    ORG_ID,
    account,
    account_entry,
    audited,
    finding,
    found,
    key,
    organization,
    settings,
)

OWNER = organization(service_accounts=[account(roles=["ORG_OWNER"])])


def exception(**changes: object) -> dict[str, object]:
    return {"rule": "org_owner", "id": CLIENT_ID, "reason": "Terraform", "until": "2026-12-31", **changes}


def test_an_accepted_finding_stays_and_does_not_count() -> None:
    document = audited(OWNER, exceptions=[exception()])
    assert found(document) == []
    assert finding(document, "org_owner")["accepted"] == {"reason": "Terraform", "until": "2026-12-31"}
    assert document["summary"]["accepted"] == 1
    assert set(document["summary"]["findings"].values()) == {0}
    assert document["credentials"][0]["severity"] is None
    assert set(document["organizations"][0]["findings"].values()) == {0}


@pytest.mark.parametrize(
    "until",
    [
        "2026-11-25",
        datetime.date(2026, 11, 25),
        "2026-11-25T06:00:01Z",
        "2026-11-25T08:00:01+02:00",
        NOW + datetime.timedelta(seconds=1),
        "9999-12-31",
        datetime.date(9999, 12, 31),
    ],
)
def test_the_last_day_is_included(until: object) -> None:
    assert found(audited(OWNER, exceptions=[exception(until=until)])) == []


@pytest.mark.parametrize("until", ["2026-11-24", datetime.date(2026, 11, 24), "2026-11-25T06:00:00Z", NOW])
def test_one_that_is_over_accepts_nothing_and_is_a_finding(until: object) -> None:
    document = audited(OWNER, exceptions=[exception(until=until)])
    assert found(document) == ["exception_expired", "org_owner"]
    row = finding(document, "exception_expired")
    assert (row["org_id"], row["credential_id"], row["subject"]) == (ORG_ID, CLIENT_ID, "backup")
    assert "Terraform" in row["evidence"]
    assert row["severity"] == "low"


@pytest.mark.parametrize("changes", [{"id": KEY_ID}, {"rule": "project_owner"}, {"id": CLIENT_ID.upper()}])
def test_one_that_matches_nothing_is_a_finding(changes: dict[str, str]) -> None:
    document = audited(OWNER, exceptions=[exception(**changes)])
    assert found(document) == ["exception_unmatched", "org_owner"]


def test_one_with_an_unknown_id_belongs_to_no_organization() -> None:
    row = finding(audited(OWNER, exceptions=[exception(id=KEY_ID)]), "exception_unmatched")
    assert (row["org_id"], row["credential_id"], row["subject"]) == ("", None, KEY_ID)


def test_one_for_a_rule_that_is_off_matches_nothing() -> None:
    document = audited(OWNER, exceptions=[exception()], policy={"rules": {"org_owner": "off"}})
    assert found(document) == ["exception_unmatched"]


def test_findings_about_exceptions_can_be_switched_off() -> None:
    rules = {"exception_unmatched": "off", "exception_expired": "high"}
    exceptions = [exception(rule="old"), exception(until="2026-01-01")]
    document = audited(OWNER, exceptions=exceptions, policy={"rules": rules})
    assert found(document) == ["exception_expired", "org_owner"]


def test_the_id_of_an_organization_is_for_it_and_all_its_credentials() -> None:
    open_to_all = [account(access_list=[]), account(client_id="mdb_sa_id_2", access_list=[])]
    read = organization(service_accounts=open_to_all, settings=settings(api_access_list_required=False))
    exceptions = [
        exception(rule="open_to_internet", id=ORG_ID),
        exception(rule="access_list_not_required", id=ORG_ID),
    ]
    document = audited(read, exceptions=exceptions)
    assert found(document) == []
    assert document["summary"]["accepted"] == 3


def test_both_of_two_that_match_the_same_finding_match() -> None:
    exceptions = [exception(reason="All"), exception(id=ORG_ID, reason="Organization")]
    document = audited(OWNER, exceptions=exceptions)
    assert found(document) == []
    assert finding(document, "org_owner")["accepted"]["reason"] == "All"


def test_all_entries_of_a_credential() -> None:
    wide = account(access_list=[account_entry("10.0.0.0/8"), account_entry("11.0.0.0/8")])
    document = audited(organization(service_accounts=[wide]), exceptions=[exception(rule="wide_network")])
    assert document["summary"]["accepted"] == 2


@pytest.mark.parametrize(
    ("exceptions", "message"),
    [
        ({}, "must be a list of dictionaries"),
        (["org_owner"], "must be a list of dictionaries"),
        ([exception(reason="")], "Exception 1 needs reason."),
        ([exception(reason="  ")], "Exception 1 needs reason."),
        ([exception(), exception(until="", rule="old")], "Exception 2 needs until, a date such as"),
        ([exception(until="soon")], "Exception 1 needs until"),
        ([exception(until=None)], "Exception 1 needs until"),
        ([exception(id="")], "Exception 1 needs id."),
        ([exception(id=5)], "Exception 1 needs id."),
        ([exception(rule=None)], "Exception 1 needs rule."),
        ([exception(rule="owner")], "Exception 1 is for the rule owner, which does not exist"),
        ([exception(rule="exception_expired")], "cannot be accepted"),
        (
            [exception(untill="2027-01-01")],
            "Exception 1 contains untill. An exception may contain rule, id, detail, reason, until.",
        ),
        ([exception(), exception(reason="again")], "Exception 2: there is another one for org_owner"),
    ],
)
def test_what_is_no_exception_is_an_error(exceptions: object, message: str) -> None:
    with pytest.raises(AuditError) as error:
        audited(OWNER, exceptions=exceptions)
    assert message in str(error.value)


def test_an_exception_does_not_touch_other_findings() -> None:
    read = organization(service_accounts=[account(roles=["ORG_OWNER"])], api_keys=[key()])
    assert found(audited(read, exceptions=[exception()])) == ["legacy_api_key"]


# What the report itself offers as an exception


@pytest.mark.parametrize(
    ("rule", "case"), [pytest.param(rule, case, id=f"{rule}: {case.why}") for rule in FOUND for case in FOUND[rule]]
)
def test_the_ready_item_of_each_finding_accepts_it(rule: str, case: Case) -> None:
    ready = [yaml.safe_load(row["exception"]) for row in report(case)["findings"] if row["exception"]]
    document = report(case, exceptions=[item for items in ready for item in items])
    assert found(document) == []


def test_a_list_that_has_grown_is_not_accepted_with_its_detail() -> None:
    """The detail of a finding about all entries together is the same however many these are."""
    accepted = exception(rule="wide_network", detail="access_list")

    def of(count: int, **arguments: object) -> Document:
        entries = [account_entry(f"20.{number}.0.0/16") for number in range(count)]
        return audited(
            organization(service_accounts=[account(access_list=entries)]), exceptions=[accepted], **arguments
        )

    first = of(17)
    assert found(first) == []
    assert found(of(17, baseline=first)) == found(of(17, baseline=of(18))) == []
    grown = of(18, baseline=first)
    assert found(grown) == ["wide_network"]
    assert found(of(18, baseline=grown)) == ["wide_network"]
