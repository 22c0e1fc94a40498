# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control path ``/_emulator``: journal, tokens, faults and settings. It is not part of Atlas."""

from __future__ import annotations

import json
from dataclasses import asdict
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, jsonify, request
from werkzeug.exceptions import Forbidden

from atlas_emulator.faults import parse_fault
from atlas_emulator.loopback import is_loopback
from atlas_emulator.parser import Entry, EntryError, Json
from atlas_emulator.settings import parse_settings
from atlas_emulator.state import State

PREFIX = "/_emulator"


def add_control(app: Flask, state: State) -> None:
    """Add the control path to an application."""
    control = Blueprint("control", __name__, url_prefix=PREFIX)
    control.before_request(_refuse_foreign_pages)
    routes = _Routes(state)
    control.add_url_rule("/journal", view_func=routes.journal)
    control.add_url_rule("/journal", view_func=routes.clear_journal, methods=["DELETE"])
    control.add_url_rule("/tokens", view_func=routes.tokens)
    control.add_url_rule("/tokens/expire", view_func=routes.expire_tokens, methods=["POST"])
    control.add_url_rule("/nonces/expire", view_func=routes.expire_nonces, methods=["POST"])
    control.add_url_rule("/faults", view_func=routes.faults)
    control.add_url_rule("/faults", view_func=routes.add_fault, methods=["POST"])
    control.add_url_rule("/faults", view_func=routes.clear_faults, methods=["DELETE"])
    control.add_url_rule("/settings", view_func=routes.settings)
    control.add_url_rule("/settings", view_func=routes.change_settings, methods=["PATCH"])
    control.add_url_rule("/reset", view_func=routes.reset, methods=["POST"])
    control.register_error_handler(EntryError, _respond_with_error)
    app.register_blueprint(control)


def _refuse_foreign_pages() -> None:
    """Refuse requests that a web page of another site makes a browser send: the control path needs no credentials.

    A page's own host name, even one that resolves to this machine, is no loopback host; and a browser sends the page's
    `Origin` with every request that could change something or whose response the page could read.
    """
    if not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        raise Forbidden(f"Host {request.host} is not a loopback host.")
    origin = request.headers.get("Origin")
    if origin is not None and origin != request.host_url.rstrip("/"):
        raise Forbidden(f"Origin {origin} is not the emulator's own.")


def _no_content() -> Response:
    return Response(status=204)


def _request_json() -> Json:
    try:
        return json.loads(request.get_data())
    except ValueError as error:
        raise EntryError(f"the body is not JSON: {error}") from error


def _respond_with_error(error: EntryError) -> tuple[Response, int]:
    return jsonify(error=str(error)), 400


class _Routes:
    """The views."""

    def __init__(self, state: State) -> None:
        self._state = state

    def journal(self) -> Response:
        """Return every request so far."""
        return jsonify(requests=self._state.journal.as_json())

    def clear_journal(self) -> Response:
        """Empty the journal."""
        self._state.journal.clear()
        return _no_content()

    def tokens(self) -> Response:
        """Return the live minted tokens, and how many were minted and revoked so far."""
        tokens = self._state.tokens
        with self._state.store.lock:
            live = tokens.live()
        return jsonify(live=[asdict(token) for token in live], minted=tokens.minted, revoked=tokens.revoked)

    def expire_tokens(self) -> Response:
        """Expire every minted token."""
        self._state.tokens.expire()
        return _no_content()

    def expire_nonces(self) -> Response:
        """Make every nonce stale."""
        self._state.nonces.expire()
        return _no_content()

    def faults(self) -> Response:
        """Return the active faults, and how many requests each was applied to."""
        return jsonify(faults=self._state.faults.as_json())

    def add_fault(self) -> tuple[Response, int]:
        """Add a fault."""
        fault = parse_fault(_request_json())
        self._state.faults.add(fault)
        return jsonify(fault.as_json()), 201

    def clear_faults(self) -> Response:
        """Remove all faults."""
        self._state.faults.clear()
        return _no_content()

    def settings(self) -> Response:
        """Return the current settings."""
        return jsonify(self._state.settings.as_json())

    def change_settings(self) -> Response:
        """Change the settings that the request names."""
        changes = Entry("settings", _request_json())
        self._state.change_settings(parse_settings(changes, self._state.settings))
        return self.settings()

    def reset(self) -> Response:
        """Restore the state of the start."""
        self._state.reset()
        return _no_content()
