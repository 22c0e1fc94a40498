# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access lists of service accounts, which the accounts hold."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from atlas_emulator.access_entries import AccessEntry, AccessList
from atlas_emulator.access_list_writes import MAX_ENTRIES, add_entries, remove_entry
from atlas_emulator.call import Call
from atlas_emulator.parser import Json
from atlas_emulator.permissions import ORG_OWNERS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.events import record_event
from atlas_emulator.resources.service_accounts import LIMIT, VERSION, find_account
from atlas_emulator.resources.service_accounts import RESOURCE as ACCOUNT
from atlas_emulator.responses import respond_with_nothing, respond_with_page


def serialize_access_entry(entry: AccessEntry) -> Json:
    """Return an entry (reference). That `ipAddress` is absent from a block of several addresses is an assumption."""
    content = {
        "cidrBlock": str(entry.network),
        "createdAt": entry.created,
        "lastUsedAddress": entry.last_used_address,
        "lastUsedAt": entry.last_used,
        "requestCount": entry.count,
    }
    if entry.address is not None:
        content["ipAddress"] = entry.address
    return content | entry.fields


def _respond(entries: AccessList) -> Response:
    return respond_with_page(entries, lambda entry, _url: serialize_access_entry(entry), include_count=False)


def list_access_entries(call: Call, org_id: str, client_id: str) -> Response:
    """``GET /orgs/{orgId}/serviceAccounts/{clientId}/accessList``."""
    return _respond(find_account(call, org_id, client_id).access_list)


def add_access_entries(call: Call, org_id: str, client_id: str) -> Response:
    """``POST …/accessList``: 200 with a page of the whole list (reference, client)."""
    account = find_account(call, org_id, client_id, ORG_OWNERS)
    access_list, added = add_entries(call, account.access_list, MAX_ENTRIES)
    call.table(ACCOUNT).put(org_id, replace(account, access_list=access_list))
    for entry in added:
        record_event(call, "SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED", whitelist_entry=entry.shown)
    return _respond(access_list)


def delete_access_entry(call: Call, org_id: str, client_id: str, name: str) -> Response:
    """``DELETE …/accessList/{ipAddress}``: 204 (reference)."""
    account = find_account(call, org_id, client_id, ORG_OWNERS)
    rest, entry = remove_entry(call, account.access_list, name, call.is_caller(account))
    call.table(ACCOUNT).put(org_id, replace(account, access_list=rest))
    record_event(call, "SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED", whitelist_entry=entry.shown)
    return respond_with_nothing()


PATH = "/orgs/<org_id>/serviceAccounts/<client_id>/accessList"

RESOURCE: Resource[AccessEntry] = Resource(
    name="service_account_access_lists",
    routes=(
        Route(PATH, list_access_entries, LIMIT, version=VERSION),
        Route(PATH, add_access_entries, LIMIT, ("POST",), version=VERSION),
        Route(PATH + "/<path:name>", delete_access_entry, LIMIT, ("DELETE",), version=VERSION),
    ),
)
