# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The roles of a credential, in its organization and in projects, in each of the shapes that Atlas gives them.

An API key has objects, `{org_id|group_id, role_name}`; a service account has strings, which are roles in the
organization, and a list of its projects, `{group_id, roles}`.
"""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Project
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import dicts, text

ORG_OWNER: t.Final = "ORG_OWNER"
PROJECT_OWNER: t.Final = "GROUP_OWNER"
_PART_OF_THE_ROLES: t.Final = object()


class Roles(t.NamedTuple):
    """`known` and `projects_known`: whether these are all roles. What was found is there in any case."""

    in_organization: list[str]
    in_projects: list[Project] | None
    known: bool
    projects_known: bool


def roles_of(lists: list[object], names: dict[str, str], projects: object = _PART_OF_THE_ROLES) -> Roles:
    """The roles from any of these lists, and from a list of projects if the credential has one."""
    given = [roles for roles in lists if roles is not None]
    known = bool(given)
    in_organization: set[str] = set()
    in_projects: dict[str, set[str]] = {}
    for roles in given:
        known = isinstance(roles, list) and known
        for role in roles if isinstance(roles, list) else []:
            known = _add(role, in_organization, in_projects) and known
    projects_known = known
    if projects is not _PART_OF_THE_ROLES:
        projects_known = _add_projects(projects, in_projects)
    return Roles(
        sorted(in_organization, key=_owner_first),
        _projects(in_projects, names) if projects_known or in_projects else None,
        known,
        projects_known,
    )


def _add(role: object, in_organization: set[str], in_projects: dict[str, set[str]]) -> bool:
    """Add a role. Returns whether it could be read."""
    group, name = None, text(role)
    if isinstance(role, dict):
        group, name = text(role.get("group_id")), text(role.get("role_name"))
    if group:
        in_projects.setdefault(group, set())
    if not name:
        return False
    (in_projects[group] if group else in_organization).add(name)
    return True


def _add_projects(projects: object, in_projects: dict[str, set[str]]) -> bool:
    found = dicts(projects)
    known = found is not None
    for project in found or []:
        group, roles = text(project.get("group_id")), project.get("roles")
        known = known and bool(group) and isinstance(roles, list) and all(isinstance(role, str) for role in roles)
        names = {role for role in map(text, roles if isinstance(roles, list) else []) if role}
        in_projects.setdefault(group or "", set()).update(names)
    return known


def _projects(roles: dict[str, set[str]], names: dict[str, str]) -> list[Project]:
    found = [Project(group, names.get(group) or None, sorted(roles[group], key=_owner_first)) for group in roles]
    return sorted(found, key=lambda project: (project.name or "", project.id))


def _owner_first(role: str) -> tuple[bool, str]:
    return role not in (ORG_OWNER, PROJECT_OWNER), role
