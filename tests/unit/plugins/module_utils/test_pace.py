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


def test_after_a_429_requests_leave_one_by_one(pace: Pace, clock: Clock) -> None:
    pace.wait(1, too_many=True)
    leave = []
    for _each in range(4):
        pace.turn()
        leave.append(clock.now)
        pace.went_well(0)
    assert leave == [101, 102, 103, 104]


def test_interval_shrinks_while_the_bucket_fills(pace: Pace, clock: Clock) -> None:
    pace.wait(1, too_many=True)
    pace.turn()
    pace.went_well(3)
    pace.turn()
    assert clock.now == pytest.approx(101.7)
    pace.went_well(400)
    pace.turn()
    assert clock.now == pytest.approx(101.7)


def test_interval_shrinks_slowly_where_the_server_does_not_say(pace: Pace, clock: Clock) -> None:
    pace.wait(1, too_many=True)
    pace.turn()
    pace.went_well(None)
    pace.turn()
    assert clock.now == pytest.approx(101.9)


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
