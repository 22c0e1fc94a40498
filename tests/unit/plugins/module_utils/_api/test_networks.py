# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arithmetic of IP addresses, against the standard library and against what people write to get around a check."""

from __future__ import annotations

import ipaddress
import itertools
import typing as t

import pytest

from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import networks as networks_file
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import (
    FAMILIES,
    Network,
    covers,
    find_covering,
    is_everything,
    newly_open,
    open_families,
    parse_entry,
    parse_network,
    sort_networks,
)


def parse_all(*texts: str) -> list[Network]:
    return [parse_network(text) for text in texts]


def leave_out(whole: str, *blocks: str) -> list[Network]:
    """Return blocks that are WHOLE without others."""
    rest: list[t.Any] = [ipaddress.ip_network(whole)]
    for block in map(ipaddress.ip_network, blocks):
        rest = list(
            itertools.chain.from_iterable(
                each.address_exclude(block) if block.subnet_of(each) else [each] for each in rest
            )
        )
    return rest


def slash_8(*firsts: int) -> list[Network]:
    return parse_all(*(f"{first}.0.0.0/8" for first in firsts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.0/255.255.255.0", "192.0.2.0/24"),
        ("2001:DB8:0::/32", "2001:db8::/32"),
        ("2001:db8::1", "2001:db8::1/128"),
        ("0.0.0.0", "0.0.0.0/0"),
        ("0.0.0.0/32", "0.0.0.0/0"),
        ("0.0.0.0/8", "0.0.0.0/8"),
        ("::", "::/0"),
        ("0:0::0", "::/0"),
        ("::/128", "::/0"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("::ffff:c000:200/120", "192.0.2.0/24"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("::ffff:0.0.0.0", "0.0.0.0/0"),
    ],
)
def test_parse_network(text: str, expected: str) -> None:
    assert str(parse_network(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "office", "192.0.2.7/24", "192.0.2.007/32", "fe80::1%eth0", "192.0.2.0/33", " 192.0.2.7", "١.٢.٣.٤"]
)
def test_what_is_no_network_is_opaque_text_in_an_entry(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_network(text)
    assert parse_entry({"cidrBlock": text}) == text


@pytest.mark.parametrize("entry", [{}, {"cidrBlock": None}, {"count": 1}, {"ipAddress": ""}])
def test_entry_without_an_address_is_opaque(entry: dict[str, t.Any]) -> None:
    assert parse_entry(entry) == ""


def test_entry_of_a_single_address_has_two_fields() -> None:
    address = {"cidrBlock": "192.0.2.7/32", "ipAddress": "192.0.2.7"}
    assert parse_entry(address) == parse_entry({"ipAddress": "192.0.2.7"}) == parse_network("192.0.2.7")


def test_covers() -> None:
    networks = parse_all("192.0.2.0/24", "2001:db8::/32")
    assert covers(networks, "192.0.2.7")
    assert covers(networks, "::ffff:192.0.2.7")
    assert covers(networks, "2001:db8::7")
    assert not covers(networks, "198.51.100.7")
    assert not covers(networks, "192.0.2.0/28")
    assert not covers(networks, "not an address")


def test_find_covering() -> None:
    networks = parse_all("10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "::/0")
    assert find_covering(networks, parse_network("10.1.0.0/16")) == networks[:2]


UNICAST = slash_8(*range(1, 224))
OPEN: dict[str, tuple[list[Network], set[str]]] = {
    "nothing": ([], set()),
    "an office": (parse_all("192.0.2.0/24", "10.0.0.0/8"), set()),
    "all of IPv4": (parse_all("0.0.0.0/0"), {"IPv4"}),
    "the address that means all": (parse_all("0.0.0.0"), {"IPv4"}),
    "two halves": (parse_all("0.0.0.0/1", "128.0.0.0/1", "2001:db8::/32"), {"IPv4"}),
    "all of unicast": (parse_all("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"), {"IPv4"}),
    "half": (parse_all("0.0.0.0/1"), set()),
    "three quarters": (parse_all("0.0.0.0/1", "128.0.0.0/2"), set()),
    "223 blocks of /8": (UNICAST, {"IPv4"}),
    "without what is not routed": (leave_out("0.0.0.0/0", "10.0.0.0/8", "127.0.0.0/8", "192.168.0.0/16"), {"IPv4"}),
    "all but one address": (leave_out("0.0.0.0/0", "8.8.8.8/32"), {"IPv4"}),
    "all but one block of /8": (leave_out("0.0.0.0/0", "8.0.0.0/8"), {"IPv4"}),
    "199 blocks of /16": (parse_all(*(f"20.{second}.0.0/16" for second in range(199))), set()),
    "IPv4 written as IPv6": (parse_all("::ffff:0:0/96"), {"IPv4"}),
    "halves of IPv4 written as IPv6": (parse_all("::ffff:0:0/97", "::ffff:8000:0/97"), {"IPv4"}),
    "all of IPv6": (parse_all("::/0"), {"IPv4", "IPv6"}),
    "the IPv6 address that means all": (parse_all("::"), {"IPv4", "IPv6"}),
    "what IANA has assigned": (parse_all("2000::/3"), {"IPv6"}),
    "all but one IPv6 address": (leave_out("2000::/3", "2606:4700::1111/128"), {"IPv6"}),
    "a block around IPv4 written as IPv6": (parse_all("::fffe:0:0/95"), {"IPv4"}),
    "half of IPv6": (parse_all("2000::/4"), set()),
    "IPv6 that is not routed": (parse_all("fc00::/7", "fe80::/10", "8000::/1"), set()),
}


@pytest.mark.parametrize("case", OPEN)
def test_open_families(case: str) -> None:
    networks, families = OPEN[case]
    assert open_families(networks) == families
    assert open_families(reversed(networks)) == families


@pytest.mark.parametrize(
    ("before", "after", "opened"),
    [
        ([], ["0.0.0.0/0"], ["IPv4"]),
        ([], ["::/0"], ["IPv4", "IPv6"]),
        (["::/0"], ["::/0", "0.0.0.0/0"], ["IPv4"]),
        (["0.0.0.0/0"], ["0.0.0.0/0", "2000::/3"], ["IPv6"]),
        (["0.0.0.0/0"], ["0.0.0.0/0", "192.0.2.7"], []),
        (["::/0"], ["::/0", "192.0.2.7"], []),
        (["0.0.0.0/0"], ["0.0.0.0/1", "128.0.0.0/1"], []),
        (["0.0.0.0/1"], ["0.0.0.0/1", "128.0.0.0/1"], ["IPv4"]),
        (["0.0.0.0/0"], [], []),
    ],
)
def test_newly_open(before: list[str], after: list[str], opened: list[str]) -> None:
    assert newly_open(parse_all(*before), parse_all(*after)) == opened


def test_order_does_not_depend_on_atlas() -> None:
    ordered = parse_all("10.0.0.0/8", "10.0.0.0/16", "192.0.2.7", "::/0", "2001:db8::/32")
    assert sort_networks(reversed(ordered)) == ordered


ipv4_blocks = st.builds(
    lambda number, prefix: ipaddress.ip_network((number, prefix), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)
ipv6_blocks = st.builds(
    lambda number, prefix: ipaddress.ip_network((number, prefix), strict=False),
    st.integers(0, 2**128 - 1),
    st.integers(0, 128),
)
blocks: st.SearchStrategy[t.Any] = ipv4_blocks | ipv6_blocks


@given(blocks)
def test_what_is_written_is_what_is_read(block: Network) -> None:
    parsed = parse_network(str(block))
    assert parse_network(str(parsed)) == parsed
    assert parse_network(block.exploded) == parsed


@given(st.lists(blocks, max_size=8), blocks)
def test_another_entry_never_closes_a_list(networks: list[Network], added: Network) -> None:
    assert open_families(networks) <= open_families([*networks, added])


@given(st.lists(ipv4_blocks, max_size=40))
def test_union_does_not_depend_on_how_it_is_written(networks: list[t.Any]) -> None:
    collapsed = list(ipaddress.collapse_addresses(networks))
    assert open_families(networks) == open_families(collapsed) == open_families([*networks, *collapsed])


@given(st.sampled_from(["0.0.0.0/0", "2000::/3"]), st.lists(blocks, min_size=1, max_size=4))
def test_everything_without_a_few_small_blocks_is_everything(whole: str, holes: list[Network]) -> None:
    version = ipaddress.ip_network(whole).version
    small = [hole for hole in holes if hole.version == version and hole.prefixlen >= 11]
    assert FAMILIES[version] in open_families(
        leave_out(whole, *map(str, ipaddress.collapse_addresses(t.cast(t.Any, small))))
    )


edges = st.sampled_from([edge for part in networks_file._routable(4) for edge in (part[0], part[1] - 1)])


@given(st.integers(0, 2**32 - 1) | edges | edges.map(lambda edge: max(edge - 1, 0)) | edges.map(lambda edge: edge + 1))
def test_routable_addresses_are_those_of_the_standard_library(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    assume(address not in ipaddress.IPv4Network("192.0.0.0/24"))  # of which some addresses are global
    ours = any(first <= number < after for first, after in networks_file._routable(4))
    assert ours == (address.is_global and not address.is_multicast)


@given(st.integers(0x20 << 120, (0x40 << 120) - 1))
def test_routable_ipv6_addresses_are_global(number: int) -> None:
    assume(any(first <= number < after for first, after in networks_file._routable(6)))
    assert ipaddress.IPv6Address(number).is_global


def test_many_blocks_take_little_time() -> None:
    """A hundred thousand blocks that are not everything are summed up once, and not compared with one another."""
    assert not is_everything(4, ((number << 8, (number << 8) + 1) for number in range(100_000)))
