# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times in datasets and queries: ISO 8601 in UTC, as Atlas writes them (wire)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from atlas_emulator.parser import REQUIRED, Entry

_RELATIVE = re.compile("([+-])([0-9]+)([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(timezone.utc)


def parse_time(text: str) -> datetime:
    """Return an ISO 8601 date or time, in UTC unless it has an offset; raise ValueError if it is neither."""
    time = datetime.fromisoformat(re.sub("[zZ]$", "+00:00", text))
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)


def format_time(time: datetime) -> str:
    """Return a time in the format of Atlas."""
    return time.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def hours_from_now(hours: int) -> str:
    """Return the time in so many hours, in the format of Atlas."""
    return format_time(now() + timedelta(hours=hours))


def entry_time(entry: Entry, name: str, default: str = REQUIRED) -> str:
    """Return a time of a dataset. ``+7d`` or ``-12h`` is relative to now, which is when the dataset is loaded."""
    text = entry.text(name, default)
    relative = _RELATIVE.fullmatch(text)
    if relative:
        sign, number, unit = relative.groups()
        return format_time(now() + timedelta(**{_UNITS[unit]: int(sign + number)}))
    try:
        return format_time(parse_time(text))
    except ValueError as error:
        raise entry.error(name, f"a time such as 2026-08-10T03:02:57Z or +7d is needed, not {text!r}") from error


def entry_time_or_none(entry: Entry, name: str) -> str | None:
    """Return a time of a dataset, or None if there is none."""
    return None if entry.value(name, None) is None else entry_time(entry, name)
