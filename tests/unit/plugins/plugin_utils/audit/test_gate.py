# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the job fails, and that it stays red until the cause is fixed, accepted or acknowledged."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import render_json
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.gate import read_gate
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
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
)

GATE = ("fail_on", "new_only", "fail_on_not_checked", "acknowledge")
OWNER = account(roles=["ORG_OWNER"])
OTHER = "mdb_sa_id_2"
READ_ONLY = organization(api_keys=[key(access_list=None), key(id="6a2", public_key="abcdefgh", access_list=None)])


def of(*accounts: Raw, **changes: object) -> Raw:
    return organization(**{"service_accounts": list(accounts), **changes})


def report(*organizations: Raw, **arguments: t.Any) -> Raw:
    """A report with a gate, as it comes back from its file."""
    options = {
        name: arguments.pop(name)
        for name in ("fail_on", "new_only", "fail_on_not_checked", "acknowledge")
        if name in arguments
    }
    return json.loads(render_json(audited(*organizations, gate=read_gate(**options), **arguments)))


class TestThreshold:
    @pytest.mark.parametrize(
        ("fail_on", "failed"), [("none", False), ("critical", False), ("high", True), ("medium", True), ("info", True)]
    )
    def test_severities(self, fail_on: str, failed: bool) -> None:
        document = report(of(OWNER), fail_on=fail_on)
        assert document["gate"]["failed"] is failed
        assert finding(document, "org_owner")["fails_gate"] is failed
        assert (document["gate"]["message"] is None) is not failed

    def test_what_failed(self) -> None:
        gate = report(of(OWNER, account(client_id=OTHER, access_list=[account_entry("::/0")])), fail_on="high")["gate"]
        assert [(row["rule"], row["findings"], row["carried"]) for row in gate["findings"]] == [
            ("open_to_internet", 1, 0),
            ("org_owner", 1, 0),
        ]
        assert gate["message"] == "1 critical, 1 high findings."

    def test_accepted_findings_do_not_fail(self) -> None:
        exceptions = [{"rule": "org_owner", "id": CLIENT_ID, "reason": "Terraform", "until": "2026-12-31"}]
        assert not report(of(OWNER), fail_on="info", exceptions=exceptions)["gate"]["failed"]

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"fail_on": "severe"}, "fail_on must be one of none, critical, high, medium, low, info, and is 'severe'"),
            ({"fail_on": ["high"]}, "fail_on must be one of"),
            ({"new_only": "yes"}, "new_only must be true or false, and is 'yes'"),
            ({"acknowledge": 1}, "acknowledge must be true or false"),
            ({"fail_on_not_checked": "no"}, "fail_on_not_checked must be true or false"),
        ],
    )
    def test_options(self, options: dict[str, t.Any], message: str) -> None:
        with pytest.raises(AuditError, match=message):
            read_gate(**options)


