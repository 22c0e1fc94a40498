# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests the resources other than API keys and organizations send, and how lists of events are cut."""

from __future__ import annotations

import contextlib
import typing as t

import pytest

from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import events, projects, service_accounts
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.bearer import BearerToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import InvalidResponse
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings, Session

ORG, OTHER_ORG, PROJECT = "a0123456789abcdef012345a", "c0123456789abcdef012345c", "b0123456789abcdef012345b"
ACCOUNT = "mdb_sa_id_0123456789ABCDEF01234567"
ROOT = "/api/atlas/v2"
EVENTS = f"{ROOT}/orgs/{ORG}/events"
FIRST = "itemsPerPage=500&pageNum=1"


@contextlib.contextmanager
def open_client(server: HTTPServer) -> t.Iterator[AtlasClient]:
    auth = BearerToken({"access_token": "aa.bb.cc"}, {})
    session = Session(ConnectionSettings(auth, server.url_for("").rstrip("/"), 5, 0, True))
    try:
        yield AtlasClient(session, "2025-03-12", {})
    finally:
        session.close()


@pytest.fixture
def client(httpserver: HTTPServer) -> t.Iterator[AtlasClient]:
    with open_client(httpserver) as client:
        yield client


def asked(server: HTTPServer) -> list[str]:
    return [request.full_path.rstrip("?")[len(ROOT) :] for request, _response in server.log]


def serve(server: HTTPServer, path: str, *results: dict[str, t.Any]) -> None:
    server.expect_request(ROOT + path).respond_with_json({"results": list(results), "totalCount": len(results)})


def test_projects(httpserver: HTTPServer, client: AtlasClient) -> None:
    serve(httpserver, f"/orgs/{ORG}/groups", {"id": PROJECT, "orgId": ORG})
    serve(httpserver, "/groups", {"id": PROJECT, "orgId": OTHER_ORG})
    httpserver.expect_request(f"{ROOT}/groups/{PROJECT}").respond_with_json({"id": PROJECT})
    assert projects.get(client, PROJECT) == {"id": PROJECT}
    assert len(projects.list_all(client).items) == 1
    projects.list_all(client, ORG, "a & b")
    assert asked(httpserver) == [
        f"/groups/{PROJECT}",
        f"/groups?{FIRST}",
        f"/orgs/{ORG}/groups?name=a+%26+b&{FIRST}",
    ]


@pytest.mark.parametrize("wrong", [{"id": ORG}, {}])
def test_another_project_than_the_one_asked_for(
    httpserver: HTTPServer, client: AtlasClient, wrong: dict[str, t.Any]
) -> None:
    httpserver.expect_request(f"{ROOT}/groups/{PROJECT}").respond_with_json(wrong)
    with pytest.raises(InvalidResponse, match="not the resource that was asked for"):
        projects.get(client, PROJECT)


def test_project_of_another_organization(httpserver: HTTPServer, client: AtlasClient) -> None:
    serve(httpserver, f"/orgs/{ORG}/groups", {"id": PROJECT, "orgId": OTHER_ORG})
    with pytest.raises(InvalidResponse, match="belongs to another organization"):
        projects.list_all(client, ORG)


def test_service_accounts(httpserver: HTTPServer, client: AtlasClient) -> None:
    accounts = f"/orgs/{ORG}/serviceAccounts"
    httpserver.expect_request(f"{ROOT}{accounts}/{ACCOUNT}").respond_with_json({"clientId": ACCOUNT})
    serve(httpserver, accounts, {"clientId": ACCOUNT, "roles": ["ORG_OWNER"]})
    serve(httpserver, f"{accounts}/{ACCOUNT}/groups", {"groupId": PROJECT, "roles": ["GROUP_OWNER"]})
    serve(httpserver, f"{accounts}/{ACCOUNT}/accessList", {"cidrBlock": "192.0.2.0/24"})
    assert service_accounts.get(client, ORG, ACCOUNT) == {"clientId": ACCOUNT}
    assert service_accounts.list_all(client, ORG).items == [{"clientId": ACCOUNT, "roles": ["ORG_OWNER"]}]
    service_accounts.list_all(client, ORG, include_system_managed=True)
    assert service_accounts.list_projects(client, ORG, ACCOUNT).complete
    assert service_accounts.list_access_list(client, ORG, ACCOUNT).complete
    assert asked(httpserver) == [
        f"{accounts}/{ACCOUNT}",
        f"{accounts}?{FIRST}",
        f"{accounts}?includeSystemManaged=true&{FIRST}",
        f"{accounts}/{ACCOUNT}/groups?{FIRST}",
        f"{accounts}/{ACCOUNT}/accessList?{FIRST}",
    ]


