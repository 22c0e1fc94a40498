# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One API key in an organization that does not always do what it says."""

from __future__ import annotations

import contextlib
import itertools
import json
import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.api_key import ApiKey
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, Interrupted
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key
from ansible_collections.mongodb_atlas.admin.tests.robustness.plausible_atlas import (
    CLAIMS,
    DOES,
    DROPPED_AFTER,
    DROPPED_BEFORE,
    EMPTY,
    ERROR_AFTER,
    ERROR_BEFORE,
    LATE,
    NOTHING,
    ORG,
    PROJECT,
    REFUSED,
    SOMETHING_ELSE,
    PlausibleAtlas,
)

KEYS = f"/orgs/{ORG}/apiKeys"
NEW = {"desc": "ci", "roles": ["ORG_MEMBER"], "return_secret": True}

Json = dict[str, t.Any]


def run(atlas: PlausibleAtlas, check_mode: bool = False, **options: t.Any) -> Json:
    return atlas.run(org_api_key, check_mode=check_mode, org_id=ORG, **options)


def failed(atlas: PlausibleAtlas, *texts: str, check_mode: bool = False, **options: t.Any) -> Json:
    """Return the result of a task that must fail with all these texts in its message."""
    result = run(atlas, check_mode, **options)
    assert result.get("failed"), result
    assert not [text for text in texts if text not in result["msg"]], result["msg"]
    return result


def happen(atlas: PlausibleAtlas, method: str, how: str, part: str = "") -> None:
    """Let writes with a method, and a part of their path, end so; all others do what they say."""
    atlas.outcome = lambda request: how if request.startswith(method) and request.endswith(part) else DOES


# Options


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"state": "absent"}, "Neither api_user_id nor desc"),
        ({"desc": ""}, "Neither api_user_id nor desc"),
        ({"desc": "x" * 251, "return_secret": True}, "desc has 251 characters"),
        ({"desc": "ci", "roles": ["ORG_MEMBER"]}, "would be lost"),
        ({**NEW, "desc": "ci "}, "white space"),
        ({**NEW, "desc": "\tci"}, "white space"),
        ({"desc": " ci", "state": "absent"}, "white space"),
    ],
)
def test_refused_before_anything_is_sent(atlas: PlausibleAtlas, options: Json, problem: str) -> None:
    failed(atlas, problem, **options)
    assert not atlas.requests


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"roles": None}, "give roles"),
        ({"access_list": ["0.0.0.0/0"]}, "allow_anywhere: true"),
        ({"access_list": ["0.0.0.0/1", "128.0.0.0/1"]}, "allow_anywhere: true"),
        ({"access_list": ["192.0.2.1/24"]}, "192.0.2.0/24"),
        ({"return_secret": False, "secret_file": "/no/such/directory/key"}, "cannot be written"),
        ({"return_secret": False, "secret_file": "key"}, "secret_file is 'key', which is not an absolute path"),
    ],
)
def test_refused_before_anything_is_changed(
    atlas: PlausibleAtlas, options: Json, problem: str, check_mode: bool
) -> None:
    failed(atlas, problem, check_mode=check_mode, **{**NEW, **options})
    assert not atlas.writes()


def test_anywhere_with_permission(atlas: PlausibleAtlas) -> None:
    assert run(atlas, **NEW, access_list=["0.0.0.0/0"], allow_anywhere=True)["changed"]
    assert atlas.blocks(atlas.created[0]) == ["0.0.0.0/0"]


# Creation