class TestNotChecked:
    def test_the_reader_who_may_not_read_access_lists(self) -> None:
        document = report(READ_ONLY, fail_on="high")
        gate = document["gate"]
        assert gate["failed"]
        assert gate["fail_on_not_checked"]
        assert [(row["rule"], row["checks"], row["credentials"], row["roles"]) for row in gate["not_checked"]] == [
            ("open_to_internet", 2, 2, ["Organization Owner"])
        ]
        assert gate["message"] == (
            "2 checks could not be made: open_to_internet (2 credentials). The reader lacks Organization Owner."
        )
        assert document["organizations"][0]["state"] == "partly_audited"

    def test_the_same_with_the_switch_off(self) -> None:
        document = report(READ_ONLY, fail_on="high", fail_on_not_checked=False)
        assert not document["gate"]["failed"]
        assert document["organizations"][0]["state"] == "partly_audited"
        assert document["summary"]["checks_not_made"]["critical"] == 2

    def test_it_is_off_where_nothing_fails(self) -> None:
        assert not report(READ_ONLY)["gate"]["fail_on_not_checked"]

    def test_what_atlas_does_not_record_never_fails(self) -> None:
        document = report(organization(api_keys=[key(access_list=[])]), fail_on="medium")
        causes = {row["rule"]: (row["cause"], row["fails_gate"]) for row in document["not_checked"]}
        assert causes["unused"] == ("not_recorded", False)
        assert not document["gate"]["failed"]

    def test_it_can_be_accepted_where_it_is_reported(self) -> None:
        exception = {"rule": "not_readable", "id": KEY_ID, "reason": "Nobody may read it", "until": "2026-12-31"}
        read = organization(api_keys=[key(access_list=None)])
        assert not report(read, fail_on="high", exceptions=[exception])["gate"]["failed"]
        assert report(READ_ONLY, fail_on="high", exceptions=[exception])["gate"]["failed"]
        whole = {**exception, "id": ORG_ID}
        assert not report(READ_ONLY, fail_on="high", exceptions=[whole])["gate"]["failed"]

    @pytest.mark.parametrize("part", ["events", "projects", "api_keys"])
    def test_a_list_that_cannot_be_read_can_be_accepted_where_it_is_reported(self, part: str) -> None:
        """Also if checks of credentials need it: the finding is about the organization."""
        in_project = {"group_id": PROJECT_ID, "role_name": "GROUP_READ_ONLY"}
        read = organization(api_keys=[key(roles=["ORG_MEMBER", in_project])], service_accounts=[account()])
        read[part] = None
        assert report(read, fail_on="medium")["gate"]["failed"]
        exception = {"rule": "not_readable", "id": ORG_ID, "detail": part, "reason": "Known", "until": "2026-12-31"}
        assert not report(read, fail_on="medium", exceptions=[exception])["gate"]["failed"]

    def test_an_unread_list_is_of_an_unknown_number_of_credentials(self) -> None:
        gate = report(organization(api_keys=None), fail_on="critical")["gate"]
        assert [row["credentials"] for row in gate["not_checked"]] == [None]
        assert "an unknown number of credentials" in gate["message"]


class Night(t.NamedTuple):
    """What is read, which options differ, and what comes out: whether the job fails, and the statuses of org_owner."""

    why: str
    read: list[Raw]
    options: dict[str, t.Any]
    failed: bool
    statuses: list[str]


EXCEPTION = {"rule": "org_owner", "id": CLIENT_ID, "reason": "Terraform", "until": "2027-12-31"}
ACCEPTED = [EXCEPTION, {**EXCEPTION, "rule": "new_owner"}]
SECOND = account(client_id=OTHER, roles=["ORG_OWNER"])
NIGHTS = [
    Night("nothing is wrong", [of(account(), account(client_id=OTHER))], {}, False, []),
    Night("an owner", [of(OWNER, account(client_id=OTHER))], {}, True, ["new"]),
    Night("the same job again", [of(OWNER, account(client_id=OTHER))], {}, True, ["new"]),
    Night("the notification was lost", [of(OWNER, account(client_id=OTHER))], {}, True, ["new"]),
    Night("nothing can be read", [{"org_id": ORG_ID, "error": "503"}], {}, True, []),
    Night("nothing can be read, the switch off", [of(service_accounts=None)], {"fail_on_not_checked": False}, True, []),
    Night("it is acknowledged", [of(OWNER, account(client_id=OTHER))], {"acknowledge": True}, False, ["known"]),
    Night("it stays", [of(OWNER, account(client_id=OTHER))], {}, False, ["known"]),
    Night("a second one", [of(OWNER, SECOND)], {}, True, ["known", "new"]),
    Night("and again", [of(OWNER, SECOND)], {}, True, ["known", "new"]),
    Night("worse", [of(OWNER, SECOND)], {"policy": {"rules": {"org_owner": "critical"}}}, True, ["new", "new"]),
    Night("no better", [of(OWNER, SECOND)], {"policy": {"rules": {"org_owner": "critical"}}}, True, ["new", "new"]),
    Night("one is accepted", [of(OWNER, account(client_id=OTHER))], {"exceptions": ACCEPTED}, False, ["new"]),
    Night(
        "it stays accepted",
        [of(OWNER, account(client_id=OTHER))],
        {"exceptions": ACCEPTED},
        False,
        ["known"],
    ),
    Night("the exception is gone", [of(OWNER, account(client_id=OTHER))], {}, True, ["new"]),
    Night("the same job again, without it", [of(OWNER, account(client_id=OTHER))], {}, True, ["new"]),
    Night("it is fixed", [of(account(), account(client_id=OTHER))], {}, False, []),
    Night("it stays fixed", [of(account(), account(client_id=OTHER))], {}, False, []),
]


