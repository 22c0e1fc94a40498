# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The items that the emulator serves, indexed by their identifiers. It starts as the dataset and can change."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, Generic

from atlas_emulator.model import Dataset, Org
from atlas_emulator.resource import Item, Resource

MOST_CHANGES = 1000
"""How many changes lists can lag behind."""


@dataclass(frozen=True)
class Found(Generic[Item]):
    """An item and the organization that it belongs to."""

    org_id: str
    item: Item


class Table(Generic[Item]):
    """The items of one resource."""

    def __init__(self, resource: Resource[Item]) -> None:
        self._resource = resource
        self._id_name, self._id_of = next(iter(resource.identifiers.items()))
        self._indexes: dict[str, dict[str, Found[Item]]] = {name: {} for name in resource.identifiers}
        self._by_org: dict[str, dict[str, Item]] = {}
        self._lists: dict[str, Sequence[Item]] = {}
        self._history: dict[str, deque[tuple[float, Sequence[Item]]]] = {}
        self._lock = RLock()

    def load(self, org_id: str, items: Iterable[Item]) -> None:
        """Add the items of the dataset."""
        with self._lock:
            for item in items:
                self._add(org_id, item)

    def put(self, org_id: str, item: Item) -> None:
        """Add an item, or replace the one with the same ID."""
        with self._lock:
            self._remember(org_id)
            self._drop(self._id_of(item))
            self._add(org_id, item)

    def remove(self, item_id: str) -> None:
        """Remove an item if it exists."""
        with self._lock:
            found = self.find(self._id_name, item_id)
            if found is not None:
                self._remember(found.org_id)
                self._drop(item_id)

    def _remember(self, org_id: str) -> None:
        """Keep the list as it is before a change, for lists that lag behind."""
        history = self._history.setdefault(org_id, deque(maxlen=MOST_CHANGES))
        history.append((time.monotonic(), self.list(org_id)))
        del self._lists[org_id]

    def _add(self, org_id: str, item: Item) -> None:
        found = Found(org_id, item)
        for name, identify in self._resource.identifiers.items():
            self._indexes[name][identify(item)] = found
        self._by_org.setdefault(org_id, {})[self._id_of(item)] = item

    def _drop(self, item_id: str) -> None:
        found = self.find(self._id_name, item_id)
        if found is None:
            return
        for name, identify in self._resource.identifiers.items():
            del self._indexes[name][identify(found.item)]
        del self._by_org[found.org_id][item_id]

    def find(self, identifier: str, value: str) -> Found[Item] | None:
        """Return the item with that identifier, whatever its organization."""
        return self._indexes[identifier].get(value)

    def get(self, org_id: str, item_id: str) -> Item | None:
        """Return an organization's item."""
        found = self.find(self._id_name, item_id)
        return found.item if found and found.org_id == org_id else None

    def list(self, org_id: str, delay: float = 0) -> Sequence[Item]:
        """Return an organization's items, as they were `delay` seconds ago, in the order in which Atlas lists them."""
        with self._lock:
            if delay:
                since = time.monotonic() - delay
                for changed, before in self._history.get(org_id, ()):
                    if changed > since:
                        return before
            if org_id not in self._lists:
                self._lists[org_id] = self._resource.sort(list(self._by_org.get(org_id, {}).values()))
            return self._lists[org_id]


class Store:
    """The organizations and a table for each resource. Hold `lock` to read an item and change it."""

    def __init__(self, dataset: Dataset, resources: Sequence[Resource[Any]]) -> None:
        self.lock = RLock()
        self.orgs: dict[str, Org] = {org.id: org for org in dataset.orgs}
        self._tables = {resource.name: Table(resource) for resource in resources if resource.identifiers}
        for org in dataset.orgs:
            for name, items in org.items.items():
                self._tables[name].load(org.id, items)

    def table(self, resource: Resource[Item]) -> Table[Item]:
        """Return the table of a resource."""
        return self._tables[resource.name]
