# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Writes whose response may be lost: whether they were made is looked up, because they must not be sent twice."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    TransportError,
)


def confirm(write: t.Callable[[], object], is_made: t.Callable[[], bool]) -> None:
    """Make a write; if its response is lost, look up whether it was made.

    :param is_made: reads what was written.
    :raises AtlasError: if it was refused, or was not made, or that is not known.
    """
    try:
        write()
    except (TransportError, InvalidResponse, APIError) as error:
        if isinstance(error, APIError) and error.status < 500:
            raise
        try:
            made = is_made()
        except AtlasError as second:
            raise AtlasError(f"{error} Whether the change was made is not known: {second}") from None
        if not made:
            raise AtlasError(f"{error} The change was not found afterwards. Run the task again.") from None
