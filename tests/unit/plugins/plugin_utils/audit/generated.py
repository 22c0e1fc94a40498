# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Generated input: organizations of which any part is replaced by anything."""

from __future__ import annotations

import datetime
import functools
import typing as t

from hypothesis import strategies as st

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(datetime.date(2026, 1, 1)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


Path = tuple[t.Any, ...]


def paths(value: t.Any, before: Path = ()) -> list[Path]:
    """Where all parts of a structure are."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [before, *(path for name, part in parts for path in paths(part, (*before, name)))]


def replaced(value: t.Any, path: Path, part: t.Any) -> t.Any:
    """A copy with another part at the path, if there is such a path."""
    if not path:
        return part
    name, *rest = path
    if isinstance(value, dict):
        return {**value, name: replaced(value[name], tuple(rest), part)} if name in value else value
    if isinstance(value, list) and isinstance(name, int):
        return [
            replaced(element, tuple(rest), part) if place == name else element for place, element in enumerate(value)
        ]
    return value


def altered(value: t.Any) -> st.SearchStrategy[t.Any]:
    """The same, with anything at all in place of some of its parts."""
    changes = st.lists(st.tuples(st.sampled_from(paths(value)), anything), min_size=1, max_size=3)
    return changes.map(lambda chosen: functools.reduce(lambda done, change: replaced(done, *change), chosen, value))
