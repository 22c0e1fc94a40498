# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A write whose response is lost is looked up, and never sent twice."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import confirm
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    TransportError,
)

LOST = [TransportError("It broke."), InvalidResponse("No JSON.", 200), APIError("POST /orgs", 503, {})]


def raising(error: Exception, calls: list[Exception] | None = None) -> t.Callable[[], bool]:
    def call() -> bool:
        if calls is not None:
            calls.append(error)
        raise error

    return call


def test_confirmed_write_is_not_looked_up() -> None:
    confirm(lambda: None, raising(AssertionError()))


@pytest.mark.parametrize("error", LOST)
def test_lost_response_to_a_write_that_was_made(error: AtlasError) -> None:
    calls: list[Exception] = []
    confirm(raising(error, calls), lambda: True)
    assert calls == [error]


@pytest.mark.parametrize("error", LOST)
def test_lost_response_to_a_write_that_was_not_made(error: AtlasError) -> None:
    with pytest.raises(AtlasError, match="was not found afterwards"):
        confirm(raising(error), lambda: False)


def test_lost_response_and_lost_look() -> None:
    with pytest.raises(AtlasError, match=r"It broke\. Whether the change was made is not known: It broke again\."):
        confirm(raising(TransportError("It broke.")), raising(TransportError("It broke again.")))


def test_refusal_is_final() -> None:
    with pytest.raises(APIError):
        confirm(raising(APIError("POST /orgs", 409, {})), raising(AssertionError()))
