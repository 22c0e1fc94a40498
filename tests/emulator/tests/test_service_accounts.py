# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing service accounts, their secrets, access lists and projects."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from atlas_emulator.dataset import read
from atlas_emulator.server import Emulator
from atlas_emulator.times import now, parse_time
from emulator_client import V2, Bearer, Client

ORG, PROJECT = "a" * 24, "b" * 24
ACCOUNTS = f"/orgs/{ORG}/serviceAccounts"
OWNER = "mdb_sa_id_" + "1" * 24
READER = "mdb_sa_id_" + "2" * 24
SECRET = "3" * 24
IN_PROJECT = f"/groups/{PROJECT}/serviceAccounts"
NEW = {"name": "ci", "description": "builds", "roles": ["ORG_MEMBER"], "secretExpiresAfterHours": 24}
DATA: dict[str, Any] = {
    "orgs": [
        {
            "id": ORG,
            "name": "Production",
            "settings": {"max_service_account_secret_validity_in_hours": 720},
            "projects": [{"id": PROJECT, "name": "shop"}],
            "service_accounts": [
                {
                    "client_id": OWNER,
                    "name": "owner",
                    "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}],
                    "secrets": [{"id": SECRET, "secret": "mdb_sa_sk_owner", "expires_at": "+30d"}],
                    "access_list": [{"cidr_block": "127.0.0.0/8"}, {"ip_address": "192.0.2.7"}],
                },
                {
                    "client_id": READER,
                    "name": "reader",
                    "roles": [{"org_id": ORG, "role_name": "ORG_READ_ONLY"}],
                    "secrets": [{"secret": "mdb_sa_sk_reader", "expires_at": "-1d"}],
                },
            ],
            "access_tokens": [
                {"token": "owner", "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}]},
                {"token": "reader", "roles": [{"org_id": ORG, "role_name": "ORG_READ_ONLY"}]},
                {"token": "project", "roles": [{"group_id": PROJECT, "role_name": "GROUP_OWNER"}]},
            ],
        }
    ]
}


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator(read(DATA)) as emulator:
        yield emulator


@pytest.fixture
def client(running: Emulator) -> Client:
    running.state.reset()
    return Client(running.url)


def send(client: Client, method: str, path: str, body: Any = None, token: str = "owner") -> Any:
    url = f"{client.url}/api/atlas/v2{path}"
    return client.session.request(method, url, json=body, auth=Bearer(token), headers=V2, timeout=10)


def code(response: Any) -> tuple[int, str | None]:
    return response.status_code, response.json().get("errorCode")


def create(client: Client, **changes: Any) -> Any:
    response = send(client, "POST", ACCOUNTS, NEW | changes)
    assert response.status_code == 201, response.text
    return response.json()


def hours_left(secret: Any) -> float:
    return (parse_time(secret["expiresAt"]) - now()).total_seconds() / 3600


def secrets_of(client: Client, client_id: str) -> list[Any]:
    secrets: list[Any] = send(client, "GET", f"{ACCOUNTS}/{client_id}").json()["secrets"]
    return secrets


def test_an_account_from_its_creation_to_its_end(client: Client) -> None:
    start = int(time.time())
    created = create(client)
    assert re.fullmatch("mdb_sa_id_[a-f0-9]{24}", created["clientId"])
    (secret,) = created["secrets"]
    for new_id in (created["clientId"].removeprefix("mdb_sa_id_"), secret["id"]):
        assert start <= int(new_id[:8], 16) <= time.time()
    assert hours_left(secret) == pytest.approx(24, abs=0.1)
    pair = (created["clientId"], secret.pop("secret"))
    path = f"{ACCOUNTS}/{created['clientId']}"
    assert send(client, "GET", path).json() == created
    token = client.mint(pair).json()["access_token"]
    assert client.get("/orgs", Bearer(token)).status_code == 200
    assert parse_time(secrets_of(client, pair[0])[0]["lastUsedAt"]).timestamp() >= start
    changed = send(client, "PATCH", path, {"name": "other", "description": None, "roles": ["ORG_OWNER"]})
    assert [changed.json()[name] for name in ("name", "description", "roles")] == ["other", None, ["ORG_OWNER"]]
    deleted = send(client, "DELETE", path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert deleted.headers["Content-Type"] == "application/vnd.atlas.2024-08-05+json;charset=utf-8"
    assert code(send(client, "GET", path)) == (404, "RESOURCE_NOT_FOUND")
    assert client.get("/orgs", Bearer(token)).status_code == 401
    assert client.mint(pair).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "a" * 65},
        {"name": "ci/deploy (prod)"},
        {"name": "a:b"},
        {"description": ""},
        {"description": "a" * 251},
        {"description": "a@b"},
        {"description": "line\nbreak"},
        {"roles": []},
        {"roles": ["GROUP_OWNER"]},
        {"roles": ["ORG_USER_ADMIN"]},
        {"roles": [{"roleName": "ORG_OWNER"}]},
        {"secretExpiresAfterHours": 7},
        {"secretExpiresAfterHours": 721},
        {"secretExpiresAfterHours": 8761},
        {"secretExpiresAfterHours": "24"},
        {"secretExpiresAfterHours": True},
        {"secretExpiresAfterHours": None},
        {"withoutInitialSecret": True},
        {"withoutInitialSecret": "yes"},
        {"unknown": 1},
    ],
)
def test_what_is_refused(client: Client, changes: dict[str, Any]) -> None:
    assert code(send(client, "POST", ACCOUNTS, NEW | changes)) == (400, "VALIDATION_ERROR")
    if not {"withoutInitialSecret", "secretExpiresAfterHours"} & changes.keys():
        assert code(send(client, "PATCH", f"{ACCOUNTS}/{READER}", changes)) == (400, "VALIDATION_ERROR")
    for name in NEW:
        without = {key: value for key, value in NEW.items() if key != name}
        assert code(send(client, "POST", ACCOUNTS, without)) == (400, "VALIDATION_ERROR")


