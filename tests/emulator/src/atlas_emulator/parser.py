# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict parsing of datasets, settings and faults.

A misspelled name must not silently become a default. So each entry records its path and which of its names were read;
a name that was not read is an error.
"""

from __future__ import annotations

import re
from typing import Any

Json = Any
"""Any value that JSON or YAML can hold."""

REQUIRED: Any = object()
"""The default of a value that must be given."""


class EntryError(ValueError):
    """An entry is wrong; the message has its path and the problem."""


class Entry:
    """One mapping of names to values, and its path in the document, such as ``orgs[0].api_keys[3]``."""

    def __init__(self, place: str, data: Json) -> None:
        self.place = place
        if not isinstance(data, dict):
            raise EntryError(f"{place}: a mapping is needed here, not {data!r}")
        self._data = data
        self._unread = dict(data)

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def error(self, name: str, problem: str) -> EntryError:
        """Return the error to raise for one of this entry's names."""
        return EntryError(f"{self.place}.{name}: {problem}")

    def finish(self) -> None:
        """Raise EntryError if the entry has names that were not read."""
        if self._unread:
            raise EntryError(f"{self.place}: unknown: {', '.join(sorted(map(str, self._unread)))}")

    def value(self, name: str, default: Json = REQUIRED) -> Json:
        """Return the value unchanged."""
        self._unread.pop(name, None)
        value = self._data.get(name, default)
        if value is REQUIRED:
            raise EntryError(f"{self.place}: {name} is missing")
        return value

    def text(self, name: str, default: str = REQUIRED, pattern: str = ".*") -> str:
        """Return a string that matches the whole pattern."""
        value = self.value(name, default)
        if not isinstance(value, str):
            raise self.error(name, f"text is needed, not {value!r} (in YAML, quote what looks like a number)")
        if not re.fullmatch(pattern, value, re.DOTALL):
            raise self.error(name, f"{value!r} does not match {pattern}")
        return value

    def text_or_none(self, name: str) -> str | None:
        """Return a string, or None if there is none."""
        return None if self.value(name, None) is None else self.text(name)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """Return one of several words."""
        value = self.text(name, default)
        if value not in choices:
            raise self.error(name, f"{value!r} is none of {', '.join(choices)}")
        return value

    def number(self, name: str, default: float = REQUIRED, least: float = 0) -> float:
        """Return a number, with or without a fraction."""
        value = self.value(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value < float("inf"):
            raise self.error(name, f"a number from {least} is needed, not {value!r}")
        return float(value)

    def whole(self, name: str, default: int = REQUIRED, least: int = 0) -> int:
        """Return a whole number."""
        value = self.value(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.error(name, f"a whole number from {least} is needed, not {value!r}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false."""
        value = self.value(name, default)
        if not isinstance(value, bool):
            raise self.error(name, f"true or false is needed, not {value!r}")
        return value

    def fields(self, name: str) -> dict[str, Json]:
        """Return a mapping unchanged."""
        value = self.value(name, {})
        if not isinstance(value, dict):
            raise self.error(name, f"a mapping is needed, not {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of strings."""
        values = self.value(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.error(name, f"a list of texts is needed, not {values!r}")
        return tuple(values)

    def entry(self, name: str) -> Entry:
        """Return the mapping under that name; an empty one if there is none."""
        return Entry(f"{self.place}.{name}", self.value(name, {}))

    def entries(self, name: str) -> list[Entry]:
        """Return the list of mappings under that name."""
        values = self.value(name, [])
        if not isinstance(values, list):
            raise self.error(name, f"a list is needed, not {values!r}")
        return [Entry(f"{self.place}.{name}[{number}]", value) for number, value in enumerate(values)]
