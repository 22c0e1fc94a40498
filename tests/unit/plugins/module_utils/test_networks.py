# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Blocks of addresses: parsed, compared, covered."""

from __future__ import annotations

import ipaddress

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import InvalidResponse, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import (
    covers,
    covers_everything,
    network_of,
    parse_networks,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
        ("2001:db8::1", "2001:db8::1/128"),
    ],
)
def test_parsed(text: str, wanted: str) -> None:
    assert {str(network) for network in parse_networks("entries", [text])} == {wanted}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("192.0.2.7/24", r"bits beyond its prefix. Write 192\.0\.2\.0/24 "),
        ("2001:db8::1/32", "Write 2001:db8::/32 "),
        ("office", "must be an IPv4 or IPv6 address"),
        ("192.0.2.0/33", "must be an IPv4 or IPv6 address"),
        ("", "must be an IPv4 or IPv6 address"),
    ],
)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        parse_networks("entries", [text])


def test_entries_of_atlas() -> None:
    address = {"cidrBlock": "192.0.2.7/32", "ipAddress": "192.0.2.7"}
    assert network_of(address) == network_of({"ipAddress": "192.0.2.7"}) == ipaddress.ip_network("192.0.2.7/32")
    with pytest.raises(InvalidResponse, match="no address"):
        network_of({"count": 1})


def test_covers() -> None:
    networks = parse_networks("entries", ["192.0.2.0/24", "2001:db8::/32"])
    assert covers(networks, "192.0.2.7")
    assert covers(networks, "2001:db8::7")
    assert not covers(networks, "198.51.100.7")
    assert not covers(networks, "not an address")


@pytest.mark.parametrize(
    ("texts", "everything"),
    [
        (["0.0.0.0/0"], True),
        (["::/0"], True),
        (["0.0.0.0/1", "128.0.0.0/1", "2001:db8::/32"], True),
        (["0.0.0.0/1", "128.0.0.0/2"], False),
        ([], False),
    ],
)
def test_covers_everything(texts: list[str], everything: bool) -> None:
    assert covers_everything(parse_networks("entries", texts)) == everything
