# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An organization's service accounts."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Set
from dataclasses import replace

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.generator import Plan
from atlas_emulator.parser import Entry, Json
from atlas_emulator.permissions import ORG_OWNERS, ORG_READERS
from atlas_emulator.rate_limits import other_limit
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.events import add_made_up_event, record_event
from atlas_emulator.resources.org_settings import settings_of
from atlas_emulator.responses import respond, respond_with_nothing, respond_with_page
from atlas_emulator.roles import parse_org_roles
from atlas_emulator.service_account import Secret, ServiceAccount, generate_accounts, parse_accounts
from atlas_emulator.times import format_time, hours_from_now, now

VERSION = "2024-08-05"
LIMIT = other_limit("orgs/{orgId}/serviceAccounts")

MAX_ACCOUNTS = 200
"""The limit of an organization (docs). A dataset may have more."""

MAX_NAME = 64
MAX_DESCRIPTION = 250
MIN_HOURS = 8
"""The shortest validity of a secret (docs, reference); the longest one is a setting of the organization."""


def _generate(plan: Plan) -> None:
    """Add service accounts to a plan, each with the event of its creation."""
    generate_accounts(plan)
    for account in plan.items["service_accounts"]:
        add_made_up_event(plan, account.created_at, "SERVICE_ACCOUNT_CREATED", username="administrator@example.com")


def serialize_account(account: ServiceAccount) -> dict[str, Json]:
    """Return a service account: its roles are strings, and it has no `id` and no `links` (reference)."""
    return {
        "clientId": account.client_id,
        "createdAt": account.created_at,
        "description": account.description,
        "name": account.name,
        "roles": [role.role_name for role in account.roles if role.org_id is not None],
        "secrets": [serialize_secret(secret) for secret in account.secrets],
        "systemManaged": account.system_managed,
        **account.fields,
    }


def serialize_secret(secret: Secret) -> dict[str, Json]:
    """Return a secret, masked. How Atlas masks it is not known."""
    return {
        "createdAt": secret.created_at,
        "expiresAt": secret.expires_at,
        "id": secret.id,
        "lastUsedAt": secret.last_used_at,
        "maskedSecretValue": f"mdb_sa_sk_{'*' * 16}{secret.value[-4:]}",
    }


def find_account(call: Call, org_id: str, client_id: str, roles: Set[str] = ORG_READERS) -> ServiceAccount:
    """Return the service account in the path if the caller has one of these roles."""
    return get_account_of(call, call.org(org_id, roles).id, client_id)


def get_account_of(call: Call, org_id: str, client_id: str) -> ServiceAccount:
    """Return an organization's service account. Atlas' error for one that does not exist is not known."""
    account = call.table(RESOURCE).get(org_id, client_id)
    if account is None:
        detail = f"There is no service account {client_id} in the organization."
        raise APIError(404, "RESOURCE_NOT_FOUND", detail, [client_id])
    return account


def list_accounts(call: Call, org_id: str) -> Response:
    """``GET /orgs/{orgId}/serviceAccounts``."""
    accounts = call.list(RESOURCE, call.org(org_id, ORG_READERS).id)
    if not call.flag("includeSystemManaged", False):
        accounts = [account for account in accounts if not account.system_managed]
    return respond_with_page(accounts, lambda account, _url: serialize_account(account), include_count=False)


def get_account(call: Call, org_id: str, client_id: str) -> Response:
    """``GET /orgs/{orgId}/serviceAccounts/{clientId}``."""
    return respond(serialize_account(find_account(call, org_id, client_id)))


def create_account(call: Call, org_id: str) -> Response:
    """``POST /orgs/{orgId}/serviceAccounts``: 201, with the whole secret if there is one (reference, client).

    That the initial secret has no event of its own is an assumption.
    """
    org_id = call.org(org_id, ORG_OWNERS).id
    body = call.body()
    name = parse_text(body, "name", MAX_NAME)
    description = parse_text(body, "description", MAX_DESCRIPTION)
    roles = parse_org_roles(body, org_id)
    hours = _parse_initial_hours(call, body, org_id)
    body.finish()
    if len(call.table(RESOURCE).list(org_id)) >= MAX_ACCOUNTS:
        # Atlas' status and code are not known.
        raise APIError(400, None, f"The organization has {MAX_ACCOUNTS} service accounts.", [MAX_ACCOUNTS])
    client_id = "mdb_sa_id_" + call.identities.object_id()
    secrets = () if hours is None else (make_secret(call, hours),)
    account = ServiceAccount(client_id, name, roles, secrets, description=description, created_at=format_time(now()))
    call.table(RESOURCE).put(org_id, account)
    record_event(call, "SERVICE_ACCOUNT_CREATED")
    content = serialize_account(account)
    content["secrets"] = [serialize_secret(secret) | {"secret": secret.value} for secret in secrets]
    return respond(content, 201)


