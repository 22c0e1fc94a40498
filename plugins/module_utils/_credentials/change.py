# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What a module would change, writes whose response may be lost, and looks at what was really changed."""

from __future__ import annotations

import contextlib
import time
import typing as t

from dataclasses import dataclass, field

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    TransportError,
)

# How often, and how many seconds apart, a change is looked for that is not visible yet. How soon Atlas shows a change,
# in a list above all, is not known.
MAX_LOOKS, LOOK_AGAIN_AFTER = 5, 1.0

State = dict[str, t.Any]
Seen = t.TypeVar("Seen")


class Done(t.NamedTuple):
    """What a change has really done.

    :param result: the task's result.
    :param after: the state that Atlas returned or that was read back, in the form of ``Change.before``.
    :param credential: Atlas' response with what was created, for whoever creates many.
    :param undo: deletes what was created, and the file with its secret, because of an error; says so in that error, or
        raises another one.
    """

    result: State
    after: State
    credential: State | None = None
    undo: t.Callable[[BaseException], None] | None = None


class Verdict(t.NamedTuple):
    """What is to be said about a state that was read back.

    :param failure: why the task fails, as sentences; empty if it does not.
    """

    done: Done
    failure: str = ""


@dataclass
class Change:
    """What a module that changes something would do. The edge decides whether it is done.

    :param before: the state that was found, without secrets.
    :param after: the state that is wanted, in the same form. If it is equal to ``before``, nothing is done.
    :param apply: makes the change and reads it back; called at most once, and never in check mode.
    :param planned: the result if the change is not made: in check mode, or if there is nothing to change.
    :param judge: compares a credential that was read later with what was asked for, for whoever changes many.
    """

    before: State
    after: State
    apply: t.Callable[[], Done]
    planned: State = field(default_factory=dict)
    judge: t.Callable[[State], Verdict] | None = None

    @property
    def needed(self) -> bool:
        """Return whether the state that was found differs from the one that is wanted."""
        return self.before != self.after

    def carry_out(self, check_mode: bool) -> State:
        """Make the change if it is needed and this is not check mode, and return the task's result.

        ``changed`` and ``diff`` tell what was read back, not what was planned.
        """
        done = self.apply() if self.needed and not check_mode else Done(self.planned, self.after)
        return {
            **done.result,
            "changed": self.before != done.after,
            "diff": {"before": self.before, "after": done.after},
        }


def settle(read: t.Callable[[], Seen], is_settled: t.Callable[[Seen], bool], looks: int = MAX_LOOKS) -> Seen:
    """Return what was read last: once it is as wanted, or after a bounded number of looks.

    :param read: reads the state.
    :param is_settled: whether the state is the one that is waited for.
    :param looks: how many there are at most.
    """
    for look in range(looks):
        if look:
            time.sleep(LOOK_AGAIN_AFTER)
        seen = read()
        if is_settled(seen):
            break
    return seen


@contextlib.contextmanager
def reading_back() -> t.Iterator[None]:
    """Tell with an error that comes after an accepted write that the task has changed something, as far as it knows."""
    try:
        yield
    except AtlasError as error:
        error.keep(changed=True)
        error.amend(f"{error} Atlas has accepted the change before; what became of it could not be read.")
        raise


def is_lost(error: BaseException) -> bool:
    """Return whether a write that failed with this error may have been made.

    An error in a response with a status of success contradicts itself.
    """
    if isinstance(error, APIError):
        return not 400 <= error.status < 500 or error.status == 408
    return isinstance(error, (TransportError, InvalidResponse))


def confirm(write: t.Callable[[], object], is_made: t.Callable[[], bool]) -> None:
    """Make a write; if its response is lost, look up whether it was made.

    :param is_made: reads what was written.
    :raises AtlasError: if it was refused, or was not made, or that is not known.
    """
    try:
        write()
    except AtlasError as error:
        if not is_lost(error):
            raise
        try:
            made = settle(is_made, bool)
        except AtlasError as second:
            raise AtlasError(f"{error} Whether the change was made is not known: {second}") from None
        if not made:
            raise AtlasError(f"{error} The change was not found afterwards. Run the task again.") from None