def test_another_service_account_than_the_one_asked_for(httpserver: HTTPServer, client: AtlasClient) -> None:
    other = {"clientId": ACCOUNT.lower()}
    httpserver.expect_request(f"{ROOT}/orgs/{ORG}/serviceAccounts/{ACCOUNT}").respond_with_json(other)
    with pytest.raises(InvalidResponse, match="not the resource that was asked for"):
        service_accounts.get(client, ORG, ACCOUNT)


# Events


def event(number: int) -> dict[str, t.Any]:
    minutes, seconds = divmod(number, 60)
    return {"id": str(number), "created": f"2026-08-01T00:{minutes:02}:{seconds:02}Z"}


def serve_events(server: HTTPServer, numbers: t.Sequence[int]) -> None:
    """Pages of 500 events, in the order of NUMBERS."""
    for page in range(1, len(numbers) // 500 + 2):
        results = [event(number) for number in numbers[(page - 1) * 500 : page * 500]]
        query = {"itemsPerPage": "500", "pageNum": str(page)}
        server.expect_request(EVENTS, query_string=query).respond_with_json(
            {"results": results, "totalCount": len(numbers)}
        )


def newest(client: AtlasClient, most: int) -> tuple[list[str], bool]:
    found = events.list_of_organization(client, ORG, most, {})
    client.warn_if_incomplete(found)
    return [each["id"] for each in found.items], found.complete


def test_pages_are_read_until_there_are_enough(httpserver: HTTPServer, client: AtlasClient) -> None:
    serve_events(httpserver, range(1999, -1, -1))
    found, complete = newest(client, 600)
    assert found == [str(number) for number in range(1999, 1399, -1)]
    assert not complete
    assert len(httpserver.log) == 2
    assert len(client.warnings) == 1


@pytest.mark.parametrize("numbers", [range(2000), [*range(0, 2000, 2), *range(1, 2000, 2)]], ids=["oldest", "mixed"])
def test_all_pages_are_read_if_the_newest_do_not_come_first(
    httpserver: HTTPServer, client: AtlasClient, numbers: t.Sequence[int]
) -> None:
    serve_events(httpserver, numbers)
    found, complete = newest(client, 600)
    assert found == [str(number) for number in range(1999, 1399, -1)]
    assert not complete
    assert len(httpserver.log) == 4


def test_all_events(httpserver: HTTPServer, client: AtlasClient) -> None:
    serve_events(httpserver, range(999, -1, -1))
    assert newest(client, 1000) == ([str(number) for number in range(999, -1, -1)], True)
    assert (len(httpserver.log), client.warnings) == (2, [])


def test_types_are_repeated_in_the_query(httpserver: HTTPServer, client: AtlasClient) -> None:
    query = {"eventType": ["API_KEY_CREATED", "NEW"], "minDate": "2026-08-01T00:00:00Z"}
    serve(httpserver, f"/orgs/{ORG}/events")
    events.list_of_organization(client, ORG, 10, query)
    sent = f"eventType=API_KEY_CREATED&eventType=NEW&minDate=2026-08-01T00%3A00%3A00Z&{FIRST}"
    assert asked(httpserver) == [f"/orgs/{ORG}/events?{sent}"]
