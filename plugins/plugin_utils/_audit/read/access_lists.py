# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Access lists: their entries, and where a credential with such a list can be used from.

MongoDB's documentation says: an empty access list means "from nowhere" if the organization requires a list and "from
anywhere" if it does not.
"""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Entry, Reach
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import (
    ALL_ADDRESSES,
    AddressSet,
    parse_block,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import Raw, first, integer, text

_NEVER = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


def read_entry(raw: Raw) -> Entry:
    """Return an entry of an access list."""
    # A key's entry and a service account's name the same things differently. An address comes with its block, or alone.
    written = text(first(raw, "cidr_block", "ip_address")) or ""
    last_used, requests = first(raw, "last_used", "last_used_at"), integer(first(raw, "count", "request_count"))
    return Entry(
        text=written,
        block=parse_block(written),
        created_at=parse_time(first(raw, "created", "created_at")),
        last_used_at=parse_time(last_used),
        last_used_address=text(raw.get("last_used_address")),
        requests=requests,
        use_known=parse_time(last_used) is not None or (last_used is None and requests == 0),
    )


def entry_order(entry: Entry) -> tuple[t.Any, ...]:
    """Return the sort key of an entry."""
    times = (entry.created_at or _NEVER, entry.last_used_at or _NEVER)
    requests = -1 if entry.requests is None else entry.requests
    return (entry.block or (0,), entry.text, *times, entry.last_used_address or "", requests)


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
