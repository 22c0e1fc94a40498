# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what, and from where."""

from __future__ import annotations

import re

from atlas_emulator.directory import Caller
from atlas_emulator.errors import Refusal
from atlas_emulator.model import ApiKey, Org, allows

ACCESS_LIST_READERS = frozenset({"ORG_OWNER", "ORG_USER_ADMIN"})
"""The roles that may read another key's access list; ORG_READ_ONLY may not (report)."""


def check_id(name: str, value: str) -> None:
    """Refuse an identifier in the path that is not 24 hex digits, such as a public key (report)."""
    if not re.fullmatch("[a-f0-9]{24}", value):
        detail = f"The path parameter {name} is not 24 hexadecimal digits: {value}"
        raise Refusal(400, "PATH_PARAM_PARSE_ERROR", detail, [name, value])


def check_address(caller: Caller, address: str) -> None:
    """Refuse a caller whose access list does not let it come from its address (docs)."""
    if caller.access_list is None:
        return
    if not caller.access_list and caller.org.requires_access_list:
        detail = f"The organization demands an access list and the caller has none; it came from {address}."
        raise Refusal(403, "ORG_REQUIRES_ACCESS_LIST", detail, [address])
    if caller.access_list and not allows(caller.access_list, address):
        detail = f"IP address {address} is not on the caller's access list."
        raise Refusal(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", detail, [address])


def own_org(caller: Caller, org_id: str) -> Org:
    """Return the caller's organization if that is the one it asks for and it may.

    A stranger gets the same 401 for an organization that exists and for one that does not. Which of its 401 codes
    Atlas uses when is not known: here a stranger gets USER_CANNOT_ACCESS_ORG, a caller that has a role in a project
    alone USER_UNAUTHORIZED.
    """
    if caller.org.id != org_id:
        detail = "The caller is not authorized to access this organization."
        raise Refusal(401, "USER_CANNOT_ACCESS_ORG", detail, [org_id])
    if not caller.org_roles():
        raise Refusal(401, "USER_UNAUTHORIZED", "The caller has no role in this organization.", [org_id])
    return caller.org


def check_access_list_reader(caller: Caller, key: ApiKey) -> None:
    """Refuse to show a key's access list to anybody but itself and the administrators (report)."""
    if caller.key_id != key.id and not caller.org_roles() & ACCESS_LIST_READERS:
        detail = "The access list is shown to the key itself and to administrators of the organization."
        raise Refusal(401, "API_KEY_ACCESS_LIST_ACCESS_DENIED", detail, [key.id])
