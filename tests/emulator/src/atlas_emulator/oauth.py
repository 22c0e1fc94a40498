# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token endpoint: OAuth 2.0 client credentials (docs) and revocation (client)."""

from __future__ import annotations

import json

from flask import Blueprint, Flask, Response, request

from atlas_emulator.authentication import client_of
from atlas_emulator.errors import OAuthRefusal
from atlas_emulator.state import State
from atlas_emulator.strike import strike


def add_oauth(app: Flask, state: State) -> None:
    """Put the token endpoint into an application."""
    oauth = Blueprint("oauth", __name__, url_prefix="/api/oauth")

    # There is no challenge here that a fault could disturb, so faults strike at once, whatever they say of it.
    oauth.before_request(lambda: strike(state, before_auth=None))

    @oauth.post("/token")
    def mint() -> Response:
        client = client_of(request, state)
        _check_grant(request.form.get("grant_type"))
        token = state.tokens.mint(client.name, request.environ["REMOTE_ADDR"])
        lifetime = int(state.settings.token_lifetime)
        body = {"access_token": token.token, "expires_in": lifetime, "token_type": "Bearer"}
        return Response(json.dumps(body), content_type="application/json")

    @oauth.post("/revoke")
    def revoke() -> Response:
        client = client_of(request, state)
        token = request.form.get("token")
        if not token:
            raise OAuthRefusal(400, "invalid_request", "token is missing.")  # RFC 7009
        state.tokens.revoke(client.name, token)
        return Response(status=200)

    app.register_blueprint(oauth)


def _check_grant(grant_type: str | None) -> None:
    """Refuse what is not client credentials. The words are those of RFC 6749; Atlas' are not known."""
    if not grant_type:
        raise OAuthRefusal(400, "invalid_request", "grant_type is missing.")
    if grant_type != "client_credentials":
        raise OAuthRefusal(400, "unsupported_grant_type", f"grant_type {grant_type} is not supported.")
