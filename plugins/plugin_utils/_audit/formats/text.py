# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report on a screen: the organizations, the rules, then one row for each credential, the worst first.

A row of a credential contains what an exception needs: the ID of the credential and the rules that found something.
"""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    SEVERITIES,
    CredentialRow,
    Document,
    FindingRow,
    OrganizationRow,
    RuleRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import cut, one_line, wrap
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.tables import (
    Cell,
    Column,
    numbers,
    table,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import (
    KINDS,
    count_text,
    headline,
    missing_parts,
    number,
    open_findings,
    organization_names,
    state_text,
    summary_lines,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open

WIDTH: t.Final = 100  # if the width of the terminal is not known
MIN_WIDTH: t.Final = 40  # an ID of a service account takes 34
MAX_ROWS: t.Final = 40  # of a table: what a person reads on a screen; the files contain all
_MAX_NAME: t.Final = 200  # characters
_MAX_LINES: t.Final = 3  # of one finding
_MAX_PROSE: t.Final = 5  # lines of one sentence
_ID: t.Final = 24  # columns for the ID of an organization
_INFO: t.Final = SEVERITIES[-1]
_SHORT: t.Final = {"critical": "CRIT", "medium": "MED"}


def render(document: Document, width: int = WIDTH) -> str:
    """Return the report as text.

    :param width: how many columns the terminal has.
    """
    title = f"Audit of MongoDB Atlas access, {document['generated_at']}"
    blocks = [
        _prose([title, headline(document).text], width),
        _organizations(document, width),
        _prose(_why_not_audited(document), width),
        _rules(document, width),
        _subjects(document, width),
        _credentials(document, width),
        _prose(summary_lines(document), width),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _prose(lines: list[str], width: int) -> list[str]:
    return [part for line in lines for part in wrap(one_line(line), width, _MAX_PROSE)]


def _organizations(document: Document, width: int) -> list[str]:
    rows = document["organizations"][:MAX_ROWS]
    if not rows:
        return []
    counts = [
        numbers(_SHORT.get(severity, severity.upper()), (_count(row, severity) for row in rows))
        for severity in SEVERITIES
    ]
    new = (
        [numbers("NEW", ("-" if row["new"] is None else f"{row['new']:,}" for row in rows))]
        if document["baseline"]
        else []
    )
    columns = [
        Column("STATE", [[state_text(row)] for row in rows]),
        Column("ORGANIZATION", [[_name(row["name"]), one_line(row["id"])] for row in rows], least=_ID),
        numbers("KEYS", (count_text(row["api_keys"]) for row in rows)),
        numbers("ACCOUNTS", (count_text(row["service_accounts"]) for row in rows)),
        *counts,
        *new,
        numbers("UNCHECKED", (f"{sum(row['checks_not_made'].values()):,}" for row in rows)),
    ]
    return [*table(columns, 1, width), *_more(len(document["organizations"]) - len(rows), "organization")]


def _count(row: OrganizationRow, severity: str) -> str:
    """Return the number of findings. Where nothing was audited, zero would be a claim."""
    count = row["findings"][severity]
    return "-" if row["state"] == NOT_AUDITED and not count else f"{count:,}"


def _why_not_audited(document: Document) -> list[str]:
    """Return the reasons for what is missing in organizations that were not audited or only partly."""
    lines = []
    for row in document["organizations"]:
        if row["state"] == AUDITED:
            continue
        lines += [f"{state_text(row).upper()}: {_name(row['name'])}: {reason}" for reason in missing_parts(row)]
    return [*lines[:MAX_ROWS], *_more(len(lines) - MAX_ROWS, "reason")]


def _rules(document: Document, width: int) -> list[str]:
    rows = [row for row in document["rules"] if row["findings"] or row["not_checked"]]
    if not rows:
        return []
    new = _new_by_rule(document)
    columns = [
        Column("SEVERITY", [[row["severity"]] for row in rows]),
        Column("RULE", [[row["id"]] for row in rows]),
        numbers("FINDINGS", (_findings_of(row) for row in rows)),
        *([numbers("NEW", (f"{new[row['id']]:,}" for row in rows))] if document["baseline"] else []),
        numbers("NOT CHECKED", (f"{row['not_checked']:,}" for row in rows)),
        Column("TITLE", [[row["title"]] for row in rows], least=16, most=width),
    ]
    return table(columns, len(columns) - 1, width)


def _findings_of(rule: RuleRow) -> str:
    """Return the number of findings. A rule that was not applied has not found zero."""
    return f"{rule['findings']:,}" if rule["applied"] else "-"


def _new_by_rule(document: Document) -> collections.Counter[str]:
    return collections.Counter(row["rule"] for row in document["findings"] if is_open(row) and row["status"] == "new")


def _subjects(document: Document, width: int) -> list[str]:
    """Return a row for each organization with findings of its own, and for the exceptions that belong to none."""
    names = organization_names(document)
    found: dict[tuple[str, str], list[FindingRow]] = {}
    for finding in open_findings(document["findings"]):
        if finding["credential_id"] is None:
            found.setdefault((finding["org_id"], "" if finding["org_id"] else finding["subject"]), []).append(finding)
    rows = list(found.items())
    shown = rows[:MAX_ROWS]
    subjects = [
        [_name(names.get(org_id, subject)), *([one_line(org_id)] if org_id else [])]
        for (org_id, subject), _found in shown
    ]
    findings = [_finding_lines(of_one, []) for _key, of_one in shown]
    return _two_columns("ORGANIZATION", subjects, findings, width) + _more(len(rows) - len(shown), "organization")


def _credentials(document: Document, width: int) -> list[str]:
    found: dict[tuple[str, str | None], list[FindingRow]] = {}
    for finding in open_findings(document["findings"]):
        found.setdefault((finding["org_id"], finding["credential_id"]), []).append(finding)
    rows = [row for row in document["credentials"] if row["not_checked"] or (row["org_id"], row["id"]) in found]
    shown = rows[:MAX_ROWS]
    subjects = [_credential(row) for row in shown]
    findings = [_finding_lines(found.get((row["org_id"], row["id"]), []), row["not_checked"]) for row in shown]
    return _two_columns("CREDENTIAL", subjects, findings, width) + _more(len(rows) - len(shown), "credential")


def _credential(row: CredentialRow) -> Cell:
    key = f" ({one_line(row['public_key'])})" if row["public_key"] else ""
    mark = ", used for this audit" if row["is_caller"] else ""
    kind = KINDS.get(row["kind"], row["kind"])
    return [_name(row["name"] or "no name") + key, one_line(row["id"]), f"{kind} in {_name(row['org_name'])}{mark}"]


def _finding_lines(findings: list[FindingRow], not_checked: list[str]) -> Cell:
    lines = [_finding(finding) for finding in findings if finding["severity"] != _INFO]
    if information := [finding["rule"] for finding in findings if finding["severity"] == _INFO]:
        lines.append(f"{_INFO}: {', '.join(dict.fromkeys(information))}")
    if not_checked:
        lines.append(f"not checked: {', '.join(not_checked)}")
    return lines


def _finding(finding: FindingRow) -> str:
    new = " (new)" if finding["status"] == "new" else ""
    return one_line(f"{finding['severity']}: {finding['rule']}{new}: {finding['evidence']}")


def _two_columns(title: str, subjects: list[Cell], findings: list[Cell], width: int) -> list[str]:
    """Return a table with a subject of several lines, and what was found."""
    if not subjects:
        return []
    identifiers = max(len(one_line(line)) for cell in subjects for line in cell[1:2] or cell)
    columns = [
        Column(title, subjects, most=max(34, min(identifiers, width - 34))),
        Column("FINDINGS", findings, least=30, most=width, lines=_MAX_LINES),
    ]
    return table(columns, 1, width)


def _name(text: str) -> str:
    return cut(one_line(text), _MAX_NAME)


def _more(count: int, noun: str) -> list[str]:
    return [f"... {number(count, 'more ' + noun)}; the other formats of the report contain all."] if count > 0 else []
