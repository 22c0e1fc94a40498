# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource is made of. Each file in `resources` defines one, and nothing else has to name it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask import Response

from atlas_emulator.generator import Plan
from atlas_emulator.parser import Entry
from atlas_emulator.rate_limits import Limit
from atlas_emulator.versions import FIRST

Item = TypeVar("Item")


@dataclass(frozen=True)
class Route:
    """A path below the API's prefix, and how requests to it are handled.

    `view` gets the Call and the path's parameters. `limit` is the rate limit, None if there is no resource. `version`
    is the resource's version in v2. `query` names the operation's own query parameters. Of an `exclusive` one, a second
    request to the same path is refused while the first one is under way.
    """

    path: str
    view: Callable[..., Response]
    limit: Limit | None
    methods: tuple[str, ...] = ("GET",)
    version: str = FIRST
    query: tuple[str, ...] = ()
    exclusive: bool = False

    @property
    def template(self) -> str:
        """The path as the reference writes it."""
        names = {"org_id": "orgId", "project_id": "groupId", "key_id": "apiUserId", "client_id": "clientId"}
        names |= {"name": "ipAddress", "secret_id": "secretId", "set_id": "endpointSetId"}
        return re.sub("<(?:path:)?([a-z_]+)>", lambda found: f"{{{names.get(found[1], found[1])}}}", self.path)


def _parse_nothing(entry: Entry, org_id: str) -> list[Any]:
    return []


def _generate_nothing(plan: Plan) -> None:
    return None


@dataclass(frozen=True)
class Resource(Generic[Item]):
    """A resource: how its items are read from a dataset, made up, found, sorted and served.

    `parse` reads an organization's entry. `counts` has the names that `generate:` takes in a dataset, with their
    defaults. `identifiers` has the names of what makes an item unique; the first one is its ID.
    `is_record`: its items are records of what happened to others.
    """

    name: str
    routes: tuple[Route, ...] = ()
    parse: Callable[[Entry, str], list[Item]] = _parse_nothing
    generate: Callable[[Plan], None] = _generate_nothing
    counts: Mapping[str, int] = field(default_factory=dict)
    identifiers: Mapping[str, Callable[[Item], str]] = field(default_factory=dict)
    sort_key: Callable[[Item], str] | None = None
    descending: bool = False
    is_record: bool = False

    def sort(self, items: list[Item]) -> list[Item]:
        """Return the items in the order in which Atlas lists them."""
        if self.sort_key is None:
            return items
        if self.descending:  # of items with the same key the newest is the first
            return sorted(items, key=self.sort_key)[::-1]
        return sorted(items, key=self.sort_key)
