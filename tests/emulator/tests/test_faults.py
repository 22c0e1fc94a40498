# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from atlas_emulator.model import Dataset
from atlas_emulator.server import Emulator
from emulator_client import KEY, KEYS, READER, Client

ERRORS = [
    (401, "NOT_ORG_GROUP_CREATOR"),
    (403, "CANNOT_CHANGE_GROUP_NAME"),
    (404, "ORG_NOT_FOUND"),
    (500, "UNEXPECTED_ERROR"),
]


@pytest.mark.parametrize(("status", "code"), ERRORS)
def test_every_error_is_possible(client: Client, status: int, code: str) -> None:
    client.fault(path="/apiKeys/", status=status, body={"error": status, "errorCode": code})
    response = client.digest(KEY, READER)
    assert (response.status_code, response.json()["errorCode"], response.headers["X-Error-Code"]) == (
        status,
        code,
        code,
    )
    assert client.digest(KEY, READER).status_code == 200


def test_skip_and_times(client: Client) -> None:
    client.fault(path=KEY, skip=1, times=2, status=503, headers={"Retry-After": 2})
    client.fault(path=KEY, method="POST", times=None, status=500)
    responses = [client.get(KEY) for _attempt in range(4)]
    assert [response.status_code for response in responses] == [200, 503, 503, 200]
    assert responses[1].headers["Retry-After"] == "2"
    assert [fault["struck"] for fault in client.control("GET", "faults").json()["faults"]] == [2, 0]
    client.control("DELETE", "faults")
    assert client.control("GET", "faults").json() == {"faults": []}


def test_before_authentication(client: Client) -> None:
    client.fault(path="/api/", status=502, body="<html>Bad Gateway</html>", before_auth=True)
    response = client.get(KEY, None)
    assert (response.status_code, response.text) == (502, "<html>Bad Gateway</html>")
    assert response.headers["Content-Type"].startswith("text/html")


def test_a_body_that_is_not_json(client: Client) -> None:
    client.fault(path=KEY, body="{not json", headers={"Content-Type": "application/json"})
    response = client.get(KEY)
    assert (response.status_code, response.text, response.headers["Content-Type"]) == (
        200,
        "{not json",
        "application/json",
    )


def test_a_slow_true_answer_and_a_slow_error(client: Client) -> None:
    client.fault(path=KEY, times=None, delay=0.2, headers={"RateLimit-Limit": None, "X-Slow": "yes"})
    client.fault(path=KEY, skip=1, status=429)
    for status in (200, 429, 200):
        start = time.monotonic()
        response = client.get(KEY)
        assert time.monotonic() - start >= 0.2
        assert (response.status_code, response.headers["X-Slow"]) == (status, "yes")
        assert "RateLimit-Limit" not in response.headers


def test_the_token_endpoint(client: Client) -> None:
    client.fault(path="/oauth/token", status=503)
    assert [client.mint().status_code for _attempt in range(2)] == [503, 200]


def test_cut_connection(client: Client) -> None:
    client.fault(path=KEY, cut="start")
    with pytest.raises(requests.ConnectionError):
        client.get(KEY)
    assert client.get(KEY).status_code == 200


def test_cut_and_large_responses_over_tls(dataset: Dataset, tmp_path: Path) -> None:
    with Emulator(dataset, tls=True) as emulator:
        emulator.write_ca(tmp_path / "ca.pem")
        client = Client(emulator.url)
        client.session.verify = str(tmp_path / "ca.pem")
        client.fault(path=KEY, cut="start")
        client.fault(path=KEY, cut="body", skip=1)
        for _each in range(2):
            with pytest.raises(requests.RequestException):
                client.get(KEY)
        assert len(client.get(KEYS, params={"itemsPerPage": 500}).json()["results"]) == 500


@pytest.mark.parametrize("cut", ["start", "headers", "body"])
def test_where_it_is_cut(client: Client, cut: str) -> None:
    client.fault(path="/", cut=cut, before_auth=True, status=200, body="x" * 100)
    host, port = client.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(b"GET /api/atlas/v2/orgs HTTP/1.1\r\nHost: x\r\n\r\n")
        head, end, body = b"".join(iter(lambda: connection.recv(65536), b"")).partition(b"\r\n\r\n")
    assert bool(head) == (cut != "start")
    assert bool(end) == (cut == "body")
    assert len(body) == (50 if cut == "body" else 0)


def pages(client: Client, count: int) -> list[Any]:
    """Return the first pages."""
    return [client.get(KEYS, params={"pageNum": number, "itemsPerPage": 500}).json() for number in range(1, count + 1)]


def test_wrong_pages(client: Client) -> None:
    first, second = pages(client, 2)
    client.fault(path="/apiKeys$", times=3, paging="ignore_page_num")
    assert pages(client, 3) == [first, first, first]
    client.fault(path="/apiKeys$", times=3, paging="repeat")
    assert [page["results"] for page in pages(client, 3)] == [first["results"], first["results"], second["results"]]
    client.fault(path="/apiKeys$", times=5, paging="never_ends")
    endless = pages(client, 5)
    assert len({key["id"] for page in endless for key in page["results"]}) == 2500
    assert all("next" in [link["rel"] for link in page["links"]] for page in endless)


