# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Requests about service accounts: their secrets, access lists and projects.

No response of the real service was ever recorded. All shapes come from the reference and from official clients, so a
reader accepts more than one, and no field is taken for granted.
"""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network, to_entries
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import Action, FreeName

_COLLECTION = "serviceAccounts"


def get(client: AtlasClient, org_id: str, service_account_id: str) -> dict[str, t.Any]:
    """One service account."""
    return without_secrets(client.get("orgs", org_id, _COLLECTION, service_account_id, id_field="clientId"))


def list_all(client: AtlasClient, org_id: str, include_system_managed: bool = False) -> Listing:
    """Every service account of the organization, in Atlas' order."""
    query: dict[str, t.Any] = {"includeSystemManaged": "true"} if include_system_managed else {}
    what = f"service accounts of the organization {org_id}"
    return client.list("orgs", org_id, _COLLECTION, what=what, **query).convert(without_secrets)


def list_projects(client: AtlasClient, org_id: str, service_account_id: str) -> Listing:
    """Return the projects of a service account: ``groupId``, and its ``roles`` there, which are strings."""
    what = f"projects of the service account {service_account_id}"
    return client.list("orgs", org_id, _COLLECTION, service_account_id, "groups", what=what)


def list_access_list(client: AtlasClient, org_id: str, service_account_id: str) -> Listing:
    """Return the entries of a service account's access list."""
    what = f"access list entries of the service account {service_account_id}"
    return client.list("orgs", org_id, _COLLECTION, service_account_id, "accessList", what=what)


def list_of_project(client: AtlasClient, project_id: str) -> Listing:
    """Return the service accounts that are assigned to a project; ``roles`` are their roles there (reference)."""
    what = f"service accounts of the project {project_id}"
    return client.list("groups", project_id, _COLLECTION, what=what).convert(without_secrets)


def get_in_project(client: AtlasClient, project_id: str, service_account_id: str) -> dict[str, t.Any]:
    """Return one service account of a project; ``roles`` are its roles there (reference)."""
    return without_secrets(client.get("groups", project_id, _COLLECTION, service_account_id, id_field="clientId"))


def role_assignments(org_id: str, account: dict[str, t.Any]) -> list[dict[str, t.Any]] | None:
    """Return the roles of an ACCOUNT in the form that those of an API key have; None if not all of them came.

    :param account: in snake_case. If it has ``projects``, the roles in these are included.
    """
    places: list[tuple[str, t.Any, t.Any]] = [("org_id", org_id, account.get("roles"))]
    projects = account.get("projects") or []
    if not isinstance(projects, list) or not all(isinstance(each, dict) for each in projects):
        return None
    places += [("group_id", each.get("group_id"), each.get("roles")) for each in projects]
    if not all(isinstance(roles, list) for _field, _identifier, roles in places):
        return None
    return [
        # Objects, as API keys have them, are left as they are.
        role if isinstance(role, dict) else {field: identifier, "role_name": role}
        for field, identifier, roles in places
        for role in roles
    ]


def secrets_of(account: dict[str, t.Any]) -> list[dict[str, t.Any]] | None:
    """Return what is known of an account's secrets; None if Atlas did not return them, which does not mean none."""
    secrets = account.get("secrets")
    if not isinstance(secrets, list) or not all(isinstance(secret, dict) for secret in secrets):
        return None
    return secrets


