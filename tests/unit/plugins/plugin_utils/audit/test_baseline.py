# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An earlier report: what is new, known, resolved, and what could not be checked."""

from __future__ import annotations

import json

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import render_json
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    CLIENT_ID,
    ORG_ID,
    Raw,
    account,
    account_entry,
    audited,
    found,
    key,
    key_entry,
    organization,
    secret,
    settings,
)

NEVER_USED = account_entry(last_used_at=None, request_count=0)
OWNER = account(roles=["ORG_OWNER"])
ACCEPTED = [{"rule": "org_owner", "id": CLIENT_ID, "reason": "Terraform", "until": "2026-12-31"}]


def earlier(*organizations: Raw, **arguments: object) -> Raw:
    """A report, as it comes back from its file."""
    return json.loads(render_json(audited(*organizations, **arguments)))


def of(*accounts: Raw, **changes: object) -> Raw:
    return organization(**{"service_accounts": list(accounts), **changes})


def test_without_a_baseline() -> None:
    document = audited(of(OWNER))
    assert document["summary"]["baseline"] is None
    assert document["findings"][0]["status"] is None
    assert document["resolved"] == document["carried"] == []


def test_new_known_and_resolved() -> None:
    before = earlier(of(OWNER, account(client_id="mdb_sa_id_2", access_list=[])))
    document = audited(of(OWNER, account(client_id="mdb_sa_id_2", created_at=None)), baseline=before)
    statuses = {row["rule"]: row["status"] for row in document["findings"]}
    assert statuses == {"org_owner": "known", "age_unknown": "new", "not_readable": "new"}
    assert [row["rule"] for row in document["resolved"]] == ["no_access_list"]
    assert document["summary"]["baseline"] == {"new": 2, "known": 1, "resolved": 1, "carried": 0}


def test_the_same_again_has_nothing_new() -> None:
    read = of(OWNER, account(access_list=None, secrets=None), client_id="2", incomplete=["projects"])
    document = audited(read, baseline=earlier(read))
    assert {row["status"] for row in document["findings"]} == {"known"}
    assert document["summary"]["baseline"]["new"] == document["summary"]["baseline"]["resolved"] == 0


def test_severity_and_text_are_not_part_of_the_identity() -> None:
    before = earlier(of(OWNER), policy={"rules": {"org_owner": "critical"}})
    before["findings"][0].update(title="?", evidence="?", subject="?", remediation="?")
    assert audited(of(OWNER), baseline=before)["summary"]["baseline"]["known"] == 1


def test_each_entry_and_each_secret_is_a_finding_of_its_own() -> None:
    wide, wider = account_entry("10.0.0.0/8"), account_entry("11.0.0.0/8")
    expired = [secret(), secret(id="6b2", expires_at="2026-01-01T00:00:00Z")]
    before = earlier(of(account(access_list=[wide], secrets=expired)))
    expired[1] = {**expired[1], "id": "6b3"}
    document = audited(of(account(access_list=[wider, wide], secrets=expired)), baseline=before)
    news = {(row["rule"], row["detail"]): row["status"] for row in document["findings"]}
    assert news == {
        ("wide_network", "10.0.0.0/8"): "known",
        ("wide_network", "11.0.0.0/8"): "new",
        ("private_network", "10.0.0.0/8"): "known",
        ("secret_expired", "6b3"): "new",
    }
    assert [row["detail"] for row in document["resolved"]] == ["6b2"]


def test_a_credential_that_is_gone_is_resolved() -> None:
    document = audited(of(), baseline=earlier(of(OWNER)))
    assert [row["rule"] for row in document["resolved"]] == ["org_owner"]


