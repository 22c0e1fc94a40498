# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of a list: which part was requested, and the links to the other parts (reference)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from atlas_emulator.errors import BadQuery
from atlas_emulator.parser import Json

MOST_ITEMS = 500


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
    """The requested part of a list; pages are numbered from 1."""

    number: int
    size: int
    counted: bool

    @classmethod
    def requested(cls, query: Mapping[str, str]) -> Page:
        """Return the page that a query asks for."""
        return cls(
            number=_parse_number(query, "pageNum", 1, most=999_999_999),
            size=_parse_number(query, "itemsPerPage", 100, most=MOST_ITEMS),
            counted=parse_flag(query, "includeCount", True),
        )

    def slice(self) -> slice:
        """Return the positions of this page's items in the whole list."""
        return slice((self.number - 1) * self.size, self.number * self.size)

    def links(self, url: str, total: int) -> list[Json]:
        """Return the links to this page and its neighbors."""
        links = [self._link(url, "self", self.number)]
        if self.number * self.size < total:
            links.append(self._link(url, "next", self.number + 1))
        if self.number > 1:
            links.append(self._link(url, "previous", self.number - 1))
        return links

    def _link(self, url: str, rel: str, number: int) -> Json:
        counted = "true" if self.counted else "false"
        return {"href": f"{url}?includeCount={counted}&pageNum={number}&itemsPerPage={self.size}", "rel": rel}