def new_secrets(response: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    """Return the secrets that a response shows whole.

    The response to the creation of an account contains them in ``secrets`` (reference); the response to the addition
    of a secret is the secret itself (SDK).
    """
    found = [response, *(secrets_of(response) or [])]
    return [each for each in found if isinstance(each.get("secret"), str) and each["secret"]]


def without_secrets(account: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return an account without whole secrets, which only the response to a creation may contain."""
    account = without_secret(account)
    secrets = account.get("secrets")
    if not isinstance(secrets, list):
        return account
    return {**account, "secrets": [without_secret(each) if isinstance(each, dict) else each for each in secrets]}


def without_secret(secret: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return what is known of a secret, without the secret itself."""
    return {field: value for field, value in secret.items() if field != "secret"}


# Writing. No request is repeated after a lost response: the caller looks up what happened.


def create(
    client: AtlasClient, org_id: str, name: str, description: str, roles: t.Sequence[str], secret_hours: int | None
) -> dict[str, t.Any]:
    """Create a service account. Only this response contains its first secret.

    :param roles: names of roles in the organization.
    :param secret_hours: after how many hours the first secret expires. None sends ``withoutInitialSecret``, which is
        newer than the specification of August 2026: Atlas may refuse or ignore it.
    """
    first_secret = {"withoutInitialSecret": True} if secret_hours is None else {"secretExpiresAfterHours": secret_hours}
    body = {"name": name, "description": description, "roles": list(roles), **first_secret}
    return client.post("orgs", org_id, _COLLECTION, json=body, idempotent=False)


def update(client: AtlasClient, org_id: str, service_account_id: str, changes: dict[str, t.Any]) -> dict[str, t.Any]:
    """Change the name, the description or the roles in the organization."""
    updated = client.patch("orgs", org_id, _COLLECTION, service_account_id, json=changes, idempotent=False)
    return without_secrets(updated)


def delete(client: AtlasClient, org_id: str, service_account_id: str) -> None:
    """Delete a service account with its secrets, also from every project."""
    client.delete("orgs", org_id, _COLLECTION, service_account_id, idempotent=False)


def add_secret(client: AtlasClient, org_id: str, service_account_id: str, hours: int) -> dict[str, t.Any]:
    """Add a secret. Only this response contains it.

    Atlas cuts every other secret of the account to what it had left or seven days, whichever is less (documentation).

    :param hours: after how many hours the secret expires.
    """
    body = {"secretExpiresAfterHours": hours}
    return client.post("orgs", org_id, _COLLECTION, service_account_id, "secrets", json=body, idempotent=False)


def delete_secret(client: AtlasClient, org_id: str, service_account_id: str, secret_id: str) -> None:
    """Delete a secret. The tokens that were minted with it end at once (documentation)."""
    client.delete("orgs", org_id, _COLLECTION, service_account_id, "secrets", secret_id, idempotent=False)


def add_to_access_list(
    client: AtlasClient, org_id: str, service_account_id: str, entries: t.Sequence[Network]
) -> dict[str, t.Any]:
    """Add all entries in one request, and return Atlas' response, a page of the whole list (reference)."""
    body = to_entries(entries)
    return client.post("orgs", org_id, _COLLECTION, service_account_id, "accessList", json=body, idempotent=False)


def remove_from_access_list(client: AtlasClient, org_id: str, service_account_id: str, entry: str) -> None:
    """Remove one entry, by its address or block as Atlas wrote it."""
    where = ("orgs", org_id, _COLLECTION, service_account_id, "accessList", FreeName(entry))
    client.delete(*where, idempotent=False)


def assign_to_project(client: AtlasClient, project_id: str, service_account_id: str, roles: t.Sequence[str]) -> None:
    """Assign a service account to a project to which it is not assigned."""
    invite = Action(service_account_id, "invite")
    client.post("groups", project_id, _COLLECTION, invite, json={"roles": list(roles)}, idempotent=False)


def set_project_roles(client: AtlasClient, project_id: str, service_account_id: str, roles: t.Sequence[str]) -> None:
    """Replace the roles of a service account in a project to which it is assigned."""
    client.patch("groups", project_id, _COLLECTION, service_account_id, json={"roles": list(roles)}, idempotent=False)


def remove_from_project(client: AtlasClient, project_id: str, service_account_id: str) -> None:
    """Remove a service account from a project. It stays in the organization, and its secrets go on working."""
    client.delete("groups", project_id, _COLLECTION, service_account_id, idempotent=False)
