# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Points in time, in each form that they come in."""

from __future__ import annotations

import datetime

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import (
    is_date_only,
    parse_time,
    time_text,
)

UTC = datetime.timezone.utc


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-08-10T03:02:57Z", "2026-08-10T03:02:57Z"),
        ("2026-08-10T03:02:57.123Z", "2026-08-10T03:02:57Z"),
        ("2026-08-10T03:02:57.123456789+02:00", "2026-08-10T01:02:57Z"),
        ("2026-08-10T03:02:57-0230", "2026-08-10T05:32:57Z"),
        ("2026-08-10 03:02", "2026-08-10T03:02:00Z"),
        ("2026-08-10", "2026-08-10T00:00:00Z"),
        (" 2026-08-10 ", "2026-08-10T00:00:00Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        (datetime.date(2026, 8, 10), "2026-08-10T00:00:00Z"),
        (datetime.datetime(2026, 8, 10, 3, 2, 57, 999), "2026-08-10T03:02:57Z"),
        (
            datetime.datetime(2026, 8, 10, 3, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
            "2026-08-10T01:00:00Z",
        ),
    ],
)
def test_reads(value: object, text: str) -> None:
    time = parse_time(value)
    assert time_text(time) == text
    assert time.tzinfo is UTC
    assert parse_time(text) == time


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "yesterday",
        "2026-02-30",
        "2026-13-01T00:00:00Z",
        "2026-08-10T25:00:00Z",
        "0000-00-00T00:00:00Z",
        "2026-08-10T03:02:57ZZ",
        "2026-08-10\n2026-08-11",
        "٢٠٢٦-٠٨-١٠",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        datetime.datetime(1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=14))),
        1700000000,
        True,
        [],
    ],
)
def test_is_no_time(value: object) -> None:
    assert parse_time(value) is None


def test_a_day_and_a_moment() -> None:
    assert is_date_only("2026-08-10")
    assert is_date_only(datetime.date(2026, 8, 10))
    assert not is_date_only("2026-08-10T00:00:00Z")
    assert not is_date_only(datetime.datetime(2026, 8, 10))
