# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every write operation, derived from the routes, with an example. A route without one fails the tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from atlas_emulator.resources import RESOURCES
from atlas_emulator.state import State
from atlas_emulator.times import now, parse_time

ORG = "a" * 24
PROJECT, OTHER_PROJECT = "b0" * 12, "b1" * 12
KEY, OTHER_KEY = "1" * 24, "2" * 24
PRIVATE = "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"
ACCOUNT, OTHER_ACCOUNT = "mdb_sa_id_" + "3" * 24, "mdb_sa_id_" + "4" * 24
SECRET, OTHER_SECRET, SECOND_SECRET = "5" * 24, "6" * 24, "7" * 24
PARAMETERS = {
    "org_id": ORG,
    "project_id": PROJECT,
    "key_id": KEY,
    "client_id": ACCOUNT,
    "secret_id": SECRET,
    "name": "198.51.100.0%2F24",
}


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


UNASSIGNED = {"key_id": OTHER_KEY, "client_id": OTHER_ACCOUNT}
ENTRIES = [{"ipAddress": "203.0.113.1"}, {"cidrBlock": "203.0.113.64/26"}, {"cidrBlock": "2001:db8::/64"}]
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
        ENTRIES, [], ["API_KEY_ACCESS_LIST_ENTRY_ADDED"] * 3
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
    ("POST", "/orgs/<org_id>/serviceAccounts"): Example(
        {
            "name": "new",
            "description": "made by a test",
            "roles": ["ORG_MEMBER", "ORG_READ_ONLY"],
            "secretExpiresAfterHours": 24,
        },
        {"name": "a/b", "description": "x", "roles": ["ORG_MEMBER"], "secretExpiresAfterHours": 24},
        ["SERVICE_ACCOUNT_CREATED"],
    ),
    ("PATCH", "/orgs/<org_id>/serviceAccounts/<client_id>"): Example(
        {"name": "other", "roles": ["ORG_BILLING_ADMIN"]},
        {"roles": []},
        ["SERVICE_ACCOUNT_DETAILS_CHANGED", "SERVICE_ACCOUNT_ROLES_CHANGED"],
    ),
    ("DELETE", "/orgs/<org_id>/serviceAccounts/<client_id>"): Example(None, None, ["SERVICE_ACCOUNT_DELETED"]),
    ("POST", "/orgs/<org_id>/serviceAccounts/<client_id>/secrets"): Example(
        {"secretExpiresAfterHours": 24}, {"secretExpiresAfterHours": 7}, ["SERVICE_ACCOUNT_SECRET_ADDED"]
    ),
    ("DELETE", "/orgs/<org_id>/serviceAccounts/<client_id>/secrets/<secret_id>"): Example(
        None,
        None,
        ["SERVICE_ACCOUNT_SECRET_DELETED"],
        parts=False,
        changed={"client_id": OTHER_ACCOUNT, "secret_id": OTHER_SECRET},
    ),
    ("POST", "/orgs/<org_id>/serviceAccounts/<client_id>/accessList"): Example(
        ENTRIES, [{"ipAddress": "192.0.2.0/24"}], ["SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_ADDED"] * 3
    ),
    ("DELETE", "/orgs/<org_id>/serviceAccounts/<client_id>/accessList/<path:name>"): Example(
        None, None, ["SERVICE_ACCOUNT_ACCESS_LIST_ENTRY_DELETED"], parts=False
    ),
    ("POST", "/groups/<project_id>/serviceAccounts/<client_id>:invite"): Example(
        {"roles": ["GROUP_OWNER", "GROUP_READ_ONLY"]},
        {"roles": ["ORG_OWNER"]},
        ["SERVICE_ACCOUNT_ADDED_TO_GROUP"],
        changed=UNASSIGNED,
    ),
    ("PATCH", "/groups/<project_id>/serviceAccounts/<client_id>"): Example(
        {"roles": ["GROUP_CLUSTER_MANAGER"]}, {"roles": "GROUP_OWNER"}, ["SERVICE_ACCOUNT_ROLES_CHANGED"]
    ),
    ("DELETE", "/groups/<project_id>/serviceAccounts/<client_id>"): Example(
        None, None, ["SERVICE_ACCOUNT_REMOVED_FROM_GROUP"]
    ),
}


def _credential(roles: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "roles": [{"org_id": ORG, "role_name": "ORG_MEMBER"}, *roles],
        "access_list": [{"cidr_block": "198.51.100.0/24"}, {"ip_address": "192.0.2.7"}],
    }


def _key(key_id: str, name: str, roles: list[dict[str, str]]) -> dict[str, Any]:
    named = {"id": key_id, "desc": name, "public_key": name, "private_key": PRIVATE}
    return named | _credential(roles)


def _account(client_id: str, name: str, secrets: list[str], roles: list[dict[str, str]]) -> dict[str, Any]:
    listed = [
        {"id": one, "secret": f"mdb_sa_sk_{one}", "expires_at": f"+{30 + number}d"}
        for number, one in enumerate(secrets)
    ]
    return {"client_id": client_id, "name": name, "description": name, "secrets": listed} | _credential(roles)


IN_PROJECT = [{"group_id": PROJECT, "role_name": name} for name in ("GROUP_OWNER", "GROUP_READ_ONLY")]
DATA: dict[str, Any] = {
    "orgs": [
        {
            "id": ORG,
            "name": "Production",
            "projects": [{"id": PROJECT, "name": "shop"}, {"id": OTHER_PROJECT, "name": "warehouse"}],
            "api_keys": [_key(KEY, "firstkey", IN_PROJECT), _key(OTHER_KEY, "otherkey", [])],
            "service_accounts": [
                _account(ACCOUNT, "first", [SECRET], IN_PROJECT),
                _account(OTHER_ACCOUNT, "other", [OTHER_SECRET, SECOND_SECRET], []),
            ],
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


def snapshot(state: State) -> list[str]:
    """Return what the emulator holds, without the identifiers, secrets and times of what was created.

    The expiry of a secret is in hours from now.
    """
    made_up = "(id|public_key|private_key|client_id|value|made_at|created|created_at)=('[^']*'|[0-9.]+|None)"
    return sorted(
        re.sub("expires_at='([^']*)'", _expires_in, re.sub(rf"\b{made_up}", "", repr(item))) for item in _items(state)
    )


def _items(state: State) -> list[Any]:
    tables = [state.store.table(resource) for resource in RESOURCES if resource.identifiers]
    return [item for table in tables if not table.resource.is_record for item in table.list(ORG)]


def _expires_in(found: re.Match[str]) -> str:
    return f"expires_in={round((parse_time(found[1]) - now()).total_seconds() / 3600)}"


def ids(state: State) -> set[str]:
    """Return every ID that the emulator holds."""
    return set(re.findall("[a-f0-9]{24}", repr(_items(state))))
