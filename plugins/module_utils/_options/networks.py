# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Blocks of addresses as a user writes them, and as Atlas returns them."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import InvalidResponse, UsageError, excerpt
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown


def parse_networks(option: str, texts: t.Iterable[str]) -> set[Network]:
    """The addresses and blocks in an OPTION.

    :raises UsageError: for anything else, and for a block with host bits, with the block that may be meant.
    """
    return {_parse(option, text) for text in texts}


def _parse(option: str, text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        pass
    try:
        block = ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise UsageError(
            f"{option} has {shown(text)}; it must be an IPv4 or IPv6 address, or a block such as 192.0.2.0/24."
        ) from None
    raise UsageError(f"{option} has {shown(text)}, which has bits beyond its prefix. Write {block} for the block.")


def network_of(entry: t.Mapping[str, t.Any]) -> Network:
    """The addresses of an access list ENTRY, in Atlas' own form.

    Entries are compared by value: how Atlas writes a compressed IPv6 address is not known.

    :raises InvalidResponse: if it has none.
    """
    text = entry.get("cidrBlock") or entry.get("ipAddress")
    try:
        return ipaddress.ip_network(str(text))
    except ValueError:
        raise InvalidResponse(f"An access list entry has no address but {excerpt(str(text))}.", 200) from None


def covers(networks: t.Iterable[Network], address: str) -> bool:
    """Whether ADDRESS is in one of NETWORKS. What is not an address is in none."""
    try:
        wanted = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(wanted in network for network in networks)


def covers_everything(networks: t.Collection[Network]) -> bool:
    """Whether NETWORKS together are all of IPv4 or all of IPv6, however they are written."""
    for family in (ipaddress.IPv4Network, ipaddress.IPv6Network):
        blocks: t.Any = [network for network in networks if isinstance(network, family)]
        if any(block.prefixlen == 0 for block in ipaddress.collapse_addresses(blocks)):
            return True
    return False
