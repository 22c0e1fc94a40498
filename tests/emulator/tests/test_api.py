# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The responses to requests for organizations, API keys and access lists."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest

from emulator_client import ELSEWHERE, KEY, KEY_ID, KEYS, ORG, OTHER_ORG, OWNER, READER, Client


def refused(response: Any) -> tuple[int, str]:
    """Return status and code of an error; the code is in a header too."""
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Error-Code"] == response.json()["errorCode"]
    assert response.json()["error"] == response.status_code
    assert response.text == json.dumps(response.json(), sort_keys=True, separators=(",", ":"))
    return response.status_code, response.json()["errorCode"]


def test_one_key(client: Client) -> None:
    response = client.digest(KEY, READER)
    assert response.headers["Content-Type"] == "application/vnd.atlas.2023-01-01+json;charset=utf-8"
    assert response.json() == {
        "desc": "e2e",
        "id": KEY_ID,
        "links": [{"href": f"{client.url}/api/atlas/v2{KEY}", "rel": "self"}],
        "privateKey": "********-****-****-01bdd56c8977",
        "publicKey": "gswvkocq",
        "roles": [{"orgId": ORG, "roleName": "ORG_READ_ONLY"}, {"groupId": "b" * 24, "roleName": "GROUP_OWNER"}],
    }


@pytest.mark.parametrize("root", ["/api/atlas/v1.0", "/api/public/v1.0"])
def test_older_generations(client: Client, root: str) -> None:
    response = client.digest(KEY, READER, root=root, headers={})
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["links"][0]["href"] == f"{client.url}{root}{KEY}"


def test_envelope_and_pretty(client: Client) -> None:
    plain = client.get(KEY)
    assert client.get(KEY, params={"envelope": "true"}).json() == {"status": 200, "content": plain.json()}
    pretty = client.get(KEY, params={"pretty": "true"})
    assert pretty.json() == plain.json()
    assert pretty.text.count("\n") > plain.text.count("\n") == 0
    page = client.get("/orgs", params={"envelope": "true"}).json()
    assert page["status"] == 200
    assert page["results"][0]["id"] == ORG


def test_an_error_in_an_envelope(client: Client) -> None:
    response = client.get(f"{KEYS}/{'e' * 24}", params={"envelope": "true"})
    assert response.status_code == 200
    assert response.json()["status"] == 404
    assert response.json()["content"]["errorCode"] == "API_KEY_NOT_FOUND"


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/vnd.atlas.2024-01-01+json"])
def test_unknown_versions(client: Client, accept: str) -> None:
    response = client.get(KEY, headers={"Accept": accept})
    assert refused(response) == (406, "INVALID_VERSION_DATE")
    assert response.json() == {
        "detail": "Invalid accept header or version date.",
        "error": 406,
        "errorCode": "INVALID_VERSION_DATE",
        "parameters": [],
        "reason": "Not Acceptable",
    }


def test_any_date_may_be_accepted(client: Client) -> None:
    client.settings(any_version=True)
    for date, status in (("2025-01-01", 200), ("2022-12-31", 406), ("2025-1-1", 406)):
        headers = {"Accept": f"application/vnd.atlas.{date}+json"}
        assert client.get(KEY, headers=headers).status_code == status


def test_retired_and_deprecated_versions(client: Client) -> None:
    client.settings(
        gone_versions=["2023-01-01"],
        deprecated_versions={"2025-03-12": {"deprecation": "Wed, 01 Jul 2026", "sunset": "Thu, 01 Jul 2027"}},
    )
    gone = client.get(KEY, headers={"Accept": "application/vnd.atlas.2023-01-01+json"})
    assert refused(gone) == (410, "VERSION_GONE")
    headers = client.get(KEY).headers
    assert (headers["Deprecation"], headers["Sunset"]) == ("Wed, 01 Jul 2026", "Thu, 01 Jul 2027")


@pytest.mark.parametrize("path", ["/orgs/ABC", f"{KEYS}/gswvkocq", f"{KEYS}/{KEY_ID}0", f"{KEYS}/{KEY_ID}%0A"])
def test_malformed_identifiers(client: Client, path: str) -> None:
    response = client.get(path)
    assert refused(response) == (400, "PATH_PARAM_PARSE_ERROR")
    (uri,) = response.json()["parameters"]
    assert uri == unquote("/api/atlas/v2" + path)
    assert response.json()["detail"] == f"One or more path parameter in the request URI {uri} is malformed."


def test_resources_that_do_not_exist(client: Client) -> None:
    assert refused(client.get(f"{KEYS}/{'e' * 24}")) == (404, "API_KEY_NOT_FOUND")
    assert refused(client.get("/nonsense")) == (404, "RESOURCE_NOT_FOUND")
    assert client.session.post(f"{client.url}/api/atlas/v2{KEYS}", auth=None).status_code == 401


@pytest.mark.parametrize("org", [OTHER_ORG, "e" * 24])
def test_another_organization_is_refused_whether_it_exists_or_not(client: Client, org: str) -> None:
    for path in ("", "/apiKeys", f"/apiKeys/{KEY_ID}"):
        assert refused(client.get(f"/orgs/{org}{path}")) == (401, "USER_CANNOT_ACCESS_ORG")


def test_a_project_role_alone(client: Client) -> None:
    pair = ("projonly", READER[1])
    assert refused(client.digest(KEYS, pair)) == (401, "USER_UNAUTHORIZED")
    assert client.digest("/orgs", pair).status_code == 200


