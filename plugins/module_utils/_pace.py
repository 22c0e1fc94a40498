# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""When the requests of one task may leave: at once, until Atlas asks to wait; then no faster than it allows."""

from __future__ import annotations

import threading
import time
import typing as t

# With this many requests left in Atlas' bucket there is no need to count them out.
_PLENTY = 16

# How the interval between two requests follows what Atlas says: slower after a refusal, faster while all goes well.
_SLOWER, _FASTER, _FASTER_BLINDLY = 1.5, 0.7, 0.9

# Seconds between two requests at the most. What Atlas asks to wait may be far longer, until its bucket is filled again,
# and says little of what comes after.
_WIDEST = 2.0


class Stopped(Exception):
    """The task has failed elsewhere: this request need not be sent any more. Never leaves the client."""


class Pace:
    """Lets the requests of all threads of a task pass one gate.

    While Atlas is content the gate stands open. When one thread is told to wait, all wait; and after a 429 they leave
    one by one, with an interval between them that follows C(RateLimit-Remaining).

    C(waits) counts how often a thread was told to wait, C(seconds) how long the gate held any thread back.
    """

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._not_before = 0.0  # what Atlas asked for: never shortened
        self._next_slot = 0.0
        self._interval = 0.0
        self._waiting = 0
        self._waiting_since = 0.0
        self._stopped = False
        self.waits = 0
        self.seconds = 0.0

    def turn(self) -> None:
        """Return when the next request may leave.

        :raises Stopped: when C(stop) was called.
        """
        with self._changed:
            self._start_waiting()
            try:
                while not self._stopped and (delay := self._delay()) > 0:
                    self._changed.wait(delay)
            finally:
                self._end_waiting()
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
            if remaining is None:
                self._interval *= _FASTER_BLINDLY
            elif remaining >= _PLENTY:
                self._interval = 0.0
            elif remaining > 0:
                self._interval *= _FASTER
            self._next_slot = min(self._next_slot, self._clock() + self._interval)
            self._changed.notify_all()

    def stop(self) -> None:
        """Let no further request leave, and wake those that wait."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _delay(self) -> float:
        return max(self._not_before, self._next_slot) - self._clock()

    def _start_waiting(self) -> None:
        if not self._waiting:
            self._waiting_since = self._clock()
        self._waiting += 1

    def _end_waiting(self) -> None:
        self._waiting -= 1
        if not self._waiting:
            self.seconds += self._clock() - self._waiting_since
