# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many API keys in an organization that does not always do what it says."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_keys
from ansible_collections.mongodb_atlas.admin.tests.robustness.plausible_atlas import (
    CLAIMS,
    DOES,
    DROPPED_AFTER,
    DROPPED_BEFORE,
    ERROR_AFTER,
    ERROR_BEFORE,
    NOTHING,
    ORG,
    REFUSED,
    SOMETHING_ELSE,
    PlausibleAtlas,
)

KEYS = f"/orgs/{ORG}/apiKeys"
NEW = {"roles": ["ORG_MEMBER"], "access_list": ["192.0.2.0/24"]}

Json = dict[str, t.Any]


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def item(desc: str, **options: t.Any) -> Json:
    """An item with the defaults of the options that are not given."""
    suboptions = org_api_keys.ARGUMENT_SPEC["api_keys"]["options"]
    defaults = {option: spec.get("default") for option, spec in suboptions.items()}
    assert options.keys() <= defaults.keys()
    return {**defaults, "desc": desc, "secret_file": str(pathlib.Path.cwd() / f"{desc}.json"), **options}


def run(atlas: PlausibleAtlas, *items: Json, check_mode: bool = False, **options: t.Any) -> Json:
    return atlas.run(org_api_keys, check_mode=check_mode, org_id=ORG, api_keys=list(items), **options)


def failed(atlas: PlausibleAtlas, items: list[Json], *texts: str, **options: t.Any) -> Json:
    """Return the result of a task that must fail with all these texts in its message."""
    result = run(atlas, *items, **options)
    assert result.get("failed"), result
    assert not [text for text in texts if text not in result["msg"]], result["msg"]
    return result


def happen(atlas: PlausibleAtlas, method: str, how: str, which: int = 1) -> None:
    """Let the first, second, … write with a method end so; all others do what they say."""
    seen: list[str] = []

    def outcome(request: str) -> str:
        seen.extend([request] if request.startswith(method) else [])
        return how if request.startswith(method) and len(seen) == which else DOES

    atlas.outcome = outcome


def steps(atlas: PlausibleAtlas) -> list[str]:
    return [request.split()[0] for request in atlas.requests]


def files() -> list[str]:
    return sorted(path.name for path in pathlib.Path().iterdir())


# What is refused

PURGE = {"purge": True, "purge_prefix": "team-"}

REFUSED_AT_ONCE: dict[str, tuple[t.Callable[[], list[Json]], Json, list[str]]] = {
    "no prefix": (lambda: [item("a")], {"purge": True}, ["purge_prefix", "3 characters"]),
    "a short prefix": (lambda: [item("a")], {"purge": True, "purge_prefix": " ab\t"}, ["purge_prefix", "3 characters"]),
    "a negative limit": (lambda: [item("a")], {**PURGE, "purge_limit": -1}, ["purge_limit is -1", "at least 0"]),
    "a purge of all": (list, PURGE, ["api_keys is empty", "allow_empty: true"]),
    "no file": (lambda: [item("a"), item("b", secret_file=None)], {}, ["api_keys[1] ('b'): The private key", "lost"]),
    "no description": (lambda: [item("")], {}, ["api_keys[0] (''): desc has 0 characters"]),
    "a long description": (lambda: [item("x" * 251)], {}, ["api_keys[0]", "desc has 251 characters"]),
    "white space": (lambda: [item("a "), item("b")], {}, ["api_keys[0] ('a ')", "white space"]),
    "host bits": (lambda: [item("a", access_list=["192.0.2.1/24"])], {}, ["api_keys[0] ('a'): ", "192.0.2.0/24"]),
    "a description twice": (
        lambda: [item("a"), item("b"), item("a")],
        {},
        ["api_keys[2] ('a'): desc is 'a', as that of api_keys[0]"],
    ),
    "an ID twice": (
        lambda: [item("a", api_user_id="1" * 24), item("b", api_user_id="1" * 24)],
        {},
        ["api_keys[1] ('b'): api_user_id"],
    ),
    "a file twice": (
        lambda: [item("a", secret_file="/k/x"), item("b", secret_file="/k/./x")],
        {},
        ["api_keys[1] ('b'): secret_file is '/k/./x', as that of api_keys[0] ('a')"],
    ),
}


