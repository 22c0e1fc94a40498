# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources of the Administration API, one in each file: model, parser, generator, serializer and routes."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from atlas_emulator.resource import Resource


def discover() -> Iterator[Resource[Any]]:
    """Import every file of this folder and yield its resource."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        resource = getattr(import_module(f"{__name__}.{module.name}"), "RESOURCE", None)
        assert isinstance(resource, Resource), f"{module.name}.py defines no RESOURCE"
        yield resource


RESOURCES: tuple[Resource[Any], ...] = tuple(discover())
