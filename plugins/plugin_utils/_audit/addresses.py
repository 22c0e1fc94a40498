# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Blocks of IP addresses: what an entry of an access list allows, and what many of them allow together."""

from __future__ import annotations

import dataclasses
import functools
import ipaddress
import typing as t

Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")  # IPv4 addresses written as IPv6, RFC 4291
_ALL_IPV4 = ipaddress.IPv4Network("0.0.0.0/0")
_ALL_IPV6 = ipaddress.IPv6Network("::/0")
ALL_ADDRESSES = _ALL_IPV4.num_addresses + _ALL_IPV6.num_addresses


@functools.lru_cache(maxsize=65536)
def parse_network(text: str) -> Network | None:
    """The block that an address or a CIDR block stands for, or None. Bits behind the prefix do not matter."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        last_32_bits = int(network.network_address) & 0xFFFFFFFF
        return ipaddress.IPv4Network((last_32_bits, network.prefixlen - 96))
    return network


@dataclasses.dataclass(frozen=True)
class AddressSet:
    """The union of blocks. No address is counted twice, however the blocks overlap."""

    all_ipv4: bool
    all_ipv6: bool
    size: int

    @classmethod
    def of(cls, networks: t.Iterable[Network]) -> AddressSet:
        """The union of any blocks of both versions, in any order."""
        blocks = list(networks)
        ipv4 = list(ipaddress.collapse_addresses(n for n in blocks if isinstance(n, ipaddress.IPv4Network)))
        ipv6 = list(ipaddress.collapse_addresses(n for n in blocks if isinstance(n, ipaddress.IPv6Network)))
        size = sum(n.num_addresses for n in ipv4) + sum(n.num_addresses for n in ipv6)
        return cls(all_ipv4=ipv4 == [_ALL_IPV4], all_ipv6=ipv6 == [_ALL_IPV6], size=size)
