# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Strict reading of what people write: data sets, settings and faults.

A misspelt name must not silently become a default, so every entry knows where it stands and which of its names were
asked for; the rest are errors.
"""

from __future__ import annotations

import re
from typing import Any

Json = Any
"""Whatever JSON or YAML can hold."""

REQUIRED: Any = object()
"""Stands in the default's place where there is none."""


class EntryError(ValueError):
    """Something in an entry is wrong; the message says where and what."""


class Entry:
    """One mapping of names to values, and the place it came from, such as ``orgs[0].api_keys[3]``."""

    def __init__(self, place: str, data: Json) -> None:
        self.place = place
        if not isinstance(data, dict):
            raise EntryError(f"{place}: a mapping is needed here, not {data!r}")
        self._data = data
        self._left = dict(data)

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def wrong(self, name: str, problem: str) -> EntryError:
        """The error to raise for one of this entry's names."""
        return EntryError(f"{self.place}.{name}: {problem}")

    def finish(self) -> None:
        """Complain of the names that nobody asked for."""
        if self._left:
            raise EntryError(f"{self.place}: unknown: {', '.join(sorted(map(str, self._left)))}")

    def value(self, name: str, default: Json = REQUIRED) -> Json:
        """The value as it is."""
        self._left.pop(name, None)
        value = self._data.get(name, default)
        if value is REQUIRED:
            raise EntryError(f"{self.place}: {name} is missing")
        return value

    def text(self, name: str, default: str = REQUIRED, pattern: str = ".*") -> str:
        """A string that the pattern matches from end to end."""
        value = self.value(name, default)
        if not isinstance(value, str):
            raise self.wrong(name, f"text is needed, not {value!r} (in YAML, quote what looks like a number)")
        if not re.fullmatch(pattern, value, re.DOTALL):
            raise self.wrong(name, f"{value!r} does not match {pattern}")
        return value

    def text_or_none(self, name: str) -> str | None:
        """A string, or None where there is none."""
        return None if self.value(name, None) is None else self.text(name)

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        """One of several words."""
        value = self.text(name, default)
        if value not in choices:
            raise self.wrong(name, f"{value!r} is none of {', '.join(choices)}")
        return value

    def number(self, name: str, default: float = REQUIRED, least: float = 0) -> float:
        """A number, whole or not."""
        value = self.value(name, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value < float("inf"):
            raise self.wrong(name, f"a number from {least} is needed, not {value!r}")
        return float(value)

    def whole(self, name: str, default: int = REQUIRED, least: int = 0) -> int:
        """A whole number."""
        value = self.value(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.wrong(name, f"a whole number from {least} is needed, not {value!r}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.value(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, f"true or false is needed, not {value!r}")
        return value

    def fields(self, name: str) -> dict[str, Json]:
        """A mapping that is used as it is."""
        value = self.value(name, {})
        if not isinstance(value, dict):
            raise self.wrong(name, f"a mapping is needed, not {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        values = self.value(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.wrong(name, f"a list of texts is needed, not {values!r}")
        return tuple(values)

    def entry(self, name: str) -> Entry:
        """The mapping under that name; an empty one where there is none."""
        return Entry(f"{self.place}.{name}", self.value(name, {}))

    def entries(self, name: str) -> list[Entry]:
        """The list of mappings under that name."""
        values = self.value(name, [])
        if not isinstance(values, list):
            raise self.wrong(name, f"a list is needed, not {values!r}")
        return [Entry(f"{self.place}.{name}[{number}]", value) for number, value in enumerate(values)]