@pytest.mark.parametrize(
    ("why", "after"),
    [
        ("the organization was not in the input", []),
        ("the organization was not audited", [of(error="401", api_keys=None)]),
        ("the service accounts were not read", [of(service_accounts=None)]),
        ("the list of service accounts is not complete", [of(incomplete=["service_accounts"])]),
        ("the roles were not read", [of(account(roles=None))]),
        ("the roles were not read in full", [of(account(roles=["ORG_MEMBER", {}]))]),
    ],
)
def test_what_could_not_be_checked_is_not_resolved(why: str, after: list[Raw]) -> None:
    document = audited(*after, baseline=earlier(of(OWNER)))
    assert document["resolved"] == []
    assert [row["rule"] for row in document["carried"]] == ["org_owner"]
    assert document["summary"]["baseline"]["carried"] == 1


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (account(access_list=[account_entry("0.0.0.0/0")]), account(access_list=None), "open_to_internet"),
        (account(access_list=[account_entry("10.0.0.0/8")]), account(access_list=[account_entry("?")]), "wide_network"),
        (account(created_at="2020-01-01"), account(created_at=None), "old"),
        (account(projects=[{"group_id": "5c", "roles": ["GROUP_OWNER"]}]), account(projects=None), "project_owner"),
        (account(secrets=[]), account(secrets=None), "no_live_secret"),
        (
            account(secrets=[secret(last_used_at="2026-01-01")], access_list=[NEVER_USED]),
            account(secrets=[secret(last_used_at="?")], access_list=[NEVER_USED]),
            "unused",
        ),
    ],
)
def test_each_rule_knows_what_it_needs(before: Raw, after: Raw, rule: str) -> None:
    assert rule in found(audited(of(before)))
    document = audited(of(after), baseline=earlier(of(before)))
    assert rule in [row["rule"] for row in document["carried"]]
    assert rule not in [row["rule"] for row in document["resolved"]]


def test_settings_that_were_not_read_this_time_resolve_nothing() -> None:
    before = earlier(of(settings={"api_access_list_required": False, "multi_factor_auth_required": True}))
    document = audited(of(settings=None), baseline=before)
    rules = {"access_list_not_required", "no_security_contact", "secret_validity_unlimited"}
    assert {row["rule"] for row in document["carried"]} == rules
    document = audited(of(settings=settings()), baseline=before)
    assert {row["rule"] for row in document["resolved"]} == rules


def test_api_keys_that_are_never_read_do_not_keep_service_accounts_from_being_resolved() -> None:
    document = audited(of(api_keys=None), baseline=earlier(of(OWNER, api_keys=None)))
    assert [row["rule"] for row in document["resolved"]] == ["org_owner"]


def test_a_rule_that_is_off_leaves_at_once() -> None:
    document = audited(of(OWNER), policy={"rules": {"org_owner": "off"}}, baseline=earlier(of(OWNER)))
    assert document["resolved"] == document["carried"] == []


def test_a_rule_of_another_version_leaves_at_once() -> None:
    before = earlier(of(OWNER))
    before["findings"][0]["rule"] = "not_yet_invented"
    document = audited(of(OWNER), baseline=before)
    assert document["summary"]["baseline"] == {"new": 1, "known": 0, "resolved": 0, "carried": 0}


def test_what_was_accepted_and_is_not_any_more_is_new() -> None:
    before = earlier(of(OWNER), exceptions=ACCEPTED)
    assert audited(of(OWNER), baseline=before)["summary"]["baseline"]["new"] == 1


def test_what_is_accepted_is_neither_new_nor_known_in_the_counts() -> None:
    for before in (earlier(of(OWNER)), earlier(of()), earlier(of(OWNER), exceptions=ACCEPTED)):
        new_owner = {"rule": "new_owner", "id": CLIENT_ID, "reason": "Terraform", "until": "2026-12-31"}
        exceptions = [*ACCEPTED, *([new_owner] if not before["findings"] else [])]
        counts = audited(of(OWNER), exceptions=exceptions, baseline=before)["summary"]["baseline"]
        assert counts == {"new": 0, "known": 0, "resolved": 0, "carried": 0}


def test_an_exception_that_was_corrected_is_resolved() -> None:
    before = earlier(of(OWNER), exceptions=[{**ACCEPTED[0], "id": "typo"}])
    document = audited(of(OWNER), exceptions=ACCEPTED, baseline=before)
    assert [row["rule"] for row in document["resolved"]] == ["exception_unmatched"]


@pytest.mark.parametrize(
    "baseline",
    [
        {},
        [],
        "report.json",
        {"schema_version": "3.0", "findings": [], "credentials": []},
        {"schema_version": "2.0", "findings": [], "credentials": []},
        {"schema_version": "1.0", "findings": []},
        {"schema_version": "1.0", "findings": [1], "credentials": []},
        {"schema_version": "1.0", "findings": [], "credentials": [], "not_checked": [1]},
        {"schema_version": "1.0", "findings": [], "credentials": [], "not_checked": [{}]},
        {"schema_version": "1.0", "findings": [{}], "credentials": []},
        {"schema_version": "1.0", "findings": [{"rule": "old", "severity": "bad"}], "credentials": []},
        {"schema_version": "1.0", "findings": [{"rule": "old", "severity": []}], "credentials": []},
    ],
)
def test_what_is_no_report_is_an_error(baseline: object) -> None:
    with pytest.raises(AuditError, match="^The baseline "):
        audited(of(OWNER), baseline=baseline)


