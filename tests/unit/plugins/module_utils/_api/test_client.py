# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests the client sends, and what becomes of the token it minted."""

from __future__ import annotations

import contextlib
import json
import re
import time
import typing as t

import pytest
import werkzeug

from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys, organizations
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import AuthMethod, BearerToken, DigestAuth
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, InvalidResponse
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings, Session

ORG, KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"
PATH = f"/orgs/{ORG}/apiKeys/{KEY}"
CHALLENGE = 'Digest realm="MMS Public API", domain="", nonce="n", algorithm=MD5, qop="auth", stale=false'


@contextlib.contextmanager
def open_client(
    server: HTTPServer, way: AuthMethod, api_version: str = "2025-03-12", **query: str
) -> t.Iterator[AtlasClient]:
    session = Session(ConnectionSettings(way, server.url_for("").rstrip("/"), 5, 0, True))
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
    way = DigestAuth({"public_key": "gswvkocq", "private_key": "wrong"}, {})
    with (
        pytest.raises(APIError, match="401 UNEXPECTED_ERROR. You are not. Check the credentials"),
        open_client(httpserver, way) as client,
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


# Pages


KEYS = f"/api/atlas/v2/orgs/{ORG}/apiKeys"


def key(number: int) -> dict[str, t.Any]:
    return {"id": f"{number:024x}", "publicKey": f"key{number:05}"}


def page(items: list[t.Any], more: bool, size: int = 500) -> dict[str, t.Any]:
    links = [{"rel": "self", "href": f"https://x/apiKeys?itemsPerPage={size}&pageNum=1"}]
    return {
        "results": items,
        "totalCount": 7,
        "links": [*links, *([{"rel": "next", "href": "https://x"}] if more else [])],
    }


def serve_pages(server: HTTPServer, pages: list[dict[str, t.Any]]) -> None:
    for number, body in enumerate(pages, 1):
        query = {"itemsPerPage": "500", "pageNum": str(number)}
        server.expect_ordered_request(KEYS, query_string=query).respond_with_json(body)


def listed(server: HTTPServer) -> list[dict[str, t.Any]]:
    with open_client(server, bearer()) as client:
        return api_keys.list_all(client, ORG)


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1234])
def test_all_pages_are_read_whatever_the_total_count_says(httpserver: HTTPServer, count: int) -> None:
    keys = [key(number) for number in range(count)]
    pages = [keys[start : start + 500] for start in range(0, max(count, 1), 500)]
    serve_pages(httpserver, [page(items, more=number < len(pages)) for number, items in enumerate(pages, 1)])
    assert listed(httpserver) == keys
    assert len(httpserver.log) == len(pages)


def test_page_that_is_not_full_is_the_last_whatever_its_links_say(httpserver: HTTPServer) -> None:
    serve_pages(httpserver, [page([key(1)], more=True)])
    assert listed(httpserver) == [key(1)]


def test_server_that_gives_smaller_pages_is_read_to_the_end(httpserver: HTTPServer) -> None:
    keys = [key(number) for number in range(250)]
    pages = [keys[:100], keys[100:200], keys[200:]]
    serve_pages(httpserver, [page(items, more=items is not pages[-1], size=100) for items in pages])
    assert listed(httpserver) == keys


@pytest.mark.parametrize("size", [0, -5, "x", 10**30, "\uff15"])
def test_page_size_that_makes_no_sense_is_not_believed(httpserver: HTTPServer, size: t.Any) -> None:
    serve_pages(httpserver, [page([key(number) for number in range(499)], more=True, size=size)])
    assert len(listed(httpserver)) == 499


def test_key_that_moves_to_another_page_is_returned_once(httpserver: HTTPServer) -> None:
    keys = [key(number) for number in range(600)]
    serve_pages(httpserver, [page(keys[:500], more=True), page(keys[450:], more=False)])
    assert listed(httpserver) == keys


def test_items_without_an_id_are_kept(httpserver: HTTPServer) -> None:
    items = [{"publicKey": "a"}, {"publicKey": "b"}, {"publicKey": "b"}, {"cidrBlock": "a"}, {"id": None}]
    serve_pages(httpserver, [page(items, more=False)])
    assert listed(httpserver) == [items[0], items[1], items[3], items[4]]


