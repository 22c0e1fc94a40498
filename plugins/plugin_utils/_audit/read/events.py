# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What events tell of API keys and service accounts: who created them and when, and the access list that they inherit.

The `target_public_key` of an event is the key that something was done to; its `public_key` is the one that did it. An
event on a service account names no target in Atlas' reference, and a service account has a creation date of its own.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Maker
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import (
    MAX_CLOCK_SKEW,
    Form,
    Raw,
    show,
    text,
)

_CREATED: t.Final = "API_KEY_CREATED"
_INHERITANCE: t.Final = "UI_IP_ACCESS_LIST_INHERITANCE_"
_INHERITS: t.Final = {f"API_KEY_{_INHERITANCE}ENABLED": True, f"API_KEY_{_INHERITANCE}DISABLED": False}
_AN_ACCOUNT_INHERITS: t.Final = f"SERVICE_ACCOUNT_{_INHERITANCE}ENABLED"
UNDERSTOOD: t.Final = frozenset({_CREATED, *_INHERITS, _AN_ACCOUNT_INHERITS})  # what must be read


@dataclasses.dataclass(frozen=True)
class History:
    """What the events on one API key tell. `known_since` is the earliest event that proves that it existed."""

    created_at: datetime.datetime | None = None
    created_by: Maker | None = None
    created_from: str | None = None
    known_since: datetime.datetime | None = None
    inherits: bool = False
    form: Form | None = None  # the date of an event that has an unknown form


@dataclasses.dataclass(frozen=True)
class Events:
    """The events of an organization. `is_known` is False if they were not read."""

    is_known: bool
    keys: t.Mapping[str, History]  # by public key
    an_account_inherits: (
        bool  # some service account was made to inherit the access list of the UI; which one is not known
    )

    def of_key(self, public_key: str | None) -> History:
        """Return what is known of an API key."""
        return self.keys.get(public_key or "", _NOTHING)


_NOTHING: t.Final = History()


def read_events(events: list[Raw] | None, now: datetime.datetime) -> Events:
    """Return what events tell. Their order does not matter."""
    keys: dict[str, History] = {}
    an_account_inherits = False
    dated = [(_date(event, now), event) for event in events or []]
    # Those without a date are the last ones: what they turn on may still be on.
    for time, event in sorted(dated, key=_order):
        kind, target = text(event.get("event_type_name")), text(event.get("target_public_key"))
        an_account_inherits = an_account_inherits or kind == _AN_ACCOUNT_INHERITS
        if target:
            before = keys.get(target, _NOTHING)
            keys[target] = _add(before, event, kind, time) if time else _add_undated(before, event, kind)
    return Events(events is not None, keys, an_account_inherits)


def _order(dated: tuple[datetime.datetime | None, Raw]) -> tuple[bool, str, str]:
    time, event = dated
    return time is None, str(event.get("created")), str(event.get("id"))


def _date(event: Raw, now: datetime.datetime) -> datetime.datetime | None:
    """Return when an event was, or None if that is not known or in the future."""
    time = parse_time(event.get("created"))
    return time if time and time - now <= MAX_CLOCK_SKEW else None


def _add(before: History, event: Raw, kind: str | None, time: datetime.datetime) -> History:
    since = min(time, before.known_since or time)
    if kind in _INHERITS:
        return dataclasses.replace(before, known_since=since, inherits=_INHERITS[kind])
    if kind == _CREATED and (not before.created_at or time < before.created_at):
        address = text(event.get("remote_address"))
        return dataclasses.replace(
            before, created_at=time, created_by=_maker(event), created_from=address, known_since=since
        )
    return dataclasses.replace(before, known_since=since)


def _add_undated(before: History, event: Raw, kind: str | None) -> History:
    value = event.get("created")
    wrong = "in the future" if parse_time(value) else "not a date"
    what = "missing" if value is None else f"{show(value)}, which is {wrong}"
    form = before.form or Form("events.created", f"The date of an event on it is {what}.")
    maker = _maker(event) if kind == _CREATED else None
    inherits = before.inherits or _INHERITS.get(kind or "", False)
    return dataclasses.replace(before, created_by=before.created_by or maker, inherits=inherits, form=form)


# The fields of an event that name who did it, and what that is.
_MAKERS: t.Final = (
    ("public_key", "API key"),
    ("api_key_id", "API key"),
    ("client_id", "service account"),
    ("username", "user"),
    ("user_id", "user"),
)


def _maker(event: Raw) -> Maker | None:
    for name, what in _MAKERS:
        if value := text(event.get(name)):
            return what, value
    return None
