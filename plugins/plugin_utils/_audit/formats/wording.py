# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Sentences and words about a report that all formats share, so that no format contradicts another."""

from __future__ import annotations

import collections
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    PARTLY_AUDITED,
    SEVERITIES,
    Counts,
    Document,
    FindingRow,
    NotCheckedRow,
    OrganizationRow,
    RuleRow,
    Summary,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open

MAX_NOTICES: t.Final = 10  # that a person reads; the JSON report contains all
NOT_READ: t.Final = "not read"
STATES: t.Final = {AUDITED: "audited", PARTLY_AUDITED: "partly audited", NOT_AUDITED: "not audited"}
KINDS: t.Final = {"api_key": "API key", "service_account": "service account", "organization": "organization"}

# Said wherever controls are shown.
ORIENTATION: t.Final = (
    "The controls are for orientation. They do not certify compliance with any framework, and the list is not complete."
)


class Headline(t.NamedTuple):
    """The first sentences of a report. `level` is bad, warn or good."""

    level: str
    text: str


def headline(document: Document) -> Headline:
    """Return what is worst in the report, and what it does not know."""
    summary = document["summary"]
    sentences = [_worst(summary), _unknown(summary)]
    return Headline(_level(document), " ".join(sentence for sentence in sentences if sentence))


def _level(document: Document) -> str:
    summary = document["summary"]
    if summary["findings"]["critical"] or document["gate"]["failed"] or not _any_audited(summary):
        return "bad"
    if any(summary["findings"].values()) or summary["checks"]["not_checked"] or summary["not_audited"]:
        return "warn"
    return "good"


def _any_audited(summary: Summary) -> bool:
    return bool(summary["audited"] or summary["partly_audited"])


def _worst(summary: Summary) -> str:
    counts = summary["findings"]
    if not _any_audited(summary):
        return "No organization was audited."
    where = " in what could be checked" if summary["checks"]["not_checked"] or summary["not_audited"] else ""
    urgent = [severity for severity in ("critical", "high") if counts[severity]]
    if urgent:
        noun = "finding" if counts[urgent[-1]] == 1 else "findings"
        return f"{' and '.join(f'{counts[severity]:,} {severity}' for severity in urgent)} {noun}."
    if total := sum(counts.values()):
        return f"No critical or high findings{where}. {number(total, 'other finding')}."
    return f"No findings{where}."


def _unknown(summary: Summary) -> str:
    """Return how much could not be checked, or nothing."""
    count = summary["checks"]["not_checked"]
    urgent = sum(summary["checks_not_made"][severity] for severity in ("critical", "high"))
    parts = []
    if count:
        details = f", {urgent:,} of them of critical or high severity" if urgent else ""
        parts.append(f"{number(count, 'check')} could not be made{details}.")
    states = [
        f"{number(summary[state], 'organization')} {'was' if summary[state] == 1 else 'were'} {STATES[state]}."
        for state in (PARTLY_AUDITED, NOT_AUDITED)
        if summary[state] and (state == PARTLY_AUDITED or _any_audited(summary))
    ]
    return " ".join([*parts, *states])


def summary_lines(document: Document) -> list[str]:
    """Return the counts of the report, what has changed since the baseline, and why the job fails."""
    summary, gate = document["summary"], document["gate"]
    accepted = f"; {summary['accepted']:,} accepted" if summary["accepted"] else ""
    lines = [
        f"Organizations: {organizations_text(summary)}.",
        f"Credentials: {credentials_text(summary)}.",
        f"Findings: {by_severity(summary['findings'])}{accepted}.",
    ]
    if summary["checks"]["not_checked"]:
        severities = by_severity(summary["checks_not_made"])
        lines.append(f"Not checked: {number(summary['checks']['not_checked'], 'check')} ({severities}).")
    if summary["baseline"] is not None:
        lines.append(f"{_since(document)}: {_changes(document)}.")
    lines += _notices(document)
    if gate["failed"] and gate["message"]:
        lines.append(f"Failed: {gate['message']}")
    return lines


def _notices(document: Document) -> list[str]:
    lines = [f"Notice: {notice['text']}" for notice in document["notices"]]
    if len(lines) > MAX_NOTICES:
        lines[MAX_NOTICES:] = [f"... {number(len(lines) - MAX_NOTICES, 'more notice')} in the JSON report."]
    return lines


