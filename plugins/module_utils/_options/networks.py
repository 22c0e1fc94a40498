# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Addresses and blocks in options."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import (
    Network,
    parse_entry,
    parse_network,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import InvalidResponse, UsageError, excerpt
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.checked import CheckedOption
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown


class NetworkListOption(CheckedOption):
    """The argument spec of an option that contains addresses and blocks."""

    def __init__(self, **spec: t.Any) -> None:
        super().__init__(type="list", elements="str", **spec)

    def check(self, option: str, value: t.Any) -> None:
        parse_networks(option, value)


def parse_networks(option: str, texts: t.Iterable[str]) -> set[Network]:
    """Return the addresses and blocks in an option.

    :param option: its name, for errors.
    :raises UsageError: for anything else, with what may have been meant.
    """
    return {_parse(option, text) for text in texts}


def _parse(option: str, text: str) -> Network:
    try:
        return parse_network(text)
    except ValueError:
        raise UsageError(f"{option} contains {shown(text)}, {_explain(text)}") from None


def _explain(text: str) -> str:
    """Return what is wrong with a text that is no address or block, and what to write instead."""
    if text.lstrip().startswith("{"):
        return "a dictionary. Give only the block of each entry: map(attribute='cidr_block')."
    if "%" in text:
        return "an address with a zone, which means nothing outside its host. Leave out what follows the %."
    try:
        block = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return "which is not an IPv4 or IPv6 address, or a block such as 192.0.2.0/24."
    return f"which has bits beyond its prefix. Write {block} for the block."


def network_of(entry: t.Mapping[str, t.Any]) -> Network:
    """Return the addresses of an access list entry, in Atlas' own form.

    :raises InvalidResponse: if it has none.
    """
    network = parse_entry(entry)
    if isinstance(network, str):
        raise InvalidResponse(f"An access list entry has no address but {excerpt(network)}.", 200)
    return network
