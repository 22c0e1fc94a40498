# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report on a screen: a table of at most 100 columns, the worst first, and the counts at the end."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document, FindingRow
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import (
    display_width,
    fit,
    one_line,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import (
    closing_lines,
    not_accepted,
    number,
    organization_names,
)

WIDTH: t.Final = 100
MAX_ROWS: t.Final = 40  # what a person reads on a screen; the files have all
MIN_ROWS: t.Final = 5  # rows of a rule, if there is not enough space for all
_SEVERE: t.Final = ("critical", "high")
_GAP = "  "


class _Column(t.NamedTuple):
    """A column is as wide as what is in it, within limits. The last one takes what is left."""

    title: str
    most: int
    cells: list[str]

    def width(self) -> int:
        return min(self.most, max(display_width(cell) for cell in (self.title, *self.cells)))


def render(document: Document) -> str:
    """The report as text."""
    findings = not_accepted(document["findings"])
    shown = _shown(findings)
    lines = [f"Audit of {number(len(document['organizations']), 'organization')} at {document['generated_at']}", ""]
    lines += _not_audited(document)
    if shown:
        lines += _table(_columns(shown, document))
    if len(findings) > len(shown):
        rest = number(len(findings) - len(shown), "more finding")
        lines.append(f"... {rest}; the other formats of the report have all of them.")
    lines += ["", *closing_lines(document)] if shown else closing_lines(document)
    return "\n".join(fit(line, WIDTH).rstrip() for line in lines) + "\n"


def _shown(findings: list[FindingRow]) -> list[FindingRow]:
    """The findings that the table has.

    Critical and high ones come first. Of the others, each rule has a few rows before one has more: else a rule that
    finds all API keys would be the whole table.
    """
    seen: collections.Counter[str] = collections.Counter()
    later = []
    for row in findings:
        seen[row["rule"]] += 1
        later.append(row["severity"] not in _SEVERE and seen[row["rule"]] > MIN_ROWS)
    places = sorted(range(len(findings)), key=later.__getitem__)[:MAX_ROWS]
    return [findings[place] for place in sorted(places)]


def _not_audited(document: Document) -> list[str]:
    failed = [row for row in document["organizations"] if row["state"] == "not_audited"]
    if not failed:
        return []
    lines = [one_line(f"NOT AUDITED: {row['name'] or 'an organization'}: {row['error']}") for row in failed]
    if len(lines) > MAX_ROWS:
        lines[MAX_ROWS:] = [f"... {number(len(failed) - MAX_ROWS, 'more organization')} not audited"]
    return [*lines, ""]


def _columns(findings: list[FindingRow], document: Document) -> list[_Column]:
    names = organization_names(document)
    columns = [_Column("SEVERITY", 8, [row["severity"] for row in findings])]
    if document["summary"]["baseline"] is not None:
        columns.append(_Column("SINCE", 5, [row["status"] or "" for row in findings]))
    if len(names) > 1:
        columns.append(_Column("ORGANIZATION", 16, [names.get(row["org_id"], "") for row in findings]))
    columns.append(_Column("SUBJECT", 24, [_subject(row) for row in findings]))
    columns.append(_Column("FINDING", WIDTH, [one_line(f"{row['rule']}: {row['evidence']}") for row in findings]))
    return columns


def _subject(finding: FindingRow) -> str:
    is_organization = finding["org_id"] and finding["credential_id"] is None
    return "(organization)" if is_organization else one_line(finding["subject"])


def _table(columns: list[_Column]) -> list[str]:
    widths = [column.width() for column in columns[:-1]]
    widths.append(WIDTH - sum(widths) - len(_GAP) * len(widths))
    rows = zip(*([column.title, *column.cells] for column in columns))
    return [_GAP.join(fit(cell, width) for cell, width in zip(row, widths)) for row in rows]
