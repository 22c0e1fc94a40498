# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_keys

ORG, PROJECT = "a0123456789abcdef012345a", "b0123456789abcdef012345b"
KEYS = f"/orgs/{ORG}/apiKeys"
PRIVATE = "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"

Json = dict[str, t.Any]


def key(number: int, desc: str | None = None, *roles: str) -> Json:
    """A key as Atlas returns it."""
    named = [{"orgId": ORG, "roleName": role} for role in roles or ("ORG_MEMBER",)]
    return {
        "id": f"{number:024x}",
        "desc": desc or f"team-{number}",
        "publicKey": f"key{number:05}",
        "privateKey": PRIVATE,
        "roles": named,
    }


def path(number: int) -> str:
    return f"{KEYS}/{number:024x}"


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _organization(client: t.Any) -> None:
    """An organization as the fake client has it: the keys 0 and 1, and what happens to others."""
    client.responses = {KEYS: [key(0), key(1)]}
    created = iter(range(100, 200))

    def create() -> Json:
        body = client.bodies[f"POST {KEYS}"]
        number = next(created)
        client.responses[f"POST {path(number)}/accessList"] = {}
        return key(number, body["desc"], *body["roles"])

    client.responses[f"POST {KEYS}"] = create
    for number in range(10):
        client.responses[f"DELETE {path(number)}"] = {}


def item(desc: str, **options: t.Any) -> Json:
    """An item with the defaults of the options that are not given."""
    defaults = {
        option: spec.get("default") for option, spec in org_api_keys.ARGUMENT_SPEC["api_keys"]["options"].items()
    }
    assert options.keys() <= defaults.keys()
    return {**defaults, "desc": desc, "secret_file": f"{desc}.json", **options}


def run(client: t.Any, *items: Json, check_mode: bool = False, **options: t.Any) -> Json:
    given = {"org_id": ORG, "api_keys": list(items), **options}
    return t.cast("Json", client.run(org_api_keys, check_mode=check_mode, **given))


NEW = {"roles": ["ORG_MEMBER"], "access_list": ["192.0.2.0/24"]}
ID = f"{0:024x}"

