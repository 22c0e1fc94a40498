# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Turn what the hosts of a play have registered into organizations for the audit, one for each host.

A host that failed, for any reason and at any time, is an organization that was not audited.
"""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.report_action import Variables, variables_of

# The parts of an organization that a task each registers. The results contain fields of the same names.
_LISTS = ("api_keys", "service_accounts", "projects", "events")
_PARTS = ("org", *_LISTS)
VARIABLES: t.Final = ("org_id", "error", *_PARTS)

Failure = dict[str, t.Any]  # msg; status and error_code, if Atlas refused

_GONE = "The host {host} failed or could not be reached before its organization was read. The play's output has more."
_TWICE = "The hosts {first} and {host} have the same organization, {org_id}."
_NEVER_RUN = (
    "Nothing was read for the host {host}: the tasks that read its organization did not run on it, or not yet. "
    "Run them on all hosts of the play, with the strategy linear."
)
_FIELDS = ("msg", "status", "error_code")


class Read(t.NamedTuple):
    """A host, and its organization as the filter ``audit`` takes it.

    `failed_reads` says why lists could not be read, if not for a role that the reader lacks.
    """

    host: str
    read: dict[str, t.Any]
    failed_reads: str | None = None


class _Parts(t.NamedTuple):
    """The results of the tasks that read, by part. `failures` are those that returned nothing."""

    results: dict[str, Variables]
    failures: dict[str, Failure]
    stopped_by: str | None  # the part that no later part was read after

    def value(self, part: str) -> t.Any:
        """Return what was read, or None."""
        field = "orgs" if part == "org" else part
        return None if part in self.failures else self.results[part].get(field)


def organizations(task_vars: dict[str, t.Any], names: dict[str, str | None]) -> list[Read]:
    """Return the organizations of all hosts of the play.

    :param names: the names of the variables that the hosts have registered, by part.
    """
    still_there = set(task_vars["ansible_play_hosts"])
    found: list[Read] = []
    hosts_by_id: dict[str, str] = {}
    for host in task_vars["ansible_play_hosts_all"]:
        if host in still_there:
            one = _organization(host, variables_of(host, task_vars), names)
        else:
            one = _not_read(host, _GONE.format(host=host))
        org_id = one.read["org_id"]
        first = hosts_by_id.setdefault(org_id, host) if org_id else host
        if first != host:
            one = _not_read(host, _TWICE.format(first=first, host=host, org_id=org_id))
        found.append(one)
    return [one._replace(read=_distinct(one.read, set(hosts_by_id))) for one in found]


def _distinct(read: dict[str, t.Any], org_ids: set[str]) -> dict[str, t.Any]:
    """Return what was read, with another name if the host's would be taken for the ID of another organization."""
    if not read["org_id"] and read["name"] in org_ids:
        return {**read, "name": f"host {read['name']}"}
    return read


def _not_read(host: str, error: str, org_id: str | None = None, failure: Failure | None = None) -> Read:
    failures = {"organization": failure or {"msg": error}}
    return Read(host, {"name": host, "org_id": org_id, "error": error, "failures": failures})


def _organization(host: str, variables: Variables, names: dict[str, str | None]) -> Read:
    if not any(name in variables for name in names.values() if name):
        return _not_read(host, _NEVER_RUN.format(host=host))
    org_id, error = (variables.get(names[name] or "") for name in ("org_id", "error"))
    org_id = str(org_id or "") or None
    parts = _parts({part: variables.get(names[part] or "") for part in _PARTS}, str(error or ""))
    if parts.stopped_by in (None, "org") and error:
        return _not_read(host, str(error), org_id, parts.failures.get("org"))
    if parts.stopped_by and parts.value("api_keys") is None and parts.value("service_accounts") is None:
        failure = parts.failures[parts.stopped_by]
        return _not_read(host, failure["msg"], org_id, failure)
    return Read(host, _read(host, org_id, parts), _describe(host, parts))


def _read(host: str, org_id: str | None, parts: _Parts) -> dict[str, t.Any]:
    return {
        "name": host,
        "org_id": org_id,
        "error": "",
        "failures": _named(parts.failures),
        "caller": parts.results["org"].get("caller"),
        "org": next(iter(parts.value("org") or []), None),
        **{part: parts.value(part) for part in _LISTS},
        "incomplete": [part for part, result in parts.results.items() if result.get("complete") is False],
    }


def _named(failures: dict[str, Failure]) -> dict[str, Failure]:
    """Return failures by the names of the audit, for which the settings are what the organization is read for."""
    return {"settings" if part == "org" else part: failure for part, failure in failures.items()}


def _parts(registered: dict[str, t.Any], error: str) -> _Parts:
    """Return the results and their failures.

    :param error: why no further part was read. Parts that were not tried have failed for the same reason.
    """
    results: dict[str, Variables] = {}
    for part, result in registered.items():
        results[part] = result if isinstance(result, dict) else {}
    failures = {part: _failure(result) for part, result in results.items() if _has_failed(part, result)}
    stopped_by = next((part for part, result in results.items() if result.get("failed")), None)
    if error and stopped_by:
        failures |= {part: failures[stopped_by] for part, result in results.items() if not result}
    return _Parts(results, failures, stopped_by)


def _has_failed(part: str, result: Variables) -> bool:
    """Return whether a task failed. With failed_when, one that Atlas refused is not marked as failed."""
    return bool(result.get("failed")) or ("msg" in result and ("orgs" if part == "org" else part) not in result)


def _failure(result: Variables) -> Failure:
    return {name: result[name] for name in _FIELDS if result.get(name) is not None}


def _describe(host: str, parts: _Parts) -> str | None:
    """Return which lists could not be read, and why, unless Atlas refused them: the report shows what was refused."""
    if not parts.stopped_by:
        return None
    missing = [part for part in _LISTS if part in parts.failures and parts.value(part) is None]
    lists = ", ".join(part.replace("_", " ") for part in missing)
    reason = parts.failures[parts.stopped_by]["msg"]
    return f"Some lists of the organization of {host} could not be read ({lists}). {reason}"
