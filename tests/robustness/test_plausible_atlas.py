# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task returns is what is there, or the task fails: random states, options and servers."""

from __future__ import annotations

import contextlib
import json
import pathlib
import tempfile
import types
import typing as t

import pytest

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.modules import (
    org_api_key,
    org_api_key_access_list,
    org_api_keys,
    project_api_key,
)
from plausible_atlas import (
    CLAIMS,
    DOES,
    DROPPED_AFTER,
    DROPPED_BEFORE,
    ERROR_AFTER,
    ERROR_BEFORE,
    LATE,
    NOTHING,
    ORG,
    OUTCOMES,
    PROJECT,
    PlausibleAtlas,
)

Json = dict[str, t.Any]

# A task that fails with one of these says that it does not know whether something was changed.
_UNKNOWN = ("is not known", "was not found afterwards", "may have created", "Looking for it failed")

ROLES = ("ORG_MEMBER", "ORG_READ_ONLY", "ORG_OWNER")
PROJECT_ROLES = ("GROUP_CLUSTER_MANAGER", "GROUP_READ_ONLY")
BLOCKS = ("10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "198.51.100.7/32", "2001:db8::/32")
DESCS = ("team-a", "team-b", "team-c")

roles = st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True)
blocks = st.lists(st.sampled_from(BLOCKS), max_size=3, unique=True)
keys = st.lists(st.tuples(st.sampled_from((*DESCS, "other")), roles, blocks), max_size=4, unique_by=lambda key: key[0])
# Most writes do what they say, or no task would get far.
outcomes = st.lists(st.one_of(st.just(DOES), st.sampled_from(OUTCOMES)), min_size=1, max_size=4)
lags = st.sampled_from([0.0, 0.0, 2.0])


class Server(t.NamedTuple):
    """A state of Atlas, and how its writes end, one after another."""

    keys: list[tuple[str, list[str], list[str]]]
    outcomes: list[str]
    lag: float

    def start(self, outcomes: t.Sequence[str] | None = None, creates: bool = False) -> PlausibleAtlas:
        """Return an organization in this state, which has been so for a while.

        :param creates: whether a new key gets an access list. Then the response that shows its entries is believed: to
            read each list takes a request for each key. So the response does not claim what is not there.
        """
        rest = list(self.outcomes if outcomes is None else outcomes)

        def outcome(request: str) -> str:
            how = rest.pop(0) if rest else DOES
            return NOTHING if creates and how == CLAIMS and request.endswith("accessList") else how

        atlas = PlausibleAtlas(outcome)
        for desc, names, entries in self.keys:
            atlas.add_key(desc, *names, entries=entries)
        atlas.now += 600
        atlas.lag = self.lag
        return atlas


servers = st.builds(Server, keys, outcomes, lags)


