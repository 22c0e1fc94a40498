# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times from user input, from Atlas and from HTTP."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.times import (
    from_atlas,
    from_http,
    parse_time,
    to_atlas,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError

NOW = datetime.datetime(2026, 11, 25, 12, 30, 15, 999, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("2026-08-01", "2026-08-01T00:00:00Z"),
        ("2026-08-01T12:34", "2026-08-01T12:34:00Z"),
        ("2026-08-01T12:34:56", "2026-08-01T12:34:56Z"),
        ("2026-08-01 12:34:56", "2026-08-01T12:34:56Z"),
        ("2026-08-01T12:34:56Z", "2026-08-01T12:34:56Z"),
        ("2026-08-01T12:34:56.123456789Z", "2026-08-01T12:34:56Z"),
        ("2026-08-01 12:34:56+00:00", "2026-08-01T12:34:56Z"),  # what YAML makes of a time without quotes
        ("2026-08-01T01:00:00+02:00", "2026-07-31T23:00:00Z"),
        ("0001-01-01", "0001-01-01T00:00:00Z"),
        ("0s", "2026-11-25T12:30:15Z"),
        ("15s", "2026-11-25T12:30:00Z"),
        ("30m", "2026-11-25T12:00:15Z"),
        ("12h", "2026-11-25T00:30:15Z"),
        ("90d", "2026-08-27T12:30:15Z"),
        ("2w", "2026-11-11T12:30:15Z"),
    ],
)
def test_times(text: str, sent: str) -> None:
    assert to_atlas(parse_time("since", text, NOW)) == sent


@pytest.mark.parametrize(
    "text",
    [
        "",
        "90",
        "-90d",
        "90 d",
        "90d\n",
        "90D",
        "1.5h",
        "٩٠d",
        "99999999999d",
        "999999999d",
        "20260801",
        "2026-8-1",
        "2026-13-01",
        "2026-02-30",
        "2026-08-01T25:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "2026-08-01T12:34:56Z ",
        "yesterday",
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(UsageError, match="^since is .*; it must be a date such as"):
        parse_time("since", text, NOW)


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-08-10T03:02:57Z", "2026-08-10T03:02:57Z"),
        ("2026-08-10T03:02:57.123Z", "2026-08-10T03:02:57Z"),
        ("2026-08-10T05:02:57+02:00", "2026-08-10T03:02:57Z"),
        ("2026-02-30T00:00:00Z", None),
        ("0001-01-01T00:00:00+23:00", None),
        ("90d", None),
        ("", None),
        (1786330977, None),
        (None, None),
    ],
)
def test_times_in_responses(value: object, time: str | None) -> None:
    found = from_atlas(value)
    assert (to_atlas(found) if found else None) == time


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("Mon, 10 Aug 2026 03:02:57 GMT", "2026-08-10T03:02:57Z"),
        ("Mon, 10 Aug 2026 05:02:57 +0200", "2026-08-10T03:02:57Z"),
        ("Mon, 99 Aug 2026 03:02:57 GMT", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_times_in_headers(value: str | None, time: str | None) -> None:
    found = from_http(value)
    assert (to_atlas(found) if found else None) == time
