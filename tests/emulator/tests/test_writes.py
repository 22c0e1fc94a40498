# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creating, changing, restricting and deleting API keys."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import requests
from requests.auth import HTTPDigestAuth

from atlas_emulator.dataset import read
from atlas_emulator.server import Emulator
from emulator_client import V2, Client

ORG = "a" * 24
PROJECT = "b" * 24
OTHER_PROJECT = "c" * 24
PRIVATE = "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"
OWNER = ("ownerkey", PRIVATE)
READER = ("readerke", PRIVATE)
PROJECT_OWNER = ("projecto", PRIVATE)
OWNER_ID = "1" * 24
READER_ID = "2" * 24
KEYS = f"/orgs/{ORG}/apiKeys"
READER_KEY = f"{KEYS}/{READER_ID}"
ASSIGNED = f"/groups/{PROJECT}/apiKeys/{READER_ID}"
MEMBER = {"org_id": ORG, "role_name": "ORG_MEMBER"}


def key(number: int, public_key: str, roles: list[dict[str, str]], addresses: list[str]) -> dict[str, Any]:
    return {
        "id": f"{number}" * 24,
        "desc": public_key,
        "public_key": public_key,
        "private_key": PRIVATE,
        "roles": roles,
        "access_list": [{"cidr_block": address} for address in addresses],
    }


DATA = {
    "orgs": [
        {
            "id": ORG,
            "name": "Production",
            "projects": [{"id": PROJECT, "name": "shop"}, {"id": OTHER_PROJECT, "name": "warehouse"}],
            "api_keys": [
                key(1, OWNER[0], [{"org_id": ORG, "role_name": "ORG_OWNER"}], ["127.0.0.0/8", "192.0.2.0/24"]),
                key(2, READER[0], [MEMBER, {"group_id": OTHER_PROJECT, "role_name": "GROUP_OWNER"}], []),
                key(3, PROJECT_OWNER[0], [MEMBER, {"group_id": PROJECT, "role_name": "GROUP_OWNER"}], []),
            ],
        }
    ]
}


@pytest.fixture
def client() -> Any:
    with Emulator(read(DATA)) as emulator:
        yield Client(emulator.url)


def send(client: Client, method: str, path: str, json: Any = None, pair: tuple[str, str] = OWNER) -> Any:
    url = f"{client.url}/api/atlas/v2{path}"
    return client.session.request(method, url, json=json, auth=HTTPDigestAuth(*pair), headers=V2, timeout=10)


def code(response: Any) -> tuple[int, str | None]:
    return response.status_code, response.json().get("errorCode")


def events(client: Client) -> list[Any]:
    """Return the events of the organization, oldest first."""
    results: list[Any] = client.digest(f"/orgs/{ORG}/events", OWNER).json()["results"]
    return results[::-1]


def roles(client: Client, key_id: str = READER_ID) -> set[tuple[str, str]]:
    content = client.digest(f"{KEYS}/{key_id}", OWNER).json()
    return {(role.get("orgId") or role["groupId"], role["roleName"]) for role in content["roles"]}