def test_created_key_is_restricted_before_its_secret_is_handed_over(
    atlas: PlausibleAtlas, tmp_path: pathlib.Path
) -> None:
    file = tmp_path / "key.json"
    existed: list[bool] = []
    atlas.before_response = lambda _request: existed.append(file.exists())
    result = run(
        atlas, desc="ci", roles=["ORG_MEMBER"], access_list=["192.0.2.0/24", "2001:db8::1"], secret_file=str(file)
    )
    (identifier,) = atlas.created
    assert [request.split()[0] for request in atlas.requests] == ["GET", "POST", "POST", "GET"]
    assert existed == [False, False]
    assert atlas.bodies[f"POST {KEYS}"] == {"desc": "ci", "roles": ["ORG_MEMBER"]}
    assert atlas.bodies[f"POST {KEYS}/{identifier}/accessList"] == [
        {"cidrBlock": "192.0.2.0/24"},
        {"ipAddress": "2001:db8::1"},
    ]
    assert json.loads(file.read_text()) == {
        "kind": "api_key",
        "org_id": ORG,
        "api_user_id": identifier,
        "public_key": "key00001",
        "private_key": atlas.keys[identifier]["privateKey"],
        "desc": "ci",
        "created_at": "2026-08-10T03:03:18Z",
    }
    assert result["diff"]["after"]["access_list"] == ["192.0.2.0/24", "2001:db8::1/128"]
    assert atlas.keys[identifier]["privateKey"] not in str(result)


def test_returned_secret_is_in_no_other_part_of_the_result(atlas: PlausibleAtlas) -> None:
    result = run(atlas, **NEW)
    secret = result.pop("private_key")
    assert secret == atlas.keys[atlas.created[0]]["privateKey"]
    assert secret not in str(result)


def test_check_mode_only_reads_and_tests_the_file(atlas: PlausibleAtlas, tmp_path: pathlib.Path) -> None:
    options = {"desc": "ci", "roles": ["ORG_MEMBER"], "secret_file": f"{tmp_path}/key"}
    planned = run(atlas, True, **options)
    assert (planned["changed"], atlas.writes(), list(tmp_path.iterdir())) == (True, [], [])
    assert run(atlas, **options)["diff"] == planned["diff"]


LOST = {
    DROPPED_BEFORE: 0,
    DROPPED_AFTER: 1,
    ERROR_BEFORE: 0,
    ERROR_AFTER: 1,
    LATE: 0,
    EMPTY: 1,
    NOTHING: 0,
}


@pytest.mark.parametrize("how", LOST)
def test_lost_creation_names_candidates_and_deletes_nothing(
    atlas: PlausibleAtlas, how: str, tmp_path: pathlib.Path
) -> None:
    atlas.add_key("other")
    happen(atlas, "POST", how)
    result = failed(
        atlas,
        "'ci'",
        ORG,
        "state: absent",
        "run the task again",
        desc="ci",
        roles=["ORG_MEMBER"],
        secret_file=f"{tmp_path}/k",
    )
    assert atlas.deleted == []
    assert len(atlas.created) == LOST[how]
    assert [each["id"] for each in result["candidates"]] == atlas.created
    for identifier in atlas.created:
        assert f"{identifier} (public key key00002, created 2026-08-10T03:03:19Z by its ID)" in result["msg"]
        assert result["candidates"][0]["created_at"] == "2026-08-10T03:03:19Z"
    assert result.get("status") == (
        500 if how in (ERROR_BEFORE, ERROR_AFTER) else 200 if how in (EMPTY, NOTHING) else None
    )
    assert result.get("error_code") == ("UNEXPECTED_ERROR" if how in (ERROR_BEFORE, ERROR_AFTER) else None)
    assert len(atlas.writes()) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("how", [DROPPED_BEFORE, ERROR_BEFORE, LATE])
def test_key_of_another_host_is_never_deleted(atlas: PlausibleAtlas, how: str) -> None:
    """Two hosts create a key with the same description; the other one is served, and this one's request is lost."""
    happen(atlas, "POST", how)
    others: list[str] = []
    atlas.before_response = lambda _request: others.append(atlas.add_key("ci")) if not others else None
    result = failed(atlas, others[0] if others else "", **NEW)
    assert atlas.deleted == []
    assert [each["id"] for each in result["candidates"]] == others
    assert others[0] in result["msg"]


