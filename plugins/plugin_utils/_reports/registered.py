# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What the hosts of a play have registered, as the organizations that are audited: one for each host, always.

A host that has failed, whenever and why, is one that was not audited.
"""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.report_action import (
    Variables,
    registered,
    variables_of,
)

# The parts of an organization that a task each has registered. The results have fields of the same names.
_LISTS = ("api_keys", "service_accounts", "projects", "events")
VARIABLES: t.Final = ("org_id", "error", "org", *_LISTS)

_GONE = "The host {host} failed or could not be reached before its organization was read. The play's output has more."
_TWICE = "The hosts {first} and {host} have the same organization, {org_id}."


class Read(t.NamedTuple):
    """A host, and its organization as the filter `audit` takes it."""

    host: str
    read: dict[str, t.Any]


def organizations(task_vars: dict[str, t.Any], names: dict[str, str | None]) -> list[Read]:
    """The organizations of all hosts of the play. NAMES are those of the variables that hosts have registered."""
    still_there = set(task_vars["ansible_play_hosts"])
    found: list[Read] = []
    hosts_by_id: dict[str, str] = {}
    for host in task_vars["ansible_play_hosts_all"]:
        if host in still_there:
            read = _organization(host, variables_of(host, task_vars), names)
        else:
            read = _failed(host, _GONE.format(host=host))
        org_id = read["org_id"]
        first = hosts_by_id.setdefault(org_id, host) if org_id else host
        if first != host:
            read = _failed(host, _TWICE.format(first=first, host=host, org_id=org_id))
        found.append(Read(host, read))
    return [Read(host, _distinct(read, set(hosts_by_id))) for host, read in found]


def _distinct(read: dict[str, t.Any], org_ids: set[str]) -> dict[str, t.Any]:
    """What was read, with another name if the audit would take the host's for the ID of another organization."""
    if not read["org_id"] and read["name"] in org_ids:
        return {**read, "name": f"host {read['name']}"}
    return read


def _failed(host: str, error: str, org_id: str | None = None) -> dict[str, t.Any]:
    return {"name": host, "org_id": org_id, "error": error}


def _organization(host: str, variables: Variables, names: dict[str, str | None]) -> dict[str, t.Any]:
    org_id, error = (variables.get(names[name] or "") for name in ("org_id", "error"))
    if error:
        return _failed(host, str(error), str(org_id or "") or None)
    results = {name: registered(variables, names[name] or "") for name in ("org", *_LISTS)}
    return {
        **_failed(host, "", org_id),
        "org": next(iter(results["org"].get("orgs") or []), None),
        **{name: results[name].get(name) for name in _LISTS},
        "incomplete": [name for name, result in results.items() if result.get("complete") is False],
    }
