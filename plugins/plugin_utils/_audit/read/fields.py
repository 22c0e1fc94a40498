# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The fields of what the modules return. A value of an unknown form counts as missing, and is noted as such."""

from __future__ import annotations

import datetime
import json
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time

Raw = t.Mapping[str, t.Any]

# How far the clocks of Atlas and of this machine may be apart before a time is one in the future.
MAX_CLOCK_SKEW: t.Final = datetime.timedelta(hours=1)
_MAX_SHOWN = 40  # characters of a value in a message


class Form(t.NamedTuple):
    """A field whose form is not known: how ``not_readable`` names it, and a sentence."""

    field: str
    evidence: str


class Fields:
    """The fields of one thing.

    :param forms: where fields of an unknown form are noted.
    :param path: where the thing is in what is around it, such as ``access_list.``.
    :param of: which of several it is, such as its block.
    """

    __slots__ = ("_forms", "_now", "_of", "_path", "_raw")

    def __init__(self, raw: Raw, now: datetime.datetime, forms: list[Form], path: str = "", of: str = "") -> None:
        self._raw, self._now, self._forms, self._path, self._of = raw, now, forms, path, of

    def text(self, *names: str) -> str | None:
        """Return text, or None. The same thing may have several names in Atlas' API."""
        name, value = self._first(names)
        if value is None or isinstance(value, str):
            return text(value)
        self.note(name, f"{show(value)}, which is not text")
        return None

    def integer(self, *names: str) -> int | None:
        """Return a whole number that is not negative, or None."""
        name, value = self._first(names)
        if value is None or (number := integer(value)) is not None:
            return None if value is None else number
        self.note(name, f"{show(value)}, which is not a number of requests")
        return None

    def time(self, *names: str, may_be_in_future: bool = False, is_required: bool = False) -> datetime.datetime | None:
        """Return a point in time, or None.

        :param is_required: whether it is noted if it is missing.
        """
        name, value = self._first(names)
        if value is None:
            if is_required:
                self.note(name, "missing")
            return None
        time = parse_time(value)
        if time is None:
            self.note(name, f"{show(value)}, which is not a date")
        elif not may_be_in_future and time > self._now and time - self._now > MAX_CLOCK_SKEW:
            self.note(name, f"{show(value)}, which is in the future")
            return None
        return time

    def note(self, name: str, what: str) -> None:
        """Note that a field has an unknown form."""
        field = f"{self._path}{name}"
        of = f" of {self._of}" if self._of else ""
        self._forms.append(Form(f"{field} {self._of}" if self._of else field, f"The field {field}{of} is {what}."))

    def _first(self, names: tuple[str, ...]) -> tuple[str, t.Any]:
        for name in names:
            if (value := self._raw.get(name)) is not None:
                return name, value
        return names[0], None


def show(value: object) -> str:
    """Return a value for a message, on one line and not too long."""
    shown = json.dumps(plain(value), ensure_ascii=False)
    return shown if len(shown) <= _MAX_SHOWN else shown[: _MAX_SHOWN - 1] + "\N{HORIZONTAL ELLIPSIS}"


def text(value: object) -> str | None:
    """Return a string without characters that UTF-8 cannot hold (half of a surrogate pair), or None."""
    if not isinstance(value, str):
        return None
    return value if value.isascii() else value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def integer(value: object) -> int | None:
    """Return a whole number that is not negative, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def boolean(value: object) -> bool | None:
    """Return True, False or None."""
    return value if isinstance(value, bool) else None


def dicts(value: object) -> list[Raw] | None:
    """Return a list of dicts. None if it is none: one element that cannot be read means that the list was not read."""
    if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
        return None
    return value


def plain(value: object) -> t.Any:
    """Return a copy for JSON: text that UTF-8 can hold, and text instead of types that JSON does not have."""
    if isinstance(value, dict):
        return {text(str(name)) or "": plain(element) for name, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return text(value if isinstance(value, str) else str(value))
