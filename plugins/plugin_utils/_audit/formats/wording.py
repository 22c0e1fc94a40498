# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Sentences about a report as a whole, and the names in it: what text, Markdown and JUnit have in common."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    Counts,
    Document,
    FindingRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open


def organization_names(document: Document) -> dict[str, str]:
    """The names of the organizations by ID, in one line each."""
    return {row["id"]: one_line(row["name"]) for row in document["organizations"]}


def not_accepted(findings: t.Iterable[FindingRow]) -> list[FindingRow]:
    """The findings that count."""
    return list(filter(is_open, findings))


def closing_lines(document: Document) -> list[str]:
    """The counts, and what has changed since the baseline."""
    summary = document["summary"]
    organizations = number(summary["organizations"], "organization")
    failed = f", {summary['not_audited']:,} not audited" if summary["not_audited"] else ""
    keys = number(summary["api_keys"] or 0, "API key")
    accounts = number(summary["service_accounts"] or 0, "service account")
    accepted = f"; {summary['accepted']:,} accepted" if summary["accepted"] else ""
    lines = [
        f"Audited: {keys} and {accounts} of {organizations}{failed}.",
        f"Findings: {by_severity(summary['findings'])}{accepted}.",
    ]
    if summary["baseline"] is not None:
        lines.append(f"Since the baseline: {_changes(document)}.")
    return lines


def _changes(document: Document) -> str:
    counts = document["summary"]["baseline"]
    if counts is None:
        return ""
    new = [row for row in not_accepted(document["findings"]) if row["status"] == "new"]
    severities = {severity: sum(row["severity"] == severity for row in new) for severity in SEVERITIES}
    details = f" ({by_severity(severities)})" if new else ""
    not_checked = f", {counts['carried']:,} could not be checked" if counts["carried"] else ""
    return f"{counts['new']:,} new{details}, {counts['known']:,} known, {counts['resolved']:,} resolved{not_checked}"


def by_severity(counts: Counts) -> str:
    """Such as: 2 critical, 1 low."""
    return ", ".join(f"{counts[name]:,} {name}" for name in SEVERITIES if counts[name]) or "none"


def number(count: int, noun: str) -> str:
    """Such as: 1 finding; 1,234 findings."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