REFUSED: dict[str, tuple[list[Json], Json, str]] = {
    "no prefix": ([], {"purge": True}, "purge_prefix must be given"),
    "an empty prefix": ([], {"purge": True, "purge_prefix": ""}, "purge_prefix must be given"),
    "no file": ([item("a"), item("b", secret_file=None)], {}, r"api_keys\[1\] \('b'\): The private key .* lost"),
    "no description": ([item("")], {}, r"api_keys\[0\] \(''\): desc has 0 characters"),
    "too long a description": ([item("x" * 251)], {}, r"api_keys\[0\] .*desc has 251 characters"),
    "host bits": ([item("a", access_list=["192.0.2.1/24"])], {}, r"api_keys\[0\] \('a'\): access_list .*192.0.2.0/24"),
    "a description twice": ([item("a"), item("b"), item("a")], {}, r"api_keys\[2\] \('a'\): desc .* api_keys\[0\]"),
    "an ID twice": ([item("a", api_user_id=ID), item("b", api_user_id=ID)], {}, r"api_keys\[1\] \('b'\): api_user_id"),
    "a file twice": (
        [item("a", secret_file="k/x"), item("b", secret_file="k/./x")],
        {},
        r"api_keys\[1\] \('b'\): secret_file is 'k/./x', as that of api_keys\[0\] \('a'\)",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("check_mode", [True, False])
def test_refused_before_anything_is_sent(client: t.Any, case: str, check_mode: bool) -> None:
    items, options, problem = REFUSED[case]
    with pytest.raises(UsageError, match=problem):
        run(client, *items, check_mode=check_mode, **options)
    assert not client.requests


UNCERTAIN: dict[str, tuple[list[Json], Json, str]] = {
    "no roles": ([item("new", **NEW), item("b")], {}, r"api_keys\[1\] \('b'\): .*give roles"),
    "an unknown ID": ([item("new", **NEW), item("b", api_user_id="f" * 24)], {}, r"api_keys\[1\] \('b'\).*ID f{24}"),
    "several keys": ([item("new", **NEW), item("twin")], {}, r"api_keys\[1\] \('twin'\): Several.*key00002.*key00003"),
    "another key": ([item("new", **NEW), item("team-1", api_user_id=ID)], {}, r"another API key has .*key00001"),
    "one key twice": ([item("team-0"), item("x", api_user_id=ID)], {}, rf"api_keys\[1\] \('x'\): It describes .* {ID}"),
    "a file that exists": ([item("new", **NEW), item("old", **NEW)], {}, r"api_keys\[1\] \('old'\): .*which exists"),
    "a directory that does not": (
        [item("new", **NEW), item("b", **NEW, secret_file="no/b")],
        {},
        r"api_keys\[1\] \('b'\): .*cannot be written",
    ),
    "the own key": (
        [item("new", **NEW)],
        {"purge": True, "purge_prefix": "own"},
        r"API key 0{23}4 \('own'\): .*allow_self",
    ),
    "the own role": (
        [item("new", **NEW), item("own", roles=["ORG_MEMBER"])],
        {},
        r"api_keys\[1\].*ORG_OWNER.*allow_self",
    ),
}


@pytest.mark.parametrize("case", UNCERTAIN)
@pytest.mark.parametrize("check_mode", [True, False])
def test_refused_before_anything_is_changed(client: t.Any, case: str, check_mode: bool) -> None:
    pathlib.Path("old.json").touch()
    client.public_key = "key00004"
    client.responses[KEYS] = [key(0), key(1), key(2, "twin"), key(3, "twin"), key(4, "own", "ORG_OWNER")]
    items, options, problem = UNCERTAIN[case]
    with pytest.raises(UsageError, match=problem):
        run(client, *items, check_mode=check_mode, **options)
    assert client.requests == [KEYS]
    assert [each.name for each in pathlib.Path().iterdir()] == ["old.json"]


@pytest.mark.parametrize("purge", [True, False])
def test_incomplete_list_changes_nothing(client: t.Any, purge: bool) -> None:
    client.responses[KEYS] = Listing([key(0), key(1)], "The list may be incomplete.")
    with pytest.raises(AtlasError, match="^The list may be incomplete. So it is not certain which API keys exist"):
        run(client, item("new", **NEW), purge=purge, purge_prefix="team-")
    assert client.requests == [KEYS]
    assert not client.warnings


def test_creations_then_updates_then_deletions(client: t.Any) -> None:
    client.responses[KEYS] = [key(0), key(1), key(2), key(3, "other")]
    client.responses[f"PATCH {path(1)}"] = key(1, None, "ORG_READ_ONLY")
    items = [
        item("team-1", roles=["ORG_READ_ONLY"]),
        item("team-0"),
        item("new", **NEW),
        item("bare", roles=["ORG_MEMBER"]),
    ]
    result = run(client, *items, purge=True, purge_prefix="team-")
    assert client.requests == [
        KEYS,
        *(f"POST {KEYS}", f"POST {path(100)}/accessList", f"POST {KEYS}"),
        f"PATCH {path(1)}",
        f"DELETE {path(2)}",
    ]
    assert client.bodies[f"PATCH {path(1)}"] == {"roles": ["ORG_READ_ONLY"]}
    assert [each["desc"] for each in result["api_keys"]] == ["team-1", "team-0", "new", "bare"]
    assert [each["id"] for each in result["api_keys"]] == [f"{number:024x}" for number in (1, 0, 100, 101)]
    assert (result["changed"], result["created"], result["updated"]) == (True, ["new", "bare"], ["team-1"])
    assert result["deleted_api_user_ids"] == [f"{2:024x}"]
    assert result["diff"]["before"] == {
        "team-1": {"desc": "team-1", "roles": ["ORG_MEMBER"]},
        "team-2": {"desc": "team-2", "roles": ["ORG_MEMBER"]},
    }
    assert result["diff"]["after"] == {
        "new": {"desc": "new", "roles": ["ORG_MEMBER"], "access_list": ["192.0.2.0/24"]},
        "bare": {"desc": "bare", "roles": ["ORG_MEMBER"], "access_list": []},
        "team-1": {"desc": "team-1", "roles": ["ORG_READ_ONLY"]},
    }
    assert {json.loads(file.read_text())["private_key"] for file in pathlib.Path().iterdir()} == {PRIVATE}
    assert {file.name for file in pathlib.Path().iterdir()} == {"new.json", "bare.json"}
    assert PRIVATE not in str(result)


def test_check_mode_returns_the_same_and_only_reads(client: t.Any) -> None:
    client.responses[f"PATCH {path(1)}"] = key(1, None, "ORG_READ_ONLY")
    items = [item("team-1", roles=["ORG_READ_ONLY"]), item("new", **NEW)]
    purging = {"purge": True, "purge_prefix": "team-"}
    planned = run(client, *items, **purging, check_mode=True)
    assert client.requests == [KEYS]
    assert not list(pathlib.Path().iterdir())
    done = run(client, *items, **purging)
    assert planned.pop("api_keys")[1] == {"desc": "new", "roles": [{"org_id": ORG, "role_name": "ORG_MEMBER"}]}
    assert planned == {name: value for name, value in done.items() if name != "api_keys"}


def test_nothing_differs(client: t.Any) -> None:
    result = run(client, item("team-1", roles=["ORG_MEMBER"]), item("team-0"), purge=True, purge_prefix="team-")
    assert client.requests == [KEYS]
    assert (result["changed"], result["diff"]) == (False, {"before": {}, "after": {}})
    assert [each["desc"] for each in result["api_keys"]] == ["team-1", "team-0"]
    assert (result["created"], result["updated"], result["deleted_api_user_ids"]) == ([], [], [])


def test_missing_private_key_files_are_one_warning(client: t.Any, tmp_path: pathlib.Path) -> None:
    client.responses[KEYS] = [key(number) for number in range(3)]
    (tmp_path / "team-0.json").write_text("{}")
    run(client, *(item(f"team-{number}") for number in range(3)))
    (warning,) = client.warnings
    assert warning.startswith("The files of 2 API keys that exist do not, team-1.json for one.")


def test_existing_key_is_adopted_by_its_id_and_not_pruned(client: t.Any) -> None:
    client.responses[f"PATCH {path(0)}"] = key(0, "new")
    adopted = item("new", api_user_id=ID, secret_file=None)
    result = run(client, adopted, item("team-1"), purge=True, purge_prefix="team-")
    assert client.requests == [KEYS, f"PATCH {path(0)}"]
    assert client.bodies[f"PATCH {path(0)}"] == {"desc": "new"}
    assert result["updated"] == ["new"]
    assert result["diff"]["before"] == {"new": {"desc": "team-0", "roles": ["ORG_MEMBER"]}}


def test_two_keys_can_exchange_their_descriptions(client: t.Any) -> None:
    client.responses |= {f"PATCH {path(0)}": key(0, "team-1"), f"PATCH {path(1)}": key(1, "team-0")}
    run(client, item("team-1", api_user_id=ID), item("team-0", api_user_id=f"{1:024x}"))
    assert client.requests == [KEYS, f"PATCH {path(0)}", f"PATCH {path(1)}"]


def test_only_keys_with_the_prefix_are_pruned(client: t.Any) -> None:
    client.responses[KEYS] = [
        key(0),
        key(1, "Team-1"),
        key(2, "my team-2"),
        key(3, "team-0"),
        {"id": "x", "desc": None},
    ]
    result = run(client, purge=True, purge_prefix="team-")
    assert client.requests == [KEYS, f"DELETE {path(0)}", f"DELETE {path(3)}"]
    assert result["api_keys"] == []
    assert list(result["diff"]["before"]) == ["team-0", f"API key {3:024x} ('team-0')"]


def test_key_without_an_id_is_not_pruned(client: t.Any) -> None:
    client.responses[KEYS] = [key(0), {"desc": "team-x"}]
    with pytest.raises(AtlasError, match="has no ID"):
        run(client, purge=True, purge_prefix="team-")
    assert client.requests == [KEYS]


def test_own_key_is_deleted_last(client: t.Any) -> None:
    client.public_key = "key00000"
    run(client, item("new", **NEW), purge=True, purge_prefix="team-", allow_self=True)
    assert client.requests[-2:] == [f"DELETE {path(1)}", f"DELETE {path(0)}"]


def test_own_key_is_changed_after_the_deletions(client: t.Any) -> None:
    client.public_key = "key00000"
    client.responses[KEYS] = [key(0, "own", "ORG_OWNER"), key(1)]
    client.responses[f"PATCH {path(0)}"] = key(0, "own")
    run(client, item("own", roles=["ORG_MEMBER"]), purge=True, purge_prefix="team-", allow_self=True)
    assert client.requests == [KEYS, f"DELETE {path(1)}", f"PATCH {path(0)}"]


def test_failure_names_the_item_and_what_was_done_before(client: t.Any) -> None:
    refused = APIError("PATCH", 403, {"errorCode": "X", "detail": "No."})
    client.responses[f"PATCH {path(1)}"] = refused
    items = [item("new", **NEW), item("team-1", roles=["ORG_READ_ONLY"])]
    with pytest.raises(APIError) as caught:
        run(client, *items, purge=True, purge_prefix="team-")
    assert str(caught.value).startswith("api_keys[1] ('team-1'): Atlas refused PATCH: 403 X. No.")
    assert str(caught.value).endswith("this task has changed other API keys: 1 created, 0 updated, 0 deleted.")
    assert caught.value.details()["error_code"] == "X"
    assert pathlib.Path("new.json").exists()
    assert client.requests[-1] == f"PATCH {path(1)}"


@pytest.mark.parametrize(("changed", "created"), [(0, 50), (5, 0), (0, 0)])
def test_number_of_requests(client: t.Any, changed: int, created: int) -> None:
    """One for the list, two for a new key with an access list, one for a change; nothing for the others."""
    client.responses[KEYS] = [] if created else [key(number) for number in range(50)]
    for number in range(changed):
        client.responses[f"PATCH {path(number)}"] = key(number, None, "ORG_READ_ONLY")
    roles = [["ORG_READ_ONLY" if number < changed else "ORG_MEMBER"] for number in range(50)]
    items = [item(f"team-{number}", **{**NEW, "roles": roles[number]}) for number in range(50)]
    result = run(client, *items)
    assert len(client.requests) == 1 + 2 * created + changed
    assert result["created"] == [f"team-{number}" for number in range(created)]
    assert result["updated"] == [f"team-{number}" for number in range(changed)]
    assert [each["desc"] for each in result["api_keys"]] == [f"team-{number}" for number in range(50)]
