# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Progress of a rate-limited task."""

from __future__ import annotations

import math
import time
import typing as t

# Seconds between two lines on the screen.
INTERVAL = 30.0


class Progress:
    """Shows how many requests of a task are done, from the first wait for Atlas' rate limit on.

    :param what: what is read, in the plural.
    :param total: how many requests there are.
    :param show: shows a line to the user; None if that is not possible.
    :param clock: seconds that only increase.
    """

    def __init__(
        self,
        what: str,
        total: int,
        show: t.Callable[[str], None] | None,
        clock: t.Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._total = total
        self._show = show
        self._clock = clock
        self._first: tuple[float, int] | None = None  # when the first wait was noticed, and how many were done then
        self._next = 0.0
        self._shown = ""

    def update(self, done: int, waited: bool) -> None:
        """Show a line if it is time for one, and if it differs from the last one.

        :param done: how many requests are done.
        :param waited: whether any request had to wait so far.
        """
        if not self._show or not waited or done >= self._total:
            return
        now = self._clock()
        self._first = self._first or (now, done)
        if now < self._next:
            return
        self._next = now + INTERVAL
        line = f"{self._what}: {done} of {self._total}, {self._rest(done, now, *self._first)}"
        if line != self._shown:
            self._show(line)
            self._shown = line

    def _rest(self, done: int, now: float, since: float, done_before: int) -> str:
        """How long the rest takes at the rate since the first wait; what came before it came without a limit."""
        if done <= done_before:
            return "waiting for Atlas' rate limit"
        seconds = (self._total - done) * (now - since) / (done - done_before)
        return f"about {math.ceil(seconds / 60)} min left"
