# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An organization's API keys."""

from __future__ import annotations

import time
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

from flask import Response

from atlas_emulator.access_entries import AccessList, made_up_access_list, parse_access_list
from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.generator import Plan, made_up_hex, made_up_id, made_up_uuid, project_id
from atlas_emulator.identities import LETTERS
from atlas_emulator.parser import Entry, Json
from atlas_emulator.permissions import ORG_OWNERS
from atlas_emulator.rate_limits import API_KEYS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.events import add_made_up_event, record_event
from atlas_emulator.responses import respond, respond_with_nothing, respond_with_page, self_link
from atlas_emulator.roles import Role, Roles, parse_org_roles, parse_roles, serialize_role

MAX_KEYS = 500
"""The limit of an organization (docs). A dataset may have more, to test long lists."""

DESCRIPTION = ".{1,250}"
"""The pattern of a description (reference)."""

PUBLIC_KEYS = len(LETTERS) ** 8
SCATTER = 123_456_789_011
"""Has no factor in common with PUBLIC_KEYS, so that the multiples of it, modulo PUBLIC_KEYS, are all different."""


@dataclass(frozen=True)
class ApiKey:
    """An API key, with its whole private key.

    `made_at` is the monotonic time at which a request created it.
    """

    id: str
    desc: str
    public_key: str
    private_key: str
    roles: Roles
    access_list: AccessList = ()
    fields: dict[str, Json] = field(default_factory=dict)
    made_at: float | None = None


def parse_keys(entry: Entry, org_id: str) -> list[ApiKey]:
    """Return the API keys of an organization's entry."""
    return [_parse_key(key, org_id) for key in entry.entries("api_keys")]


def _parse_key(entry: Entry, org_id: str) -> ApiKey:
    key = ApiKey(
        id=entry.text("id", pattern="[a-f0-9]{24}"),
        desc=entry.text("desc", pattern=DESCRIPTION),
        public_key=entry.text("public_key", pattern="[a-z0-9]{8}"),
        private_key=entry.text("private_key", pattern="[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}"),
        roles=parse_roles(entry, org_id),
        access_list=parse_access_list(entry),
        fields=entry.fields("fields"),
    )
    entry.finish()
    return key


def generate_keys(plan: Plan) -> None:
    """Add API keys to a plan. The first one is an owner without an access list: a caller that is never refused."""
    for position in range(plan.counts["api_keys"]):
        key = _made_up_key(plan, position)
        plan.items["api_keys"].append(key)
        _add_events(plan, key, position)


def _add_events(plan: Plan, key: ApiKey, position: int) -> None:
    """Add the events of a generated key. A person created every second one, the first generated key the others."""
    first: ApiKey = plan.items["api_keys"][0]
    actor = {"api_key_id": first.id, "public_key": first.public_key}
    if position % 2 == 0:
        actor = {"user_id": made_up_hex("administrator", 24), "username": "administrator@example.com"}
    created = _made_up_time(position)
    add_made_up_event(plan, created, "API_KEY_CREATED", target_public_key=key.public_key, **actor)
    for entry in key.access_list:
        details = {"target_public_key": key.public_key, "whitelist_entry": str(entry.network), **actor}
        add_made_up_event(plan, entry.created, "API_KEY_ACCESS_LIST_ENTRY_ADDED", **details)


def _made_up_time(position: int) -> str:
    return f"2026-0{1 + position % 6}-{1 + position % 28:02}T03:02:56Z"


def _made_up_key(plan: Plan, position: int) -> ApiKey:
    number = plan.numbers.next("key")
    return ApiKey(
        id=made_up_id(_made_up_time(position), f"key {number}"),
        desc=f"made-up key {number}",
        public_key=_made_up_public_key(number),
        private_key=made_up_uuid(f"private key {number}"),
        roles=_made_up_roles(plan, position),
        access_list=made_up_access_list(position, plan.counts["access_list"]),
    )


