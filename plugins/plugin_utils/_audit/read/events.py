# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The creation of API keys, from the events of their organization.

The `targetPublicKey` of an event is the key that something was done to; its `publicKey` is the one that did it. An
event on a service account names no target, and a service account has a creation date of its own.
"""

from __future__ import annotations

import dataclasses
import datetime

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import Raw, text


@dataclasses.dataclass(frozen=True)
class Creation:
    """When and by whom a key was created, if an event records it, and the earliest event that proves it existed."""

    created_at: datetime.datetime | None
    created_by: str | None
    known_since: datetime.datetime | None


UNKNOWN = Creation(None, None, None)


def creations(events: list[Raw]) -> dict[str, Creation]:
    """By public key. The earliest event counts, whatever the order."""
    found: dict[str, Creation] = {}
    for event in sorted(events, key=lambda raw: (str(raw.get("created")), str(raw.get("id")))):
        target, time = text(event.get("target_public_key")), parse_time(event.get("created"))
        if not target or not time:
            continue
        before = found.get(target, UNKNOWN)
        since = min(time, before.known_since or time)
        if event.get("event_type_name") == "API_KEY_CREATED" and (not before.created_at or time < before.created_at):
            found[target] = Creation(time, _who(event), since)
        else:
            found[target] = dataclasses.replace(before, known_since=since)
    return found


def _who(event: Raw) -> str | None:
    if username := text(event.get("username")):
        return username
    for name, what in (("public_key", "API key"), ("user_id", "user"), ("api_key_id", "API key")):
        if value := text(event.get(name)):
            return f"{what} {value}"
    return None