def test_a_key_from_its_creation_to_its_end(client: Client) -> None:
    created = send(client, "POST", KEYS, {"desc": "new", "roles": ["ORG_READ_ONLY"]})
    assert (created.status_code, "Location" in created.headers) == (200, False)
    key = created.json()
    assert re.fullmatch("[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}", key["privateKey"])
    assert key["roles"] == [{"orgId": ORG, "roleName": "ORG_READ_ONLY"}]
    path = f"{KEYS}/{key['id']}"
    assert key["links"] == [{"href": f"{client.url}/api/atlas/v2{path}", "rel": "self"}]
    pair = (key["publicKey"], key["privateKey"])
    redacted = key | {"privateKey": "********-****-****-" + key["privateKey"][-12:]}
    assert client.digest(path, pair).json() == redacted
    changed = send(client, "PATCH", path, {"desc": "other", "roles": ["ORG_MEMBER", "ORG_BILLING_ADMIN"]})
    assert (changed.status_code, changed.json()["desc"]) == (200, "other")
    assert changed.json()["privateKey"] == redacted["privateKey"]
    assert roles(client, key["id"]) == {(ORG, "ORG_MEMBER"), (ORG, "ORG_BILLING_ADMIN")}
    deleted = send(client, "DELETE", path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert deleted.headers["Content-Type"] == "application/vnd.atlas.2023-01-01+json;charset=utf-8"
    assert code(send(client, "GET", path)) == (404, "API_KEY_NOT_FOUND")
    assert client.digest("/orgs", pair).status_code == 401
    found = events(client)
    assert [event["eventTypeName"] for event in found] == [
        "API_KEY_CREATED",
        "API_KEY_DESCRIPTION_CHANGED",
        "API_KEY_ROLES_CHANGED",
        "API_KEY_DELETED",
    ]
    assert {event["targetPublicKey"] for event in found} == {pair[0]}
    assert {(event["publicKey"], event["apiKeyId"]) for event in found} == {(OWNER[0], OWNER_ID)}


def test_an_update_keeps_project_roles_or_not(client: Client) -> None:
    send(client, "PATCH", READER_KEY, {"roles": ["ORG_READ_ONLY"]})
    assert roles(client) == {(ORG, "ORG_READ_ONLY"), (OTHER_PROJECT, "GROUP_OWNER")}
    client.settings(org_roles_update_keeps_project_roles=False)
    send(client, "PATCH", READER_KEY, {"roles": ["ORG_MEMBER"]})
    assert roles(client) == {(ORG, "ORG_MEMBER")}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", KEYS, {"desc": "a"}),
        ("POST", KEYS, {"desc": "a", "roles": []}),
        ("POST", KEYS, {"desc": "a", "roles": [{"roleName": "ORG_MEMBER"}]}),
        ("POST", KEYS, {"desc": "a" * 251, "roles": ["ORG_MEMBER"]}),
        ("POST", KEYS, []),
        ("PATCH", READER_KEY, {"desc": ""}),
        ("POST", f"{READER_KEY}/accessList", {"ipAddress": "192.0.2.1"}),
        ("POST", f"{READER_KEY}/accessList", [{"ipAddress": "192.0.2"}]),
        ("POST", ASSIGNED, {"roles": ["GROUP_READ_ONLY"]}),
        ("POST", ASSIGNED, [{"roles": []}]),
        ("POST", ASSIGNED, []),
        ("POST", ASSIGNED, [{"roles": ["ORG_MEMBER"]}]),
        ("PATCH", ASSIGNED, {"roles": ["ORG_OWNER"]}),
        ("POST", KEYS, {"desc": "a", "roles": ["GROUP_OWNER"]}),
        ("POST", KEYS, {"desc": "a", "roles": ["ORG_MEMBER", "ORG_MADE_UP"]}),
        ("POST", KEYS, {"desc": "a", "roles": ["ORG_MEMBER, ORG_OWNER"]}),
        ("POST", KEYS, {"desc": "a", "roles": [" ORG_MEMBER"]}),
        ("POST", KEYS, {"desc": "a", "roles": "ORG_MEMBER"}),
        ("POST", KEYS, {"desc": "a", "roles": [""]}),
        ("PATCH", READER_KEY, {"roles": []}),
        ("POST", f"{READER_KEY}/accessList", []),
        ("POST", f"{READER_KEY}/accessList", [{}]),
        ("POST", f"{READER_KEY}/accessList", [{"ipAddress": "192.0.2.0/24"}]),
        ("POST", f"{READER_KEY}/accessList", [{"cidrBlock": "192.0.2.1"}]),
        ("POST", f"{READER_KEY}/accessList", [{"cidrBlock": "192.0.2.7/24"}]),
        ("POST", f"{READER_KEY}/accessList", [{"ipAddress": "fe80::1%eth0"}]),
        ("POST", f"{READER_KEY}/accessList", [{"ipAddress": "192.0.2.1", "cidrBlock": "192.0.2.1/32"}]),
    ],
)
def test_wrong_bodies(client: Client, method: str, path: str, body: Any) -> None:
    assert code(send(client, method, path, body)) == (400, "VALIDATION_ERROR")
    assert events(client) == []


