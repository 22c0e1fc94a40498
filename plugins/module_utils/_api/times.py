# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Parse points in time from user input, and format them for Atlas."""

from __future__ import annotations

import datetime
import email.utils
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"([0-9]{1,9})([smhdw])")
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = re.compile(_DATE + r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?")


def parse_time(option: str, text: str, now: datetime.datetime) -> datetime.datetime:
    """Return the time that TEXT says, in UTC and whole seconds.

    :param option: the option that holds it, for the message.
    :param text: a date, which is its beginning; a date and time, in UTC without an offset; or a duration before NOW.
    :raises UsageError: if it is none of these.
    """
    try:
        if duration := _DURATION.fullmatch(text):
            time = now - datetime.timedelta(**{_UNITS[duration[2]]: int(duration[1])})
        else:
            time = _parse_iso(text)
        return time.astimezone(datetime.timezone.utc).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise UsageError(
            f"{option} is {shown(text)}; it must be a date such as 2026-08-01, a date and time such as"
            " 2026-08-01T12:00:00Z, or a duration before now such as 90d, 12h or 30m."
        ) from None


def _parse_iso(text: str) -> datetime.datetime:
    """Return a date, which is its beginning, or a date and time, which is in UTC without an offset."""
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    # Python before 3.11 reads neither Z nor fractions of any length.
    time = datetime.datetime.fromisoformat(re.sub(r"\.[0-9]+", "", text).replace("Z", "+00:00"))
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


def from_atlas(value: t.Any) -> datetime.datetime | None:
    """Return a time in a response, in UTC and whole seconds; None if it is missing or cannot be understood."""
    try:
        return _parse_iso(value).astimezone(datetime.timezone.utc) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


def from_http(value: str | None) -> datetime.datetime | None:
    """Return the time of an HTTP header such as ``Date``, in UTC; None if it is missing or cannot be understood."""
    try:
        time = email.utils.parsedate_to_datetime(value or "")
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return time.astimezone(datetime.timezone.utc) if time.tzinfo else None


def to_atlas(time: datetime.datetime) -> str:
    """TIME, which is in UTC, in the form that Atlas itself uses."""
    return time.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
