# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request's ``Authorization`` header to its caller."""

from __future__ import annotations

import hmac
from dataclasses import fields

from flask import Request
from werkzeug.datastructures import Authorization

from atlas_emulator import digest
from atlas_emulator.directory import Caller
from atlas_emulator.errors import NotAuthenticated, OAuthRefusal
from atlas_emulator.state import State

_DIGEST_FIELDS = {field.name for field in fields(digest.Credentials)}


def caller_of(request: Request, state: State, bearer: bool) -> Caller:
    """Return who sends a request by digest, or by bearer token where one is taken; refuse everybody else."""
    given = request.authorization
    if given and given.type == "bearer":
        return _token_holder(given.token if bearer else None, state)
    if given and given.type == "digest":
        return _key_holder(given, request, state)
    raise _challenge(state)


def _challenge(state: State, stale: bool = False) -> NotAuthenticated:
    return NotAuthenticated(digest.challenge(state.nonces.new(), stale))


def _token_holder(token: str | None, state: State) -> Caller:
    """Return whose token it is. What Atlas answers to a bad one is not known; here it is the 401 of digest without the
    challenge, the same for unknown, expired and revoked tokens."""
    client_id = state.tokens.owner(token or "")
    if client_id:
        return state.directory.accounts[client_id].caller
    if token in state.directory.ready_tokens:
        return state.directory.ready_tokens[token]
    raise NotAuthenticated(None)


def _key_holder(given: Authorization, request: Request, state: State) -> Caller:
    """Return whose key it is. The nonce is looked at last: only who has the key is told that it is stale."""
    named = {name: str(value) for name, value in given.parameters.items() if name in _DIGEST_FIELDS}
    if not _DIGEST_FIELDS - {"algorithm"} <= named.keys():
        raise _challenge(state)
    credentials = digest.Credentials(**named)
    key = state.directory.key_pairs.get(credentials.username)
    if key is None or not credentials.prove(key.text, request.method, request.environ["REQUEST_URI"]):
        raise _challenge(state)
    if not state.nonces.use(credentials.nonce, credentials.nc):
        raise _challenge(state, stale=True)
    return key.caller


def client_of(request: Request, state: State) -> Caller:
    """Return the service account that sends a request to the token endpoint by HTTP Basic."""
    given = request.authorization
    if given and given.type == "basic":
        account = state.directory.accounts.get(given.username or "")
        if account and hmac.compare_digest(account.text.encode(), (given.password or "").encode()):
            return account.caller
    raise OAuthRefusal(401, "invalid_client", "Invalid credentials provided.")  # client
