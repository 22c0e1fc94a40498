# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What the fields of a credential mean together: where it can be used from, and whether it is in use.

The sources of this are in MongoDB's documentation: an empty access list means "from nowhere" if the organization
requires a list and "from anywhere" if it does not, and the use of an API key is recorded at its entries only.
"""

from __future__ import annotations

import datetime

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.addresses import ALL_ADDRESSES, AddressSet
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Entry, Reach, Secret, Usage


def reach_of(entries: list[Entry] | None, list_required: bool | None) -> Reach:
    """Where a credential with this access list can be used from. `unknown` if it could be more than what is known."""
    if entries is None:
        return Reach("unknown", None, "Its access list was not read.")
    if not entries:
        return _reach_without_entries(list_required)
    union = AddressSet.of(entry.block for entry in entries if entry.block)
    if union.is_everything:
        return Reach("anywhere", union.size)
    if any(entry.block is None for entry in entries):
        return Reach("unknown", None, "An entry of its access list is not a block of addresses.")
    return Reach("listed", union.size)


def _reach_without_entries(list_required: bool | None) -> Reach:
    if list_required is None:
        why = "Its access list is empty, and whether the organization requires one is not known."
        return Reach("unknown", None, why)
    return Reach("nowhere", 0) if list_required else Reach("anywhere", ALL_ADDRESSES)


def usage_of(entries: list[Entry] | None, secrets: list[Secret] | None, now: datetime.datetime, days: int) -> Usage:
    """Whether a credential was used in the last `days`.

    `unused` needs a record that is older than that: an entry or a secret that was added yesterday has no record of the
    time before. A secret is used whenever a token is made, so what entries lack does not matter if a secret is older.
    """
    records: list[Entry | Secret] = [*(entries or []), *(secrets or [])]
    last = max((record.last_used_at for record in records if record.last_used_at), default=None)
    since = min((record.created_at for record in records if record.created_at), default=None)
    limit = datetime.timedelta(days=days)
    if last and now - last <= limit:
        return Usage("used", last, since)
    secret_is_old = any(secret.created_at and now - secret.created_at > limit for secret in secrets or [])
    proof = secrets if secrets and secret_is_old else records
    if not all(record.use_known for record in proof):
        return Usage("unknown", last, since)
    if last or (since and now - since > limit):
        return Usage("unused", last, since)
    return Usage("unknown", None, since)


def earliest(*times: datetime.datetime | None) -> datetime.datetime | None:
    """The earliest of the points in time that are known."""
    return min((time for time in times if time), default=None)