def test_addresses(client: Client) -> None:
    response = client.digest(KEY, ELSEWHERE)
    assert refused(response) == (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
    assert response.json()["detail"] == "IP address 127.0.0.1 is not allowed to access this resource."
    assert response.json()["parameters"] == ["127.0.0.1"]
    response = client.digest(f"/orgs/{OTHER_ORG}", ("stranger", READER[1]))
    assert refused(response) == (403, "ORG_REQUIRES_ACCESS_LIST")
    assert response.json()["parameters"] == ["127.0.0.1"]


def test_an_access_list(client: Client) -> None:
    url = f"{client.url}/api/atlas/v2{KEY}/accessList"
    by_owner = client.digest(f"{KEY}/accessList", OWNER).json()
    assert by_owner["totalCount"] == 2
    assert by_owner["results"] == [
        {
            "cidrBlock": "127.0.0.0/8",
            "count": 3,
            "created": "2026-08-10T03:02:57Z",
            "lastUsed": "2026-08-10T03:02:57Z",
            "links": [{"href": f"{url}/127.0.0.0%2F8", "rel": "self"}],
        },
        {
            "cidrBlock": "192.0.2.7/32",
            "comment": "tomorrow",
            "count": 0,
            "created": "2026-08-10T03:02:57Z",
            "ipAddress": "192.0.2.7",
            "links": [{"href": f"{url}/192.0.2.7", "rel": "self"}],
        },
    ]
    assert client.digest(f"{KEY}/accessList", READER).json() == by_owner
    others = client.digest(f"{KEYS}/{'2' * 24}/accessList", READER)
    assert refused(others) == (401, "API_KEY_ACCESS_LIST_ACCESS_DENIED")
    assert others.json()["parameters"] == []


def test_organizations(client: Client) -> None:
    url = f"{client.url}/api/atlas/v2/orgs/{ORG}"
    listed = {
        "id": ORG,
        "isDeleted": False,
        "links": [{"href": url, "rel": "self"}],
        "name": "Production",
        "newThing": {"deepThing": 1},
        "skipDefaultAlertsSettings": False,
    }
    assert client.get("/orgs").json()["results"] == [listed]
    assert client.get("/orgs/").json()["results"] == [listed]
    alone = client.get(f"/orgs/{ORG}").json()
    assert alone | {"links": alone["links"][:1]} == listed
    more = [
        {"href": f"{url}/{name}", "rel": f"https://cloud.mongodb.com/{name}"} for name in ("groups", "teams", "users")
    ]
    assert alone["links"][1:] == more


@pytest.mark.parametrize(("name", "found"), [("prod", 1), ("PRODUCTION", 1), ("roduction", 0), ("", 1)])
def test_organizations_by_name(client: Client, name: str, found: int) -> None:
    assert client.get("/orgs", params={"name": name}).json()["totalCount"] == found


def test_all_pages_have_all_keys(client: Client) -> None:
    keys: list[Any] = []
    url: str | None = f"{KEYS}?itemsPerPage=500"
    while url:
        page = client.get(url.removeprefix(f"{client.url}/api/atlas/v2")).json()
        keys += page["results"]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(client.journal()) == 3
    assert len(keys) == page["totalCount"] == len({key["id"] for key in keys}) == 1234
    assert [key["publicKey"] for key in keys] == sorted(key["publicKey"] for key in keys)


def test_links_of_a_page(client: Client) -> None:
    page = client.get(KEYS, params={"pageNum": 2, "itemsPerPage": 10}).json()
    assert [link["rel"] for link in page["links"]] == ["self", "next", "previous"]
    start = f"{client.url}/api/atlas/v2{KEYS}?includeCount=true&pageNum="
    assert [link["href"] for link in page["links"]] == [start + f"{number}&itemsPerPage=10" for number in (2, 3, 1)]


def test_a_page_without_a_count(client: Client) -> None:
    page = client.get(KEYS, params={"pageNum": 2, "itemsPerPage": 10, "includeCount": "false"}).json()
    assert (page["totalCount"], len(page["results"])) == (0, 10)
    assert [link["rel"] for link in page["links"]] == ["self", "previous"]
    assert "?includeCount=false&pageNum=2&" in page["links"][0]["href"]


def test_links_repeat_the_parameters_of_the_operation(client: Client) -> None:
    query = "name=pro%20d%26&pretty=true&unknown=1"
    (link,) = client.get(f"/orgs?{query}").json()["links"]
    assert link["href"] == f"{client.url}/api/atlas/v2/orgs?name=pro+d%26&includeCount=true&pageNum=1&itemsPerPage=100"
    (link,) = client.get(f"/orgs/{ORG}/events?eventType=A&maxDate=2026-01-01&eventType=B").json()["links"]
    assert "/events?eventType=A&eventType=B&maxDate=2026-01-01&includeCount=true&" in link["href"]


@pytest.mark.parametrize(
    "query", ["itemsPerPage=0", "itemsPerPage=501", "pageNum=0", "pageNum=x", "pretty=True", "envelope=1"]
)
def test_query_parameters_out_of_range(client: Client, query: str) -> None:
    response = client.get(f"{KEYS}?{query}")
    assert response.status_code == 400
    assert response.json()["badRequestDetail"]["fields"][0]["field"] == query.partition("=")[0]
