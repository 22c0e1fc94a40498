# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles of API keys, service accounts and access tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from atlas_emulator.parser import Entry, EntryError, Json


@dataclass(frozen=True)
class Role:
    """A role in an organization (`org_id`) or in a project (`group_id`)."""

    role_name: str
    org_id: str | None = None
    group_id: str | None = None


Roles = tuple[Role, ...]

ORG_ROLES = (
    "ORG_OWNER",
    "ORG_MEMBER",
    "ORG_GROUP_CREATOR",
    "ORG_BILLING_ADMIN",
    "ORG_BILLING_READ_ONLY",
    "ORG_STREAM_PROCESSING_ADMIN",
    "ORG_READ_ONLY",
)
"""The roles that an API key or a service account can get in an organization (reference)."""

PROJECT_ROLES = ("GROUP_OWNER", "GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER")
"""Some of the roles in a project. The list of all is not here, so writes accept any name that looks like one."""

ORG_ROLE = "|".join(ORG_ROLES)
PROJECT_ROLE = "GROUP_[A-Z][A-Z_]*"


def parse_roles(entry: Entry, org_id: str) -> Roles:
    """Return the roles of an entry; ORG_MEMBER if it names none."""
    if "roles" not in entry:
        return (Role("ORG_MEMBER", org_id=org_id),)
    return tuple(_parse_role(role) for role in entry.entries("roles"))


def _parse_role(entry: Entry) -> Role:
    role = Role(entry.text("role_name"), entry.text_or_none("org_id"), entry.text_or_none("group_id"))
    entry.finish()
    # Other names than Atlas has today are data for readers, but none is in the other one's place.
    foreign, place = ("GROUP_", "an organization") if role.org_id else ("ORG_", "a project")
    if role.role_name.startswith(foreign):
        raise entry.error("role_name", f"{role.role_name} is no role in {place}")
    if (role.org_id is None) == (role.group_id is None):
        raise EntryError(f"{entry.place}: a role has either an org_id or a group_id")
    return role


def parse_org_roles(body: Entry, org_id: str) -> Roles:
    """Return the organization's roles in a request's body. Others are refused (reference)."""
    return tuple(Role(name, org_id=org_id) for name in _parse_names(body, ORG_ROLE))


def parse_project_roles(body: Entry, project_id: str) -> Roles:
    """Return the project's roles in a request's body. An organization's role is refused."""
    return tuple(Role(name, group_id=project_id) for name in _parse_names(body, PROJECT_ROLE))


def _parse_names(body: Entry, pattern: str) -> tuple[str, ...]:
    """Return the names, which are strings and at least one (reference). One that is repeated counts once."""
    names = body.texts("roles")
    if not names:
        raise body.error("roles", "at least one role is needed")
    for name in names:
        if not re.fullmatch(pattern, name):
            raise body.error("roles", f"{name!r} is not a role that can be given here")
    return tuple(dict.fromkeys(names))


def serialize_role(role: Role) -> Json:
    """Return a role as API keys have it (wire)."""
    if role.org_id is None:
        return {"groupId": role.group_id, "roleName": role.role_name}
    return {"orgId": role.org_id, "roleName": role.role_name}
