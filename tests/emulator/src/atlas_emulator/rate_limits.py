# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Token buckets, with which Atlas limits the rate of requests. They are refilled in steps (wire, docs)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from atlas_emulator.settings import BucketSize


@dataclass(frozen=True)
class Limit:
    """A limit that requests to certain paths share.

    `setting` is the setting with the size of its buckets. `path` is the name of the resource in the error, below the
    API's prefix; only that of ``orgs`` is known (docs). There is one bucket for each caller (`per_caller`), or else for
    each organization, which is the caller's own: which bucket counts a request to another organization is not known.
    """

    setting: str
    path: str
    per_caller: bool = False

    @property
    def scope(self) -> str:
        """What has a bucket of its own; Atlas' words for it are not known."""
        return "USER" if self.per_caller else "ORGANIZATION"


ORGS = Limit("user_bucket", "orgs", per_caller=True)
ORG = Limit("org_details_bucket", "orgs/{orgId}")
API_KEYS = Limit("org_bucket", "orgs/{orgId}/apiKeys")
PROJECTS = Limit("projects_bucket", "groups")
PROJECT = Limit("project_bucket", "groups/{groupId}")
PROJECT_API_KEYS = Limit("project_keys_bucket", "groups/{groupId}/apiKeys")


EVENTS = Limit("events_bucket", "orgs/{orgId}/events")
PROJECT_EVENTS = Limit("project_events_bucket", "groups/{groupId}/events")


def other_limit(path: str) -> Limit:
    """Return the limit of a resource whose limit is not known. By default the emulator does not limit it."""
    return Limit("other_bucket", path)


@dataclass
class _Bucket:
    """What a bucket held after the latest refill, and how many refills it has had since its first use."""

    first_use: float
    requests: int
    refills: int = 0


@dataclass(frozen=True)
class Taken:
    """The result of taking one request from a bucket.

    `wait` is 0 if the bucket held one, else the whole seconds until its next refill.
    """

    size: BucketSize
    remaining: int
    wait: int


class Buckets:
    """The buckets of all limits. Each is refilled at fixed intervals, counted from its first use (wire)."""

    def __init__(self, size: Callable[[str], BucketSize | None], clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._buckets: dict[tuple[Limit, str], _Bucket] = {}
        self._lock = Lock()

    def take(self, limit: Limit, name: str) -> Taken | None:
        """Take one request from a bucket, if it holds one. None: there is no limit."""
        size = self._size(limit.setting)
        if size is None:
            return None
        with self._lock:
            now = self._clock()
            bucket = self._buckets.setdefault((limit, name), _Bucket(now, size.capacity))
            refills = int((now - bucket.first_use) / size.seconds)
            bucket.requests = min(size.capacity, bucket.requests + (refills - bucket.refills) * size.refill)
            bucket.refills = refills
            if bucket.requests < 1:
                next_refill = bucket.first_use + (refills + 1) * size.seconds
                return Taken(size, 0, max(1, math.ceil(next_refill - now)))
            bucket.requests -= 1
            return Taken(size, bucket.requests, 0)

    def fill(self) -> None:
        """Fill every bucket; its next use counts as its first one."""
        with self._lock:
            self._buckets.clear()
