# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report as CSV: a row for each finding, credential or organization, which spreadsheets open safely.

Excel needs a byte order mark to recognize UTF-8. Rows end as in RFC 4180. A spreadsheet whose regional settings
separate with semicolons splits a cell at each of them, so what follows a semicolon must not look like a formula either.
"""

from __future__ import annotations

import csv
import functools
import itertools
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    CredentialRow,
    Document,
    EntryRow,
    FindingRow,
    NotCheckedRow,
    OrganizationRow,
    ProjectRow,
    SecretRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import cut, one_line
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import (
    NOT_READ,
    count_text,
    missing_parts,
    not_checked_text,
    state_text,
    why_not_checked,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open

# What a spreadsheet takes for the beginning of a formula; some take the full-width signs for the same.
_FORMULA = "=+@\uff1d\uff0b\uff20\uff0d-"
_AFTER_SEMICOLON = re.compile(f"""(;)(?=[\\s"']*[{_FORMULA}])""")
_MAX_CHARACTERS = 32000  # Excel holds 32,767 in a cell, and breaks the sheet beyond
_MAX_EXACT = 10**15  # a spreadsheet rounds longer numbers; as words they stay exact

_Row = t.Sequence[object]
_Source = t.TypeVar("_Source")


@functools.lru_cache(maxsize=65536)  # titles, names and what to do come again and again
def safe_cell(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before what looks like one."""
    text = cut(one_line(value), _MAX_CHARACTERS)
    if ";" in text:
        text = _AFTER_SEMICOLON.sub(r"\1'", text)
    return "'" + text if text.lstrip("\"' ").startswith(tuple(_FORMULA)) else text


_FINDING_COLUMNS = (
    "outcome",
    "severity",
    "rule",
    "title",
    "org_name",
    "org_id",
    "org_state",
    "subject",
    "kind",
    "credential_id",
    "detail",
    "evidence",
    "remediation",
    "status",
    "first_seen",
    "fails_gate",
    "accepted_reason",
    "accepted_until",
    "fingerprint",
)


def render_findings(document: Document) -> str:
    """Return a row for each finding, accepted ones included, then one for all that could not be checked."""
    return "".join(write_findings(document))


def write_findings(document: Document) -> t.Iterator[str]:
    """Yield the same row by row. There may be more than 100,000."""
    organizations = {row["id"]: (row["name"], row["id"], state_text(row)) for row in document["organizations"]}
    kinds = {(row["org_id"], row["id"]): row["kind"] for row in document["credentials"]}
    return _lines(
        _FINDING_COLUMNS,
        itertools.chain(
            (
                _finding(row, "found" if is_open(row) else "accepted", organizations, kinds)
                for row in document["findings"]
            ),
            (_finding(row, "not checked again", organizations, kinds) for row in document["carried"]),
            (_not_checked(row, organizations) for row in document["not_checked"]),
        ),
    )


def _organization_cells(org_id: str, organizations: dict[str, tuple[str, str, str]]) -> tuple[str, str, str]:
    return organizations.get(org_id, ("", org_id, ""))


def _finding(
    row: FindingRow, outcome: str, organizations: dict[str, tuple[str, str, str]], kinds: dict[tuple[str, str], str]
) -> _Row:
    accepted = row["accepted"]
    return (
        outcome,
        row["severity"],
        row["rule"],
        row["title"],
        *_organization_cells(row["org_id"], organizations),
        row["subject"],
        kinds.get((row["org_id"], row["credential_id"] or "")),
        row["credential_id"],
        row["detail"],
        row["evidence"],
        row["remediation"],
        row["status"],
        row["first_seen"],
        row["fails_gate"],
        accepted["reason"] if accepted else None,
        accepted["until"] if accepted else None,
        row["fingerprint"],
    )


def _not_checked(row: NotCheckedRow, organizations: dict[str, tuple[str, str, str]]) -> _Row:
    return (
        "not checked",
        row["severity"],
        row["rule"],
        row["title"],
        *_organization_cells(row["org_id"], organizations),
        not_checked_text(row),
        row["kind"],
        ", ".join(row["credential_ids"]),
        row["part"],
        why_not_checked(row),
        row["remediation"],
        None,
        None,
        row["fails_gate"],
        None,
        None,
        None,
    )


_CREDENTIAL_COLUMNS = (
    "rank",
    "severity",
    "kind",
    "name",
    "id",
    "public_key",
    "org_name",
    "org_id",
    "org_state",
    "used_for_this_audit",
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
    *SEVERITIES,
    "findings",
    "not_checked",
)


def render_credentials(document: Document) -> str:
    """Return a row for each credential, with the rules that found something and those that could not be checked."""
    rules: dict[tuple[str, str], list[str]] = {}
    for finding in document["findings"]:
        if is_open(finding):
            rules.setdefault((finding["org_id"], finding["credential_id"] or ""), []).append(finding["rule"])
    states = {row["id"]: state_text(row) for row in document["organizations"]}
    rows = (
        _credential(row, states.get(row["org_id"], ""), rules.get((row["org_id"], row["id"]), []))
        for row in document["credentials"]
    )
    return _write(_CREDENTIAL_COLUMNS, rows)


def _credential(row: CredentialRow, state: str, rules: list[str]) -> _Row:
    return (
        row["rank"],
        row["severity"],
        row["kind"],
        row["name"],
        row["id"],
        row["public_key"],
        row["org_name"],
        row["org_id"],
        state,
        row["is_caller"],
        ", ".join(row["org_roles"]),
        _join(_project, row["projects"]),
        row["reach"],
        _exact(row["addresses"]),
        _join(_entry, row["access_list"]),
        row["usage"],
        row["last_used_at"],
        row["created_at"],
        row["created_by"],
        _join(_secret, row["secrets"]) if row["kind"] != "api_key" else "",
        ", ".join(row["unknown"]),
        *(row["findings"][severity] for severity in SEVERITIES),
        ", ".join(dict.fromkeys(rules)),
        ", ".join(row["not_checked"]),
    )


def _exact(addresses: int | str | None) -> str | None:
    """Return a number of addresses. A spreadsheet would round a long one, so it gets words."""
    if addresses is None:
        return None
    count = int(addresses)
    return str(count) if count < _MAX_EXACT else f"{count} addresses"


def _join(write: t.Callable[[_Source], str], sources: list[_Source] | None) -> str:
    return NOT_READ if sources is None else "; ".join(write(source) for source in sources)


def _project(project: ProjectRow) -> str:
    return f"{project['name'] or project['id']}: {', '.join(project['roles'])}"


def _entry(entry: EntryRow) -> str:
    last_used = entry["last_used_at"]
    return f"{entry['cidr']} (last used {last_used})" if last_used else entry["cidr"]


def _secret(secret: SecretRow) -> str:
    return f"{secret['id']} (expires {secret['expires_at'] or 'at an unknown time'})"


_ORGANIZATION_COLUMNS = (
    "state",
    "name",
    "id",
    "api_keys",
    "service_accounts",
    "projects",
    *SEVERITIES,
    "accepted",
    "new",
    "checks_not_made",
    "reason",
)


def render_organizations(document: Document) -> str:
    """Return a row for each organization: whether it was audited, what was read, and how much was found."""
    return _write(_ORGANIZATION_COLUMNS, map(_organization, document["organizations"]))


def _organization(row: OrganizationRow) -> _Row:
    return (
        state_text(row),
        row["name"],
        row["id"],
        *(count_text(count).replace(",", "") for count in (row["api_keys"], row["service_accounts"], row["projects"])),
        *(row["findings"][severity] for severity in SEVERITIES),
        row["accepted"],
        row["new"],
        sum(row["checks_not_made"].values()),
        "; ".join(missing_parts(row)),
    )


def write_csv(columns: t.Sequence[str], rows: t.Iterable[t.Mapping[str, object]]) -> str:
    """Return rows that spreadsheets open correctly. What is None is empty.

    :param rows: each may contain more than the columns.
    """
    return _write(columns, ([row[column] for column in columns] for row in rows))


def _write(columns: t.Sequence[str], rows: t.Iterable[_Row]) -> str:
    return "".join(_lines(columns, rows))


class _Line:
    """A file that returns what is written into it, as `csv.writer` returns it."""

    @staticmethod
    def write(line: str) -> str:
        """Return the line."""
        return line


def _lines(columns: t.Sequence[str], rows: t.Iterable[_Row]) -> t.Iterator[str]:
    write = t.cast(
        "t.Callable[[_Row], str]", csv.writer(_Line(), quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow
    )
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # as the byte order mark is called
    yield write(columns)
    for row in rows:
        yield write([safe_cell(value if value.__class__ is str else _text(value)) for value in row])


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
