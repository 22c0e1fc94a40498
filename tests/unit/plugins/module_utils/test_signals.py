# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signals that end a task are raised as an error, once, and the handlers before are restored."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils import _signals
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import Interrupted
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import (
    critical_section,
    hold_signals,
    interruptible,
    raise_if_interrupted,
)

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def received() -> t.Iterator[list[int]]:
    """The signals that a handler outside received."""
    found: list[int] = []
    before = {number: signal.signal(number, lambda came, _frame: found.append(came)) for number in NUMBERS}
    yield found
    for number, handler in before.items():
        signal.signal(number, handler)


@contextlib.contextmanager
def undoing(received: list[int]) -> t.Iterator[None]:
    """What a task does because of the first signal: further ones are ignored, and none is delivered yet."""
    try:
        yield
    finally:
        os.kill(os.getpid(), signal.SIGTERM)
        assert not received


@pytest.mark.parametrize("number", NUMBERS)
def test_interruptible(received: list[int], number: signal.Signals) -> None:
    with pytest.raises(Interrupted, match=number.name), interruptible() as came, undoing(received):
        os.kill(os.getpid(), number)
    assert came == [number]
    assert not received
    os.kill(os.getpid(), number)
    assert received == [number]


def test_ignored_signal_stays_ignored(received: list[int]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interruptible() as came:
        os.kill(os.getpid(), signal.SIGHUP)
    assert not came


def test_critical_section_delivers_the_signal_in_the_end(received: list[int]) -> None:
    with pytest.raises(Interrupted), critical_section(), undoing(received):
        os.kill(os.getpid(), signal.SIGTERM)
    assert received == [signal.SIGTERM]


def test_critical_section_in_an_interruptible_task(received: list[int]) -> None:
    with pytest.raises(Interrupted), interruptible() as came, critical_section():
        os.kill(os.getpid(), signal.SIGTERM)
    assert came == [signal.SIGTERM]
    assert not received


def test_lost_interruption_is_raised_again(received: list[int]) -> None:
    with interruptible() as came:
        with contextlib.suppress(Interrupted):  # as Python does while it formats a message
            os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Interrupted, match="SIGTERM"), undoing(received):
            raise_if_interrupted()
    assert came == [signal.SIGTERM]


def test_interruption_that_is_handled_is_not_lost(received: list[int]) -> None:
    with interruptible():
        raise_if_interrupted()
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except Interrupted:
            raise_if_interrupted()
    raise_if_interrupted()


def test_signal_is_held_back_to_the_end(received: list[int]) -> None:
    done = []
    with interruptible():
        with hold_signals():
            os.kill(os.getpid(), signal.SIGTERM)
            raise_if_interrupted()  # as each request does
            done.append("what must not be cut in two")
        with pytest.raises(Interrupted, match="SIGTERM"), undoing(received):
            raise_if_interrupted()
    assert done
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_signal_is_delivered_after_it_was_held_back_in_process(received: list[int]) -> None:
    with hold_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        assert not received
    assert received == [signal.SIGTERM]
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_threads_hold_no_signals(received: list[int]) -> None:
    def hold() -> None:
        with hold_signals():
            done.append(True)

    done: list[bool] = []
    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert done


def test_signal_is_not_held_back_for_ever(received: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_signals, "_MAX_HOLD", 0.2)
    started = time.monotonic()
    with interruptible(), hold_signals():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Interrupted, match="SIGINT"):
            time.sleep(30)
    assert time.monotonic() - started < 20


def test_timer_of_ansible_is_left_alone(received: list[int]) -> None:
    """In process, Ansible's own time-out uses it."""
    before = signal.signal(signal.SIGALRM, lambda _number, _frame: None)
    signal.setitimer(signal.ITIMER_REAL, 60)
    try:
        with pytest.raises(Interrupted), critical_section(), hold_signals():
            os.kill(os.getpid(), signal.SIGTERM)
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 50
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
