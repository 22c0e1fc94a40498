# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parses a YAML file into a dataset; a mistake in it is an error that names the place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from atlas_emulator.generator import Numbers, Plan
from atlas_emulator.model import Dataset, Org
from atlas_emulator.parser import Entry, EntryError, Json
from atlas_emulator.resources import RESOURCES
from atlas_emulator.resources.organizations import ORG_ID, made_up_org, made_up_org_id, parse_org
from atlas_emulator.settings import Settings, parse_settings

Items = Mapping[str, list[Any]]


class _Loader(yaml.SafeLoader):
    """YAML without the type of dates: a date stays the text that it is, as in JSON."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load(path: str | Path) -> Dataset:
    """Return the dataset of a YAML file; raise EntryError if it is wrong."""
    try:
        return read(yaml.load(Path(path).read_text(encoding="utf-8"), Loader=_Loader))
    except (OSError, UnicodeDecodeError) as error:
        raise EntryError(f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise EntryError(f"is not YAML: {' '.join(str(error).split())}") from error


def read(data: Json) -> Dataset:
    """Return the dataset that plain data describes; raise EntryError if it is wrong."""
    top = Entry("dataset", data)
    numbers = Numbers()
    settings = parse_settings(top.entry("settings"), Settings())
    orgs = [_parse_org(entry, numbers) for entry in top.entries("orgs")]
    if "generate_orgs" in top:
        orgs += _generate_orgs(top.entry("generate_orgs"), numbers)
    top.finish()
    _check_unique(orgs)
    return Dataset(tuple(orgs), settings)


def _parse_org(entry: Entry, numbers: Numbers) -> Org:
    org_id = entry.text("id", pattern=ORG_ID)
    items: defaultdict[str, list[Any]] = defaultdict(list)
    for resource in RESOURCES:
        items[resource.name] += resource.parse(entry, org_id)
    if "generate" in entry:
        counts = entry.entry("generate")
        for name, made_up in _generate(counts, org_id, numbers, {}).items():
            items[name] += made_up
        counts.finish()
    org = parse_org(entry, _sorted(items))
    entry.finish()
    return org


def _generate_orgs(entry: Entry, numbers: Numbers) -> list[Org]:
    """Return generated organizations. Each has a service account, because that is how many people authenticate."""
    how_many = entry.whole("orgs", least=1)
    entry.whole("api_keys", least=1)
    orgs = []
    for _org in range(how_many):
        number = numbers.next("organization")
        items = _generate(entry, made_up_org_id(number), numbers, {"service_accounts": 1})
        orgs.append(made_up_org(number, _sorted(items)))
    entry.finish()
    return orgs


def _generate(entry: Entry, org_id: str, numbers: Numbers, defaults: Mapping[str, int]) -> Items:
    """Return the items that an organization gets; `defaults` take precedence over those of the resources."""
    counts = {name: count for resource in RESOURCES for name, count in resource.counts.items()} | dict(defaults)
    plan = Plan(org_id, {name: entry.whole(name, count) for name, count in counts.items()}, numbers)
    for resource in RESOURCES:
        resource.generate(plan)
    return plan.items


def _sorted(items: Items) -> dict[str, tuple[Any, ...]]:
    """Return the items of every resource that has any identifiers, in the order in which Atlas lists them."""
    return {
        resource.name: tuple(resource.sort(items.get(resource.name, [])))
        for resource in RESOURCES
        if resource.identifiers
    }


def _check_unique(orgs: list[Org]) -> None:
    """Refuse two items with the same identifier."""
    _check_once("organization", (org.id for org in orgs))
    for resource in RESOURCES:
        for name, identify in resource.identifiers.items():
            _check_once(name, (identify(item) for org in orgs for item in org.items[resource.name]))


def _check_once(kind: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise EntryError(f"dataset: {kind} {value} is there twice")
        seen.add(value)
