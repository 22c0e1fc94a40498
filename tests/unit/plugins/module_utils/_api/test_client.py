# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests the client sends, and what becomes of the token it minted."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import re
import threading
import time
import typing as t
import urllib.parse

import pytest
import werkzeug

from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys, events, organizations
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import Action, FreeName, path
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.bearer import BearerToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.digest import DigestAuth
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.method import AuthMethod
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    InvalidResponse,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.response import Response
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings, Session

ORG, KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"
PATH = f"/orgs/{ORG}/apiKeys/{KEY}"
CHALLENGE = 'Digest realm="MMS Public API", domain="", nonce="n", algorithm=MD5, qop="auth", stale=false'


@contextlib.contextmanager
def open_client(
    server: HTTPServer, auth: AuthMethod, api_version: str = "2025-03-12", **query: str
) -> t.Iterator[AtlasClient]:
    session = Session(ConnectionSettings(auth, server.url_for("").rstrip("/"), 5, 0, True))
    try:
        yield AtlasClient(session, api_version, query)
    finally:
        session.close()


def bearer() -> BearerToken:
    return BearerToken({"access_token": "aa.bb.cc"}, {})


@pytest.mark.parametrize(
    ("api_version", "root", "accept"),
    [
        ("2025-03-12", "/api/atlas/v2", "application/vnd.atlas.2025-03-12+json"),
        ("2023-01-01", "/api/atlas/v2", "application/vnd.atlas.2023-01-01+json"),
        ("v1.0", "/api/atlas/v1.0", "application/json"),
        ("public/v1.0", "/api/public/v1.0", "application/json"),
    ],
)
def test_version_chooses_path_and_accept(httpserver: HTTPServer, api_version: str, root: str, accept: str) -> None:
    httpserver.expect_request(root + PATH, headers={"Accept": accept}).respond_with_json({"id": KEY})
    with open_client(httpserver, bearer(), api_version) as client:
        assert api_keys.get(client, ORG, KEY) == {"id": KEY}


