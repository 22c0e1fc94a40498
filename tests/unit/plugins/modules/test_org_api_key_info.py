# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_info

ORG = "a0123456789abcdef012345a"
KEY, OTHER_KEY = "6a793f752c88faeba59bba49", "6a793f752c88faeba59bba50"
KEYS = f"/orgs/{ORG}/apiKeys"
LIST, OTHER_LIST = f"{KEYS}/{KEY}/accessList", f"{KEYS}/{OTHER_KEY}/accessList"

RESULT = {
    "id": KEY,
    "public_key": "gswvkocq",
    "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}, {"group_id": ORG, "role_name": "GROUP_OWNER"}],
    "new_thing": {"deep_thing": [{"very_deep": 1}, 2]},
}


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    """Two keys and a third without an ID, one with an unknown field; each key has an entry."""
    key = {
        "id": KEY,
        "publicKey": "gswvkocq",
        "roles": [{"orgId": ORG, "roleName": "ORG_OWNER"}, {"groupId": ORG, "roleName": "GROUP_OWNER"}],
        "newThing": {"deepThing": [{"veryDeep": 1}, 2]},
    }
    client.responses = {
        KEYS: [key, {"id": OTHER_KEY}, {"publicKey": "nameless"}],
        f"{KEYS}/{KEY}": key,
        LIST: [{"cidrBlock": "192.0.2.7/32", "newThing": 1}],
        OTHER_LIST: [],
    }


def run(client: t.Any, **options: t.Any) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", client.run(org_api_key_info, org_id=ORG, **options))


def refused(status: int, code: str) -> APIError:
    return APIError(f"GET {LIST}", status, {"error": status, "errorCode": code})


def test_one_key_in_snake_case_with_unknown_fields(client: t.Any) -> None:
    assert run(client, api_user_id=KEY) == {"changed": False, "complete": True, "api_key": RESULT}
    assert client.requests == [f"{KEYS}/{KEY}"]


def test_one_key_with_its_access_list(client: t.Any) -> None:
    access_list = [{"cidr_block": "192.0.2.7/32", "new_thing": 1}]
    found = run(client, api_user_id=KEY, gather_access_list=True)
    assert found["api_key"] == {**RESULT, "access_list": access_list}


def test_all_keys(client: t.Any) -> None:
    keys = [RESULT, {"id": OTHER_KEY}, {"public_key": "nameless"}]
    assert run(client) == {"changed": False, "complete": True, "api_keys": keys}
    assert client.requests == [KEYS]


def test_each_key_gets_its_own_access_list(client: t.Any) -> None:
    found = run(client, gather_access_list=True)
    lists = [key["access_list"] for key in found["api_keys"]]
    assert lists == [[{"cidr_block": "192.0.2.7/32", "new_thing": 1}], [], None]
    assert client.requests == [KEYS, LIST, OTHER_LIST]
    (warning,) = client.warnings
    assert warning.endswith("API key access lists: 1 of 3 belong to something that came without id.")


def test_a_list_that_does_not_add_up_is_not_complete(client: t.Any) -> None:
    client.responses[OTHER_LIST] = Listing([], "The list may be incomplete.")
    assert run(client)["complete"] is True
    assert run(client, gather_access_list=True)["complete"] is False
    assert client.warnings[0] == "The list may be incomplete."


@pytest.fixture
def _described(client: t.Any) -> None:
    client.responses[KEYS] = [
        {"id": KEY, "publicKey": "gswvkocq", "desc": "ci"},
        {"id": OTHER_KEY, "publicKey": "mqzhrtab", "desc": "twin"},
        {"id": KEY[::-1], "desc": "twin"},
        {"publicKey": "nameless"},
    ]


@pytest.mark.usefixtures("_described")
@pytest.mark.parametrize("selector", [{"desc": "ci"}, {"target_public_key": "gswvkocq"}])
def test_one_key_by_what_people_know(client: t.Any, selector: dict[str, str]) -> None:
    found = run(client, gather_access_list=True, **selector)
    assert (found["api_key"]["id"], len(found["api_key"]["access_list"])) == (KEY, 1)
    assert "api_keys" not in found
    assert client.requests == [KEYS, LIST]


@pytest.mark.usefixtures("_described")
@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ({"desc": "twin"}, f"Several API keys have the desc 'twin': {OTHER_KEY} .public key mqzhrtab., {KEY[::-1]}"),
        ({"desc": "CI"}, "No API key of the organization has the desc 'CI'.$"),
        ({"desc": ""}, "No API key of the organization has the desc ''"),
        ({"target_public_key": "abcdefgh"}, "has the target_public_key 'abcdefgh'.$"),
        ({"target_public_key": KEY}, "It looks like an ID: give it as api_user_id."),
    ],
)
def test_no_key_or_several_by_what_people_know(client: t.Any, selector: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run(client, **selector)


@pytest.mark.usefixtures("_described")
def test_key_is_not_looked_for_in_a_part_of_the_list(client: t.Any) -> None:
    client.responses[KEYS] = Listing(client.responses[KEYS], "The list may be incomplete.")
    with pytest.raises(AtlasError, match="not certain which API keys exist"):
        run(client, desc="ci")


def test_refused_access_list_fails_the_task(client: t.Any) -> None:
    client.responses[LIST] = refused(401, "API_KEY_ACCESS_LIST_ACCESS_DENIED")
    with pytest.raises(APIError, match="API_KEY_ACCESS_LIST_ACCESS_DENIED"):
        run(client, gather_access_list=True)


def test_refused_access_list_is_null_if_that_is_ignored(client: t.Any) -> None:
    client.responses[LIST] = refused(401, "API_KEY_ACCESS_LIST_ACCESS_DENIED")
    client.responses[KEYS] = client.responses[KEYS][:2]
    found = run(client, gather_access_list=True, ignore_access_denied=True)
    assert [key["access_list"] for key in found["api_keys"]] == [None, []]
    assert found["complete"] is True
    (warning,) = client.warnings
    assert "API key access lists: Atlas refused 1 of 2 (401 API_KEY_ACCESS_LIST_ACCESS_DENIED)." in warning


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "UNEXPECTED_ERROR"),
        (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"),
        (403, "ORG_REQUIRES_ACCESS_LIST"),
        (404, "API_KEY_NOT_FOUND"),
        (404, "USER_UNAUTHORIZED"),
        (429, "RATE_LIMITED"),
        (500, "UNEXPECTED_ERROR"),
    ],
)
def test_other_errors_are_never_ignored(client: t.Any, status: int, code: str) -> None:
    client.responses[LIST] = refused(status, code)
    with pytest.raises(APIError, match=code):
        run(client, gather_access_list=True, ignore_access_denied=True)


def test_refused_keys_are_never_ignored(client: t.Any) -> None:
    client.responses[KEYS] = refused(401, "USER_UNAUTHORIZED")
    with pytest.raises(APIError, match="USER_UNAUTHORIZED"):
        run(client, gather_access_list=True, ignore_access_denied=True)
