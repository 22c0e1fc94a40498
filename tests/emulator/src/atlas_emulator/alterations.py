# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a faulty server makes of a request's body or of the change that a request asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from ipaddress import ip_network
from typing import Any

from atlas_emulator.parser import Json
from atlas_emulator.roles import ORG_ROLES, PROJECT_ROLES


def alter(body: Json, instead: Mapping[str, Json]) -> Json:
    """Return a body that asks for something else, and is valid if the given one is.

    :param instead: the fields that replace those of the body, or of each element of an array; None removes a field.
        Without it, every field that is known here gets another value.
    """
    if isinstance(body, list):
        return [alter(element, instead) for element in body]
    altered = body | instead if instead else _alter_known(body)
    return {name: value for name, value in altered.items() if value is not None or name not in instead}


def _alter_known(body: dict[str, Json]) -> dict[str, Json]:
    altered = {name: _ALTERATIONS.get(name, _keep)(value) for name, value in body.items()}
    if "ipAddress" in altered:
        altered["cidrBlock"] = altered.pop("ipAddress")
    if altered.pop("withoutInitialSecret", None):
        altered["secretExpiresAfterHours"] = 8
    return altered


def _keep(value: Json) -> Json:
    return value


def _other_roles(names: Sequence[str]) -> list[str]:
    """Return one role of the same scope that was not asked for, the widest one if possible."""
    known = PROJECT_ROLES if names[0].startswith("GROUP_") else ORG_ROLES
    return [next(name for name in known if name not in names)]


def _other_text(text: str | None) -> str:
    """Return a text without its last character, or a longer one if there is only one."""
    return (text or "")[:-1].strip() or "something else"


def _other_network(address: str) -> str:
    """Return the block of twice the size, or half of everything."""
    network = ip_network(address, strict=False)
    return str(network.supernet() if network.prefixlen else next(iter(network.subnets())))


def _other_hours(hours: int) -> int:
    return 8 if hours != 8 else 9


_ALTERATIONS: dict[str, Callable[[Any], Json]] = {
    "roles": _other_roles,
    "desc": _other_text,
    "name": _other_text,
    "description": _other_text,
    "ipAddress": _other_network,
    "cidrBlock": _other_network,
    "secretExpiresAfterHours": _other_hours,
}


def halve(body: Json) -> Json:
    """Return a body with the first half of each of its lists, rounded up."""
    if isinstance(body, list):
        return body[: (len(body) + 1) // 2]
    return {name: halve(value) if isinstance(value, list) else value for name, value in body.items()}


Part = Callable[[Any], Any]
"""A part of a change: makes it to an item and returns the changed item."""


def do_half(before: Any, after: Any) -> Any:
    """Return an item after the first half of the parts of its change, rounded down: of a single part, nothing is done.

    The parts are the fields that change, and in lists such as roles, secrets and access lists each element that
    changes, is added or is removed, in this order. A removal of the item removes its parts first.
    """
    if after is None:
        emptied = {name: () for name in _names(before) if isinstance(getattr(before, name), tuple)}
        parts = [*_parts(before, replace(before, **emptied)), _remove]
    else:
        parts = list(_parts(before, after))
    item = before
    for part in parts[: len(parts) // 2]:
        item = part(item)
    return item


def _parts(before: Any, after: Any) -> Iterator[Part]:
    for name in _names(before):
        old, new = getattr(before, name), getattr(after, name)
        if isinstance(old, tuple):
            yield from _element_parts(name, old, new)
        elif old != new:
            yield partial(_set, name, new)


def _element_parts(name: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Part]:
    by_key, kept = {_key(element): element for element in old}, {_key(element) for element in new}
    yield from (partial(_swap, name, one) for one in new if by_key.get(_key(one), one) != one)
    yield from (partial(_add, name, one) for one in new if _key(one) not in by_key)
    yield from (partial(_drop, name, one) for one in old if _key(one) not in kept)


def _names(item: Any) -> list[str]:
    return [field.name for field in fields(item)]


def _key(element: Any) -> Any:
    """Return what identifies an element of a list."""
    return getattr(element, "id", getattr(element, "network", element))


def _remove(item: Any) -> None:
    return None


def _set(name: str, value: Any, item: Any) -> Any:
    return replace(item, **{name: value})


def _swap(name: str, new: Any, item: Any) -> Any:
    return _set(name, tuple(new if _key(one) == _key(new) else one for one in getattr(item, name)), item)


def _add(name: str, new: Any, item: Any) -> Any:
    return _set(name, (*getattr(item, name), new), item)


def _drop(name: str, old: Any, item: Any) -> Any:
    return _set(name, tuple(one for one in getattr(item, name) if one != old), item)


def remove_another_element(before: Any, after: Any) -> Any:
    """Return an item that lost another element of the list that lost one; unchanged if there is no other one."""
    for name in _names(before):
        old, new = getattr(before, name), getattr(after, name)
        if isinstance(old, tuple) and 0 < len(new) < len(old):
            return _drop(name, new[0], before)
    return before
