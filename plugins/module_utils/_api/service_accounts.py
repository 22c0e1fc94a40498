# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Service accounts of an organization, their projects and access lists.

All shapes are from the reference only; no response of the real service was recorded.
"""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing

_COLLECTION = "serviceAccounts"


def get(client: AtlasClient, org_id: str, service_account_id: str) -> dict[str, t.Any]:
    """One service account."""
    return _without_secrets(client.get("orgs", org_id, _COLLECTION, service_account_id, id_field="clientId"))


def list_all(client: AtlasClient, org_id: str, include_system_managed: bool = False) -> Listing:
    """Every service account of the organization, in Atlas' order."""
    query: dict[str, t.Any] = {"includeSystemManaged": "true"} if include_system_managed else {}
    what = f"service accounts of the organization {org_id}"
    return client.list("orgs", org_id, _COLLECTION, what=what, **query).convert(_without_secrets)


def list_projects(client: AtlasClient, org_id: str, service_account_id: str) -> Listing:
    """The projects that a service account is assigned to: ``groupId``, and its ``roles`` there, which are strings."""
    what = f"projects of the service account {service_account_id}"
    return client.list("orgs", org_id, _COLLECTION, service_account_id, "groups", what=what)


def list_access_list(client: AtlasClient, org_id: str, service_account_id: str) -> Listing:
    """The entries of a service account's access list."""
    what = f"access list entries of the service account {service_account_id}"
    return client.list("orgs", org_id, _COLLECTION, service_account_id, "accessList", what=what)


def role_assignments(org_id: str, account: dict[str, t.Any]) -> list[dict[str, t.Any]] | None:
    """The roles of an ACCOUNT in the form that those of an API key have; None if not all of them came.

    :param account: in snake_case. If it has ``projects``, the roles in these are included.
    """
    places: list[tuple[str, t.Any, t.Any]] = [("org_id", org_id, account.get("roles"))]
    places += [("group_id", each.get("group_id"), each.get("roles")) for each in account.get("projects") or []]
    if not all(isinstance(roles, list) for _field, _identifier, roles in places):
        return None
    return [
        # Objects, as API keys have them, are left as they are.
        role if isinstance(role, dict) else {field: identifier, "role_name": role}
        for field, identifier, roles in places
        for role in roles
    ]


def _without_secrets(account: dict[str, t.Any]) -> dict[str, t.Any]:
    """ACCOUNT without whole secrets. Atlas shows a secret once, when it is made, and has no reason to send it here."""
    secrets = account.get("secrets")
    if not isinstance(secrets, list):
        return account
    return {**account, "secrets": [_without_secret(each) if isinstance(each, dict) else each for each in secrets]}


def _without_secret(secret: dict[str, t.Any]) -> dict[str, t.Any]:
    return {field: value for field, value in secret.items() if field != "secret"}
