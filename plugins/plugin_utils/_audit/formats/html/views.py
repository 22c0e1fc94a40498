# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What the HTML report shows, computed from the report document: order, groups and counts. No HTML is made here."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    CredentialRow,
    Document,
    FindingRow,
    OrganizationRow,
    RuleRow,
    Summary,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import number
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import RANK, is_open

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
    statuses: list[str]


class OrganizationView(t.NamedTuple):
    """A row of the table of organizations. FINDINGS are those about the organization itself."""

    organization: OrganizationRow
    findings: list[FindingRow]


class RuleView(t.NamedTuple):
    """A rule that found something, with its findings that were not accepted."""

    rule: RuleRow
    findings: list[FindingRow]
    new: int
    credentials: int
    organizations: int


def group(findings: t.Iterable[FindingRow]) -> dict[Key, list[FindingRow]]:
    """Return the findings of each credential, and of each organization itself, in the order of FINDINGS."""
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


def credential_rows(
    credentials: t.Iterable[CredentialRow], groups: dict[Key, list[FindingRow]]
) -> list[CredentialView]:
    """Return all credentials, in the order of the report."""

    def found(credential: CredentialRow) -> list[FindingRow]:
        return groups.get((credential["org_id"], credential["id"]), [])

    ordered = list(credentials)
    return [
        _credential_row(number, len(ordered) - number, credential, found(credential))
        for number, credential in enumerate(ordered)
    ]


def _credential_row(number: int, score: int, credential: CredentialRow, findings: list[FindingRow]) -> CredentialView:
    severities = {finding["severity"] for finding in findings if is_open(finding)}
    statuses = {(finding["status"] or "") if is_open(finding) else "accepted" for finding in findings}
    return CredentialView(
        number=number,
        score=score,
        credential=credential,
        findings=findings,
        severities=[severity for severity in SEVERITIES if severity in severities],
        rules=sorted({finding["rule"] for finding in findings}),
        statuses=sorted(statuses - {""}),
    )


def organization_rows(
    organizations: t.Iterable[OrganizationRow], groups: dict[Key, list[FindingRow]]
) -> list[OrganizationView]:
    """Return the organizations, in the order of the report."""
    return [
        OrganizationView(organization, groups.get(_organization_key(organization), []))
        for organization in organizations
    ]


def rule_rows(rules: t.Iterable[RuleRow], findings: t.Iterable[FindingRow]) -> list[RuleView]:
    """Return the rules that found something which was not accepted, worst first, then by their number of findings."""
    by_rule: dict[str, list[FindingRow]] = collections.defaultdict(list)
    for finding in findings:
        if is_open(finding):
            by_rule[finding["rule"]].append(finding)
    rows = [_rule_row(rule, by_rule[rule["id"]]) for rule in rules if rule["id"] in by_rule]
    return sorted(rows, key=lambda row: (RANK[row.rule["severity"]], -len(row.findings), row.rule["id"]))


def _rule_row(rule: RuleRow, findings: list[FindingRow]) -> RuleView:
    return RuleView(
        rule=rule,
        findings=findings,
        new=sum(finding["status"] == "new" for finding in findings),
        credentials=len({_key(finding) for finding in findings if finding["credential_id"]}),
        organizations=len({finding["org_id"] for finding in findings if finding["org_id"]}),
    )


def elsewhere(document: Document, findings: list[FindingRow]) -> list[FindingRow]:
    """Return findings about nothing that the report lists, such as exceptions that match nothing."""
    listed = {_organization_key(organization) for organization in document["organizations"]}
    listed |= {(credential["org_id"], credential["id"]) for credential in document["credentials"]}
    return [finding for finding in findings if _key(finding) not in listed]


def verdict(summary: Summary) -> tuple[str, str]:
    """Return the style of the summary and its first sentence."""
    counts = summary["findings"]
    urgent = [f"{counts[severity]:,} {severity}" for severity in ("critical", "high") if counts[severity]]
    total = sum(counts[severity] for severity in SEVERITIES)
    if summary["organizations"] == summary["not_audited"]:
        return "bad", "No organization was audited."
    if urgent:
        noun = "finding" if counts["critical"] + counts["high"] == 1 else "findings"
        return "bad" if counts["critical"] else "warn", f"{' and '.join(urgent)} {noun}."
    if total:
        return "warn", f"No critical or high findings. {number(total, 'other finding')}."
    return "plain", "No findings in what was audited."
