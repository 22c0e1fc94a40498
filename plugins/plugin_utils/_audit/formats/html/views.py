# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What the HTML report shows, taken from the report document in its order: groups and counts. No HTML is made here."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    ControlRow,
    CredentialRow,
    Document,
    FindingRow,
    NotCheckedRow,
    OrganizationRow,
    RuleRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import (
    not_checked_text,
    open_findings,
    organization_names,
    why_not_checked,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open

# Of a credential: the IDs of its organization and its own. Of an organization: its ID, or its name if it failed before
# its ID was known, and None.
Key = tuple[str, t.Optional[str]]


class CredentialView(t.NamedTuple):
    """A row of the table of credentials. SCORE is higher for a worse one."""

    number: int
    score: int
    credential: CredentialRow
    findings: list[FindingRow]
    severities: list[str]
    rules: list[str]
    controls: list[str]
    statuses: list[str]


class OrganizationView(t.NamedTuple):
    """A row of the table of organizations. FINDINGS are those about the organization itself."""

    organization: OrganizationRow
    findings: list[FindingRow]


class RuleView(t.NamedTuple):
    """A rule with open findings: how many of them are new, and where they are."""

    rule: RuleRow
    new: int
    credentials: int
    organizations: int
    controls: list[str]


class NotCheckedView(t.NamedTuple):
    """Checks of one or several rules that could not be made for one reason."""

    severity: str
    titles: list[str]
    organization: str
    subject: str
    why: str
    remediation: str
    fails_gate: bool


def group(findings: t.Iterable[FindingRow]) -> dict[Key, list[FindingRow]]:
    """Return the findings of each credential, and of each organization itself, in their order."""
    groups: dict[Key, list[FindingRow]] = collections.defaultdict(list)
    for finding in findings:
        groups[_key(finding)].append(finding)
    return dict(groups)


def _key(finding: FindingRow) -> Key:
    if finding["credential_id"] is None:
        return finding["org_id"] or finding["subject"], None
    return finding["org_id"], finding["credential_id"]


def _organization_key(organization: OrganizationRow) -> Key:
    return organization["id"] or organization["name"], None


def control_id(control: ControlRow) -> str:
    """Return a control as the value of a filter: without spaces."""
    return f"{control['framework']}:{control['id']}".replace(" ", "_")


def control_choices(rules: t.Iterable[RuleRow]) -> list[tuple[str, str]]:
    """Return the controls of the rules, each once, with their texts."""
    controls = {
        control_id(control): f"{control['framework']}: {control['id']} {control['title']}"
        for rule in rules
        for control in rule["controls"]
    }
    return sorted(controls.items(), key=lambda item: item[1])


def credential_rows(document: Document, groups: dict[Key, list[FindingRow]], limit: int) -> list[CredentialView]:
    """Return the first credentials of the report, which are the worst, with their findings."""
    controls = {rule["id"]: [control_id(control) for control in rule["controls"]] for rule in document["rules"]}
    count = len(document["credentials"])
    return [
        _credential_row(number, count - number, row, groups.get((row["org_id"], row["id"]), []), controls)
        for number, row in enumerate(document["credentials"][:limit])
    ]


def _credential_row(
    number: int, score: int, credential: CredentialRow, findings: list[FindingRow], controls: dict[str, list[str]]
) -> CredentialView:
    statuses = {(finding["status"] or "") if is_open(finding) else "accepted" for finding in findings}
    if credential["not_checked"]:
        statuses.add("not_checked")
    rules = {finding["rule"] for finding in findings}
    return CredentialView(
        number=number,
        score=score,
        credential=credential,
        findings=findings,
        severities=[severity for severity in SEVERITIES if credential["findings"][severity]],
        rules=sorted(rules),
        controls=sorted({control for rule in rules for control in controls.get(rule, [])}),
        statuses=sorted(statuses - {""}),
    )


def organization_rows(document: Document, groups: dict[Key, list[FindingRow]]) -> list[OrganizationView]:
    """Return the organizations with the findings about themselves."""
    return [OrganizationView(row, groups.get(_organization_key(row), [])) for row in document["organizations"]]


def rule_rows(document: Document) -> list[RuleView]:
    """Return the rules with open findings."""
    by_rule: dict[str, list[FindingRow]] = collections.defaultdict(list)
    for finding in open_findings(document["findings"]):
        by_rule[finding["rule"]].append(finding)
    return [_rule_row(rule, by_rule[rule["id"]]) for rule in document["rules"] if rule["findings"]]


def _rule_row(rule: RuleRow, findings: list[FindingRow]) -> RuleView:
    return RuleView(
        rule=rule,
        new=sum(finding["status"] == "new" for finding in findings),
        credentials=len({_key(finding) for finding in findings if finding["credential_id"]}),
        organizations=len({finding["org_id"] for finding in findings if finding["org_id"]}),
        controls=[control_id(control) for control in rule["controls"]],
    )


def not_checked_rows(document: Document) -> list[NotCheckedView]:
    """Return the checks that could not be made: one row for all rules with the same subject and reason."""
    names = organization_names(document)
    rows: dict[tuple[t.Any, ...], list[NotCheckedRow]] = collections.defaultdict(list)
    for row in document["not_checked"]:
        subject = row["org_id"], not_checked_text(row), tuple(row["credential_ids"])
        key = (*subject, why_not_checked(row), row["remediation"])
        rows[key].append(row)
    return [
        NotCheckedView(
            severity=same[0]["severity"],
            titles=[row["title"] for row in same],
            organization=names.get(same[0]["org_id"]) or same[0]["org_id"],
            subject=not_checked_text(same[0]),
            why=why_not_checked(same[0]),
            remediation=same[0]["remediation"],
            fails_gate=any(row["fails_gate"] for row in same),
        )
        for same in rows.values()
    ]


def elsewhere(document: Document, findings: list[FindingRow]) -> list[FindingRow]:
    """Return findings about nothing that the report lists, such as exceptions that match nothing."""
    listed = {_organization_key(organization) for organization in document["organizations"]}
    listed |= {(credential["org_id"], credential["id"]) for credential in document["credentials"]}
    return [finding for finding in findings if _key(finding) not in listed]
