# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that read an organization: projects, service accounts, API keys, events and settings."""

from __future__ import annotations

import collections
import contextlib
import json
import re
import typing as t

import pytest
import yaml

from atlas_emulator.dataset import read
from atlas_emulator.server import Emulator
from harness import Atlas, Finished, Shell, some

ORG, PROJECT = "a0123456789abcdef012345a", "b0123456789abcdef012345b"
OWNER = {"public_key": "mqzhrtab", "private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6"}
READER = {"public_key": "gswvkocq", "private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"}
ACCOUNT = {"client_id": "mdb_sa_id_0123456789abcdef01234567", "client_secret": "mdb_sa_sk_0123456789abcdef"}
AUDITOR = "mdb_sa_id_1123456789abcdef01234567"
TOKEN = {"access_token": "token-of-the-owner"}
MODES = {"in process": "true", "as ordinary modules": "false"}

Json = dict[str, t.Any]

# Each module, as a play reads a whole organization with it.
EVERYTHING: dict[str, Json] = {
    "org_info": {"gather_settings": True},
    "project_info": {"org_id": ORG},
    "org_api_key_info": {"org_id": ORG, "gather_access_list": True},
    "org_service_account_info": {"org_id": ORG, "gather_projects": True, "gather_access_list": True},
    "org_event_info": {"org_id": ORG},
}


@contextlib.contextmanager
def organization(generate: Json, **settings: t.Any) -> t.Iterator[Atlas]:
    """An organization with an owner of each kind, and so many generated items."""
    roles = [{"org_id": ORG, "role_name": "ORG_OWNER"}]
    org = {
        "id": ORG,
        "name": "Production",
        "api_keys": [{"id": "f" * 24, "desc": "owner", **OWNER, "roles": roles}],
        "service_accounts": [{**ACCOUNT, "name": "owner", "roles": roles}],
        "access_tokens": [{"token": TOKEN["access_token"], "state": "live", "roles": roles}],
        "generate": generate,
    }
    with Emulator(read({"settings": settings, "orgs": [org]})) as emulator:
        yield Atlas(emulator.url)


def ask(shell: Shell, atlas: Atlas, module: str, options: Json, mode: str = "in process") -> Finished:
    """Run a module ad hoc in one of MODES."""
    variable = ("-e", f"mongodb_atlas_admin_in_process={MODES[mode]}")
    return shell.ad_hoc(module, {"base_url": atlas.url, **options}, *variable)


def run_all(shell: Shell, atlas: Atlas, tasks: list[Json], mode: str = "in process") -> list[Json]:
    """Return what each task of a play in one of MODES returns; one that fails does not end the play."""
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.minimal"}
    text = play([{**task, "ignore_errors": True} for task in tasks])
    done = shell.playbook(text, "-e", f"mongodb_atlas_admin_in_process={MODES[mode]}", **environ)
    assert done.code == 0, done.output
    starts = [start.end() for start in re.finditer(r"(?m)^localhost \| \w+!? => ", done.output)]
    return [json.JSONDecoder().raw_decode(done.output[start:])[0] for start in starts]


def found(done: Finished) -> Json:
    assert done.code == 0, done.output
    return done.result()


def kinds(atlas: Atlas) -> dict[str, int]:
    """How many requests of each kind there were: their paths without identifiers."""
    paths = [re.sub(r".*/v2|/(mdb_sa_id_)?[a-f0-9]{24}", "", request["path"]) for request in atlas.journal()]
    return dict(collections.Counter(paths))