def test_looking_for_a_lost_creation_fails(atlas: PlausibleAtlas, monkeypatch: pytest.MonkeyPatch) -> None:
    happen(atlas, "POST", DROPPED_AFTER)
    real = atlas.list
    monkeypatch.setattr(atlas, "list", lambda *a, **k: atlas._key("gone") if atlas.writes() else real(*a, **k))
    result = failed(atlas, "'ci'", "Looking for it failed: ", **NEW)
    assert result["candidates"] == []


def test_refusal_is_not_looked_up(atlas: PlausibleAtlas) -> None:
    happen(atlas, "POST", REFUSED)
    result = failed(atlas, "403", **NEW)
    assert (result["status"], result["changed"]) == (403, False)
    assert "candidates" not in result
    assert len(atlas.requests) == 2


@pytest.mark.parametrize("stored", ["CI", "cі", "ci deploy"])
def test_response_about_another_description_names_the_key(atlas: PlausibleAtlas, stored: str) -> None:
    """It may be about the key of another task, so it is not deleted."""
    atlas.before_response = lambda request: atlas.keys[atlas.created[0]].update(desc=stored) if atlas.created else None
    _return_the_stored_key(atlas)
    failed(atlas, atlas_id(1), "key00001", repr(stored), **NEW)
    assert (len(atlas.keys), atlas.deleted) == (1, [])


@pytest.mark.parametrize(("given", "stored"), [("ﬁle", "file"), ("e\u0301", "\u00e9")])
def test_description_that_atlas_normalizes_leaves_no_key(atlas: PlausibleAtlas, given: str, stored: str) -> None:
    atlas.before_response = lambda _request: [key.update(desc=stored) for key in atlas.keys.values()] and None
    _return_the_stored_key(atlas)
    failed(atlas, atlas_id(1), "key00001", "was deleted again", **{**NEW, "desc": given})
    assert (atlas.keys, atlas.deleted) == ({}, [atlas_id(1)])


def _return_the_stored_key(atlas: PlausibleAtlas) -> None:
    create = atlas._create

    def create_and_return(body: Json, how: str) -> Json:
        create(body, how)
        atlas.before_response("POST")
        return dict(atlas.keys[atlas.created[-1]])

    atlas._create = create_and_return  # type: ignore[method-assign]


def atlas_id(number: int) -> str:
    return f"{0x6A793F75 + number:08x}{number:016x}"


def test_response_about_a_key_that_existed_before_is_not_the_new_key(atlas: PlausibleAtlas) -> None:
    other = atlas.add_key("e2e")
    atlas._create = lambda body, how: {**atlas.keys[other], "desc": "ci"}  # type: ignore[method-assign]
    failed(atlas, other, "which existed before", **NEW)
    assert list(atlas.keys) == [other]


@pytest.mark.parametrize("field", ["id", "publicKey", "privateKey", "roles", "desc"])
def test_no_field_of_the_response_is_guaranteed(atlas: PlausibleAtlas, field: str) -> None:
    create = atlas._create
    atlas._create = lambda body, how: {k: v for k, v in create(body, how).items() if k != field}  # type: ignore[method-assign]
    result = run(atlas, **NEW)
    if field == "id":
        assert [each["id"] for each in result["candidates"]] == atlas.created
    elif field == "privateKey":
        assert "lacks the private key" in result["msg"]
        assert atlas.keys == {}
    else:
        assert result["changed"], result
        assert result["diff"]["after"] == {"desc": "ci", "roles": ["ORG_MEMBER"], "access_list": []}


def test_key_with_more_roles_than_given_is_deleted_again(atlas: PlausibleAtlas) -> None:
    happen(atlas, "POST", SOMETHING_ELSE)
    assert atlas._count % 2 == 0  # the roles differ, not the description
    failed(atlas, "more roles than given: ORG_OWNER", "was deleted again", **NEW)
    assert atlas.keys == {}


