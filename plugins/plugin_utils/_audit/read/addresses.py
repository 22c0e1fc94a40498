# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Blocks of IP addresses: what an entry of an access list allows, and what many of them allow together.

Blocks are tuples of numbers, not objects of `ipaddress`: an audit may hold a hundred thousand of them.
"""

from __future__ import annotations

import functools
import ipaddress
import typing as t

_BITS: t.Final = {4: 32, 6: 128}
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")  # IPv4 addresses written as IPv6, RFC 4291
_MAPPED_FIRST, _MAPPED_LAST = int(_MAPPED.network_address), int(_MAPPED.broadcast_address)
ALL_ADDRESSES: t.Final = 2**32 + 2**128


class Block(t.NamedTuple):
    """A CIDR block: IP version, first address, prefix length, and how it is written."""

    version: int
    first: int
    prefix: int
    text: str

    @property
    def size(self) -> int:
        """How many addresses it has."""
        return 1 << (_BITS[self.version] - self.prefix)


_ALL_IPV4: t.Final = Block(4, 0, 0, "0.0.0.0/0")


@functools.lru_cache(maxsize=65536)
def parse_block(text: str) -> Block | None:
    """The block that an address or a CIDR block stands for, or None. Bits behind the prefix do not matter."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        network = ipaddress.IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    return Block(network.version, int(network.network_address), network.prefixlen, str(network))


class AddressSet(t.NamedTuple):
    """The union of blocks. No address is counted twice, however the blocks overlap.

    An IPv6 block that contains all IPv4 addresses written as IPv6 has them, too: `::/0` is everything of both versions.
    """

    ipv4: int  # how many addresses
    ipv6: int

    @classmethod
    def of(cls, blocks: t.Iterable[Block]) -> AddressSet:
        """The union of any blocks of both versions, in any order."""
        ordered = sorted(blocks)
        if any(map(_has_all_mapped, ordered)):
            ordered.insert(0, _ALL_IPV4)
        return cls(*(_count(block for block in ordered if block.version == version) for version in _BITS))

    @property
    def size(self) -> int:
        """How many addresses of both versions."""
        return self.ipv4 + self.ipv6

    @property
    def is_everything(self) -> bool:
        """Whether all IPv4 or all IPv6 addresses are in it."""
        return self.ipv4 == 2**32 or self.ipv6 == 2**128


def _has_all_mapped(block: Block) -> bool:
    return block.version == 6 and block.first <= _MAPPED_FIRST and block.first + block.size > _MAPPED_LAST


def _count(ordered: t.Iterable[Block]) -> int:
    """The addresses in blocks of one version, in order of their first addresses."""
    total = end = 0
    for block in ordered:
        after = block.first + block.size
        total += max(0, after - max(end, block.first))
        end = max(end, after)
    return total
