# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report as Markdown for a ticket: short enough for systems that limit it, with all markup in values escaped."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    SEVERITIES,
    Document,
    FindingRow,
    OrganizationRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import cut, one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import (
    count_text,
    headline,
    missing_parts,
    not_checked_text,
    number,
    open_findings,
    organization_names,
    state_text,
    summary_lines,
    why_not_checked,
)

# Of one table, and there are seven. GitHub accepts 65,536 characters in all.
MAX_ROWS: t.Final = 100
_MAX_CHARACTERS = 6_000
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
    """Return text in one line that Markdown shows as it is: no markup, no HTML, no link, no mention."""
    escaped = cut(one_line(value), most).translate(_ESCAPES)
    return escaped.replace("://", ":" + _WORD_JOINER + "//").replace("www.", "www" + _WORD_JOINER + ".")


def render(document: Document) -> str:
    """Return the report as Markdown."""
    findings = open_findings(document["findings"])
    lines = [headline(document).text, *summary_lines(document)]
    blocks = [
        [f"# Audit of MongoDB Atlas access, {document['generated_at']}"],
        [f"- {escape(line, len(line))}" for line in lines],
        _organizations(document),
        _findings("Findings", findings, document),
        _not_checked(document),
        _what_to_do(document),
        _findings("Resolved since the baseline", document["resolved"], document),
        _findings("Findings of the baseline that could not be checked again", document["carried"], document),
        _accepted(document),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _organizations(document: Document) -> list[str]:
    names = organization_names(document)
    rows = (
        (
            escape(names[row["id"]]),
            _state(row),
            count_text(row["api_keys"]),
            count_text(row["service_accounts"]),
            *(_count(row, severity) for severity in SEVERITIES),
            f"{sum(row['checks_not_made'].values()):,}",
        )
        for row in document["organizations"]
    )
    columns = ("Organization", "State", "API keys", "Service accounts", *SEVERITIES, "Checks not made")
    return _table("Organizations", columns, rows, len(document["organizations"]), "organization")


def _state(row: OrganizationRow) -> str:
    if row["state"] == AUDITED:
        return state_text(row)
    reasons = missing_parts(row)
    why = f": {escape(' '.join(reasons))}" if reasons else ""
    return f"**{state_text(row)}**{why}"


def _count(row: OrganizationRow, severity: str) -> str:
    """Return the number of findings. Where nothing was audited, zero would be a claim."""
    count = row["findings"][severity]
    return "-" if row["state"] == NOT_AUDITED and not count else f"{count:,}"


def _findings(title: str, findings: list[FindingRow], document: Document) -> list[str]:
    names = organization_names(document)
    rows = (
        (
            row["severity"],
            f"`{row['rule']}`",
            escape(names.get(row["org_id"], row["org_id"])),
            escape(row["subject"]),
            escape(row["credential_id"] or row["org_id"]),
            escape(row["evidence"]),
            row["status"] or "",
        )
        for row in findings
    )
    columns = ("Severity", "Rule", "Organization", "Subject", "ID", "Evidence", "Status")
    return _table(title, columns, rows, len(findings), "finding")


def _not_checked(document: Document) -> list[str]:
    names = organization_names(document)
    rows = (
        (
            row["severity"],
            f"`{row['rule']}`",
            escape(names.get(row["org_id"], row["org_id"])),
            not_checked_text(row),
            escape(why_not_checked(row)),
            escape(row["remediation"]),
        )
        for row in document["not_checked"]
    )
    columns = ("Severity", "Rule", "Organization", "Subject", "Why", "What to do")
    return _table("Checks that could not be made", columns, rows, len(document["not_checked"]), "row")


def _what_to_do(document: Document) -> list[str]:
    rules = [rule for rule in document["rules"] if rule["findings"]]
    if not rules:
        return []
    lines = ["## What to do", ""]
    for rule in rules:
        text = f"{rule['meaning']} {rule['remediation']}"
        title = f"**{rule['title']}** (`{rule['id']}`, {rule['severity']}, {rule['findings']:,})"
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
    """Return a heading and a table, as long as it may be. Nothing without rows.

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