@pytest.mark.parametrize("how", [NOTHING, SOMETHING_ELSE, "does half", REFUSED, ERROR_BEFORE, DROPPED_BEFORE])
def test_key_whose_access_list_is_not_there_is_deleted_again(
    atlas: PlausibleAtlas, how: str, tmp_path: pathlib.Path
) -> None:
    happen(atlas, "POST", how, "accessList")
    entries = ["192.0.2.0/24", "198.51.100.0/24"]
    failed(
        atlas, "was deleted again", desc="ci", roles=["ORG_MEMBER"], access_list=entries, secret_file=f"{tmp_path}/k"
    )
    assert (atlas.keys, list(tmp_path.iterdir())) == ({}, [])


@pytest.mark.parametrize("how", [EMPTY, DROPPED_AFTER, ERROR_AFTER])
def test_access_list_that_is_there_is_success(atlas: PlausibleAtlas, how: str) -> None:
    happen(atlas, "POST", how, "accessList")
    assert run(atlas, **NEW, access_list=["192.0.2.0/24"])["changed"]


@pytest.mark.parametrize("how", [NOTHING, REFUSED, ERROR_BEFORE, SOMETHING_ELSE])
def test_creation_that_cannot_be_undone_names_the_key(atlas: PlausibleAtlas, how: str) -> None:
    atlas.outcome = lambda request: REFUSED if request.endswith("accessList") else how if "DELETE" in request else DOES
    result = failed(atlas, "403", "key00001", "state: absent", **NEW, access_list=["192.0.2.0/24"])
    assert result["left_behind"] == [
        {"id": atlas.created[0], "public_key": "key00001", "desc": "ci", "created_at": "2026-08-10T03:03:18Z"}
    ]
    assert (result["changed"], result["status"], result["error_code"]) == (True, 403, "X")
    assert atlas.created[0] in result["msg"]


@pytest.mark.parametrize("fields", [("id",), ("id", "desc", "roles")])
def test_response_about_a_key_that_does_not_exist_hides_no_key(
    atlas: PlausibleAtlas, tmp_path: pathlib.Path, fields: tuple[str, ...]
) -> None:
    create = atlas.post

    def post(*segments: t.Any, **body: t.Any) -> Json:
        response = create(*segments, **body)
        wrong = {field: "6a793f752c88faeba59bba49" if field == "id" else None for field in fields}
        return {field: value for field, value in {**response, **wrong}.items() if value is not None}

    atlas.post = post  # type: ignore[method-assign]
    result = failed(atlas, "key00001", desc="ci", roles=["ORG_MEMBER"], secret_file=f"{tmp_path}/k")
    assert "deleted again" not in result["msg"]
    assert [each["id"] for each in result["candidates"]] == atlas.created
    assert list(tmp_path.iterdir()) == []


def test_key_that_cannot_be_undone_keeps_its_file(atlas: PlausibleAtlas, tmp_path: pathlib.Path) -> None:
    atlas.outcome = lambda request: CLAIMS if "POST" in request else REFUSED
    result = failed(atlas, f"Its private key is in {tmp_path}/k.", desc="ci", roles=["X"], secret_file=f"{tmp_path}/k")
    assert result["left_behind"][0]["id"] in result["msg"]
    assert json.loads((tmp_path / "k").read_text())["api_user_id"] == result["left_behind"][0]["id"]


def test_creation_that_is_only_claimed_is_a_failure(atlas: PlausibleAtlas, tmp_path: pathlib.Path) -> None:
    happen(atlas, "POST", CLAIMS)
    result = failed(atlas, "cannot be found", desc="ci", roles=["ORG_MEMBER"], secret_file=f"{tmp_path}/k")
    assert (result["changed"], list(tmp_path.iterdir())) == (False, [])


def test_key_that_cannot_be_seen_yet_is_deleted_again(atlas: PlausibleAtlas, tmp_path: pathlib.Path) -> None:
    """A secret must not be thrown away because of an absence."""
    visible = atlas._key
    looks = itertools.count()

    def key(identifier: str) -> Json:
        if atlas.requests[-1].startswith("GET") and next(looks) < 5:
            raise APIError("GET", 404, {"errorCode": "API_KEY_NOT_FOUND"})
        return visible(identifier)

    atlas._key = key  # type: ignore[method-assign]
    atlas.lag = 60
    result = failed(atlas, "cannot be found", "deleted again", desc="ci", roles=["ORG_X"], secret_file=f"{tmp_path}/k")
    assert (result["changed"], atlas.keys, list(tmp_path.iterdir())) == (False, {}, [])


