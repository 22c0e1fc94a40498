# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The application: all routes, the journal around them, and one place where errors become answers."""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from atlas_emulator import strike
from atlas_emulator.answers import show_oauth_refusal, show_refusal
from atlas_emulator.api import add_api
from atlas_emulator.control import PREFIX, add_control
from atlas_emulator.errors import OAuthRefusal, Refusal
from atlas_emulator.oauth import add_oauth
from atlas_emulator.state import State


def make_app(state: State) -> Flask:
    """Return the emulator as a WSGI application."""
    app = Flask("atlas_emulator", static_folder=None)
    app.url_map.merge_slashes = False  # a redirect would make two requests of one
    app.before_request(lambda: _open(state))
    app.after_request(_close)
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(OAuthRefusal, show_oauth_refusal)
    app.register_error_handler(HTTPException, _show_http_error)
    add_api(app, state)
    add_oauth(app, state)
    add_control(app, state)
    return app


def _open(state: State) -> None:
    """Begin a request: nothing is known of it yet, and it goes into the journal."""
    g.headers = {}
    g.faults = []
    g.journal_entry = None
    if not request.path.startswith(PREFIX):
        g.journal_entry = state.journal.open(
            request.method, request.path, request.args.to_dict(), request.headers.items()
        )


def _close(response: Response) -> Response:
    """End a request: add the headers that were gathered on the way, and note the status."""
    response.headers.update(g.headers)
    response = strike.finish(response)
    if g.journal_entry:
        g.journal_entry.status = response.status_code
    return response


def _show_http_error(error: HTTPException) -> Response:
    """The answer to a path outside the API or to a request that is not proper HTTP. Atlas' own is not known."""
    return show_refusal(Refusal(error.code or 500, None, error.description or error.name))
