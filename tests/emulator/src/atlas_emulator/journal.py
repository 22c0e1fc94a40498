# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that the emulator received, in order of arrival, without credentials."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from atlas_emulator.parser import Json

MAX_ENTRIES = 100_000
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
SCHEMES = ("basic", "digest", "bearer")

Query = Mapping[str, str | list[str]]
"""The query of a request; a parameter that is repeated has a list of values."""


@dataclass
class JournalEntry:
    """One request; its status is None until it has its response."""

    method: str
    path: str
    query: Query
    headers: dict[str, str]
    auth: str
    status: int | None = field(default=None)


class Journal:
    """The latest requests."""

    def __init__(self) -> None:
        self._entries: deque[JournalEntry] = deque(maxlen=MAX_ENTRIES)
        self._lock = Lock()

    def record(self, method: str, path: str, query: Query, headers: Iterable[tuple[str, str]]) -> JournalEntry:
        """Record a request that has arrived."""
        named = dict(headers)
        scheme = named.get("Authorization", "").partition(" ")[0].lower()
        entry = JournalEntry(
            method=method,
            path=path,
            query=query,
            headers={name: value for name, value in named.items() if name.lower() not in SECRET_HEADERS},
            auth=scheme if scheme in SCHEMES else "none",
        )
        with self._lock:
            self._entries.append(entry)
        return entry

    def as_json(self) -> Json:
        """Return the entries as the control path shows them."""
        with self._lock:
            return [vars(entry) for entry in self._entries]

    def clear(self) -> None:
        """Remove every entry."""
        with self._lock:
            self._entries.clear()
