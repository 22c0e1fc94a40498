# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report as JUnit XML, so that CI systems show checks as tests.

A suite for each organization, and in it a test case for each rule: their names stay the same from run to run. A case
fails if a finding of the rule makes the job fail. It is skipped, with the reason, if the rule could not be checked, if
it had nothing to judge, or if all of its findings are accepted. Otherwise it passes, with the findings that do not make
the job fail as its output.

The first case of each suite is the organization itself: an error if it was not audited, skipped if it was partly
audited, and failed if the job fails because of what could not be checked.
"""

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ET

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    Document,
    FindingRow,
    NotCheckedRow,
    OrganizationRow,
    RuleRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import (
    not_checked_text,
    number,
    open_findings,
    state_text,
    why_not_checked,
)

_NAMELESS = "an organization"  # whose name and ID consist of characters that XML or a line must not contain
_EXCEPTIONS = "exceptions"

_Key = tuple[str, str]  # the ID of an organization, and of a rule


class _Outcomes(t.NamedTuple):
    """What each rule found, could not check again, and could not check at all, in each organization."""

    found: dict[_Key, list[FindingRow]]
    carried: dict[_Key, list[FindingRow]]
    not_checked: dict[_Key, list[NotCheckedRow]]


def render(document: Document) -> str:
    """Return the report as XML, declared as UTF-8."""
    outcomes = _Outcomes({}, {}, {})
    for group, rows in ((outcomes.found, document["findings"]), (outcomes.carried, document["carried"])):
        for finding in rows:
            group.setdefault((finding["org_id"], finding["rule"]), []).append(finding)
    for row in document["not_checked"]:
        outcomes.not_checked.setdefault((row["org_id"], row["rule"]), []).append(row)
    root = ET.Element("testsuites", {"name": "MongoDB Atlas access"})
    for organization in document["organizations"]:
        _organization(root, organization, document, outcomes)
    _exceptions(root, document, outcomes)
    for suite in root:
        _count(suite, ("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))
    _count(root, ("failures", "failure"), ("errors", "error"))  # the schema of Jenkins knows no `skipped` here
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _organization(root: ET.Element, organization: OrganizationRow, document: Document, outcomes: _Outcomes) -> None:
    name, org_id = one_line(organization["name"]), one_line(organization["id"])
    suite = _suite(root, name or org_id or _NAMELESS, document)
    classname = f"{name} ({org_id})" if name and org_id and name != org_id else name or org_id or _NAMELESS
    keys = [(organization["id"], rule["id"]) for rule in document["rules"]]
    _audited(suite, classname, organization, [row for key in keys for row in outcomes.not_checked.get(key, [])])
    for rule, key in zip(document["rules"], keys):
        if organization["state"] != NOT_AUDITED or any(key in group for group in outcomes):
            _case(suite, classname, rule, key, outcomes)


def _suite(root: ET.Element, name: str, document: Document) -> ET.Element:
    return ET.SubElement(root, "testsuite", {"name": name, "timestamp": document["generated_at"].rstrip("Z")})


def _audited(
    suite: ET.Element, classname: str, organization: OrganizationRow, not_checked: list[NotCheckedRow]
) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": classname, "name": "audited"})
    state, checks = state_text(organization), sum(row["checks"] for row in not_checked)
    message = f"{state}: {number(checks, 'check')} could not be made"
    if organization["state"] == NOT_AUDITED:
        message = one_line(f"{state}: {organization['error'] or 'the reason is not known'}")
        ET.SubElement(case, "error", {"message": message, "type": organization["state"]})
    elif any(row["fails_gate"] for row in not_checked):
        failure = ET.SubElement(case, "failure", {"message": message, "type": organization["state"]})
        failure.text = _reasons([row for row in not_checked if row["fails_gate"]])
    elif organization["state"] != AUDITED:
        ET.SubElement(case, "skipped", {"message": message, "type": organization["state"]})


def _exceptions(root: ET.Element, document: Document, outcomes: _Outcomes) -> None:
    """Add the findings about exceptions that belong to no organization."""
    rules = [rule for rule in document["rules"] if any(("", rule["id"]) in group for group in outcomes)]
    if rules:
        suite = _suite(root, _EXCEPTIONS, document)
        for rule in rules:
            _case(suite, _EXCEPTIONS, rule, ("", rule["id"]), outcomes)


def _case(suite: ET.Element, classname: str, rule: RuleRow, key: _Key, outcomes: _Outcomes) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": classname, "name": rule["id"]})
    found, carried = outcomes.found.get(key, []), outcomes.carried.get(key, [])
    not_checked = outcomes.not_checked.get(key, [])
    failing = [finding for finding in (*found, *carried) if finding["fails_gate"]]
    lines = "\n".join([*map(_line, found), *(f"not checked again: {_line(finding)}" for finding in carried)])
    if failing:
        message = f"{rule['severity']}: {rule['title']}, {number(len(failing), 'finding')}"
        failure = ET.SubElement(case, "failure", {"message": message, "type": rule["severity"]})
        reasons = f"\n\n{_reasons(not_checked)}" if not_checked else ""
        failure.text = f"{lines}{reasons}\n\n{rule['meaning']}\n{rule['remediation']}"
        return
    if not_checked:
        ET.SubElement(case, "skipped", {"message": _reasons(not_checked, "; "), "type": "not_checked"})
    elif carried:
        message = f"{number(len(carried), 'finding')} of the baseline could not be checked again"
        ET.SubElement(case, "skipped", {"message": message, "type": "not_checked"})
    elif found and not open_findings(found):
        ET.SubElement(case, "skipped", {"message": f"{number(len(found), 'finding')} accepted", "type": "accepted"})
    elif not found and not rule["applied"]:
        ET.SubElement(case, "skipped", {"message": "there was nothing to judge", "type": "not_applied"})
    if lines:
        ET.SubElement(case, "system-out").text = lines


def _reasons(rows: list[NotCheckedRow], separator: str = "\n") -> str:
    reasons = (one_line(f"not checked, {not_checked_text(row)}: {why_not_checked(row)}") for row in rows)
    return separator.join(dict.fromkeys(reasons))


def _line(finding: FindingRow) -> str:
    accepted = finding["accepted"]
    marks = f" (accepted until {accepted['until']}: {accepted['reason']})" if accepted else ""
    marks += f" ({finding['status']})" if finding["status"] else ""
    identifier = f" [{finding['credential_id']}]" if finding["credential_id"] else ""
    return one_line(f"{finding['severity']}: {finding['subject']}{identifier}: {finding['evidence']}{marks}")


def _count(element: ET.Element, *counts: tuple[str, str]) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    for attribute, tag in counts:
        element.set(attribute, str(len(list(element.iter(tag)))))
