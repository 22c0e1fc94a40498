# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The access list of a credential: entries are added and seen to be there before others are removed."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import (
    Network,
    covers,
    find_covering,
    networks_of,
    newly_open,
    parse_entry,
    sort_networks,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import (
    Change,
    Done,
    confirm,
    reading_back,
    settle,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Kind,
    Params,
    check_own,
    get_if_exists,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import (
    NetworkListOption,
    parse_networks,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

# The options of each module that changes an access list.
ENTRIES_OPTIONS: dict[str, dict[str, t.Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "entries": NetworkListOption(required=True),
    "purge": {"type": "bool", "default": False},
    "allow_empty": {"type": "bool", "default": False},
    "allow_anywhere": {"type": "bool", "default": False},
    "allow_self": {"type": "bool", "default": False},
}

# Days before the newest use of a credential in which another address was the caller's, possibly: several hosts may use
# the same credential.
_RECENT_DAYS = 30

# What an entry lets in; its text if that cannot be parsed. Such an entry is never compared, only kept or removed.
Address = t.Union[Network, str]

# The entries of an access list, as Atlas returned them.
Entries = dict[Address, dict[str, t.Any]]


def plan(kind: Kind, params: Params) -> Change:
    """Return the change of an access list.

    :param params: ``state``, ``entries``, ``purge`` and what is allowed.
    :raises UsageError: for an entry that is none, or a change that needs an option to be allowed.
    """
    given = parse_networks("entries", params["entries"])
    absent = params["state"] == "absent"
    if absent and params["purge"]:
        raise UsageError("purge is true with state: absent. purge makes the list exactly entries, with state: present.")
    org_id, identifier = params["org_id"], params[kind.words.id_option]
    try:
        entries = read(kind, org_id, identifier)
    except APIError as error:
        # The 404 may be about the list, as with a wrong api_version.
        if absent and kind.is_missing(error) and get_if_exists(kind, org_id, identifier) is None:
            return Change({}, {}, lambda: Done({}, {}), planned={"access_list": []})
        raise
    before = set(entries)
    after: set[Address] = before - given if absent else set(given) if params["purge"] else before | given
    if after != before:
        check_size(kind, before | after)
        _check(kind, params, entries, after)
    if absent:
        _warn_of_wider(kind, identifier, given, after)
    task = _Task(kind, org_id, identifier, entries, ordered(after - before), _removals(kind, entries, before - after))
    planned = [entries.get(each) or {"cidrBlock": str(each)} for each in ordered(after)]
    return Change(
        _state(before),
        _state(after),
        task.carry_out,
        planned={"access_list": [to_snake_case(each) for each in planned]},
    )


def read(kind: Kind, org_id: str, identifier: str) -> Entries:
    """Return the entries as they are now.

    :raises AtlasError: if some may be missing.
    """
    listing = kind.list_entries(org_id, identifier)
    return _by_address(listing.require_complete("what would change"))


def add(kind: Kind, org_id: str, identifier: str, networks: t.Sequence[Network], *, see: bool) -> Entries:
    """Add entries, and return the whole list once all of them are seen there.

    :param see: whether to read the list although the response shows them.
    :raises AtlasError: if Atlas refuses them, or they cannot be seen within a bounded time.
    """
    wanted = set(networks)
    responses: list[dict[str, t.Any]] = []

    def are_there() -> bool:
        return wanted <= read(kind, org_id, identifier).keys()

    try:
        confirm(lambda: responses.append(kind.add_entries(org_id, identifier, networks)), are_there)
    except APIError as error:
        # 409: another task was faster. What Atlas answers for an entry that exists is not known.
        if error.status != 409 or not are_there():
            raise
    returned = _returned(responses)
    if wanted <= returned.keys() and not see:
        return returned
    with reading_back():
        found = settle(lambda: read(kind, org_id, identifier), lambda entries: wanted <= entries.keys())
    if missing := wanted - found.keys():
        raise AtlasError(
            f"Atlas accepted the entries {join(networks)}, and the access list does not contain {join(missing)}; it"
            f" contains {join(found) or 'nothing'}."
        )
    return found


def ordered(addresses: t.Iterable[Address]) -> list[t.Any]:
    """Return addresses in an order that does not depend on Atlas."""
    addresses = list(addresses)
    return [*sort_networks(networks_of(addresses)), *sorted(each for each in addresses if isinstance(each, str))]


def join(addresses: t.Iterable[Address]) -> str:
    """Return addresses for a message."""
    return ", ".join(shown(each) if isinstance(each, str) else str(each) for each in ordered(addresses))


class _Task(t.NamedTuple):
    """The additions and removals of one task, in this order."""

    kind: Kind
    org_id: str
    identifier: str
    before: Entries
    additions: list[Network]
    removals: list[Address]

    def carry_out(self) -> Done:
        """Add, see it, remove, and read back.

        :raises AtlasError: with ``added`` and ``removed``, if the list has changed nevertheless.
        """
        removed: list[Address] = []
        try:
            if self.additions:
                self._add()
            for address in self.removals:
                self._remove(address)
                removed.append(address)
            return self._read_back()
        except AtlasError as error:
            self._keep_what_changed(error, removed)
            raise

    def _add(self) -> None:
        """Add entries. Before others are removed, the response alone is not enough."""
        try:
            add(self.kind, self.org_id, self.identifier, self.additions, see=bool(self.removals))
        except AtlasError as error:
            if self.removals:
                error.amend(f"{error} Nothing was removed.")
            raise

    def _remove(self, address: Address) -> None:
        """Remove one entry. One that is gone already is success."""
        texts = _texts(self.before[address])
        for text in texts:
            try:
                confirm(
                    lambda text=text: self.kind.remove_entry(self.org_id, self.identifier, text),  # type: ignore[misc]
                    lambda: address not in self._read(),
                )
            except APIError as error:
                if error.status != 404:
                    raise
                if address not in self._read():
                    return
                if text == texts[-1]:
                    raise
            else:
                return

    def _read(self) -> Entries:
        return read(self.kind, self.org_id, self.identifier)

    def _read_back(self) -> Done:
        """Compare the list with what was asked for.

        :raises AtlasError: if an entry that should be gone is there, or the list is empty although it should not be.
        """
        gone, added = set(self.removals), set(self.additions)
        wanted = self.before.keys() - gone | added
        with reading_back():
            found = settle(self._read, lambda entries: added <= entries.keys() and not gone & entries.keys())
        if left := gone & found.keys():
            raise AtlasError(f"Atlas accepted the removal of {join(left)}, and the access list still contains it.")
        if wanted and not found:
            raise AtlasError(
                "The access list is empty now, although entries were added and seen. In an organization that does not"
                f" require access lists, the {self.kind.words.one} {self.identifier} can be used from anywhere."
            )
        before, asked = networks_of(self.before), networks_of(wanted)
        if not newly_open(before, asked) and newly_open(before, networks_of(found)):
            raise AtlasError(f"The access list allows all addresses now, which was not asked for: {join(found)}.")
        if found.keys() != wanted:
            self.kind.client.warnings.append(
                f"The access list of the {self.kind.words.one} {self.identifier} is not as asked for: it contains"
                f" {join(found) or 'nothing'} instead of {join(wanted)}."
            )
        return Done({"access_list": [to_snake_case(each) for each in found.values()]}, _state(found))

    def _keep_what_changed(self, error: AtlasError, removed: list[Address]) -> None:
        """Tell with the error what has changed; as it is now, if that can be read."""
        try:
            now: t.Collection[Address] = self._read().keys()
        except AtlasError:
            now = self.before.keys() - set(removed)
        added, gone = now - self.before.keys(), self.before.keys() - now
        if added or gone:
            texts = {"added": list(map(str, ordered(added))), "removed": list(map(str, ordered(gone)))}
            error.keep(changed=True, **texts)
            error.amend(
                f"{error} This task has changed the access list: added {join(added) or 'nothing'},"
                f" removed {join(gone) or 'nothing'}."
            )


def _check(kind: Kind, params: Params, entries: Entries, after: set[Address]) -> None:
    """Refuse what would open the credential to everybody, or lock out its operator.

    :raises UsageError: with the option that allows it.
    """
    if not after and not params["allow_empty"]:
        raise UsageError("The access list would be empty. If that is meant, set allow_empty: true.")
    if not params["allow_anywhere"]:
        check_anywhere("The access list", networks_of(after), networks_of(entries))
        both = networks_of(after | entries.keys())  # entries are added before others are removed
        check_anywhere("While it is changed, the access list", both, networks_of(entries))
    only_adds = bool(entries) and entries.keys() <= after
    if params["allow_self"] or only_adds:
        return
    addresses = recent_addresses(kind, entries.values())
    missing = sorted(each for each in addresses if not covers(networks_of(after), each))
    if addresses and after and not missing:
        return
    identifier = params[kind.words.id_option]
    check_own(
        kind.client,
        kind.is_own(kind.get(params["org_id"], identifier)),
        f"{identifier} is the {kind.words.one}",
        params["allow_self"],
        "The new access list may lack the address that the task runs from (recently seen by Atlas, and not covered:"
        f" {', '.join(missing) or 'not known'}). If it does not, set allow_self: true.",
    )


def check_anywhere(what: str, after: t.Collection[Network], before: t.Collection[Network] = ()) -> None:
    """Refuse a list that lets in everybody, unless it did so before.

    :raises UsageError: with the option that allows it.
    """
    if families := newly_open(before, after):
        raise UsageError(
            f"{what} would allow all addresses of {' and '.join(families)}. If that is meant, set allow_anywhere: true."
        )


def check_size(kind: Kind, addresses: t.Collection[Address]) -> None:
    """Refuse more entries than Atlas takes. Entries are added before others are removed, so all of them count.

    :raises UsageError: with both numbers.
    """
    if kind.max_entries is not None and len(addresses) > kind.max_entries:
        raise UsageError(
            f"The access list would contain {len(addresses)} entries while it is changed; Atlas allows"
            f" {kind.max_entries}."
        )


def recent_addresses(kind: Kind, entries: t.Iterable[dict[str, t.Any]]) -> set[str]:
    """Return the addresses that have used a credential recently: any of them may be the caller's."""
    uses = [use for use in map(kind.last_use, entries) if use]
    times = [_parse_time(time) for time, _address in uses]
    newest = max((time for time in times if time), default=None)
    return {
        address
        for (_text, address), time in zip(uses, times)
        if not (time and newest) or newest - time <= datetime.timedelta(days=_RECENT_DAYS)
    }


def _parse_time(text: str) -> datetime.datetime | None:
    try:
        time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


def _removals(kind: Kind, entries: Entries, removed: set[Address]) -> list[Address]:
    """Return what is removed, with the entries that may cover the caller last."""
    recent = recent_addresses(kind, entries.values())
    return sorted(ordered(removed), key=lambda each: any(covers(networks_of([each]), address) for address in recent))


def _warn_of_wider(kind: Kind, identifier: str, given: set[Network], after: set[Address]) -> None:
    for network in ordered(given):
        if wider := find_covering(networks_of(after), network):
            kind.client.warnings.append(
                f"{network} can still use the {kind.words.one} {identifier}, because {join(wider)} stays on its access"
                " list."
            )


def _state(addresses: t.Iterable[Address]) -> dict[str, t.Any]:
    return {"access_list": [str(each) for each in ordered(addresses)]}


def _by_address(items: t.Iterable[dict[str, t.Any]]) -> Entries:
    return {parse_entry(entry): entry for entry in items}


def _texts(entry: dict[str, t.Any]) -> list[str]:
    """Return how Atlas itself writes an entry: one address comes in two forms."""
    texts = [entry.get(field) for field in ("ipAddress", "cidrBlock")]
    return [text for text in texts if isinstance(text, str) and text]


def _returned(responses: list[dict[str, t.Any]]) -> Entries:
    """Return the list in the response to an addition; empty if it contains none."""
    results = responses[0].get("results") if responses else None
    return _by_address(each for each in (results if isinstance(results, list) else []) if isinstance(each, dict))
