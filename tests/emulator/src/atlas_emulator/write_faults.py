# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes that do or say something other than what they were asked for. Nothing here knows a resource."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from flask import Response, g, request

from atlas_emulator.alterations import alter, do_half, halve, remove_another_element
from atlas_emulator.errors import APIError
from atlas_emulator.parser import Json

if TYPE_CHECKING:  # the state, which they use, has the faults
    from atlas_emulator.call import Call
    from atlas_emulator.store import Change


class WriteFault(Protocol):
    """What a fault tells about a write; see the README."""

    does: str | None
    says: str
    instead: dict[str, Json]

    def response(self) -> Response | None:
        """Return a response of its own."""


class Write:
    """A write under way, which can be done, undone and done in another way. Hold the store's lock.

    :param view: does it
    :param read: returns the response to a GET of a path, sent by the same caller
    """

    def __init__(self, call: Call, view: Callable[[], Response], read: Callable[[str], Response]) -> None:
        self.call = call
        self.read = read
        self.made: Sequence[Change[Any]] = ()
        self._view = view

    def do(self, body: Json = None) -> Response:
        """Do it, with another body if one is given; or do nothing and raise what the view raises."""
        store = self.call.state.store
        store.changes.clear()
        self.call.identities.rewind()
        self.call.replace_body(body)
        done = False
        try:
            response = self._view()
            done = True
        finally:
            if not done:
                store.undo()
        self.made = self.without_records(store.changes)
        return response

    def undo(self) -> list[Change[Any]]:
        """Undo what was done, and return it without the events."""
        return self.without_records(self.call.state.store.undo())

    @staticmethod
    def without_records(changes: Sequence[Change[Any]]) -> list[Change[Any]]:
        """Return the changes of anything but records of changes."""
        return [change for change in changes if not change.table.resource.is_record]


@dataclass
class Outcome:
    """The responses to a write: one claims that all was done, and one shows what was done (None: a GET shows it)."""

    claim: Response
    truth: Response | None = None


def perform(write: Write, fault: WriteFault | None) -> Response:
    """Do a write, or what a fault makes of it, and return the response."""
    if fault is None or fault.does is None:
        return write.do()
    outcome = DOES[fault.does](write, fault)
    return fault.response() or SAYS[fault.says](write, outcome)


def _do_all(write: Write, fault: WriteFault) -> Outcome:
    """It is done."""
    claim = write.do()
    return Outcome(claim, claim)


def _do_nothing(write: Write, fault: WriteFault) -> Outcome:
    """Nothing is done."""
    claim = write.do()
    write.undo()
    return Outcome(claim)


def _do_half(write: Write, fault: WriteFault) -> Outcome:
    """Half of it is done. What is created has the first half of its lists."""
    claim = write.do()
    changes = write.undo()
    if any(change.before is None for change in changes):
        return Outcome(claim, write.do(halve(write.call.json())))
    for change in changes:
        change.table.make(change.org_id, change.before, do_half(change.before, change.after))
    return Outcome(claim)


def _do_something_else(write: Write, fault: WriteFault) -> Outcome:
    """Other values are stored, or another one is deleted."""
    claim = write.do()
    changes = write.undo()
    if request.method != "DELETE":
        return Outcome(claim, write.do(alter(write.call.json(), fault.instead)))
    for change in changes:
        _delete_another(write.call, change)
    return Outcome(claim)


def _delete_another(call: Call, change: Change[Any]) -> None:
    if change.after is not None:
        after = remove_another_element(change.before, change.after)
        change.table.make(change.org_id, change.before, after)
        return
    others = [item for item in change.table.list(change.org_id) if not _is(change, item) and not call.is_caller(item)]
    if others:
        change.table.make(change.org_id, others[0], None)


def _is(change: Change[Any], item: Any) -> bool:
    """Return whether an item is the one that was changed."""
    id_of = change.table.id_of
    return id_of(item) == id_of(change.before if change.after is None else change.after)


DOES: dict[str, Callable[[Write, WriteFault], Outcome]] = {
    "all": _do_all,
    "nothing": _do_nothing,
    "half": _do_half,
    "something_else": _do_something_else,
}
"""What a write does, by the names that requests to the control path use."""


def _claim(write: Write, outcome: Outcome) -> Response:
    """The response says that all was done."""
    return outcome.claim


def _truth(write: Write, outcome: Outcome) -> Response:
    """The response shows what is there: after a creation, or where nothing can be shown, an empty object."""
    if outcome.truth is not None or not outcome.claim.data:
        return outcome.truth or outcome.claim
    claimed = json.loads(outcome.claim.data)
    shown = (_read(write, path) for path in _own_paths(claimed))
    found: Json = next((one for one in shown if one is not None and ("results" in one) == ("results" in claimed)), {})
    return _with_body(outcome.claim, found)


def _own_paths(claimed: dict[str, Json]) -> Iterator[str]:
    """Yield the paths at which what was written may be: that of the request, without its verb, and its own link."""
    yield request.path
    yield re.sub(":[a-z]+$", "", request.path)
    for link in claimed.get("links", [])[:1]:
        yield urlsplit(link["href"]).path


def _half_a_body(write: Write, outcome: Outcome) -> Response:
    """The response is complete HTTP, and its body ends in the middle."""
    outcome.claim.data = outcome.claim.data[: len(outcome.claim.data) // 2]
    return outcome.claim


def _another(write: Write, outcome: Outcome) -> Response:
    """The response shows another resource of the same kind, or if there is none, one that does not exist."""
    if not outcome.claim.data or not write.made:
        return outcome.claim
    change = write.made[0]
    own_id = change.table.id_of(change.before if change.after is None else change.after)
    other = next((item for item in change.table.list(change.org_id) if not _is(change, item)), None)
    shown = None
    if other is not None:
        other_id = change.table.id_of(other)
        path = request.path
        shown = _read(write, path.replace(own_id, other_id) if own_id in path else f"{path}/{other_id}")
    if shown is None:
        shown = json.loads(_rename(outcome.claim.data.decode(), change, other))
    return _with_body(outcome.claim, shown)


def _rename(text: str, change: Change[Any], other: Any) -> str:
    """Return a body with the identifiers of another item; all others that are not in the path are unknown ones."""
    if other is not None:
        for identify in change.table.resource.identifiers.values():
            text = text.replace(identify(change.after), identify(other))
    known = set(re.findall("[a-f0-9]{24}", request.path + (change.table.id_of(other) if other else "")))
    return re.sub("[a-f0-9]{24}", lambda found: found[0] if found[0] in known else found[0][:8] + found[0][:7:-1], text)


SAYS: dict[str, Callable[[Write, Outcome], Response]] = {
    "claim": _claim,
    "truth": _truth,
    "half": _half_a_body,
    "another": _another,
}
"""What the response says, by the names that requests to the control path use."""


def _read(write: Write, path: str) -> Json:
    """Return what a GET of a path shows, or None if it shows nothing."""
    url = g.url
    g.url = request.host_url.rstrip("/") + path
    try:
        return json.loads(write.read(path).data)
    except APIError:
        return None
    finally:
        g.url = url


def _with_body(response: Response, content: Json) -> Response:
    response.data = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
    return response
