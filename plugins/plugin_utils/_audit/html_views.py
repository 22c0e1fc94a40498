# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What the HTML report shows, computed from the report document: order, groups and counts. No HTML is made here."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.html_charts import SEVERITIES
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.html_text import plural

Finding = dict[str, t.Any]
Key = tuple[t.Any, t.Any]  # organization ID and credential ID; a finding about an organization has no credential ID

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


class CredentialRow(t.NamedTuple):
    """A row of the table of credentials. SCORE is higher for a worse one."""

    number: int
    score: int
    credential: dict[str, t.Any]
    findings: list[Finding]
    severities: list[str]
    rules: list[str]
    statuses: list[str]


class RuleRow(t.NamedTuple):
    """A rule that found something, with its findings that were not accepted."""

    rule: dict[str, t.Any]
    findings: list[Finding]
    new: int
    credentials: int
    organizations: int


def is_open(finding: Finding) -> bool:
    """Return whether a finding counts: it was not accepted."""
    return finding["accepted"] is None


def in_order(findings: t.Iterable[Finding]) -> list[Finding]:
    """Return findings worst first, the accepted ones last."""
    return sorted(findings, key=lambda finding: (not is_open(finding), _RANK[finding["severity"]], finding["title"]))


def group(findings: t.Iterable[Finding]) -> dict[Key, list[Finding]]:
    """Return the findings of each credential, and of each organization itself, worst first."""
    groups: dict[Key, list[Finding]] = collections.defaultdict(list)
    for finding in findings:
        groups[finding["org_id"], finding["credential_id"]].append(finding)
    return {key: in_order(found) for key, found in groups.items()}


def credential_rows(credentials: t.Iterable[dict[str, t.Any]], groups: dict[Key, list[Finding]]) -> list[CredentialRow]:
    """Return all credentials, worst first: by their findings, then by organization, name and ID."""

    def order(credential: dict[str, t.Any]) -> tuple[t.Any, ...]:
        names = (str(credential[key] or "") for key in ("org_name", "name", "id"))
        return (*_badness(found(credential)), *names)

    def found(credential: dict[str, t.Any]) -> list[Finding]:
        return groups.get((credential["org_id"], credential["id"]), [])

    ordered = sorted(credentials, key=order)
    return [
        _credential_row(number, len(ordered) - number, credential, found(credential))
        for number, credential in enumerate(ordered)
    ]


def _badness(findings: t.Iterable[Finding]) -> list[int]:
    counts = collections.Counter(finding["severity"] for finding in findings if is_open(finding))
    return [-counts[severity] for severity in SEVERITIES]


def _credential_row(number: int, score: int, credential: dict[str, t.Any], findings: list[Finding]) -> CredentialRow:
    severities = {finding["severity"] for finding in findings if is_open(finding)}
    statuses = {finding["status"] for finding in findings if finding["status"]}
    if len(findings) > len([finding for finding in findings if is_open(finding)]):
        statuses.add("accepted")
    return CredentialRow(
        number=number,
        score=score,
        credential=credential,
        findings=findings,
        severities=[severity for severity in SEVERITIES if severity in severities],
        rules=sorted({finding["rule"] for finding in findings}),
        statuses=sorted(statuses),
    )


def organization_rows(organizations: t.Iterable[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """Return the organizations: those that were not audited, then the worst first."""

    def order(organization: dict[str, t.Any]) -> tuple[t.Any, ...]:
        badness = [-organization["findings"].get(severity, 0) for severity in SEVERITIES]
        return (organization["audited"], *badness, str(organization["name"] or ""), str(organization["id"]))

    return sorted(organizations, key=order)


def rule_rows(rules: t.Iterable[dict[str, t.Any]], findings: t.Iterable[Finding]) -> list[RuleRow]:
    """Return the rules that found something which was not accepted, worst first, then by their number of findings."""
    by_rule: dict[str, list[Finding]] = collections.defaultdict(list)
    for finding in findings:
        if is_open(finding):
            by_rule[finding["rule"]].append(finding)
    known = {rule["id"]: rule for rule in rules}
    rows = [_rule_row(known.get(name), found) for name, found in by_rule.items()]
    return sorted(rows, key=lambda row: (_RANK[row.rule["severity"]], -len(row.findings), row.rule["id"]))


def _rule_row(rule: dict[str, t.Any] | None, findings: list[Finding]) -> RuleRow:
    # The findings' severity is the policy's.
    first = in_order(findings)[0]
    described = {"id": first["rule"], "title": first["title"], "meaning": "", "remediation": first["remediation"]}
    return RuleRow(
        rule={**described, **(rule or {}), "severity": first["severity"]},
        findings=findings,
        new=sum(finding["status"] == "new" for finding in findings),
        credentials=len(
            {(finding["org_id"], finding["credential_id"]) for finding in findings if finding["credential_id"]}
        ),
        organizations=len({finding["org_id"] for finding in findings if finding["org_id"]}),
    )


def elsewhere(document: dict[str, t.Any]) -> list[Finding]:
    """Return findings about nothing that the report lists, such as exceptions that match nothing."""
    listed: set[Key] = {(organization["id"], None) for organization in document["organizations"]}
    listed |= {(credential["org_id"], credential["id"]) for credential in document["credentials"]}
    return in_order(
        finding for finding in document["findings"] if (finding["org_id"], finding["credential_id"]) not in listed
    )


def verdict(summary: dict[str, t.Any]) -> tuple[str, str]:
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
        return "warn", f"No critical or high findings. {plural(total, 'other finding')}."
    return "plain", "No findings in what was audited."