def test_nights() -> None:
    """Each night has the report of the one before as its baseline, regardless of its outcome."""
    baseline = None
    for night in NIGHTS:
        options = {"fail_on": "high", "new_only": True, **night.options}
        document = report(*night.read, baseline=baseline, **options)
        statuses = sorted(row["status"] for row in document["findings"] if row["rule"] == "org_owner" and baseline)
        assert (document["gate"]["failed"], statuses) == (night.failed, night.statuses), night.why
        baseline = document


def test_first_seen_stays() -> None:
    first = report(of(OWNER))
    first["generated_at"] = first["findings"][0]["first_seen"] = "2026-11-01T00:00:00Z"
    second = report(of(OWNER, SECOND), baseline=first)
    assert {row["credential_id"]: row["first_seen"] for row in second["findings"] if row["rule"] == "org_owner"} == {
        CLIENT_ID: "2026-11-01T00:00:00Z",
        OTHER: "2026-11-25T06:00:00Z",
    }
    third = report({"org_id": ORG_ID, "error": "503"}, baseline=second)
    fourth = report(of(OWNER, SECOND), baseline=third)
    assert {row["first_seen"] for row in fourth["findings"] if row["rule"] == "org_owner"} == {
        "2026-11-01T00:00:00Z",
        "2026-11-25T06:00:00Z",
    }
    assert second["baseline"] == {
        "generated_at": "2026-11-01T00:00:00Z",
        "age_days": 24,
        "organizations": [ORG_ID],
        "missing": [],
        "added": [],
        "failed": False,
    }


def wide(*blocks: str) -> Raw:
    return of(account(access_list=[account_entry(block) for block in blocks]))


class TestWorse:
    """What is known and got worse is new."""

    def test_a_raised_severity(self) -> None:
        before = report(of(OWNER))
        row = finding(report(of(OWNER), baseline=before, policy={"rules": {"org_owner": "critical"}}), "org_owner")
        assert (row["status"], row["worse"]) == ("new", "Its severity was high.")
        row = finding(report(of(OWNER), baseline=before, policy={"rules": {"org_owner": "low"}}), "org_owner")
        assert (row["status"], row["worse"]) == ("known", None)

    def test_a_wider_network(self) -> None:
        blocks = [f"20.{each}.0.0/16" for each in range(20)]
        before = report(wide(*blocks))
        row = finding(report(wide(*blocks, "21.0.0.0/16"), baseline=before), "wide_network")
        assert (row["status"], row["worse"]) == ("new", "It allowed 1,310,720 addresses.")
        assert finding(report(wide(*blocks[1:]), baseline=before), "wide_network")["status"] == "known"

    def test_another_project(self) -> None:
        first, second = ({"group_id": f"{each}" * 24, "roles": ["GROUP_OWNER"]} for each in "12")
        document = report(of(account(projects=[first, second])), baseline=report(of(account(projects=[first]))))
        rows = [row for row in document["findings"] if row["rule"] == "project_owner"]
        assert {row["detail"]: row["status"] for row in rows} == {"1" * 24: "known", "2" * 24: "new"}

    def test_a_new_owner_is_reported_until_somebody_acts(self) -> None:
        options = {"fail_on": "high", "new_only": True}
        second = report(of(OWNER), baseline=report(of(account())), **options)
        third = report(of(OWNER), baseline=second, **options)
        unread = report(of(service_accounts=None), baseline=third, **options)
        fourth = report(of(OWNER), baseline=unread, **options)
        assert [finding(each, "new_owner")["status"] for each in (second, third, fourth)] == ["new"] * 3
        acknowledged = report(of(OWNER), baseline=fourth, acknowledge=True, **options)
        fifth = report(of(OWNER), baseline=acknowledged, **options)
        assert [row["rule"] for row in fifth["findings"]] == ["org_owner"]
        assert not fifth["gate"]["failed"]

    def test_owners_are_remembered_over_a_night_without_them(self) -> None:
        unread = report(of(service_accounts=None), baseline=report(of(OWNER)))
        assert [row["rule"] for row in report(of(OWNER), baseline=unread)["findings"]] == ["org_owner"]
        assert finding(report(of(OWNER, SECOND), baseline=unread), "new_owner")["credential_id"] == OTHER

    def test_owners_of_a_list_that_was_never_read_are_not_checked(self) -> None:
        document = report(of(OWNER), baseline=report(of(service_accounts=None)))
        assert [row["cause"] for row in document["not_checked"] if row["rule"] == "new_owner"] == ["not_read"]


