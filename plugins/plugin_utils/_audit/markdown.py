# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report as Markdown for a ticket: short enough for the systems that limit it, and inert whatever is in it."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    Document,
    FindingRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.lines import cut, one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.wording import (
    closing_lines,
    not_accepted,
    number,
    organization_names,
)

MOST_ROWS: t.Final = 100  # GitHub accepts 65,536 characters, Jira half of that
_MOST_CHARACTERS = 200  # of one cell

_WORD_JOINER = "\N{WORD JOINER}"  # invisible; after it a name is no mention and a number no reference
_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "@": "@" + _WORD_JOINER,
        "#": "\\#" + _WORD_JOINER,
        "!": "\\!" + _WORD_JOINER,
        "$": "&#36;",
        **{sign: "\\" + sign for sign in "\\`*_{}[]|~"},
    }
)


def escape(value: str, most: int = _MOST_CHARACTERS) -> str:
    """Text in one line that Markdown shows as it is: no markup, no HTML, no link, no mention."""
    escaped = cut(one_line(value), most).translate(_ESCAPES)
    return escaped.replace("://", ":" + _WORD_JOINER + "//").replace("www.", "www" + _WORD_JOINER + ".")


def render(document: Document) -> str:
    """The report as Markdown."""
    findings = not_accepted(document["findings"])
    blocks = [
        [f"# Audit of MongoDB Atlas access, {document['generated_at']}"],
        [f"- {line}" for line in closing_lines(document)],
        _organizations(document),
        _findings("Findings", findings, document),
        _what_to_do(findings, document),
        _findings("Resolved since the baseline", document["resolved"], document),
        _accepted(document),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _organizations(document: Document) -> list[str]:
    rows = document["organizations"]
    lines = ["## Organizations", "", *_head("Organization", *SEVERITIES)]
    for row in rows[:MOST_ROWS]:
        counts = [str(row["findings"][severity]) for severity in SEVERITIES]
        error = "" if row["audited"] else f": **not audited**, {escape(row['error'] or '')}"
        lines.append(_row(escape(row["name"]) + error, *counts))
    return lines + _rest(len(rows), "organization")


def _findings(title: str, findings: list[FindingRow], document: Document) -> list[str]:
    if not findings:
        return []
    names = organization_names(document)
    lines = [f"## {title}", "", *_head("Severity", "Rule", "Organization", "Subject", "Evidence", "Status")]
    lines += [
        _row(
            row["severity"],
            f"`{row['rule']}`",
            escape(names.get(row["org_id"], row["org_id"])),
            escape(row["subject"]),
            escape(row["evidence"]),
            row["status"] or "",
        )
        for row in findings[:MOST_ROWS]
    ]
    return lines + _rest(len(findings), "finding")


def _what_to_do(findings: list[FindingRow], document: Document) -> list[str]:
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding["rule"]] = counts.get(finding["rule"], 0) + 1
    rules = [rule for rule in document["rules"] if rule["id"] in counts]
    if not rules:
        return []
    lines = ["## What to do", ""]
    for rule in rules:
        text = f"{rule['meaning']} {rule['remediation']}"
        title = f"**{rule['title']}** (`{rule['id']}`, {rule['severity']}, {counts[rule['id']]:,})"
        lines.append(f"- {title}: {escape(text, len(text))}")
    return lines


def _accepted(document: Document) -> list[str]:
    found = [(row, row["accepted"]) for row in document["findings"] if row["accepted"] is not None]
    if not found:
        return []
    names = organization_names(document)
    lines = ["## Accepted", "", *_head("Rule", "Organization", "Subject", "Reason", "Until")]
    for row, accepted in found[:MOST_ROWS]:
        organization, reason = escape(names.get(row["org_id"], "")), escape(accepted["reason"])
        lines.append(_row(f"`{row['rule']}`", organization, escape(row["subject"]), reason, escape(accepted["until"])))
    return lines + _rest(len(found), "finding")


def _head(*titles: str) -> list[str]:
    return [_row(*titles), _row(*("---" for _ in titles))]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rest(count: int, noun: str) -> list[str]:
    return ["", f"{number(count - MOST_ROWS, 'more ' + noun)} in the other formats."] if count > MOST_ROWS else []
