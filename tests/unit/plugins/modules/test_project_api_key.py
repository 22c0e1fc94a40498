# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    TransportError,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.modules import project_api_key

ORG, PROJECT, ID = "a0123456789abcdef012345a", "b0123456789abcdef012345b", "6a793f752c88faeba59bba49"
KEYS = f"/groups/{PROJECT}/apiKeys"
KEY = f"{KEYS}/{ID}"
ELSEWHERE = [{"orgId": ORG, "roleName": "ORG_MEMBER"}, {"groupId": ORG, "roleName": "GROUP_OWNER"}]


def key(*roles: str) -> dict[str, t.Any]:
    return {"id": ID, "roles": [*ELSEWHERE, *({"groupId": PROJECT, "roleName": role} for role in roles)]}


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    client.responses = {KEYS: [], f"POST {KEY}": {}, f"PATCH {KEY}": {}, f"DELETE {KEY}": {}}


def lists(client: t.Any, *lists: list[dict[str, t.Any]]) -> None:
    """The list of the project's keys, each time that it is read."""
    rest = list(lists)
    client.responses[KEYS] = lambda: rest.pop(0)


def run(client: t.Any, *roles: str, check_mode: bool = False, **options: t.Any) -> dict[str, t.Any]:
    options = {"project_id": PROJECT, "api_user_id": ID, "roles": list(roles) or None, **options}
    return t.cast("dict[str, t.Any]", client.run(project_api_key, check_mode=check_mode, **options))


def test_present_needs_roles(client: t.Any) -> None:
    with pytest.raises(UsageError, match="roles is missing or empty"):
        run(client)
    assert not client.requests


def test_key_is_assigned(client: t.Any) -> None:
    lists(client, [], [key("GROUP_READ_ONLY")])
    result = run(client, "GROUP_READ_ONLY", "GROUP_READ_ONLY")
    assert client.requests == [KEYS, f"POST {KEY}", KEYS]
    assert client.bodies[f"POST {KEY}"] == [{"roles": ["GROUP_READ_ONLY"]}]
    assert result["diff"] == {"before": {"roles": None}, "after": {"roles": ["GROUP_READ_ONLY"]}}


def test_roles_are_replaced_in_this_project_only(client: t.Any) -> None:
    lists(client, [key("GROUP_OWNER")], [key("GROUP_READ_ONLY")])
    assert run(client, "GROUP_READ_ONLY")["changed"]
    assert client.bodies == {f"PATCH {KEY}": {"roles": ["GROUP_READ_ONLY"]}}


def test_roles_are_a_set(client: t.Any) -> None:
    client.responses[KEYS] = [key("A", "B")]
    assert not run(client, "B", "A")["changed"]
    assert client.requests == [KEYS]


def test_check_mode_only_reads(client: t.Any) -> None:
    client.responses[KEYS] = [key("GROUP_OWNER")]
    result = run(client, "GROUP_READ_ONLY", check_mode=True)
    assert client.requests == [KEYS]
    planned = [role["role_name"] for role in result["api_key"]["roles"]]
    assert planned == ["ORG_MEMBER", "GROUP_OWNER", "GROUP_READ_ONLY"]


@pytest.mark.parametrize(("meanwhile", "patched"), [("GROUP_READ_ONLY", False), ("GROUP_OWNER", True)])
def test_key_that_another_task_assigned_meanwhile(client: t.Any, meanwhile: str, patched: bool) -> None:
    lists(client, [], [key(meanwhile)], [key("GROUP_READ_ONLY")])
    client.responses[f"POST {KEY}"] = APIError("a request", 409, {"errorCode": "API_KEY_ALREADY_IN_GROUP"})
    assert run(client, "GROUP_READ_ONLY")["changed"]
    assert (f"PATCH {KEY}" in client.requests) == patched


def test_absent(client: t.Any) -> None:
    client.responses[KEYS] = [key("GROUP_OWNER")]
    assert run(client, state="absent")["changed"]
    assert client.requests == [KEYS, f"DELETE {KEY}"]


@pytest.mark.parametrize("answer", [[], APIError("a request", 404, {"errorCode": "GROUP_NOT_FOUND"})])
def test_absent_if_there_is_nothing(client: t.Any, answer: t.Any) -> None:
    client.responses[KEYS] = answer
    assert not run(client, state="absent")["changed"]


def test_present_in_a_project_that_does_not_exist(client: t.Any) -> None:
    client.responses[KEYS] = APIError("a request", 404, {})
    with pytest.raises(APIError):
        run(client, "GROUP_OWNER")


@pytest.mark.parametrize("error", [{}, {"errorCode": "RESOURCE_NOT_FOUND"}])
def test_any_other_404_is_no_absence(client: t.Any, error: dict[str, str]) -> None:
    """A proxy, a wrong base_url or a wrong api_version answers so, too, and the key keeps its roles."""
    client.responses[KEYS] = APIError("a request", 404, error)
    with pytest.raises(APIError):
        run(client, state="absent")


def test_key_that_is_gone_meanwhile_counts_as_removed(client: t.Any) -> None:
    lists(client, [key("GROUP_OWNER")], [])
    client.responses[f"DELETE {KEY}"] = APIError("a request", 404, {})
    assert run(client, state="absent")["changed"]


def test_project_that_is_gone_meanwhile_counts_as_removed(client: t.Any) -> None:
    gone = APIError("a request", 404, {"errorCode": "GROUP_NOT_FOUND"})
    lists(client, [key("GROUP_OWNER")], gone)
    client.responses[f"DELETE {KEY}"] = gone
    assert run(client, state="absent")["changed"]


def test_key_that_is_still_there_was_not_removed(client: t.Any) -> None:
    client.responses[KEYS] = [key("GROUP_OWNER")]
    client.responses[f"DELETE {KEY}"] = APIError("a request", 404, {})
    with pytest.raises(APIError):
        run(client, state="absent")


def test_lost_response_is_looked_up(client: t.Any) -> None:
    lists(client, [], [key("GROUP_OWNER")], [key("GROUP_OWNER")])
    client.responses[f"POST {KEY}"] = TransportError("The connection broke.")
    assert run(client, "GROUP_OWNER")["changed"]
    assert client.requests.count(f"POST {KEY}") == 1


def test_incomplete_list_changes_nothing(client: t.Any) -> None:
    client.responses[KEYS] = Listing([], "The list may be incomplete.")
    with pytest.raises(AtlasError, match="^The list may be incomplete. So it is not certain what would change"):
        run(client, "GROUP_OWNER")
