# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""When the requests of one task may leave: at once, until Atlas asks to wait; then no faster than it allows."""

from __future__ import annotations

import threading
import time
import typing as t

# How the interval between two requests changes after a good answer, by how many requests are left in Atlas' bucket
# (C(RateLimit-Remaining)): slower while it is all but empty, faster while it fills, and none at all when there is
# plenty. So a task settles at the rate at which Atlas refills, a few requests above empty.
_CHANGES = ((64, 0.0), (8, 0.8), (3, 0.95), (2, 1.0), (0, 1.1))

# The same where Atlas does not say what is left, and after a refusal.
_FASTER_BLINDLY, _SLOWER = 0.9, 1.5

# Seconds between two requests, at the most. What Atlas asks to wait may be far longer, until its bucket is filled
# again, and says little of what comes after.
_WIDEST = 2.0


class Stopped(Exception):
    """The task has failed elsewhere: this request need not be sent any more. Never leaves the client."""


class Pace:
    """Lets the requests of all threads of a task pass one gate.

    While Atlas is content the gate stands open. When one thread is told to wait, all wait. After a 429 they leave one
    by one, those first that were refused before, with an interval between them.

    C(waits) counts how often a thread was told to wait, C(seconds) how long the gate held any thread back.
    """

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._not_before = 0.0  # what Atlas asked for: never shortened
        self._next_slot = 0.0
        self._interval = 0.0
        self._refused = 0  # how many wait that were refused before
        self._waiting = 0
        self._waiting_since = 0.0
        self._stopped = False
        self.waits = 0
        self.seconds = 0.0

    def turn(self, again: bool = False) -> None:
        """Return when the next request may leave; one that is sent AGAIN goes before others.

        :raises Stopped: when C(stop) was called.
        """
        with self._changed:
            self._start_waiting(again)
            try:
                while not self._stopped and (delay := self._delay(again)) > 0:
                    self._changed.wait(delay)
            finally:
                self._end_waiting(again)
            if self._stopped:
                raise Stopped
            self._next_slot = self._clock() + self._interval

    def wait(self, seconds: float, too_many: bool) -> None:
        """Hold all requests back for SECONDS; TOO_MANY says that it was their number (429), so that they slow down."""
        with self._changed:
            self.waits += 1
            self._not_before = max(self._not_before, self._clock() + seconds)
            if too_many:
                self._interval = min(self._interval * _SLOWER or seconds, _WIDEST)

    def went_well(self, remaining: int | None) -> None:
        """Speed up after an answer that left REMAINING requests in Atlas' bucket (None: it did not say)."""
        if not self._interval:
            return
        with self._changed:
            self._interval *= _change(remaining)
            self._next_slot = min(self._next_slot, self._clock() + self._interval)
            self._changed.notify_all()

    def stop(self) -> None:
        """Let no further request leave, and wake those that wait."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _delay(self, again: bool) -> float:
        delay = max(self._not_before, self._next_slot) - self._clock()
        # Those that were refused before are awake first; when the last of them has left, it wakes the others.
        return delay if again or not self._refused else max(delay, _WIDEST)

    def _start_waiting(self, again: bool) -> None:
        if not self._waiting:
            self._waiting_since = self._clock()
        self._waiting += 1
        self._refused += again

    def _end_waiting(self, again: bool) -> None:
        self._waiting -= 1
        self._refused -= again
        if again and not self._refused:
            self._changed.notify_all()
        if not self._waiting:
            self.seconds += self._clock() - self._waiting_since


def _change(remaining: int | None) -> float:
    if remaining is None:
        return _FASTER_BLINDLY
    return next(change for least, change in _CHANGES if remaining >= least)