def test_only_owners_write(client: Client) -> None:
    body = {"desc": "a", "roles": ["ORG_OWNER"]}
    refused = (401, "USER_UNAUTHORIZED")
    assert code(send(client, "POST", KEYS, body, READER)) == refused
    assert code(send(client, "PATCH", READER_KEY, body, READER)) == refused
    assert code(send(client, "DELETE", READER_KEY, None, READER)) == refused
    assert code(send(client, "POST", f"{READER_KEY}/accessList", [{"ipAddress": "192.0.2.1"}], READER)) == refused
    assert code(send(client, "POST", ASSIGNED, [{"roles": ["GROUP_OWNER"]}], READER)) == refused
    assert send(client, "POST", ASSIGNED, [{"roles": ["GROUP_OWNER"]}], PROJECT_OWNER).status_code == 204


def test_an_access_list_changes(client: Client) -> None:
    path = f"{READER_KEY}/accessList"
    added = send(client, "POST", path, [{"ipAddress": "192.0.2.7"}, {"cidrBlock": "198.51.100.0/24"}])
    assert (added.status_code, added.json()["totalCount"]) == (200, 2)
    assert [(entry["cidrBlock"], entry.get("ipAddress")) for entry in added.json()["results"]] == [
        ("192.0.2.7/32", "192.0.2.7"),
        ("198.51.100.0/24", None),
    ]
    assert send(client, "POST", path, [{"cidrBlock": "192.0.2.7/32"}]).json()["results"] == added.json()["results"]
    client.settings(existing_entry_conflicts=True)
    assert send(client, "POST", path, [{"cidrBlock": "192.0.2.7/32"}, {"ipAddress": "192.0.2.8"}]).status_code == 409
    entries = added.json()["results"]
    assert [send(client, "GET", f"{path}/{name}").json() for name in ("192.0.2.7", "198.51.100.0%2F24")] == entries
    assert code(send(client, "GET", f"{path}/192.0.2.9")) == (404, "RESOURCE_NOT_FOUND")
    assert code(send(client, "GET", READER_KEY, pair=READER)) == (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
    assert send(client, "DELETE", f"{path}/198.51.100.0%2F24").status_code == 204
    assert send(client, "DELETE", f"{path}/192.0.2.7").status_code == 204
    assert code(send(client, "DELETE", f"{path}/192.0.2.7")) == (404, "RESOURCE_NOT_FOUND")
    assert send(client, "GET", path).json()["results"] == []
    found = [(event["eventTypeName"], event["whitelistEntry"]) for event in events(client)]
    assert sorted(found) == [
        (f"API_KEY_ACCESS_LIST_ENTRY_{change}", entry)
        for change in ("ADDED", "DELETED")
        for entry in ("192.0.2.7", "198.51.100.0/24")
    ]


def test_the_callers_own_address_stays(client: Client) -> None:
    path = f"{KEYS}/{OWNER_ID}/accessList"
    assert code(send(client, "DELETE", f"{path}/127.0.0.0%2F8")) == (400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST")
    assert send(client, "DELETE", f"{path}/192.0.2.0%2F24").status_code == 204


def test_a_key_in_a_project(client: Client) -> None:
    assigned = send(client, "POST", ASSIGNED, [{"roles": ["GROUP_READ_ONLY"]}])
    assert (assigned.status_code, assigned.content) == (204, b"")
    assert code(send(client, "POST", ASSIGNED, [{"roles": ["GROUP_OWNER"]}])) == (400, "API_KEY_ALREADY_IN_GROUP")
    others = {(ORG, "ORG_MEMBER"), (OTHER_PROJECT, "GROUP_OWNER")}
    assert roles(client) == others | {(PROJECT, "GROUP_READ_ONLY")}
    assert send(client, "PATCH", ASSIGNED, {"roles": ["GROUP_OWNER"]}).status_code == 200
    assert roles(client) == others | {(PROJECT, "GROUP_OWNER")}
    assert send(client, "DELETE", ASSIGNED).status_code == 204
    assert roles(client) == others
    assert code(send(client, "DELETE", ASSIGNED)) == (404, "API_KEY_NOT_FOUND")
    assert code(send(client, "DELETE", ASSIGNED.replace("b", "d"))) == (404, "GROUP_NOT_FOUND")
    assert events(client) == []
    found = client.digest(f"/groups/{PROJECT}/events", OWNER).json()["results"]
    assert sorted(event["eventTypeName"] for event in found) == [
        "API_KEY_ADDED_TO_GROUP",
        "API_KEY_REMOVED_FROM_GROUP",
        "API_KEY_ROLES_CHANGED",
    ]
    assert {(event["groupId"], event.get("orgId")) for event in found} == {(PROJECT, None)}
    assert client.digest(f"/groups/{OTHER_PROJECT}/events", OWNER).json()["results"] == []


def test_a_key_that_is_created_in_a_project(client: Client) -> None:
    created = send(client, "POST", f"/groups/{PROJECT}/apiKeys", {"desc": "new", "roles": ["GROUP_READ_ONLY"]}).json()
    assert re.fullmatch("[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}", created["privateKey"])
    path = f"{KEYS}/{created['id']}"
    assert created["links"] == [{"href": f"{client.url}/api/atlas/v2{path}", "rel": "self"}]
    assert roles(client, created["id"]) == {(ORG, "ORG_MEMBER"), (PROJECT, "GROUP_READ_ONLY")}
    listed = client.digest(f"/groups/{PROJECT}/apiKeys", OWNER).json()["results"]
    assert [key["links"] for key in listed if key["id"] == created["id"]] == [created["links"]]
    assert [event["eventTypeName"] for event in events(client)] == ["API_KEY_CREATED"]
    (added,) = client.digest(f"/groups/{PROJECT}/events", OWNER).json()["results"]
    assert (added["eventTypeName"], added["targetPublicKey"]) == ("API_KEY_ADDED_TO_GROUP", created["publicKey"])


def test_an_unknown_key_is_a_404_or_a_400(client: Client) -> None:
    path = f"{KEYS}/{'9' * 24}"
    assert code(send(client, "DELETE", path)) == (404, "API_KEY_NOT_FOUND")
    client.settings(api_key_not_found_status=400)
    assert code(send(client, "DELETE", path)) == (400, "API_KEY_NOT_FOUND")


def test_a_new_id_carries_its_time(client: Client) -> None:
    start = int(time.time())
    created = send(client, "POST", KEYS, {"desc": "new", "roles": ["ORG_MEMBER"]}).json()
    (event,) = events(client)
    for new in (created, event):
        assert start <= int(new["id"][:8], 16) <= time.time()


def test_at_most_500_keys(client: Client) -> None:
    client.settings(rate_limits=False)
    body = {"desc": "one of many", "roles": ["ORG_MEMBER"]}
    auth = HTTPDigestAuth(*OWNER)
    url = f"{client.url}/api/atlas/v2{KEYS}"
    statuses = [
        client.session.post(url, json=body, auth=auth, headers=V2, timeout=10).status_code for _each in range(498)
    ]
    assert (set(statuses[:497]), statuses[497]) == ({200}, 400)


def test_a_lost_response_and_a_conflict(client: Client) -> None:
    body = {"desc": "new", "roles": ["ORG_MEMBER"]}
    client.fault(path="/apiKeys$", method="POST", cut="start")
    with pytest.raises(requests.ConnectionError):
        send(client, "POST", KEYS, body)
    assert send(client, "GET", KEYS).json()["totalCount"] == 4
    client.fault(path="/apiKeys$", method="POST", status=409, body={"error": 409, "errorCode": "CONFLICT"})
    assert send(client, "POST", KEYS, body).status_code == 409
    assert send(client, "GET", KEYS).json()["totalCount"] == 4


def test_delays(client: Client) -> None:
    client.settings(list_delay=1000, new_key_delay=1000)
    key = send(client, "POST", KEYS, {"desc": "new", "roles": ["ORG_MEMBER"]}).json()
    pair = (key["publicKey"], key["privateKey"])
    assert send(client, "GET", KEYS).json()["totalCount"] == 3
    assert send(client, "GET", f"{KEYS}/{key['id']}").status_code == 200
    assert client.digest("/orgs", pair).status_code == 401
    client.settings(list_delay=0, new_key_delay=0)
    assert send(client, "GET", KEYS).json()["totalCount"] == 4
    assert client.digest("/orgs", pair).status_code == 200


def test_a_reset_restores_the_keys(client: Client) -> None:
    send(client, "DELETE", READER_KEY)
    client.control("POST", "reset")
    assert send(client, "GET", READER_KEY).status_code == 200