class TestBaseline:
    def test_of_another_organization(self) -> None:
        with pytest.raises(AuditError, match="The baseline is about other organizations: it contains b"):
            report(of(OWNER), baseline=report({**of(OWNER), "org_id": "b" * 24}))

    def test_from_the_future(self) -> None:
        before = {**report(of(OWNER)), "generated_at": "2026-11-26T06:00:00Z"}
        with pytest.raises(AuditError, match="from the future: it was made at 2026-11-26T06:00:00Z"):
            report(of(OWNER), baseline=before)

    def test_an_organization_that_is_not_audited_any_more(self) -> None:
        other = {**of(OWNER), "org_id": "b" * 24}
        before = report(of(OWNER), other, fail_on="high")
        document = report(of(), baseline=before, fail_on="high")
        assert not document["gate"]["failed"]
        assert [row["org_id"] for row in document["carried"]] == ["b" * 24]
        assert [(row["kind"], row["org_id"]) for row in document["notices"]] == [("organization_missing", "b" * 24)]
        assert report(of(), baseline=document, acknowledge=True)["carried"] == []

    def test_the_first_run(self) -> None:
        document = report(of(OWNER), first_run=True, fail_on="high", new_only=True)
        assert document["baseline"] is None
        assert [row["kind"] for row in document["notices"]] == ["first_run"]
        assert document["gate"]["failed"]

    def test_what_was_not_checked_keeps_the_gate_red(self) -> None:
        before = report(of(OWNER), fail_on="high")
        document = report(of(service_accounts=None), baseline=before, fail_on="high", fail_on_not_checked=False)
        assert document["gate"]["failed"]
        assert document["gate"]["findings"][0]["carried"] == 1
        assert document["gate"]["message"] == ("1 high finding, 1 of them from the baseline and not checked this time.")

    def test_of_version_1(self) -> None:
        row = {"severity": "high", "title": "", "subject": "", "evidence": "", "remediation": "", "status": None}
        row = {**row, "org_id": ORG_ID, "accepted": None}
        projects = [{"id": each * 24, "name": None, "roles": ["GROUP_OWNER"]} for each in "12"]
        credential = {
            "org_id": ORG_ID,
            "id": CLIENT_ID,
            "kind": "service_account",
            "org_roles": ["ORG_OWNER"],
            "projects": projects,
        }
        before = {
            "schema_version": "1.0",
            "generated_at": "2026-11-01T00:00:00Z",
            "organizations": [{"id": ORG_ID}],
            "credentials": [credential],
            "findings": [
                {**row, "rule": "org_owner", "credential_id": CLIENT_ID, "detail": None},
                {**row, "rule": "project_owner", "credential_id": CLIENT_ID, "detail": None},
                *({**row, "rule": "legacy_api_key", "credential_id": each, "detail": None} for each in (KEY_ID, "6a2")),
            ],
            "not_checked": [{**row, "rule": "old", "credential_id": CLIENT_ID, "detail": None}],
            "resolved": [],
        }
        now = [{"group_id": each * 24, "roles": ["GROUP_OWNER"]} for each in "12"]
        read = of(account(roles=["ORG_OWNER"], projects=now, created_at=days_ago(400)), api_keys=[key()])
        document = report(read, baseline=before)
        assert {row["rule"]: row["status"] for row in document["findings"]} == {
            "org_owner": "known",
            "project_owner": "known",
            "legacy_api_key": "known",
            "old": "known",
        }
        assert {row["first_seen"] for row in document["findings"]} == {"2026-11-01T00:00:00Z"}
        assert document["resolved"] == document["carried"] == []


