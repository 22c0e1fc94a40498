# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access lists of API keys, which the keys hold."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network
from urllib.parse import unquote

from flask import Response

from atlas_emulator.access_entries import AccessEntry
from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.parser import Entry, Json
from atlas_emulator.permissions import ORG_OWNERS, Caller
from atlas_emulator.rate_limits import API_KEYS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.api_keys import RESOURCE as API_KEY
from atlas_emulator.resources.api_keys import ApiKey, find_key
from atlas_emulator.resources.events import record_event
from atlas_emulator.responses import respond_with_nothing, respond_with_page, self_link
from atlas_emulator.times import format_time, now

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


def list_access_entries(call: Call, org_id: str, key_id: str) -> Response:
    """``GET /orgs/{orgId}/apiKeys/{apiUserId}/accessList``."""
    key = find_key(call, org_id, key_id)
    check_reader(call.caller, key)
    return respond_with_page(key.access_list, lambda entry, url: serialize_access_entry(entry, f"{url}/{entry.name}"))


def add_access_entries(call: Call, org_id: str, key_id: str) -> Response:
    """``POST …/accessList``: 200 with the whole list (wire). That an entry that exists is ignored is an assumption."""
    new = [_parse_new_entry(body) for body in call.bodies()]
    key = find_key(call, org_id, key_id, ORG_OWNERS)
    present = {entry.network for entry in key.access_list}
    added = tuple({entry.network: entry for entry in new if entry.network not in present}.values())
    key = replace(key, access_list=key.access_list + added)
    call.table(API_KEY).put(org_id, key)
    for entry in added:
        details = {"target_public_key": key.public_key, "whitelist_entry": entry.shown}
        record_event(call, "API_KEY_ACCESS_LIST_ENTRY_ADDED", **details)
    return respond_with_page(key.access_list, lambda entry, url: serialize_access_entry(entry, f"{url}/{entry.name}"))


def _parse_new_entry(body: Entry) -> AccessEntry:
    """Return the entry of a body, which has an `ipAddress` or a `cidrBlock` (reference)."""
    name = "ipAddress" if "ipAddress" in body else "cidrBlock"
    try:
        network = ip_network(body.text(name))
    except ValueError as error:
        raise body.error(name, str(error)) from error
    body.finish()
    return AccessEntry(network, 0, format_time(now()))


def delete_access_entry(call: Call, org_id: str, key_id: str, name: str) -> Response:
    """``DELETE …/accessList/{ipAddress}``: 204 (wire). Which error Atlas has for an unknown entry is not known."""
    key = find_key(call, org_id, key_id, ORG_OWNERS)
    entry = next((one for one in key.access_list if unquote(one.name) == name), None)
    if entry is None:
        raise APIError(404, "RESOURCE_NOT_FOUND", f"There is no entry {name} on the access list.", [name])
    if key.id == call.caller.key_id and ip_address(call.address) in entry.network:
        detail = "The caller's own address cannot be removed from its access list."
        raise APIError(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST", detail, [call.address])
    rest = tuple(one for one in key.access_list if one is not entry)
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
        Route(PATH + "/<path:name>", delete_access_entry, API_KEYS, ("DELETE",)),
    ),
)
