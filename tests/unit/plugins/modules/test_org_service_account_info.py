# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_service_account_info

ORG, PROJECT = "a0123456789abcdef012345a", "b0123456789abcdef012345b"
ACCOUNT, OTHER = "mdb_sa_id_0123456789abcdef01234567", "mdb_sa_id_0123456789abcdef01234568"
ACCOUNTS = f"/orgs/{ORG}/serviceAccounts"

SECRET = {"id": "1", "createdAt": "2026-01-01T00:00:00Z", "lastUsedAt": None, "maskedSecretValue": "mdb_sa_sk_…4567"}


def account(**fields: t.Any) -> dict[str, t.Any]:
    return {"clientId": ACCOUNT, "name": "reader", "roles": ["ORG_READ_ONLY"], "secrets": [SECRET], **fields}


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    client.responses = {
        ACCOUNTS: [account(), account(clientId=OTHER, systemManaged=True)],
        f"{ACCOUNTS}/{ACCOUNT}": account(),
        f"{ACCOUNTS}/{ACCOUNT}/groups": [{"groupId": PROJECT, "roles": ["GROUP_READ_ONLY", "GROUP_OWNER"]}],
        f"{ACCOUNTS}/{OTHER}/groups": [],
        f"{ACCOUNTS}/{ACCOUNT}/accessList": [{"ipAddress": "192.0.2.7", "requestCount": 1, "lastUsedAt": None}],
        f"{ACCOUNTS}/{OTHER}/accessList": [],
    }


def run(client: t.Any, **options: t.Any) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", client.run(org_service_account_info, org_id=ORG, **options))


def test_one_with_roles_in_the_form_of_api_keys(client: t.Any) -> None:
    found = run(client, service_account_id=ACCOUNT)
    assert found == {
        "changed": False,
        "complete": True,
        "service_account": {
            "client_id": ACCOUNT,
            "name": "reader",
            "roles": ["ORG_READ_ONLY"],
            "role_assignments": [{"org_id": ORG, "role_name": "ORG_READ_ONLY"}],
            "secrets": [
                {
                    "id": "1",
                    "created_at": "2026-01-01T00:00:00Z",
                    "last_used_at": None,
                    "masked_secret_value": "mdb_sa_sk_…4567",
                }
            ],
        },
    }
    assert client.requests == [f"{ACCOUNTS}/{ACCOUNT}"]


def test_all_with_projects_and_access_lists(client: t.Any) -> None:
    first, second = run(client, gather_projects=True, gather_access_list=True)["service_accounts"]
    assert first["projects"] == [{"group_id": PROJECT, "roles": ["GROUP_READ_ONLY", "GROUP_OWNER"]}]
    assert first["role_assignments"] == [
        {"org_id": ORG, "role_name": "ORG_READ_ONLY"},
        {"group_id": PROJECT, "role_name": "GROUP_READ_ONLY"},
        {"group_id": PROJECT, "role_name": "GROUP_OWNER"},
    ]
    assert first["access_list"] == [{"ip_address": "192.0.2.7", "request_count": 1, "last_used_at": None}]
    assert (second["projects"], second["access_list"], second["system_managed"]) == ([], [], True)
    assert len(client.requests) == 5


@pytest.mark.parametrize(("wanted", "query"), [(False, {}), (True, {"includeSystemManaged": "true"})])
def test_those_that_atlas_manages(client: t.Any, wanted: bool, query: dict[str, str]) -> None:
    run(client, include_system_managed=wanted)
    assert client.queries[ACCOUNTS] == query


def test_whole_secret_is_dropped(client: t.Any) -> None:
    secret = {**SECRET, "secret": "mdb_sa_sk_0123456789abcdef"}
    client.responses[ACCOUNTS] = [account(secrets=[secret, "of another shape"])]
    client.responses[f"{ACCOUNTS}/{ACCOUNT}"] = account(secrets=[secret])
    for found in (run(client), run(client, service_account_id=ACCOUNT)):
        assert "mdb_sa_sk_0123456789abcdef" not in str(found)
        assert "mdb_sa_sk_…4567" in str(found)


@pytest.mark.parametrize(
    ("roles", "assignments"),
    [
        (None, None),
        ("ORG_OWNER", None),
        ([], []),
        ([{"orgId": ORG, "roleName": "ORG_OWNER"}], [{"org_id": ORG, "role_name": "ORG_OWNER"}]),
    ],
)
def test_roles_of_other_shapes(client: t.Any, roles: t.Any, assignments: t.Any) -> None:
    client.responses[ACCOUNTS] = [account(roles=roles)]
    (found,) = run(client)["service_accounts"]
    assert found["role_assignments"] == assignments


def test_project_without_roles_leaves_the_assignments_unknown(client: t.Any) -> None:
    client.responses[f"{ACCOUNTS}/{ACCOUNT}/groups"] = [{"groupId": PROJECT}]
    found = run(client, service_account_id=ACCOUNT, gather_projects=True)["service_account"]
    assert found["role_assignments"] is None


def test_refused_parts_are_null_and_counted_in_one_warning(client: t.Any) -> None:
    denied = APIError("GET", 403, {"error": 403, "errorCode": "USER_UNAUTHORIZED"})
    client.responses[f"{ACCOUNTS}/{ACCOUNT}/groups"] = denied
    client.responses[f"{ACCOUNTS}/{ACCOUNT}/accessList"] = denied
    client.responses[f"{ACCOUNTS}/{OTHER}/accessList"] = denied
    found = run(client, gather_projects=True, gather_access_list=True, ignore_access_denied=True)
    first, second = found["service_accounts"]
    assert (first["projects"], first["access_list"]) == (None, None)
    assert (second["projects"], second["access_list"]) == ([], None)
    assert first["role_assignments"] == [{"org_id": ORG, "role_name": "ORG_READ_ONLY"}]
    (warning,) = client.warnings
    assert "Service account projects: Atlas refused 1 of 2 (403 USER_UNAUTHORIZED)." in warning
    assert "Service account access lists: Atlas refused 2 of 2 (403 USER_UNAUTHORIZED)." in warning
