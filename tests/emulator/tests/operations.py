# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every write operation, derived from the routes, with an example. A route without one fails the tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from atlas_emulator.resources import RESOURCES
from atlas_emulator.server import Emulator

ORG = "a" * 24
PROJECT, OTHER_PROJECT = "b0" * 12, "b1" * 12
KEY, OTHER_KEY = "1" * 24, "2" * 24
PRIVATE = "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"
PARAMETERS = {"org_id": ORG, "project_id": PROJECT, "key_id": KEY, "name": "198.51.100.0%2F24"}


@dataclass(frozen=True)
class Example:
    """An example of an operation.

    :param bad: a body that is refused; None where there is no body
    :param events: the types of the events that it makes
    :param parts: whether its change has several parts, of which half can be done
    :param changed: the parameters of the path that differ from PARAMETERS
    """

    body: Any
    bad: Any
    events: list[str]
    parts: bool = True
    changed: dict[str, str] = field(default_factory=dict)


UNASSIGNED = {"key_id": OTHER_KEY}
EXAMPLES = {
    ("POST", "/orgs/<org_id>/apiKeys"): Example(
        {"desc": "new", "roles": ["ORG_MEMBER", "ORG_READ_ONLY"]}, {"desc": "new"}, ["API_KEY_CREATED"]
    ),
    ("PATCH", "/orgs/<org_id>/apiKeys/<key_id>"): Example(
        {"desc": "other", "roles": ["ORG_BILLING_ADMIN"]},
        {"roles": ["GROUP_OWNER"]},
        ["API_KEY_DESCRIPTION_CHANGED", "API_KEY_ROLES_CHANGED"],
    ),
    ("DELETE", "/orgs/<org_id>/apiKeys/<key_id>"): Example(None, None, ["API_KEY_DELETED"]),
    ("POST", "/orgs/<org_id>/apiKeys/<key_id>/accessList"): Example(
        [{"ipAddress": "203.0.113.1"}, {"cidrBlock": "203.0.113.64/26"}, {"cidrBlock": "2001:db8::/64"}],
        [],
        ["API_KEY_ACCESS_LIST_ENTRY_ADDED"] * 3,
    ),
    ("DELETE", "/orgs/<org_id>/apiKeys/<key_id>/accessList/<path:name>"): Example(
        None, None, ["API_KEY_ACCESS_LIST_ENTRY_DELETED"], parts=False
    ),
    ("POST", "/groups/<project_id>/apiKeys"): Example(
        {"desc": "new", "roles": ["GROUP_OWNER", "GROUP_READ_ONLY"]},
        {"desc": "new", "roles": ["ORG_MEMBER"]},
        ["API_KEY_CREATED", "API_KEY_ADDED_TO_GROUP"],
    ),
    ("POST", "/groups/<project_id>/apiKeys/<key_id>"): Example(
        [{"roles": ["GROUP_OWNER", "GROUP_READ_ONLY"]}],
        [{"roles": []}],
        ["API_KEY_ADDED_TO_GROUP"],
        changed=UNASSIGNED,
    ),
    ("PATCH", "/groups/<project_id>/apiKeys/<key_id>"): Example(
        {"roles": ["GROUP_CLUSTER_MANAGER"]}, {"roles": ["ORG_OWNER"]}, ["API_KEY_ROLES_CHANGED"]
    ),
    ("DELETE", "/groups/<project_id>/apiKeys/<key_id>"): Example(None, None, ["API_KEY_REMOVED_FROM_GROUP"]),
}


def _key(key_id: str, name: str, roles: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "id": key_id,
        "desc": name,
        "public_key": name,
        "private_key": PRIVATE,
        "roles": [{"org_id": ORG, "role_name": "ORG_MEMBER"}, *roles],
        "access_list": [{"cidr_block": "198.51.100.0/24"}, {"ip_address": "192.0.2.7"}],
    }


IN_PROJECT = [{"group_id": PROJECT, "role_name": name} for name in ("GROUP_OWNER", "GROUP_READ_ONLY")]
DATA: dict[str, Any] = {
    "orgs": [
        {
            "id": ORG,
            "name": "Production",
            "projects": [{"id": PROJECT, "name": "shop"}, {"id": OTHER_PROJECT, "name": "warehouse"}],
            "api_keys": [_key(KEY, "firstkey", IN_PROJECT), _key(OTHER_KEY, "otherkey", [])],
            "access_tokens": [{"token": "owner", "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}]}],
        }
    ]
}


def write_operations() -> list[tuple[str, str]]:
    """Return method and path of every route that writes."""
    routes = [route for resource in RESOURCES for route in resource.routes]
    return [(method, route.path) for route in routes for method in route.methods if method != "GET"]


def path_of(template: str, example: Example) -> str:
    """Return the path of an example."""
    parameters = PARAMETERS | example.changed
    return re.sub("<(?:path:)?([a-z_]+)>", lambda found: parameters[found[1]], template)


def snapshot(emulator: Emulator) -> list[str]:
    """Return what the emulator holds, without the identifiers, secrets and times of what was created."""
    tables = [emulator.state.store.table(resource) for resource in RESOURCES if resource.identifiers]
    items = [item for table in tables if not table.resource.is_record for item in table.list(ORG)]
    made_up = "(id|public_key|private_key|client_id|value|made_at|created|created_at|expires_at)=('[^']*'|[0-9.]+|None)"
    return sorted(re.sub(rf"\b{made_up}", "", repr(item)) for item in items)
