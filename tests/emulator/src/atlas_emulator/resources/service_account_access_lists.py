# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access lists of service accounts, which the accounts hold. Their fields have other names than those of keys."""

from __future__ import annotations

from flask import Response

from atlas_emulator.access_entries import AccessEntry
from atlas_emulator.call import Call
from atlas_emulator.parser import Json
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.service_accounts import LIMIT, VERSION, find_account
from atlas_emulator.responses import respond_with_page


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


def list_access_entries(call: Call, org_id: str, client_id: str) -> Response:
    """``GET /orgs/{orgId}/serviceAccounts/{clientId}/accessList``."""
    entries = find_account(call, org_id, client_id).access_list
    return respond_with_page(entries, lambda entry, _url: serialize_access_entry(entry), include_count=False)


RESOURCE: Resource[AccessEntry] = Resource(
    name="service_account_access_lists",
    routes=(
        Route("/orgs/<org_id>/serviceAccounts/<client_id>/accessList", list_access_entries, LIMIT, version=VERSION),
    ),
)
