# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a client that is none."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_info

ORG, KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"


class FakeClient:
    """Has the one key that it is asked for, with a field that nobody has heard of."""

    def get_org_api_key(self, org_id: str, api_user_id: str) -> dict[str, t.Any]:
        assert (org_id, api_user_id) == (ORG, KEY)
        roles = [{"orgId": ORG, "roleName": "ORG_OWNER"}, {"groupId": ORG, "roleName": "GROUP_OWNER"}]
        return {"id": KEY, "publicKey": "gswvkocq", "roles": roles, "newThing": {"deepThing": [{"veryDeep": 1}]}}


def test_one_key_in_snake_case_with_unknown_fields() -> None:
    result = org_api_key_info.run(t.cast(t.Any, FakeClient()), {"org_id": ORG, "api_user_id": KEY})
    assert result == {
        "changed": False,
        "api_key": {
            "id": KEY,
            "public_key": "gswvkocq",
            "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}, {"group_id": ORG, "role_name": "GROUP_OWNER"}],
            "new_thing": {"deep_thing": [{"very_deep": 1}]},
        },
    }
