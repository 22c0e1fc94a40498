# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An API key in a project of an organization that does not always do what it says."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError
from ansible_collections.mongodb_atlas.admin.plugins.modules import project_api_key
from ansible_collections.mongodb_atlas.admin.tests.robustness.plausible_atlas import (
    CLAIMS,
    DOES,
    DROPPED_AFTER,
    DROPPED_BEFORE,
    EMPTY,
    ERROR_AFTER,
    ERROR_BEFORE,
    HALF,
    NOTHING,
    ORG,
    PROJECT,
    SOMETHING_ELSE,
    PlausibleAtlas,
)

Json = dict[str, t.Any]


@pytest.fixture
def key(atlas: PlausibleAtlas) -> str:
    return atlas.add_key("ci")


def run(atlas: PlausibleAtlas, key: str, *roles: str, check_mode: bool = False, **options: t.Any) -> Json:
    options = {"project_id": PROJECT, "api_user_id": key, "roles": list(roles) or None, **options}
    return atlas.run(project_api_key, check_mode=check_mode, **options)


def failed(atlas: PlausibleAtlas, key: str, roles: t.Sequence[str], *texts: str, **options: t.Any) -> Json:
    """Return the result of a task that must fail with all these texts in its message."""
    result = run(atlas, key, *roles, **options)
    assert result.get("failed"), result
    assert not [text for text in texts if text not in result["msg"]], result["msg"]
    return result


def happen(atlas: PlausibleAtlas, method: str, how: str) -> None:
    atlas.outcome = lambda request: how if request.startswith(method) else DOES


def steps(atlas: PlausibleAtlas) -> list[str]:
    return [request.split()[0] for request in atlas.requests]


def assigned(atlas: PlausibleAtlas, *roles: str) -> str:
    return atlas.add_key("ci", project_roles=roles)


def test_present_needs_roles(atlas: PlausibleAtlas, key: str) -> None:
    failed(atlas, key, [], "roles is missing or empty")
    assert not atlas.requests


def test_key_is_assigned(atlas: PlausibleAtlas, key: str) -> None:
    result = run(atlas, key, "GROUP_READ_ONLY", "GROUP_READ_ONLY")
    assert steps(atlas) == ["GET", "GET", "POST", "GET"]
    assert atlas.bodies == {f"POST /groups/{PROJECT}/apiKeys/{key}": [{"roles": ["GROUP_READ_ONLY"]}]}
    assert result["diff"] == {"before": {"roles": None}, "after": {"roles": ["GROUP_READ_ONLY"]}}


def test_roles_are_replaced_in_this_project_only(atlas: PlausibleAtlas) -> None:
    key = assigned(atlas, "GROUP_OWNER")
    atlas.keys[key]["roles"].append({"groupId": "c" * 24, "roleName": "GROUP_OWNER"})
    result = run(atlas, key, "GROUP_READ_ONLY")
    assert atlas.bodies == {f"PATCH /groups/{PROJECT}/apiKeys/{key}": {"roles": ["GROUP_READ_ONLY"]}}
    assert result["diff"]["before"] == {"roles": ["GROUP_OWNER"]}


def test_roles_are_a_set(atlas: PlausibleAtlas) -> None:
    key = assigned(atlas, "A", "B")
    assert not run(atlas, key, "B", "A")["changed"]
    assert not atlas.writes()


def test_check_mode_only_reads_and_predicts(atlas: PlausibleAtlas) -> None:
    key = assigned(atlas, "GROUP_OWNER")
    planned = run(atlas, key, "GROUP_READ_ONLY", check_mode=True)
    assert not atlas.writes()
    assert [role["role_name"] for role in planned["api_key"]["roles"]] == ["ORG_MEMBER", "GROUP_READ_ONLY"]
    assert run(atlas, key, "GROUP_READ_ONLY") == planned


@pytest.mark.parametrize("check_mode", [True, False])
def test_key_that_does_not_exist(atlas: PlausibleAtlas, check_mode: bool) -> None:
    failed(atlas, "f" * 24, ["GROUP_OWNER"], "API_KEY_NOT_FOUND", check_mode=check_mode)
    assert not run(atlas, "f" * 24, state="absent", check_mode=check_mode)["changed"]
    assert not atlas.writes()


