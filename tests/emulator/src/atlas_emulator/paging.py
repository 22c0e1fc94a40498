# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a list: which part was requested, and the links to the other parts (reference)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from atlas_emulator.errors import BadQuery
from atlas_emulator.parser import Json

MAX_ITEMS = 500

Item = TypeVar("Item")

Serializer = Callable[[Item, str], Json]
"""Serializes an item of a list, given the list's address."""


def parse_flag(query: Mapping[str, str], name: str, default: bool) -> bool:
    """Return true or false from the query. How Atlas reads other spellings is not known; here they are errors."""
    text = query.get(name)
    if text is None:
        return default
    if text not in ("true", "false"):
        raise BadQuery(name, f"true or false is needed, not {text}")
    return text == "true"


def _parse_number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not re.fullmatch("[0-9]{1,9}", text) or not 1 <= int(text) <= most:
        raise BadQuery(name, f"a number from 1 to {most} is needed, not {text}")
    return int(text)


@dataclass(frozen=True)
class Page:
    """The requested part of a list; pages are numbered from 1.

    `counted` is None if the list has no `includeCount`. `own` has the operation's own query parameters.
    """

    number: int
    size: int
    counted: bool | None
    own: tuple[tuple[str, str], ...] = ()

    @classmethod
    def requested(cls, query: MultiDict[str, str], include_count: bool, own: Sequence[str]) -> Page:
        """Return the page that a query asks for.

        :param include_count: whether the list has the parameter `includeCount`
        :param own: the names of the operation's own parameters
        """
        return cls(
            number=_parse_number(query, "pageNum", 1, most=999_999_999),
            size=_parse_number(query, "itemsPerPage", 100, most=MAX_ITEMS),
            counted=parse_flag(query, "includeCount", True) if include_count else None,
            own=tuple((name, value) for name in own for value in query.getlist(name)),
        )

    def slice(self) -> slice:
        """Return the positions of this page's items in the whole list."""
        return slice((self.number - 1) * self.size, self.number * self.size)

    def links(self, url: str, total: int) -> list[Json]:
        """Return the links to this page and its neighbors; without a count there is no `next` (wire)."""
        links = [self.link(url, "self", self.number)]
        if self.counted is not False and self.number * self.size < total:
            links.append(self.link(url, "next", self.number + 1))
        if self.number > 1:
            links.append(self.link(url, "previous", self.number - 1))
        return links

    def link(self, url: str, rel: str, number: int) -> Json:
        """Return a link to a page of the same size. It repeats the operation's own parameters (wire)."""
        own = f"{urlencode(self.own)}&" if self.own else ""
        counted = "" if self.counted is None else f"includeCount={'true' if self.counted else 'false'}&"
        return {"href": f"{url}?{own}{counted}pageNum={number}&itemsPerPage={self.size}", "rel": rel}


@dataclass(frozen=True)
class Listing(Generic[Item]):
    """A whole list, its address and its serializer."""

    url: str
    items: Sequence[Item]
    serialize: Serializer[Item]

    def results(self, part: slice) -> list[Json]:
        """Return the serialized items of a part of the list."""
        return [self.serialize(item, self.url) for item in self.items[part]]

    def content(self, page: Page, part: slice | None = None, extra: int = 0) -> dict[str, Json]:
        """Return the content of a page. Faults give it other items than its own, and `extra` more in the count.

        Without `includeCount` the count is 0 (wire).
        """
        return {
            "links": page.links(self.url, len(self.items) + extra),
            "results": self.results(part or page.slice()),
            "totalCount": 0 if page.counted is False else len(self.items) + extra,
        }
