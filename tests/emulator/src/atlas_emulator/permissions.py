# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what, and from which address."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from atlas_emulator.access_entries import AccessList, allows
from atlas_emulator.errors import APIError
from atlas_emulator.model import Org
from atlas_emulator.roles import Roles

ORG_OWNERS = frozenset({"ORG_OWNER"})

ORG_READERS = frozenset({"ORG_OWNER", "ORG_READ_ONLY"})
"""The roles that include Organization Read Only. That no other role does is an assumption."""


@dataclass(frozen=True)
class Caller:
    """The sender of a request.

    `name` is the public key, the client ID or the token; `key_id` is set for an API key. `access_list` is None for
    what cannot have one: the dataset's ready-made tokens.
    """

    name: str
    org: Org
    roles: Roles
    access_list: AccessList | None = None
    key_id: str | None = None

    def org_roles(self) -> set[str]:
        """Return the names of the caller's roles in its organization."""
        return {role.role_name for role in self.roles if role.org_id == self.org.id}

    def project_roles(self, project_id: str) -> set[str]:
        """Return the names of the caller's roles in a project."""
        return {role.role_name for role in self.roles if role.group_id == project_id}


def check_id(value: str, path: str) -> None:
    """Refuse an identifier in the path that is not 24 hexadecimal digits, such as a public key (report)."""
    if not re.fullmatch("[a-f0-9]{24}", value):
        raise malformed(path)


def malformed(path: str) -> APIError:
    """Return the error for a path with a malformed identifier (report)."""
    detail = f"One or more path parameter in the request URI {path} is malformed."
    return APIError(400, "PATH_PARAM_PARSE_ERROR", detail, [path])


def check_address(caller: Caller, address: str) -> None:
    """Refuse a caller whose access list does not contain its address (docs, report)."""
    if caller.access_list is None:
        return
    if not caller.access_list and caller.org.requires_access_list:
        # The text is not known, the address in the parameters is (report).
        detail = f"The organization requires an access list and the caller has none; its address is {address}."
        raise APIError(403, "ORG_REQUIRES_ACCESS_LIST", detail, [address])
    if caller.access_list and not allows(caller.access_list, address):
        detail = f"IP address {address} is not allowed to access this resource."
        raise APIError(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", detail, [address])


def check_role(caller: Caller, roles: Set[str]) -> None:
    """Refuse a caller that has none of these roles in its organization."""
    if not caller.org_roles() & roles:
        raise APIError(401, "USER_UNAUTHORIZED", "The caller lacks the role that this request needs.", [caller.org.id])


def check_org(caller: Caller, org_id: str) -> None:
    """Refuse a caller that does not belong to an organization or has no role in it.

    A caller of another organization gets the same 401 whether the organization exists or not. Which of its 401 codes
    Atlas uses when is not known: here that caller gets USER_CANNOT_ACCESS_ORG, and a caller that has only a role in a
    project gets USER_UNAUTHORIZED.
    """
    if caller.org.id != org_id:
        detail = "The caller is not authorized to access this organization."
        raise APIError(401, "USER_CANNOT_ACCESS_ORG", detail, [org_id])
    if not caller.org_roles():
        raise APIError(401, "USER_UNAUTHORIZED", "The caller has no role in this organization.", [org_id])
