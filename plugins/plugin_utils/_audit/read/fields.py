# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The fields of what the modules return, whatever their types are: the wrong type is the same as no value."""

from __future__ import annotations

import typing as t

Raw = t.Mapping[str, t.Any]


def text(value: object) -> str | None:
    """A string without characters that UTF-8 cannot hold (half of a surrogate pair, as JSON may have), or None."""
    return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if isinstance(value, str) else None


def integer(value: object) -> int | None:
    """A whole number that is not negative, or None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def boolean(value: object) -> bool | None:
    """True, False or None."""
    return value if isinstance(value, bool) else None


def dicts(value: object) -> list[Raw] | None:
    """A list of dicts. None if it is none: one element that cannot be read makes the list one that was not read."""
    if not isinstance(value, list) or not all(isinstance(element, dict) for element in value):
        return None
    return value


def first(raw: Raw, *names: str) -> t.Any:
    """The first of the fields that is there and not None: the same thing has two names in Atlas' API."""
    for name in names:
        if (value := raw.get(name)) is not None:
            return value
    return None


def plain(value: object) -> t.Any:
    """A copy for JSON: text that UTF-8 can hold, and text instead of types that JSON does not have."""
    if isinstance(value, dict):
        return {text(str(name)) or "": plain(element) for name, element in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(element) for element in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return text(value if isinstance(value, str) else str(value))
