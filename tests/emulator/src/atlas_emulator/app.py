# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WSGI application: all routes, the journal, and one place that turns errors into responses."""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from atlas_emulator import fault_injection
from atlas_emulator.api import add_api
from atlas_emulator.control import PREFIX, add_control
from atlas_emulator.errors import APIError, InvalidBody, NotAuthenticated, OAuthError
from atlas_emulator.oauth import add_oauth
from atlas_emulator.parser import EntryError
from atlas_emulator.responses import respond_with_challenge, respond_with_error, respond_with_oauth_error
from atlas_emulator.state import State


def make_app(state: State) -> Flask:
    """Return the emulator as a WSGI application."""
    app = Flask("atlas_emulator", static_folder=None)
    app.url_map.merge_slashes = False  # a redirect would make two requests of one
    app.before_request(lambda: _start(state))
    app.after_request(lambda response: _finish(state, response))
    app.register_error_handler(APIError, respond_with_error)
    app.register_error_handler(NotAuthenticated, respond_with_challenge)
    app.register_error_handler(OAuthError, respond_with_oauth_error)
    app.register_error_handler(EntryError, lambda error: respond_with_error(InvalidBody(str(error))))
    app.register_error_handler(HTTPException, _respond_with_http_error)
    add_api(app, state)
    add_oauth(app, state)
    add_control(app, state)
    return app


def _start(state: State) -> None:
    """Start a request: nothing is known about it yet, and the journal records it."""
    g.headers = {}
    g.faults = []
    g.journal_entry = None
    g.url = request.base_url.rstrip("/")
    g.under_way = None
    if not request.path.startswith(PREFIX):
        g.journal_entry = state.journal.record(request.method, request.path, _query(), request.headers.items())


def _query() -> dict[str, str | list[str]]:
    """Return the query; a parameter that is repeated has a list of values."""
    return {name: values if len(values) > 1 else values[0] for name, values in request.args.lists()}


def _finish(state: State, response: Response) -> Response:
    """Finish a request: add the headers that were collected and the faults, and record the status."""
    response.headers.update(g.headers)
    response = fault_injection.finish(state, response)
    if g.under_way:
        state.under_way.discard(g.under_way)
    if g.journal_entry:
        g.journal_entry.status = response.status_code
    return response


def _respond_with_http_error(error: HTTPException) -> Response:
    """Respond to a path outside the API or to a request that is not valid HTTP. Atlas' own response is not known."""
    return respond_with_error(APIError(error.code or 500, None, error.description or error.name))