def test_names_of_other_scripts(client: Client) -> None:
    assert create(client, name="Grüße, D'Arcy 数据_1.2-x")["name"] == "Grüße, D'Arcy 数据_1.2-x"


def test_without_an_initial_secret(client: Client) -> None:
    body: dict[str, Any] = {name: value for name, value in NEW.items() if name != "secretExpiresAfterHours"}
    body["withoutInitialSecret"] = True
    assert send(client, "POST", ACCOUNTS, body).json()["secrets"] == []
    client.settings(without_initial_secret="refused")
    assert code(send(client, "POST", ACCOUNTS, body)) == (400, "VALIDATION_ERROR")
    client.settings(without_initial_secret="ignored")
    (secret,) = send(client, "POST", ACCOUNTS, body).json()["secrets"]
    assert (secret["secret"][:10], round(hours_left(secret))) == ("mdb_sa_sk_", 720)


def test_two_slots_and_seven_days(client: Client) -> None:
    path = f"{ACCOUNTS}/{OWNER}/secrets"
    assert code(send(client, "POST", path, {"secretExpiresAfterHours": 721})) == (400, "VALIDATION_ERROR")
    assert round(hours_left(secrets_of(client, OWNER)[0])) == 720
    added = send(client, "POST", path, {"secretExpiresAfterHours": 700})
    assert (added.status_code, sorted(added.json())) == (
        201,
        ["createdAt", "expiresAt", "id", "lastUsedAt", "secret"],
    )
    assert [round(hours_left(secret)) for secret in secrets_of(client, OWNER)] == [168, 700]
    assert send(client, "POST", path, {"secretExpiresAfterHours": 8}).status_code == 400
    assert send(client, "DELETE", f"{path}/{added.json()['id']}").status_code == 204
    assert [round(hours_left(secret)) for secret in secrets_of(client, OWNER)] == [168]
    assert code(send(client, "DELETE", f"{path}/{added.json()['id']}")) == (404, "RESOURCE_NOT_FOUND")
    assert code(send(client, "DELETE", f"{path}/x")) == (400, "PATH_PARAM_PARSE_ERROR")
    short = create(client, secretExpiresAfterHours=8)["clientId"]
    send(client, "POST", f"{ACCOUNTS}/{short}/secrets", {"secretExpiresAfterHours": 8})
    assert [round(hours_left(secret)) for secret in secrets_of(client, short)] == [8, 8]


def test_an_expired_secret_keeps_its_slot(client: Client) -> None:
    path = f"{ACCOUNTS}/{READER}/secrets"
    assert send(client, "POST", path, {"secretExpiresAfterHours": 8}).status_code == 201
    assert send(client, "POST", path, {"secretExpiresAfterHours": 8}).status_code == 400
    expired = secrets_of(client, READER)[0]
    assert round(hours_left(expired)) == -24
    send(client, "DELETE", f"{path}/{expired['id']}")
    assert send(client, "POST", path, {"secretExpiresAfterHours": 8}).status_code == 201


