# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API keys that are created, changed and deleted while requests, files and processes fail: no key is ever lost."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import typing as t

import pytest
import requests

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, Interrupted
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import Outcome, execute
from ansible_collections.mongodb_atlas.admin.plugins.modules import (
    org_api_key,
    org_api_key_access_list,
    org_api_key_info,
    org_api_keys,
    project_api_key,
)
from atlas_emulator.dataset import load
from atlas_emulator.server import Emulator
from harness import DATASETS, TREE, Atlas, Shell

ORG, PROJECT = "a0123456789abcdef012345a", "b0123456789abcdef012345b"
KEY, OWN_KEY = "6a793f752c88faeba59bba49", "6a793f752c88faeba59bba50"
OWNER = {"public_key": "mqzhrtab", "private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6"}

CREATE = {"path": "/apiKeys$", "method": "POST"}
LIST = {"path": "/apiKeys$", "method": "GET"}
DELETE = {"path": "/apiKeys/[a-f0-9]*$", "method": "DELETE"}
ENTRIES = {"path": "/accessList$", "method": "POST"}

NEW = {"desc": "ci", "return_secret": True, "roles": ["ORG_MEMBER"]}

Json = dict[str, t.Any]


@pytest.fixture
def atlas(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[Atlas]:
    monkeypatch.setattr(change, "LOOK_AGAIN_AFTER", 0.1)
    with Emulator(load(DATASETS / "demo.yml")) as emulator:
        yield Atlas(emulator.url)


def run(module: t.Any, atlas: Atlas, check_mode: bool = False, **options: t.Any) -> Outcome:
    """Run MODULE as a task of the organization's owner would."""
    defaults = {option: spec.get("default") for option, spec in module.ARGUMENT_SPEC.items()}
    params = {**defaults, **OWNER, "base_url": atlas.url, "timeout": 60.0, "retries": 0, **options}
    return execute(module.ARGUMENT_SPEC, module.run, params, {}, check_mode=check_mode)


def create(atlas: Atlas, file: pathlib.Path | None, **options: t.Any) -> Outcome:
    kept = {"secret_file": str(file)} if file else {"return_secret": True}
    return run(org_api_key, atlas, org_id=ORG, desc="ci", roles=["ORG_READ_ONLY"], **kept, **options)


def writes(atlas: Atlas) -> list[str]:
    """The requests that could change something, that were answered."""
    return [f"{asked['method']} {asked['path']}" for asked in atlas.journal() if asked["method"] != "GET"]


def keys_named(atlas: Atlas, desc: str = "ci") -> list[Json]:
    """The keys with a description, as the emulator has them."""
    outcome = run(org_api_key_info, atlas, org_id=ORG, gather_access_list=True)
    return [key for key in outcome.result["api_keys"] if key["desc"] == desc]


# How a creation fails, and what there must be afterwards.


def fail_file(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def write(self: SecretFile, fields: t.Any) -> t.NoReturn:
        raise error

    monkeypatch.setattr(SecretFile, "write", write)


def interrupt_after_creation(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """The time is over when the response has arrived, and before the task knows of it."""
    real = api_keys.create

    def create_and_interrupt(*args: t.Any) -> t.NoReturn:
        real(*args)
        raise error

    monkeypatch.setattr(api_keys, "create", create_and_interrupt)


class TaskTimeoutError(BaseException):
    """As Ansible raises for timeout."""


OTHER_KEY = {"id": KEY, "desc": "e2e", "publicKey": "gswvkocq", "privateKey": "9f1c0c9e-5d0e-4f5e-9a53-01bdd56c9999"}

FAULTS: dict[str, tuple[list[Json], str]] = {
    "creation: the request is lost": ([{**CREATE, "cut": "start", "status": 500}], "message"),
    "creation: the response is lost": ([{**CREATE, "cut": "start"}], "named"),
    "creation: the response is cut": ([{**CREATE, "cut": "body"}], "named"),
    "creation: the response is lost, and the list lags": (
        [{**CREATE, "cut": "start"}, {**LIST, "skip": 1, "lag": 60, "times": None}],
        "message",
    ),
    "creation: 500 instead of a response": ([{**CREATE, "status": 500}], "message"),
    "creation: 500 after it was made": ([{**CREATE, "does": "all", "status": 500}], "named"),
    "creation: accepted and not made": ([{**CREATE, "does": "nothing", "status": 202, "body": {}}], "message"),
    "creation: claimed and not made": ([{**CREATE, "does": "nothing"}], "none"),
    "creation: other roles are stored": (
        [{**CREATE, "does": "something_else", "says": "truth", "instead": {"roles": ["ORG_OWNER"]}}],
        "none",
    ),
    "creation: another description is stored": (
        [{**CREATE, "does": "something_else", "says": "truth", "instead": {"desc": "other"}}],
        "named",
    ),
    "creation: 400": ([{**CREATE, "status": 400, "body": {"error": 400, "errorCode": "X"}}], "none"),
    "creation: 409": ([{**CREATE, "status": 409, "body": {"error": 409, "errorCode": "X"}}], "none"),
    "creation: a page of a proxy": ([{**CREATE, "body": "<html>"}], "message"),
    "creation: the response is about another API key": ([{**CREATE, "body": OTHER_KEY}], "message"),
    "creation: the response has no whole private key": (
        [{**CREATE, "body": {**OTHER_KEY, "desc": "ci", "privateKey": "********-****-****-01bdd56c8978"}}],
        "message",
    ),
    "creation: the response is lost, and the list is refused": (
        [{**CREATE, "cut": "start"}, {**LIST, "skip": 1, "status": 403, "times": None}],
        "message",
    ),
    "creation: the access list is refused": ([{**ENTRIES, "status": 400}], "none"),
    "creation: the access list is accepted and not stored": (
        [{**ENTRIES, "does": "nothing", "status": 202, "body": {}}],
        "none",
    ),
    "creation: the access list is opened to everybody": (
        [{**ENTRIES, "does": "something_else", "says": "truth", "instead": {"cidrBlock": "0.0.0.0/0"}}],
        "none",
    ),
    "creation: the response for the access list is lost": ([{**ENTRIES, "cut": "start"}], "key"),
    "creation: the access list is refused, and so is the deletion": (
        [{**ENTRIES, "status": 400}, {**DELETE, "status": 403}],
        "named",
    ),
    "creation: the access list is refused, and the deletion is accepted and not made": (
        [{**ENTRIES, "status": 400}, {**DELETE, "does": "nothing", "times": None}],
        "named",
    ),
}

OUTCOMES = {
    "key": "succeeds: one key, its private key in the file",
    "none": "fails: no key, no file",
    "named": "fails: the message names the key with its ID, and nothing is deleted",
    "message": "fails: the message says what may exist, and nothing is deleted",
}


def check(atlas: Atlas, file: pathlib.Path, outcome: Outcome, expected: str) -> None:
    """There is the key with its private key in the file, or no key, or a message that names it."""
    found = keys_named(atlas)
    assert not list(file.parent.glob(".*")), "the reserved file is left"
    assert keys_named(atlas, "e2e"), "another key was deleted"
    if expected == "key":
        assert not outcome.failed, outcome.result
        assert [key["id"] for key in found] == [outcome.result["api_key"]["id"]]
        kept = json.loads(file.read_text())
        assert kept["api_user_id"] == found[0]["id"]
        assert kept["private_key"][-12:] == found[0]["private_key"][-12:]
        assert file.stat().st_mode & 0o777 == 0o600
        return
    assert outcome.failed
    if expected == "none":
        assert not found
        assert not file.exists()
        return
    message = outcome.result["msg"]
    assert "'ci'" in message or any(key["id"] in message for key in found)
    assert not file.exists()
    if expected == "named":
        (key,) = [*found, *keys_named(atlas, "other")]
        assert key["id"] in message
        assert key["public_key"] in message


@pytest.mark.parametrize("fault", FAULTS)
def test_creation_that_fails(
    fault: str, atlas: Atlas, tmp_path: pathlib.Path, happened: t.Callable[[str, str], None]
) -> None:
    faults, expected = FAULTS[fault]
    for each in faults:
        atlas.control("POST", "faults", each)
    file = tmp_path / "key.json"
    outcome = create(atlas, file, access_list=["192.0.2.0/24"])
    atlas.control("DELETE", "faults")
    check(atlas, file, outcome, expected)
    happened(fault, OUTCOMES[expected])


INTERRUPTED: dict[str, t.Callable[[pytest.MonkeyPatch], None]] = {
    "creation: a signal while the file is written": lambda patch: fail_file(patch, Interrupted("SIGTERM.")),
    "creation: the file cannot be written": lambda patch: fail_file(patch, AtlasError("No space left on device.")),
}


@pytest.mark.parametrize("fault", INTERRUPTED)
def test_creation_that_is_interrupted(
    fault: str,
    atlas: Atlas,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    happened: t.Callable[[str, str], None],
) -> None:
    INTERRUPTED[fault](monkeypatch)
    file = tmp_path / "key.json"
    outcome = create(atlas, file)
    check(atlas, file, outcome, "none")
    happened(fault, OUTCOMES["none"])


def test_time_out_of_ansible_leaves_no_key(
    atlas: Atlas, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_file(monkeypatch, TaskTimeoutError())
    with pytest.raises(TaskTimeoutError):
        create(atlas, tmp_path / "key.json")
    assert not keys_named(atlas)
    assert not list(tmp_path.iterdir())


def test_time_out_of_ansible_before_the_task_knows_the_key(
    atlas: Atlas, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing proves whose key it is, so the task returns a failure that names it instead of the time-out."""
    interrupt_after_creation(monkeypatch, TaskTimeoutError())
    outcome = create(atlas, tmp_path / "key.json")
    (key,) = keys_named(atlas)
    assert key["id"] in outcome.result["msg"]
    assert [each["id"] for each in outcome.result["candidates"]] == [key["id"]]


def stop_when_sent(atlas: Atlas, process: subprocess.Popen[str], delay: float, creations: int) -> None:
    """Send SIGTERM some time after the request for a creation has arrived; CREATIONS is how many there are by then."""
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        sent = [asked for asked in atlas.journal() if asked["method"] == "POST" and asked["path"].endswith("/apiKeys")]
        if len(sent) >= creations:
            break
        time.sleep(0.05)
    time.sleep(delay)
    process.send_signal(signal.SIGTERM)


def run_and_stop(atlas: Atlas, module: str, options: Json, delay: float, creations: int = 1) -> Json:
    """The result of a module that runs in a process of its own, as Ansible starts it, and receives SIGTERM."""
    internal = {"_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}
    arguments = {**OWNER, "base_url": atlas.url, "org_id": ORG, "timeout": 3, "retries": 0, **options, **internal}
    process = subprocess.Popen(
        [sys.executable, str(TREE / "plugins" / "modules" / f"{module}.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(TREE.parents[2]), "PATH": "/usr/bin:/bin"},
    )
    threading.Thread(target=stop_when_sent, args=(atlas, process, delay, creations), daemon=True).start()
    printed, errors = process.communicate(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}), timeout=60)
    assert "Traceback" not in errors
    time.sleep(1.2)  # what was under way has arrived
    return json.loads(printed)


@pytest.mark.parametrize("delay", [0.0, 0.4])
def test_sigterm_while_the_creation_is_under_way(atlas: Atlas, tmp_path: pathlib.Path, delay: float) -> None:
    """With a real process and a real signal, before and after the request has reached Atlas."""
    atlas.control("POST", "faults", {**CREATE, "delay": 1.0, "before_auth": bool(delay)})
    file = tmp_path / "key.json"
    options = {"desc": "ci", "roles": ["ORG_READ_ONLY"], "secret_file": str(file)}
    result = run_and_stop(atlas, "org_api_key", options, delay)
    assert result["failed"]
    found = keys_named(atlas)
    assert not file.exists()
    assert not found or "'ci'" in result["msg"] or found[0]["id"] in result["msg"]


# Many keys in one task: what happens at the second of three


def three_items(directory: pathlib.Path) -> list[Json]:
    described = {"roles": ["ORG_MEMBER"], "access_list": ["192.0.2.0/24"]}
    return [{**described, "desc": desc, "secret_file": str(directory / desc)} for desc in THREE]


def apply_three(atlas: Atlas, directory: pathlib.Path) -> Outcome:
    suboptions = org_api_keys.ARGUMENT_SPEC["api_keys"]["options"]
    defaults = {option: spec.get("default") for option, spec in suboptions.items()}
    return run(org_api_keys, atlas, org_id=ORG, api_keys=[{**defaults, **item} for item in three_items(directory)])


THREE = ("first", "second", "third")

# Fault, the keys that exist afterwards, and what happened.
MANY: dict[str, tuple[Json, tuple[str, ...], str]] = {
    "key 2 of 3: the creation is refused": (
        {**CREATE, "skip": 1, "status": 403, "body": {"error": 403, "errorCode": "X"}},
        THREE[:1],
        "fails: the first key is kept, the message names the second, a second run creates the rest",
    ),
    "key 2 of 3: the access list is refused": (
        {**ENTRIES, "skip": 1, "status": 400, "body": {"error": 400, "errorCode": "X"}},
        THREE[:1],
        "fails: the first key is kept, the message names the second, a second run creates the rest",
    ),
}


@pytest.mark.parametrize("fault", MANY)
def test_many_keys_of_which_one_fails(
    fault: str, atlas: Atlas, tmp_path: pathlib.Path, happened: t.Callable[[str, str], None]
) -> None:
    injected, present, what = MANY[fault]
    atlas.control("POST", "faults", injected)
    outcome = apply_three(atlas, tmp_path)
    assert outcome.failed
    assert outcome.result["msg"].startswith("api_keys[1] ('second'): ")
    assert outcome.result["msg"].endswith("this task has changed API keys. created: first.")
    assert (outcome.result["changed"], outcome.result["created"]) == (True, list(present))
    assert outcome.result["error_code"] == "X"
    assert sorted(path.name for path in tmp_path.iterdir()) == list(present)
    atlas.control("DELETE", "faults")
    again = apply_three(atlas, tmp_path)
    assert again.result["created"] == ["second", "third"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(THREE)
    for desc in THREE:
        (key,) = keys_named(atlas, desc)
        kept = json.loads((tmp_path / desc).read_text())
        assert (kept["api_user_id"], kept["private_key"][-12:]) == (key["id"], key["private_key"][-12:])
        assert [entry["cidr_block"] for entry in key["access_list"]] == ["192.0.2.0/24"]
    happened(fault, what)


def test_lost_creation_of_one_of_many_keys(
    atlas: Atlas, tmp_path: pathlib.Path, happened: t.Callable[[str, str], None]
) -> None:
    atlas.control("POST", "faults", {**CREATE, "skip": 1, "cut": "start"})
    outcome = apply_three(atlas, tmp_path)
    (lost,) = keys_named(atlas, "second")
    assert outcome.result["msg"].startswith("api_keys[1] ('second'): ")
    assert lost["id"] in outcome.result["msg"]
    assert (outcome.result["changed"], outcome.result["created"]) == (True, ["first"])
    assert run(org_api_key, atlas, org_id=ORG, api_user_id=lost["id"], state="absent").result["changed"]
    assert apply_three(atlas, tmp_path).result["created"] == ["second", "third"]
    happened(
        "key 2 of 3: the response to the creation is lost",
        "fails: the first key is kept, the message names the second; once it is deleted, a second run creates the rest",
    )


@pytest.mark.parametrize("delay", [0.0, 0.4])
def test_sigterm_at_the_second_of_three_keys(
    atlas: Atlas, tmp_path: pathlib.Path, delay: float, happened: t.Callable[[str, str], None]
) -> None:
    atlas.control("POST", "faults", {**CREATE, "skip": 1, "delay": 1.0, "before_auth": bool(delay)})
    result = run_and_stop(atlas, "org_api_keys", {"api_keys": three_items(tmp_path)}, delay, creations=2)
    assert result["failed"]
    assert result["msg"].startswith("api_keys[1] ('second'): ")
    assert "SIGTERM" in result["msg"]
    assert result["msg"].endswith("this task has changed API keys. created: first.")
    assert (result["changed"], result["created"]) == (True, ["first"])
    assert [path.name for path in tmp_path.iterdir()] == ["first"]
    assert keys_named(atlas, "first")
    assert not keys_named(atlas, "third")
    lost = keys_named(atlas, "second")
    assert not lost or lost[0]["id"] in result["msg"] or "with the description 'second'" in result["msg"]
    happened("key 2 of 3: SIGTERM", "fails: the first key is kept, the message names the second, as one that may exist")


def test_identifier_of_an_item_is_checked_before_anything_is_sent(atlas: Atlas) -> None:
    outcome = run(org_api_keys, atlas, org_id=ORG, api_keys=[{"desc": "a"}, {"desc": "b", "api_user_id": "../x"}])
    assert outcome.failed
    assert outcome.result["msg"].startswith("api_keys[1].api_user_id is '../x'; it must be 24 hexadecimal digits")
    assert not atlas.journal()


# What is refused before anything is sent


REFUSED: dict[str, tuple[Json, str]] = {
    "no destination for the private key": ({"desc": "ci", "roles": ["ORG_MEMBER"]}, "would be lost"),
    "no identity": ({"state": "absent"}, "Neither api_user_id nor desc"),
    "no identity, present": ({"roles": ["ORG_MEMBER"], "return_secret": True}, "Neither api_user_id nor desc"),
    "too long a description": ({"desc": "x" * 251, "return_secret": True}, "251 characters"),
    "an ID that is none": ({"api_user_id": "gswvkocq"}, "public key"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_is_sent(case: str, atlas: Atlas) -> None:
    options, message = REFUSED[case]
    outcome = run(org_api_key, atlas, org_id=ORG, **options)
    assert outcome.failed
    assert message in outcome.result["msg"]
    assert not atlas.journal()


def test_refused_before_anything_is_changed(atlas: Atlas, tmp_path: pathlib.Path) -> None:
    existing = tmp_path / "key.json"
    existing.write_text("another private key")
    cases: list[tuple[Json, str]] = [
        ({"desc": "ci", "secret_file": str(existing), "roles": ["ORG_MEMBER"]}, "which exists"),
        (
            {"desc": "ci", "secret_file": str(tmp_path / "no" / "key"), "roles": ["ORG_MEMBER"]},
            "cannot be written",
        ),
        ({"desc": "ci", "return_secret": True}, "give roles"),
        ({**NEW, "access_list": ["192.0.2.1/24"]}, "192.0.2.0/24"),
        ({"api_user_id": OWN_KEY, "state": "absent"}, "allow_self"),
        ({"api_user_id": OWN_KEY, "roles": ["ORG_MEMBER"]}, "allow_self"),
        ({"api_user_id": "0" * 24, "roles": ["ORG_MEMBER"]}, "API_KEY_NOT_FOUND"),
        (
            {"desc": "ci", "secret_file": str(tmp_path / "k"), "secret_vault_id": "prod", "roles": ["ORG_MEMBER"]},
            "prod",
        ),
    ]
    for check_mode in (True, False):
        for options, message in cases:
            outcome = run(org_api_key, atlas, check_mode, org_id=ORG, **options)
            assert outcome.failed, options
            assert message in outcome.result["msg"]
    assert not [request for request in writes(atlas) if "/oauth/" not in request]
    assert existing.read_text() == "another private key"


def test_several_keys_with_the_description_are_an_error_that_names_them(atlas: Atlas) -> None:
    for _each in range(2):
        body = {"desc": "twin", "roles": ["ORG_MEMBER"]}
        requests.post(
            f"{atlas.url}/api/atlas/v2/orgs/{ORG}/apiKeys",
            json=body,
            auth=requests.auth.HTTPDigestAuth(*OWNER.values()),
            headers={"Accept": "application/vnd.atlas.2025-03-12+json"},
            timeout=10,
        ).raise_for_status()
    found = keys_named(atlas, "twin")
    for state in ("present", "absent"):
        outcome = run(org_api_key, atlas, org_id=ORG, desc="twin", state=state, return_secret=True)
        assert outcome.failed
        assert all(key["id"] in outcome.result["msg"] and key["public_key"] in outcome.result["msg"] for key in found)


# The other writes


def test_changes_and_their_idempotence(atlas: Atlas) -> None:
    first = run(org_api_key, atlas, org_id=ORG, api_user_id=KEY, roles=["ORG_MEMBER", "ORG_READ_ONLY"], desc="new")
    assert first.result["changed"]
    assert first.result["diff"]["before"] == {"desc": "e2e", "roles": ["ORG_READ_ONLY"]}
    assert first.result["diff"]["after"] == {"desc": "new", "roles": ["ORG_MEMBER", "ORG_READ_ONLY"]}
    roles = {role["role_name"] for role in first.result["api_key"]["roles"]}
    assert roles == {"ORG_MEMBER", "ORG_READ_ONLY", "GROUP_OWNER"}
    second = run(org_api_key, atlas, org_id=ORG, api_user_id=KEY, roles=["ORG_READ_ONLY", "ORG_MEMBER"])
    assert not second.result["changed"]
    assert len(writes(atlas)) == 1


LOST = {
    "change: the response is lost": (org_api_key, {"org_id": ORG, "api_user_id": KEY, "desc": "new"}, "PATCH"),
    "deletion: the response is lost": (org_api_key, {"org_id": ORG, "api_user_id": KEY, "state": "absent"}, "DELETE"),
    "assignment: the response is lost": (
        project_api_key,
        {"project_id": PROJECT, "api_user_id": OWN_KEY, "roles": ["GROUP_READ_ONLY"]},
        "POST",
    ),
    "project roles: the response is lost": (
        project_api_key,
        {"project_id": PROJECT, "api_user_id": KEY, "roles": ["GROUP_READ_ONLY"]},
        "PATCH",
    ),
    "removal from a project: the response is lost": (
        project_api_key,
        {"project_id": PROJECT, "api_user_id": KEY, "state": "absent"},
        "DELETE",
    ),
    "access list: the response to the additions is lost": (
        org_api_key_access_list,
        {"org_id": ORG, "api_user_id": KEY, "entries": ["192.0.2.0/24"]},
        "POST",
    ),
}


@pytest.mark.parametrize("fault", LOST)
def test_write_whose_response_is_lost_is_looked_up_and_not_repeated(
    fault: str, atlas: Atlas, happened: t.Callable[[str, str], None]
) -> None:
    module, options, method = LOST[fault]
    atlas.control("POST", "faults", {"path": "/", "method": method, "cut": "start"})
    outcome = run(module, atlas, **options)
    assert not outcome.failed, outcome.result
    assert outcome.result["changed"]
    assert len(writes(atlas)) == 1
    assert not run(module, atlas, **options).result["changed"]
    happened(fault, "succeeds: it is looked up, and not sent again")


LOST_REQUESTS = {
    "change: the request is lost": "change: the response is lost",
    "deletion: the request is lost": "deletion: the response is lost",
    "assignment: the request is lost": "assignment: the response is lost",
    "project roles: the request is lost": "project roles: the response is lost",
    "removal from a project: the request is lost": "removal from a project: the response is lost",
    "access list: the request for the additions is lost": "access list: the response to the additions is lost",
}


@pytest.mark.parametrize("fault", LOST_REQUESTS)
def test_write_whose_request_is_lost_fails_and_is_not_repeated(
    fault: str, atlas: Atlas, happened: t.Callable[[str, str], None]
) -> None:
    module, options, method = LOST[LOST_REQUESTS[fault]]
    atlas.control("POST", "faults", {"path": "/", "method": method, "cut": "start", "status": 500})
    outcome = run(module, atlas, **options)
    assert outcome.failed
    assert "was not found afterwards" in outcome.result["msg"]
    assert len(writes(atlas)) == 1
    happened(fault, "fails: …was not found afterwards…")


def test_access_list_added_before_removed_and_exact(atlas: Atlas) -> None:
    where = {"org_id": ORG, "api_user_id": KEY}
    run(org_api_key_access_list, atlas, **where, entries=["192.0.2.0/24", "198.51.100.7"])
    outcome = run(org_api_key_access_list, atlas, **where, entries=["198.51.100.7/32", "2001:DB8::/32"], purge=True)
    assert outcome.result["diff"]["after"] == {"access_list": ["198.51.100.7/32", "2001:db8::/32"]}
    assert [request.split()[0] for request in writes(atlas)] == ["POST", "POST", "DELETE"]
    assert writes(atlas)[-1].endswith(("192.0.2.0/24", "192.0.2.0%2F24"))
    again = run(org_api_key_access_list, atlas, **where, entries=["2001:db8:0::/32", "198.51.100.7"], purge=True)
    assert not again.result["changed"]
    gone = run(org_api_key_access_list, atlas, **where, entries=["198.51.100.7"], state="absent")
    assert [entry["cidr_block"] for entry in gone.result["access_list"]] == ["2001:db8::/32"]


LOCKOUT: dict[str, tuple[Json, str]] = {
    "the own address is removed": (
        {"api_user_id": OWN_KEY, "entries": ["127.0.0.0/8"], "state": "absent"},
        "allow_self",
    ),
    "the own address is purged": ({"api_user_id": OWN_KEY, "entries": ["192.0.2.0/24"], "purge": True}, "allow_self"),
    "an empty exact list": ({"api_user_id": KEY, "entries": [], "purge": True}, "allow_empty"),
    "everything is let in": ({"api_user_id": KEY, "entries": ["0.0.0.0/0"]}, "allow_anywhere"),
    "everything in halves": ({"api_user_id": KEY, "entries": ["::/1", "8000::/1"]}, "allow_anywhere"),
    "host bits": ({"api_user_id": KEY, "entries": ["192.0.2.1/24"]}, "Write 192.0.2.0/24"),
    "no address": ({"api_user_id": KEY, "entries": ["example.com"]}, "is not an IPv4 or IPv6 address"),
}


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize("case", LOCKOUT)
def test_change_of_an_access_list_that_is_refused(case: str, check_mode: bool, atlas: Atlas) -> None:
    options, message = LOCKOUT[case]
    if options["api_user_id"] == KEY and options.get("purge"):
        run(org_api_key_access_list, atlas, org_id=ORG, api_user_id=KEY, entries=["192.0.2.1"])
    before = writes(atlas)
    outcome = run(org_api_key_access_list, atlas, check_mode, org_id=ORG, **options)
    assert outcome.failed
    assert message in outcome.result["msg"]
    assert writes(atlas) == before


def test_own_access_list_may_be_changed_if_the_own_address_stays(atlas: Atlas) -> None:
    outcome = run(
        org_api_key_access_list,
        atlas,
        org_id=ORG,
        api_user_id=OWN_KEY,
        entries=["127.0.0.0/8", "10.0.0.0/8"],
        purge=True,
    )
    assert not outcome.failed, outcome.result
    assert len(writes(atlas)) == 2


def test_project_that_is_gone_is_success_for_absent_alone(atlas: Atlas) -> None:
    gone = {"project_id": "e" * 24, "api_user_id": KEY}
    assert run(project_api_key, atlas, **gone, state="absent").result["changed"] is False
    assert run(project_api_key, atlas, **gone, roles=["GROUP_OWNER"]).failed


def test_key_that_another_task_assigned_meanwhile_gets_its_roles(atlas: Atlas) -> None:
    body = {"error": 400, "errorCode": "API_KEY_ALREADY_IN_GROUP"}
    # The list is from before: it does not have the key yet.
    atlas.control("POST", "faults", {"path": f"/groups/{PROJECT}/apiKeys$", "body": {"results": [], "totalCount": 0}})
    atlas.control("POST", "faults", {"path": "/groups/", "method": "POST", "status": 400, "body": body})
    outcome = run(project_api_key, atlas, project_id=PROJECT, api_user_id=KEY, roles=["GROUP_READ_ONLY"])
    assert not outcome.failed, outcome.result
    roles = {role["role_name"] for role in outcome.result["api_key"]["roles"] if role.get("group_id") == PROJECT}
    assert roles == {"GROUP_READ_ONLY"}


# What is told of a creation that was interrupted in process, where the task has no result any more


@pytest.mark.parametrize("answered", [True, False])
def test_interrupted_creation_that_cannot_be_undone_is_shown(atlas: Atlas, shell: Shell, answered: bool) -> None:
    """The signal ends the worker alone. Ctrl+C also ends Ansible itself, which then shows nothing any more.

    The response arrives while the signal is held back, and the deletion is refused; or it does not arrive.
    """
    atlas.control("POST", "faults", {**CREATE, "delay_after": 1.0, **({} if answered else {"cut": "start"})})
    atlas.control("POST", "faults", {**DELETE, "status": 403, "times": None})
    options = {"desc": "ci", "roles": ["ORG_READ_ONLY"], "secret_file": str(shell.home / "key")}
    environ = {
        "MONGODB_ATLAS_BASE_URL": atlas.url,
        "MONGODB_ATLAS_PUBLIC_API_KEY": OWNER["public_key"],
        "MONGODB_ATLAS_PRIVATE_API_KEY": OWNER["private_key"],
        "MONGODB_ATLAS_ORG_ID": ORG,
    }
    tasks = [{"mongodb_atlas.admin.org_api_key": options}]
    (shell.home / "playbook.yml").write_text(
        json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    )
    process = subprocess.Popen(
        ["ansible-playbook", str(shell.home / "playbook.yml")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=shell.home,
        env={**shell.environ, **environ},
    )
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up and not [asked for asked in atlas.journal() if asked["method"] == "POST"]:
        time.sleep(0.05)
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
    for worker in children.read_text().split():
        os.kill(int(worker), signal.SIGTERM)
    output, _errors = process.communicate(timeout=60)
    atlas.control("DELETE", "faults")
    (key,) = keys_named(atlas)
    assert key["id"] in output, output
    assert ("was created, and deleting it failed" if answered else "Atlas may have created") in " ".join(output.split())
    assert not (shell.home / "key").exists()