@pytest.mark.parametrize("interruption", [Interrupted("Stop."), KeyboardInterrupt("Stop.")])
def test_key_whose_secret_is_only_in_the_result_of_an_interrupted_task(
    atlas: PlausibleAtlas, interruption: BaseException
) -> None:
    real = atlas.list

    def look(*segments: str, **options: t.Any) -> Listing:
        if atlas.created and not atlas.deleted:
            raise interruption
        return real(*segments, **options)

    atlas.list = look  # type: ignore[method-assign]
    with contextlib.suppress(KeyboardInterrupt):
        failed(atlas, "Stop.", "was deleted again", **NEW)
    assert atlas.deleted == atlas.created != []


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ({"groupId": PROJECT, "roleName": "GROUP_OWNER"}, f"with roles in projects: {PROJECT} GROUP_OWNER"),
        ({"roleName": "ORG_OWNER"}, "with more roles than given: ORG_OWNER"),
    ],
)
def test_new_key_with_a_role_that_was_not_given(atlas: PlausibleAtlas, role: Json, text: str) -> None:
    new = atlas._new_key

    def create(desc: str, roles: list[str]) -> Json:
        key = new(desc, roles)
        key["roles"].append(role)
        return key

    atlas._new_key = create  # type: ignore[method-assign]
    failed(atlas, text, "was deleted again", **NEW)
    assert not atlas.keys


@pytest.mark.parametrize("status", [200, 202, 301])
def test_error_code_with_a_status_of_success_is_no_refusal(atlas: PlausibleAtlas, status: int) -> None:
    create = atlas.post

    def post(*segments: t.Any, **body: t.Any) -> Json:
        create(*segments, **body)
        raise APIError("POST", status, {"errorCode": "UNEXPECTED_ERROR"})

    atlas.post = post  # type: ignore[method-assign]
    result = failed(atlas, "Nothing was deleted", "key00001", **NEW)
    assert [each["id"] for each in result["candidates"]] == atlas.created


@pytest.mark.parametrize("status", [401, 403, 500])
def test_code_of_a_missing_key_with_another_status_is_no_absence(atlas: PlausibleAtlas, status: int) -> None:
    key = atlas.add_key("ci")

    def get(*_segments: str, **_options: t.Any) -> Json:
        raise APIError("GET", status, {"errorCode": "API_KEY_NOT_FOUND"})

    atlas.get = get  # type: ignore[method-assign]
    failed(atlas, f"Atlas refused GET: {status}", api_user_id=key, state="absent")


def test_own_key_whose_roles_are_not_known_may_be_an_owner(atlas: PlausibleAtlas) -> None:
    key = atlas.add_key("me", "ORG_OWNER")
    atlas.own = atlas.keys[key]["publicKey"]
    read = atlas.get
    atlas.get = lambda *segments, **options: {**read(*segments, **options), "roles": None}  # type: ignore[method-assign]
    failed(atlas, "allow_self: true", api_user_id=key, roles=["ORG_MEMBER"])
    assert not run(atlas, api_user_id=key)["changed"]
    assert not atlas.writes()


def test_twin_of_a_concurrent_task_is_a_warning(atlas: PlausibleAtlas) -> None:
    atlas.before_response = lambda _request: atlas.add_key("ci") and None
    assert run(atlas, **NEW)["changed"]
    (warning,) = atlas.warnings
    assert "concurrent task" in warning
    assert atlas.named("ci")[1] in warning


