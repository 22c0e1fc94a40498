# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each format says of each rule where it finds something, nearly finds something, and cannot be checked.

The table is derived from the data set of the rules (cases.py), so a new rule is in it. No cell may contradict another.
"""

from __future__ import annotations

import csv
import functools
import html
import io
import json
import re
import typing as t
import xml.etree.ElementTree as ET

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import FORMATS, render
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.gate import Gate
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import BY_ID, RULES
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.cases import (
    FOUND,
    NEAR_MISS,
    report,
)
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    ORG_ID,
    account,
    account_entry,
    audited,
    key,
    organization,
)


class Cell(t.NamedTuple):
    """What a format says of a rule. Neither means that the rule was checked and found nothing."""

    found: bool
    not_checked: bool


FOUND_SOMETHING, FOUND_NOTHING, NOT_CHECKED = Cell(True, False), Cell(False, False), Cell(False, True)

Reader = t.Callable[[str, str], Cell]  # from the text of the format and the ID of the rule


def _json(text: str, rule: str) -> Cell:
    document = json.loads(text)
    return Cell(*(any(row["rule"] == rule for row in document[name]) for name in ("findings", "not_checked")))


def _csv(text: str, rule: str) -> Cell:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    outcomes = {row["outcome"] for row in rows if row["rule"] == rule}
    assert outcomes <= {"found", "not checked"}
    return Cell("found" in outcomes, "not checked" in outcomes)


def _csv_credentials(text: str, rule: str) -> Cell:
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    return Cell(*(any(rule in row[name].split(", ") for row in rows) for name in ("findings", "not_checked")))


def _markdown(text: str, rule: str) -> Cell:
    found, not_checked = (
        text.partition(f"## {title}\n")[2].partition("\n## ")[0]
        for title in ("Findings", "Checks that could not be made")
    )
    return Cell(f"| `{rule}` |" in found, f"| `{rule}` |" in not_checked)


def _screen(text: str, rule: str) -> Cell:
    rows = re.findall(
        rf"^(?:critical|high|medium|low|info) +{rule} +([\d,-]+)(?: +[\d,]+)? +([\d,]+)  ", text, re.MULTILINE
    )
    if not rows:
        return FOUND_NOTHING
    ((findings, not_checked),) = rows
    return Cell(findings not in ("0", "-"), not_checked != "0")


def _junit(text: str, rule: str) -> Cell:
    (case,) = (case for case in ET.fromstring(text).iter("testcase") if case.get("name") == rule)
    skipped = case.find("skipped")
    found = case.find("failure") is not None or case.find("system-out") is not None
    not_checked = "not checked, " in (case.findtext("failure") or "")
    return Cell(found, not_checked or (skipped is not None and skipped.get("type") == "not_checked"))


def _ocsf(text: str, rule: str) -> Cell:
    events = map(json.loads, text.splitlines())
    statuses = {event["compliance"]["status"] for event in events if event["compliance"]["control"] == rule}
    assert "Pass" not in statuses or statuses == {"Pass"}  # none at all of a rule that has nothing to judge
    return Cell("Fail" in statuses, "Warning" in statuses)


def _html(text: str, rule: str) -> Cell:
    title = html.escape(BY_ID[rule].title, quote=True)
    found = re.findall(rf'<th role="rowheader" scope="row">{re.escape(title)}\n', text)
    section = text.partition('id="not-checked-table"')[2].partition("</table>")[0]
    checks = re.findall('data-label="Checks">(.*?)</td>', section, re.DOTALL)
    not_checked = any(title in each.split("; ") for each in checks)
    quiet = text.partition("checked everywhere and found nothing: ")[2].partition(".</p>")[0].split("; ")
    cell = Cell(bool(found), not_checked)
    idle = text.partition("there was nothing to judge: ")[2].partition(".</p>")[0].split("; ")
    assert (title in quiet or title in idle) == (cell == FOUND_NOTHING)
    return cell


READERS: dict[str, Reader] = {
    "json": _json,
    "html": _html,
    "text": _screen,
    "junit": _junit,
    "csv_findings": _csv,
    "csv_credentials": _csv_credentials,
    "ocsf": _ocsf,
    "markdown": _markdown,
}
# Rules with a check; those of exceptions are findings of the audit itself.
CHECKED = [rule.id for rule in RULES if rule.check_credential or rule.check_organization]
OF_CREDENTIALS = {rule.id for rule in RULES if rule.check_credential}
GATE = Gate(fail_on="info", fail_on_not_checked=True)


@functools.cache
def not_checked_in() -> dict[str, Document]:
    """Return for each rule a report in which it could not be checked, and found nothing."""
    before = audited(organization())
    unread = [
        {"org_id": ORG_ID, "name": "Acme", "error": "401"},
        organization(api_keys=None, service_accounts=None, settings=None, events=None, projects=None),
        organization(api_keys=[key(access_list=None, roles=None)], settings=None),
        organization(service_accounts=[account(access_list=None, roles=None, secrets=None)]),
    ]
    reports = [audited(each, gate=GATE, baseline=before) for each in unread]
    found: dict[str, Document] = {}
    for document in reports:
        rules = {row["rule"] for row in document["not_checked"]} - {row["rule"] for row in document["findings"]}
        for rule in rules:
            found.setdefault(rule, document)
    return found


def cells(document: Document, rule: str) -> dict[str, Cell]:
    """Return what each format says of the rule. The table of credentials shows the rules of credentials only."""
    return {
        name: read(render(document, name), rule)
        for name, read in READERS.items()
        if name != "csv_credentials" or (rule in OF_CREDENTIALS and document["credentials"])
    }


def test_every_format_is_in_the_table() -> None:
    assert set(READERS) == set(FORMATS) - {"csv_organizations"}  # which shows no rules


@pytest.mark.parametrize("rule", CHECKED)
def test_what_is_found_is_found_in_every_format(rule: str) -> None:
    document = report(FOUND[rule][0], gate=GATE)
    said = cells(document, rule)
    of_organizations = {row["credential_id"] is None for row in document["findings"] if row["rule"] == rule} == {True}
    if of_organizations:
        said.pop("csv_credentials", None)
    assert {cell.found for cell in said.values()} == {True}, said
    assert set(said.values()) == {said["json"]}, said


@pytest.mark.parametrize("rule", CHECKED)
def test_a_near_miss_is_found_in_no_format(rule: str) -> None:
    said = cells(report(NEAR_MISS[rule][0], gate=GATE), rule)
    assert {cell.found for cell in said.values()} == {False}, said
    assert set(said.values()) == {said["json"]}


@pytest.mark.parametrize("rule", CHECKED)
def test_what_could_not_be_checked_is_neither_found_nor_not_found_in_any_format(rule: str) -> None:
    reports = not_checked_in()
    if rule not in reports:
        assert not BY_ID[rule].needs, "there is no report in which the rule could not be checked"
        pytest.skip("the rule needs nothing that could be missing")
    said = cells(reports[rule], rule)
    assert set(said.values()) == {NOT_CHECKED}, said


PARTLY = {
    "json": lambda text: json.loads(text)["organizations"][0]["state"] == "partly_audited",
    "html": lambda text: "1 organization of 1 was partly audited." in text and "Partly audited</strong>" in text,
    "text": lambda text: re.search("^partly audited +Acme", text, re.MULTILINE) is not None,
    "junit": lambda text: 'message="partly audited: ' in text,
    "csv_findings": lambda text: '"partly audited"' in text,
    "csv_credentials": lambda text: '"partly audited"' in text,
    "csv_organizations": lambda text: '"partly audited","Acme"' in text,
    "ocsf": lambda text: '"title":"Organization partly audited"' in text,
    "markdown": lambda text: "| Acme | **partly audited**" in text,
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("fails", [True, False], ids=["red", "green"])
def test_the_reader_that_may_not_read_access_lists_audits_partly(name: str, fails: bool) -> None:
    # Organization Read Only may not read the access list of an API key, which may be 0.0.0.0/0.
    gate = Gate(fail_on="high", fail_on_not_checked=fails)
    document = audited(organization(api_keys=[key(access_list=None)]), gate=gate)
    assert document["gate"]["failed"] == fails
    text = render(document, name)
    assert PARTLY[name](text), text
    assert "all audited" not in text
    if name in ("html", "text", "markdown"):
        assert "could not be made, 1 of them of critical or high severity." in " ".join(text.split())


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_access_list_is_found_if_it_is_read(name: str) -> None:
    document = audited(organization(service_accounts=[account(access_list=[account_entry("0.0.0.0/0")])]))
    assert not PARTLY[name](render(document, name))