class TestExceptions:
    """They accept what was decided, not what came later."""

    WIDE = {"rule": "wide_network", "id": CLIENT_ID, "reason": "office", "until": "2027-01-31"}

    def accepted(self, document: Raw) -> dict[str, bool]:
        return {
            row["detail"]: row["accepted"] is not None for row in document["findings"] if row["rule"] == "wide_network"
        }

    def test_a_detail(self) -> None:
        exceptions = [{**self.WIDE, "detail": "20.0.0.0/8"}]
        document = report(wide("20.0.0.0/8", "21.0.0.0/8"), exceptions=exceptions)
        assert self.accepted(document) == {"20.0.0.0/8": True, "21.0.0.0/8": False}
        assert self.accepted(report(wide("20.0.0.0/8"), exceptions=[{**self.WIDE, "detail": "20.1.2.3/8"}])) == {
            "20.0.0.0/8": True
        }

    def test_what_comes_later_is_not_accepted_on_the_following_nights_either(self) -> None:
        options = {"exceptions": [self.WIDE], "fail_on": "medium", "new_only": True}
        document = report(wide("20.0.0.0/8"), **options)
        assert not document["gate"]["failed"]
        for _night in range(3):
            document = report(wide("20.0.0.0/8", "64.0.0.0/2"), baseline=document, **options)
            assert self.accepted(document) == {"20.0.0.0/8": True, "64.0.0.0/2": False}
            assert document["gate"]["failed"]
            assert [(row["matched"], row["refused"]) for row in document["exceptions"]] == [(1, 1)]
        renewed = report(
            wide("20.0.0.0/8", "64.0.0.0/2"),
            baseline=document,
            **{**options, "exceptions": [{**self.WIDE, "until": "2027-02-28"}]},
        )
        assert all(self.accepted(renewed).values())
        acknowledged = report(wide("20.0.0.0/8", "64.0.0.0/2"), baseline=document, acknowledge=True, **options)
        assert all(self.accepted(acknowledged).values())
        assert all(self.accepted(report(wide("20.0.0.0/8", "64.0.0.0/2"), baseline=acknowledged, **options)).values())

    def test_an_exception_for_an_office_does_not_accept_the_internet(self) -> None:
        before = report(wide("20.0.0.0/8"), exceptions=[self.WIDE], fail_on="high")
        internet = wide("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3")
        document = report(internet, exceptions=[self.WIDE], baseline=before, fail_on="high")
        assert document["gate"]["failed"]
        assert finding(document, "open_to_internet")["accepted"] is None

    def test_a_list_that_grows_is_not_accepted(self) -> None:
        blocks = [f"20.{each}.0.0/16" for each in range(20)]
        before = report(wide(*blocks), exceptions=[self.WIDE])
        assert self.accepted(before) == {"access_list": True}
        assert self.accepted(report(wide(*blocks, "21.0.0.0/16"), exceptions=[self.WIDE], baseline=before)) == {
            "access_list": False
        }
        assert self.accepted(report(wide(*blocks[1:]), exceptions=[self.WIDE], baseline=before)) == {
            "access_list": True
        }

    def test_a_night_without_the_list_forgets_nothing(self) -> None:
        first = report(wide("20.0.0.0/8"), exceptions=[self.WIDE])
        second = report(of(service_accounts=None), exceptions=[self.WIDE], baseline=first)
        assert [row["state"] for row in second["exceptions"]] == ["in_effect"]
        third = report(wide("20.0.0.0/8", "64.0.0.0/2"), exceptions=[self.WIDE], baseline=second)
        assert self.accepted(third) == {"20.0.0.0/8": True, "64.0.0.0/2": False}

    def test_a_public_key_stands_for_the_id(self) -> None:
        exception = {"rule": "no_description", "id": "gswvkocq", "reason": "old", "until": "2027-01-31"}
        document = report(organization(api_keys=[key(desc="")]), exceptions=[exception])
        assert finding(document, "no_description")["accepted"]
        assert [row["rule"] for row in document["findings"]] == ["legacy_api_key", "no_description"]

    @pytest.mark.parametrize(("until", "is_soon"), [("2026-12-08", True), ("2026-12-09", True), ("2026-12-10", False)])
    def test_one_that_ends_soon_is_a_notice(self, until: str, is_soon: bool) -> None:
        document = report(wide("20.0.0.0/8"), exceptions=[{**self.WIDE, "until": until}])
        assert [row["kind"] for row in document["notices"]] == (["exception_ends_soon"] if is_soon else [])

    @pytest.mark.parametrize(
        "read",
        [
            of(service_accounts=None),
            of(account(access_list=None)),
            of(incomplete=["service_accounts"]),
            {"org_id": ORG_ID, "error": "503"},
        ],
    )
    def test_what_could_not_be_read_is_not_unmatched(self, read: Raw) -> None:
        document = report(read, exceptions=[self.WIDE])
        assert "exception_unmatched" not in [row["rule"] for row in document["findings"]]
        assert [row["state"] for row in document["exceptions"]] == ["not_checked"]
        unmatched = report(of(account()), exceptions=[self.WIDE])
        assert [row["state"] for row in unmatched["exceptions"]] == ["unmatched"]

    @pytest.mark.parametrize("detail", [7, "", [], "  "])
    def test_a_detail_is_text(self, detail: object) -> None:
        with pytest.raises(AuditError, match="Exception 1 has the detail"):
            report(of(), exceptions=[{**self.WIDE, "detail": detail}])