def parse_text(body: Entry, name: str, longest: int) -> str:
    """Return a name or description: letters and digits of any script, and a few other characters (reference)."""
    text = body.text(name)
    if not 1 <= len(text) <= longest:
        raise body.error(name, f"1 to {longest} characters are needed, not {len(text)}")
    for character in text:
        if character not in "-_.,' " and unicodedata.category(character)[0] not in "LN":
            raise body.error(name, f"{character!r} is not allowed")
    return text


def _parse_initial_hours(call: Call, body: Entry, org_id: str) -> int | None:
    """Return the validity of the initial secret, None if there is none.

    `withoutInitialSecret` and the hours exclude each other, and one is required (reference, docs). A server that does
    not know the former refuses it (setting `without_initial_secret: refused`) or makes a secret all the same
    (`ignored`), here one that lives as long as possible; which of these an old Atlas does is not known.
    """
    handling = call.state.settings.without_initial_secret
    without = handling != "refused" and body.flag("withoutInitialSecret", False)
    if not without:
        return parse_hours(call, body, org_id)
    if "secretExpiresAfterHours" in body:
        raise body.error("secretExpiresAfterHours", "withoutInitialSecret excludes it")
    return None if handling == "known" else settings_of(call, org_id).max_secret_validity_hours


def parse_hours(call: Call, body: Entry, org_id: str) -> int:
    """Return the validity of a secret, at most the organization's maximum (docs). Atlas' code above it is not known."""
    hours = body.whole("secretExpiresAfterHours", least=MIN_HOURS)
    most = settings_of(call, org_id).max_secret_validity_hours
    if hours > most:
        raise body.error("secretExpiresAfterHours", f"at most {most} hours are allowed, not {hours}")
    return hours


def make_secret(call: Call, hours: int) -> Secret:
    """Return a new secret."""
    new = call.identities
    return Secret(
        new.object_id(), new.client_secret(), format_time(now()), hours_from_now(hours), made_at=time.monotonic()
    )


def update_account(call: Call, org_id: str, client_id: str) -> Response:
    """``PATCH /orgs/{orgId}/serviceAccounts/{clientId}``: 200, any of the fields (reference)."""
    body = call.body()
    account = old = find_account(call, org_id, client_id, ORG_OWNERS)
    if "name" in body:
        account = replace(account, name=parse_text(body, "name", MAX_NAME))
    if "description" in body:
        none = body.value("description") is None
        account = replace(account, description=None if none else parse_text(body, "description", MAX_DESCRIPTION))
    if "roles" in body:
        account = replace(account, roles=call.with_org_roles(account.roles, parse_org_roles(body, org_id)))
    body.finish()
    call.table(RESOURCE).put(org_id, account)
    if (account.name, account.description) != (old.name, old.description):
        record_event(call, "SERVICE_ACCOUNT_DETAILS_CHANGED")
    if set(account.roles) != set(old.roles):
        record_event(call, "SERVICE_ACCOUNT_ROLES_CHANGED")
    return respond(serialize_account(account))


def delete_account(call: Call, org_id: str, client_id: str) -> Response:
    """``DELETE /orgs/{orgId}/serviceAccounts/{clientId}``: 204 (reference)."""
    account = find_account(call, org_id, client_id, ORG_OWNERS)
    call.table(RESOURCE).remove(account.client_id)
    record_event(call, "SERVICE_ACCOUNT_DELETED")
    return respond_with_nothing()


PATH = "/orgs/<org_id>/serviceAccounts"

RESOURCE: Resource[ServiceAccount] = Resource(
    name="service_accounts",
    routes=(
        Route(PATH, list_accounts, LIMIT, version=VERSION, query=("includeSystemManaged",)),
        Route(PATH, create_account, LIMIT, ("POST",), version=VERSION),
        Route(PATH + "/<client_id>", get_account, LIMIT, version=VERSION),
        Route(PATH + "/<client_id>", update_account, LIMIT, ("PATCH",), version=VERSION),
        Route(PATH + "/<client_id>", delete_account, LIMIT, ("DELETE",), version=VERSION),
    ),
    parse=parse_accounts,
    generate=_generate,
    counts={"service_accounts": 0},
    identifiers={"client_id": lambda account: account.client_id},
)
