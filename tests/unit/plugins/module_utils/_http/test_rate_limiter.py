# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When requests may leave, by a clock that the test turns."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.rate_limiter import (
    CONNECTIONS,
    Cancelled,
    RateLimiter,
)


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> RateLimiter:
    limiter = RateLimiter(clock)

    def wait(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr(limiter._changed, "wait", wait)
    return limiter


def test_gate_stands_open_until_somebody_must_wait(limiter: RateLimiter, clock: Clock) -> None:
    for _each in range(100):
        limiter.acquire()
        limiter.on_success(0)
    assert clock.now == 100
    assert (limiter.waits, limiter.seconds) == (0, 0)


def test_told_wait_holds_the_next_request_back(limiter: RateLimiter, clock: Clock) -> None:
    limiter.hold(2)
    limiter.acquire()
    limiter.acquire()
    assert clock.now == 102
    assert (limiter.waits, limiter.seconds) == (1, 2)


def test_shorter_wait_does_not_undo_a_longer_one(limiter: RateLimiter, clock: Clock) -> None:
    limiter.on_throttled(30)
    limiter.hold(1)
    limiter.on_success(500)
    limiter.acquire()
    assert clock.now == 130


@pytest.mark.parametrize(
    ("remaining", "interval"), [(0, 1), (1, 1), (2, 1), (5, 0.95), (8, 0.8), (9, 0), (100, 0), (None, 0.9)]
)
def test_after_a_429_requests_leave_one_by_one_as_the_bucket_allows(
    limiter: RateLimiter, clock: Clock, remaining: int | None, interval: float
) -> None:
    limiter.on_throttled(1)
    limiter.acquire()
    assert clock.now == 101
    limiter.on_success(remaining)
    limiter.acquire()
    assert clock.now == pytest.approx(101 + interval)


def test_bucket_that_was_refilled_in_one_step_is_used_at_once_but_for_what_is_under_way(
    limiter: RateLimiter, clock: Clock
) -> None:
    limiter.on_throttled(6)
    limiter.acquire()
    assert clock.now == 106
    limiter.on_success(29)
    for _each in range(29 - CONNECTIONS):
        limiter.acquire()
    assert clock.now == 106
    limiter.acquire()
    limiter.acquire()
    assert clock.now > 106


def test_another_429_ends_the_burst(limiter: RateLimiter, clock: Clock) -> None:
    limiter.on_throttled(1)
    limiter.acquire()
    limiter.on_success(29)
    limiter.on_throttled(1)
    limiter.acquire()
    limiter.acquire()
    assert clock.now == pytest.approx(102 + 0.8 * 1.5)


def test_interval_grows_while_the_bucket_is_all_but_empty(limiter: RateLimiter, clock: Clock) -> None:
    limiter.on_throttled(1)
    for _each in range(3):
        limiter.acquire()
        limiter.on_success(0)
    limiter.acquire()
    assert clock.now == pytest.approx(101 + 1 + 1.1 + 1.21)


def test_another_429_slows_down(limiter: RateLimiter, clock: Clock) -> None:
    limiter.on_throttled(1)
    limiter.acquire()
    limiter.on_throttled(1)
    limiter.acquire()
    assert clock.now == 102
    limiter.acquire()
    assert clock.now == 103.5


def test_503_holds_back_and_does_not_slow_down(limiter: RateLimiter, clock: Clock) -> None:
    limiter.hold(1)
    for _each in range(10):
        limiter.acquire()
    assert clock.now == 101


def test_what_was_refused_before_goes_first() -> None:
    limiter = RateLimiter()
    order: list[str] = []
    limiter.on_throttled(0.3)

    def leave(name: str, again: bool) -> None:
        limiter.acquire(again)
        order.append(name)

    threads = [
        threading.Thread(target=leave, args=("new", False)),
        threading.Thread(target=leave, args=("again", True)),
    ]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join(5)
    assert order == ["again", "new"]


def test_long_wait_is_not_taken_for_the_interval(limiter: RateLimiter, clock: Clock) -> None:
    limiter.on_throttled(60)
    limiter.acquire()
    limiter.on_success(None)
    limiter.acquire()
    assert clock.now <= 162


def test_stop_wakes_those_that_wait() -> None:
    limiter = RateLimiter()
    limiter.on_throttled(60)
    stopped = threading.Event()

    def wait() -> None:
        with pytest.raises(Cancelled):
            limiter.acquire()
        stopped.set()

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.05)
    limiter.cancel()
    assert stopped.wait(5)
    thread.join()