def organizations_text(summary: Summary) -> str:
    """Return such as: 9 audited, 2 partly audited, 1 not audited."""
    counts = ((summary[state], STATES[state]) for state in (AUDITED, PARTLY_AUDITED, NOT_AUDITED))
    return ", ".join(f"{count:,} {text}" for count, text in counts if count) or "none"


def credentials_text(summary: Summary) -> str:
    """Return such as: 45 API keys (not read in 2 organizations) and 15 service accounts."""
    lists = (
        (summary["api_keys"], "API key", summary["api_keys_not_read"]),
        (summary["service_accounts"], "service account", summary["service_accounts_not_read"]),
    )
    return " and ".join(_list_text(*each) for each in lists)


def _list_text(count: int | None, noun: str, not_read: int) -> str:
    if count is None:
        return f"{noun}s {NOT_READ}"
    return number(count, noun) + (f" ({NOT_READ} in {number(not_read, 'organization')})" if not_read else "")


def _since(document: Document) -> str:
    baseline = document["baseline"]
    return f"Since the baseline of {baseline['generated_at']}" if baseline else "Since the baseline"


def _changes(document: Document) -> str:
    counts = document["summary"]["baseline"]
    if counts is None:
        return ""
    new = [row for row in document["findings"] if is_open(row) and row["status"] == "new"]
    severities = {severity: sum(row["severity"] == severity for row in new) for severity in SEVERITIES}
    details = f" ({by_severity(severities)})" if new else ""
    carried = f", {counts['carried']:,} could not be checked again" if counts["carried"] else ""
    return f"{counts['new']:,} new{details}, {counts['known']:,} known, {counts['resolved']:,} resolved{carried}"


def organization_names(document: Document) -> dict[str, str]:
    """Return the names of the organizations by ID, in one line each, with the ID where several have the same name."""
    names = {row["id"]: one_line(row["name"]) for row in document["organizations"]}
    count = collections.Counter(names.values())
    return {org_id: f"{name} ({one_line(org_id)})" if count[name] > 1 else name for org_id, name in names.items()}


def open_findings(findings: t.Iterable[FindingRow]) -> list[FindingRow]:
    """Return the findings that count, in their order."""
    return [finding for finding in findings if is_open(finding)]


def rules_without_findings(document: Document) -> list[RuleRow]:
    """Return the rules that were applied to everything that they judge, and found nothing."""
    return [rule for rule in document["rules"] if rule["applied"] and not rule["found"] and not rule["not_checked"]]


def count_text(count: int | None) -> str:
    """Return a number, or that it is not known because the list was not read."""
    return NOT_READ if count is None else f"{count:,}"


def state_text(organization: OrganizationRow) -> str:
    """Return the state of an organization in words."""
    return STATES[organization["state"]]


def not_checked_text(row: NotCheckedRow) -> str:
    """Return what could not be checked: the organization, how many credentials, or a list of unknown length."""
    if row["kind"] == "organization":
        return "the organization"
    if row["credentials"] is None and row["cause"] == "incomplete":
        return f"an unknown number of {KINDS[row['kind']]}s (list not complete)"
    if row["credentials"] is None:
        return f"all {KINDS[row['kind']]}s ({NOT_READ})"
    return number(row["credentials"], KINDS[row["kind"]])


def why_not_checked(row: NotCheckedRow) -> str:
    """Return the reason, and the role that is missing."""
    return f"{row['reason']} Missing role: {row['role']}." if row["role"] else row["reason"]


def missing_parts(organization: OrganizationRow) -> list[str]:
    """Return why an organization was not audited, or which parts of it were not read, and why."""
    if organization["error"]:
        return [organization["error"]]
    return [f"{words(part['part'])}: {part['reason']}" for part in organization["unread"]]


def words(identifier: str) -> str:
    """Return the name of a field as words: api_access_list_required as API access list required."""
    text = identifier.replace("_", " ").replace(".", ", ").strip()
    return re.sub(r"\bapi\b", "API", text[:1].upper() + text[1:], flags=re.IGNORECASE)


def by_severity(counts: Counts) -> str:
    """Return such as: 2 critical, 1 low."""
    return ", ".join(f"{counts[name]:,} {name}" for name in SEVERITIES if counts[name]) or "none"


def number(count: int, noun: str) -> str:
    """Return such as: 1 finding; 1,234 findings."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
