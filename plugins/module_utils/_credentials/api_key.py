# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""API keys of an organization, as a kind of credential."""

from __future__ import annotations

import types
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.creation_time import creation_time
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import is_object_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Credential,
    Managed,
    Params,
    Words,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, InvalidResponse, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

MAX_DESC = 250  # characters (documentation)


class ApiKey:
    """The kind ``API key``. See ``Kind`` for the methods."""

    words = Words(
        one="API key",
        many="API keys",
        kind="api_key",
        id_option="api_user_id",
        name_option="desc",
        secret="private key",
        secret_result="private_key",
    )
    max_per_org = 500
    max_entries: int | None = None
    environment: t.Mapping[str, str] = types.MappingProxyType(
        {
            "MONGODB_ATLAS_PUBLIC_API_KEY": "public_key",
            "MONGODB_ATLAS_PRIVATE_API_KEY": "private_key",
            "MONGODB_ATLAS_ORG_ID": "org_id",
        }
    )

    def __init__(self, client: AtlasClient) -> None:
        self.client = client

    # Reading

    def get(self, org_id: str, identifier: str) -> Credential:
        return api_keys.get(self.client, org_id, identifier)

    def list_all(self, org_id: str) -> Listing:
        return api_keys.list_all(self.client, org_id)

    def is_missing(self, error: APIError) -> bool:
        return error.status in (400, 404) and error.error_code == "API_KEY_NOT_FOUND"

    # What a response says

    def id_of(self, credential: Credential) -> str | None:
        identifier = credential.get("id")
        return t.cast(str, identifier) if is_object_id(identifier) else None

    def describe(self, credential: Credential) -> str:
        created = creation_time(credential.get("id"))
        details = f"public key {credential.get('publicKey')}" + (f", created {created} by its ID" if created else "")
        return f"{credential.get('id')} ({details})"

    def summary(self, credential: Credential) -> dict[str, t.Any]:
        return {
            "id": credential.get("id"),
            "public_key": credential.get("publicKey"),
            "desc": credential.get("desc"),
            "created_at": creation_time(credential.get("id")),
        }

    def managed(self, credential: Credential, org_id: str) -> Managed:
        roles = credential.get("roles")
        # A role without a place is taken for one in the organization. Otherwise, nobody would notice it.
        here = [each for each in api_keys.roles_of(credential) if not each.get("groupId")]
        names = {str(each.get("roleName")) for each in here if each.get("orgId") in (org_id, None)}
        return {"desc": credential.get("desc"), "roles": sorted(names) if isinstance(roles, list) else None}

    def project_roles(self, credential: Credential) -> set[str]:
        return api_keys.project_roles(credential)

    def is_own(self, credential: Credential) -> bool | None:
        # A bearer token always belongs to a service account, so it is never that of an API key.
        return bool(self.client.is_own(credential.get("publicKey")))

    def result(self, credential: Credential) -> dict[str, t.Any]:
        return to_snake_case(api_keys.redacted(credential))

    # Options

    def check(self, params: Params) -> None:
        if params["desc"] is not None:
            _check_desc(params["desc"])

    def wanted(self, params: Params) -> Managed:
        roles = params["roles"]
        return {"desc": params["desc"], "roles": None if roles is None else sorted(set(roles))}

    def check_creation(self, params: Params) -> None:
        pass  # roles are all that is required

    def has_secret(self, params: Params) -> bool:
        return True

    def planned(self, credential: Credential, after: Managed, org_id: str) -> dict[str, t.Any]:
        kept = [to_snake_case(role) for role in api_keys.roles_of(credential) if role.get("orgId") is None]
        roles = [{"org_id": org_id, "role_name": name} for name in after["roles"] or []]
        return {**to_snake_case(credential), "desc": after["desc"], "roles": roles + kept}

    # Writing

    def create(self, params: Params) -> Credential:
        wanted = self.wanted(params)
        return api_keys.create(self.client, params["org_id"], wanted["desc"], wanted["roles"])

    def finish_creation(self, params: Params, response: Credential) -> None:
        pass

    def secret_of(self, response: Credential) -> str | None:
        secret = response.get("privateKey")
        return secret if isinstance(secret, str) and secret and not secret.startswith("*") else None

    def secret_fields(self, response: Credential, org_id: str) -> dict[str, str | None]:
        return {
            "kind": self.words.kind,
            "org_id": org_id,
            "api_user_id": response.get("id"),
            "public_key": response.get("publicKey"),
            "private_key": self.secret_of(response),
            "desc": response.get("desc"),
            "created_at": creation_time(response.get("id")),
        }

    def creation_result(self, response: Credential) -> dict[str, t.Any]:
        return {}

    def update(self, org_id: str, identifier: str, changes: Managed) -> Credential:
        return api_keys.update(self.client, org_id, identifier, changes)

    def delete(self, org_id: str, identifier: str) -> None:
        api_keys.delete(self.client, org_id, identifier)

    # Access list

    def list_entries(self, org_id: str, identifier: str) -> Listing:
        return api_keys.list_access_list(self.client, org_id, identifier)

    def add_entries(self, org_id: str, identifier: str, networks: t.Sequence[Network]) -> dict[str, t.Any]:
        return api_keys.add_to_access_list(self.client, org_id, identifier, networks)

    def remove_entry(self, org_id: str, identifier: str, text: str) -> None:
        api_keys.remove_from_access_list(self.client, org_id, identifier, text)

    def last_use(self, entry: dict[str, t.Any]) -> tuple[str, str] | None:
        address = entry.get("lastUsedAddress")
        return (str(entry.get("lastUsed") or ""), str(address)) if address else None

    # Projects

    def list_of_project(self, project_id: str) -> Listing:
        return api_keys.list_of_project(self.client, project_id)

    def roles_in_project(self, credential: Credential, org_id: str, project_id: str) -> list[str] | None:
        if not isinstance(credential.get("roles"), list):
            raise InvalidResponse(f"The response about the API key {credential.get('id')} lacks its roles.", 200)
        return self.listed_roles(credential, project_id) or None

    def listed_roles(self, credential: Credential, project_id: str) -> list[str] | None:
        roles = api_keys.roles_of(credential)
        return sorted({str(each.get("roleName")) for each in roles if each.get("groupId") == project_id})

    def planned_in_project(self, credential: Credential, project_id: str, roles: t.Sequence[str]) -> dict[str, t.Any]:
        others = [to_snake_case(each) for each in api_keys.roles_of(credential) if each.get("groupId") != project_id]
        return {
            **self.result(credential),
            "roles": others + [{"group_id": project_id, "role_name": role} for role in roles],
        }

    def assign(self, project_id: str, identifier: str, roles: t.Sequence[str]) -> None:
        api_keys.assign_to_project(self.client, project_id, identifier, roles)

    def is_assigned_already(self, error: APIError) -> bool:
        return error.error_code == "API_KEY_ALREADY_IN_GROUP"

    def set_project_roles(self, project_id: str, identifier: str, roles: t.Sequence[str]) -> None:
        api_keys.set_project_roles(self.client, project_id, identifier, roles)

    def unassign(self, project_id: str, identifier: str) -> None:
        api_keys.remove_from_project(self.client, project_id, identifier)


def _check_desc(desc: str) -> None:
    if not 0 < len(desc) <= MAX_DESC:
        raise UsageError(f"desc has {len(desc)} characters; it must have 1 to {MAX_DESC}.")
    if desc != desc.strip():
        raise UsageError(
            f"desc is {shown(desc)}, with white space at its beginning or its end. Atlas may store it without, and then"
            " no later run would find the API key. Remove it."
        )
