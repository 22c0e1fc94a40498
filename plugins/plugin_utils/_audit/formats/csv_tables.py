# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report as CSV: a row for each finding, or for each credential. Opens right in spreadsheets, and is safe there.

Excel needs a byte order mark to know that it is UTF-8. Rows end as in RFC 4180.
"""

from __future__ import annotations

import csv
import functools
import io
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    CredentialRow,
    Document,
    EntryRow,
    FindingRow,
    ProjectRow,
    SecretRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import cut, one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open

# What a spreadsheet takes for the beginning of a formula; some take the full-width signs for the same.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_MAX_CHARACTERS = 32000  # Excel holds 32,767 in a cell, and breaks the sheet beyond
_NOT_READ = "not read"

_Row = dict[str, t.Any]
_Source = t.TypeVar("_Source")


def render_findings(document: Document) -> str:
    """A row for each finding, accepted ones included."""
    names = {row["id"]: row["name"] for row in document["organizations"]}
    kinds = {(row["org_id"], row["id"]): row["kind"] for row in document["credentials"]}
    return write_csv(_FINDING_COLUMNS, (_finding(finding, names, kinds) for finding in document["findings"]))


def render_credentials(document: Document) -> str:
    """A row for each credential, with the rules that have found something."""
    rules: dict[tuple[str, str], list[str]] = {}
    for finding in document["findings"]:
        if is_open(finding):
            rules.setdefault((finding["org_id"], finding["credential_id"] or ""), []).append(finding["rule"])
    rows = (_credential(row, rules.get((row["org_id"], row["id"]), [])) for row in document["credentials"])
    return write_csv(_CREDENTIAL_COLUMNS, rows)


@functools.lru_cache(maxsize=4096)  # titles, names of organizations and what to do come again and again
def safe_cell(value: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what looks like one."""
    text = cut(one_line(value), _MAX_CHARACTERS)
    return "'" + text if text.startswith(_FORMULA) else text


_FINDING_COLUMNS = (
    "severity",
    "rule",
    "title",
    "org_name",
    "org_id",
    "subject",
    "kind",
    "credential_id",
    "detail",
    "evidence",
    "remediation",
    "status",
    "accepted_reason",
    "accepted_until",
)


def _finding(finding: FindingRow, names: dict[str, str], kinds: dict[tuple[str, str], str]) -> _Row:
    accepted = finding["accepted"]
    return {
        **finding,
        "org_name": names.get(finding["org_id"]),
        "kind": kinds.get((finding["org_id"], finding["credential_id"] or "")),
        "accepted_reason": accepted["reason"] if accepted else None,
        "accepted_until": accepted["until"] if accepted else None,
    }


_CREDENTIAL_COLUMNS = (
    "severity",
    "kind",
    "name",
    "id",
    "public_key",
    "org_name",
    "org_id",
    "org_roles",
    "projects",
    "reach",
    "addresses",
    "access_list",
    "usage",
    "last_used_at",
    "created_at",
    "created_by",
    "secrets",
    "unknown",
    "findings",
)


def _credential(row: CredentialRow, rules: list[str]) -> _Row:
    return {
        **row,
        "org_roles": ", ".join(row["org_roles"]),
        "projects": _joined(_project, row["projects"]),
        "access_list": _joined(_entry, row["access_list"]),
        "secrets": _joined(_secret, row["secrets"]) if row["kind"] != "api_key" else "",
        "unknown": ", ".join(row["unknown"]),
        "findings": ", ".join(dict.fromkeys(rules)),
    }


def _joined(write: t.Callable[[_Source], str], sources: list[_Source] | None) -> str:
    return _NOT_READ if sources is None else "; ".join(write(source) for source in sources)


def _project(project: ProjectRow) -> str:
    return f"{project['name'] or project['id']}: {', '.join(project['roles'])}"


def _entry(entry: EntryRow) -> str:
    last_used = entry["last_used_at"]
    return f"{entry['cidr']} (last used {last_used})" if last_used else entry["cidr"]


def _secret(secret: SecretRow) -> str:
    return f"{secret['id']} (expires {secret['expires_at'] or 'at an unknown time'})"


def write_csv(columns: t.Sequence[str], rows: t.Iterable[_Row]) -> str:
    """Rows that spreadsheets open right. A row may have more than the columns; what is None is empty."""
    file = io.StringIO(newline="")
    file.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # as the byte order mark is called
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(_text(row[column])) for column in columns] for row in rows)
    return file.getvalue()


def _text(value: object) -> str:
    return "" if value is None else str(value)
