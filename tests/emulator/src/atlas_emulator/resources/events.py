# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of an organization."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.errors import BadQuery
from atlas_emulator.generator import Plan, made_up_id
from atlas_emulator.parser import Entry, Json
from atlas_emulator.rate_limits import EVENTS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.responses import respond_with_page, self_link
from atlas_emulator.times import entry_time, format_time, now, parse_time

ADDRESS = "198.51.100.7"
"""The address in generated events (RFC 5737)."""


@dataclass(frozen=True)
class Event:
    """An event.

    `api_key_id` and `public_key`, or `user_id` and `username`, are those of the actor; `target_public_key` names the
    API key that was acted on and `whitelist_entry` the entry of its access list (reference).
    """

    id: str
    created: str
    event_type_name: str
    remote_address: str | None = None
    group_id: str | None = None
    api_key_id: str | None = None
    public_key: str | None = None
    user_id: str | None = None
    username: str | None = None
    target_public_key: str | None = None
    whitelist_entry: str | None = None
    fields: dict[str, Json] = field(default_factory=dict)


def parse_events(entry: Entry, org_id: str) -> list[Event]:
    """Return the events of an organization's entry."""
    return [_parse_event(event, f"{org_id} {number}") for number, event in enumerate(entry.entries("events"))]


def _parse_event(entry: Entry, name: str) -> Event:
    created = entry_time(entry, "created")
    event = Event(
        id=entry.text("id", made_up_id(created, f"event {name}"), pattern="[a-f0-9]{24}"),
        created=created,
        event_type_name=entry.text("event_type_name"),
        remote_address=entry.text_or_none("remote_address"),
        group_id=entry.text_or_none("group_id"),
        api_key_id=entry.text_or_none("api_key_id"),
        public_key=entry.text_or_none("public_key"),
        user_id=entry.text_or_none("user_id"),
        username=entry.text_or_none("username"),
        target_public_key=entry.text_or_none("target_public_key"),
        whitelist_entry=entry.text_or_none("whitelist_entry"),
        fields=entry.fields("fields"),
    )
    entry.finish()
    return event


def add_made_up_event(plan: Plan, created: str, event_type_name: str, **details: Any) -> None:
    """Add an event to a plan; `details` are fields of Event."""
    number = plan.numbers.next("event")
    event_id = made_up_id(created, f"generated event {number}")
    plan.items["events"].append(Event(event_id, created, event_type_name, ADDRESS, **details))


def record_event(call: Call, event_type_name: str, **details: Any) -> None:
    """Record what the caller did; `details` are fields of Event. How a service account is named is not known."""
    caller = call.caller
    actor: dict[str, Any] = {"api_key_id": caller.key_id, "public_key": caller.name} if caller.key_id else {}
    event = Event(call.identities.object_id(), format_time(now()), event_type_name, call.address, **actor, **details)
    call.table(RESOURCE).put(caller.org.id, event)


def serialize_event(event: Event, org_id: str, url: str) -> Json:
    """Return an event as Atlas writes it: one of a project has no `orgId` (wire).

    That fields without a value are absent is an assumption.
    """
    content = {
        "apiKeyId": event.api_key_id,
        "created": event.created,
        "eventTypeName": event.event_type_name,
        "groupId": event.group_id,
        "id": event.id,
        "isGlobalAdmin": False,
        "links": self_link(f"{url}/{event.id}"),
        "orgId": None if event.group_id else org_id,
        "publicKey": event.public_key,
        "remoteAddress": event.remote_address,
        "targetPublicKey": event.target_public_key,
        "userId": event.user_id,
        "username": event.username,
        "whitelistEntry": event.whitelist_entry,
    }
    return {name: value for name, value in content.items() if value is not None} | event.fields


def list_events(call: Call, org_id: str) -> Response:
    """``GET /orgs/{orgId}/events``, without those of projects (wire)."""
    return respond_with_events(call, call.org(org_id).id, None)


def respond_with_events(call: Call, org_id: str, project_id: str | None) -> Response:
    """Return the events of a project, or those of an organization that are none of a project (wire).

    The newest one is the first (wire); `minDate` and `maxDate` are included. `includeRaw` adds nothing.
    """
    call.flag("includeRaw", False)
    matches = _filter(call)
    events = [event for event in call.list(RESOURCE, org_id) if event.group_id == project_id and matches(event)]
    return respond_with_page(events, lambda event, url: serialize_event(event, org_id, url))


def _filter(call: Call) -> Callable[[Event], bool]:
    types = set(call.query.getlist("eventType"))
    earliest, latest = _date(call, "minDate"), _date(call, "maxDate")

    def matches(event: Event) -> bool:
        if types and event.event_type_name not in types:
            return False
        if earliest is None and latest is None:
            return True
        created = parse_time(event.created)
        return (earliest is None or created >= earliest) and (latest is None or created <= latest)

    return matches


def _date(call: Call, name: str) -> datetime | None:
    text = call.query.get(name)
    if text is None:
        return None
    try:
        return parse_time(text)
    except ValueError as error:
        raise BadQuery(name, f"an ISO 8601 date and time in UTC is needed, not {text}") from error


QUERY = ("eventType", "includeRaw", "maxDate", "minDate")
"""The parameters of the query, but those of all lists (reference)."""

RESOURCE: Resource[Event] = Resource(
    name="events",
    routes=(Route("/orgs/<org_id>/events", list_events, EVENTS, query=QUERY),),
    parse=parse_events,
    identifiers={"event id": lambda event: event.id},
    sort_key=lambda event: event.created,
    descending=True,
    is_record=True,
)
