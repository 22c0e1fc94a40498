# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token endpoint: OAuth 2.0 client credentials (docs) and revocation (client)."""

from __future__ import annotations

import json

from flask import Blueprint, Flask, Response, request

from atlas_emulator.authentication import authenticate_client, record_mint
from atlas_emulator.errors import OAuthError
from atlas_emulator.fault_injection import inject
from atlas_emulator.state import State


def add_oauth(app: Flask, state: State) -> None:
    """Add the token endpoint to an application."""
    oauth = Blueprint("oauth", __name__, url_prefix="/api/oauth")

    # There is no challenge here that a fault could disturb, so `before_auth` makes no difference.
    oauth.before_request(lambda: inject(state, before_auth=None))

    @oauth.post("/token")
    def mint() -> Response:
        with state.store.lock:
            client_id, secret_id = authenticate_client(request, state)
            _check_grant(request.form.get("grant_type"))
            token = state.tokens.mint(client_id, secret_id, request.environ["REMOTE_ADDR"])
            record_mint(client_id, secret_id, state)
        lifetime = int(state.settings.token_lifetime)
        body = {"access_token": token.token, "expires_in": lifetime, "token_type": "Bearer"}
        return Response(json.dumps(body), content_type="application/json")

    @oauth.post("/revoke")
    def revoke() -> Response:
        with state.store.lock:
            client_id, _secret_id = authenticate_client(request, state)
            token = request.form.get("token")
            if not token:
                raise OAuthError(400, "invalid_request", "token is missing.")  # RFC 7009
            state.tokens.revoke(client_id, token)
        return Response(status=200)

    app.register_blueprint(oauth)


def _check_grant(grant_type: str | None) -> None:
    """Refuse every grant but client credentials. The words are those of RFC 6749; Atlas' are not known."""
    if not grant_type:
        raise OAuthError(400, "invalid_request", "grant_type is missing.")
    if grant_type != "client_credentials":
        raise OAuthError(400, "unsupported_grant_type", f"grant_type {grant_type} is not supported.")