@pytest.mark.parametrize("desc", [None, 5, ["ci"], {"ci": 1}])
def test_key_without_a_description_is_no_twin(atlas: PlausibleAtlas, desc: t.Any) -> None:
    atlas.keys[atlas.add_key("other")]["desc"] = desc
    atlas._remember()
    assert run(atlas, **NEW)["changed"]
    assert not atlas.warnings


def test_incomplete_list_creates_nothing(atlas: PlausibleAtlas, monkeypatch: pytest.MonkeyPatch) -> None:
    real = atlas.list
    monkeypatch.setattr(atlas, "list", lambda *a, **k: type(real(*a, **k))([], "The list may be incomplete."))
    result = failed(atlas, "The list may be incomplete.", "not certain which API keys exist", **NEW)
    assert not atlas.writes()
    assert result["msg"] not in atlas.warnings


# A key that exists


def test_lagging_list_does_not_hide_that_a_key_was_deleted(atlas: PlausibleAtlas) -> None:
    atlas.add_key("ci")
    atlas.now += 60
    atlas.lag = 5
    run(atlas, desc="ci", state="absent")
    assert atlas.keys == {}
    result = run(atlas, **NEW)
    assert result["changed"]
    assert atlas.named("ci") == [result["api_key"]["id"]]


def test_lagging_list_does_not_delete_a_key_that_was_renamed(atlas: PlausibleAtlas) -> None:
    renamed = atlas.add_key("ci")
    atlas.now += 60
    atlas.lag = 5
    run(atlas, api_user_id=renamed, desc="other")
    assert not run(atlas, desc="ci", state="absent")["changed"]
    assert list(atlas.keys) == [renamed]


def test_several_keys_with_the_description_are_listed(atlas: PlausibleAtlas) -> None:
    both = [atlas.add_key("ci"), atlas.add_key("ci")]
    failed(atlas, *both, "key00001", "key00002", "Give api_user_id", desc="ci", state="absent")


def test_roles_are_a_set_and_those_in_projects_are_not_compared(atlas: PlausibleAtlas) -> None:
    atlas.add_key("ci", "ORG_OWNER", project_roles=["GROUP_OWNER"])
    assert not run(atlas, desc="ci", roles=["ORG_OWNER", "ORG_OWNER"], return_secret=True)["changed"]
    assert not atlas.writes()


def test_only_what_differs_is_sent(atlas: PlausibleAtlas) -> None:
    identifier = atlas.add_key("ci")
    result = run(atlas, api_user_id=identifier, desc="new")
    assert atlas.bodies[f"PATCH {KEYS}/{identifier}"] == {"desc": "new"}
    assert result["diff"]["before"]["roles"] == result["diff"]["after"]["roles"] == ["ORG_MEMBER"]
    assert result["api_key"]["private_key"].startswith("********-****-****-")


@pytest.mark.parametrize("how", [NOTHING, CLAIMS])
def test_change_that_is_not_made_warns_with_the_difference(atlas: PlausibleAtlas, how: str) -> None:
    identifier = atlas.add_key("ci")
    happen(atlas, "PATCH", how)
    result = run(atlas, api_user_id=identifier, roles=["ORG_MEMBER", "ORG_READ_ONLY"])
    assert (result["changed"], result["diff"]["after"]) == (False, result["diff"]["before"])
    assert "roles is ['ORG_MEMBER'] instead of ['ORG_MEMBER', 'ORG_READ_ONLY']" in atlas.warnings[0]


@pytest.mark.parametrize("how", [NOTHING, CLAIMS, SOMETHING_ELSE])
def test_wider_access_than_asked_for_is_a_failure(atlas: PlausibleAtlas, how: str) -> None:
    identifier = atlas.add_key("ci", "ORG_OWNER")
    happen(atlas, "PATCH", how)
    result = failed(atlas, "more roles than asked for", api_user_id=identifier, roles=["ORG_MEMBER"])
    assert result["changed"] == (how == SOMETHING_ELSE)
    if result["changed"]:
        assert {role["role_name"] for role in result["api_key"]["roles"]} == set(atlas.roles(identifier))


