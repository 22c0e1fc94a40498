# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report as text: what needs no browser."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import pathlib
import re
import typing as t

import jsonschema
import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit import document as contract
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.html import page as html_report
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.cases import FOUND, NEAR_MISS
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import audited
from audit_documents import (
    LEAST_PRIVILEGE,
    NOW,
    credential,
    document,
    entry,
    failed_organization,
    finding,
    identifier,
    not_checked,
    organization,
    part,
    sample,
)
from chromium import find_browser


def text_of(page: str) -> str:
    """The text without tags, script and style, with single spaces."""
    page = re.sub(r"(?s)<(script|style)>.*?</\1>", "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def detail_of(page: str, number: int = 0) -> str:
    """The text of the details of a credential."""
    (found,) = re.findall(rf'(?s)<tr role="row" class="detail" id="c{number}">.*?</tr>', page)
    return text_of(found)


def test_the_documents_of_these_tests_are_such_as_the_audit_makes() -> None:
    schema = json.loads(pathlib.Path(contract.__file__).with_name("report.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(sample(6, 60), schema)


def test_a_missing_browser_is_said_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/does/not/exist")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no /does/not/exist. Debian: apt-get install chromium"):
        find_browser()


def test_the_policy_allows_exactly_the_scripts_and_the_style_of_the_report() -> None:
    page = html_report.render(sample(2, 3))
    (policy,) = re.findall('Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; ")
    for tag, count in (("script", 2), ("style", 1)):
        texts = re.findall(rf"(?s)<{tag}>(.*?)</{tag}>", page)
        hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
        assert len(texts) == count
        assert f"{tag}-src " + " ".join(f"'sha256-{each}'" for each in hashes) in policy


def test_nothing_outside_is_referred_to() -> None:
    page = html_report.render(sample(2, 3))
    assert (
        re.findall(r"(?i)https?:|url\(|@import|\bsrc=|srcset|style=", page.replace("www.gnu.org", "")) == ["https:"] * 2
    )
    assert all(link.startswith("#") for link in re.findall('href="([^"]*)"', page))


def test_the_order_is_that_of_the_document() -> None:
    made = sample(6, 60)
    page = html_report.render(made)
    listed = re.findall('class="credential.*?<dt>ID</dt><dd><code>(.*?)</code>', page, re.DOTALL)
    assert listed == [row["id"] for row in made["credentials"]]
    organizations = re.findall(
        'class="(?:not-audited|partly-audited|audited)">.*?<code class="quiet">(.*?)<', page, re.S
    )
    assert organizations == [row["id"] for row in made["organizations"]]


def test_the_worst_comes_first_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "MAX_CREDENTIALS", 2)
    owner = organization(1)
    made = [credential(number, owner) for number in range(4)]
    findings = [
        finding("usage_unknown", owner, made[0]),
        finding("unused", owner, made[1]),
        finding("open_to_internet", owner, made[2]),
    ]
    page = html_report.render(document([owner], made, findings))
    listed = re.findall('<tbody role="rowgroup" class="credential.*?data-severity="([^"]*)"', page)
    assert listed == ["critical", "medium"]
    said = text_of(page)
    assert "This page lists the 2 worst of 4 credentials. The CSV and JSON reports list all of them." in said
    assert "The worst finding among those that are not listed here: info." in said


def test_credentials_with_very_much_to_show_do_not_make_the_file_too_large() -> None:
    owner = organization(1)
    entries = [entry("W" * 2_000) for _number in range(500)]
    projects = [{"id": "W" * 2_000, "name": "W" * 2_000, "roles": ["W" * 2_000]} for _number in range(500)]
    made = [credential(number, owner, access_list=entries, projects=projects) for number in range(200)]
    page = html_report.render(document([owner], made, []))
    assert 15_000_000 < len(page.encode()) < 30_000_000
    assert "worst of 200 credentials" in text_of(page)
    assert "475 more in the JSON report." in text_of(page)


def test_a_long_list_of_findings_says_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "MAX_LISTED", 1)
    owner = organization(1)
    about = credential(1, owner)
    findings = [finding("old", owner, each, evidence=f"Seen {n}.") for n in range(3) for each in (about, None)]
    page = html_report.render(document([owner], [about], findings))
    assert text_of(page).count("2 more findings in the JSON report.") == 2


def test_many_failed_organizations_do_not_hide_the_others_in_the_picture() -> None:
    failed = [failed_organization(number, name=f"failed {number}") for number in range(20)]
    good = [organization(number, name=f"read {number}") for number in range(20, 40)]
    page = html_report.render(document([*failed, *good], [], []))
    labels = re.findall(r'<text x="0" y="\d+">((?:failed|read) \d+)</text>', page)
    assert [label.split()[0] for label in labels] == ["failed"] * 5 + ["read"] * 5
    assert "30 more in the table of organizations." in text_of(page)


def test_a_picture_is_ordered_by_what_it_prints_and_leaves_information_out() -> None:
    few, many = organization(1, name="few"), organization(2, name="many")
    about = [credential(number, owner) for number, owner in enumerate([few, many, many, many])]
    findings = [
        finding("open_to_internet", few, about[0]),
        *(finding("usage_unknown", few, about[0]) for _n in range(9)),
    ]
    findings += [finding("unused", many, each) for each in about[1:]]
    page = html_report.render(document([few, many], about, findings))
    printed = re.findall(r'<text x="0" y="\d+">(few|many)</text><text[^>]*>(\d+)</text>', page)
    assert printed == [("many", "3"), ("few", "1")]
    assert 'class="fill-info"' not in page.partition("</svg>")[0]
    assert "Information is not counted." in text_of(page)


@pytest.mark.parametrize(
    ("unread", "expected"),
    [
        (
            [{"api_keys": None}],
            "Credentials by last use The API keys of 1 organization were not read. There is nothing to show.",
        ),
        (
            [{"service_accounts": None}],
            "expiry The service accounts of 1 organization were not read. There is nothing to show.",
        ),
        ([{}], "Credentials by last use There are no credentials. Service account secrets by expiry There are no"),
    ],
)
def test_a_picture_of_data_that_was_not_read_says_so(unread: list[dict[str, t.Any]], expected: str) -> None:
    owners = [organization(number, **values) for number, values in enumerate(unread)]
    assert expected in text_of(html_report.render(document(owners, [], [])))


def test_counts_of_lists_that_were_not_read_are_no_zeros() -> None:
    partly = organization(1, name="Partly", state="partly_audited", api_keys=None, unread=[part("api_keys")])
    failed = failed_organization(2, name="Failed")
    made = document(
        [partly, failed], [], [], unmade=[not_checked("org_owner", partly), not_checked("org_owner", failed)]
    )
    said = text_of(html_report.render(made))
    assert f"Partly {partly['id']} Partly audited not read 0 0 0 0 0 0 1 API keys: Atlas denied access." in said
    assert f"Failed {failed['id']} Not audited not read not read - - - - - 1" in said
    assert "2 Organizations 1 partly audited, 1 not audited" in said
    assert "- Credentials API keys not read and 0 service accounts (not read in 1 organization)" in said
    assert "2 Checks not made of" in said


def test_a_report_of_nothing_does_not_say_that_there_is_nothing() -> None:
    said = text_of(html_report.render(document([failed_organization(1)], [], [])))
    assert "No organization was audited." in said
    assert "- Critical not checked - High not checked" in said
    assert "- Credentials API keys not read and service accounts not read" in said


def test_checks_that_could_not_be_made_are_listed_with_reason_and_remediation() -> None:
    owner = organization(1, name="Acme", state="partly_audited")
    about = [credential(number, owner) for number in range(3)]
    unmade = [not_checked("open_to_internet", owner, *about), not_checked("unused", owner, *about)]
    made = document([owner], about, [finding("old", owner, about[0])], unmade=unmade)
    said = text_of(html_report.render(made))
    assert (
        "Critical Acme 3 API keys Open to the internet; Unused The reader may not read the access list."
        " Missing role: Organization Owner. Give the reader the role." in said
    )
    assert "Rules that found nothing, but were not checked everywhere: Open to the internet; Unused." in said
    quiet = said.partition("Rules that were checked everywhere and found nothing: ")[2].partition(".")[0]
    assert quiet.split("; ")[:2] == ["Organization Owner", "Access list not required"]
    assert "1 high" not in said
    assert "Not checked Open to the internet; Unused." in detail_of(html_report.render(made), 2)
    assert "No finding in what could be checked." in detail_of(html_report.render(made), 2)


def test_a_finding_shows_its_age_fingerprint_task_and_exception() -> None:
    owner = organization(1)
    about = credential(1, owner)
    found = finding("org_owner", owner, about, task="- name: <Solve>\n  x:\n", exception="- rule: org_owner\n")
    page = html_report.render(document([owner], [about], [found]))
    assert f"First seen 2026-11-22 3 days ago . Fingerprint: {found['fingerprint']}" in detail_of(page)
    assert "<pre><code>- name: &lt;Solve&gt;\n  x:\n</code></pre>" in page
    assert "<pre><code>- rule: org_owner\n</code></pre>" in page


def test_controls_are_shown_as_orientation() -> None:
    owner = organization(1)
    about = credential(1, owner)
    page = html_report.render(document([owner], [about], [finding("org_owner", owner, about)]))
    assert "{framework}: {id} {title}".format(**LEAST_PRIVILEGE) in text_of(page)
    assert "The controls are for orientation. They do not certify compliance" in text_of(page)
    assert 'data-control="NIST_SP_800-53_rev._5:AC-6"' in page


def test_the_credential_that_the_audit_used_is_marked() -> None:
    owner = organization(1)
    made = [credential(1, owner, is_caller=True), credential(2, owner)]
    page = html_report.render(document([owner], made, []))
    assert text_of(page).count("Used for this audit") == 1


def test_why_the_job_failed_is_said() -> None:
    made = document([organization(1)], [], [])
    made["gate"].update(failed=True, message="2 critical findings.")
    assert "The job failed: 2 critical findings." in text_of(html_report.render(made))


def test_what_is_not_known_is_never_empty_or_good() -> None:
    owner = organization(1, settings=None, state="partly_audited")
    nothing = dict.fromkeys(
        ("public_key", "created_at", "created_by", "projects", "access_list", "addresses", "last_used_at", "secrets")
    )
    about = credential(1, owner, kind="service_account", reach="unknown", usage="unknown", **nothing, unknown=["age"])
    unmade = [not_checked("old", owner, about)]
    page = html_report.render(document([owner], [about], [], unmade=unmade))
    said = detail_of(page)
    for name in ("Created unknown , by unknown", "Reach unknown", "Projects unknown", "Access list unknown"):
        assert name in said
    assert said.endswith("Secrets unknown Not determined Age")
    assert "No finding in what could be checked." in said
    assert "Settings: not read" in text_of(page)


def test_what_is_known_to_be_empty_is_not_unknown() -> None:
    owner = organization(1)
    about = credential(1, owner, kind="service_account", secrets=[], org_roles=[], usage="unused", last_used_at=None)
    page = html_report.render(document([owner], [about], []))
    said = detail_of(page)
    assert "unknown" not in said
    assert "Organization roles none Projects None. Access list No entries. Secrets None." in said
    assert "No use recorded" in text_of(page)


@pytest.mark.parametrize(
    ("addresses", "shown"),
    [
        (1, "1 address"),
        (65_536, "65,536 addresses"),
        (1 << 32, "2 32 addresses"),
        ((1 << 96) + 1, "more than 2 96 addresses"),
        (None, "Listed addresses, number unknown"),
    ],
)
def test_a_number_of_addresses_can_be_read(addresses: int | None, shown: str) -> None:
    owner = organization(1)
    about = credential(1, owner, reach="listed", addresses=addresses)
    assert f"Reach {shown} Organization roles" in detail_of(html_report.render(document([owner], [about], [])))


OK, FAILED, PARTLY = "audited", "not_audited", "partly_audited"


@pytest.mark.parametrize(
    ("states", "rules", "expected"),
    [
        ([OK], ["open_to_internet", "org_owner", "org_owner"], "1 critical and 2 high findings."),
        ([OK], ["org_owner"], "1 high finding."),
        ([OK], ["unused", "old"], "No critical or high findings. 2 other findings."),
        ([OK], [], "No findings."),
        ([OK, FAILED], [], "No findings in what could be checked. 1 organization was not audited."),
        (
            [PARTLY, OK],
            ["unused"],
            "No critical or high findings in what could be checked. 1 other finding. 1 check could not be made, 1 of",
        ),
        ([PARTLY], ["org_owner"], "1 high finding. 1 check could not be made,"),
        ([FAILED], [], "No organization was audited."),
        ([], [], "No organization was audited."),
    ],
)
def test_the_headline_never_says_more_than_is_known(states: list[str], rules: list[str], expected: str) -> None:
    owners = [
        failed_organization(number, "403") if state == FAILED else organization(number, state=state)
        for number, state in enumerate(states)
    ]
    made = [credential(1, owners[0])] if owners else []
    unmade = [not_checked("open_to_internet", owner) for owner in owners if owner["state"] == PARTLY]
    found = [finding(rule, owners[0], made[0]) for rule in rules]
    page = html_report.render(document(owners, made, found, unmade=unmade))
    (headline,) = re.findall(r'(?s)<div class="verdict .*?">(.*?)</p>', page)
    assert text_of(headline).startswith(expected)
    assert (" not audited." in text_of(page)) == (FAILED in states)
    assert ("partly audited." in text_of(page)) == (PARTLY in states)


def test_an_accepted_finding_is_marked_and_not_counted() -> None:
    owner = organization(1)
    about = credential(1, owner)
    accepted = {"reason": "Ticket SEC-1.", "until": "2027-01-31"}
    page = html_report.render(document([owner], [about], [finding("org_owner", owner, about, accepted=accepted)]))
    assert "No findings." in text_of(page)
    assert "Organization Owner Accepted" in detail_of(page)
    assert "Accepted until 2027-01-31: Ticket SEC-1." in detail_of(page)


def test_findings_that_belong_to_nothing_in_the_report_are_shown() -> None:
    owner = organization(1)
    evidence = f"The exception for {identifier(7)} matches nothing."
    page = html_report.render(document([owner], [], [finding("exception_unmatched", None, evidence=evidence)]))
    assert f"Other findings Low Exception matches nothing exceptions {evidence}" in text_of(page)


def test_organizations_that_failed_before_their_id_was_known_keep_their_own_findings() -> None:
    owners = [failed_organization(n, id="", name=name) for n, name in enumerate("ab")]
    findings = [finding("not_readable", owner, evidence=f"Not audited: {owner['name']}.") for owner in owners]
    page = html_report.render(document(owners, [], findings))
    rows = re.findall('(?s)<tbody role="rowgroup" class="not-audited">(.*?)</tbody>', page)
    assert [re.findall(r"Not audited: .\.", row) for row in rows] == [["Not audited: a."], ["Not audited: b."]]


def test_a_baseline_shows_what_is_new_resolved_and_could_not_be_checked() -> None:
    owner = organization(1)
    about = credential(1, owner)
    old = finding("old", owner, about, evidence="It was old.")
    unread = finding("unused", owner, about, evidence="It was unused.")
    new = finding("org_owner", owner, about, status="new")
    page = html_report.render(document([owner], [about], [new], baseline=True, resolved=[old], carried=[unread]))
    said = text_of(page)
    assert "1 New since baseline 0 known, 1 resolved, 1 could not be checked again" in said
    assert re.search("Resolved findings The baseline contained these.*It was old", said)
    assert re.search("Findings not checked again The baseline contained these.*It was unused", said)
    assert "Organization Owner New" in detail_of(page)


def test_a_report_of_the_audit_shows_all_of_its_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_report, "MAX_LISTED", 1_000)
    tables = [case for table in (FOUND, NEAR_MISS) for cases in table.values() for case in cases]
    made = audited(*({**case.organization, "org_id": f"{place:024x}"} for place, case in enumerate(tables)))
    page = text_of(html_report.render(made))
    for each in made["findings"]:
        assert f"{each['title']} {' '.join(each['evidence'].split())} What to do: {each['remediation']}" in page
    for rule in made["rules"]:
        assert rule["meaning"] in page or rule["id"] not in {each["rule"] for each in made["findings"]}


def test_half_a_surrogate_pair_can_be_written() -> None:
    owner = organization(1, name="a\ud800b")
    assert "a[U+D800]b" in html_report.render(document([owner], [], [])).encode("utf-8").decode("utf-8")


def test_a_document_without_time_is_an_error() -> None:
    made: dict[str, t.Any] = {**sample(2, 1), "generated_at": "yesterday"}
    with pytest.raises(AuditError, match="generated_at in the report must be an ISO 8601 time, and is 'yesterday'."):
        html_report.render(made)


def test_the_age_of_a_date_is_counted_from_the_time_of_the_report() -> None:
    owner = organization(1)
    about = credential(
        1, owner, created_at=None, known_since="2026-11-15T23:00:00Z", last_used_at="2026-11-25T01:00:00Z"
    )
    page = text_of(html_report.render(document([owner], [about], [])))
    assert NOW.date().isoformat() == "2026-11-25"
    assert "2026-11-25 today 2026-11-15 10 days ago or earlier" in page
