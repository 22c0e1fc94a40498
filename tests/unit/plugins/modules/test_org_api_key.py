# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    TransportError,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key

ORG, PROJECT, ID = "a0123456789abcdef012345a", "b0123456789abcdef012345b", "6a793f752c88faeba59bba49"
KEYS = f"/orgs/{ORG}/apiKeys"
KEY = f"{KEYS}/{ID}"
PRIVATE = "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"
CI = {
    "id": ID,
    "desc": "ci",
    "publicKey": "gswvkocq",
    "privateKey": PRIVATE,
    "roles": [{"orgId": ORG, "roleName": "ORG_OWNER"}, {"groupId": PROJECT, "roleName": "GROUP_OWNER"}],
}
NEW = {"desc": "ci", "roles": ["ORG_MEMBER"], "return_secret": True}


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    client.responses = {
        KEYS: [],
        KEY: CI,
        f"POST {KEYS}": CI,
        f"POST {KEY}/accessList": {},
        f"PATCH {KEY}": CI,
        f"DELETE {KEY}": {},
    }


def run(client: t.Any, check_mode: bool = False, **options: t.Any) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", client.run(org_api_key, check_mode=check_mode, org_id=ORG, **options))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"state": "absent"}, "Neither api_user_id nor desc"),
        ({"desc": ""}, "Neither api_user_id nor desc"),
        ({"desc": "x" * 251, "return_secret": True}, "desc has 251 characters"),
        ({"desc": "ci", "roles": ["ORG_MEMBER"]}, "would be lost"),
    ],
)
def test_refused_before_anything_is_sent(client: t.Any, options: dict[str, t.Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        run(client, **options)
    assert not client.requests


def test_creation_needs_roles(client: t.Any) -> None:
    with pytest.raises(UsageError, match="give roles"):
        run(client, desc="ci", return_secret=True)
    assert client.requests == [KEYS]


def test_created_key_is_restricted_first(client: t.Any) -> None:
    result = run(client, **NEW, access_list=["192.0.2.0/24", "2001:db8::1"])
    assert client.requests == [KEYS, f"POST {KEYS}", f"POST {KEY}/accessList"]
    assert client.bodies[f"POST {KEYS}"] == {"desc": "ci", "roles": ["ORG_MEMBER"]}
    assert client.bodies[f"POST {KEY}/accessList"] == [{"cidrBlock": "192.0.2.0/24"}, {"ipAddress": "2001:db8::1"}]
    assert (result["changed"], result["private_key"]) == (True, PRIVATE)
    assert PRIVATE not in str(result["api_key"]) + str(result["diff"])


def test_check_mode_only_reads_and_tests_the_file(client: t.Any, tmp_path: pathlib.Path) -> None:
    result = run(client, check_mode=True, desc="ci", roles=["ORG_MEMBER"], secret_file=f"{tmp_path}/key")
    assert result["changed"]
    assert client.requests == [KEYS]
    assert not list(tmp_path.iterdir())
    with pytest.raises(UsageError, match="cannot be written"):
        run(client, check_mode=True, desc="ci", roles=["ORG_MEMBER"], secret_file=f"{tmp_path}/no/key")


def test_several_keys_with_the_description_are_listed(client: t.Any) -> None:
    client.responses[KEYS] = [CI, {**CI, "id": "6a793f752c88faeba59bba50", "publicKey": "mqzhrtab"}]
    with pytest.raises(UsageError, match=rf"{ID} \(public key gswvkocq\), 6a793f752c88faeba59bba50 \(public key mqzh"):
        run(client, desc="ci", state="absent")


def test_of_several_keys_none_is_deleted_if_the_response_to_the_creation_is_lost(client: t.Any) -> None:
    def lose() -> None:
        client.responses[KEYS] = [CI, {**CI, "id": "6a793f752c88faeba59bba50", "publicKey": "mqzhrtab"}]
        raise TransportError("The response is lost.")

    client.responses[f"POST {KEYS}"] = lose
    with pytest.raises(
        AtlasError, match=rf"Several have it now: {ID} \(public key gswvkocq\), 6a793f752c88faeba59bba50"
    ):
        run(client, **NEW)
    assert client.requests == [KEYS, f"POST {KEYS}", KEYS]


def test_missing_private_key_file_is_a_warning(client: t.Any, tmp_path: pathlib.Path) -> None:
    client.responses[KEYS] = [CI]
    run(client, desc="ci", secret_file=f"{tmp_path}/key")
    assert client.warnings == [
        f"The API key {ID} exists, and {tmp_path}/key does not. Its private key cannot be read again."
    ]


def test_incomplete_list_creates_nothing(client: t.Any) -> None:
    client.responses[KEYS] = Listing([], "The list may be incomplete.")
    with pytest.raises(AtlasError, match="^The list may be incomplete. So it is not certain which API keys exist"):
        run(client, **NEW)
    assert client.requests == [KEYS]
    assert not client.warnings


def test_roles_are_a_set_and_those_in_projects_are_not_compared(client: t.Any) -> None:
    client.responses[KEYS] = [CI]
    result = run(client, desc="ci", roles=["ORG_OWNER", "ORG_OWNER"], return_secret=True)
    assert not result["changed"]
    assert client.requests == [KEYS]


def test_only_what_differs_is_sent(client: t.Any) -> None:
    client.responses[f"PATCH {KEY}"] = {**CI, "desc": "new"}
    result = run(client, api_user_id=ID, desc="new")
    assert client.bodies[f"PATCH {KEY}"] == {"desc": "new"}
    assert result["diff"]["before"]["roles"] == result["diff"]["after"]["roles"] == ["ORG_OWNER"]
    assert result["api_key"]["private_key"] == "********-****-****-01bdd56c8977"


def test_lost_project_roles_are_warned_of(client: t.Any) -> None:
    client.responses[f"PATCH {KEY}"] = {**CI, "roles": [{"orgId": ORG, "roleName": "ORG_MEMBER"}]}
    run(client, api_user_id=ID, roles=["ORG_MEMBER"])
    assert client.warnings == [f"The API key {ID} has lost roles in projects: {PROJECT} GROUP_OWNER."]


@pytest.mark.parametrize("options", [{"state": "absent"}, {"roles": ["ORG_MEMBER"]}])
@pytest.mark.parametrize("check_mode", [True, False])
def test_own_key_is_protected(client: t.Any, options: dict[str, t.Any], check_mode: bool) -> None:
    client.public_key = "gswvkocq"
    with pytest.raises(UsageError, match="allow_self: true"):
        run(client, check_mode, api_user_id=ID, **options)
    assert client.requests == [KEY]
    assert run(client, check_mode, api_user_id=ID, **options, allow_self=True)["changed"]


def test_missing_key(client: t.Any) -> None:
    client.responses[KEY] = APIError("a request", 404, {"errorCode": "API_KEY_NOT_FOUND"})
    assert run(client, api_user_id=ID, state="absent") == {"changed": False, "diff": {"before": {}, "after": {}}}
    with pytest.raises(APIError, match="API_KEY_NOT_FOUND"):
        run(client, api_user_id=ID, roles=["ORG_MEMBER"])


def test_key_that_is_gone_meanwhile_counts_as_deleted(client: t.Any) -> None:
    client.responses[f"DELETE {KEY}"] = APIError("a request", 404, {"errorCode": "API_KEY_NOT_FOUND"})
    assert run(client, api_user_id=ID, state="absent")["deleted_api_user_id"] == ID


def test_key_without_an_id_is_not_deleted(client: t.Any) -> None:
    client.responses[KEYS] = [{"desc": "ci"}]
    with pytest.raises(AtlasError, match="has no ID"):
        run(client, desc="ci", state="absent")
