# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an audit costs grows as the number of credentials does.

Counted are calls of functions, which are the same on a busy machine; a second for 25,000 credentials is not.
"""

from __future__ import annotations

import sys
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import FORMATS, render
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.csv_tables import safe_cell
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import (
    parse_address,
    parse_block,
)
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    account,
    account_entry,
    audited,
    created,
    key,
    key_entry,
    organization,
)

EXCEPTIONS = [{"rule": "old", "id": f"{number:024x}", "reason": "?", "until": "2026-12-31"} for number in range(50)]


def of_size(organizations: int, keys: int) -> list[dict[str, t.Any]]:
    return [
        organization(
            org_id=f"{org:024x}",
            api_keys=[
                key(
                    id=f"{org:012x}{number:012x}",
                    public_key=f"{org:04x}{number:04x}",
                    access_list=[key_entry(f"10.{org % 256}.{number % 256}.{entry}/32") for entry in range(3)],
                )
                for number in range(keys)
            ],
            service_accounts=[
                account(client_id=f"mdb_sa_id_{org:012x}{number:012x}", access_list=[account_entry("10.0.0.0/8")])
                for number in range(keys)
            ],
            events=[created(f"{org:04x}{number:04x}", days=number) for number in range(keys)],
        )
        for org in range(organizations)
    ]


def calls(function: t.Callable[[], object]) -> int:
    """How many functions, of Python and of C, are called."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    parse_block.cache_clear()
    parse_address.cache_clear()
    safe_cell.cache_clear()
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def report(size: list[dict[str, t.Any]], baseline: t.Any = None) -> t.Any:
    return audited(*size, exceptions=EXCEPTIONS, baseline=baseline)


@pytest.mark.parametrize(("fewer", "more"), [((2, 50), (4, 50)), ((2, 50), (2, 100))], ids=["organizations", "keys"])
def test_twice_as_much_costs_twice_as_much(fewer: tuple[int, int], more: tuple[int, int]) -> None:
    small, large = of_size(*fewer), of_size(*more)
    first, second = report(small), report(large)
    assert calls(lambda: report(large)) < 2.2 * calls(lambda: report(small))
    assert calls(lambda: report(large, second)) < 2.2 * calls(lambda: report(small, first))
    for name in set(FORMATS) - {"html"}:
        assert calls(lambda name=name: render(second, name)) < 2.2 * calls(lambda name=name: render(first, name))


def test_one_access_list_of_any_length() -> None:
    small, large = (
        [
            organization(
                service_accounts=[
                    account(access_list=[account_entry(f"10.0.{n % 256}.{n // 256}/32") for n in range(size)])
                ]
            )
        ]
        for size in (400, 800)
    )
    assert calls(lambda: report(large)) < 2.2 * calls(lambda: report(small))