def test_project_that_does_not_exist(atlas: PlausibleAtlas, key: str) -> None:
    atlas.projects.clear()
    failed(atlas, key, ["GROUP_OWNER"], "GROUP_NOT_FOUND")
    assert not run(atlas, key, state="absent")["changed"]


@pytest.mark.parametrize("error", [{}, {"errorCode": "RESOURCE_NOT_FOUND"}])
def test_any_other_404_is_no_absence(
    atlas: PlausibleAtlas, key: str, error: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy, a wrong base_url or a wrong api_version answers so as well, and the key keeps its roles."""

    def get(*_segments: str, **_query: t.Any) -> Json:
        raise APIError("a request", 404, error)

    monkeypatch.setattr(atlas, "get", get)
    failed(atlas, key, [], "404", state="absent")


# A list that lags


@pytest.mark.parametrize("lag", [2, 5, 60])
def test_list_that_lags_hides_nothing(atlas: PlausibleAtlas, key: str, lag: int) -> None:
    atlas.now += 100
    atlas.lag = lag
    assert run(atlas, key, "GROUP_OWNER")["changed"]
    assert run(atlas, key, state="absent")["changed"]
    assert atlas.roles(key, PROJECT) == []
    assert run(atlas, key, "GROUP_OWNER")["changed"]
    assert atlas.roles(key, PROJECT) == ["GROUP_OWNER"]


@pytest.mark.parametrize("why", ["refused", "no organization"])
def test_list_of_the_project_is_used_where_the_key_cannot_be_read(
    atlas: PlausibleAtlas, key: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = atlas.get

    def get(*segments: str, **query: t.Any) -> Json:
        if segments[0] == "orgs":
            raise APIError("a request", 401, {"errorCode": "USER_UNAUTHORIZED"})
        return {"id": PROJECT} if why == "no organization" else real(*segments, **query)

    monkeypatch.setattr(atlas, "get", get)
    atlas.now += 100
    atlas.lag = 2
    assert run(atlas, key, "GROUP_OWNER")["changed"]
    atlas.lag = 0
    assert not run(atlas, key, "GROUP_OWNER")["changed"]
    monkeypatch.setattr(atlas, "list", lambda *a, **k: Listing([], "The list may be incomplete."))
    failed(atlas, key, ["GROUP_OWNER"], "The list may be incomplete. So it is not certain what would change")


# Writes that do not do what they say


@pytest.mark.parametrize("how", [EMPTY, DROPPED_AFTER, ERROR_AFTER])
@pytest.mark.parametrize("before", [(), ("GROUP_OWNER",)])
def test_lost_response_is_looked_up(atlas: PlausibleAtlas, how: str, before: tuple[str, ...]) -> None:
    key = assigned(atlas, *before)
    atlas.outcome = lambda _request: how
    assert run(atlas, key, "GROUP_READ_ONLY")["changed"]
    assert run(atlas, key, state="absent")["changed"]
    assert len(atlas.writes()) == 2


@pytest.mark.parametrize("how", [DROPPED_BEFORE, ERROR_BEFORE])
def test_lost_request_is_a_failure(atlas: PlausibleAtlas, key: str, how: str) -> None:
    atlas.outcome = lambda _request: how
    result = failed(atlas, key, ["GROUP_OWNER"], "was not found afterwards")
    assert (result["changed"], len(atlas.writes())) == (False, 1)


@pytest.mark.parametrize("how", [NOTHING, CLAIMS])
def test_assignment_that_is_not_made_is_a_failure(atlas: PlausibleAtlas, key: str, how: str) -> None:
    happen(atlas, "POST", how)
    assert not failed(atlas, key, ["GROUP_OWNER"], "is not assigned to the project")["changed"]


@pytest.mark.parametrize("before", [(), ("GROUP_OWNER",)])
@pytest.mark.parametrize("how", [SOMETHING_ELSE, NOTHING])
def test_wider_roles_are_a_failure(atlas: PlausibleAtlas, how: str, before: tuple[str, ...]) -> None:
    if how == NOTHING and not before:
        return  # not assigned, which another test shows
    key = assigned(atlas, *before)
    atlas.outcome = lambda _request: how
    result = failed(atlas, key, ["GROUP_READ_ONLY"], "more roles in the project than asked for: GROUP_OWNER")
    assert result["changed"] == (how == SOMETHING_ELSE)


def test_missing_roles_are_a_warning(atlas: PlausibleAtlas, key: str) -> None:
    atlas.outcome = lambda _request: HALF
    result = run(atlas, key, "GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER")
    assert result["diff"]["after"] == {"roles": atlas.roles(key, PROJECT)}
    assert len(atlas.warnings) == 1


@pytest.mark.parametrize("how", [NOTHING, SOMETHING_ELSE, HALF])
def test_removal_that_is_not_made_is_a_failure(atlas: PlausibleAtlas, how: str) -> None:
    key = assigned(atlas, "GROUP_OWNER")
    happen(atlas, "DELETE", how)
    result = failed(atlas, key, [], "still assigned to the project", state="absent")
    assert result["changed"] == (atlas.roles(key, PROJECT) != ["GROUP_OWNER"])


@pytest.mark.parametrize(("found", "patched"), [("GROUP_READ_ONLY", False), ("GROUP_OWNER", True)])
def test_key_that_another_task_assigned_by_now(atlas: PlausibleAtlas, key: str, found: str, patched: bool) -> None:
    def assign(identifier: str, body: list[Json], how: str) -> Json:
        atlas._set_roles(identifier, [found], DOES)
        return real(identifier, body, how)

    real, atlas._assign = atlas._assign, assign  # type: ignore[method-assign]
    assert run(atlas, key, "GROUP_READ_ONLY")["changed"]
    assert any(request.startswith("PATCH") for request in atlas.writes()) == patched
    assert atlas.roles(key, PROJECT) == ["GROUP_READ_ONLY"]


@pytest.mark.parametrize("gone", ["assignment", "project", "key"])
def test_what_is_gone_by_now_counts_as_removed(atlas: PlausibleAtlas, gone: str) -> None:
    key = assigned(atlas, "GROUP_OWNER")

    def unassign(identifier: str, how: str) -> Json:
        if gone == "assignment":
            real(identifier, how)
        elif gone == "key":
            del atlas.keys[identifier]
        else:
            atlas.projects.clear()
            raise APIError("DELETE", 404, {"errorCode": "GROUP_NOT_FOUND"})
        return real(identifier, how)

    real, atlas._unassign = atlas._unassign, unassign  # type: ignore[method-assign]
    if gone == "project":
        # The key may still tell of its role there; whether it does is not known.
        atlas.keys[key]["roles"] = [role for role in atlas.keys[key]["roles"] if "orgId" in role]
        atlas.keys[key]["roles"].append({"groupId": PROJECT, "roleName": "GROUP_OWNER"})
    assert run(atlas, key, state="absent")["changed"]


# The own key


@pytest.mark.parametrize(("roles", "options"), [((), {"state": "absent"}), (("GROUP_READ_ONLY",), {})])
@pytest.mark.parametrize("check_mode", [True, False])
def test_own_role_is_protected(atlas: PlausibleAtlas, roles: tuple[str, ...], options: Json, check_mode: bool) -> None:
    key = assigned(atlas, "GROUP_OWNER")
    atlas.own = "key00001"
    failed(atlas, key, roles, "allow_self: true", "GROUP_OWNER", check_mode=check_mode, **options)
    assert not atlas.writes()
    assert run(atlas, key, *roles, check_mode=check_mode, allow_self=True, **options)["changed"]


def test_own_key_may_get_more_roles(atlas: PlausibleAtlas) -> None:
    key = assigned(atlas, "GROUP_OWNER")
    atlas.own = "key00001"
    assert run(atlas, key, "GROUP_OWNER", "GROUP_READ_ONLY")["changed"]
    assert ORG in atlas.requests[-1]
