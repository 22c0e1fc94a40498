# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions of the API that ``Accept`` can request."""

from __future__ import annotations

import re

from atlas_emulator.errors import APIError
from atlas_emulator.settings import Settings

FIRST = "2023-01-01"
"""The version of most resources (reference)."""

STABLE = frozenset(
    (
        FIRST,
        "2023-02-01",
        "2023-10-01",
        "2023-11-15",
        "2024-05-30",
        "2024-08-05",
        "2024-10-23",
        "2024-11-13",
        "2025-02-19",
        "2025-03-12",
    )
)
"""The stable dates (reference)."""

_VERSION = re.compile(r"application/vnd\.atlas\.([0-9]{4}-[0-9]{2}-[0-9]{2})\+json")


def content_type(version: str) -> str:
    """Return the content type of v2: the version of the resource, not the requested one (wire)."""
    return f"application/vnd.atlas.{version}+json;charset=utf-8"


def check(accept: str, resource_version: str, settings: Settings) -> dict[str, str]:
    """Return the headers that a version adds to responses; refuse one that is unknown (report) or retired (docs).

    A later version than the resource's own is accepted (reference). What Atlas does with an earlier one is not known;
    here the resource does not exist in it, which is the same error as for an unknown version. A published client sends
    a date that is no version and works, so Atlas may accept any date: the setting `any_version`.
    """
    match = _VERSION.search(accept)
    date = match[1] if match else ""
    if date in settings.gone_versions:
        raise APIError(410, "VERSION_GONE", f"Version {date} is no longer supported.", [date])
    known = date in STABLE or (settings.any_version and date)
    if not known or date < resource_version:
        raise APIError(406, "INVALID_VERSION_DATE", "Invalid accept header or version date.")
    return {name.capitalize(): value for name, value in settings.deprecated_versions.get(date, {}).items()}
