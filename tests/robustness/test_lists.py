# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists whose pages do not match their count."""

from __future__ import annotations

import itertools
import typing as t
import urllib.parse

import pytest

from atlas_like import KEY, ORG, ask, behave
from raw_server import Asked, RawServer, Reply, reply

Page = dict[str, t.Any]
# The page of a number, with at most so many items; called once for each request.
Pages = t.Callable[[int, int], Page]

NEXT = [{"rel": "next", "href": "https://cloud.mongodb.com/"}]


def key(number: int, **fields: t.Any) -> dict[str, t.Any]:
    return {"id": f"{number:024x}", "publicKey": f"{number:08d}", **fields}


def keys(first: int, last: int) -> list[dict[str, t.Any]]:
    """The keys numbered from FIRST to LAST."""
    return [key(number) for number in range(first, last + 1)]


def paged(pages: Pages) -> t.Callable[[Asked], Reply]:
    """A host that gives PAGES."""

    def answer(asked: Asked) -> Reply:
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(asked.path).query)
        return reply(pages(int(query["pageNum"][0]), int(query["itemsPerPage"][0])))

    return answer


def small_pages(number: int, _size: int) -> Page:
    """100 a page of 1,234, regardless of what was asked for, and no self link."""
    first, last = (number - 1) * 100 + 1, min(number * 100, 1234)
    return {"results": keys(first, last), "links": NEXT if last < 1234 else [], "totalCount": 1234}


def without_links(number: int, size: int) -> Page:
    return {"results": keys((number - 1) * size + 1, min(number * size, 1234)), "links": [], "totalCount": 1234}


def short_page(number: int, size: int) -> Page:
    """One key fewer on the second of three pages."""
    results = keys((number - 1) * size + 1, number * size) if number <= 3 else []
    return {"results": results[: 499 if number == 2 else None], "links": NEXT if number < 3 else []}


def empty_page(number: int, size: int) -> Page:
    return {"results": [] if number == 2 else keys(number * 10, number * 10 + 9), "links": NEXT if number < 3 else []}


def no_count(number: int, size: int) -> Page:
    last = min(number * size, 700)
    return {"results": keys((number - 1) * size + 1, last), "links": []}


COMPLETE: dict[str, tuple[Pages, int]] = {
    "a list of 1,234 keys with 100 a page": (small_pages, 1234),
    "a list of 1,234 keys without links": (without_links, 1234),
    "a page of 499 in the middle of a list": (short_page, 1499),
    "an empty page in the middle of a list": (empty_page, 20),
    "a list without a count": (no_count, 700),
}


@pytest.mark.parametrize("fault", COMPLETE)
def test_list_is_read_whole(fault: str, happened: t.Callable[[str, str], None]) -> None:
    pages, count = COMPLETE[fault]
    with RawServer(paged(pages)) as server:
        outcome = ask(server, "bearer")
    assert not outcome.failed, outcome.result
    assert len({each["id"] for each in outcome.result["api_keys"]}) == len(outcome.result["api_keys"]) == count
    assert outcome.result["complete"] is True
    assert not outcome.warnings
    happened(fault, "succeeds, complete")


def always(page: Page) -> Pages:
    return lambda number, size: page if number == 1 else {**page, "results": []}


INCOMPLETE: dict[str, tuple[Pages, int, int]] = {
    "a full page without links, and a count of 1,234": (
        always({"results": keys(1, 500), "links": [], "totalCount": 1234}),
        500,
        1234,
    ),
    "no results, and a count of 12": (always({"results": [], "links": [], "totalCount": 12}), 0, 12),
    "a next link that leads to nothing": (
        lambda number, size: {"results": keys(1, 3), "links": NEXT, "totalCount": 4},
        3,
        4,
    ),
}


@pytest.mark.parametrize("fault", INCOMPLETE)
def test_list_that_does_not_add_up_is_not_called_complete(fault: str, happened: t.Callable[[str, str], None]) -> None:
    pages, came, counted = INCOMPLETE[fault]
    with RawServer(paged(pages)) as server:
        outcome = ask(server, "bearer")
        firsts = [asked for asked in server.asked if "pageNum=1&" in asked.path + "&"]
    assert not outcome.failed, outcome.result
    assert outcome.result["complete"] is False
    assert len(outcome.result["api_keys"]) == came
    assert len(firsts) == 3  # read again at most twice
    (warning,) = outcome.warnings
    assert f"received {came} of {counted} items" in warning
    assert f"API keys of the organization {ORG}" in warning
    happened(fault, "succeeds, with complete: false and a warning with both numbers")