@pytest.mark.parametrize("case", REFUSED_AT_ONCE)
@pytest.mark.parametrize("check_mode", [True, False])
def test_refused_before_anything_is_sent(atlas: PlausibleAtlas, case: str, check_mode: bool) -> None:
    items, options, problems = REFUSED_AT_ONCE[case]
    failed(atlas, items(), *problems, check_mode=check_mode, **options)
    assert not atlas.requests


UNCERTAIN: dict[str, tuple[t.Callable[[list[str]], list[Json]], Json, list[str]]] = {
    "no roles": (lambda _ids: [item("new", **NEW), item("b")], {}, ["api_keys[1] ('b'): ", "give roles"]),
    "an unknown ID": (lambda _ids: [item("b", api_user_id="f" * 24)], {}, ["api_keys[0] ('b')", "ID " + "f" * 24]),
    "several keys": (lambda _ids: [item("new", **NEW), item("twin")], {}, ["Several", "key00003", "key00004"]),
    "another key": (lambda ids: [item("team-1", api_user_id=ids[0])], {}, ["another API key has", "key00002"]),
    "one key twice": (
        lambda ids: [item("x", api_user_id=ids[0]), item("team-0", api_user_id=ids[0].upper().lower())],
        {},
        ["api_user_id"],
    ),
    "a file that exists": (lambda _ids: [item("old", **NEW)], {}, ["api_keys[0] ('old'): ", "which exists"]),
    "a directory that does not": (
        lambda _ids: [item("b", **NEW, secret_file="/no/such/b")],
        {},
        ["api_keys[0] ('b'): ", "cannot be written"],
    ),
    "everything": (lambda _ids: [item("b", roles=["X"], access_list=["::/0"])], {}, ["api_keys[0]", "allow_anywhere"]),
    "the own key": (
        lambda _ids: [item("new", **NEW)],
        {"purge": True, "purge_prefix": "own"},
        ["('own'): ", "allow_self"],
    ),
    "the own role": (lambda _ids: [item("own", roles=["ORG_MEMBER"])], {}, ["api_keys[0]", "ORG_OWNER", "allow_self"]),
    "too many deletions": (
        lambda _ids: [item("new", **NEW)],
        {**PURGE, "purge_limit": 1},
        ["2 API keys would be deleted", "purge_limit is 1", "key00001", "key00002"],
    ),
}


@pytest.mark.parametrize("case", UNCERTAIN)
@pytest.mark.parametrize("check_mode", [True, False])
def test_refused_before_anything_is_changed(atlas: PlausibleAtlas, case: str, check_mode: bool) -> None:
    pathlib.Path("old.json").touch()
    ids = [atlas.add_key(desc) for desc in ("team-0", "team-1", "twin", "twin")] + [atlas.add_key("own", "ORG_OWNER")]
    atlas.own = "key00005"
    items, options, problems = UNCERTAIN[case]
    failed(atlas, items(ids), *problems, check_mode=check_mode, **options)
    assert not atlas.writes()
    assert files() == ["old.json"]


@pytest.mark.parametrize("purge", [True, False])
def test_incomplete_list_changes_nothing(atlas: PlausibleAtlas, purge: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "list", lambda *a, **k: Listing([], "The list may be incomplete."))
    failed(
        atlas,
        [item("new", **NEW)],
        "The list may be incomplete. So it is not certain which API keys exist",
        purge=purge,
        purge_prefix="team-",
    )
    assert not atlas.writes()
    assert not atlas.warnings


