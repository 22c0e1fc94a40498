# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What a module would change, and writes whose response may be lost."""

from __future__ import annotations

import typing as t

from dataclasses import dataclass, field

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    TransportError,
)


@dataclass
class Change:
    """What a module that changes something would do. The edge decides whether it is done.

    :param before: the state that was found, without secrets.
    :param after: the state that is wanted, in the same form. If it is equal to BEFORE, nothing is done.
    :param apply: makes the change and returns the result; called at most once, and never in check mode.
    :param planned: the result if the change is not made: in check mode, or if there is nothing to change.
    """

    before: dict[str, t.Any]
    after: dict[str, t.Any]
    apply: t.Callable[[], dict[str, t.Any]]
    planned: dict[str, t.Any] = field(default_factory=dict)

    def carry_out(self, check_mode: bool) -> dict[str, t.Any]:
        """Make the change if there is one and this is not check mode. The task's result."""
        changed = self.before != self.after
        result = self.apply() if changed and not check_mode else self.planned
        return {**result, "changed": changed, "diff": {"before": self.before, "after": self.after}}


def confirm(write: t.Callable[[], object], is_made: t.Callable[[], bool]) -> None:
    """Make a write; if its response is lost, look up whether it was made.

    :param is_made: reads what was written.
    :raises AtlasError: if it was refused, or was not made, or that is not known.
    """
    try:
        write()
    except (TransportError, InvalidResponse, APIError) as error:
        if isinstance(error, APIError) and error.status < 500:
            raise
        try:
            made = is_made()
        except AtlasError as second:
            raise AtlasError(f"{error} Whether the change was made is not known: {second}") from None
        if not made:
            raise AtlasError(f"{error} The change was not found afterwards. Run the task again.") from None
