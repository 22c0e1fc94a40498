# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generated items, the same in every run, so that a test knows in advance what it reads."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from itertools import count
from typing import Any

from atlas_emulator.identities import object_id
from atlas_emulator.times import parse_time


class Numbers:
    """Numbers the generated items of a dataset: the n-th key and the n-th organization are always the same ones."""

    def __init__(self) -> None:
        self._counters: defaultdict[str, count[int]] = defaultdict(lambda: count(1))

    def next(self, kind: str) -> int:
        """Return the next number of a kind, from 1."""
        return next(self._counters[kind])


class Plan:
    """How many items of each kind one organization gets, and those that it got so far, by resource."""

    def __init__(self, org_id: str, counts: Mapping[str, int], numbers: Numbers) -> None:
        self.org_id = org_id
        self.counts = counts
        self.numbers = numbers
        self.items: defaultdict[str, list[Any]] = defaultdict(list)


def made_up_hex(text: str, length: int) -> str:
    """Return hexadecimal digits that depend on the text alone."""
    return hashlib.sha256(f"atlas-emulator {text}".encode()).hexdigest()[:length]


def made_up_uuid(text: str) -> str:
    """Return a UUID that depends on the text alone."""
    digits = made_up_hex(text, 32)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def made_up_id(created: str, text: str, earlier: int = 0) -> str:
    """Return an ID that carries a time, so many seconds earlier, and otherwise depends on the text."""
    return object_id(parse_time(created).timestamp() - earlier, made_up_hex(text, 16))


def project_created(number: int) -> str:
    """Return the creation time of a generated project."""
    return f"2025-{1 + number % 12:02}-{1 + number % 28:02}T09:00:00Z"


def project_id(org_id: str, number: int) -> str:
    """Return the ID of a generated project, so that generated roles can name it.

    Its time is 2 s before `created`; on the wire it is 1 to 4 s.
    """
    return made_up_id(project_created(number), f"project {number} of {org_id}", earlier=2)
