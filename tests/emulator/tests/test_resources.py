# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings, projects, service accounts and events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from atlas_emulator.dataset import read
from atlas_emulator.parser import EntryError
from atlas_emulator.server import Emulator
from atlas_emulator.times import now, parse_time
from emulator_client import Bearer, Client

ORG = "a" * 24
OTHER = "c" * 24
PROJECTS = ["b0" * 12, "b1" * 12]
ACCOUNT = "mdb_sa_id_" + "1" * 24
ACCOUNTS = f"/orgs/{ORG}/serviceAccounts"
PRIVATE = "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"
SECRETS = ["mdb_sa_sk_expired", "mdb_sa_sk_soon"]


def org_role(name: str) -> dict[str, str]:
    return {"org_id": ORG, "role_name": name}


def project_role(number: int, name: str) -> dict[str, str]:
    return {"group_id": PROJECTS[number], "role_name": name}


def key(number: int, *roles: dict[str, str]) -> dict[str, Any]:
    name = f"{number}" * 8
    return {
        "id": f"{number}" * 24,
        "desc": name,
        "public_key": name,
        "private_key": PRIVATE,
        "roles": [*roles],
    }


TOKENS = {
    "owner": [org_role("ORG_OWNER")],
    "reader": [org_role("ORG_READ_ONLY")],
    "member": [org_role("ORG_MEMBER")],
    "project": [project_role(0, "GROUP_READ_ONLY")],
}
EVENTS: list[dict[str, Any]] = [
    {"event_type_name": "API_KEY_CREATED", "created": "2026-01-01T00:00:00Z", "target_public_key": "1" * 8},
    {
        "event_type_name": "API_KEY_ACCESS_LIST_ENTRY_ADDED",
        "created": "2026-01-03T00:00:00Z",
        "api_key_id": "1" * 24,
        "public_key": "1" * 8,
        "remote_address": "192.0.2.7",
        "target_public_key": "2" * 8,
        "whitelist_entry": "192.0.2.7/32",
        "fields": {"newThing": 1},
    },
    {"event_type_name": "SERVICE_ACCOUNT_CREATED", "created": "2026-01-02T00:00:00Z", "username": "a@example.com"},
    {"event_type_name": "GROUP_CREATED", "created": "2026-01-02T12:00:00Z", "group_id": PROJECTS[0]},
]
DATA = {
    "orgs": [
        {
            "id": ORG,
            "name": "Production",
            "requires_access_list": False,
            "settings": {
                "api_access_list_required": False,
                "max_service_account_secret_validity_in_hours": 720,
                "security_contact": "security@example.com",
                "fields": {"newThing": 1},
            },
            "projects": [
                {"id": PROJECTS[0], "name": "Web shop", "cluster_count": 2, "tags": {"stage": "production"}},
                {"id": PROJECTS[1], "name": "Warehouse", "with_default_alerts_settings": False},
            ],
            "api_keys": [
                key(1, org_role("ORG_OWNER")),
                key(2, org_role("ORG_MEMBER"), project_role(0, "GROUP_OWNER")),
                key(3, project_role(0, "GROUP_READ_ONLY"), project_role(1, "GROUP_OWNER"), org_role("ORG_MEMBER")),
            ],
            "service_accounts": [
                {
                    "client_id": ACCOUNT,
                    "name": "auditor",
                    "description": "reads",
                    "created_at": "2026-03-01T08:00:00Z",
                    "secrets": [
                        {
                            "secret": SECRETS[0],
                            "created_at": "2026-03-01T08:00:00Z",
                            "expires_at": "2026-06-01T08:00:00Z",
                        },
                        {"secret": SECRETS[1], "expires_at": "+7d", "last_used_at": "2026-08-10T03:02:57Z"},
                    ],
                    "roles": [
                        org_role("ORG_READ_ONLY"),
                        project_role(0, "GROUP_OWNER"),
                        project_role(0, "GROUP_READ_ONLY"),
                        project_role(1, "GROUP_OWNER"),
                    ],
                    "access_list": [{"cidr_block": "127.0.0.0/8", "count": 3}, {"ip_address": "192.0.2.7"}],
                },
                {"client_id": "mdb_sa_id_managed", "client_secret": "mdb_sa_sk_managed", "system_managed": True},
            ],
            "access_tokens": [{"token": name, "roles": roles} for name, roles in TOKENS.items()],
            "events": EVENTS,
        },
        {
            "id": OTHER,
            "name": "Other",
            "settings": {"api_access_list_required": True},
            "projects": [{"id": "d" * 24, "name": "elsewhere"}],
        },
    ]
}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Emulator(read(DATA)) as emulator:
        yield Client(emulator.url)


def get(client: Client, path: str, token: str = "reader", **options: Any) -> Any:
    return client.get(path, Bearer(token), **options)


