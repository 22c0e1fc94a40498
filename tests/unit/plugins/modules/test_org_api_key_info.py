# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a client that is none."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_info

ORG = "a0123456789abcdef012345a"
KEY, OTHER_KEY = "6a793f752c88faeba59bba49", "6a793f752c88faeba59bba50"


class FakeClient:
    """Has two keys and a third without an ID, with a field that nobody has heard of; each key has an entry."""

    keys = (
        {
            "id": KEY,
            "publicKey": "gswvkocq",
            "roles": [{"orgId": ORG, "roleName": "ORG_OWNER"}, {"groupId": ORG, "roleName": "GROUP_OWNER"}],
            "newThing": {"deepThing": [{"veryDeep": 1}, 2]},
        },
        {"id": OTHER_KEY},
        {"publicKey": "nameless"},
    )

    def get_org_api_key(self, org_id: str, api_user_id: str) -> dict[str, t.Any]:
        assert (org_id, api_user_id) == (ORG, KEY)
        return self.keys[0]

    def list_org_api_keys(self, org_id: str) -> list[dict[str, t.Any]]:
        assert org_id == ORG
        return list(self.keys)

    def list_access_lists(self, org_id: str, api_user_ids: list[str]) -> list[list[dict[str, t.Any]]]:
        assert org_id == ORG
        return [[{"cidrBlock": f"of {api_user_id}", "newThing": 1}] for api_user_id in api_user_ids]


FACTS = {
    "id": KEY,
    "public_key": "gswvkocq",
    "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}, {"group_id": ORG, "role_name": "GROUP_OWNER"}],
    "new_thing": {"deep_thing": [{"very_deep": 1}, 2]},
}


def run(**params: t.Any) -> dict[str, t.Any]:
    options = {"org_id": ORG, "api_user_id": None, "gather_access_list": False, **params}
    return org_api_key_info.run(t.cast(t.Any, FakeClient()), options)


def test_one_key_in_snake_case_with_unknown_fields() -> None:
    assert run(api_user_id=KEY) == {"changed": False, "api_key": FACTS}


def test_one_key_with_its_access_list() -> None:
    access_list = [{"cidr_block": f"of {KEY}", "new_thing": 1}]
    assert run(api_user_id=KEY, gather_access_list=True)["api_key"] == {**FACTS, "access_list": access_list}


def test_all_keys() -> None:
    assert run() == {"changed": False, "api_keys": [FACTS, {"id": OTHER_KEY}, {"public_key": "nameless"}]}


def test_each_key_gets_its_own_access_list() -> None:
    first, second, third = run(gather_access_list=True)["api_keys"]
    assert first["access_list"] == [{"cidr_block": f"of {KEY}", "new_thing": 1}]
    assert second["access_list"] == [{"cidr_block": f"of {OTHER_KEY}", "new_thing": 1}]
    assert "access_list" not in third
