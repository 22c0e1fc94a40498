# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data set's things as Atlas shows them (wire). `url` is always the absolute address of the thing itself."""

from __future__ import annotations

from atlas_emulator.model import AccessEntry, ApiKey, Org, Role
from atlas_emulator.reading import Json


def _self_link(url: str) -> list[Json]:
    return [{"href": url, "rel": "self"}]


def show_org(org: Org, url: str) -> Json:
    """An organization."""
    return {"id": org.id, "isDeleted": org.is_deleted, "links": _self_link(url), "name": org.name, **org.fields}


def show_key(key: ApiKey, url: str) -> Json:
    """An API key, its private half redacted but for the last 12 digits."""
    return {
        "desc": key.desc,
        "id": key.id,
        "links": _self_link(url),
        "privateKey": "********-****-****-" + key.private_key[-12:],
        "publicKey": key.public_key,
        "roles": [_show_role(role) for role in key.roles],
        **key.fields,
    }


def _show_role(role: Role) -> Json:
    if role.org_id is None:
        return {"groupId": role.group_id, "roleName": role.role_name}
    return {"orgId": role.org_id, "roleName": role.role_name}


def show_access_entry(entry: AccessEntry, url: str) -> Json:
    """An entry of an access list; one that was never used does not say when it was used."""
    shown = {"cidrBlock": str(entry.network), "count": entry.count, "created": entry.created, "links": _self_link(url)}
    # Whether Atlas gives an address for a block of many is not known; here it does not.
    if entry.address is not None:
        shown["ipAddress"] = entry.address
    if entry.last_used is not None:
        shown["lastUsed"] = entry.last_used
    if entry.last_used_address is not None:
        shown["lastUsedAddress"] = entry.last_used_address
    return shown | entry.fields
