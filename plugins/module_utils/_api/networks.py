# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Arithmetic of IP addresses: what an entry of an access list allows, and what a whole list leaves out.

``0.0.0.0`` and ``::`` alone mean all addresses: Atlas is reported to store the former so in a project's list. An IPv4
address may be written as IPv6 (RFC 4291, 2.5.5.2), and counts as IPv4.
"""

from __future__ import annotations

import functools
import ipaddress
import itertools
import typing as t

# A block of addresses. A single address is a block of one.
Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

# Numbers from the first address to the one after the last.
Range = tuple[int, int]

FAMILIES: dict[int, str] = {4: "IPv4", 6: "IPv6"}

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")  # IPv4 addresses that are written as IPv6
_ALL_IPV4: Network = ipaddress.IPv4Network("0.0.0.0/0")
_ANY = {"0.0.0.0/32": _ALL_IPV4, "::/128": ipaddress.IPv6Network("::/0")}

# What no request can come from over the internet (IANA's registries of special-purpose addresses, and multicast).
_SPECIAL = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
)
_ROUTED = ("0.0.0.0/0", "2000::/3")  # the only IPv6 addresses that IANA has assigned for the internet

# A list that leaves out less than this part of the routable addresses keeps nobody out. No honest list comes near it.
_MAX_LEFT_OUT = 1 / 16


def parse_network(text: str) -> Network:
    """Return the block that an address or a block in CIDR notation stands for.

    ``0.0.0.0`` and ``::`` alone are all addresses of their family. IPv4 addresses written as IPv6 are IPv4.

    :raises ValueError: for anything else, a zone (``fe80::1%eth0``), and bits beyond the prefix.
    """
    if "%" in text:  # ipaddress would drop it
        raise ValueError("an address with a zone")
    network = ipaddress.ip_network(text)
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        network = ipaddress.IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return _ANY.get(str(network), network)


def parse_entry(entry: t.Mapping[str, t.Any]) -> Network | str:
    """Return what an entry of an access list, in Atlas' own form, stands for.

    Compare entries by this value: how Atlas writes a compressed IPv6 address is not known.

    :returns: a block, or Atlas' text if that is none (``192.0.2.7/24``, ``192.0.2.007/32``, or nothing at all). Such
        text equals itself only, and says nothing about which addresses it allows.
    """
    text = entry_text(entry)
    try:
        return parse_network(text)
    except ValueError:
        return text


def entry_text(entry: t.Mapping[str, t.Any]) -> str:
    """Return how Atlas writes an entry of an access list; empty if it has no address."""
    return str(entry.get("cidrBlock") or entry.get("ipAddress") or "")


def networks_of(entries: t.Iterable[Network | str]) -> list[Network]:
    """Return those of ENTRIES that are blocks."""
    return [entry for entry in entries if not isinstance(entry, str)]


def sort_networks(networks: t.Iterable[Network]) -> list[Network]:
    """Return NETWORKS in an order that does not depend on Atlas: IPv4 first, then by address, wide blocks first."""
    return sorted(networks, key=lambda each: (each.version, int(each.network_address), each.prefixlen))


def covers(networks: t.Iterable[Network], address: str) -> bool:
    """Return whether an address is in one of NETWORKS. What is not an address is in none."""
    try:
        wanted = parse_network(address)
    except ValueError:
        return False
    return "/" not in address and bool(find_covering(networks, wanted))


def find_covering(networks: t.Iterable[Network], wanted: Network) -> list[Network]:
    """Return those of NETWORKS that contain the whole of another one."""
    return [
        network
        for network in networks
        if network.version == wanted.version and wanted.subnet_of(t.cast(t.Any, network))
    ]


def open_families(networks: t.Iterable[Network]) -> frozenset[str]:
    """Return the address families (``IPv4``, ``IPv6``) of which NETWORKS together allow everything that is routable.

    A block of IPv6 that contains IPv4 addresses written as IPv6, as ``::/0`` does, allows these as well.
    """
    networks = list(networks)
    return _open_families(networks + [_ALL_IPV4] * any(map(_contains_mapped, networks)))


def newly_open(before: t.Iterable[Network], after: t.Iterable[Network]) -> list[str]:
    """Return the address families that a changed list opens to everybody, sorted.

    Whether ``::/0`` lets IPv4 in is not known. So it opens both families, and does not excuse
    ``0.0.0.0/0`` in the same list.
    """
    before, after = list(before), list(after)
    opened = open_families(after) - open_families(before) | _open_families(after) - _open_families(before)
    return sorted(opened)


def _open_families(networks: t.Sequence[Network]) -> frozenset[str]:
    ranges = {version: [_range(each) for each in networks if each.version == version] for version in FAMILIES}
    return frozenset(FAMILIES[version] for version in FAMILIES if is_everything(version, ranges[version]))


def is_everything(version: int, ranges: t.Iterable[Range]) -> bool:
    """Return whether RANGES of addresses allow everything that is routable, or all but a small part of it.

    Ranges may overlap and come in any order. They are numbers, because an audit has a hundred thousand of them.

    :param version: 4 or 6.
    """
    ranges = sorted(ranges)
    routable = _routable(version)
    needed = sum(after - first for first, after in routable) * (1 - _MAX_LEFT_OUT)
    if sum(after - first for first, after in ranges) < needed:
        return False  # nearly every list: no need to look at its parts
    merged = list(_merge(ranges))
    covered = sum(max(0, min(after, end) - max(first, start)) for first, after in merged for start, end in routable)
    return covered > needed


def _merge(ordered: t.Iterable[Range]) -> t.Iterator[Range]:
    """Yield the union of ranges, which are in order, as ranges that do not touch."""
    current: Range | None = None
    for first, after in ordered:
        if current and first <= current[1]:
            current = current[0], max(current[1], after)
            continue
        if current:
            yield current
        current = first, after
    if current:
        yield current


@functools.cache
def _routable(version: int) -> tuple[Range, ...]:
    """Return the routable addresses of a family, as ranges in order."""
    parsed = [[ipaddress.ip_network(text) for text in texts] for texts in (_ROUTED, _SPECIAL)]
    (whole,), special = ([_range(each) for each in blocks if each.version == version] for blocks in parsed)
    bounds = [whole[0], *itertools.chain.from_iterable(_merge(sorted(special))), whole[1]]
    return tuple((first, after) for first, after in zip(bounds[::2], bounds[1::2]) if first < after)


def _range(network: Network) -> Range:
    first = int(network.network_address)
    return first, first + network.num_addresses


def _contains_mapped(network: Network) -> bool:
    return isinstance(network, ipaddress.IPv6Network) and _MAPPED.subnet_of(network)


def to_entries(networks: t.Iterable[Network]) -> list[dict[str, str]]:
    """Return networks as the body of a request that adds them to an access list (reference)."""
    return [{"ipAddress": str(each[0])} if each.num_addresses == 1 else {"cidrBlock": str(each)} for each in networks]
