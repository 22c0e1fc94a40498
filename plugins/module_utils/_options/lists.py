# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Lists that are given as text: a survey of AWX has no other type, and an answer may be empty."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.checked import Spec

_SEPARATOR = re.compile(r"[,\r\n]+")
_LINE_BREAK = re.compile(r"[\r\n]+")


def split_lists(argument_spec: Spec, arguments: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return arguments in which each list option is the list that is meant.

    Text is split at commas and line breaks: Ansible itself splits at commas, and keeps blanks. The items of a list are
    split at line breaks, because a block of YAML ends with one. White space around an item, and empty items, are
    dropped. Null is the default of the option, or an empty list if it is required.

    :param argument_spec: that of a module or an action.
    :param arguments: what the user gave, before Ansible validates it. Anything that is no list and no text is left to
        Ansible's validation.
    """
    found = dict(arguments)
    for option, spec in argument_spec.items():
        for name in (option, *spec.get("aliases", ())):
            if name not in found:
                continue
            if spec.get("type") == "list":
                _replace(found, name, spec)
            if "options" in spec:
                found[name] = _split_suboptions(spec["options"], found.get(name))
    return found


def _replace(arguments: dict[str, t.Any], name: str, spec: Spec) -> None:
    value = arguments[name]
    if isinstance(value, str):
        arguments[name] = _strip(_SEPARATOR.split(value)) if spec.get("elements") != "dict" else _split_dicts(value)
    elif isinstance(value, list) and spec.get("elements") != "dict":
        arguments[name] = [item for each in value for item in _split_item(each)]
    elif value is None and (spec.get("required") or spec.get("default") is not None):
        arguments[name] = list(spec.get("default") or [])


def _split_dicts(text: str) -> t.Any:
    # Only Ansible knows how dictionaries are written as text; no dictionary is an empty list.
    return text if text.strip() else []


def _split_item(item: t.Any) -> list[t.Any]:
    return _strip(_LINE_BREAK.split(item)) if isinstance(item, str) else [item]


def _strip(items: t.Iterable[str]) -> list[str]:
    return [item.strip() for item in items if item.strip()]


def _split_suboptions(argument_spec: Spec, value: t.Any) -> t.Any:
    if isinstance(value, dict):
        return split_lists(argument_spec, value)
    if isinstance(value, list):
        return [split_lists(argument_spec, item) if isinstance(item, dict) else item for item in value]
    return value