def test_a_baseline_of_a_later_version_2_may_have_more_fields() -> None:
    before = {**earlier(of(OWNER)), "schema_version": "2.9", "more": []}
    before["findings"][0]["more"] = 1
    assert audited(of(), baseline=before)["resolved"][0].keys() == audited(of(OWNER))["findings"][0].keys()


def counts_of(document: Raw) -> dict[str, int]:
    """What has become of the findings of the baseline, without the numbers that are zero."""
    return {name: count for name, count in document["summary"]["baseline"].items() if count}


class TestNights:
    """Each audit has the report of the night before as its baseline."""

    def test_a_night_on_which_nothing_can_be_read_makes_nothing_new(self) -> None:
        first = earlier(of(OWNER))
        second = earlier(of(OWNER), baseline=first)
        third = earlier({"org_id": ORG_ID, "error": "503"}, baseline=second)
        fourth = earlier(of(OWNER), baseline=third)
        assert counts_of(second) == {"known": 1}
        assert counts_of(third) == {"new": 1, "carried": 1}  # new: the organization is not readable
        assert counts_of(fourth) == {"known": 1, "resolved": 1}
        assert [(row["rule"], row["status"]) for row in fourth["findings"]] == [("org_owner", "known")]

    def test_two_nights_without_the_organization(self) -> None:
        report = earlier(of(OWNER))
        for _night in range(2):
            report = earlier(baseline=report)
            assert counts_of(report) == {"carried": 1}
        assert counts_of(audited(of(OWNER), baseline=report)) == {"known": 1}
        # The kind of the credential is not in the last report: both lists must have been read.
        assert counts_of(audited(of(api_keys=None), baseline=report)) == {"new": 1, "carried": 1}
        assert counts_of(audited(of(), baseline=report)) == {"resolved": 1}

    def test_what_was_accepted_before_that_night_is_new_without_its_exception(self) -> None:
        second = earlier(baseline=earlier(of(OWNER), exceptions=ACCEPTED))
        assert counts_of(audited(of(OWNER), baseline=second)) == {"new": 1}

    def test_what_an_audit_has_found_itself_counts_more_than_what_it_has_not_checked(self) -> None:
        before = earlier(of(OWNER))
        accepted = {**before["findings"][0], "accepted": {"reason": "?", "until": "2026-01-01"}}
        assert counts_of(audited(of(OWNER), baseline={**before, "carried": [accepted]})) == {"known": 1}

    def test_an_organization_that_failed_and_is_gone_is_not_carried_for_ever(self) -> None:
        second = earlier(of(), baseline=earlier(of(), {"name": "host7", "error": "no credentials"}))
        assert counts_of(second) == {"carried": 1}
        assert counts_of(audited(of(), baseline=second)) == {}

    def test_the_baseline_may_lack_the_list(self) -> None:
        before = earlier(of(OWNER))
        del before["carried"]
        assert counts_of(audited(of(OWNER), baseline=before)) == {"known": 1}


