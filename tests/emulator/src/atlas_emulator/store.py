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

MAX_CHANGES = 1000
"""How many changes of a table lists can lag behind."""


@dataclass(frozen=True)
class Found(Generic[Item]):
    """An item and the organization that it belongs to."""

    org_id: str
    item: Item


@dataclass(frozen=True, eq=False)
class Change(Generic[Item]):
    """What happened to an item at a monotonic `time`: it was added if `before` is None, removed if `after` is."""

    table: Table[Item]
    org_id: str
    before: Item | None
    after: Item | None
    time: float


class Table(Generic[Item]):
    """The items of one resource. Hold the store's lock to use it."""

    def __init__(self, resource: Resource[Item], changes: list[Change[Any]] | None = None) -> None:
        self.resource = resource
        self._changes: list[Change[Any]] = [] if changes is None else changes
        self._id_name, self.id_of = next(iter(resource.identifiers.items()))
        self._indexes: dict[str, dict[str, Found[Item]]] = {name: {} for name in resource.identifiers}
        self._by_org: dict[str, dict[str, Item]] = {}
        self._positions: dict[str, int] = {}
        self._lists: dict[str, Sequence[Item]] = {}
        self._history: deque[Change[Item]] = deque(maxlen=MAX_CHANGES)

    def load(self, org_id: str, items: Iterable[Item]) -> None:
        """Add the items of the dataset."""
        for item in items:
            self._replace(org_id, None, item)

    def put(self, org_id: str, item: Item) -> None:
        """Add an item, or replace the one with the same ID."""
        found = self.find(self._id_name, self.id_of(item))
        self.make(org_id, found.item if found else None, item)

    def remove(self, item_id: str) -> None:
        """Remove an item if it exists."""
        found = self.find(self._id_name, item_id)
        if found is not None:
            self.make(found.org_id, found.item, None)

    def make(self, org_id: str, before: Item | None, after: Item | None) -> None:
        """Make a change and record it."""
        change = Change(self, org_id, before, after, time.monotonic())
        self._replace(org_id, before, after)
        self._history.append(change)
        self._changes.append(change)

    def undo(self, change: Change[Item]) -> None:
        """Undo the latest change of this table; no list will ever have shown it."""
        self._history.pop()
        self._replace(change.org_id, change.after, change.before)

    def _replace(self, org_id: str, before: Item | None, after: Item | None) -> None:
        items = self._by_org.setdefault(org_id, {})
        if before is not None:
            for name, identify in self.resource.identifiers.items():
                del self._indexes[name][identify(before)]
        if after is not None:
            for name, identify in self.resource.identifiers.items():
                self._indexes[name][identify(after)] = Found(org_id, after)
            items[self.id_of(after)] = after
            self._positions.setdefault(self.id_of(after), len(self._positions))
        elif before is not None:
            del items[self.id_of(before)]
        self._lists.pop(org_id, None)

    def find(self, identifier: str, value: str) -> Found[Item] | None:
        """Return the item with that identifier, regardless of its organization."""
        return self._indexes[identifier].get(value)

    def get(self, org_id: str, item_id: str) -> Item | None:
        """Return an organization's item."""
        found = self.find(self._id_name, item_id)
        return found.item if found and found.org_id == org_id else None

    def list(self, org_id: str) -> Sequence[Item]:
        """Return an organization's items, in the order in which Atlas lists them."""
        if org_id not in self._lists:
            items = self._by_org.get(org_id, {}).values()
            in_order = sorted(items, key=lambda item: self._positions[self.id_of(item)])
            self._lists[org_id] = self.resource.sort(in_order)
        return self._lists[org_id]

    def earlier(self, seconds: float) -> Table[Item]:
        """Return the table as it was so many seconds ago."""
        if not seconds:
            return self
        table = Table(self.resource)
        table._positions = dict(self._positions)
        for org_id, items in self._by_org.items():
            table.load(org_id, items.values())
        since = time.monotonic() - seconds
        for change in reversed(self._history):
            if change.time <= since:
                break
            table._replace(change.org_id, change.after, change.before)
        return table


class Store:
    """The organizations and a table for each resource. Hold `lock` to read or change anything in it.

    `changes` has every change since the caller cleared it.
    """

    def __init__(self, dataset: Dataset, resources: Sequence[Resource[Any]]) -> None:
        self.lock = RLock()
        self.orgs: dict[str, Org] = {org.id: org for org in dataset.orgs}
        self.changes: list[Change[Any]] = []
        self.tables = {resource.name: Table(resource, self.changes) for resource in resources if resource.identifiers}
        for org in dataset.orgs:
            for name, items in org.items.items():
                self.tables[name].load(org.id, items)

    def table(self, resource: Resource[Item]) -> Table[Item]:
        """Return the table of a resource."""
        return self.tables[resource.name]

    def undo(self) -> list[Change[Any]]:
        """Undo the changes since the caller cleared them, and return them in the order in which they were made."""
        undone = list(self.changes)
        for change in reversed(undone):
            change.table.undo(change)
        self.changes.clear()
        return undone