def page(client: Client, path: str, token: str = "reader", **options: Any) -> Any:
    response = get(client, path, token, **options)
    assert response.status_code == 200, response.text
    content = response.json()
    assert content["totalCount"] == len(content["results"])
    return content["results"]


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json().get("errorCode")


def test_settings(client: Client) -> None:
    assert get(client, f"/orgs/{ORG}/settings", "member").json() == {
        "apiAccessListRequired": False,
        "maxServiceAccountSecretValidityInHours": 720,
        "multiFactorAuthRequired": False,
        "newThing": 1,
        "securityContact": "security@example.com",
    }
    assert code(get(client, f"/orgs/{OTHER}/settings")) == (401, "USER_CANNOT_ACCESS_ORG")
    assert code(get(client, f"/orgs/{ORG}/settings", "project")) == (401, "USER_UNAUTHORIZED")


def test_the_setting_is_the_rule_that_applies() -> None:
    for required in (True, False):
        settings = {"api_access_list_required": required}
        (org,) = read({"orgs": [{"id": ORG, "name": "a", "settings": settings}]}).orgs
        assert org.requires_access_list is required
    with pytest.raises(EntryError, match="contradicts"):
        read({"orgs": [{"id": ORG, "name": "a", "requires_access_list": True, "settings": settings}]})


def project(client: Client, number: int, **fields: Any) -> Any:
    url = f"{client.url}/api/atlas/v2/groups/{PROJECTS[number]}"
    return {
        "clusterCount": 0,
        "created": "2026-08-10T03:05:16Z",
        "id": PROJECTS[number],
        "links": [{"href": url, "rel": "self"}],
        "orgId": ORG,
        "tags": [],
        "withDefaultAlertsSettings": True,
    } | fields


def test_projects(client: Client) -> None:
    shop = project(client, 0, clusterCount=2, name="Web shop", tags=[{"key": "stage", "value": "production"}])
    warehouse = project(client, 1, name="Warehouse", withDefaultAlertsSettings=False)
    assert page(client, f"/orgs/{ORG}/groups", "member") == [shop, warehouse]
    assert page(client, f"/orgs/{ORG}/groups", params={"name": "WEB"}) == [shop]
    assert page(client, f"/orgs/{ORG}/groups", params={"name": "shop"}) == []
    assert page(client, "/groups") == [shop, warehouse]
    assert page(client, "/groups", "project") == [shop]
    assert get(client, f"/groups/{PROJECTS[0]}", "project").json() == shop
    assert get(client, "/groups").headers["RateLimit-Limit"] == "1200"


def test_projects_that_are_refused(client: Client) -> None:
    assert code(get(client, f"/orgs/{ORG}/groups", "project")) == (401, "USER_UNAUTHORIZED")
    assert code(get(client, f"/groups/{PROJECTS[1]}", "project")) == (401, "NOT_IN_GROUP")
    assert code(get(client, f"/groups/{'d' * 24}", "owner")) == (401, "NOT_IN_GROUP")
    assert code(get(client, f"/groups/{'e' * 24}")) == (404, "GROUP_NOT_FOUND")
    assert code(get(client, "/groups/shop")) == (400, "PATH_PARAM_PARSE_ERROR")


def test_keys_of_a_project(client: Client) -> None:
    keys = page(client, f"/groups/{PROJECTS[0]}/apiKeys", "project")
    assert [key["id"] for key in keys] == ["2" * 24, "3" * 24]
    assert len(keys[1]["roles"]) == 3
    assert keys[1]["privateKey"] == "********-****-****-01bdd56c8977"
    assert [key["id"] for key in page(client, f"/groups/{PROJECTS[1]}/apiKeys")] == ["3" * 24]
    assert code(get(client, f"/groups/{PROJECTS[1]}/apiKeys", "member")) == (401, "USER_UNAUTHORIZED")


def test_service_accounts(client: Client) -> None:
    response = get(client, ACCOUNTS)
    assert response.headers["Content-Type"] == "application/vnd.atlas.2024-08-05+json;charset=utf-8"
    links = response.json()["links"]
    assert links == [{"href": f"{client.url}/api/atlas/v2{ACCOUNTS}?pageNum=1&itemsPerPage=100", "rel": "self"}]
    (account,) = page(client, ACCOUNTS)
    secrets = account.pop("secrets")
    assert account == {
        "clientId": ACCOUNT,
        "createdAt": "2026-03-01T08:00:00Z",
        "description": "reads",
        "name": "auditor",
        "roles": ["ORG_READ_ONLY"],
        "systemManaged": False,
    }
    assert [secret["lastUsedAt"] for secret in secrets] == [None, "2026-08-10T03:02:57Z"]
    assert secrets[0]["expiresAt"] == "2026-06-01T08:00:00Z"
    assert timedelta(days=6) < parse_time(secrets[1]["expiresAt"]) - now() < timedelta(days=8)
    assert not any(secret in response.text for secret in SECRETS)
    assert get(client, f"{ACCOUNTS}/{ACCOUNT}").json() == account | {"secrets": secrets}
    managed = page(client, ACCOUNTS, params={"includeSystemManaged": "true"})
    assert [account["systemManaged"] for account in managed] == [False, True]


