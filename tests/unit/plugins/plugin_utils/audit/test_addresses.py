# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The union of blocks, and where a credential can be used from."""

from __future__ import annotations

import ipaddress

import pytest

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Reach
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.access_lists import (
    reach_of,
    read_access_list,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import AddressSet, parse_block
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import NOW

LEVELS = ["nowhere", "listed", "unknown", "anywhere"]  # of reach, the smallest first


def reach(texts: list[str], required: bool | None) -> Reach:
    entries = read_access_list({"access_list": [{"cidr_block": text} for text in texts]}, "api_key", NOW, [])
    return reach_of(entries, required)[0]


def union(*texts: str) -> AddressSet:
    return AddressSet.of(block for text in texts if (block := parse_block(text)))


@pytest.mark.parametrize(
    ("texts", "ipv4", "ipv6"),
    [
        ([], 0, 0),
        (["192.0.2.7"], 1, 0),
        (["192.0.2.7/32", "192.0.2.7"], 1, 0),
        (["192.0.2.0/24", "192.0.2.128/25"], 256, 0),
        (["192.0.2.128/25", "192.0.2.0/25"], 256, 0),
        (["192.0.2.99/24"], 256, 0),
        (["10.0.0.0/255.0.0.0"], 2**24, 0),
        (["0.0.0.0/1", "128.0.0.0/1"], 2**32, 0),
        (["::/1", "8000::/1"], 2**32, 2**128),
        (["8000::/1"], 0, 2**127),
        (["::/0"], 2**32, 2**128),
        (["::/64", "192.0.2.7"], 2**32, 2**64),
        (["10.0.0.0/8", "::fffe:0:0/95"], 2**32, 2**33),
        (["::fffe:0:0/96", "::1:0:0:0/96"], 0, 2**33),
        (["2001:db8::/32", "2001:DB8:0::/32"], 0, 2**96),
        (["::ffff:192.0.2.7", "192.0.2.7"], 1, 0),
        (["::ffff:0:0/96"], 2**32, 0),
        ([f"{first}.0.0.0/8" for first in range(256)], 2**32, 0),
        ([f"{first}.0.0.0/8" for first in range(255)], 2**32 - 2**24, 0),
    ],
)
def test_counts_no_address_twice(texts: list[str], ipv4: int, ipv6: int) -> None:
    assert union(*texts)[:2] == (ipv4, ipv6)


def test_all_but_one_address_keeps_nobody_out() -> None:
    everything, one = ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("8.8.8.8/32")
    most = [str(block) for block in everything.address_exclude(one)]
    assert union(*most).size == 2**32 - 1
    assert union(*most).is_everything


@pytest.mark.parametrize(
    ("texts", "is_everything"),
    [
        (["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"], True),
        (["2000::/3"], True),
        (["2000::/4", "3000::/4"], True),
        ([f"{first}.0.0.0/8" for first in range(1, 224)], True),
        (["0.0.0.0"], True),
        (["::"], True),
        (["::ffff:0:0/96"], True),
        (["0.0.0.0/1", "224.0.0.0/3"], False),  # more than half of all, and about half of what is routed
        ([f"{first}.0.0.0/8" for first in range(1, 200)], False),
        (["2000::/4"], False),
        (["fc00::/7", "fe80::/10", "4000::/2", "8000::/1"], False),  # most of IPv6, and nothing that is routed
        ([], False),
    ],
)
def test_everything_is_what_can_be_routed(texts: list[str], is_everything: bool) -> None:
    assert union(*texts).is_everything is is_everything


@pytest.mark.parametrize(
    "text",
    ["", "somewhere", "192.0.2.0/33", "192.0.2.256", "192.0.2", "010.0.0.0/8", "::1::", "١٩٢.0.2.1", "10.0.0.0/-1"],
)
def test_is_no_block(text: str) -> None:
    assert parse_block(text) is None


ipv4_blocks = st.builds(
    lambda number, prefix: f"{ipaddress.IPv4Address(number)}/{prefix}", st.integers(0, 2**32 - 1), st.integers(0, 32)
)
ipv6_blocks = st.builds(
    lambda number, prefix: f"{ipaddress.IPv6Address(number)}/{prefix}", st.integers(0, 2**128 - 1), st.integers(0, 128)
)
blocks = ipv4_blocks | ipv6_blocks
texts = blocks | st.sampled_from(
    ["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1", "::/64", "somewhere", "", "::ffff:0:0/96"]
)


@settings(deadline=None, derandomize=True)
@given(st.lists(blocks, max_size=8))
def test_union_is_what_the_standard_library_makes_of_it(texts: list[str]) -> None:
    # 0.0.0.0 and :: alone mean everything.
    written = {"0.0.0.0/32": "0.0.0.0/0", "::/128": "::/0"}
    networks = [ipaddress.ip_network(text, strict=False) for text in texts]
    networks = [ipaddress.ip_network(written.get(str(network), str(network))) for network in networks]
    mapped = ipaddress.ip_network("::ffff:0:0/96")
    if any(network.version == 6 and network.subnet_of(mapped) for network in networks):
        return
    if any(network.version == 6 and network.supernet_of(mapped) for network in networks):
        networks.append(ipaddress.ip_network("0.0.0.0/0"))
    for version, size in zip((4, 6), union(*texts)):
        collapsed = ipaddress.collapse_addresses(network for network in networks if network.version == version)
        assert size == sum(network.num_addresses for network in collapsed)


@settings(deadline=None, derandomize=True)
@given(st.lists(texts, max_size=6), texts, st.sampled_from([True, False, None]))
def test_another_entry_never_makes_the_reach_smaller(before: list[str], added: str, required: bool | None) -> None:
    # An empty list, if none is required, allows everything: the first entry of a list is the exception.
    if not before and required is not True:
        return
    smaller, larger = (reach(entries, required) for entries in (before, [*before, added]))
    assert LEVELS.index(smaller.kind) <= LEVELS.index(larger.kind)
    if smaller.addresses is not None and larger.addresses is not None:
        assert smaller.addresses <= larger.addresses


@settings(deadline=None, derandomize=True)
@given(st.lists(texts, min_size=1, max_size=6), st.sampled_from([True, False, None]))
def test_a_list_with_an_entry_does_not_depend_on_the_requirement(entries: list[str], required: bool | None) -> None:
    assert reach(entries, required) == reach(entries, True)