def test_ten_deletions_are_the_default_limit(atlas: PlausibleAtlas) -> None:
    for number in range(11):
        atlas.add_key(f"team-{number}")
    failed(atlas, [item("new", **NEW)], "11 API keys", "purge_limit is 10", **PURGE)
    assert run(atlas, item("team-0"), **PURGE)["changed"]
    assert list(atlas.named("team-0")) == list(atlas.keys)


def test_empty_list_with_permission_deletes_all_with_the_prefix(atlas: PlausibleAtlas) -> None:
    for desc in ("team-0", "Team-1", "my team-2", "team-0"):
        atlas.add_key(desc)
    result = run(atlas, **PURGE, allow_empty=True)
    assert sorted(key["desc"] for key in atlas.keys.values()) == ["Team-1", "my team-2"]
    assert result["api_keys"] == []
    assert len(result["diff"]["before"]) == 2
    assert result["diff"]["after"] == {}


def test_key_without_an_id_is_not_purged(atlas: PlausibleAtlas) -> None:
    del atlas.keys[atlas.add_key("team-x")]["id"]
    atlas._remember()
    failed(atlas, [item("new", **NEW)], "has no ID", **PURGE)
    assert not atlas.writes()


# What is done


def test_creations_then_updates_then_deletions_and_one_look(atlas: PlausibleAtlas) -> None:
    ids = [atlas.add_key(f"team-{number}") for number in range(3)]
    atlas.add_key("other")
    items = [
        item("team-1", roles=["ORG_READ_ONLY"]),
        item("team-0"),
        item("new", **NEW),
        item("bare", roles=["ORG_MEMBER"]),
    ]
    result = run(atlas, *items, **PURGE)
    new, bare = atlas.created
    assert steps(atlas) == ["GET", "GET", "POST", "POST", "POST", "PATCH", "DELETE", "GET"]
    assert atlas.bodies[f"PATCH {KEYS}/{ids[1]}"] == {"roles": ["ORG_READ_ONLY"]}
    assert [each["id"] for each in result["api_keys"]] == [ids[1], ids[0], new, bare]
    assert (result["changed"], result["created"], result["updated"]) == (True, ["new", "bare"], ["team-1"])
    assert result["deleted_api_user_ids"] == [ids[2]]
    assert result["diff"]["before"] == {
        "team-1": {"desc": "team-1", "roles": ["ORG_MEMBER"]},
        "team-2": {"desc": "team-2", "roles": ["ORG_MEMBER"]},
    }
    assert result["diff"]["after"] == {
        "new": {"desc": "new", "roles": ["ORG_MEMBER"], "access_list": ["192.0.2.0/24"]},
        "bare": {"desc": "bare", "roles": ["ORG_MEMBER"], "access_list": []},
        "team-1": {"desc": "team-1", "roles": ["ORG_READ_ONLY"]},
    }
    assert json.loads(pathlib.Path("new.json").read_text())["api_user_id"] == new
    assert files() == ["bare.json", "new.json"]
    assert not [key for key in atlas.keys.values() if key["privateKey"] in str(result)]


def test_check_mode_returns_the_same_and_only_reads(atlas: PlausibleAtlas) -> None:
    atlas.add_key("team-0")
    atlas.add_key("team-1")
    items = [item("team-1", roles=["ORG_READ_ONLY"]), item("new", **NEW)]
    planned = run(atlas, *items, **PURGE, check_mode=True)
    assert steps(atlas) == ["GET", "GET"]
    assert files() == []
    done = run(atlas, *items, **PURGE)
    assert planned.pop("api_keys")[1] == {"desc": "new", "roles": [{"org_id": ORG, "role_name": "ORG_MEMBER"}]}
    assert planned == {name: value for name, value in done.items() if name != "api_keys"}


def test_nothing_differs(atlas: PlausibleAtlas) -> None:
    atlas.add_key("team-0")
    atlas.add_key("team-1")
    result = run(atlas, item("team-1", roles=["ORG_MEMBER"]), item("team-0"), **PURGE)
    assert steps(atlas) == ["GET"]
    assert (result["changed"], result["diff"]) == (False, {"before": {}, "after": {}})
    assert [each["desc"] for each in result["api_keys"]] == ["team-1", "team-0"]
    assert (result["created"], result["updated"], result["deleted_api_user_ids"]) == ([], [], [])


