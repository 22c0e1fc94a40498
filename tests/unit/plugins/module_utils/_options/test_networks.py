# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses and blocks in options."""

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import parse_networks


def test_parsed() -> None:
    texts = ["192.0.2.7", "192.0.2.7/32", "2001:DB8:0::/32", "0.0.0.0"]
    assert {str(network) for network in parse_networks("entries", texts)} == {
        "192.0.2.7/32",
        "2001:db8::/32",
        "0.0.0.0/0",
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("192.0.2.7/24", r"bits beyond its prefix. Write 192\.0\.2\.0/24 "),
        ("2001:db8::1/32", "Write 2001:db8::/32 "),
        ("office", "not an IPv4 or IPv6 address"),
        ("192.0.2.0/33", "not an IPv4 or IPv6 address"),
        ("", "not an IPv4 or IPv6 address"),
        ("fe80::1%eth0", "with a zone"),
        ("{'cidr_block': '192.0.2.0/24'}", r"map\(attribute='cidr_block'\)"),
    ],
)
def test_refused(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=f"^entries contains .*{problem}"):
        parse_networks("entries", [text])