@pytest.mark.scale
def test_a_whole_organization_in_as_few_requests_as_there_are(shell: Shell) -> None:
    """Lists come in pages of 500; an access list and the projects of an account are a request each."""
    with organization({"projects": 250, "api_keys": 499, "service_accounts": 199}, rate_limits=False) as atlas:
        results = {module: found(ask(shell, atlas, module, {**TOKEN, **EVERYTHING[module]})) for module in EVERYTHING}
        assert kinds(atlas) == {
            "/orgs": 1,
            "/orgs/settings": 1,
            "/orgs/groups": 1,
            "/orgs/apiKeys": 1,
            "/orgs/apiKeys/accessList": 500,
            "/orgs/serviceAccounts": 1,
            "/orgs/serviceAccounts/groups": 200,
            "/orgs/serviceAccounts/accessList": 200,
            "/orgs/events": 3,
        }
    assert all(result["complete"] for result in results.values())
    assert len(results["project_info"]["projects"]) == 250
    keys, accounts = results["org_api_key_info"]["api_keys"], results["org_service_account_info"]["service_accounts"]
    assert (len(keys), len(accounts)) == (500, 200)
    assert all(isinstance(each["access_list"], list) for each in [*keys, *accounts])
    known = {project["id"] for project in results["project_info"]["projects"]}
    assigned = {role["group_id"] for each in accounts for role in each["role_assignments"] if "group_id" in role}
    assert assigned
    assert assigned <= known
    created = [event["created"] for event in results["org_event_info"]["events"]]
    assert 1000 < len(created) <= 1500
    assert created == sorted(created, reverse=True)


def play(tasks: list[Json], **keywords: t.Any) -> str:
    return yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, **keywords, "tasks": tasks}])


@pytest.mark.parametrize("mode", some(MODES, "in process"))
def test_play_of_all_modules_needs_one_token(shell: Shell, mode: str) -> None:
    tasks = [{f"mongodb_atlas.admin.{module}": options} for module, options in EVERYTHING.items()]
    block = {
        "module_defaults": {"group/mongodb_atlas.admin.atlas": {"access_token": "{{ minted.access_token }}"}},
        "block": tasks,
        "always": [{"mongodb_atlas.admin.access_token": {"state": "absent"}}],
    }
    mint = {"mongodb_atlas.admin.access_token": ACCOUNT, "register": "minted"}
    with organization({"projects": 3, "api_keys": 4, "service_accounts": 4}) as atlas:
        environ = {
            "MONGODB_ATLAS_BASE_URL": atlas.url,
            "MONGODB_ATLAS_CLIENT_ID": ACCOUNT["client_id"],
            "MONGODB_ATLAS_CLIENT_SECRET": ACCOUNT["client_secret"],
        }
        done = shell.playbook(play([mint, block], vars={"mongodb_atlas_admin_in_process": MODES[mode]}), **environ)
        assert done.code == 0, done.output
        assert "ok=7" in done.text
        tokens = atlas.control("GET", "tokens")
    assert (tokens["minted"], tokens["revoked"], tokens["live"]) == (1, 1, [])


def test_loop_needs_one_token(atlas: Atlas, shell: Shell) -> None:
    """A loop over each module, with a count of the tokens after each."""
    account = {"client_id": AUDITOR, "client_secret": "mdb_sa_sk_2123456789abcdef0123456789abcdef01234567"}
    count = {"ansible.builtin.uri": {"url": f"{atlas.url}/_emulator/tokens", "return_content": True}}
    tasks: list[Json] = []
    for module, options in EVERYTHING.items():
        options = {**options, **account, "base_url": atlas.url, "ignore_access_denied": True}
        if not any(option.startswith("gather_") for option in options):
            del options["ignore_access_denied"]
        tasks += [{f"mongodb_atlas.admin.{module}": options, "loop": [1, 2, 3]}, count]
    counted = [result["json"] for result in run_all(shell, atlas, tasks) if "json" in result]
    tokens = [(each["minted"], each["revoked"], each["live"]) for each in counted]
    assert tokens == [(number, number, []) for number in range(1, len(EVERYTHING) + 1)]


def test_both_modes_return_the_same(atlas: Atlas, shell: Shell) -> None:
    tasks = [{f"mongodb_atlas.admin.{module}": {**OWNER, **options}} for module, options in EVERYTHING.items()]
    here, there = (run_all(shell, atlas, tasks, mode) for mode in MODES)
    assert len(here) == len(EVERYTHING)
    assert not any("msg" in result for result in here)
    for module, one, other in zip(EVERYTHING, here, there):
        assert one == other, module


def test_project_by_name_and_by_id(atlas: Atlas, shell: Shell) -> None:
    named = found(ask(shell, atlas, "project_info", {**READER, "org_id": ORG, "name": "w"}))
    assert [project["name"] for project in named["projects"]] == ["web shop", "warehouse"]
    one = found(ask(shell, atlas, "project_info", {**READER, "group_id": PROJECT}))["project"]
    assert (one["name"], one["org_id"], one["cluster_count"]) == ("web shop", ORG, 2)
    assert one["tags"] == [{"key": "environment", "value": "production"}]


