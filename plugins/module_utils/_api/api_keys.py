# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""API keys of an organization, their access lists, and their assignment to projects."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network, to_entries
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import FreeName

_REDACTED = "********-****-****-"
_DIGITS_SHOWN = 12


def get(client: AtlasClient, org_id: str, api_user_id: str) -> dict[str, t.Any]:
    """One API key."""
    return redacted(client.get("orgs", org_id, "apiKeys", api_user_id))


def list_all(client: AtlasClient, org_id: str) -> Listing:
    """Every API key of the organization, in Atlas' order."""
    return client.list("orgs", org_id, "apiKeys", what=f"API keys of the organization {org_id}").convert(redacted)


def list_access_list(client: AtlasClient, org_id: str, api_user_id: str) -> Listing:
    """Return the entries of an API key's access list."""
    what = f"access list entries of the API key {api_user_id}"
    return client.list("orgs", org_id, "apiKeys", api_user_id, "accessList", what=what)


def list_of_project(client: AtlasClient, project_id: str) -> Listing:
    """Every API key that is assigned to the project, with all its roles."""
    return client.list("groups", project_id, "apiKeys", what=f"API keys of the project {project_id}").convert(redacted)


def roles_of(key: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    """All roles of KEY, in the organization and in projects. Atlas guarantees no field, so there may be none."""
    roles = key.get("roles")
    return [role for role in roles if isinstance(role, dict)] if isinstance(roles, list) else []


def project_roles(key: dict[str, t.Any]) -> set[str]:
    """Return the roles of KEY in projects, each with the ID of the project."""
    return {f"{role.get('groupId')} {role.get('roleName')}" for role in roles_of(key) if role.get("groupId")}


# Writing. No request is repeated after a lost response: the caller looks up what has happened.


def create(client: AtlasClient, org_id: str, desc: str, roles: t.Sequence[str]) -> dict[str, t.Any]:
    """Create an API key. This response alone has the whole private key."""
    return client.post("orgs", org_id, "apiKeys", json={"desc": desc, "roles": list(roles)}, idempotent=False)


def update(client: AtlasClient, org_id: str, api_user_id: str, changes: dict[str, t.Any]) -> dict[str, t.Any]:
    """Change the description, or the roles in the organization."""
    return redacted(client.patch("orgs", org_id, "apiKeys", api_user_id, json=changes, idempotent=False))


def delete(client: AtlasClient, org_id: str, api_user_id: str) -> None:
    """Delete an API key. It leaves every project."""
    client.delete("orgs", org_id, "apiKeys", api_user_id, idempotent=False)


def add_to_access_list(
    client: AtlasClient, org_id: str, api_user_id: str, entries: t.Sequence[Network]
) -> dict[str, t.Any]:
    """Add all entries in one request, and return the response: a page of the whole list, as recorded."""
    body = to_entries(entries)
    return client.post("orgs", org_id, "apiKeys", api_user_id, "accessList", json=body, idempotent=False)


def remove_from_access_list(client: AtlasClient, org_id: str, api_user_id: str, entry: str) -> None:
    """Remove one entry, by its address or block as Atlas wrote it."""
    client.delete("orgs", org_id, "apiKeys", api_user_id, "accessList", FreeName(entry), idempotent=False)


def assign_to_project(client: AtlasClient, project_id: str, api_user_id: str, roles: t.Sequence[str]) -> None:
    """Assign an API key to a project in which it is not."""
    client.post("groups", project_id, "apiKeys", api_user_id, json=[{"roles": list(roles)}], idempotent=False)


def set_project_roles(client: AtlasClient, project_id: str, api_user_id: str, roles: t.Sequence[str]) -> None:
    """Replace the roles of an API key in one project."""
    client.patch("groups", project_id, "apiKeys", api_user_id, json={"roles": list(roles)}, idempotent=False)


def remove_from_project(client: AtlasClient, project_id: str, api_user_id: str) -> None:
    """Remove an API key from a project; it stays in the organization."""
    client.delete("groups", project_id, "apiKeys", api_user_id, idempotent=False)


def redacted(key: dict[str, t.Any]) -> dict[str, t.Any]:
    """KEY with its private key redacted as Atlas does it. Only the response to creation may have it whole."""
    private_key = key.get("privateKey")
    if isinstance(private_key, str) and not private_key.startswith("*"):
        return {**key, "privateKey": _REDACTED + private_key[-_DIGITS_SHOWN:]}
    return key
