# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Adding entries to an access list and removing them, which API keys and service accounts have in common."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from atlas_emulator.access_entries import AccessEntry, AccessList
from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.parser import Entry
from atlas_emulator.times import format_time, now

MAX_ENTRIES = 200
"""How many entries a request adds and a service account has at most (reference, docs). That of a key is not known."""


def add_entries(call: Call, current: AccessList, most: int | None = None) -> tuple[AccessList, AccessList]:
    """Return the list with the entries of the request's body, and those that were not on it.

    What an entry that exists gives is not known: it is ignored, or with the setting `existing_entry_conflicts` it is a
    409. That errors at the limits are 400 without a code is an assumption.
    """
    bodies = call.bodies()
    if most is not None and len(bodies) > most:
        raise APIError(400, None, f"At most {most} entries can be added at once.", [most])
    new = {entry.network: entry for entry in map(_parse_new_entry, bodies)}
    present = {entry.network for entry in current}
    if call.state.settings.existing_entry_conflicts and present & new.keys():
        # Of the code nothing but its status is known (reference).
        raise APIError(409, None, "The access list has this entry already.", sorted(map(str, present & new.keys())))
    added = tuple(entry for network, entry in new.items() if network not in present)
    if most is not None and len(current + added) > most:
        raise APIError(400, None, f"An access list has at most {most} entries.", [most])
    return current + added, added


def _parse_new_entry(body: Entry) -> AccessEntry:
    """Return the entry of a body, which has either an `ipAddress` or a `cidrBlock` (reference)."""
    name = "ipAddress" if "ipAddress" in body else "cidrBlock"
    text = body.text(name)
    body.finish()
    try:
        if "%" in text or ("/" in text) == (name == "ipAddress"):
            raise ValueError(f"{text!r} is no {'address' if name == 'ipAddress' else 'block'}")
        return AccessEntry(ip_network(text), 0, format_time(now()))
    except ValueError as error:
        raise body.error(name, str(error)) from error


def find_entry(current: AccessList, name: str) -> AccessEntry:
    """Return the entry of a path. That another spelling of it is the same, and the error for none, are assumptions."""
    network = _network(name)
    entry = next((entry for entry in current if entry.network == network), None)
    if entry is None:
        raise APIError(404, "RESOURCE_NOT_FOUND", f"There is no entry {name} on the access list.", [name])
    return entry


def _network(name: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(name)
    except ValueError:
        return None


def remove_entry(call: Call, current: AccessList, name: str, is_own: bool) -> tuple[AccessList, AccessEntry]:
    """Return the list without the entry of a path, and the entry. The last one may be removed (wire).

    :param is_own: whether the list is the caller's own, of which it cannot remove its address (client, reference)
    """
    entry = find_entry(current, name)
    if is_own and ip_address(call.address) in entry.network:
        detail = "The caller's own address cannot be removed from its access list."
        raise APIError(400, "CANNOT_REMOVE_CALLER_FROM_ACCESS_LIST", detail, [call.address])
    return tuple(one for one in current if one is not entry), entry