def test_missing_secrets_are_one_warning_or_a_failure(atlas: PlausibleAtlas) -> None:
    ids = [atlas.add_key(f"team-{number}") for number in range(3)]
    pathlib.Path("team-0.json").write_text("{}")
    items = [item(f"team-{number}") for number in range(3)]
    run(atlas, *items)
    (warning,) = atlas.warnings
    assert "2 existing API keys" in warning
    assert [identifier in warning for identifier in ids] == [False, True, True]
    failed(atlas, items, ids[1], ids[2], "state: absent", on_missing_secret="fail")


def test_existing_key_is_adopted_by_its_id_and_not_purged(atlas: PlausibleAtlas) -> None:
    ids = [atlas.add_key("team-0"), atlas.add_key("team-1")]
    result = run(atlas, item("new", api_user_id=ids[0], secret_file=None), item("team-1"), **PURGE)
    assert atlas.bodies == {f"PATCH {KEYS}/{ids[0]}": {"desc": "new"}}
    assert result["updated"] == ["new"]
    assert result["diff"]["before"] == {"new": {"desc": "team-0", "roles": ["ORG_MEMBER"]}}


def test_two_keys_can_exchange_their_descriptions(atlas: PlausibleAtlas) -> None:
    ids = [atlas.add_key("team-0"), atlas.add_key("team-1")]
    run(atlas, item("team-1", api_user_id=ids[0]), item("team-0", api_user_id=ids[1]))
    assert (atlas.named("team-1"), atlas.named("team-0")) == ([ids[0]], [ids[1]])


def test_key_that_is_renamed_gives_its_description_to_a_new_one(atlas: PlausibleAtlas) -> None:
    old = atlas.add_key("ci")
    items = [item("ci", roles=["ORG_MEMBER"]), item("ci-old", api_user_id=old)]
    result = run(atlas, *items)
    assert [request.split()[0] for request in atlas.writes()] == ["PATCH", "POST"]
    assert (atlas.named("ci-old"), atlas.named("ci")) == ([old], atlas.created)
    assert (result["created"], result["updated"]) == (["ci"], ["ci-old"])
    assert not run(atlas, *items)["changed"]


def test_deletions_come_first_if_there_would_be_no_room(atlas: PlausibleAtlas) -> None:
    for number in range(500):
        atlas.add_key(f"team-{number}" if number < 2 else f"other-{number}")
    run(atlas, item("new", roles=["ORG_MEMBER"]), **PURGE)
    assert [request.split()[0] for request in atlas.writes()] == ["DELETE", "DELETE", "POST"]


def test_own_key_is_deleted_last(atlas: PlausibleAtlas) -> None:
    ids = [atlas.add_key("team-0"), atlas.add_key("team-1")]
    atlas.own = "key00001"
    run(atlas, item("new", **NEW), **PURGE, allow_self=True)
    assert atlas.writes()[-2:] == [f"DELETE {KEYS}/{ids[1]}", f"DELETE {KEYS}/{ids[0]}"]
    assert steps(atlas)[-2:] == ["GET", "DELETE"]  # afterwards, the own key can read nothing


def test_own_key_is_changed_after_the_deletions(atlas: PlausibleAtlas) -> None:
    own = atlas.add_key("own", "ORG_OWNER")
    other = atlas.add_key("team-1")
    atlas.own = "key00001"
    run(atlas, item("own", roles=["ORG_MEMBER"]), item("x", **NEW), **PURGE, allow_self=True)
    assert atlas.writes()[-2:] == [f"DELETE {KEYS}/{other}", f"PATCH {KEYS}/{own}"]


# What fails, and what the failed task returns


