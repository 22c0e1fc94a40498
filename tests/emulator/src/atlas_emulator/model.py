# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dataset holds: organizations with the items of every resource. It never changes; the store does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from atlas_emulator.parser import Json
from atlas_emulator.settings import Settings


@dataclass(frozen=True)
class Org:
    """An organization and its items by the name of their resource, which is an attribute too: `org.api_keys`."""

    id: str
    name: str
    is_deleted: bool = False
    requires_access_list: bool = False
    skip_default_alerts_settings: bool = False
    fields: dict[str, Json] = field(default_factory=dict)
    items: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        items = self.__dict__.get("items", {})
        if name not in items:
            raise AttributeError(name)
        return items[name]


@dataclass(frozen=True)
class Dataset:
    """The organizations and settings with which the emulator starts."""

    orgs: tuple[Org, ...]
    settings: Settings = Settings()
