# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""How the state of a credential differs from the one that was asked for."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import Managed


def wider_roles(found: Managed, wanted: Managed) -> str:
    """Return the roles that are there and were not asked for, for a message; empty if there are none."""
    return ", ".join(sorted(set(found.get("roles") or ()) - set(wanted.get("roles") or ())))


def describe_difference(found: Managed, wanted: Managed) -> str:
    """Return each field that is not as asked for, for a message; empty if all are."""
    return "; ".join(
        f"{field} is {found.get(field)!r} instead of {value!r}"
        for field, value in wanted.items()
        if found.get(field) != value
    )
