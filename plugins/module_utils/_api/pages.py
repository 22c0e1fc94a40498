# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""A list that comes in pages, and whether what came adds up."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import InvalidResponse

# The most items that Atlas puts on a page (reference), and the most pages that are read: 100,000 items.
PAGE_SIZE = 500
_MAX_PAGES = 200

# So many pages in a row without a new item end the reading: one alone may be empty in the middle of a list.
_MAX_PAGES_WITHOUT_NEWS = 2

# The page of a number, with at most so many items.
ReadPage = t.Callable[[int, int], "dict[str, t.Any]"]

Items = list[dict[str, t.Any]]


class Listing(t.NamedTuple):
    """The items of a list, each once, and whether Atlas' own count says that these are all."""

    items: list[dict[str, t.Any]]
    complete: bool


def read_pages(
    read_page: ReadPage, where: str, is_enough: t.Callable[[Items], bool] | None = None
) -> tuple[Listing, str]:
    """Read all pages of a list once.

    Reading goes on while there is a link to a next page, or while fewer items have come than ``totalCount`` says. Atlas
    calls that count an estimate (reference), so a difference is reported, and is not an error.

    :param read_page: reads one page, numbered from 1.
    :param where: the path of the list, for errors.
    :param is_enough: whether the items that have come are more than is needed. The result is not complete then.
    :returns: the items, and why they may not be all; empty if they are.
    :raises InvalidResponse: if a page is not one of a list, or the list does not end.
    """
    items: dict[str, dict[str, t.Any]] = {}
    changed = False
    total: int | None = None
    without_news = 0
    for number in range(1, _MAX_PAGES + 1):
        page = read_page(number, PAGE_SIZE)
        results = _results(page, where)
        known = len(items)
        for item in results:
            identity = _identity(item)
            changed |= items.get(identity, item) != item
            items[identity] = item
        if is_enough and is_enough(list(items.values())):
            return Listing(list(items.values()), complete=False), ""
        count = _total_count(page)
        changed |= None not in (total, count) and total != count
        total = count if count is not None else total
        without_news = 0 if len(items) > known else without_news + 1
        if not _more_to_come(page, results, len(items), total):
            break
        if without_news >= _MAX_PAGES_WITHOUT_NEWS:
            break
    else:
        raise InvalidResponse(
            f"{where} has not ended after {_MAX_PAGES} pages and {len(items)} items. Is base_url Atlas itself?", 200
        )
    problem = _problem(page, len(items), total, changed)
    return Listing(list(items.values()), complete=not problem), problem


def _problem(page: dict[str, t.Any], came: int, total: int | None, changed: bool) -> str:
    """Why a list of which PAGE was the last may not be whole."""
    if total is not None and came < total:
        return f"{came} items came, and Atlas counts {total}"
    if total is None and _has_next(page):
        return f"{came} items came, and the last page points to a next one that holds nothing new"
    if changed:
        return f"it changed while it was read, {came} items came, and Atlas counts {'none' if total is None else total}"
    return ""


def _more_to_come(page: dict[str, t.Any], results: list[dict[str, t.Any]], came: int, total: int | None) -> bool:
    if _has_next(page):
        return True
    # A full page of a list that is not counted may not be the last one, whatever its links say.
    return came < total if total is not None else len(results) >= PAGE_SIZE


def _results(page: dict[str, t.Any], where: str) -> list[dict[str, t.Any]]:
    results = page.get("results")
    if not isinstance(results, list) or not all(isinstance(item, dict) for item in results):
        raise InvalidResponse(f"A page of {where} came without a list of results. Is base_url Atlas itself?", 200)
    return results


def _identity(item: dict[str, t.Any]) -> str:
    """What makes an item the same one on another page. An access list entry has no ID but its addresses."""
    for field in ("id", "clientId", "cidrBlock", "ipAddress", "groupId"):
        if isinstance(item.get(field), str):
            return f"{field}={item[field]}"
    return json.dumps(item, sort_keys=True)


def _total_count(page: dict[str, t.Any]) -> int | None:
    count = page.get("totalCount")
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None


def _has_next(page: dict[str, t.Any]) -> bool:
    links = page.get("links")
    return any(
        isinstance(link, dict) and link.get("rel") == "next" for link in (links if isinstance(links, list) else [])
    )