WRONG: list[tuple[Json, str]] = [
    ({"name": "w"}, "missing parameter(s) required by 'name': org_id"),
    ({"name": "w", "org_id": ORG, "project_id": PROJECT}, "parameters are mutually exclusive: project_id|name"),
    ({"project_id": "web shop"}, "project_id is 'web shop'; it must be 24 hexadecimal digits"),
]


def test_wrong_options_of_projects(atlas: Atlas, shell: Shell) -> None:
    tasks = [{"mongodb_atlas.admin.project_info": {**READER, **options}} for options, _message in WRONG]
    results = run_all(shell, atlas, tasks)
    assert len(results) == len(WRONG)
    for result, (_options, message) in zip(results, WRONG):
        assert message in result["msg"]
    assert atlas.journal() == []


def test_service_account_with_its_secrets_and_projects(atlas: Atlas, shell: Shell) -> None:
    options = {**READER, "org_id": ORG, "service_account_id": AUDITOR, "gather_projects": True}
    done = ask(shell, atlas, "org_service_account_info", options)
    account = found(done)["service_account"]
    assert (account["client_id"], account["name"], account["roles"]) == (AUDITOR, "auditor", ["ORG_READ_ONLY"])
    assert account["projects"] == [{"group_id": PROJECT, "roles": ["GROUP_READ_ONLY"]}]
    assert account["role_assignments"] == [
        {"org_id": ORG, "role_name": "ORG_READ_ONLY"},
        {"group_id": PROJECT, "role_name": "GROUP_READ_ONLY"},
    ]
    assert account["secrets"][0]["expires_at"] == "2026-06-01T08:00:00Z"
    assert {"id", "created_at", "last_used_at", "masked_secret_value"} <= account["secrets"][1].keys()
    assert "mdb_sa_sk_1123456789abcdef" not in done.output


def test_client_id_is_not_what_is_read(atlas: Atlas, shell: Shell) -> None:
    options = {**READER, "org_id": ORG, "service_account_id": READER["public_key"]}
    done = ask(shell, atlas, "org_service_account_info", options)
    assert done.result()["msg"].startswith("service_account_id is 'gswvkocq'; it must be mdb_sa_id_ and 24")
    assert done.result()["msg"].endswith("It looks like the public key of an API key.")
    assert atlas.journal() == []


def test_settings(atlas: Atlas, shell: Shell) -> None:
    (org,) = found(ask(shell, atlas, "org_info", {**READER, "gather_settings": True}))["orgs"]
    assert org["settings"]["api_access_list_required"] is False
    assert org["settings"]["max_service_account_secret_validity_in_hours"] == 8760


CREATED: list[tuple[Json, list[tuple[str, str]]]] = [
    ({"event_types": ["API_KEY_CREATED"]}, [("gswvkocq", "mqzhrtab"), ("mqzhrtab", "administrator@example.com")]),
    ({"event_types": ["API_KEY_CREATED"], "since": "2026-08-01"}, [("gswvkocq", "mqzhrtab")]),
    ({"event_types": ["API_KEY_CREATED"], "until": "2026-08-01"}, [("mqzhrtab", "administrator@example.com")]),
    ({"event_types": ["NOT_KNOWN_YET"]}, []),
]


def test_who_created_which_key(atlas: Atlas, shell: Shell) -> None:
    module = "mongodb_atlas.admin.org_event_info"
    results = run_all(shell, atlas, [{module: {**READER, "org_id": ORG, **options}} for options, _events in CREATED])
    assert len(results) == len(CREATED)
    for result, (_options, events) in zip(results, CREATED):
        who = [
            (event["target_public_key"], event.get("username", event.get("public_key"))) for event in result["events"]
        ]
        assert [pair for pair in who if pair[0] in (READER["public_key"], OWNER["public_key"])] == events
        assert result["complete"] is True


