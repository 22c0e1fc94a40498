# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Options with a type of their own: what their values must be is checked before anything is sent."""

from __future__ import annotations

import typing as t

Spec = t.Mapping[str, t.Any]


class CheckedOption(dict[str, t.Any]):
    """The argument spec of an option whose values are checked.

    ``check_values`` finds it by its class, so no list of names has to be kept. Each subclass can be made without
    arguments: ansible-test copies a spec by its class alone.
    """

    def check(self, option: str, value: t.Any) -> None:
        """Refuse a value that cannot be right.

        :param option: the name of the option, for errors.
        :param value: its value, as ``AnsibleModule`` has validated it; never None.
        :raises UsageError: with the option, the value, and what may have been meant.
        """
        raise NotImplementedError


def check_values(argument_spec: Spec, params: t.Mapping[str, t.Any], parent: str = "") -> None:
    """Check the values of all options that are a ``CheckedOption``, suboptions included.

    :param parent: what precedes the name of an option in errors, as ``api_keys[1].``.
    :raises UsageError: for the first value that is wrong.
    """
    for option, spec in argument_spec.items():
        value = params.get(option)
        if value is None:
            continue
        if isinstance(spec, CheckedOption):
            spec.check(parent + option, value)
        for name, suboptions in find_suboptions(option, spec, value):
            check_values(spec["options"], suboptions, f"{parent}{name}.")


def find_suboptions(option: str, spec: Spec, value: t.Any) -> t.Iterator[tuple[str, t.Any]]:
    """Yield the suboptions in the value of an option, with their place: ``api_keys[1]``."""
    if "options" not in spec:
        return
    if spec["type"] == "dict":
        yield option, value
    else:
        yield from ((f"{option}[{number}]", item) for number, item in enumerate(value))