def test_the_ready_exception_accepts_the_finding() -> None:
    yaml = pytest.importorskip("yaml")
    read = of(
        account(
            access_list=[account_entry("20.0.0.0/8")],
            roles=["ORG_OWNER"],
            secrets=[secret(id="1e5", expires_at=days_ago(-3))],
        )
    )
    before = report(read)
    items = [item for row in before["findings"] for item in yaml.safe_load(row["exception"])]
    assert len(items) == len(before["findings"]) == 3
    document = report(read, exceptions=items)
    assert {row["rule"]: row["accepted"] is not None for row in document["findings"]} == {
        "org_owner": True,
        "secret_expires_soon": True,
        "wide_network": True,
    }


def test_fingerprints_are_stable_and_differ() -> None:
    read = of(
        account(access_list=[account_entry("20.0.0.0/8"), account_entry("21.0.0.0/8")]),
        SECOND,
        api_keys=[key(access_list=[key_entry("::/0")])],
    )
    first, second = report(read), report(read, policy={"rules": {"wide_network": "low"}})
    prints = [
        {(row["rule"], row["credential_id"], row["detail"]): row["fingerprint"] for row in each["findings"]}
        for each in (first, second)
    ]
    assert prints[0] == prints[1]
    assert len(set(prints[0].values())) == len(first["findings"])
    # A report that was written is compared with reports to come: the value must never change.
    assert prints[0]["org_owner", OTHER, None] == "18beee218afe06ef76d54c7a17b1e3ba"
