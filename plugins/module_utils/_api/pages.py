# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Lists in pages, and whether a list is complete."""

from __future__ import annotations

import json
import typing as t

from dataclasses import dataclass

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, InvalidResponse

# The most items that Atlas puts on a page (reference), and the most pages that are read: 100,000 items.
PAGE_SIZE = 500
_MAX_PAGES = 200

# So many pages in a row without a new item end the reading: one alone may be empty in the middle of a list.
_MAX_PAGES_WITHOUT_NEWS = 2

# The page of a number, with at most so many items.
ReadPage = t.Callable[[int, int], "dict[str, t.Any]"]

Items = list[dict[str, t.Any]]


@dataclass(frozen=True)
class Listing:
    """The items of a list, each once.

    :param problem: why these may not be all, as a sentence; None if Atlas' own count says that they are.
    """

    items: Items
    problem: str | None = None

    @property
    def complete(self) -> bool:
        """Whether these are all items."""
        return self.problem is None

    def convert(self, function: t.Callable[[dict[str, t.Any]], dict[str, t.Any]]) -> Listing:
        """Return the same list with FUNCTION of each item."""
        return Listing([function(item) for item in self.items], self.problem)

    def require_complete(self, uncertain: str) -> Items:
        """Return the items, for a task that must know them all.

        :param uncertain: what is not known otherwise, for the message: ``which API keys exist``.
        :raises AtlasError: if some may be missing.
        """
        if self.problem:
            raise AtlasError(f"{self.problem} So it is not certain {uncertain}. Run the task again.")
        return self.items


def read_pages(read_page: ReadPage, where: str, is_enough: t.Callable[[Items], bool] | None = None) -> Listing:
    """Read all pages of a list once.

    Reading goes on while there is a link to a next page, or while fewer items have been received than ``totalCount``
    says, or after a full page if it says nothing. Atlas calls that count an estimate (reference), so a difference is
    reported, and is not an error.

    :param read_page: reads one page, numbered from 1.
    :param where: the path of the list, for errors.
    :param is_enough: whether the items that have come are more than is needed. The result is not complete then.
    :returns: the items. ``problem`` is the part of a sentence.
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
            return Listing(list(items.values()), "reading stopped when there was enough")
        count = _total_count(page, len(items))
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
    return Listing(list(items.values()), _problem(page, len(items), total, changed))


def _problem(page: dict[str, t.Any], received: int, total: int | None, changed: bool) -> str | None:
    """Return why a list of which PAGE was the last may be incomplete."""
    if total is not None and received < total:
        return f"received {received} of {total} items"
    if total is None and _has_next(page):
        return f"received {received} items, and the last page links to a next one that contains nothing new"
    if changed:
        counted = "without a count" if total is None else f"of {total}"
        return f"it changed while it was read, received {received} items {counted}"
    return None


def _more_to_come(page: dict[str, t.Any], results: list[dict[str, t.Any]], received: int, total: int | None) -> bool:
    if _has_next(page):
        return True
    # A full page of a list that is not counted may not be the last one, regardless of its links.
    return received < total if total is not None else len(results) >= PAGE_SIZE


def _results(page: dict[str, t.Any], where: str) -> list[dict[str, t.Any]]:
    results = page.get("results")
    if not isinstance(results, list) or not all(isinstance(item, dict) for item in results):
        raise InvalidResponse(f"A page of {where} came without a list of results. Is base_url Atlas itself?", 200)
    return results


def _identity(item: dict[str, t.Any]) -> str:
    """Return what identifies an item on every page. An access list entry has no ID but its addresses."""
    for field in ("id", "clientId", "cidrBlock", "ipAddress", "groupId"):
        if isinstance(item.get(field), str):
            return f"{field}={item[field]}"
    return json.dumps(item, sort_keys=True)


def _total_count(page: dict[str, t.Any], received: int) -> int | None:
    """Return how many items there are in all; None if the page does not say.

    A count below what has been received is none: it is 0 on each page of a list that Atlas did not count (recorded).
    """
    count = page.get("totalCount")
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= received else None


def _has_next(page: dict[str, t.Any]) -> bool:
    links = page.get("links")
    return any(
        isinstance(link, dict) and link.get("rel") == "next" for link in (links if isinstance(links, list) else [])
    )
