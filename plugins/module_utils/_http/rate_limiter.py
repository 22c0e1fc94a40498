# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""When the requests of one task may be sent: at once, until Atlas throttles them; then no faster than it allows."""

from __future__ import annotations

import threading
import time
import typing as t

# Requests of one task that may be under way at the same time.
CONNECTIONS = 8

# How the interval between two requests changes after a good response, by how many requests are left in Atlas' bucket
# (``RateLimit-Remaining``): longer while it is almost empty, shorter while it fills. So a task settles at the rate at
# which Atlas refills, a few requests above empty.
_CHANGES = ((8, 0.8), (3, 0.95), (2, 1.0), (0, 1.1))

# The same if Atlas does not report what is left, and after a 429.
_FASTER_BLINDLY, _SLOWER = 0.9, 1.5

# The longest interval between two requests, in seconds. What Atlas asks to wait may be far longer, until its bucket is
# filled again, and says little of what comes after.
_MAX_INTERVAL = 2.0


class Cancelled(Exception):
    """The task has failed elsewhere: this request is not needed any more. Never leaves the client."""


class RateLimiter:
    """Decides when each request of a task may be sent, for all its threads together.

    Until Atlas throttles, requests are sent at once. If one thread must wait, all wait. After a 429 they are sent one
    by one with an interval between them, those first that were throttled before. Atlas refills its buckets in steps:
    as soon as a response shows that many requests are left, these are sent without an interval.

    ``waits`` counts how often a thread had to wait, ``seconds`` how long requests were held back in all.
    """

    def __init__(self, clock: t.Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._not_before = 0.0  # what Atlas asked for: never shortened
        self._next_slot = 0.0
        self._interval = 0.0
        self._burst = 0  # requests that may be sent without an interval
        self._throttled = 0  # how many wait that were throttled before
        self._waiting = 0
        self._waiting_since = 0.0
        self._cancelled = False
        self.waits = 0
        self.seconds = 0.0

    def acquire(self, retry: bool = False) -> None:
        """Return when the next request may be sent; a RETRY goes before others.

        :raises Cancelled: after ``cancel``.
        """
        with self._changed:
            self._start_waiting(retry)
            try:
                while not self._cancelled and (delay := self._delay(retry)) > 0:
                    self._changed.wait(delay)
            finally:
                self._end_waiting(retry)
            if self._cancelled:
                raise Cancelled
            if self._burst:
                self._burst -= 1
            else:
                self._next_slot = self._clock() + self._interval

    def hold(self, seconds: float) -> None:
        """Hold all requests back for SECONDS, after a failure that has nothing to do with their number."""
        with self._changed:
            self.waits += 1
            self._not_before = max(self._not_before, self._clock() + seconds)

    def on_throttled(self, seconds: float) -> None:
        """Hold all requests back for SECONDS and send them more slowly after, because of a 429."""
        with self._changed:
            self._interval = min(self._interval * _SLOWER or seconds, _MAX_INTERVAL)
            self._burst = 0
        self.hold(seconds)

    def on_success(self, remaining: int | None) -> None:
        """Send faster after a response that left REMAINING requests in Atlas' bucket (None: not reported)."""
        if not self._interval:
            return
        with self._changed:
            self._interval *= _change(remaining)
            # Those that are under way may not have been counted yet.
            self._burst = max((remaining or 0) - CONNECTIONS, 0)
            self._next_slot = min(self._next_slot, self._clock() + self._interval)
            self._changed.notify_all()

    def cancel(self) -> None:
        """Send no further request, and wake the threads that wait."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def _delay(self, retry: bool) -> float:
        delay = max(self._not_before, 0.0 if self._burst else self._next_slot) - self._clock()
        # Requests that were throttled before come first; the last of them wakes the others.
        return delay if retry or not self._throttled else max(delay, _MAX_INTERVAL)

    def _start_waiting(self, retry: bool) -> None:
        if not self._waiting:
            self._waiting_since = self._clock()
        self._waiting += 1
        self._throttled += retry

    def _end_waiting(self, retry: bool) -> None:
        self._waiting -= 1
        self._throttled -= retry
        if retry and not self._throttled:
            self._changed.notify_all()
        if not self._waiting:
            self.seconds += self._clock() - self._waiting_since


def _change(remaining: int | None) -> float:
    if remaining is None:
        return _FASTER_BLINDLY
    return next(change for least, change in _CHANGES if remaining >= least)
