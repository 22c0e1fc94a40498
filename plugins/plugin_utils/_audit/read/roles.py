# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The roles of a credential, in its organization and in projects, in each of the shapes that Atlas gives them.

An API key has objects, `{org_id|group_id, role_name}`; a service account has strings, which are roles in the
organization, and a list of its projects, `{group_id, roles}`.
"""

from __future__ import annotations

import functools
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    SERVICE_ACCOUNT,
    Project,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read import reasons
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import Form, Raw, dicts, show, text

ORG_OWNER: t.Final = "ORG_OWNER"
PROJECT_OWNER: t.Final = "GROUP_OWNER"


class Roles(t.NamedTuple):
    """What was found is there in any case; ``unknown`` says why these may not be all: of roles, and of projects."""

    in_organization: list[str]
    in_projects: list[Project] | None
    unknown: dict[str, Unknown]


def read_roles(raw: Raw, kind: str, names: t.Mapping[str, str]) -> Roles:
    """Return the roles of a credential.

    :param names: the names of projects by ID.
    """
    in_organization: set[str] = set()
    in_projects: dict[str, set[str]] = {}
    unknown: dict[str, Unknown] = {}
    if (problem := _add_roles(raw, in_organization, in_projects)) is not None:
        unknown["roles"] = problem
    if kind == SERVICE_ACCOUNT:
        problem = _add_projects(raw, in_projects)
    if problem is not None:
        unknown["projects"] = problem
    return Roles(
        sorted(in_organization, key=_owner_first),
        _projects(in_projects, names) if "projects" not in unknown or in_projects else None,
        unknown,
    )


def _add_roles(raw: Raw, in_organization: set[str], in_projects: dict[str, set[str]]) -> Unknown | None:
    given = [raw.get(name) for name in ("roles", "role_assignments") if raw.get(name) is not None]
    if not given:
        return reasons.unknown_form(Form("roles", "Its roles are missing."))
    problems = []
    for roles in given:
        if not isinstance(roles, list):
            problems.append(_unknown("roles", roles, "a list of roles"))
            continue
        wrong = [role for role in roles if not _add(role, in_organization, in_projects)]
        problems += [_unknown("roles", role, "a role") for role in wrong]
    return min(problems, key=_reason, default=None)


def _reason(unknown: Unknown) -> str:
    return unknown.reason


def _unknown(name: str, value: object, what: str) -> Unknown:
    return reasons.unknown_form(Form(name, f"The field {name} is or contains {show(value)}, which is not {what}."))


def _add(role: object, in_organization: set[str], in_projects: dict[str, set[str]]) -> bool:
    """Add a role. Return whether it could be read."""
    group, name = None, text(role)
    if isinstance(role, dict):
        group, name = text(role.get("group_id")), text(role.get("role_name"))
    if group:
        in_projects.setdefault(group, set())
    if not name:
        return False
    (in_projects[group] if group else in_organization).add(name)
    return _is_role(name, in_project=bool(group))


# Atlas adds roles, and all of them are written like this. In other letters, an owner would not be recognized.
_ROLE: t.Final = re.compile(r"[A-Z][A-Z0-9_]*")


@functools.lru_cache(maxsize=4096)
def _is_role(name: str, *, in_project: bool) -> bool:
    """Return whether text is the name of a role that may be where it is: no role of a project without a project."""
    return _ROLE.fullmatch(name) is not None and not name.startswith("ORG_" if in_project else "GROUP_")


def _add_projects(raw: Raw, in_projects: dict[str, set[str]]) -> Unknown | None:
    value = raw.get("projects")
    if "projects" not in raw:
        remediation = "Read the service accounts with gather_projects, and audit again."
        return reasons.not_read("projects", "Its projects were not read.", remediation)
    if value is None:
        role = reasons.CREDENTIAL_ROLES[SERVICE_ACCOUNT, "projects"]
        return reasons.denied("projects", "Its projects were not read: access was denied.", role)
    found = dicts(value)
    if found is None:
        return _unknown("projects", value, "a list of projects")
    problems = []
    for project in found:
        group, roles = text(project.get("group_id")), project.get("roles")
        # Atlas may leave the roles out: absent is not "none".
        if not group or not isinstance(roles, list) or not all(map(_is_role_in_project, roles)):
            problems.append(_unknown("projects", project, "a project with its roles"))
        names = {role for role in map(text, roles if isinstance(roles, list) else []) if role}
        in_projects.setdefault(group or "", set()).update(names)
    return min(problems, key=_reason, default=None)


def _is_role_in_project(role: object) -> bool:
    return isinstance(role, str) and _is_role(role, in_project=True)


def _projects(roles: t.Mapping[str, set[str]], names: t.Mapping[str, str]) -> list[Project]:
    found = [Project(group, names.get(group) or None, sorted(roles[group], key=_owner_first)) for group in roles]
    return sorted(found, key=lambda project: (project.name or "", project.id))


def _owner_first(role: str) -> tuple[bool, str]:
    return role not in (ORG_OWNER, PROJECT_OWNER), role