NO_LIMIT = settings(max_service_account_secret_validity_in_hours=None)
NO_NUMBER = settings(max_service_account_secret_validity_in_hours="many")
WIDE, OPEN = account_entry("10.0.0.0/8"), account_entry("0.0.0.0/0")
UNDATED = {"client_id": CLIENT_ID, "secrets": [secret(expires_at=None)]}


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        pytest.param(
            of(account(access_list=[account_entry(), OPEN])),
            of(account(), incomplete=["service_accounts"]),
            "open_to_internet",
            id="an entry may be missing",
        ),
        pytest.param(
            organization(api_keys=[key(access_list=[key_entry("10.0.0.0/8")])]),
            organization(api_keys=[key()], incomplete=["api_keys"]),
            "wide_network",
            id="an entry of an API key may be missing",
        ),
        pytest.param(
            of(account(projects=[{"group_id": "5c", "roles": ["GROUP_OWNER"]}])),
            of(account(projects=[]), incomplete=["service_accounts"]),
            "project_owner",
            id="a project may be missing",
        ),
        pytest.param(
            of(account(secrets=[secret(last_used_at="2026-01-01")], access_list=[NEVER_USED])),
            of(account(secrets=[secret(last_used_at=None)], access_list=[NEVER_USED]), incomplete=["service_accounts"]),
            "unused",
            id="the use of an entry may be missing",
        ),
        pytest.param(
            of(account(access_list=[account_entry("?")])),
            of(account(), incomplete=["service_accounts"]),
            "not_readable",
            id="an entry that is no block may be missing",
        ),
        pytest.param(
            of(incomplete=["service_accounts"]),
            of(api_keys=[key()], service_accounts=None),
            "incomplete",
            id="the incomplete list was not read",
        ),
        pytest.param(
            of(settings=settings(api_access_list_required=None)),
            of(settings=None),
            "not_readable",
            id="the settings were not read",
        ),
        pytest.param(
            of(api_keys=[key()], events=None),
            of(api_keys=None, events=None),
            "not_readable",
            id="neither the events nor the keys that need them were read",
        ),
        pytest.param(
            of(account(access_list=[]), settings=settings(api_access_list_required=None)),
            of(account(access_list=None), settings=settings(api_access_list_required=None)),
            "not_readable",
            id="the reach is not known for another reason",
        ),
        pytest.param(of(account(**UNDATED)), of(account(secrets=None)), "not_readable", id="secrets were not read"),
        pytest.param(of(settings=NO_LIMIT), of(settings=NO_NUMBER), "secret_validity_unlimited", id="not a number"),
        pytest.param(
            of(account(access_list=[WIDE])),
            of(account(access_list=[WIDE, OPEN])),
            "wide_network",
            id="the list allows everything now",
        ),
    ],
)
def test_a_finding_is_resolved_only_if_it_could_be_checked(before: Raw, after: Raw, rule: str) -> None:
    document = audited(after, baseline=earlier(before))
    assert rule in [row["rule"] for row in document["carried"]]
    assert rule not in [row["rule"] for row in document["resolved"]]


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        (of(OWNER), of(account(), incomplete=["service_accounts"]), "org_owner"),
        (of(account(access_list=[WIDE])), of(account(), incomplete=["api_keys"]), "wide_network"),
        (of(incomplete=["service_accounts"]), of(), "incomplete"),
        (of(settings=None), of(), "not_readable"),
        (of(settings=NO_NUMBER), of(), "not_readable"),
        (of(settings=NO_LIMIT), of(), "secret_validity_unlimited"),
        (of(account(**UNDATED)), of(account()), "not_readable"),
        (of(account(access_list=None)), of(account()), "not_readable"),
        (of(account(roles=None)), of(account(access_list=None)), "not_readable"),
    ],
)
def test_what_was_checked_is_resolved(before: Raw, after: Raw, rule: str) -> None:
    document = audited(after, baseline=earlier(before))
    assert rule in [row["rule"] for row in document["resolved"]]
    assert rule not in [row["rule"] for row in document["carried"]]


@pytest.mark.parametrize("until", ["2026-01-01", "2026-12-31"])
def test_a_finding_about_an_exception_stays_the_same_if_nothing_can_be_read(until: str) -> None:
    exceptions = [{"rule": "old", "id": CLIENT_ID, "reason": "?", "until": until}]
    before = earlier(of(account()), exceptions=exceptions)
    (first,) = before["findings"]
    assert first["credential_id"] == CLIENT_ID
    document = audited({"org_id": ORG_ID, "error": "503"}, exceptions=exceptions, baseline=before)
    # Whether an exception matches could not be checked; whether it has ended does not depend on that.
    (again,) = (
        row
        for row in document["findings" if first["rule"] == "exception_expired" else "carried"]
        if row["rule"] == first["rule"]
    )
    assert (again["fingerprint"], again["status"]) == (first["fingerprint"], "known")
    assert document["resolved"] == []


def test_keys_of_the_same_id_in_two_organizations_are_two() -> None:
    other = {**organization(api_keys=[key()]), "org_id": "b" * 24}
    before = earlier(organization(api_keys=[key()]))
    document = audited(organization(api_keys=[key()]), other, baseline=before)
    assert {(row["org_id"], row["status"]) for row in document["findings"] if row["rule"] == "legacy_api_key"} == {
        (ORG_ID, "known"),
        ("b" * 24, "new"),
    }
