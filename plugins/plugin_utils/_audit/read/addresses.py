# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Blocks of IP addresses: what an entry of an access list allows, and what many of them allow together.

Blocks are tuples of numbers, not objects of `ipaddress`: an audit may hold a hundred thousand of them. What counts as
everything is decided where the modules that change access lists decide it.
"""

from __future__ import annotations

import functools
import ipaddress
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import is_everything

_BITS: t.Final = {4: 32, 6: 128}
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")  # IPv4 addresses written as IPv6, RFC 4291
_MAPPED_FIRST, _MAPPED_LAST = int(_MAPPED.network_address), int(_MAPPED.broadcast_address)
# Reported for the list of a project: Atlas stores the address that stands for "any" as everything.
_ANY: t.Final = {"0.0.0.0/32": "0.0.0.0/0", "::/128": "::/0"}
ALL_ADDRESSES: t.Final = 2**32 + 2**128

Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
Range = tuple[int, int]  # the first address, and the first one after it


class Block(t.NamedTuple):
    """A CIDR block: IP version, first address, prefix length, and how it is written."""

    version: int
    first: int
    prefix: int
    text: str

    @property
    def size(self) -> int:
        """Return how many addresses it contains."""
        return 1 << (_BITS[self.version] - self.prefix)

    @property
    def after(self) -> int:
        """Return the first address after it."""
        return self.first + self.size


_ALL_IPV4: t.Final = Block(4, 0, 0, "0.0.0.0/0")


@functools.lru_cache(maxsize=65536)
def parse_block(text: str) -> Block | None:
    """Return the block that an address or a CIDR block stands for, or None. Bits behind the prefix do not matter."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    if "%" in text:  # a zone, which `ipaddress` would drop
        return None
    network = _unmap(network)
    return _of_network(ipaddress.ip_network(_ANY.get(str(network), network)))


@functools.lru_cache(maxsize=65536)
def parse_address(text: str) -> Block | None:
    """Return the block of one address, or None if it is none. ``0.0.0.0`` is an address here."""
    try:
        return _of_network(_unmap(ipaddress.ip_network(ipaddress.ip_address(text.strip()))))
    except ValueError:
        return None


def _unmap(network: Network) -> Network:
    """Return IPv4 addresses that are written as IPv6 in their usual notation."""
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        return ipaddress.IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return network


def _of_network(network: Network) -> Block:
    return Block(network.version, int(network.network_address), network.prefixlen, str(network))


# What organizations number their own networks with: RFC 1918, RFC 6598, RFC 4193, and what stays on a machine or a
# link.
_PRIVATE: t.Final = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("fc00::/7", "fe80::/10", "::1/128"),
)


@functools.lru_cache(maxsize=65536)
def is_private(block: Block) -> bool:
    """Return whether all addresses of a block are those of private networks."""
    return covers(_private(), block)


@functools.lru_cache(maxsize=1)
def _private() -> list[Block]:
    return [block for block in map(parse_block, _PRIVATE) if block]


class AddressSet(t.NamedTuple):
    """The union of blocks. No address is counted twice, however the blocks overlap.

    An IPv6 block that contains all IPv4 addresses written as IPv6 contains IPv4: ``::/0`` is everything of both
    versions.
    """

    ipv4: int  # how many addresses
    ipv6: int
    is_everything: bool  # of at least one version: all that can be routed, or all but a small part of it

    @classmethod
    def of(cls, blocks: t.Iterable[Block]) -> AddressSet:
        """Return the union of any blocks of both versions, in any order."""
        ordered = sorted(blocks)
        if any(map(_has_all_mapped, ordered)):
            ordered.insert(0, _ALL_IPV4)
        ranges = {
            version: [(each.first, each.after) for each in ordered if each.version == version] for version in _BITS
        }
        everything = any(is_everything(version, found) for version, found in ranges.items() if found)
        return cls(_count(ranges[4]), _count(ranges[6]), everything)

    @property
    def size(self) -> int:
        """Return how many addresses of both versions it contains."""
        return self.ipv4 + self.ipv6


def _has_all_mapped(block: Block) -> bool:
    return block.version == 6 and block.first <= _MAPPED_FIRST and block.after > _MAPPED_LAST


def _count(ranges: t.Iterable[Range]) -> int:
    """Return the number of addresses in ranges, in order of their first addresses."""
    total = end = 0
    for first, after in ranges:
        total += max(0, after - max(end, first))
        end = max(end, after)
    return total


def covers(blocks: t.Iterable[Block], address: Block) -> bool:
    """Return whether one of the blocks contains all addresses of another one."""
    return any(
        block.version == address.version and block.first <= address.first and block.after >= address.after
        for block in blocks
    )
