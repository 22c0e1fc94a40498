# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The versions of the API that ``Accept`` can request."""

from __future__ import annotations

import re

from atlas_emulator.errors import APIError
from atlas_emulator.settings import Settings

STABLE = frozenset(
    (
        "2023-01-01",
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

RESOURCE_TYPE = "application/vnd.atlas.2023-01-01+json;charset=utf-8"
"""The content type of every response of v2: the version of the resource, not the requested one (wire)."""

_VERSION = re.compile(r"application/vnd\.atlas\.([0-9]{4}-[0-9]{2}-[0-9]{2})\+json")


def check(accept: str, settings: Settings) -> dict[str, str]:
    """Return the headers that a version adds to responses; refuse one that is unknown (report) or retired (docs)."""
    match = _VERSION.search(accept)
    date = match[1] if match else ""
    if date in settings.gone_versions:
        raise APIError(410, "VERSION_GONE", f"Version {date} is no longer supported.", [date])
    if date not in STABLE:
        raise APIError(406, "INVALID_VERSION_DATE", "Invalid accept header or version date.")
    return {name.capitalize(): value for name, value in settings.deprecated_versions.get(date, {}).items()}
