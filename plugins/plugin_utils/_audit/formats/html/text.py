# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""How single values of the audit's report look in HTML: text, dates, numbers. Unknown values say so."""

from __future__ import annotations

import datetime
import functools
import re
import typing as t

from markupsafe import Markup, escape

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time

UNKNOWN = Markup('<span class="unknown">unknown</span>')

# Control characters, line separators, lone surrogates (which no encoding can write), characters of no width that are no
# part of a script or an emoji, and the characters that reorder what follows them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff]")

_EXACT_BELOW = 10_000_000


def clean(text: str) -> str:
    """Return the text with each unseen or reordering character as its code point, such as U+202E in brackets."""
    return _UNSEEN.sub(lambda match: f"[U+{ord(match.group()):04X}]", text)


def finalize(value: t.Any) -> t.Any:
    """Prepare what a template prints: text is cleaned, and a value that is not known says so."""
    if value is None:
        return "unknown"
    if isinstance(value, str) and not isinstance(value, Markup):
        return clean(value)
    return value


def isolate(value: t.Any, empty: str = "no name") -> Markup:
    """Return text that somebody wrote, in an element that keeps its writing direction to itself."""
    if value is None:
        return UNKNOWN
    if not str(value).strip():
        return Markup('<span class="unknown">{}</span>').format(empty)
    return Markup(f"<bdi>{escape(clean(str(value)))}</bdi>")


def distance(days: int) -> str:
    """Return how far away a day is, in words. DAYS is positive in the past."""
    if days == 0:
        return "today"
    count = f"{abs(days):,} day{'' if abs(days) == 1 else 's'}"
    return f"{count} ago" if days > 0 else f"in {count}"


@functools.lru_cache(maxsize=4096)
def date(value: t.Any, now: datetime.datetime) -> Markup:
    """Return a date and its distance from NOW; text that is no date as it is."""
    if value is None:
        return UNKNOWN
    if (time := parse_time(value)) is None:
        return isolate(value, "unknown")
    days = (now.astimezone(time.tzinfo).date() - time.date()).days
    machine = escape(clean(str(value)))
    return Markup(f'<time datetime="{machine}">{time.date()}</time> <span class="distance">{distance(days)}</span>')


def amount(value: int | str | None) -> Markup:
    """Return a number of addresses: exact if it can be read, else as a power of two."""
    if value is None:
        return UNKNOWN
    value = int(value)
    if value < _EXACT_BELOW:
        return Markup(f"{value:,}")
    exponent = value.bit_length() - 1
    return Markup(f"{'' if value == 1 << exponent else 'more than '}2<sup>{exponent}</sup>")