def _made_up_public_key(number: int) -> str:
    rest = number * SCATTER % PUBLIC_KEYS
    letters = []
    for _letter in range(8):
        rest, letter = divmod(rest, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def _made_up_roles(plan: Plan, position: int) -> Roles:
    """Every tenth key is an owner; of the others, every second one also has a role in a project."""
    org_id, projects = plan.org_id, plan.counts["projects"]
    if position % 10 == 0:
        return (Role("ORG_OWNER", org_id=org_id),)
    if position % 2 == 0 or not projects:
        return (Role("ORG_READ_ONLY", org_id=org_id),)
    name = ("GROUP_OWNER", "GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER")[position % 3]
    return (Role(name, group_id=project_id(org_id, position // 2 % projects)), Role("ORG_MEMBER", org_id=org_id))


def serialize_key(key: ApiKey, url: str, whole: bool = False) -> Json:
    """Return an API key as Atlas writes it, its private key redacted except for the last 12 digits (wire).

    `whole`: the private key is not redacted, which only the response to the creation does.
    """
    return {
        "desc": key.desc,
        "id": key.id,
        "links": self_link(url),
        "privateKey": key.private_key if whole else "********-****-****-" + key.private_key[-12:],
        "publicKey": key.public_key,
        "roles": [serialize_role(role) for role in key.roles],
        **key.fields,
    }


def key_url(call: Call, key: ApiKey) -> str:
    """Return the address of a key, which is the organization's on project routes as well (wire)."""
    return f"{_keys_url(call)}/{key.id}"


def _keys_url(call: Call) -> str:
    return f"{call.root}/orgs/{call.caller.org.id}/apiKeys"


def respond_with_keys(call: Call, keys: Sequence[ApiKey]) -> Response:
    """Return the response with a page of keys."""
    url = _keys_url(call)
    return respond_with_page(keys, lambda key, _url: serialize_key(key, f"{url}/{key.id}"))


def find_key(call: Call, org_id: str, key_id: str, roles: Set[str] | None = None) -> ApiKey:
    """Return the API key in the path if the caller has a role in the organization, or one of these roles."""
    call.check_id(key_id)
    key = call.table(RESOURCE).get(call.org(org_id, roles).id, key_id)
    if key is None:
        raise key_not_found(call, key_id, "organization")
    return key


def key_not_found(call: Call, key_id: str, place: str) -> APIError:
    """Return the error for an API key that is not there."""
    status = call.state.settings.api_key_not_found_status
    return APIError(status, "API_KEY_NOT_FOUND", f"There is no API key {key_id} in the {place}.", [key_id])


def list_keys(call: Call, org_id: str) -> Response:
    """``GET /orgs/{orgId}/apiKeys``."""
    keys = call.list(RESOURCE, call.org(org_id).id)
    return respond_with_keys(call, keys)


def get_key(call: Call, org_id: str, key_id: str) -> Response:
    """``GET /orgs/{orgId}/apiKeys/{apiUserId}``."""
    key = find_key(call, org_id, key_id)
    return respond(serialize_key(key, key_url(call, key)))


def create_key(call: Call, org_id: str) -> Response:
    """``POST /orgs/{orgId}/apiKeys``: 200, with the whole private key (wire), for Organization Owners."""
    org = call.org(org_id, ORG_OWNERS)
    body = call.body()
    desc, roles = body.text("desc", pattern=DESCRIPTION), parse_org_roles(body, org.id)
    body.finish()
    key = add_key(call, org.id, desc, roles)
    return respond(serialize_key(key, key_url(call, key), whole=True))


def add_key(call: Call, org_id: str, desc: str, roles: Roles) -> ApiKey:
    """Create an API key, if the organization has room for it."""
    if len(call.table(RESOURCE).list(org_id)) >= MAX_KEYS:
        # Atlas' status and code are not known.
        raise APIError(400, None, f"The organization has {MAX_KEYS} API keys.", [MAX_KEYS])
    new = call.identities
    key = ApiKey(new.object_id(), desc, new.public_key(), new.private_key(), roles, made_at=time.monotonic())
    call.table(RESOURCE).put(org_id, key)
    record_event(call, "API_KEY_CREATED", target_public_key=key.public_key)
    return key


def update_key(call: Call, org_id: str, key_id: str) -> Response:
    """``PATCH /orgs/{orgId}/apiKeys/{apiUserId}``. Whether project roles stay is a setting."""
    body = call.body()
    key = old = find_key(call, org_id, key_id, ORG_OWNERS)
    if "desc" in body:
        key = replace(key, desc=body.text("desc", pattern=DESCRIPTION))
    if "roles" in body:
        key = replace(key, roles=call.with_org_roles(key.roles, parse_org_roles(body, org_id)))
    body.finish()
    call.table(RESOURCE).put(org_id, key)
    if key.desc != old.desc:
        record_event(call, "API_KEY_DESCRIPTION_CHANGED", target_public_key=key.public_key)
    if set(key.roles) != set(old.roles):
        record_event(call, "API_KEY_ROLES_CHANGED", target_public_key=key.public_key)
    return respond(serialize_key(key, key_url(call, key)))


def delete_key(call: Call, org_id: str, key_id: str) -> Response:
    """``DELETE /orgs/{orgId}/apiKeys/{apiUserId}``: 204 (wire)."""
    key = find_key(call, org_id, key_id, ORG_OWNERS)
    call.table(RESOURCE).remove(key.id)
    record_event(call, "API_KEY_DELETED", target_public_key=key.public_key)
    return respond_with_nothing()


RESOURCE: Resource[ApiKey] = Resource(
    name="api_keys",
    routes=(
        Route("/orgs/<org_id>/apiKeys", list_keys, API_KEYS),
        Route("/orgs/<org_id>/apiKeys", create_key, API_KEYS, ("POST",)),
        Route("/orgs/<org_id>/apiKeys/<key_id>", get_key, API_KEYS),
        Route("/orgs/<org_id>/apiKeys/<key_id>", update_key, API_KEYS, ("PATCH",)),
        Route("/orgs/<org_id>/apiKeys/<key_id>", delete_key, API_KEYS, ("DELETE",)),
    ),
    parse=parse_keys,
    generate=generate_keys,
    counts={"api_keys": 0, "access_list": 2},
    identifiers={"API key id": lambda key: key.id, "public key": lambda key: key.public_key},
    sort_key=lambda key: key.public_key,
)