def deleted_meanwhile() -> Pages:
    """Of 1,000 keys the first one is deleted when the first page has been read."""
    asked = itertools.count(1)

    def pages(number: int, size: int) -> Page:
        alive = keys(1 if next(asked) == 1 else 2, 1000)
        results = alive[(number - 1) * size : number * size]
        return {"results": results, "links": NEXT if number * size < len(alive) else [], "totalCount": len(alive)}

    return pages


def changed_meanwhile() -> Pages:
    """A key comes twice, with other roles the second time; read again, it comes once."""
    asked = itertools.count(1)

    def pages(number: int, size: int) -> Page:
        if next(asked) <= 2:
            roles = [{"orgId": ORG, "roleName": "ORG_OWNER" if number == 2 else "ORG_MEMBER"}]
            return {"results": [key(1, roles=roles), key(number + 1)], "links": NEXT if number < 2 else []}
        return {"results": [key(1, roles=[{"orgId": ORG, "roleName": "ORG_OWNER"}]), *keys(2, 3)], "links": []}

    return pages


CHANGING: dict[str, tuple[t.Callable[[], Pages], list[str]]] = {
    "a key that is deleted between two pages": (deleted_meanwhile, [each["id"] for each in keys(2, 1000)]),
    "a key that changes between two pages": (changed_meanwhile, [each["id"] for each in keys(1, 3)]),
}


@pytest.mark.parametrize("fault", CHANGING)
def test_list_that_changes_is_read_again(fault: str, happened: t.Callable[[str, str], None]) -> None:
    make, expected = CHANGING[fault]
    with RawServer(paged(make())) as server:
        outcome = ask(server, "bearer")
    assert [each["id"] for each in outcome.result["api_keys"]] == expected
    assert outcome.result["complete"] is True
    assert outcome.result["api_keys"][0].get("roles", [{"role_name": "ORG_OWNER"}])[0]["role_name"] == "ORG_OWNER"
    happened(fault, "succeeds, complete: the list is read again")


def test_list_that_keeps_changing_is_not_called_complete(happened: t.Callable[[str, str], None]) -> None:
    numbers = itertools.count(1)

    def pages(number: int, size: int) -> Page:
        return {"results": [key(1, desc=str(next(numbers)))], "links": NEXT if number < 2 else []}

    with RawServer(paged(pages)) as server:
        outcome = ask(server, "bearer")
        assert len(server.asked) == 6
    assert outcome.result["complete"] is False
    assert "it changed while it was read" in outcome.warnings[0]
    happened("a list that changes each time", "succeeds, with complete: false and a warning")


def test_access_list_that_does_not_add_up_names_its_key(happened: t.Callable[[str, str], None]) -> None:
    def answer(asked: Asked) -> Reply:
        if "/accessList" not in asked.path:
            return behave(asked)
        entries = [{"ipAddress": "192.0.2.7", "cidrBlock": "192.0.2.7/32", "count": 0}]
        return reply({"results": entries, "links": [], "totalCount": 900})

    with RawServer(answer) as server:
        outcome = ask(server, "bearer", gather_access_list=True)
    assert outcome.result["complete"] is False
    assert len(outcome.result["api_keys"][0]["access_list"]) == 1
    assert f"access list entries of the API key {KEY['id']}" in outcome.warnings[0]
    assert "received 1 of 900 items" in outcome.warnings[0]
    happened("an access list with 1 entry of 900", "succeeds, with complete: false and a warning that names the key")


def test_list_without_end(happened: t.Callable[[str, str], None]) -> None:
    with RawServer(paged(lambda number, size: {"results": keys(number, number), "links": NEXT})) as server:
        outcome = ask(server, "bearer")
        assert len(server.asked) <= 200
    assert outcome.failed
    assert "has not ended after 200 pages" in outcome.result["msg"]
    happened("a list without an end", "fails: …has not ended after 200 pages…")
