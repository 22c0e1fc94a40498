# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The service accounts that have a role in a project."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.parser import Json
from atlas_emulator.permissions import ORG_OWNERS, check_role
from atlas_emulator.rate_limits import other_limit
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.events import record_event
from atlas_emulator.resources.projects import find_managed_project, find_project, find_read_project
from atlas_emulator.resources.service_accounts import RESOURCE as ACCOUNT
from atlas_emulator.resources.service_accounts import VERSION, get_account_of, serialize_account
from atlas_emulator.responses import respond, respond_with_nothing, respond_with_page
from atlas_emulator.roles import Roles, parse_project_roles
from atlas_emulator.service_account import ServiceAccount

LIMIT = other_limit("groups/{groupId}/serviceAccounts")


def _serialize(account: ServiceAccount, project_id: str) -> Json:
    """Return an account with the roles of the project (reference). That all else is the same is an assumption."""
    return serialize_account(account) | {"roles": [role.role_name for role in _roles_in(account, project_id)]}


def _roles_in(account: ServiceAccount, project_id: str) -> Roles:
    return tuple(role for role in account.roles if role.group_id == project_id)


def list_project_accounts(call: Call, project_id: str) -> Response:
    """``GET /groups/{groupId}/serviceAccounts``. The role that Atlas needs is not known."""
    accounts = call.list(ACCOUNT, find_read_project(call, project_id))
    here = [account for account in accounts if _roles_in(account, project_id)]
    return respond_with_page(here, lambda account, _url: _serialize(account, project_id), include_count=False)


def get_project_account(call: Call, project_id: str, client_id: str) -> Response:
    """``GET /groups/{groupId}/serviceAccounts/{clientId}``."""
    account = _find_assigned(call, find_read_project(call, project_id), project_id, client_id)
    return respond(_serialize(account, project_id))


def _find_assigned(call: Call, org_id: str, project_id: str, client_id: str) -> ServiceAccount:
    """Return the account in the path if it is in the project. The error for another one is not known."""
    account = get_account_of(call, org_id, client_id)
    if not _roles_in(account, project_id):
        detail = f"There is no service account {client_id} in the project."
        raise APIError(404, "RESOURCE_NOT_FOUND", detail, [client_id])
    return account


def _put_roles(call: Call, account: ServiceAccount, project_id: str, roles: Roles) -> ServiceAccount:
    """Replace the account's roles in the project and keep its others."""
    others = tuple(role for role in account.roles if role.group_id != project_id)
    account = replace(account, roles=others + roles)
    call.table(ACCOUNT).put(call.caller.org.id, account)
    return account


def invite_account(call: Call, project_id: str, client_id: str) -> Response:
    """``POST /groups/{groupId}/serviceAccounts/{clientId}:invite``: 200, there already 400 (client).

    It needs Organization Owner (reference).
    """
    found = find_project(call, project_id)
    check_role(call.caller, ORG_OWNERS)
    roles = _parse_body(call, project_id)
    account = get_account_of(call, found.org_id, client_id)
    if _roles_in(account, project_id):
        detail = "SERVICE_ACCOUNT_ALREADY_IN_GROUP: the service account is in the project already."
        raise APIError(400, "INVALID_ROLE_ASSIGNMENT", detail, [client_id])
    account = _put_roles(call, account, project_id, roles)
    record_event(call, "SERVICE_ACCOUNT_ADDED_TO_GROUP", group_id=project_id)
    return respond(_serialize(account, project_id))


def _parse_body(call: Call, project_id: str) -> Roles:
    body = call.body()
    roles = parse_project_roles(body, project_id)
    body.finish()
    return roles


def set_account_roles(call: Call, project_id: str, client_id: str) -> Response:
    """``PATCH /groups/{groupId}/serviceAccounts/{clientId}``: 200, the roles of this project (reference, client).

    Roles that the account has there already are refused (client).
    """
    org_id = find_managed_project(call, project_id)
    roles = _parse_body(call, project_id)
    account = _find_assigned(call, org_id, project_id, client_id)
    if set(roles) == set(_roles_in(account, project_id)):
        detail = "The service account has these roles already."
        raise APIError(400, "INVALID_ROLE_ASSIGNMENT", detail, [client_id])
    account = _put_roles(call, account, project_id, roles)
    record_event(call, "SERVICE_ACCOUNT_ROLES_CHANGED", group_id=project_id)
    return respond(_serialize(account, project_id))


def unassign_account(call: Call, project_id: str, client_id: str) -> Response:
    """``DELETE /groups/{groupId}/serviceAccounts/{clientId}``: 204; the credentials go on working (client)."""
    account = _find_assigned(call, find_managed_project(call, project_id), project_id, client_id)
    _put_roles(call, account, project_id, ())
    record_event(call, "SERVICE_ACCOUNT_REMOVED_FROM_GROUP", group_id=project_id)
    return respond_with_nothing()


PATH = "/groups/<project_id>/serviceAccounts"

RESOURCE: Resource[ServiceAccount] = Resource(
    name="project_service_accounts",
    routes=(
        Route(PATH, list_project_accounts, LIMIT, version=VERSION),
        Route(PATH + "/<client_id>", get_project_account, LIMIT, version=VERSION),
        Route(PATH + "/<client_id>:invite", invite_account, LIMIT, ("POST",), version=VERSION),
        Route(PATH + "/<client_id>", set_account_roles, LIMIT, ("PATCH",), version=VERSION),
        Route(PATH + "/<client_id>", unassign_account, LIMIT, ("DELETE",), version=VERSION),
    ),
)