def test_a_deleted_secret_revokes_what_it_minted(client: Client) -> None:
    path = f"{ACCOUNTS}/{OWNER}/secrets"
    old = client.mint((OWNER, "mdb_sa_sk_owner")).json()["access_token"]
    added = send(client, "POST", path, {"secretExpiresAfterHours": 8}, old).json()
    new = client.mint((OWNER, added["secret"])).json()["access_token"]
    client.fault(path="/secrets/", does="nothing")
    for status in (200, 401):
        assert send(client, "DELETE", f"{path}/{SECRET}", None, old).status_code == 204
        assert client.get("/orgs", Bearer(old)).status_code == status
    assert client.get("/orgs", Bearer(new)).status_code == 200
    assert client.mint((OWNER, "mdb_sa_sk_owner")).status_code == 401
    assert [token["token"] for token in client.control("GET", "tokens").json()["live"]] == [new]


def test_a_new_secret_works_later(client: Client) -> None:
    client.settings(new_secret_delay=1000)
    created = create(client)
    pair = (created["clientId"], created["secrets"][0]["secret"])
    assert client.mint(pair).status_code == 401
    assert client.mint((OWNER, "mdb_sa_sk_owner")).status_code == 200
    client.settings(new_secret_delay=0)
    assert client.mint(pair).status_code == 200


def test_two_secrets_at_once(client: Client) -> None:
    path = f"{ACCOUNTS}/{OWNER}/secrets"
    client.fault(path="/secrets$", does="all", delay_after=30)
    waiting = threading.Thread(target=_send_and_leave, args=(client.url, path))
    waiting.start()
    deadline = time.monotonic() + 10
    while len(secrets_of(client, OWNER)) == 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert code(send(client, "POST", path, {"secretExpiresAfterHours": 8})) == (409, "DATA_CONCURRENCY_ERROR")
    other = send(client, "POST", f"{ACCOUNTS}/{READER}/secrets", {"secretExpiresAfterHours": 8})
    assert (other.status_code, len(secrets_of(client, OWNER))) == (201, 2)
    waiting.join()


def _send_and_leave(url: str, path: str) -> None:
    """Add a secret, and do not wait for the response."""
    with pytest.raises(OSError):
        Client(url).session.post(
            f"{url}/api/atlas/v2{path}",
            json={"secretExpiresAfterHours": 8},
            auth=Bearer("owner"),
            headers=V2,
            timeout=0.5,
        )


