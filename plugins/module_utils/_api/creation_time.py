# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The creation time that an identifier of Atlas carries."""

from __future__ import annotations

import datetime
import re

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.times import to_atlas

# The first 8 of 24 hexadecimal digits are seconds since 1970 (an ObjectId). Recorded responses confirm it for API keys;
# the digits of a service account's client ID look alike.
_SECONDS = re.compile(r"(?:mdb_sa_id_)?([a-fA-F0-9]{8})[a-fA-F0-9]{16}")

# Atlas has not existed for longer.
_EARLIEST = datetime.datetime(2012, 1, 1, tzinfo=datetime.timezone.utc)


def creation_time(identifier: object) -> str | None:
    """Return when the resource with an identifier was created, in Atlas' own form; None if it does not tell.

    :param identifier: from a response, so it may be anything.
    """
    digits = _SECONDS.fullmatch(identifier) if isinstance(identifier, str) else None
    if not digits:
        return None
    time = datetime.datetime.fromtimestamp(int(digits[1], 16), datetime.timezone.utc)
    now = datetime.datetime.now(datetime.timezone.utc)
    return to_atlas(time) if _EARLIEST <= time <= now + datetime.timedelta(days=1) else None
