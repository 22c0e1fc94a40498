# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Token buckets, with which Atlas limits the rate of requests (docs)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from atlas_emulator.settings import BucketSize


@dataclass
class _Level:
    """How many requests a bucket held, and when."""

    requests: float
    when: float


@dataclass(frozen=True)
class Taken:
    """The result of taking one request from a bucket.

    `wait` is 0 if the bucket held one, else the whole seconds until it does.
    """

    limit: int
    remaining: int
    wait: int

    def headers(self) -> dict[str, str]:
        """Return the headers of the response (wire, docs)."""
        headers = {"RateLimit-Limit": str(self.limit), "RateLimit-Remaining": str(self.remaining)}
        return headers | ({"Retry-After": str(self.wait)} if self.wait else {})


class Buckets:
    """Buckets of one size, one for each name. They fill up steadily, not in steps."""

    def __init__(self, size: Callable[[], BucketSize], clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._levels: dict[str, _Level] = {}
        self._lock = Lock()

    def take(self, name: str) -> Taken:
        """Take one request from a bucket, if it holds one."""
        size = self._size()
        rate = size.refill / size.seconds
        with self._lock:
            now = self._clock()
            level = self._levels.setdefault(name, _Level(size.capacity, now))
            level.requests = min(size.capacity, level.requests + (now - level.when) * rate)
            level.when = now
            if level.requests < 1:
                return Taken(size.capacity, 0, max(1, math.ceil((1 - level.requests) / rate)))
            level.requests -= 1
            return Taken(size.capacity, int(level.requests), 0)

    def fill(self) -> None:
        """Fill every bucket."""
        with self._lock:
            self._levels.clear()
