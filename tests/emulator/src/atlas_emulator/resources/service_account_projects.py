# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The projects in which a service account has roles."""

from __future__ import annotations

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.service_accounts import LIMIT, VERSION, find_account
from atlas_emulator.responses import respond_with_page

ProjectRoles = tuple[str, list[str]]
"""The ID of a project and the names of the roles in it."""


def list_account_projects(call: Call, org_id: str, client_id: str) -> Response:
    """``GET /orgs/{orgId}/serviceAccounts/{clientId}/groups`` (reference)."""
    roles: dict[str, list[str]] = {}
    for role in find_account(call, org_id, client_id).roles:
        if role.group_id is not None:
            roles.setdefault(role.group_id, []).append(role.role_name)
    return respond_with_page(
        list(roles.items()), lambda item, _url: {"groupId": item[0], "roles": item[1]}, include_count=False
    )


RESOURCE: Resource[ProjectRoles] = Resource(
    name="service_account_projects",
    routes=(Route("/orgs/<org_id>/serviceAccounts/<client_id>/groups", list_account_projects, LIMIT, version=VERSION),),
)