@contextlib.contextmanager
def time_of(atlas: PlausibleAtlas) -> t.Iterator[None]:
    """Let the time of the code under test be that of the organization."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(change, "time", types.SimpleNamespace(sleep=atlas.sleep))
        yield


def run(atlas: PlausibleAtlas, module: t.Any, check_mode: bool = False, **options: t.Any) -> Json:
    with time_of(atlas):
        return atlas.run(module, check_mode=check_mode, **options)


def state(atlas: PlausibleAtlas) -> Json:
    """What is there: identifier to description, roles and access list."""
    return {
        identifier: {
            "desc": key["desc"],
            "roles": atlas.roles(identifier),
            "project_roles": atlas.roles(identifier, PROJECT),
            "access_list": atlas.blocks(identifier),
        }
        for identifier, key in atlas.keys.items()
    }


def check_failure(result: Json, before: Json, after: Json, atlas: PlausibleAtlas) -> None:
    """A failed task says that it changed something, or that it does not know."""
    if before != after and not any(text in result["msg"] for text in _UNKNOWN):
        assert result["changed"], result["msg"]
    for identifier in after.keys() - before.keys():
        named = identifier in result["msg"] or after[identifier]["desc"] in result.get("created", [])
        assert named, result["msg"]


def check_only(before: Json, after: Json, *touched: str | None) -> None:
    """Nothing else was changed."""
    rest = before.keys() - set(touched)
    assert {each: before[each] for each in rest} == {each: after.get(each) for each in rest}


def predicted(server: Server, module: t.Any, options: Json) -> None:
    """Check mode says what the real run does, if Atlas does what it says."""
    atlas = server.start(outcomes=[])
    planned = run(atlas, module, check_mode=True, **options)
    assert not atlas.writes()
    done = run(server.start(outcomes=[]), module, **options)
    assert planned.get("failed") == done.get("failed"), (planned, done)
    if not planned.get("failed"):
        assert (planned["changed"], planned["diff"]) == (done["changed"], done["diff"])
    else:
        assert planned["msg"] == done["msg"]


# One key


@st.composite
def key_options(draw: t.Any) -> Json:
    """Options of a task for one key; ``api_user_id`` is the number of a key until it is created."""
    options: Json = {"state": draw(st.sampled_from(["present", "present", "absent"]))}
    options["api_user_id"] = draw(st.one_of(st.none(), st.integers(0, 3)))
    options["desc"] = draw(st.sampled_from(DESCS) if options["api_user_id"] is None else st.none())
    options["roles"] = draw(st.one_of(st.none(), roles))
    options["access_list"] = draw(blocks)
    return options


def name_key(atlas_keys: t.Iterable[str], options: Json) -> Json:
    number = options["api_user_id"]
    existing = list(atlas_keys)
    identifier = None if number is None else existing[number] if number < len(existing) else "f" * 24
    return {**options, "org_id": ORG, "api_user_id": identifier, "return_secret": options["state"] == "present"}


def check_one_key(server: Server, options: Json) -> None:
    atlas = server.start(creates=True)
    before = state(atlas)
    given_ = name_key(before, options)
    result = run(atlas, org_api_key, **given_)
    after = state(atlas)
    asked = {given_["api_user_id"]} | {each for each, key in before.items() if key["desc"] == given_["desc"]}
    assert set(atlas.deleted) <= asked | set(atlas.created)
    check_only(before, after, *asked)
    if result.get("failed"):
        check_failure(result, before, after, atlas)
        return
    assert result["changed"] == (before != after)
    if options["state"] == "absent":
        assert not asked & after.keys()
        assert result["diff"]["after"] == {}
        return
    shown = result["api_key"]
    truth = after[shown["id"]]
    assert (shown["desc"], sorted(role["role_name"] for role in shown["roles"])) == (truth["desc"], truth["roles"])
    seen = {name: truth[name] for name in result["diff"]["after"]}
    seen.update({"access_list": sorted(seen["access_list"])} if "access_list" in seen else {})
    actual = result["diff"]["after"]
    actual.update({"access_list": sorted(actual["access_list"])} if "access_list" in actual else {})
    assert actual == seen
    if shown["id"] not in before:
        assert result["private_key"] == atlas.keys[shown["id"]]["privateKey"]
        assert set(truth["access_list"]) == set(options["access_list"])
        assert set(truth["roles"]) <= set(options["roles"])


# Many keys


@st.composite
def batch_options(draw: t.Any) -> Json:
    descs = draw(st.lists(st.sampled_from(DESCS), max_size=3, unique=True))
    items = [{"desc": desc, "roles": draw(roles), "access_list": draw(blocks)} for desc in descs]
    return {"items": items, "purge": draw(st.booleans())}


def with_files(options: Json, directory: str) -> Json:
    suboptions = org_api_keys.ARGUMENT_SPEC["api_keys"]["options"]
    defaults = {option: spec.get("default") for option, spec in suboptions.items()}
    items = [{**defaults, **each, "secret_file": f"{directory}/{each['desc']}"} for each in options["items"]]
    purging = {"purge": options["purge"], "purge_prefix": "team-", "allow_empty": True}
    return {"org_id": ORG, "api_keys": items, **purging}


def check_many_keys(server: Server, options: Json) -> None:
    atlas = server.start(creates=True)
    before = state(atlas)
    with tempfile.TemporaryDirectory() as directory:
        result = run(atlas, org_api_keys, **with_files(options, directory))
        files = {path.name: json.loads(path.read_text()) for path in pathlib.Path(directory).iterdir()}
    after = state(atlas)
    described = {each["desc"] for each in options["items"]}
    purged = {each for each, key in before.items() if key["desc"].startswith("team-") and key["desc"] not in described}
    changed = {each for each, key in before.items() if key["desc"] in described}
    assert set(atlas.deleted) <= (purged if options["purge"] else set()) | set(atlas.created)
    check_only(before, after, *changed, *purged)
    for content in files.values():
        assert content["private_key"] == atlas.keys[content["api_user_id"]]["privateKey"]
    if result.get("failed"):
        check_failure(result, before, after, atlas)
        assert set(result.get("created", [])) <= {after[each]["desc"] for each in after.keys() - before.keys()}
        assert set(result.get("deleted_api_user_ids", [])) <= before.keys() - after.keys()
        return
    assert result["changed"] == (before != after)
    assert [after[each["id"]]["desc"] for each in result["api_keys"]] == [each["desc"] for each in result["api_keys"]]
    assert {each["id"] for each in result["api_keys"]} <= after.keys()
    assert sorted(result["created"]) == sorted(after[each]["desc"] for each in after.keys() - before.keys())
    assert set(result["deleted_api_user_ids"]) == before.keys() - after.keys()
    for name, shown in result["diff"]["after"].items():
        (truth,) = [key for key in after.values() if key["desc"] == name]
        assert (shown["roles"], shown["desc"]) == (truth["roles"], truth["desc"])
        assert sorted(shown.get("access_list", truth["access_list"])) == truth["access_list"]


# The access list


@st.composite
def entries_options(draw: t.Any) -> Json:
    state_ = draw(st.sampled_from(["present", "present", "absent"]))
    purge = state_ == "present" and draw(st.booleans())
    return {"state": state_, "entries": draw(blocks), "purge": purge, "allow_empty": draw(st.booleans())}


def check_access_list(server: Server, options: Json) -> None:
    atlas = server.start()
    before = state(atlas)
    identifier = next(iter(before), "f" * 24)
    result = run(atlas, org_api_key_access_list, org_id=ORG, api_user_id=identifier, **options)
    after = state(atlas)
    check_only(before, after, identifier)
    assert before.keys() == after.keys()
    was, is_ = (set(each.get(identifier, {}).get("access_list", [])) for each in (before, after))
    if result.get("failed"):
        check_failure(result, before, after, atlas)
        if not server.lag:
            assert (set(result.get("added", [])), set(result.get("removed", []))) == (is_ - was, was - is_)
        return
    assert result["changed"] == (was != is_)
    assert {entry["cidr_block"] for entry in result["access_list"]} == is_
    assert set(result["diff"]["after"].get("access_list", [])) == is_
    asked = set(options["entries"])
    if options["state"] == "absent":
        assert not asked & is_
    else:
        assert asked <= is_
        assert not options["purge"] or is_ == asked


# A project


@st.composite
def project_options(draw: t.Any) -> Json:
    state_ = draw(st.sampled_from(["present", "present", "absent"]))
    names = draw(st.lists(st.sampled_from(PROJECT_ROLES), min_size=1, unique=True))
    return {"state": state_, "roles": names, "before": draw(st.lists(st.sampled_from(PROJECT_ROLES), unique=True))}


def start_in_project(server: Server, before: list[str], outcomes: t.Sequence[str] | None = None) -> PlausibleAtlas:
    atlas = server.start(outcomes)
    for key in list(atlas.keys.values())[:1]:
        key["roles"] += [{"groupId": PROJECT, "roleName": role} for role in before]
    atlas._remember()
    atlas.now += 600
    return atlas


def check_project(server: Server, options: Json) -> None:
    atlas = start_in_project(server, options["before"])
    before = state(atlas)
    identifier = next(iter(before), "f" * 24)
    asked = {"project_id": PROJECT, "api_user_id": identifier, "state": options["state"], "roles": options["roles"]}
    result = run(atlas, project_api_key, **asked)
    after = state(atlas)
    check_only(before, after, identifier)
    assert before.keys() == after.keys()
    was, is_ = (each.get(identifier, {}).get("project_roles", []) for each in (before, after))
    if result.get("failed"):
        check_failure(result, before, after, atlas)
        return
    assert result["changed"] == (was != is_)
    assert (result["diff"]["after"]["roles"] or []) == is_
    if options["state"] == "absent":
        assert is_ == []
    else:
        assert is_
        assert set(is_) <= set(options["roles"])
        shown = [role["role_name"] for role in result["api_key"]["roles"] if role.get("group_id") == PROJECT]
        assert sorted(shown) == is_


CHECKS: dict[str, tuple[t.Callable[[Server, Json], None], st.SearchStrategy[Json]]] = {
    "org_api_key": (check_one_key, key_options()),
    "org_api_keys": (check_many_keys, batch_options()),
    "org_api_key_access_list": (check_access_list, entries_options()),
    "project_api_key": (check_project, project_options()),
}


def try_all(module: str, examples: int) -> None:
    check, options = CHECKS[module]
    settings(max_examples=examples, deadline=None, database=None)(given(servers, options)(check))()


@pytest.mark.parametrize("module", CHECKS)
def test_result_is_the_truth_or_the_task_fails(module: str) -> None:
    try_all(module, 50)


@pytest.mark.full
@pytest.mark.parametrize("module", CHECKS)
def test_result_is_the_truth_or_the_task_fails_at_length(module: str) -> None:
    try_all(module, 1000)


@settings(max_examples=30, deadline=None)
@given(servers, key_options())
def test_check_mode_of_one_key(server: Server, options: Json) -> None:
    predicted(server, org_api_key, name_key(server.start([]).keys, options))


@settings(max_examples=30, deadline=None)
@given(servers, batch_options())
def test_check_mode_of_many_keys(server: Server, options: Json) -> None:
    with tempfile.TemporaryDirectory() as directory:
        predicted(server, org_api_keys, with_files(options, directory))


@settings(max_examples=30, deadline=None)
@given(servers, entries_options())
def test_check_mode_of_an_access_list(server: Server, options: Json) -> None:
    identifier = next(iter(server.start([]).keys), "f" * 24)
    predicted(server, org_api_key_access_list, {"org_id": ORG, "api_user_id": identifier, **options})


# Two hosts create a key with the same description at the same time


# What happens to the creation by the second host, and by how many seconds lists lag.
RACES = {
    "race of two hosts: the request of the second host is lost, the list is current": (DROPPED_BEFORE, 0.0),
    "race of two hosts: the request of the second host is lost, the list lags 2 seconds": (DROPPED_BEFORE, 2.0),
    "race of two hosts: the request of the second host is lost, the list lags a minute": (DROPPED_BEFORE, 60.0),
    "race of two hosts: the response to the second host is lost, the list is current": (DROPPED_AFTER, 0.0),
    "race of two hosts: the response to the second host is lost, the list lags 2 seconds": (DROPPED_AFTER, 2.0),
    "race of two hosts: the response to the second host is lost, the list lags a minute": (DROPPED_AFTER, 60.0),
    "race of two hosts: 500 to the second host, nothing done, the list is current": (ERROR_BEFORE, 0.0),
    "race of two hosts: 500 to the second host, nothing done, the list lags 2 seconds": (ERROR_BEFORE, 2.0),
    "race of two hosts: 500 to the second host, nothing done, the list lags a minute": (ERROR_BEFORE, 60.0),
    "race of two hosts: 500 to the second host after it was done, the list is current": (ERROR_AFTER, 0.0),
    "race of two hosts: 500 to the second host after it was done, the list lags 2 seconds": (ERROR_AFTER, 2.0),
    "race of two hosts: 500 to the second host after it was done, the list lags a minute": (ERROR_AFTER, 60.0),
    "race of two hosts: the request of the second host arrives late, the list is current": (LATE, 0.0),
    "race of two hosts: the request of the second host arrives late, the list lags 2 seconds": (LATE, 2.0),
    "race of two hosts: the request of the second host arrives late, the list lags a minute": (LATE, 60.0),
    "race of two hosts: both are served, the list is current": (DOES, 0.0),
    "race of two hosts: both are served, the list lags 2 seconds": (DOES, 2.0),
    "race of two hosts: both are served, the list lags a minute": (DOES, 60.0),
}


def create(atlas: PlausibleAtlas, directory: pathlib.Path, host: str) -> Json:
    options = {"org_id": ORG, "desc": "ci", "roles": ["ORG_MEMBER"], "secret_file": str(directory / host)}
    return run(atlas, org_api_key, **options)


@pytest.mark.parametrize("race", RACES)
def test_race_of_two_hosts(race: str, tmp_path: pathlib.Path, happened: t.Callable[[str, str], None]) -> None:
    how, lag = RACES[race]
    atlas = PlausibleAtlas()
    atlas.now += 600
    atlas.lag = lag
    first: list[Json] = []

    def outcome(_request: str) -> str:
        if first:
            return DOES
        first.append({})  # the first host comes in before the request of the second one arrives
        first[0] = create(atlas, tmp_path, "first")
        return how

    atlas.outcome = outcome
    second = create(atlas, tmp_path, "second")
    atlas.settle()
    kept = {path.name: json.loads(path.read_text())["api_user_id"] for path in tmp_path.iterdir()}
    assert atlas.deleted == []
    assert not first[0].get("failed")
    assert kept["first"] in atlas.keys
    orphans = set(atlas.keys) - set(kept.values())
    if how == DOES:
        assert set(kept.values()) == set(atlas.keys)
        twins = "both keys are kept, and a warning names the twin" if atlas.warnings else "both keys are kept"
        happened(race, f"succeeds: {twins}")
        return
    assert second["failed"]
    assert kept.keys() == {"first"}
    named = {identifier for identifier in atlas.keys if identifier in second["msg"]}
    assert "'ci'" in second["msg"]
    assert how == LATE or lag == 60 or orphans <= named
    what = "names " + (
        "both keys" if len(named) == 2 else "the key that is there" if named else "no ID, but the description"
    )
    happened(
        race,
        f"fails: deletes nothing, {what}; {'one key has' if orphans else 'no key has'} no owner",
    )
