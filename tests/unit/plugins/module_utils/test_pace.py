# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When requests may leave, by a clock that the test turns."""

from __future__ import annotations

import threading
import time

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._pace import Pace, Stopped


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
def pace(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Pace:
    pace = Pace(clock)

    def wait(seconds: float) -> None:
        clock.now += seconds

    monkeypatch.setattr(pace._changed, "wait", wait)
    return pace


def test_gate_stands_open_until_somebody_must_wait(pace: Pace, clock: Clock) -> None:
    for _each in range(100):
        pace.turn()
        pace.went_well(0)
    assert clock.now == 100
    assert (pace.waits, pace.seconds) == (0, 0)


def test_told_wait_holds_the_next_request_back(pace: Pace, clock: Clock) -> None:
    pace.wait(2, too_many=False)
    pace.turn()
    pace.turn()
    assert clock.now == 102
    assert (pace.waits, pace.seconds) == (1, 2)


def test_shorter_wait_does_not_undo_a_longer_one(pace: Pace, clock: Clock) -> None:
    pace.wait(30, too_many=True)
    pace.wait(1, too_many=False)
    pace.went_well(500)
    pace.turn()
    assert clock.now == 130


@pytest.mark.parametrize(
    ("remaining", "interval"), [(0, 1), (1, 1), (2, 1), (5, 0.95), (20, 0.8), (100, 0), (None, 0.9)]
)
def test_after_a_429_requests_leave_one_by_one_as_the_bucket_allows(
    pace: Pace, clock: Clock, remaining: int | None, interval: float
) -> None:
    pace.wait(1, too_many=True)
    pace.turn()
    assert clock.now == 101
    pace.went_well(remaining)
    pace.turn()
    assert clock.now == pytest.approx(101 + interval)


def test_interval_grows_while_the_bucket_is_all_but_empty(pace: Pace, clock: Clock) -> None:
    pace.wait(1, too_many=True)
    for _each in range(3):
        pace.turn()
        pace.went_well(0)
    pace.turn()
    assert clock.now == pytest.approx(101 + 1 + 1.1 + 1.21)


def test_another_429_slows_down(pace: Pace, clock: Clock) -> None:
    pace.wait(1, too_many=True)
    pace.turn()
    pace.wait(1, too_many=True)
    pace.turn()
    assert clock.now == 102
    pace.turn()
    assert clock.now == 103.5


def test_503_holds_back_and_does_not_slow_down(pace: Pace, clock: Clock) -> None:
    pace.wait(1, too_many=False)
    for _each in range(10):
        pace.turn()
    assert clock.now == 101


def test_what_was_refused_before_goes_first() -> None:
    pace = Pace()
    order: list[str] = []
    pace.wait(0.3, too_many=True)

    def leave(name: str, again: bool) -> None:
        pace.turn(again)
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


def test_long_wait_is_not_taken_for_the_interval(pace: Pace, clock: Clock) -> None:
    pace.wait(60, too_many=True)
    pace.turn()
    pace.went_well(None)
    pace.turn()
    assert clock.now <= 162


def test_stop_wakes_those_that_wait() -> None:
    pace = Pace()
    pace.wait(60, too_many=True)
    stopped = threading.Event()

    def wait() -> None:
        with pytest.raises(Stopped):
            pace.turn()
        stopped.set()

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.05)
    pace.stop()
    assert stopped.wait(5)
    thread.join()