def test_the_projects_and_the_access_list_of_a_service_account(client: Client) -> None:
    assert page(client, f"{ACCOUNTS}/{ACCOUNT}/groups") == [
        {"groupId": PROJECTS[0], "roles": ["GROUP_OWNER", "GROUP_READ_ONLY"]},
        {"groupId": PROJECTS[1], "roles": ["GROUP_OWNER"]},
    ]
    entry = {"createdAt": "2026-08-10T03:02:57Z", "lastUsedAddress": None, "lastUsedAt": None}
    assert page(client, f"{ACCOUNTS}/{ACCOUNT}/accessList") == [
        {"cidrBlock": "127.0.0.0/8", "requestCount": 3, **entry},
        {"cidrBlock": "192.0.2.7/32", "ipAddress": "192.0.2.7", "requestCount": 0, **entry},
    ]


@pytest.mark.parametrize("path", ["", f"/{ACCOUNT}", f"/{ACCOUNT}/groups", f"/{ACCOUNT}/accessList"])
def test_service_accounts_that_are_refused(client: Client, path: str) -> None:
    assert code(get(client, ACCOUNTS + path, "member")) == (401, "USER_UNAUTHORIZED")
    early = get(client, ACCOUNTS + path, headers={"Accept": "application/vnd.atlas.2024-05-30+json"})
    assert code(early) == (406, "INVALID_VERSION_DATE")
    if path:
        unknown = ACCOUNTS + path.replace("1", "2")
        assert code(get(client, unknown)) == (404, "RESOURCE_NOT_FOUND")


def test_only_live_secrets_mint(client: Client) -> None:
    assert [client.mint((ACCOUNT, secret)).status_code for secret in SECRETS] == [401, 200]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 0]),
        ("eventType=API_KEY_CREATED", [0]),
        ("eventType=API_KEY_CREATED&eventType=SERVICE_ACCOUNT_CREATED", [2, 0]),
        ("minDate=2026-01-02T00:00:00Z&maxDate=2026-01-02T12:00:00Z", [2]),
        ("minDate=2026-01-02T01:00:00%2B01:00", [1, 2]),
        ("includeRaw=true&eventType=NONE", []),
    ],
)
def test_events(client: Client, query: str, found: list[int]) -> None:
    created = [event["created"] for event in page(client, f"/orgs/{ORG}/events?{query}", "member")]
    assert created == [EVENTS[number]["created"] for number in found]


def test_an_event(client: Client) -> None:
    event = page(client, f"/orgs/{ORG}/events")[0]
    url = f"{client.url}/api/atlas/v2/orgs/{ORG}/events/{event['id']}"
    assert len(event.pop("id")) == 24
    assert event == {
        "isGlobalAdmin": False,
        "links": [{"href": url, "rel": "self"}],
        "apiKeyId": "1" * 24,
        "created": "2026-01-03T00:00:00Z",
        "eventTypeName": "API_KEY_ACCESS_LIST_ENTRY_ADDED",
        "newThing": 1,
        "orgId": ORG,
        "publicKey": "1" * 8,
        "remoteAddress": "192.0.2.7",
        "targetPublicKey": "2" * 8,
        "whitelistEntry": "192.0.2.7/32",
    }


def test_events_of_a_project_are_in_its_feed_alone(client: Client) -> None:
    (event,) = page(client, f"/groups/{PROJECTS[0]}/events", "project")
    assert (event["eventTypeName"], event["groupId"], event.get("orgId")) == ("GROUP_CREATED", PROJECTS[0], None)
    assert page(client, f"/groups/{PROJECTS[0]}/events?eventType=NONE") == []
    assert page(client, f"/groups/{PROJECTS[1]}/events") == []
    assert code(get(client, f"/groups/{PROJECTS[1]}/events", "project")) == (401, "NOT_IN_GROUP")
    assert get(client, f"/groups/{PROJECTS[0]}/events").headers["RateLimit-Limit"] == "300"
    assert get(client, f"/orgs/{ORG}/events").headers["RateLimit-Limit"] == "500"


