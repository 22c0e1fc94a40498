# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A local server that answers requests side by side, as Atlas does."""

from __future__ import annotations

import typing as t

import pytest
import werkzeug

from pytest_httpserver import HTTPServer


class Server(HTTPServer):
    """One server for all tests. What it answers too late for a test that gave up is not in the next one's log."""

    def application(self, request: werkzeug.Request) -> werkzeug.Response:
        request.get_data()
        log = self.log  # a test's own: the next one gets a new list
        response = self.dispatch(request)
        log.append((request, response))
        return response


@pytest.fixture(scope="session")
def make_httpserver() -> t.Iterator[HTTPServer]:
    with Server(threaded=True) as server:
        yield server
