# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The API keys of an organization as a table, as CSV and as JSON, read as the audit reads them."""

from __future__ import annotations

import datetime
import json
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    CredentialRow,
    EntryRow,
    ProjectRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.csv_tables import write_csv
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import (
    cut,
    display_width,
    fit,
    one_line,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.organizations import read_organizations
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.roles import ORG_OWNER
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rows import credential_row

_WIDEST_DESCRIPTION = 40
_NOT_READ = "not read"
# No date that is read here depends on the time, but a date after it would be an error.
_ANY_TIME = datetime.datetime(9999, 12, 31, tzinfo=datetime.timezone.utc)


class Listing(t.NamedTuple):
    """The API keys of one organization, owners of the organization first. `raw` is what Atlas returned."""

    org_id: str
    org_name: str
    rows: list[CredentialRow]
    raw: list[dict[str, t.Any]]
    with_access_lists: bool


def listing(
    org_id: str, keys: list[dict[str, t.Any]], org: object, projects: object, with_access_lists: bool
) -> Listing:
    """Without the organization or its projects, IDs stand for their names."""
    given = {"org_id": org_id, "api_keys": keys, "org": org, "projects": projects}
    (organization,) = read_organizations([given], _ANY_TIME, 90)
    rows = [credential_row(credential, organization, ()) for credential in organization.credentials]
    rows.sort(key=lambda row: ORG_OWNER not in row["org_roles"])
    return Listing(org_id, organization.name, rows, keys, with_access_lists)


def render_table(found: Listing) -> str:
    """Return a line for each key. What would break a line is a space, and long descriptions are cut."""
    name = f"{one_line(found.org_name)} ({found.org_id})" if found.org_name != found.org_id else found.org_id
    head = f"API keys of organization {name}: {len(found.rows)}"
    if not found.rows:
        return head
    titles = ["id", "public key", "description", "roles"]
    lines = [[one_line(cell) for cell in _cells(row)] for row in found.rows]
    if found.with_access_lists:
        titles.append("access list")
        lines = [[*line, one_line(_access_list(row))] for line, row in zip(lines, found.rows)]
    widths = [max(map(display_width, column)) for column in zip(titles, *lines)]
    table = ["  ".join(map(fit, line, widths)).rstrip() for line in (titles, *lines)]
    return "\n".join([head, *table])


def _cells(row: CredentialRow) -> list[str]:
    roles = [*row["org_roles"], *map(_project, row["projects"] or [])]
    return [row["id"], row["public_key"] or "", cut(one_line(row["name"]), _WIDEST_DESCRIPTION), ", ".join(roles)]


def _project(project: ProjectRow) -> str:
    return f"{', '.join(project['roles'])} ({project['name'] or project['id']})"


def _access_list(row: CredentialRow) -> str:
    entries = row["access_list"]
    return _NOT_READ if entries is None else ", ".join(map(_entry, entries))


def _entry(entry: EntryRow) -> str:
    last_used = entry["last_used_at"]
    return f"{entry['cidr']} (last used {last_used[:10]})" if last_used else entry["cidr"]


def render_csv(found: Listing) -> str:
    """Return a row for each key. The columns for access lists are there if these were read."""
    columns = ["org_name", "org_id", "id", "public_key", "desc", "org_roles", "project_roles"]
    if found.with_access_lists:
        columns += ["access_list", "last_used_at"]
    return write_csv(columns, (_csv_row(row) for row in found.rows))


def _csv_row(row: CredentialRow) -> dict[str, t.Any]:
    return {
        **row,
        "desc": row["name"],
        "org_roles": ", ".join(row["org_roles"]),
        "project_roles": ", ".join(map(_project, row["projects"] or [])),
        "access_list": _access_list(row),
    }


def render_json(found: Listing) -> str:
    """All that Atlas returned, as it is."""
    return json.dumps(found.raw, ensure_ascii=False, indent=2) + "\n"


FORMATS: t.Final[dict[str, t.Callable[[Listing], str]]] = {"json": render_json, "csv": render_csv}
