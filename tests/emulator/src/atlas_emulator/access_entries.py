# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entries of access lists: model, parser, generator. API keys and service accounts serialize them differently."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import quote

from atlas_emulator.parser import Entry, Json
from atlas_emulator.times import entry_time, entry_time_or_none

TEST_ADDRESSES = IPv4Address("198.18.0.0")
"""The first of the 2**17 addresses that are reserved for tests (RFC 2544)."""

EVERYWHERE = ("0.0.0.0/0",)
EVERYWHERE_IN_HALVES = ("0.0.0.0/1", "128.0.0.0/1")


@dataclass(frozen=True)
class AccessEntry:
    """Addresses from which a caller may send requests, and how often and when the entry was used."""

    network: IPv4Network | IPv6Network
    count: int
    created: str
    last_used: str | None = None
    last_used_address: str | None = None
    fields: dict[str, Json] = field(default_factory=dict)

    @property
    def address(self) -> str | None:
        """The address, if it is a single one."""
        return str(self.network.network_address) if self.network.num_addresses == 1 else None

    @property
    def shown(self) -> str:
        """The entry as events have it: a single address is bare (wire)."""
        return self.address or str(self.network)

    @property
    def name(self) -> str:
        """The last part of the entry's own URL; a block is quoted (wire)."""
        return self.address or quote(str(self.network), safe="")


AccessList = tuple[AccessEntry, ...]


def allows(access_list: AccessList, address: str) -> bool:
    """Return whether an access list contains an address."""
    wanted = ip_address(address)
    return any(wanted in entry.network for entry in access_list)


def parse_access_list(entry: Entry) -> AccessList:
    """Return the access list of an API key's or a service account's entry."""
    return tuple(_parse_access_entry(address) for address in entry.entries("access_list"))


def _parse_access_entry(entry: Entry) -> AccessEntry:
    name = "ip_address" if "ip_address" in entry else "cidr_block"
    try:
        network = ip_network(entry.text(name))
    except ValueError as error:
        raise entry.error(name, str(error)) from error
    address = AccessEntry(
        network=network,
        count=entry.whole("count", 0),
        created=entry_time(entry, "created", "2026-08-10T03:02:57Z"),
        last_used=entry_time_or_none(entry, "last_used"),
        last_used_address=entry.text_or_none("last_used_address"),
        fields=entry.fields("fields"),
    )
    entry.finish()
    return address


def made_up_access_list(position: int, length: int) -> AccessList:
    """Return the access list of a generated key or account.

    Of three, one has none, one has one that was never used, and one has one in use. Of twelve, two are open to every
    address, and one of these in two halves if it has two entries.
    """
    if position % 3 == 0:
        return ()
    networks = [str(TEST_ADDRESSES + (position * length + number) % 2**17) for number in range(length)]
    if position % 12 == 5:
        networks[:1] = EVERYWHERE[:length]
    elif position % 12 == 10 and length > 1:
        networks[:2] = EVERYWHERE_IN_HALVES
    return tuple(_made_up_access_entry(position, network) for network in networks)


def _made_up_access_entry(position: int, network: str) -> AccessEntry:
    created = f"2026-0{1 + position % 6}-{1 + position % 28:02}T03:02:57Z"
    if position % 3 == 1:
        return AccessEntry(ip_network(network), 0, created)
    last_used = f"2026-0{7 + position % 2}-{1 + position % 28:02}T12:00:00Z"
    return AccessEntry(ip_network(network), position, created, last_used, network.partition("/")[0])
