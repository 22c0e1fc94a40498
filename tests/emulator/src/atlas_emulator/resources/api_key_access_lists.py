# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access lists of API keys, which the keys hold."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from atlas_emulator.access_entries import AccessEntry
from atlas_emulator.access_list_writes import add_entries, find_entry, remove_entry
from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.parser import Json
from atlas_emulator.permissions import ORG_OWNERS, Caller
from atlas_emulator.rate_limits import API_KEYS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.api_keys import RESOURCE as API_KEY
from atlas_emulator.resources.api_keys import ApiKey, find_key, key_url
from atlas_emulator.resources.events import record_event
from atlas_emulator.responses import respond, respond_with_nothing, respond_with_page, self_link

READERS = frozenset({"ORG_OWNER", "ORG_USER_ADMIN"})
"""The roles that may read another key's access list; ORG_READ_ONLY may not (report)."""


def serialize_access_entry(entry: AccessEntry, url: str) -> Json:
    """Return an entry as Atlas writes it; one that was never used has no time and address of use (wire)."""
    content = {
        "cidrBlock": str(entry.network),
        "count": entry.count,
        "created": entry.created,
        "links": self_link(url),
    }
    # Whether Atlas adds an address to a block of several is not known; here it does not.
    if entry.address is not None:
        content["ipAddress"] = entry.address
    if entry.last_used is not None:
        content["lastUsed"] = entry.last_used
    if entry.last_used_address is not None:
        content["lastUsedAddress"] = entry.last_used_address
    return content | entry.fields


def check_reader(caller: Caller, key: ApiKey) -> None:
    """Refuse a caller that is neither the key itself nor an administrator (report, except for the text)."""
    if caller.key_id != key.id and not caller.org_roles() & READERS:
        detail = "The key itself and the organization's administrators may read the access list."
        raise APIError(401, "API_KEY_ACCESS_LIST_ACCESS_DENIED", detail)


def _respond(call: Call, key: ApiKey) -> Response:
    url = f"{key_url(call, key)}/accessList"
    return respond_with_page(key.access_list, lambda entry, _url: serialize_access_entry(entry, f"{url}/{entry.name}"))


def list_access_entries(call: Call, org_id: str, key_id: str) -> Response:
    """``GET /orgs/{orgId}/apiKeys/{apiUserId}/accessList``."""
    key = find_key(call, org_id, key_id)
    check_reader(call.caller, key)
    return _respond(call, key)


def get_access_entry(call: Call, org_id: str, key_id: str, name: str) -> Response:
    """``GET …/accessList/{ipAddress}``: one entry (reference)."""
    key = find_key(call, org_id, key_id)
    check_reader(call.caller, key)
    entry = find_entry(key.access_list, name)
    return respond(serialize_access_entry(entry, f"{key_url(call, key)}/accessList/{entry.name}"))


def add_access_entries(call: Call, org_id: str, key_id: str) -> Response:
    """``POST …/accessList``: 200 with the whole list (wire)."""
    key = find_key(call, org_id, key_id, ORG_OWNERS)
    access_list, added = add_entries(call, key.access_list)
    key = replace(key, access_list=access_list)
    call.table(API_KEY).put(org_id, key)
    for entry in added:
        details = {"target_public_key": key.public_key, "whitelist_entry": entry.shown}
        record_event(call, "API_KEY_ACCESS_LIST_ENTRY_ADDED", **details)
    return _respond(call, key)


def delete_access_entry(call: Call, org_id: str, key_id: str, name: str) -> Response:
    """``DELETE …/accessList/{ipAddress}``: 204 (wire)."""
    key = find_key(call, org_id, key_id, ORG_OWNERS)
    rest, entry = remove_entry(call, key.access_list, name, key.id == call.caller.key_id)
    call.table(API_KEY).put(org_id, replace(key, access_list=rest))
    details = {"target_public_key": key.public_key, "whitelist_entry": entry.shown}
    record_event(call, "API_KEY_ACCESS_LIST_ENTRY_DELETED", **details)
    return respond_with_nothing()


PATH = "/orgs/<org_id>/apiKeys/<key_id>/accessList"

RESOURCE: Resource[AccessEntry] = Resource(
    name="api_key_access_lists",
    routes=(
        Route(PATH, list_access_entries, API_KEYS),
        Route(PATH, add_access_entries, API_KEYS, ("POST",)),
        Route(PATH + "/<path:name>", get_access_entry, API_KEYS),
        Route(PATH + "/<path:name>", delete_access_entry, API_KEYS, ("DELETE",)),
    ),
)