@pytest.mark.parametrize("how", [DROPPED_AFTER, ERROR_AFTER, EMPTY])
def test_change_without_a_response_is_read_back(atlas: PlausibleAtlas, how: str) -> None:
    identifier = atlas.add_key("ci")
    happen(atlas, "PATCH", how)
    result = run(atlas, api_user_id=identifier, roles=["ORG_READ_ONLY"])
    assert (result["changed"], result["diff"]["after"]["roles"]) == (True, ["ORG_READ_ONLY"])
    assert len(atlas.writes()) == 1


def test_lost_project_roles_are_warned_of(atlas: PlausibleAtlas) -> None:
    identifier = atlas.add_key("ci", "ORG_OWNER", project_roles=["GROUP_OWNER"])
    atlas.before_response = lambda _request: None
    update = atlas._update

    def update_and_lose(key: str, changes: Json, how: str) -> Json:
        update(key, changes, how)
        atlas.keys[key]["roles"] = [role for role in atlas.keys[key]["roles"] if "orgId" in role]
        return dict(atlas.keys[key])

    atlas._update = update_and_lose  # type: ignore[method-assign]
    run(atlas, api_user_id=identifier, roles=["ORG_MEMBER"])
    assert atlas.warnings == [f"The API key {identifier} has lost roles in projects: {PROJECT} GROUP_OWNER."]


@pytest.mark.parametrize("options", [{"return_secret": True}, {"secret_file": "/no/such/key"}])
def test_secret_that_cannot_be_delivered_is_reported_every_time(atlas: PlausibleAtlas, options: Json) -> None:
    identifier = atlas.add_key("ci")
    for check_mode in (True, False, False):
        atlas.warnings.clear()
        assert not run(atlas, check_mode, desc="ci", **options)["changed"]
        (warning,) = atlas.warnings
        assert identifier in warning
        assert "state: absent" in warning
        failed(
            atlas, identifier, "state: absent", check_mode=check_mode, desc="ci", on_missing_secret="fail", **options
        )


def test_access_list_of_a_key_that_exists_is_compared(atlas: PlausibleAtlas) -> None:
    atlas.add_key("ci", entries=["192.0.2.0/24"])
    run(atlas, **NEW, access_list=["192.0.2.0/24"])
    assert not [each for each in atlas.warnings if "access_list" in each]
    run(atlas, **NEW, access_list=["198.51.100.0/24"])
    assert "it contains 192.0.2.0/24 instead of 198.51.100.0/24" in atlas.warnings[-1]


@pytest.mark.parametrize("options", [{"state": "absent"}, {"roles": ["ORG_MEMBER"]}])
@pytest.mark.parametrize("check_mode", [True, False])
def test_own_key_is_protected(atlas: PlausibleAtlas, options: Json, check_mode: bool) -> None:
    identifier = atlas.add_key("ci", "ORG_OWNER")
    atlas.own = "key00001"
    failed(atlas, "allow_self: true", check_mode=check_mode, api_user_id=identifier, **options)
    assert not atlas.writes()
    assert run(atlas, check_mode, api_user_id=identifier, **options, allow_self=True)["changed"]


def test_own_key_is_not_read_after_its_deletion(atlas: PlausibleAtlas) -> None:
    identifier = atlas.add_key("ci")
    atlas.own = "key00001"
    run(atlas, api_user_id=identifier, state="absent", allow_self=True)
    assert atlas.requests[-1].startswith("DELETE")


# Deletion


def test_missing_key(atlas: PlausibleAtlas) -> None:
    gone = {"api_user_id": atlas_id(7)}
    assert run(atlas, **gone, state="absent") == {"changed": False, "diff": {"before": {}, "after": {}}}
    failed(atlas, "API_KEY_NOT_FOUND", **gone, roles=["ORG_MEMBER"])


