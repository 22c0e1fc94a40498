# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong pages: what servers do to a list that a client reads page by page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from atlas_emulator.paging import Listing, Page
from atlas_emulator.parser import Json

Content = dict[str, Json]

CAP = 100
"""How many items a page has at most if the server caps it."""


def _ignore_page_num(page: Page, listing: Listing[Any]) -> Content:
    """Every page is the first one."""
    return listing.content(replace(page, number=1))


def _repeat(page: Page, listing: Listing[Any]) -> Content:
    """From the second on, each page has the items of the one before."""
    return listing.content(page, replace(page, number=max(1, page.number - 1)).slice())


def _never_ends(page: Page, listing: Listing[Any]) -> Content:
    """Every page is full of items that were on no page before, and there is a next one."""
    if not listing.items:
        return listing.content(page)
    contents = listing.results(slice(None))
    numbers = range((page.number - 1) * page.size, page.number * page.size)
    results = [contents[number % len(contents)] | {"id": _made_up_id(number)} for number in numbers]
    return {"links": page.links(listing.url, page.number * page.size + 1), "results": results}


def _made_up_id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:24]


def _capped(page: Page, listing: Listing[Any]) -> Content:
    """A page has at most 100 items, however many are requested, and no `self` link."""
    content = listing.content(replace(page, size=min(page.size, CAP)))
    return content | {"links": [link for link in content["links"] if link["rel"] != "self"]}


def _short(page: Page, listing: Listing[Any]) -> Content:
    """Each page has one item fewer than requested."""
    served = replace(page, size=max(1, page.size - 1))
    more = len(listing.items) > served.number * served.size
    links = page.links(listing.url, page.number * page.size + more)
    return listing.content(page, served.slice()) | {"links": links}


def _empty_page(page: Page, listing: Listing[Any]) -> Content:
    """The second page is empty; its items are on the next one."""
    if page.number == 1:
        return listing.content(page)
    served = replace(page, number=page.number - 1)
    part = slice(0) if page.number == 2 else served.slice()
    content = listing.content(page, part)
    more = len(listing.items) > (page.number - 1) * page.size
    if more and not any(link["rel"] == "next" for link in content["links"]):
        content["links"].insert(1, page.link(listing.url, "next", page.number + 1))
    return content


def _no_links(page: Page, listing: Listing[Any]) -> Content:
    """No page has links."""
    return listing.content(page) | {"links": []}


def _no_count(page: Page, listing: Listing[Any]) -> Content:
    """No page has `totalCount`."""
    return {name: value for name, value in listing.content(page).items() if name != "totalCount"}


def _no_results(page: Page, listing: Listing[Any]) -> Content:
    """No page has items; `totalCount` is true."""
    return listing.content(page, slice(0)) | {"links": []}


def _count_too_high(page: Page, listing: Listing[Any]) -> Content:
    """`totalCount` is always 10 more than there are."""
    return listing.content(page, extra=10)


def _count_changes(page: Page, listing: Listing[Any]) -> Content:
    """`totalCount` is one more on each page."""
    return listing.content(page, extra=page.number - 1)


def _item_changes(page: Page, listing: Listing[Any]) -> Content:
    """From the second page on, the last item of the page before comes again, with another description or name.

    It is what a reader sees if another item was added before it.
    """
    if page.number == 1:
        return listing.content(page)
    part = page.slice()
    content = listing.content(page, slice(part.start - 1, part.stop - 1), extra=1)
    for item in content["results"][:1]:
        item["desc" if "desc" in item else "name"] = "changed between two pages"
    return content


def _item_moves(page: Page, listing: Listing[Any]) -> Content:
    """From the second page on, the last item of the page before takes the place of the first item, which is missing."""
    if page.number == 1:
        return listing.content(page)
    part = page.slice()
    content = listing.content(page)
    if content["results"]:
        content["results"][0] = listing.results(slice(part.start - 1, part.start))[0]
    return content


def _item_removed(page: Page, listing: Listing[Any]) -> Content:
    """From the second page on, the list has lost its first item; so the item at the border is on no page."""
    if page.number == 1:
        return listing.content(page)
    part = page.slice()
    return listing.content(page, slice(part.start + 1, part.stop + 1), extra=-1)


PAGING_FAULTS: dict[str, Callable[[Page, Listing[Any]], Content]] = {
    "ignore_page_num": _ignore_page_num,
    "repeat": _repeat,
    "never_ends": _never_ends,
    "capped": _capped,
    "short": _short,
    "empty_page": _empty_page,
    "no_links": _no_links,
    "no_count": _no_count,
    "no_results": _no_results,
    "count_too_high": _count_too_high,
    "count_changes": _count_changes,
    "item_changes": _item_changes,
    "item_moves": _item_moves,
    "item_removed": _item_removed,
}
"""The faults by the names that requests to the control path use."""
