# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report as JUnit XML, so that CI systems show findings as tests.

A suite for each organization, and in it a test case for each rule: their names stay the same from run to run. A case
fails if the rule has found something, is skipped if all of that is accepted, and passes with its output if it is only
information. An organization that was not audited is an error.
"""

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ET

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    Document,
    FindingRow,
    OrganizationRow,
    RuleRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import not_accepted, number

_INFORMATION = "info"
_NAMELESS = "an organization"  # whose name and ID have only characters that XML or a line must not have


def render(document: Document) -> str:
    """The report as XML, declared as UTF-8."""
    findings: dict[tuple[str, str], list[FindingRow]] = {}
    for finding in document["findings"]:
        findings.setdefault((finding["org_id"], finding["rule"]), []).append(finding)
    root = ET.Element("testsuites", {"name": "MongoDB Atlas access"})
    for organization in document["organizations"]:
        name = one_line(organization["name"]) or one_line(organization["id"]) or _NAMELESS
        suite = _suite(root, name, document)
        _audited(suite, name, organization)
        for rule in document["rules"]:
            found = findings.get((organization["id"], rule["id"]), [])
            if organization["state"] != "not_audited" or found:
                _case(suite, name, rule, found)
    _exceptions(root, document, findings)
    for suite in root:
        _count(suite)
    _count(root)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, name: str, document: Document) -> ET.Element:
    return ET.SubElement(root, "testsuite", {"name": name, "timestamp": document["generated_at"].rstrip("Z")})


def _audited(suite: ET.Element, name: str, organization: OrganizationRow) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": name, "name": "audited"})
    if organization["state"] == "not_audited":
        ET.SubElement(case, "error", {"message": one_line(organization["error"] or ""), "type": "not_audited"})


def _exceptions(root: ET.Element, document: Document, findings: t.Mapping[tuple[str, str], list[FindingRow]]) -> None:
    """Findings about exceptions that belong to no organization."""
    rows = [(rule, findings["", rule["id"]]) for rule in document["rules"] if ("", rule["id"]) in findings]
    if rows:
        suite = _suite(root, "exceptions", document)
        for rule, found in rows:
            _case(suite, "exceptions", rule, found)


def _case(suite: ET.Element, classname: str, rule: RuleRow, found: list[FindingRow]) -> None:
    case = ET.SubElement(suite, "testcase", {"classname": classname, "name": rule["id"]})
    counted = not_accepted(found)
    lines = "\n".join(_line(finding) for finding in found)
    if not found:
        return
    if not counted:
        ET.SubElement(case, "skipped", {"message": f"{number(len(found), 'finding')} accepted"})
    elif rule["severity"] != _INFORMATION:
        message = f"{rule['severity']}: {rule['title']}, {number(len(counted), 'finding')}"
        failure = ET.SubElement(case, "failure", {"message": message, "type": rule["severity"]})
        failure.text = f"{lines}\n\n{rule['meaning']}\n{rule['remediation']}"
        return
    ET.SubElement(case, "system-out").text = lines


def _line(finding: FindingRow) -> str:
    accepted = finding["accepted"]
    marks = f" (accepted until {accepted['until']}: {accepted['reason']})" if accepted else ""
    marks += f" ({finding['status']})" if finding["status"] else ""
    return one_line(f"{finding['subject']}: {finding['evidence']}{marks}")


def _count(element: ET.Element) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(attribute, str(len(list(element.iter(tag)))))
