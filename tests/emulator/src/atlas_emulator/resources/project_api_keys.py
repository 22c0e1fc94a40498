# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API keys that have a role in a project."""

from __future__ import annotations

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.permissions import ORG_READERS, check_role
from atlas_emulator.rate_limits import PROJECT_API_KEYS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.api_keys import RESOURCE as API_KEYS
from atlas_emulator.resources.api_keys import ApiKey, serialize_key
from atlas_emulator.resources.projects import find_project
from atlas_emulator.responses import respond_with_page


def list_project_keys(call: Call, project_id: str) -> Response:
    """``GET /groups/{groupId}/apiKeys``: the keys with all their roles (wire), for Project Read Only (reference).

    Any role in the project includes it. The address in a key's link is not known.
    """
    found = find_project(call, project_id)
    if not call.caller.project_roles(project_id):
        check_role(call.caller, ORG_READERS)
    keys = [
        key for key in call.table(API_KEYS).list(found.org_id) if any(role.group_id == project_id for role in key.roles)
    ]
    return respond_with_page(keys, lambda key, url: serialize_key(key, f"{url}/{key.id}"))


RESOURCE: Resource[ApiKey] = Resource(
    name="project_api_keys",
    routes=(Route("/groups/<project_id>/apiKeys", list_project_keys, PROJECT_API_KEYS),),
)
