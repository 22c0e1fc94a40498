# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_info

ORG, OTHER_ORG = "a0123456789abcdef012345a", "c0123456789abcdef012345c"
CALLER = {"kind": "service_account", "id": "mdb_sa_id_0123456789abcdef01234567"}
SETTINGS, OTHER_SETTINGS = f"/orgs/{ORG}/settings", f"/orgs/{OTHER_ORG}/settings"


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    client.responses = {
        "/orgs": [{"id": ORG, "isDeleted": False}, {"id": OTHER_ORG, "newThing": {"deepThing": 1}}],
        f"/orgs/{ORG}": {"id": ORG, "name": "Production"},
        SETTINGS: {"apiAccessListRequired": True, "newSetting": 1},
        OTHER_SETTINGS: {},
    }


def run(client: t.Any, **options: t.Any) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", client.run(org_info, **options))


def test_all_with_unknown_fields(client: t.Any) -> None:
    orgs = [{"id": ORG, "is_deleted": False}, {"id": OTHER_ORG, "new_thing": {"deep_thing": 1}}]
    assert run(client) == {"changed": False, "complete": True, "orgs": orgs, "caller": CALLER}
    assert client.requests == ["/orgs"]


@pytest.mark.parametrize(("caller", "found"), [(("api_key", "gswvkocq"), True), (("access_token", None), False)])
def test_caller_is_null_if_a_token_does_not_say_whose_it_is(client: t.Any, caller: t.Any, found: bool) -> None:
    client.caller = caller
    assert run(client)["caller"] == ({"kind": "api_key", "id": "gswvkocq"} if found else None)


def test_one(client: t.Any) -> None:
    assert run(client, org_id=ORG)["orgs"] == [{"id": ORG, "name": "Production"}]


def test_each_gets_its_own_settings(client: t.Any) -> None:
    first, second = run(client, gather_settings=True)["orgs"]
    assert first["settings"] == {"api_access_list_required": True, "new_setting": 1}
    assert second["settings"] == {}
    assert client.requests == ["/orgs", SETTINGS, OTHER_SETTINGS]


def test_refused_settings_are_null_if_that_is_ignored(client: t.Any) -> None:
    client.responses[SETTINGS] = APIError("GET", 401, {"error": 401, "errorCode": "USER_UNAUTHORIZED"})
    with pytest.raises(APIError, match="USER_UNAUTHORIZED"):
        run(client, org_id=ORG, gather_settings=True)
    found = run(client, org_id=ORG, gather_settings=True, ignore_access_denied=True)
    assert found["orgs"] == [{"id": ORG, "name": "Production", "settings": None}]
    (warning,) = client.warnings
    assert "Organization settings: Atlas refused 1 of 1 (401 USER_UNAUTHORIZED)." in warning
