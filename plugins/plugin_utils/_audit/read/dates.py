# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Points in time: read from Atlas, from YAML and from people, and written the same way everywhere."""

from __future__ import annotations

import datetime
import re

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s?(?:Z|([+-])(\d\d):?(\d\d)?)?)?", re.ASCII
)
_ATLAS_LENGTH = len("2026-11-25T06:00:00Z")


def parse_time(value: object) -> datetime.datetime | None:
    """Return a point in time in UTC from ISO 8601 text or from what YAML makes of it, or None.

    Without an offset it is UTC, a date alone is the beginning of that day, and fractions of a second are dropped.
    """
    try:
        if isinstance(value, str) and len(value) == _ATLAS_LENGTH and value[-1] == "Z":  # nearly always, and fast
            return datetime.datetime.fromisoformat(value[:-1] + "+00:00")
        if isinstance(value, datetime.datetime):
            return _in_utc(value)
        if isinstance(value, datetime.date):
            return datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.timezone.utc)
        found = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
        return _from_match(found) if found else None
    except (OverflowError, ValueError):  # the 30th of February; the year 10000 after a change to UTC
        return None


def is_date_only(value: object) -> bool:
    """Whether a value that `parse_time` understands is a day and not a moment."""
    if isinstance(value, datetime.date):
        return not isinstance(value, datetime.datetime)
    return isinstance(value, str) and len(value.strip()) == len("2026-11-25")


def time_text(value: datetime.datetime | None) -> str | None:
    """ISO 8601 in UTC, or None."""
    return value.isoformat()[: _ATLAS_LENGTH - 1] + "Z" if value else None


def days_between(earlier: datetime.datetime, later: datetime.datetime) -> int:
    """Whole days."""
    return (later - earlier).days


def _from_match(found: re.Match[str]) -> datetime.datetime:
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    sign, hours, minutes = found.groups()[6:]
    local = datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.timezone.utc)
    offset = datetime.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return local + offset if sign == "-" else local - offset


def _in_utc(value: datetime.datetime) -> datetime.datetime:
    aware = value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
    return aware.astimezone(datetime.timezone.utc).replace(microsecond=0)