def walk(client: Client, paging: str, size: int, **fault: Any) -> list[Any]:
    """Return the pages that a client reads that follows `next` links."""
    client.control("DELETE", "faults")
    client.fault(path="/apiKeys$", paging=paging, **({"times": None} | fault))
    found: list[Any] = []
    url: str | None = f"{KEYS}?itemsPerPage={size}"
    while url and len(found) < 20:
        found.append(client.get(url.removeprefix(f"{client.url}/api/atlas/v2")).json())
        url = next((link["href"] for link in found[-1]["links"] if link["rel"] == "next"), None)
    return found


def sizes(found: list[Any]) -> list[int]:
    return [len(page["results"]) for page in found]


def ids(found: list[Any]) -> list[str]:
    return [key["id"] for page in found for key in page["results"]]


@pytest.fixture
def true_ids(client: Client) -> list[str]:
    """Return the IDs of all 1234 keys."""
    return ids(pages(client, 3))


@pytest.mark.parametrize(
    ("paging", "expected"),
    [("capped", [100] * 12 + [34]), ("short", [499, 499, 236]), ("empty_page", [500, 0, 500, 234])],
)
def test_pages_of_another_size(client: Client, true_ids: list[str], paging: str, expected: list[int]) -> None:
    found = walk(client, paging, 500)
    assert sizes(found) == expected
    assert ids(found) == true_ids
    assert {page["totalCount"] for page in found} == {1234}
    if paging == "capped":
        assert not any(link["rel"] == "self" for page in found for link in page["links"])


def test_an_empty_page_of_an_access_list(client: Client) -> None:
    access_list = f"{KEY}/accessList"
    client.fault(path="accessList", paging="empty_page", times=None)
    parts = [client.digest(access_list, READER, params={"pageNum": n, "itemsPerPage": 1}).json() for n in range(1, 5)]
    assert sizes(parts) == [1, 0, 1, 0]
    assert [any(link["rel"] == "next" for link in part["links"]) for part in parts] == [True, True, False, False]


def test_pages_without_a_part(client: Client, true_ids: list[str]) -> None:
    (page,) = walk(client, "no_links", 500)
    assert (page["links"], page["totalCount"], ids([page])) == ([], 1234, true_ids[:500])
    found = walk(client, "no_count", 500)
    assert ids(found) == true_ids
    assert not any("totalCount" in page for page in found)
    (page,) = walk(client, "no_results", 500)
    assert (page["results"], page["totalCount"]) == ([], 1234)


def test_wrong_counts(client: Client, true_ids: list[str]) -> None:
    for paging, counts in (("count_too_high", [1244] * 3), ("count_changes", [1234, 1235, 1236])):
        found = walk(client, paging, 500)
        assert ids(found) == true_ids
        assert [page["totalCount"] for page in found] == counts


def test_an_item_that_changes(client: Client, true_ids: list[str]) -> None:
    found = walk(client, "item_changes", 500)
    before, after = found[0]["results"][-1], found[1]["results"][0]
    assert before["id"] == after["id"]
    assert (after["desc"], before["desc"] != after["desc"]) == ("changed between two pages", True)
    assert sizes(found) == [500, 500, 235]
    assert set(ids(found)) == set(true_ids)


def test_an_item_that_moves_or_is_removed(client: Client, true_ids: list[str]) -> None:
    found = walk(client, "item_moves", 500)
    assert (sizes(found), {page["totalCount"] for page in found}) == ([500, 500, 234], {1234})
    assert set(true_ids) - set(ids(found)) == {true_ids[500], true_ids[1000]}
    found = walk(client, "item_removed", 500)
    assert [page["totalCount"] for page in found] == [1234, 1233, 1233]
    assert set(true_ids) - set(ids(found)) == {true_ids[500]}


def test_a_list_that_changed_once(client: Client, true_ids: list[str]) -> None:
    assert len(ids(walk(client, "item_removed", 500, times=3))) == len(true_ids) - 1
    assert ids(pages(client, 3)) == true_ids


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({}, "fault: path is missing"),
        ({"path": "["}, "fault.path: not a regular expression"),
        ({"path": "/", "status": 99}, "fault.status"),
        ({"path": "/", "cut": "middle"}, "fault.cut: 'middle' is none of start, headers, body"),
        ({"path": "/", "paging": "upside_down"}, "fault.paging: 'upside_down' is none of ignore_page_num, repeat"),
        ({"path": "/", "time": 1}, "fault: unknown: time"),
        ({"path": "/", "headers": {"Connection": "close"}}, "fault.headers: 'Connection' cannot be set"),
        ({"path": "/", "headers": {"A": "b\r\nc: d"}}, "fault.headers"),
        ([], "fault: a mapping is needed here"),
    ],
)
def test_wrong_faults(client: Client, fault: Any, message: str) -> None:
    response = client.session.post(f"{client.url}/_emulator/faults", json=fault)
    assert response.status_code == 400
    assert response.json()["error"].startswith(message)