def test_a_project_by_name(client: Client) -> None:
    assert get(client, "/groups/byName/Web%20shop", "project").json()["id"] == PROJECTS[0]
    assert code(get(client, "/groups/byName/Web")) == (404, "GROUP_NOT_FOUND")
    assert code(get(client, "/groups/byName/elsewhere")) == (404, "GROUP_NOT_FOUND")
    assert code(get(client, "/groups/byName/Warehouse", "project")) == (401, "NOT_IN_GROUP")
    assert page(client, "/groups/") == page(client, "/groups")


def test_rate_limits_can_be_read(client: Client) -> None:
    sets = {one["endpointSetName"]: one for one in page(client, "/rateLimits")}
    keys = sets["orgs/{orgId}/apiKeys"]
    assert keys["capacity"] == {"defaultValue": 500, "value": 500}
    assert keys["refillRate"] == {"defaultValue": 250, "value": 250}
    assert keys["refillDurationSeconds"] == {"defaultValue": 60, "value": 60}
    assert {"method": "POST", "path": "/api/atlas/v2/orgs/{orgId}/apiKeys/{apiUserId}/accessList"} in keys["endpoints"]
    assert get(client, f"/rateLimits/{keys['endpointSetId']}").json() == keys
    path = "/api/atlas/v2/groups/{groupId}/apiKeys"
    (found,) = page(client, "/rateLimits", params={"endpointPath": path})
    assert found["capacity"]["value"] == 1200
    assert page(client, "/rateLimits", params={"name": "groups"})[0]["endpointSetName"] == "groups"
    assert code(get(client, "/rateLimits", "member")) == (401, "USER_UNAUTHORIZED")
    assert code(get(client, "/rateLimits/unknown")) == (404, "RESOURCE_NOT_FOUND")


def test_events_with_a_wrong_query(client: Client) -> None:
    assert get(client, f"/orgs/{ORG}/events?minDate=yesterday").status_code == 400
    assert code(get(client, f"/orgs/{ORG}/events", "project")) == (401, "USER_UNAUTHORIZED")
    get(client, f"/orgs/{ORG}/events?eventType=A&eventType=B")
    assert client.journal()[-1]["query"] == {"eventType": ["A", "B"]}


LARGE = {"api_keys": 500, "access_list": 2, "service_accounts": 200, "projects": 250}


def test_a_large_generated_organization() -> None:
    data = {"orgs": [{"id": ORG, "name": "Large", "generate": LARGE}]}
    (org,) = read(data).orgs
    assert org == read(data).orgs[0]
    assert (len(org.api_keys), len(org.service_accounts), len(org.projects)) == (500, 200, 250)
    projects = {project.id for project in org.projects}
    named = {role.group_id for caller in (*org.api_keys, *org.service_accounts) for role in caller.roles}
    assert named - {None} <= projects
    assert len(named - {None}) == 250
    unused = [key for key in org.api_keys if key.access_list and not any(one.last_used for one in key.access_list)]
    used = [key for key in org.api_keys if any(one.last_used for one in key.access_list)]
    assert len(unused) / (len(unused) + len(used)) == pytest.approx(0.5, abs=0.01)
    networks = {str(entry.network) for key in org.api_keys for entry in key.access_list}
    assert networks > {"0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"}
    created = {event.target_public_key for event in org.events if event.event_type_name == "API_KEY_CREATED"}
    assert created == {key.public_key for key in org.api_keys}
    assert sum(event.event_type_name == "SERVICE_ACCOUNT_CREATED" for event in org.events) == 200
    live = [[secret.is_live for secret in account.secrets] for account in org.service_accounts]
    assert [True] in live and [False, True] in live and [False] in live
    assert org.service_accounts[0].client_secret


def test_generated_organizations_can_have_more() -> None:
    data = {"generate_orgs": {"orgs": 2, "api_keys": 3, "service_accounts": 4, "projects": 0, "access_list": 1}}
    for org in read(data).orgs:
        assert (len(org.api_keys), len(org.service_accounts), len(org.projects)) == (3, 4, 0)
        assert {role.group_id for key in org.api_keys for role in key.roles} == {None}


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"projects": [{"id": "x", "name": "a"}]}, "dataset.orgs[0].projects[0].id"),
        (
            {"events": [{"event_type_name": "A", "created": "soon"}]},
            "dataset.orgs[0].events[0].created: a time",
        ),
        ({"service_accounts": [{"client_id": "mdb_sa_id_a"}]}, "dataset.orgs[0].service_accounts[0]: client_secret is"),
        ({"settings": {"mfa": True}}, "dataset.orgs[0].settings: unknown: mfa"),
        ({"generate": {"project": 1}}, "dataset.orgs[0].generate: unknown: project"),
    ],
)
def test_wrong_entries(entry: dict[str, Any], message: str) -> None:
    with pytest.raises(EntryError) as error:
        read({"orgs": [{"id": ORG, "name": "a"} | entry]})
    assert str(error.value).startswith(message)
