# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A local server that answers requests side by side, as Atlas does."""

from __future__ import annotations

import typing as t

import pytest

from pytest_httpserver import HTTPServer


@pytest.fixture(scope="session")
def make_httpserver() -> t.Iterator[HTTPServer]:
    with HTTPServer(threaded=True) as server:
        yield server
