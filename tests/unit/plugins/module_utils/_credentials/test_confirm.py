# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A write whose response is lost is looked up, and never sent twice."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import confirm, settle
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    TransportError,
)


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each wait, which takes no time."""
    seconds: list[float] = []
    monkeypatch.setattr(change, "time", types.SimpleNamespace(sleep=seconds.append))
    return seconds


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


def test_write_that_is_visible_later_is_waited_for(waits: list[float]) -> None:
    seen = iter([False, False, True])
    confirm(raising(TransportError("It broke.")), lambda: next(seen))
    assert waits == [1.0, 1.0]


def test_looks_are_bounded(waits: list[float]) -> None:
    """A list that lags two seconds is waited for, and nothing for long."""
    assert settle(lambda: 7, lambda _seen: False) == 7
    assert 2 < sum(waits) <= 5