def test_roles_in_a_project_are_in_the_feed_of_the_project_alone(atlas: Atlas, shell: Shell) -> None:
    read = {**OWNER, "event_types": ["API_KEY_ADDED_TO_GROUP", "API_KEY_ROLES_CHANGED"]}
    change = {**OWNER, "org_id": ORG, "project_id": PROJECT, "roles": ["GROUP_DATA_ACCESS_READ_ONLY"]}
    selected = {**OWNER, "org_id": ORG, "target_public_key": READER["public_key"]}
    (key,) = run_all(shell, atlas, [{"mongodb_atlas.admin.org_api_key_info": selected}])
    assert key["api_key"]["public_key"] == READER["public_key"]
    _changed, of_project, of_organization = run_all(
        shell,
        atlas,
        [
            {"mongodb_atlas.admin.project_api_key": {**change, "api_user_id": key["api_key"]["id"]}},
            {"mongodb_atlas.admin.org_event_info": {**read, "project_id": PROJECT}},
            {"mongodb_atlas.admin.org_event_info": {**read, "org_id": ORG}},
        ],
    )
    newest = of_project["events"][0]
    assert newest["target_public_key"] == READER["public_key"]
    assert newest["group_id"] == PROJECT
    assert "org_id" not in newest
    assert not of_organization["events"]


@pytest.mark.parametrize("mode", some(MODES, "in process"))
def test_more_events_than_wanted(atlas: Atlas, shell: Shell, mode: str) -> None:
    done = ask(shell, atlas, "org_event_info", {**READER, "org_id": ORG, "max_events": 2}, mode)
    result = found(done)
    assert (len(result["events"]), result["complete"]) == (2, False)
    assert result["events"][0]["created"] >= result["events"][1]["created"]
    assert f"There are more than 2 events of the organization {ORG}; the newest 2 were returned." in done.text


# A caller that may not read the access lists of others


@pytest.mark.parametrize("mode", some(MODES, "in process"))
def test_refused_access_lists_are_null_with_one_warning(atlas: Atlas, shell: Shell, mode: str) -> None:
    options = {**READER, "org_id": ORG, "gather_access_list": True, "ignore_access_denied": True}
    done = ask(shell, atlas, "org_api_key_info", options, mode)
    result = found(done)
    lists = {key["public_key"]: key["access_list"] for key in result["api_keys"]}
    assert len(lists) == 22
    assert lists.pop(READER["public_key"]) == []  # its own may be read, and is empty
    assert set(lists.values()) == {None}
    assert result["complete"] is True
    assert done.text.count("[WARNING]") == 1
    assert "API key access lists: Atlas refused 21 of 22 (401 API_KEY_ACCESS_LIST_ACCESS_DENIED)." in done.text


@pytest.mark.parametrize("mode", some(MODES, "in process"))
def test_refused_access_lists_fail_the_task_otherwise(atlas: Atlas, shell: Shell, mode: str) -> None:
    done = ask(shell, atlas, "org_api_key_info", {**READER, "org_id": ORG, "gather_access_list": True}, mode)
    assert done.code == 2
    assert done.result()["error_code"] == "API_KEY_ACCESS_LIST_ACCESS_DENIED"


# Progress

SHOWN = re.compile(r"API key access lists: \d+ of 60, waiting for Atlas' rate limit")


@pytest.mark.parametrize("mode", some(MODES, "in process"))
def test_wait_for_the_rate_limit_is_shown_in_process(shell: Shell, mode: str) -> None:
    with organization({"api_keys": 59}, org_bucket={"capacity": 20, "refill": 20, "seconds": 0.5}) as atlas:
        options = {**TOKEN, "org_id": ORG, "gather_access_list": True}
        done = ask(shell, atlas, "org_api_key_info", options, mode)
        result = found(done)
    assert all(isinstance(key["access_list"], list) for key in result["api_keys"])
    assert len(SHOWN.findall(done.output)) == (mode == "in process")
    assert "of 60" not in json.dumps(result)


def test_nothing_is_shown_without_a_wait(shell: Shell) -> None:
    with organization({"api_keys": 59}) as atlas:
        done = ask(shell, atlas, "org_api_key_info", {**TOKEN, "org_id": ORG, "gather_access_list": True})
        assert done.output.startswith("localhost | SUCCESS => {")