def test_server_that_repeats_a_page_is_found_out(httpserver: HTTPServer) -> None:
    httpserver.expect_request(KEYS).respond_with_json(page([key(number) for number in range(500)], more=True))
    with pytest.raises(InvalidResponse, match=f"Page 2 of /orgs/{ORG}/apiKeys holds only what came"):
        listed(httpserver)
    assert len(httpserver.log) == 2


def test_server_that_never_ends_is_left(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def ever_new(request: werkzeug.Request) -> werkzeug.Response:
        first = int(request.args["pageNum"]) * 5
        return werkzeug.Response(json.dumps(page([key(first + more) for more in range(5)], more=True, size=5)))

    httpserver.expect_request(KEYS).respond_with_handler(ever_new)
    with pytest.raises(InvalidResponse, match="has not ended after 200 pages and 1000 items"):
        listed(httpserver)


@pytest.mark.parametrize("body", [{}, {"results": None}, {"results": {}}, {"results": [1]}, {"results": [{}, None]}])
def test_page_without_a_list_of_objects_is_said(httpserver: HTTPServer, body: dict[str, t.Any]) -> None:
    serve_pages(httpserver, [body])
    with pytest.raises(InvalidResponse, match="without a list of results"):
        listed(httpserver)


@pytest.mark.parametrize("links", [None, {}, [None], [{}], [{"rel": "self"}], [{"rel": "self", "href": None}]])
def test_links_of_any_shape_end_the_walk(httpserver: HTTPServer, links: t.Any) -> None:
    serve_pages(httpserver, [{"results": [key(number) for number in range(500)], "links": links}])
    assert len(listed(httpserver)) == 500


def test_orgs_one_and_all(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/atlas/v2/orgs").respond_with_json(page([{"id": ORG}], more=False))
    httpserver.expect_request(f"/api/atlas/v2/orgs/{ORG}").respond_with_json({"id": ORG, "name": "Production"})
    with open_client(httpserver, bearer()) as client:
        assert organizations.list_all(client) == [{"id": ORG}]
        assert organizations.get(client, ORG) == {"id": ORG, "name": "Production"}


# Side by side


def entries_of(request: werkzeug.Request) -> werkzeug.Response:
    """An access list with one entry, which names the key that it belongs to; later keys answer sooner."""
    number = int(request.path.split("/")[-2], 16)
    time.sleep(max(0, 20 - number) / 1000)
    return werkzeug.Response(json.dumps(page([{"cidrBlock": f"key {number}"}], more=False)))


def test_access_lists_come_in_the_order_of_the_keys(httpserver: HTTPServer) -> None:
    httpserver.expect_request(re.compile(f"{KEYS}/.*/accessList")).respond_with_handler(entries_of)
    with open_client(httpserver, bearer()) as client:
        lists = client.list_access_lists(ORG, [key(number)["id"] for number in range(40)])
    assert lists == [[{"cidrBlock": f"key {number}"}] for number in range(40)]


@pytest.mark.parametrize("count", [0, 1])
def test_few_access_lists_need_no_threads(httpserver: HTTPServer, count: int) -> None:
    httpserver.expect_request(re.compile(f"{KEYS}/.*/accessList")).respond_with_handler(entries_of)
    with open_client(httpserver, bearer()) as client:
        assert len(client.list_access_lists(ORG, [key(number)["id"] for number in range(count)])) == count


def test_first_failure_ends_all_and_names_the_key(httpserver: HTTPServer) -> None:
    def refuse_one(request: werkzeug.Request) -> werkzeug.Response:
        number = int(request.path.split("/")[-2], 16)
        if number == 5:
            body = {"error": 401, "errorCode": "API_KEY_ACCESS_LIST_ACCESS_DENIED"}
            return werkzeug.Response(json.dumps(body), 401)
        time.sleep(0.05 if number else 3)
        return werkzeug.Response(json.dumps(page([], more=False)))

    httpserver.expect_request(re.compile(f"{KEYS}/.*/accessList")).respond_with_handler(refuse_one)
    started = time.monotonic()
    with pytest.raises(APIError) as caught, open_client(httpserver, bearer()) as client:
        client.list_access_lists(ORG, [key(number)["id"] for number in range(300)])
    assert time.monotonic() - started < 2
    assert key(5)["id"] in str(caught.value)
    assert "Organization Owner" in str(caught.value)
    sent = len(httpserver.log)
    time.sleep(0.2)
    assert len(httpserver.log) <= sent + 8  # those that were under way
    assert sent < 40
