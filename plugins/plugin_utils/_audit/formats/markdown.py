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
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import cut, one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import (
    closing_lines,
    not_accepted,
    number,
    organization_names,
)

# Of one table, and there are four. GitHub accepts 65,536 characters in all, Jira half of that.
MAX_ROWS: t.Final = 100
_MAX_CHARACTERS = 12_000
_MAX_IN_A_CELL = 200

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


def escape(value: str, most: int = _MAX_IN_A_CELL) -> str:
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
    """Those that were not audited come first: a long table is cut, and they must not be missing."""
    rows = []
    for row in sorted(document["organizations"], key=lambda row: row["state"] != "not_audited"):
        counts = [str(row["findings"][severity]) for severity in SEVERITIES]
        error = "" if row["state"] != "not_audited" else f": **not audited**, {escape(row['error'] or '')}"
        rows.append((escape(row["name"]) + error, *counts))
    return _table("Organizations", ("Organization", *SEVERITIES), rows, len(rows), "organization")


def _findings(title: str, findings: list[FindingRow], document: Document) -> list[str]:
    names = organization_names(document)
    rows = (
        (
            row["severity"],
            f"`{row['rule']}`",
            escape(names.get(row["org_id"], row["org_id"])),
            escape(row["subject"]),
            escape(row["evidence"]),
            row["status"] or "",
        )
        for row in findings
    )
    columns = ("Severity", "Rule", "Organization", "Subject", "Evidence", "Status")
    return _table(title, columns, rows, len(findings), "finding")


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
    names = organization_names(document)
    accepted = [(row, row["accepted"]) for row in document["findings"] if row["accepted"] is not None]
    rows = (
        (
            f"`{row['rule']}`",
            escape(names.get(row["org_id"], row["org_id"])),
            escape(row["subject"]),
            escape(acceptance["reason"]),
            escape(acceptance["until"]),
        )
        for row, acceptance in accepted
    )
    return _table("Accepted", ("Rule", "Organization", "Subject", "Reason", "Until"), rows, len(accepted), "finding")


def _table(title: str, columns: tuple[str, ...], rows: t.Iterable[tuple[str, ...]], count: int, noun: str) -> list[str]:
    """A heading and a table, as long as it may be. Nothing without rows.

    :param rows: only as many are made as are shown.
    :param count: how many there are.
    """
    shown: list[str] = []
    characters = 0
    for line in map(_row, rows):
        characters += len(line)
        if len(shown) == MAX_ROWS or characters > _MAX_CHARACTERS:
            break
        shown.append(line)
    if not shown:
        return []
    rest = count - len(shown)
    more = ["", f"{number(rest, 'more ' + noun)} in the other formats."] if rest else []
    return [f"## {title}", "", _row(columns), _row(["---"] * len(columns)), *shown, *more]


def _row(cells: t.Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
