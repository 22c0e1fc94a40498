# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the caller of a request by its ``Authorization`` header."""

from __future__ import annotations

import hmac
from dataclasses import fields, replace

from flask import Request
from werkzeug.datastructures import Authorization

from atlas_emulator import digest
from atlas_emulator.errors import NotAuthenticated, OAuthError
from atlas_emulator.permissions import Caller
from atlas_emulator.resources import access_tokens, api_keys, service_accounts
from atlas_emulator.state import State
from atlas_emulator.times import format_time, now

_DIGEST_FIELDS = {field.name for field in fields(digest.Credentials)}


def authenticate(request: Request, state: State) -> Caller:
    """Return the caller that digest or a bearer token proves; refuse every other request."""
    given = request.authorization
    if given and given.type == "bearer":
        return _token_caller(given.token, state)
    if given and given.type == "digest":
        return _key_caller(given, request, state)
    raise _challenge(state)


def _challenge(state: State, stale: bool = False) -> NotAuthenticated:
    return NotAuthenticated(digest.challenge(state.nonces.new(), stale))


def _token_caller(token: str | None, state: State) -> Caller:
    """Return the owner of a token. What Atlas answers to a bad one is not known; here it is the 401 of digest without
    the challenge, the same for unknown, expired and revoked tokens."""
    client_id = state.tokens.owner(token or "")
    if client_id:
        return _account_caller(client_id, state)
    ready = state.store.table(access_tokens.RESOURCE).find("access token", token or "")
    if ready and ready.item.state == "live":
        return Caller(ready.item.token, state.store.orgs[ready.org_id], ready.item.roles)
    raise NotAuthenticated(None)


def _account_caller(client_id: str, state: State) -> Caller:
    found = state.store.table(service_accounts.RESOURCE).find("client_id", client_id)
    if found is None:
        raise NotAuthenticated(None)
    account = found.item
    return Caller(account.client_id, state.store.orgs[found.org_id], account.roles, account.access_list)


def _key_caller(given: Authorization, request: Request, state: State) -> Caller:
    """Return the API key. The nonce is checked last, so that only a correct response is answered with `stale=true`."""
    named = {name: str(value) for name, value in given.parameters.items() if name in _DIGEST_FIELDS}
    if not _DIGEST_FIELDS - {"algorithm"} <= named.keys():
        raise _challenge(state)
    credentials = digest.Credentials(**named)
    found = state.store.table(api_keys.RESOURCE).find("public key", credentials.username)
    if found is None or not state.works(found.item.made_at, state.settings.new_key_delay):
        raise _challenge(state)
    if not credentials.match(found.item.private_key, request.method, request.environ["REQUEST_URI"]):
        raise _challenge(state)
    if not state.nonces.use(credentials.nonce, credentials.nc):
        raise _challenge(state, stale=True)
    key = found.item
    return Caller(key.public_key, state.store.orgs[found.org_id], key.roles, key.access_list, key.id)


def record_mint(client_id: str, secret_id: str, state: State) -> None:
    """Record the use of a secret. When Atlas does so is not known; here at once."""
    accounts = state.store.table(service_accounts.RESOURCE)
    found = accounts.find("client_id", client_id)
    assert found is not None, "it minted"
    secrets = tuple(
        replace(secret, last_used_at=format_time(now())) if secret.id == secret_id else secret
        for secret in found.item.secrets
    )
    accounts.put(found.org_id, replace(found.item, secrets=secrets))


def authenticate_client(request: Request, state: State) -> tuple[str, str]:
    """Return the client ID and the secret's ID that HTTP Basic proves at the token endpoint; only live ones do."""
    given = request.authorization
    if given and given.type == "basic":
        found = state.store.table(service_accounts.RESOURCE).find("client_id", given.username or "")
        password = (given.password or "").encode()
        for secret in found.item.secrets if found else ():
            works = secret.is_live and state.works(secret.made_at, state.settings.new_secret_delay)
            if works and hmac.compare_digest(secret.value.encode(), password):
                return given.username or "", secret.id
    raise OAuthError(401, "invalid_client", "Invalid credentials provided.")  # client
