# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The changes to one API key: its creation, its update, its deletion.

``params`` are the options of ``org_api_key``. Each function checks all that can be checked before
anything is changed; the ``Change`` that it returns makes the change.
"""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change, confirm
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.create import Creation
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import FORMATS, SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import (
    NetworkListOption,
    parse_networks,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.roles import org_role_list

# The options that a new key needs, in each module that creates one. None of them is a secret, whatever its name.
CREATION_OPTIONS: dict[str, dict[str, t.Any]] = {
    "roles": org_role_list(other_module="project_api_key"),
    "access_list": NetworkListOption(default=[]),
    "secret_file": {"type": "path", "no_log": False},
    "secret_format": {"type": "str", "choices": list(FORMATS), "default": "json", "no_log": False},
    "secret_vault_id": {"type": "str", "no_log": False},
}

_MAX_DESC = 250  # characters (documentation)

Key = dict[str, t.Any]


def check_desc(desc: str) -> None:
    """Refuse a description that Atlas would not take.

    :raises UsageError: with its length.
    """
    if not 0 < len(desc) <= _MAX_DESC:
        raise UsageError(f"desc has {len(desc)} characters; it must have 1 to {_MAX_DESC}.")


def all_keys(client: AtlasClient, org_id: str) -> list[Key]:
    """All API keys of the organization.

    :raises AtlasError: if the list may be incomplete: a key that is not in it may exist.
    """
    return api_keys.list_all(client, org_id).require_complete("which API keys exist")


def find_by_desc(keys: t.Iterable[Key], desc: str) -> Key | None:
    """The one of KEYS that has this description; None if there is none.

    :raises UsageError: if there are several: Atlas does not keep descriptions unique (reference).
    :raises InvalidResponse: if it has no ID.
    """
    same = [key for key in keys if key.get("desc") == desc]
    if len(same) > 1:
        raise UsageError(f"Several API keys have the description {desc!r}: {api_keys.listed(same)}. Give api_user_id.")
    for key in same:
        api_keys.id_of(key)
    return same[0] if same else None


def get_if_exists(client: AtlasClient, org_id: str, api_user_id: str) -> Key | None:
    """The API key with this ID; None if there is none."""
    try:
        return api_keys.get(client, org_id, api_user_id)
    except APIError as error:
        if error.error_code == "API_KEY_NOT_FOUND":
            return None
        raise


def creation(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Create a key, and keep its private key. No key may have its description."""
    if not params["roles"]:
        raise UsageError(f"No API key has the description {params['desc']!r}. To create one, give roles.")
    networks = sorted(parse_networks("access_list", params["access_list"]), key=str)
    path = params["secret_file"]
    file = SecretFile(path, params["secret_format"], params["secret_vault_id"]) if path else None
    if file:
        file.check()
    after = {**wanted_of(params), "access_list": [str(each) for each in networks]}
    written = {"secret_file": path} if path else {}

    def apply() -> dict[str, t.Any]:
        new = Creation(client, params["org_id"], after["desc"], after["roles"], networks, file).carry_out()
        returned = {"private_key": new["privateKey"]} if params["return_secret"] else {}
        return {"api_key": to_snake_case(api_keys.redacted(new)), **written, **returned}

    planned = {"desc": after["desc"], "roles": org_roles(params, after["roles"])}
    return Change({}, after, apply, planned={"api_key": planned, **written})


def lacks_its_file(params: dict[str, t.Any]) -> bool:
    """Whether a key that exists should have its private key in a file that does not."""
    path = params["secret_file"]
    return bool(path and not params["api_user_id"] and not SecretFile(path, "json", None).exists)


def update(client: AtlasClient, params: dict[str, t.Any], key: Key) -> Change:
    """Change what differs."""
    before = api_keys.managed_fields(key, params["org_id"])
    after = {**before, **{name: wanted for name, wanted in wanted_of(params).items() if wanted is not None}}
    loses_owner = "ORG_OWNER" in before["roles"] and "ORG_OWNER" not in after["roles"]
    if loses_owner and client.is_own(key.get("publicKey")) and not params["allow_self"]:
        raise UsageError(
            f"{key['id']} is the API key that this task uses. To take the role ORG_OWNER from it, set allow_self: true."
        )
    changes = {name: after[name] for name in after if after[name] != before[name]}

    def apply() -> dict[str, t.Any]:
        def read() -> Key:
            return api_keys.get(client, params["org_id"], key["id"])

        responses: list[Key] = []
        confirm(
            lambda: responses.append(api_keys.update(client, params["org_id"], key["id"], changes)),
            lambda: api_keys.managed_fields(read(), params["org_id"]) == after,
        )
        changed = next((response for response in responses if response.get("id") == key["id"]), None) or read()
        if lost := api_keys.project_roles(key) - api_keys.project_roles(changed):
            client.warnings.append(f"The API key {key['id']} has lost roles in projects: {', '.join(sorted(lost))}.")
        return {"api_key": to_snake_case(changed)}

    planned = {**to_snake_case(key), "desc": after["desc"]}
    if "roles" in changes:
        kept = [to_snake_case(role) for role in api_keys.roles_of(key) if role.get("orgId") is None]
        planned["roles"] = org_roles(params, after["roles"]) + kept
    return Change(before, after, apply, planned={"api_key": planned})


def deletion(client: AtlasClient, params: dict[str, t.Any], key: Key) -> Change:
    """Delete a key."""
    organization, api_user_id = params["org_id"], key["id"]
    if client.is_own(key.get("publicKey")) and not params["allow_self"]:
        raise UsageError(f"{api_user_id} is the API key that this task uses. To delete it, set allow_self: true.")
    deleted = {"deleted_api_user_id": api_user_id}

    def apply() -> dict[str, t.Any]:
        try:
            confirm(
                lambda: api_keys.delete(client, organization, api_user_id),
                lambda: get_if_exists(client, organization, api_user_id) is None,
            )
        except APIError as error:
            if error.error_code != "API_KEY_NOT_FOUND":  # gone meanwhile
                raise
        return deleted

    return Change(api_keys.managed_fields(key, organization), {}, apply, planned=deleted)


def org_roles(params: dict[str, t.Any], names: list[str]) -> list[dict[str, t.Any]]:
    """Roles in the organization, as results have them."""
    return [{"org_id": params["org_id"], "role_name": name} for name in names]


def wanted_of(params: dict[str, t.Any]) -> dict[str, t.Any]:
    """What the options want of a key, in the form of ``managed_fields``; None for what is not managed."""
    return {"desc": params["desc"], "roles": None if params["roles"] is None else sorted(set(params["roles"]))}
