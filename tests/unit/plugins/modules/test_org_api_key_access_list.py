# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_access_list

ORG, ID = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"
KEY = f"/orgs/{ORG}/apiKeys/{ID}"
LIST = f"{KEY}/accessList"
OFFICE = {"cidrBlock": "192.0.2.0/24", "count": 1, "lastUsed": "2026-08-10T03:02:57Z", "lastUsedAddress": "192.0.2.7"}
HOME = {"cidrBlock": "198.51.100.7/32", "ipAddress": "198.51.100.7"}
DELETE_HOME = f"DELETE {LIST}/198.51.100.7"


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    client.responses = {
        LIST: [OFFICE, HOME],
        KEY: {"id": ID, "publicKey": "gswvkocq"},
        f"POST {LIST}": {},
        DELETE_HOME: {},
    }


def run(client: t.Any, *entries: str, check_mode: bool = False, **options: t.Any) -> dict[str, t.Any]:
    options = {"org_id": ORG, "api_user_id": ID, "entries": list(entries), **options}
    return t.cast("dict[str, t.Any]", client.run(org_api_key_access_list, check_mode=check_mode, **options))


@pytest.mark.parametrize("entry", ["192.0.2.0/24", "198.51.100.7", "198.51.100.7/32"])
def test_entry_that_exists_in_another_form_changes_nothing(client: t.Any, entry: str) -> None:
    assert not run(client, entry)["changed"]
    assert client.requests == [LIST]


def test_additions_are_one_request_and_come_first(client: t.Any) -> None:
    result = run(client, "192.0.2.0/24", "203.0.113.9", "2001:DB8::/32", purge=True)
    assert client.requests == [LIST, f"POST {LIST}", DELETE_HOME, LIST]
    assert client.bodies[f"POST {LIST}"] == [{"ipAddress": "203.0.113.9"}, {"cidrBlock": "2001:db8::/32"}]
    assert result["diff"]["before"] == {"access_list": ["192.0.2.0/24", "198.51.100.7/32"]}
    assert result["diff"]["after"] == {"access_list": ["192.0.2.0/24", "203.0.113.9/32", "2001:db8::/32"]}


def test_absent_removes_what_is_there(client: t.Any) -> None:
    assert run(client, "198.51.100.7", "203.0.113.9", state="absent")["changed"]
    assert client.requests == [LIST, DELETE_HOME, LIST]


def test_check_mode_only_reads(client: t.Any) -> None:
    result = run(client, "203.0.113.9", check_mode=True)
    assert client.requests == [LIST]
    assert {"cidr_block": "203.0.113.9/32"} in result["access_list"]


def test_host_bits_are_refused_with_the_block(client: t.Any) -> None:
    with pytest.raises(UsageError, match=r"Write 192\.0\.2\.0/24"):
        run(client, "192.0.2.7/24")
    assert not client.requests


@pytest.mark.parametrize(
    ("entries", "options", "option"),
    [
        ([], {"purge": True}, "allow_empty"),
        (["192.0.2.0/24", "198.51.100.7"], {"state": "absent"}, "allow_empty"),
        (["0.0.0.0/0"], {}, "allow_anywhere"),
        (["0.0.0.0/1", "128.0.0.0/1"], {}, "allow_anywhere"),
        (["::/0"], {}, "allow_anywhere"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_dangerous_lists_need_an_option(
    client: t.Any, entries: list[str], options: dict[str, t.Any], option: str, check_mode: bool
) -> None:
    with pytest.raises(UsageError, match=f"set {option}: true"):
        run(client, *entries, check_mode=check_mode, **options)
    assert client.requests == [LIST]
    assert run(client, *entries, check_mode=True, **options, **{option: True})["changed"]


@pytest.mark.parametrize("last_used", ["192.0.2.7", "not an address"])
@pytest.mark.parametrize("check_mode", [True, False])
def test_own_address_is_protected(client: t.Any, last_used: str, check_mode: bool) -> None:
    client.public_key = "gswvkocq"
    client.responses[LIST] = [{**OFFICE, "lastUsedAddress": last_used}, HOME]
    with pytest.raises(UsageError, match="allow_self: true"):
        run(client, "192.0.2.0/24", state="absent", check_mode=check_mode)
    assert client.requests == [LIST, KEY]


def test_own_key_may_be_restricted_to_a_list_with_the_own_address(client: t.Any) -> None:
    client.public_key = "gswvkocq"
    assert run(client, "192.0.2.0/28", purge=True, check_mode=True)["changed"]


def test_entry_that_another_task_added_meanwhile_is_success(client: t.Any) -> None:
    lists = [[OFFICE], [OFFICE, HOME], [OFFICE, HOME]]
    client.responses[LIST] = lambda: lists.pop(0)
    client.responses[f"POST {LIST}"] = APIError("a request", 409, {})
    assert len(run(client, "198.51.100.7")["access_list"]) == 2


def test_entry_that_is_gone_meanwhile_is_success(client: t.Any) -> None:
    lists = [[OFFICE, HOME], [OFFICE], [OFFICE]]
    client.responses[LIST] = lambda: lists.pop(0)
    client.responses[DELETE_HOME] = APIError("a request", 404, {})
    assert len(run(client, "198.51.100.7", state="absent")["access_list"]) == 1


def test_incomplete_list_changes_nothing(client: t.Any) -> None:
    client.responses[LIST] = Listing([OFFICE], "The list may be incomplete.")
    with pytest.raises(AtlasError, match="^The list may be incomplete. So it is not certain what would change"):
        run(client, "192.0.2.0/24", purge=True)
    assert client.requests == [LIST]
    assert not client.warnings
