# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The API keys that have a role in a project."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.parser import Entry
from atlas_emulator.rate_limits import PROJECT_API_KEYS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.api_keys import (
    DESCRIPTION,
    ApiKey,
    add_key,
    key_not_found,
    key_url,
    respond_with_keys,
    serialize_key,
)
from atlas_emulator.resources.api_keys import RESOURCE as API_KEYS
from atlas_emulator.resources.events import record_event
from atlas_emulator.resources.projects import find_managed_project, find_read_project
from atlas_emulator.responses import respond, respond_with_nothing
from atlas_emulator.roles import Role, Roles, parse_project_roles


def list_project_keys(call: Call, project_id: str) -> Response:
    """``GET /groups/{groupId}/apiKeys``: the keys with all their roles (wire), for Project Read Only (reference).

    Any role in the project includes it.
    """
    org_id = find_read_project(call, project_id)
    keys = [key for key in call.list(API_KEYS, org_id) if any(role.group_id == project_id for role in key.roles)]
    return respond_with_keys(call, keys)


def _find_key(call: Call, project_id: str, key_id: str) -> ApiKey:
    """Return the key in the path if the caller is an owner of the project or of its organization (reference)."""
    org_id = find_managed_project(call, project_id)
    call.check_id(key_id)
    key = call.table(API_KEYS).get(org_id, key_id)
    if key is None:
        raise key_not_found(call, key_id, "organization")
    return key


def _put_roles(call: Call, key: ApiKey, project_id: str, roles: Roles) -> ApiKey:
    """Replace the key's roles in the project and keep its others, `ORG_MEMBER` included (wire)."""
    others = tuple(role for role in key.roles if role.group_id != project_id)
    key = replace(key, roles=others + roles)
    call.table(API_KEYS).put(call.caller.org.id, key)
    return key


def _is_in_project(key: ApiKey, project_id: str) -> bool:
    return any(role.group_id == project_id for role in key.roles)


def create_project_key(call: Call, project_id: str) -> Response:
    """``POST /groups/{groupId}/apiKeys``: 200, with the whole private key, and `ORG_MEMBER` among the roles (wire).

    It needs Project Access Manager (reference), which a project's owner includes; the name of that role is not known.
    """
    org_id = find_managed_project(call, project_id)
    body = call.body()
    desc, roles = body.text("desc", pattern=DESCRIPTION), _roles(body, project_id)
    key = add_key(call, org_id, desc, (*roles, Role("ORG_MEMBER", org_id=org_id)))
    record_event(call, "API_KEY_ADDED_TO_GROUP", target_public_key=key.public_key, group_id=project_id)
    return respond(serialize_key(key, key_url(call, key), whole=True))


def assign_key(call: Call, project_id: str, key_id: str) -> Response:
    """``POST /groups/{groupId}/apiKeys/{apiUserId}``: 204 (reference), the second time 400 (report)."""
    roles = tuple(role for body in call.bodies() for role in _roles(body, project_id))
    key = _find_key(call, project_id, key_id)
    if _is_in_project(key, project_id):
        raise APIError(400, "API_KEY_ALREADY_IN_GROUP", "The API key is in the project already.", [key_id])
    _put_roles(call, key, project_id, roles)
    details = {"target_public_key": key.public_key, "group_id": project_id}
    record_event(call, "API_KEY_ADDED_TO_GROUP", **details)
    return respond_with_nothing()


def _roles(body: Entry, project_id: str) -> Roles:
    roles = parse_project_roles(body, project_id)
    body.finish()
    return roles


def set_roles(call: Call, project_id: str, key_id: str) -> Response:
    """``PATCH /groups/{groupId}/apiKeys/{apiUserId}``: 200 (wire). Here the key must be in the project already."""
    roles = _roles(call.body(), project_id)
    key = _find_assigned_key(call, project_id, key_id)
    key = _put_roles(call, key, project_id, roles)
    record_event(call, "API_KEY_ROLES_CHANGED", target_public_key=key.public_key, group_id=project_id)
    return respond(serialize_key(key, key_url(call, key)))


def unassign_key(call: Call, project_id: str, key_id: str) -> Response:
    """``DELETE /groups/{groupId}/apiKeys/{apiUserId}``: 204, and the key stays in the organization (wire)."""
    key = _put_roles(call, _find_assigned_key(call, project_id, key_id), project_id, ())
    record_event(call, "API_KEY_REMOVED_FROM_GROUP", target_public_key=key.public_key, group_id=project_id)
    return respond_with_nothing()


def _find_assigned_key(call: Call, project_id: str, key_id: str) -> ApiKey:
    """Return the key in the path if it is in the project. The error for another key is an assumption."""
    key = _find_key(call, project_id, key_id)
    if not _is_in_project(key, project_id):
        raise key_not_found(call, key_id, "project")
    return key


PATH = "/groups/<project_id>/apiKeys"

RESOURCE: Resource[ApiKey] = Resource(
    name="project_api_keys",
    routes=(
        Route(PATH, list_project_keys, PROJECT_API_KEYS),
        Route(PATH, create_project_key, PROJECT_API_KEYS, ("POST",)),
        Route(PATH + "/<key_id>", assign_key, PROJECT_API_KEYS, ("POST",)),
        Route(PATH + "/<key_id>", set_roles, PROJECT_API_KEYS, ("PATCH",)),
        Route(PATH + "/<key_id>", unassign_key, PROJECT_API_KEYS, ("DELETE",)),
    ),
)