@pytest.mark.parametrize("check_mode", [True, False])
def test_description_that_does_not_match_the_id_deletes_nothing(atlas: PlausibleAtlas, check_mode: bool) -> None:
    identifier = atlas.add_key("production")
    failed(atlas, "'production'", "'ci'", check_mode=check_mode, api_user_id=identifier, desc="ci", state="absent")
    assert run(atlas, api_user_id=identifier, desc="production", state="absent")["deleted_api_user_id"] == identifier


@pytest.mark.parametrize("how", [NOTHING, CLAIMS, SOMETHING_ELSE, "does half"])
def test_deletion_that_is_not_made_is_a_failure(atlas: PlausibleAtlas, how: str) -> None:
    identifier = atlas.add_key("ci")
    happen(atlas, "DELETE", how)
    failed(atlas, identifier, "still there", api_user_id=identifier, state="absent")


def test_key_that_is_gone_by_now_counts_as_deleted(atlas: PlausibleAtlas) -> None:
    identifier = atlas.add_key("ci")
    atlas.outcome = lambda _request: atlas.keys.pop(identifier) and DOES
    assert run(atlas, api_user_id=identifier, state="absent")["deleted_api_user_id"] == identifier


def test_key_without_an_id_is_not_deleted(atlas: PlausibleAtlas) -> None:
    identifier = atlas.add_key("ci")
    del atlas.keys[identifier]["id"]
    atlas._remember()
    failed(atlas, "has no ID", desc="ci", state="absent")


def test_kind_tells_the_limit_of_atlas() -> None:
    assert ApiKey.max_per_org == 500


# A task that is interrupted has no result, in process


def interrupt(atlas: PlausibleAtlas, part: str) -> None:
    """Let a signal come after the write whose path ends so."""

    def before_response(request: str) -> None:
        if request.endswith(part):
            raise Interrupted("The task was interrupted by SIGTERM.")

    atlas.before_response = before_response


def test_interrupted_creation_is_shown_with_its_candidates(atlas: PlausibleAtlas) -> None:
    interrupt(atlas, "apiKeys")
    result = failed(atlas, "SIGTERM", "'ci'", **NEW)
    assert atlas.lines == [result["msg"]]
    assert (atlas.deleted, [each["id"] for each in result["candidates"]]) == ([], atlas.created)


def test_interrupted_creation_is_undone_if_its_response_came(atlas: PlausibleAtlas) -> None:
    interrupt(atlas, "accessList")
    failed(atlas, "SIGTERM", "was deleted again", **NEW, access_list=["192.0.2.0/24"])
    assert (atlas.keys, atlas.lines) == ({}, [])


def test_interrupted_creation_that_cannot_be_undone_is_shown(atlas: PlausibleAtlas) -> None:
    interrupt(atlas, "accessList")
    happen(atlas, "DELETE", REFUSED)
    result = failed(atlas, "SIGTERM", **NEW, access_list=["192.0.2.0/24"])
    assert atlas.lines == [result["msg"]]
    assert atlas.keys[atlas.created[0]]["privateKey"] not in result["msg"]


def test_failure_that_is_returned_is_not_shown_as_well(atlas: PlausibleAtlas) -> None:
    happen(atlas, "POST", DROPPED_AFTER)
    failed(atlas, "'ci'", **NEW)
    assert atlas.lines == []


@pytest.mark.parametrize(
    ("content", "warned"),
    [
        ('{"kind": "api_key", "api_user_id": "%s"}', False),
        ('{"kind": "api_key", "api_user_id": "another"}', True),
        ("$ANSIBLE_VAULT;1.2;AES256;prod", False),
        ("MONGODB_ATLAS_PUBLIC_API_KEY=another", False),
    ],
)
def test_file_with_the_secret_of_another_key_is_not_the_secret(
    atlas: PlausibleAtlas, tmp_path: pathlib.Path, content: str, warned: bool
) -> None:
    identifier = atlas.add_key("ci")
    (tmp_path / "key").write_text(content % identifier if "%s" in content else content)
    run(atlas, desc="ci", secret_file=str(tmp_path / "key"))
    assert bool(atlas.warnings) == warned
