# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles of API keys, service accounts and access tokens."""

from __future__ import annotations

from dataclasses import dataclass

from atlas_emulator.parser import Entry, EntryError, Json


@dataclass(frozen=True)
class Role:
    """A role in an organization (`org_id`) or in a project (`group_id`)."""

    role_name: str
    org_id: str | None = None
    group_id: str | None = None


Roles = tuple[Role, ...]


def parse_roles(entry: Entry, org_id: str) -> Roles:
    """Return the roles of an entry; ORG_MEMBER if it names none."""
    if "roles" not in entry:
        return (Role("ORG_MEMBER", org_id=org_id),)
    return tuple(_parse_role(role) for role in entry.entries("roles"))


def _parse_role(entry: Entry) -> Role:
    role = Role(entry.text("role_name"), entry.text_or_none("org_id"), entry.text_or_none("group_id"))
    entry.finish()
    if (role.org_id is None) == (role.group_id is None):
        raise EntryError(f"{entry.place}: a role has either an org_id or a group_id")
    return role


def serialize_role(role: Role) -> Json:
    """Return a role as API keys have it (wire)."""
    if role.org_id is None:
        return {"groupId": role.group_id, "roleName": role.role_name}
    return {"orgId": role.org_id, "roleName": role.role_name}