def test_failure_names_the_item_and_what_was_changed(atlas: PlausibleAtlas) -> None:
    ids = [atlas.add_key("team-0"), atlas.add_key("team-1")]
    happen(atlas, "PATCH", REFUSED)
    items = [item("new", **NEW), item("team-1", roles=["ORG_READ_ONLY"])]
    result = failed(atlas, items, "api_keys[1] ('team-1'): Atlas refused PATCH", "created: new", **PURGE)
    assert (result["changed"], result["created"], result["updated"]) == (True, ["new"], [])
    assert (result["deleted_api_user_ids"], result["error_code"]) == ([], "X")
    assert files() == ["new.json"]
    assert ids[0] in atlas.keys


def test_third_creation_that_is_refused(atlas: PlausibleAtlas) -> None:
    happen(atlas, "POST", REFUSED, which=3)
    items = [item(desc, roles=["ORG_MEMBER"]) for desc in ("a", "b", "c", "d")]
    result = failed(atlas, items, "api_keys[2] ('c'): ", "created: a, b")
    assert (result["changed"], result["created"]) == (True, ["a", "b"])
    assert files() == ["a.json", "b.json"]


def test_third_deletion_that_is_refused(atlas: PlausibleAtlas) -> None:
    ids = [atlas.add_key(f"team-{number}") for number in range(4)]
    happen(atlas, "DELETE", REFUSED, which=3)
    result = failed(atlas, [], ids[2], f"{ids[0]}, {ids[1]}", **PURGE, allow_empty=True)
    assert (result["changed"], result["deleted_api_user_ids"]) == (True, ids[:2])


def test_failure_before_any_change_claims_none(atlas: PlausibleAtlas) -> None:
    happen(atlas, "POST", REFUSED)
    result = failed(atlas, [item("a", roles=["ORG_MEMBER"])], "api_keys[0] ('a'): Atlas refused")
    assert (result["changed"], result["created"]) == (False, [])


@pytest.mark.parametrize("how", [NOTHING, CLAIMS, SOMETHING_ELSE])
def test_deletion_that_is_not_made_is_a_failure(atlas: PlausibleAtlas, how: str) -> None:
    ids = [atlas.add_key(f"team-{number}") for number in range(3)]
    happen(atlas, "DELETE", how, which=2)
    result = failed(atlas, [], ids[1], "still there", **PURGE, allow_empty=True)
    assert (result["changed"], result["deleted_api_user_ids"]) == (True, [ids[0], ids[2]])


def test_key_that_was_renamed_is_not_purged_by_a_lagging_list(atlas: PlausibleAtlas) -> None:
    key, gone = atlas.add_key("team-old"), atlas.add_key("team-gone")
    atlas.now += 60
    atlas.keys[key]["desc"] = "kept"
    del atlas.keys[gone]
    atlas._remember()
    atlas.lag = 30
    for check_mode in (True, False):
        result = run(atlas, **PURGE, allow_empty=True, check_mode=check_mode)
        assert (result["changed"], result["deleted_api_user_ids"]) == (False, [])
    assert key in atlas.keys


def test_lagging_list_is_no_failed_deletion(atlas: PlausibleAtlas) -> None:
    atlas.add_key("team-0")
    atlas.now += 60
    atlas.lag = 30
    assert run(atlas, **PURGE, allow_empty=True)["deleted_api_user_ids"]


def test_more_roles_than_asked_for(atlas: PlausibleAtlas) -> None:
    atlas.add_key("a")
    atlas.add_key("b")
    happen(atlas, "PATCH", SOMETHING_ELSE)
    items = [item("a", roles=["ORG_READ_ONLY"]), item("b", roles=["ORG_READ_ONLY"])]
    result = failed(atlas, items, "api_keys[0] ('a'): ", "ORG_BILLING_ADMIN")
    assert (result["changed"], result["updated"]) == (True, ["a"])