def test_a_race_adds_one_secret(client: Client) -> None:
    path = f"{ACCOUNTS}/{OWNER}/secrets"
    statuses: list[int] = []

    def add() -> None:
        statuses.append(send(Client(client.url), "POST", path, {"secretExpiresAfterHours": 8}).status_code)

    threads = [threading.Thread(target=add) for _each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (statuses.count(201), set(statuses) <= {201, 400, 409}) == (1, True)
    assert len(secrets_of(client, OWNER)) == 2


def test_after_it_the_next_secret_is_not_refused(client: Client) -> None:
    path = f"{ACCOUNTS}/{OWNER}/secrets"
    client.fault(path="/secrets$", status=409, body={"error": 409, "errorCode": "DATA_CONCURRENCY_ERROR"})
    assert code(send(client, "POST", path, {"secretExpiresAfterHours": 8})) == (409, "DATA_CONCURRENCY_ERROR")
    assert code(send(client, "POST", path, {"secretExpiresAfterHours": 1})) == (400, "VALIDATION_ERROR")
    assert send(client, "POST", path, {"secretExpiresAfterHours": 8}).status_code == 201


def test_an_access_list(client: Client) -> None:
    path = f"{ACCOUNTS}/{READER}/accessList"
    added = send(client, "POST", path, [{"ipAddress": "192.0.2.9"}, {"cidrBlock": "2001:db8::/64"}])
    assert added.status_code == 200
    assert [entry["cidrBlock"] for entry in added.json()["results"]] == ["192.0.2.9/32", "2001:db8::/64"]
    assert send(client, "GET", path).json()["results"] == added.json()["results"]
    assert send(client, "DELETE", f"{path}/2001:db8::%2F64").status_code == 204
    assert send(client, "DELETE", f"{path}/192.0.2.9").status_code == 204
    assert code(send(client, "DELETE", f"{path}/192.0.2.9")) == (404, "RESOURCE_NOT_FOUND")
    found = send(client, "GET", f"/orgs/{ORG}/events").json()["results"]
    assert {event["whitelistEntry"] for event in found} == {"192.0.2.9", "2001:db8::/64"}


def test_at_most_200_entries(client: Client) -> None:
    path = f"{ACCOUNTS}/{READER}/accessList"
    many = [{"ipAddress": f"192.0.2.{number}"} for number in range(201)]
    assert send(client, "POST", path, many).status_code == 400
    assert send(client, "POST", path, many[:200]).json()["totalCount"] == 200
    assert send(client, "POST", path, many[200:]).status_code == 400
    assert send(client, "POST", path, many[:1]).status_code == 200


def test_the_callers_own_address_stays(client: Client) -> None:
    token = client.mint((OWNER, "mdb_sa_sk_owner")).json()["access_token"]
    path = f"{ACCOUNTS}/{OWNER}/accessList"
    own = send(client, "DELETE", f"{path}/127.0.0.0%2F8", None, token)
    assert code(own) == (400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST")
    assert send(client, "DELETE", f"{path}/192.0.2.7", None, token).status_code == 204
    assert send(client, "DELETE", f"{path}/127.0.0.0%2F8").status_code == 204


def test_at_most_200_accounts(client: Client) -> None:
    for number in range(198):
        create(client, name=f"account {number}")
    assert send(client, "POST", ACCOUNTS, NEW).status_code == 400


def test_an_account_in_a_project(client: Client) -> None:
    path = f"{IN_PROJECT}/{READER}"
    owner = {"roles": ["GROUP_OWNER"]}
    assert code(send(client, "PATCH", path, owner)) == (404, "RESOURCE_NOT_FOUND")
    assert code(send(client, "DELETE", path)) == (404, "RESOURCE_NOT_FOUND")
    assert code(send(client, "POST", f"{path}:invite", owner, "project")) == (401, "USER_UNAUTHORIZED")
    invited = send(client, "POST", f"{path}:invite", {"roles": ["GROUP_READ_ONLY"]})
    assert (invited.status_code, invited.json()["roles"]) == (200, ["GROUP_READ_ONLY"])
    again = send(client, "POST", f"{path}:invite", owner)
    assert code(again) == (400, "INVALID_ROLE_ASSIGNMENT")
    assert "SERVICE_ACCOUNT_ALREADY_IN_GROUP" in again.json()["detail"]
    changed = send(client, "PATCH", path, owner, "project")
    assert (changed.status_code, changed.json()["roles"]) == (200, ["GROUP_OWNER"])
    assert code(send(client, "PATCH", path, owner)) == (400, "INVALID_ROLE_ASSIGNMENT")
    assert send(client, "GET", path, token="project").json() == changed.json()
    assert send(client, "GET", IN_PROJECT, token="reader").json()["results"] == [changed.json()]
    groups = send(client, "GET", f"{ACCOUNTS}/{READER}/groups").json()["results"]
    assert groups == [{"groupId": PROJECT, "roles": ["GROUP_OWNER"]}]
    assert send(client, "GET", f"{ACCOUNTS}/{READER}").json()["roles"] == ["ORG_READ_ONLY"]
    assert send(client, "DELETE", path, token="project").status_code == 204
    assert send(client, "GET", IN_PROJECT).json()["results"] == []
    assert send(client, "GET", f"{ACCOUNTS}/{READER}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", ACCOUNTS, NEW),
        ("PATCH", f"{ACCOUNTS}/{READER}", {"name": "a"}),
        ("DELETE", f"{ACCOUNTS}/{READER}", None),
        ("POST", f"{ACCOUNTS}/{READER}/secrets", {"secretExpiresAfterHours": 8}),
        ("DELETE", f"{ACCOUNTS}/{OWNER}/secrets/{SECRET}", None),
        ("POST", f"{ACCOUNTS}/{READER}/accessList", [{"ipAddress": "192.0.2.9"}]),
        ("DELETE", f"{ACCOUNTS}/{OWNER}/accessList/192.0.2.7", None),
        ("POST", f"{IN_PROJECT}/{READER}:invite", {"roles": ["GROUP_OWNER"]}),
    ],
)
def test_only_owners_write(client: Client, method: str, path: str, body: Any) -> None:
    assert code(send(client, method, path, body, "reader")) == (401, "USER_UNAUTHORIZED")
    assert send(client, method, path, body).status_code < 300