def test_time_is_that_of_the_last_response(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has expired at Atlas does not depend on the clock of this host."""
    session = Session(ConnectionSettings(bearer(), "http://127.0.0.1:1", 5, 0, True))
    headers = {"Date": "Mon, 10 Aug 2026 03:02:57 GMT"}
    monkeypatch.setattr(session, "send", lambda *_args, **_kwargs: Response("GET", 200, headers, b"{}"))
    client = AtlasClient(session, "2025-03-12", {})
    assert client.now().tzinfo is not None
    client.post("orgs", json={}, idempotent=False)
    assert client.now().isoformat() == "2026-08-10T03:02:57+00:00"


def test_bearer_costs_one_request(httpserver: HTTPServer) -> None:
    authorized = {"Authorization": "Bearer aa.bb.cc"}
    httpserver.expect_oneshot_request("/api/atlas/v2" + PATH, headers=authorized).respond_with_json({"id": KEY})
    with open_client(httpserver, bearer()) as client:
        api_keys.get(client, ORG, KEY)
    assert len(httpserver.log) == 1


def test_wrong_digest_key_costs_two_requests_and_keeps_the_body(httpserver: HTTPServer) -> None:
    body = {"error": 401, "reason": "Unauthorized", "detail": "You are not.", "errorCode": "UNEXPECTED_ERROR"}
    httpserver.expect_request("/api/atlas/v2" + PATH).respond_with_json(
        body, status=401, headers={"WWW-Authenticate": CHALLENGE}
    )
    auth = DigestAuth({"public_key": "gswvkocq", "private_key": "3f1c0c9e-wrong"}, {})
    with (
        pytest.raises(APIError, match="401 UNEXPECTED_ERROR. You are not. Check the credentials"),
        open_client(httpserver, auth) as client,
    ):
        api_keys.get(client, ORG, KEY)
    assert len(httpserver.log) == 2


def test_envelope_and_pretty_are_sent_and_unwrapped(httpserver: HTTPServer) -> None:
    query = {"envelope": "true", "pretty": "true"}
    httpserver.expect_request("/api/atlas/v2" + PATH, query_string=query).respond_with_json(
        {"status": 200, "content": {"id": KEY}}
    )
    with open_client(httpserver, bearer(), **query) as client:
        assert api_keys.get(client, ORG, KEY) == {"id": KEY}


def read_key(server: HTTPServer, resource: t.Any, status: int = 200) -> dict[str, t.Any]:
    server.expect_request("/api/atlas/v2" + PATH).respond_with_json(resource, status=status)
    with open_client(server, bearer()) as client:
        return api_keys.get(client, ORG, KEY)


ROLE = {"orgId": ORG, "roleName": "ORG_MEMBER"}
OTHER_ORG = {"orgId": "b0123456789abcdef012345b", "roleName": "ORG_OWNER"}
PROJECT_ROLE = {"groupId": "b0123456789abcdef012345b", "roleName": "GROUP_OWNER"}


@pytest.mark.parametrize(
    "resource",
    [
        {},
        {"message": "Please sign in"},
        {"results": [], "totalCount": 0},
        {"status": 200, "content": {"id": KEY}},
        {"id": KEY[:-1] + "0"},
        {"id": None},
        {"id": [KEY]},
    ],
)
def test_resource_that_is_not_the_one_asked_for_is_invalid(httpserver: HTTPServer, resource: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidResponse, match="not the resource that was asked for"):
        read_key(httpserver, resource)


@pytest.mark.parametrize("roles", [[OTHER_ORG], [ROLE, OTHER_ORG]])
def test_key_of_another_organization_is_invalid(httpserver: HTTPServer, roles: list[t.Any]) -> None:
    with pytest.raises(InvalidResponse, match="belongs to another organization, 'b0123"):
        read_key(httpserver, {"id": KEY, "roles": roles})


@pytest.mark.parametrize("roles", [None, "x", [None], [ROLE, PROJECT_ROLE]])
def test_roles_of_any_shape_do_not_prevent_reading(httpserver: HTTPServer, roles: t.Any) -> None:
    assert read_key(httpserver, {"id": KEY, "roles": roles})["roles"] == roles


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("********-****-****-01bdd56c8977", "********-****-****-01bdd56c8977"),
        ("3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977", "********-****-****-01bdd56c8977"),
    ],
)
def test_private_key_is_always_redacted(httpserver: HTTPServer, came: str, shown: str) -> None:
    assert read_key(httpserver, {"id": KEY, "privateKey": came})["privateKey"] == shown


# Writing


def test_write_sends_json_and_says_whether_it_may_be_repeated(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request(
        KEYS,
        method="POST",
        json={"desc": "ci"},
        headers={"Content-Type": "application/vnd.atlas.2025-03-12+json"},
    ).respond_with_json({"id": KEY}, status=201)
    httpserver.expect_ordered_request(f"{KEYS}/{KEY}", method="PATCH", json={"desc": "cd"}).respond_with_data(b"{}")
    httpserver.expect_ordered_request(f"{KEYS}/{KEY}", method="DELETE").respond_with_data(b"", status=204)
    with open_client(httpserver, bearer()) as client:
        assert client.post("orgs", ORG, "apiKeys", json={"desc": "ci"}, idempotent=False) == {"id": KEY}
        assert client.patch("orgs", ORG, "apiKeys", KEY, json={"desc": "cd"}, idempotent=True) == {}
        assert client.delete("orgs", ORG, "apiKeys", KEY, idempotent=True) == {}
    httpserver.check_assertions()


def test_address_of_an_access_list_entry_is_encoded(httpserver: HTTPServer) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_data(b"", status=204)
    with open_client(httpserver, bearer()) as client:
        for address in ("192.0.2.0/24", "192.0.2.7/32", "2001:db8::/32"):
            network = ipaddress.ip_network(address)
            client.delete("orgs", ORG, "apiKeys", KEY, "accessList", network, idempotent=True)
    sent = [request.environ["REQUEST_URI"].rpartition("/")[2] for request, _response in httpserver.log]
    assert sent == ["192.0.2.0%2F24", "192.0.2.7", "2001%3Adb8%3A%3A%2F32"]


# Pages


KEYS = f"/api/atlas/v2/orgs/{ORG}/apiKeys"
NEXT = [{"rel": "next", "href": "https://x"}]


def key(number: int, **more: t.Any) -> dict[str, t.Any]:
    return {"id": f"{number:024x}", "publicKey": f"key{number:05}", **more}


def keys(first: int, end: int) -> list[dict[str, t.Any]]:
    return [key(number) for number in range(first, end)]


def page(items: list[t.Any], total: t.Any, more: bool = False) -> dict[str, t.Any]:
    return {"results": items, "totalCount": total, "links": NEXT if more else []}


def serve_pages(server: HTTPServer, *pages: dict[str, t.Any]) -> None:
    for body in pages:
        server.expect_ordered_request(KEYS).respond_with_json(body)


def read_list(server: HTTPServer) -> tuple[list[dict[str, t.Any]], bool, list[str]]:
    with open_client(server, bearer()) as client:
        listing = api_keys.list_all(client, ORG)
        assert not client.warnings
        complete = client.warn_if_incomplete(listing)
        return listing.items, complete, client.warnings


def pages_read(server: HTTPServer) -> list[str]:
    return [request.args["pageNum"] for request, _response in server.log]


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1234])
def test_all_pages_are_read_in_the_fewest_requests(httpserver: HTTPServer, count: int) -> None:
    starts = range(0, max(count, 1), 500)
    serve_pages(
        httpserver,
        *(page(keys(start, min(start + 500, count)), count, more=start + 500 < count) for start in starts),
    )
    assert read_list(httpserver) == (keys(0, count), True, [])
    assert pages_read(httpserver) == [str(number) for number in range(1, len(starts) + 1)]
    assert {request.args["itemsPerPage"] for request, _response in httpserver.log} == {"500"}


WHOLE: dict[str, list[dict[str, t.Any]]] = {
    "100 a page, with next links and no self link": [
        page(keys(start, min(start + 100, 250)), 250, more=start < 200) for start in (0, 100, 200)
    ],
    "499 a page": [page(keys(0, 499), 600, more=True), page(keys(499, 600), 600)],
    "an empty page in the middle": [
        page(keys(0, 500), 600, more=True),
        page([], 600, more=True),
        page(keys(500, 600), 600),
    ],
    "no links": [page(keys(0, 500), 1234), page(keys(500, 1000), 1234), page(keys(1000, 1234), 1234)],
    "nothing on the first page": [page([], 12), page(keys(0, 12), 12)],
    "no count, and links": [page(keys(0, 500), None, more=True), page(keys(500, 600), None)],
    "no count and no links": [page(keys(0, 500), None), page(keys(500, 600), None)],
    "a count that makes no sense": [page(keys(0, 3), "many")],
    "a count that is too small": [page(keys(0, 500), 400, more=True), page(keys(500, 600), 400)],
    "no links, and a list that was not counted": [page(keys(0, 500), 0), page(keys(500, 700), 0)],
    "no links, and a full last page that was not counted": [page(keys(0, 500), 0), page([], 0)],
    "no links, and a count that becomes too small": [page(keys(0, 500), 600), page(keys(500, 650), 600)],
    "an item that moved to another page": [page(keys(0, 500), 600, more=True), page(keys(450, 600), 600)],
}


@pytest.mark.parametrize("case", WHOLE)
def test_list_is_read_until_it_adds_up(httpserver: HTTPServer, case: str) -> None:
    serve_pages(httpserver, *WHOLE[case])
    items, complete, warnings = read_list(httpserver)
    expected = {item["id"]: item for body in WHOLE[case] for item in body["results"]}
    assert items == list(expected.values())
    assert complete
    assert not warnings
    assert len(httpserver.log) == len(WHOLE[case])


@pytest.mark.parametrize(
    ("items", "total"),
    [(keys(0, 500), 1234), (keys(0, 1), 900), ([], 12)],
)
def test_list_that_stays_short_is_read_three_times_and_said(
    httpserver: HTTPServer, items: list[dict[str, t.Any]], total: int
) -> None:
    httpserver.expect_request(KEYS).respond_with_json(page(items, total))
    found, complete, (warning,) = read_list(httpserver)
    assert found == items
    assert not complete
    assert f"received {len(items)} of {total} items" in warning
    assert f"API keys of the organization {ORG}" in warning
    assert pages_read(httpserver).count("1") == 3


CHANGED: dict[str, list[dict[str, t.Any]]] = {
    "a key was deleted": [page(keys(0, 500), 501, more=True), page([], 500)],
    "a key was created": [page(keys(0, 500), 501, more=True), page(keys(500, 502), 502)],
    "a key was changed": [page(keys(0, 500), 501, more=True), page([key(499, desc="x"), key(500)], 501)],
}


@pytest.mark.parametrize("case", CHANGED)
def test_list_that_changes_while_it_is_read_is_read_again(httpserver: HTTPServer, case: str) -> None:
    serve_pages(httpserver, *CHANGED[case], page(keys(1, 501), 501, more=True), page([key(0)], 501))
    items, complete, warnings = read_list(httpserver)
    assert items == [*keys(1, 501), key(0)]
    assert complete
    assert not warnings


def test_list_that_never_stops_changing_is_incomplete(httpserver: HTTPServer) -> None:
    versions = iter(range(1000))

    def change(request: werkzeug.Request) -> werkzeug.Response:
        item = key(1, version=next(versions))
        return werkzeug.Response(json.dumps(page([item], 1, more=request.args["pageNum"] == "1")))

    httpserver.expect_request(KEYS).respond_with_handler(change)
    items, complete, (warning,) = read_list(httpserver)
    assert items == [key(1, version=5)]
    assert not complete
    assert "changed while it was read" in warning


def test_list_of_another_project_is_invalid(httpserver: HTTPServer) -> None:
    items = [{"id": KEY, "groupId": OTHER_ORG["orgId"]}]
    httpserver.expect_request(f"/api/atlas/v2/groups/{ORG}/events").respond_with_json(page(items, 1))
    with (
        pytest.raises(InvalidResponse, match="belongs to another project, 'b0123456789abcdef012345b'"),
        open_client(httpserver, bearer()) as client,
    ):
        events.list_of_project(client, ORG, 10, {})


def test_list_of_another_organization_is_invalid(httpserver: HTTPServer) -> None:
    serve_pages(httpserver, page([key(1), key(2, roles=[OTHER_ORG])], 2))
    with pytest.raises(InvalidResponse, match="belongs to another organization"):
        read_list(httpserver)


def test_items_without_an_id_are_kept(httpserver: HTTPServer) -> None:
    items = [{"publicKey": "a"}, {"publicKey": "b"}, {"cidrBlock": "a"}, {"id": None}]
    serve_pages(httpserver, page(items, 4))
    assert read_list(httpserver) == (items, True, [])


def test_server_that_ignores_the_page_number_is_left(httpserver: HTTPServer) -> None:
    httpserver.expect_request(KEYS).respond_with_json(page(keys(0, 500), None, more=True))
    items, complete, (warning,) = read_list(httpserver)
    assert items == keys(0, 500)
    assert not complete
    assert "links to a next one that contains nothing new" in warning
    assert pages_read(httpserver) == ["1", "2", "3"] * 3


def test_server_that_never_ends_is_left(httpserver: HTTPServer) -> None:
    def ever_new(request: werkzeug.Request) -> werkzeug.Response:
        first = int(request.args["pageNum"]) * 5
        return werkzeug.Response(json.dumps(page(keys(first, first + 5), None, more=True)))

    httpserver.expect_request(KEYS).respond_with_handler(ever_new)
    with pytest.raises(InvalidResponse, match="has not ended after 200 pages and 1000 items"):
        read_list(httpserver)


@pytest.mark.parametrize("body", [{}, {"results": None}, {"results": {}}, {"results": [1]}, {"results": [{}, None]}])
def test_page_without_a_list_of_objects_is_invalid(httpserver: HTTPServer, body: dict[str, t.Any]) -> None:
    serve_pages(httpserver, body)
    with pytest.raises(InvalidResponse, match="without a list of results"):
        read_list(httpserver)


@pytest.mark.parametrize("links", [None, {}, [None], [{}], [{"rel": "self"}], [{"rel": ["next"]}]])
def test_links_of_any_shape_do_not_prevent_reading(httpserver: HTTPServer, links: t.Any) -> None:
    serve_pages(httpserver, {"results": keys(0, 2), "totalCount": 2, "links": links})
    assert read_list(httpserver) == (keys(0, 2), True, [])


def test_organizations_one_and_all(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/atlas/v2/orgs").respond_with_json(page([{"id": ORG}], 1))
    httpserver.expect_request(f"/api/atlas/v2/orgs/{ORG}").respond_with_json({"id": ORG, "name": "Production"})
    with open_client(httpserver, bearer()) as client:
        assert organizations.list_all(client) == Listing([{"id": ORG}])
        assert organizations.get(client, ORG) == {"id": ORG, "name": "Production"}


# Side by side


def entries_of(request: werkzeug.Request) -> werkzeug.Response:
    """An access list with one entry, which names the key that it belongs to; later keys are answered sooner."""
    number = int(request.path.split("/")[-2], 16)
    time.sleep(max(0, 20 - number) / 1000)
    return werkzeug.Response(json.dumps(page([{"cidrBlock": f"key {number}"}], 1)))


def read_access_lists(client: AtlasClient, count: int) -> list[list[dict[str, t.Any]]]:
    ids = [key(number)["id"] for number in range(count)]
    return [listing.items for listing in client.map(lambda each: api_keys.list_access_list(client, ORG, each), ids)]


@pytest.mark.parametrize("count", [0, 1, 40])
def test_access_lists_come_in_the_order_of_the_keys(httpserver: HTTPServer, count: int) -> None:
    httpserver.expect_request(re.compile(f"{KEYS}/.*/accessList")).respond_with_handler(entries_of)
    with open_client(httpserver, bearer()) as client:
        assert read_access_lists(client, count) == [[{"cidrBlock": f"key {number}"}] for number in range(count)]


def test_access_list_that_does_not_add_up_names_the_key(httpserver: HTTPServer) -> None:
    httpserver.expect_request(re.compile(f"{KEYS}/.*/accessList")).respond_with_json(page([{"cidrBlock": "x"}], 900))
    with open_client(httpserver, bearer()) as client:
        assert key(0)["id"] in (api_keys.list_access_list(client, ORG, key(0)["id"]).problem or "")


def test_first_failure_ends_all_and_names_the_key(httpserver: HTTPServer) -> None:
    over = threading.Event()

    def refuse_one(request: werkzeug.Request) -> werkzeug.Response:
        number = int(request.path.split("/")[-2], 16)
        if number == 5:
            body = {"error": 401, "errorCode": "API_KEY_ACCESS_LIST_ACCESS_DENIED"}
            return werkzeug.Response(json.dumps(body), 401)
        over.wait(0.05 if number else 30)
        return werkzeug.Response(json.dumps(page([], 0)))

    httpserver.expect_request(re.compile(f"{KEYS}/.*/accessList")).respond_with_handler(refuse_one)
    started = time.monotonic()
    with pytest.raises(APIError) as caught, open_client(httpserver, bearer()) as client:
        read_access_lists(client, 300)
    assert time.monotonic() - started < 15
    over.set()
    assert key(5)["id"] in str(caught.value)
    assert "Organization Owner" in str(caught.value)
    sent = len(httpserver.log)
    time.sleep(0.2)
    assert len(httpserver.log) <= sent + 8  # those that were under way
    assert sent < 100


# Paths


@pytest.mark.parametrize(
    "value",
    [
        "",
        "../orgs/" + ORG,
        ORG + "/x",
        ORG.upper(),
        ORG + "\n",
        "gswvkocq",
        "\uff11" * 24,
        "mdb_sa_id_x",
        "192.0.2.7",
        None,
    ],
)
def test_path_refuses_what_is_no_identifier(value: t.Any) -> None:
    with pytest.raises(UsageError, match="is not an identifier of Atlas"):
        path("groups", value, "apiKeys")


@pytest.mark.parametrize("name", ["", ORG, "../x", "api keys", "a/b", None])
def test_path_refuses_what_is_no_name_of_a_resource(name: t.Any) -> None:
    with pytest.raises(UsageError, match="is not the name of a resource"):
        path("orgs", ORG, name)


def test_path_of_an_action() -> None:
    segment = Action("mdb_sa_id_" + ORG, "invite")
    assert path("groups", ORG, "serviceAccounts", segment) == f"/groups/{ORG}/serviceAccounts/mdb_sa_id_{ORG}:invite"


@pytest.mark.parametrize("segment", [Action("../x", "invite"), Action(ORG + ":x", "invite"), Action(ORG, "../x")])
def test_path_refuses_an_action_that_is_none(segment: Action) -> None:
    with pytest.raises(UsageError, match="Nothing was sent"):
        path("groups", ORG, "serviceAccounts", segment)


@pytest.mark.parametrize("text", ["", ".", "..", "...", "\ud800"])
def test_path_refuses_what_cannot_be_a_name(text: str) -> None:
    with pytest.raises(UsageError, match="Nothing was sent"):
        path("groups", FreeName(text, below="byName"))


@given(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1).filter(lambda text: text.strip(".")))
def test_name_is_one_segment_that_decodes_to_itself(text: str) -> None:
    assert path("groups", FreeName(text)).count("/") == 2
    *_rest, below, name = path("groups", FreeName(text, below="byName")).split("/")
    assert below == "byName"
    assert urllib.parse.unquote(name) == text
    assert re.fullmatch(r"[A-Za-z0-9._~%-]+", name)


def test_resource_that_was_asked_for_by_name(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/atlas/v2/groups/byName/Team A").respond_with_json({"id": KEY, "name": "Team A"})
    segments = ("groups", FreeName("Team A", below="byName"))
    with open_client(httpserver, bearer()) as client:
        assert client.get(*segments, id_field="name")["id"] == KEY
        with pytest.raises(InvalidResponse, match="not the resource that was asked for"):
            client.get(*segments)


def test_path_of_a_service_account() -> None:
    assert path("orgs", ORG, "serviceAccounts", "mdb_sa_id_" + ORG) == f"/orgs/{ORG}/serviceAccounts/mdb_sa_id_{ORG}"


def test_module_with_an_option_that_nobody_checked_sends_nothing(httpserver: HTTPServer) -> None:
    """An option of another name, without the type of an identifier: the path builder still refuses its value."""
    with open_client(httpserver, bearer()) as client, pytest.raises(UsageError):
        client.get("groups", "../orgs/" + ORG)
    assert not httpserver.log