@pytest.mark.parametrize("how", [DROPPED_BEFORE, DROPPED_AFTER, ERROR_BEFORE, ERROR_AFTER])
def test_lost_creation_ends_the_task_and_names_candidates(atlas: PlausibleAtlas, how: str) -> None:
    happen(atlas, "POST", how, which=2)
    items = [item(desc, roles=["ORG_MEMBER"]) for desc in ("a", "b", "c")]
    result = failed(atlas, items, "api_keys[1] ('b'): ", "created: a", "run the task again")
    assert (result["changed"], result["created"], atlas.deleted) == (True, ["a"], [])
    assert [each["id"] for each in result["candidates"]] == atlas.created[1:]
    assert files() == ["a.json"]


def test_claims_are_compared_with_the_list(atlas: PlausibleAtlas) -> None:
    ids = [atlas.add_key("a"), atlas.add_key("b", "ORG_OWNER"), atlas.add_key("team-x")]
    atlas.outcome = lambda _request: CLAIMS
    items = [item("a", roles=["ORG_MEMBER", "ORG_READ_ONLY"]), item("b", roles=["ORG_MEMBER"]), item("c", roles=["X"])]
    result = failed(
        atlas, items, "api_keys[1] ('b'): ", "more roles", "api_keys[2] ('c'): ", "cannot be found", **PURGE
    )
    assert ids[2] in result["msg"]
    assert result["changed"] is False
    assert [each for each in atlas.warnings if f"{ids[0]} is not as asked for" in each]


def test_created_key_that_cannot_be_found_leaves_no_file(atlas: PlausibleAtlas) -> None:
    """Otherwise, the next run would refuse to overwrite it."""
    happen(atlas, "POST", CLAIMS)
    items = [item("a", roles=["ORG_MEMBER"])]
    result = failed(atlas, items, "cannot be found")
    assert (result["changed"], files()) == (False, [])
    atlas.outcome = lambda _request: DOES
    assert run(atlas, *items)["created"] == ["a"]


def test_created_key_that_cannot_be_found_nor_deleted_is_left_behind(atlas: PlausibleAtlas) -> None:
    atlas.outcome = lambda request: CLAIMS if "POST" in request else REFUSED
    result = failed(atlas, [item("a", roles=["ORG_MEMBER"])], "cannot be found", "deleting it failed")
    assert (result["changed"], [each["desc"] for each in result["left_behind"]]) == (True, ["a"])
    assert files() == ["a.json"]


def test_twins_of_a_concurrent_task_are_one_warning(atlas: PlausibleAtlas) -> None:
    happen(atlas, "PATCH", DOES)
    added: list[str] = []
    atlas.before_response = lambda _request: added.extend(map(atlas.add_key, ("a", "b"))) if not added else None
    run(atlas, *(item(desc, roles=["ORG_MEMBER"]) for desc in ("a", "b")))
    (warning,) = atlas.warnings
    assert all(identifier in warning for identifier in added)


@pytest.mark.parametrize(("changed", "created", "deleted"), [(0, 50, 0), (5, 0, 0), (0, 0, 0), (0, 0, 5), (3, 4, 5)])
def test_number_of_requests(atlas: PlausibleAtlas, changed: int, created: int, deleted: int) -> None:
    """One for the list, two for a new key with entries or a deletion, one for a change, and one look at the end."""
    for number in range(50 - created):
        atlas.add_key(f"team-{number}")
    for number in range(deleted):
        atlas.add_key(f"team-old-{number}")
    roles = [["ORG_READ_ONLY" if number < changed else "ORG_MEMBER"] for number in range(50)]
    result = run(atlas, *(item(f"team-{n}", **{**NEW, "roles": roles[n]}) for n in range(50)), **PURGE)
    look = 1 if changed or created or deleted else 0
    assert len(atlas.requests) == 1 + 2 * created + changed + 2 * deleted + look
    assert result["created"] == [f"team-{number}" for number in range(50 - created, 50)]
    assert result["updated"] == [f"team-{number}" for number in range(changed)]
    assert [each["desc"] for each in result["api_keys"]] == [f"team-{number}" for number in range(50)]
