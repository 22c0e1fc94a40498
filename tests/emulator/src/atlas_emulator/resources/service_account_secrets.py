# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of service accounts, which the accounts hold. They cannot be listed by themselves (reference)."""

from __future__ import annotations

from dataclasses import replace

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.permissions import ORG_OWNERS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.events import record_event
from atlas_emulator.resources.service_accounts import LIMIT, VERSION, find_account, make_secret, parse_hours
from atlas_emulator.resources.service_accounts import RESOURCE as ACCOUNT
from atlas_emulator.responses import respond, respond_with_nothing
from atlas_emulator.service_account import Secret
from atlas_emulator.times import hours_from_now

MAX_SECRETS = 2
"""How many secrets an account has at most, expired ones included (docs)."""

OVERLAP = 7 * 24
"""The hours that every other secret has left at most after one was added (docs)."""


def add_secret(call: Call, org_id: str, client_id: str) -> Response:
    """``POST …/secrets``: 201 with the whole secret (client). Every other one is cut to what it had left or 7 days.

    Whether the deletion of the new one gives the time back is not known; here it does not.
    """
    body = call.body()
    account = find_account(call, org_id, client_id, ORG_OWNERS)
    hours = parse_hours(call, body, org_id)
    body.finish()
    if len(account.secrets) >= MAX_SECRETS:
        # Atlas' status and code are not known.
        raise APIError(400, None, f"A service account has at most {MAX_SECRETS} secrets.", [MAX_SECRETS])
    secret = make_secret(call, hours)
    secrets = (*map(_cut, account.secrets), secret)
    call.table(ACCOUNT).put(org_id, replace(account, secrets=secrets))
    record_event(call, "SERVICE_ACCOUNT_SECRET_ADDED")
    content = {
        "createdAt": secret.created_at,
        "expiresAt": secret.expires_at,
        "id": secret.id,
        "lastUsedAt": None,
        "secret": secret.value,
    }
    return respond(content, 201)


def _cut(secret: Secret) -> Secret:
    return replace(secret, expires_at=min(secret.expires_at, hours_from_now(OVERLAP)))


def delete_secret(call: Call, org_id: str, client_id: str, secret_id: str) -> Response:
    """``DELETE …/secrets/{secretId}``: 204; the tokens that it minted end with it (docs).

    That the last one may be deleted, and the error for an unknown one, are assumptions.
    """
    account = find_account(call, org_id, client_id, ORG_OWNERS)
    call.check_id(secret_id)
    rest = tuple(secret for secret in account.secrets if secret.id != secret_id)
    if rest == account.secrets:
        raise APIError(404, "RESOURCE_NOT_FOUND", f"The service account has no secret {secret_id}.", [secret_id])
    call.table(ACCOUNT).put(org_id, replace(account, secrets=rest))
    record_event(call, "SERVICE_ACCOUNT_SECRET_DELETED")
    return respond_with_nothing()


PATH = "/orgs/<org_id>/serviceAccounts/<client_id>/secrets"

RESOURCE: Resource[Secret] = Resource(
    name="service_account_secrets",
    routes=(
        Route(PATH, add_secret, LIMIT, ("POST",), version=VERSION, exclusive=True),
        Route(PATH + "/<secret_id>", delete_secret, LIMIT, ("DELETE",), version=VERSION),
    ),
)
