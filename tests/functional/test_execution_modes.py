# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two execution modes: the same result and the same output in both, and which one is used when."""

from __future__ import annotations

import contextlib
import json
import pathlib
import re
import signal
import subprocess
import sys
import time
import typing as t

import pytest
import yaml

from atlas_emulator.dataset import load
from atlas_emulator.server import Emulator
from harness import DATASETS, Atlas, Shell, some

ORG, KEY, OWNER_KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49", "6a793f752c88faeba59bba50"
PAIR = {"public_key": "gswvkocq", "private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"}
OWNER = {"public_key": "mqzhrtab", "private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6"}
ACCOUNT = {
    "client_id": "mdb_sa_id_0123456789abcdef01234567",
    "client_secret": "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567",
}
TOKEN = {"access_token": "demo-live-token"}
ONE = {"org_id": ORG, "api_user_id": KEY}

HERE, THERE = "runs in process", "runs as an ordinary module"

Options = dict[str, t.Any]

# What a task is given in addition to ONE; None takes an option away.
CASES: dict[str, Options] = {
    "digest": PAIR,
    "bearer": TOKEN,
    "service account": ACCOUNT,
    "no credentials": {},
    "half a pair": {"public_key": "gswvkocq"},
    "empty half": {**PAIR, "private_key": ""},
    "two auth methods": {**PAIR, **TOKEN},
    "client ID as public key": {**PAIR, "public_key": ACCOUNT["client_id"]},
    "wrong digest key": {**PAIR, "private_key": "wrong-private-key"},
    "unknown public key": {**PAIR, "public_key": "nobodyis"},
    "wrong client secret": {**ACCOUNT, "client_secret": "mdb_sa_sk_wrong"},
    "expired token": {"access_token": "demo-expired-token"},
    "token with a space": {"access_token": "Bearer demo-live-token"},
    "no such key": {**PAIR, "api_user_id": "f" * 24},
    "another organization": {**PAIR, "org_id": "c0123456789abcdef012345c"},
    "public key as ID": {**PAIR, "api_user_id": "gswvkocq"},
    "upper case": {**PAIR, "org_id": ORG.upper()},
    "line break": {**PAIR, "org_id": ORG + "\n"},
    "full-width digits": {**PAIR, "org_id": ORG.replace("0", "\uff10")},
    "empty ID": {**PAIR, "api_user_id": ""},
    "number as ID": {**PAIR, "api_user_id": 123456789012345678901234},
    "list as ID": {**PAIR, "api_user_id": ["a", "b"]},
    "secret as ID": {**PAIR, "api_user_id": "mdb_sa_sk_misplaced"},
    "no organization": {**PAIR, "org_id": None},
    "unknown option": {**PAIR, "orgid": ORG},
    "two unknown options": {**PAIR, "b": 1, "a": 2},
    "alias": {**PAIR, "api_user_id": None, "api_key_id": KEY},
    "option and alias": {**PAIR, "api_key_id": KEY},
    "timeout in words": {**PAIR, "timeout": "soon"},
    "timeout out of range": {**PAIR, "timeout": -1},
    "retries in words": {**PAIR, "retries": "many"},
    "retries as text": {**PAIR, "retries": "3"},
    "bool in words": {**PAIR, "envelope": "perhaps"},
    "bool as text": {**PAIR, "envelope": "yes", "pretty": "on"},
    "envelope": {**PAIR, "envelope": True, "pretty": True},
    "v1.0": {**PAIR, "api_version": "v1.0"},
    "public/v1.0": {**PAIR, "api_version": "public/v1.0"},
    "version as a date": {**PAIR, "api_version": "2025-03-12"},
    "unknown version": {**PAIR, "api_version": "2022-02-02"},
    "no version": {**PAIR, "api_version": "latest"},
    "nobody listening": {**PAIR, "base_url": "http://127.0.0.1:9", "retries": 0},
    "token over http": {**TOKEN, "base_url": "http://om.example.com:8080"},
    "password in base_url": {**PAIR, "base_url": "https://me:hunter2@om.example.com"},
    "no such ca_path": {**PAIR, "ca_path": "~/nowhere.pem"},
    "certificates not checked": {**PAIR, "validate_certs": False},
    "all keys": {**OWNER, "api_user_id": None},
    "all keys with access lists": {**OWNER, "api_user_id": None, "gather_access_list": True},
    "access list": {**OWNER, "api_user_id": OWNER_KEY, "gather_access_list": True},
    "access list refused": {**PAIR, "api_user_id": OWNER_KEY, "gather_access_list": True},
}

# The same with a response that the emulator is made to give once.
ANSWERS: dict[str, Options] = {
    "html": {"status": 200, "body": "<html>Sign in</html>"},
    "empty": {"status": 200, "body": ""},
    "redirect": {"status": 302, "body": "", "headers": {"Location": "http://om.example.com"}},
    "server error": {"status": 500, "body": {"error": 500, "errorCode": "UNEXPECTED_ERROR"}},
    "secret in the answer": {"status": 404, "body": {"error": 404, "detail": f"<{ACCOUNT['client_secret']}>"}},
    "unknown fields": {"status": 200, "body": {"newThing": {"deepThing": ["{{ lookup('env', 'HOME') }}", 1.5, None]}}},
    "waiting": {"status": 429, "body": {"error": 429}, "headers": {"Retry-After": "1"}},
}

TOKEN_CASES: dict[str, Options] = {
    "minted": ACCOUNT,
    "revoked": {**ACCOUNT, "state": "absent", "access_token": "aa.bb.cc"},
    "minting with a wrong secret": {**ACCOUNT, "client_secret": "mdb_sa_sk_wrong"},
    "minting with an API key": PAIR,
    "minting with a token": {**ACCOUNT, **TOKEN},
    "revoking nothing": {**ACCOUNT, "state": "absent"},
    "another state": {**ACCOUNT, "state": "here"},
}


# Lists as a survey of AWX or a template gives them, and what is wrong in one, in check mode.
LIST_CASES: dict[str, tuple[str, Options]] = {
    "entries as text": ("org_api_key_access_list", {"entries": "10.0.0.3\n10.0.0.4\n"}),
    "no entries": ("org_api_key_access_list", {"entries": ""}),
    "entries that are null": ("org_api_key_access_list", {"entries": None}),
    "entries as they are returned": ("org_api_key_access_list", {"entries": [{"cidr_block": "192.0.2.0/24"}]}),
    "an entry with a zone": ("org_api_key_access_list", {"entries": ["fe80::1%eth0"]}),
    "roles as text": ("org_api_key", {"roles": "ORG_MEMBER, ORG_READ_ONLY"}),
    "no roles": ("org_api_key", {"roles": ""}),
    "roles as they are returned": ("org_api_key", {"roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}]}),
    "a role of a project": ("org_api_key", {"roles": ["GROUP_OWNER"]}),
}

STAYS = "token that stays"


@pytest.fixture(scope="module")
def answering() -> t.Iterator[dict[str, Atlas]]:
    """An emulator for each response that it is made to give."""
    with contextlib.ExitStack() as stack:
        yield {
            case: Atlas(stack.enter_context(Emulator(load(DATASETS / "demo.yml"))).url) for case in [*ANSWERS, STAYS]
        }


def arrange(answering: dict[str, Atlas]) -> None:
    """Make each emulator give its response, once."""
    faults = {case: {"path": "apiKeys", **answer} for case, answer in ANSWERS.items()}
    faults[STAYS] = {"path": "revoke", "status": 400, "body": {"error": "x"}}
    for case, atlas in answering.items():
        atlas.control("POST", "reset")
        atlas.control("POST", "faults", faults[case])


def tasks_of_all_cases(answering: dict[str, Atlas]) -> list[Options]:
    """Return a task for each case."""
    tasks: list[Options] = []
    for case, options in CASES.items():
        given = {option: value for option, value in {**ONE, **options}.items() if value is not None}
        tasks.append({"name": case, "mongodb_atlas.admin.org_api_key_info": given})
    for case, atlas in answering.items():
        options = {**ONE, **ACCOUNT, "base_url": atlas.url}
        tasks.append({"name": case, "mongodb_atlas.admin.org_api_key_info": options})
    tasks.append({"name": "organizations", "mongodb_atlas.admin.org_info": PAIR})
    tasks.append({"name": "one organization", "mongodb_atlas.admin.org_info": {**PAIR, "org_id": ORG}})
    tasks.append({"name": "check mode", "mongodb_atlas.admin.org_info": PAIR, "check_mode": True})
    for case, options in TOKEN_CASES.items():
        tasks.append({"name": case, "mongodb_atlas.admin.access_token": options})
    tasks.append({"name": "minting in check mode", "mongodb_atlas.admin.access_token": ACCOUNT, "check_mode": True})
    for case, (module, options) in LIST_CASES.items():
        task = {f"mongodb_atlas.admin.{module}": {**OWNER, **ONE, **options}}
        tasks.append({"name": case, **task, "check_mode": True})
    tasks.append({"name": "hidden", "mongodb_atlas.admin.org_info": PAIR, "no_log": True})
    tasks.append({"name": "in a loop", "mongodb_atlas.admin.org_info": PAIR, "loop": [1, 2]})
    tasks.append({"name": "until", "mongodb_atlas.admin.org_info": PAIR, "until": "false", "retries": 1, "delay": 0})
    return tasks


# The cases that `make test` runs: each takes a second as an ordinary module.
SOME_CASES = [
    "digest",
    "service account",
    "no credentials",
    "secret as ID",
    "unknown option",
    "all keys",
    "hidden",
    "entries as text",
]


def parity_play(tasks: list[Options]) -> str:
    """Return a play with TASKS, which writes the results to a file."""
    for number, task in enumerate(tasks):
        task.update(register=f"result_{number}", ignore_errors=True)
    names = [f"result_{number}" for number in range(len(tasks))]
    content = "{{ {" + ", ".join(f"'{name}': {name}" for name in names) + "} | to_json }}"
    tasks.append(
        {"name": "write", "ansible.builtin.copy": {"dest": "results.json", "content": content, "mode": "0600"}}
    )
    tasks[-1]["no_log"] = True
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    return yaml.safe_dump([play], sort_keys=False, width=10_000)


def normalized(output: str) -> str:
    """What Ansible printed, without what says how a module got to its host: the one thing that may differ."""
    kept = (
        line for line in output.splitlines() if not line.startswith(("<", "Using module file", "Pipelining is enabled"))
    )
    text = steady("\n".join(kept).partition("TASK [write]")[0])
    return re.sub(r'"(delta|start|end|mtime|src|uid|gid|size)": .*', "", text)


def steady(text: str) -> str:
    """TEXT without how long a task has waited, which is a little more or less each time."""
    return re.sub(r"\d+\.\d seconds in all", "seconds in all", text)


def without_token(result: Options) -> Options:
    """RESULT with what is another each time."""
    return {name: "new" if name in ("access_token", "expires_at") else value for name, value in result.items()}


@pytest.mark.parametrize("cases", some(["some", "others"], "some"))
def test_both_modes_give_and_print_the_same(
    atlas: Atlas, answering: dict[str, Atlas], shell: Shell, tmp_path: pathlib.Path, cases: str
) -> None:
    tasks = [task for task in tasks_of_all_cases(answering) if (task["name"] in SOME_CASES) == (cases == "some")]
    tried = len(tasks)
    assert tried == len(SOME_CASES) if cases == "some" else tried > 55
    play = parity_play(tasks)
    # Ansible's own messages show the elements of a set in any order.
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, "PYTHONHASHSEED": "0"}
    environ["ANSIBLE_PIPELINING"] = str(cases == "others")  # faster, and how a module comes to its host changes nothing
    results, outputs = {}, {}
    for in_process, mode in (("true", HERE), ("false", THERE)):
        atlas.control("POST", "reset")
        arrange(answering)
        flags = ("-vvv", "-e", f'{{"mongodb_atlas_admin_in_process": {in_process}}}')
        done = shell.playbook(play, *flags, **environ)
        assert done.code == 0, done.output
        assert done.output.count(mode) >= tried
        results[mode] = json.loads(steady((tmp_path / "results.json").read_text()), object_hook=without_token)
        outputs[mode] = normalized(done.output)
    assert len(results[HERE]) == tried
    for name, result in results[THERE].items():
        assert results[HERE][name] == result
    assert outputs[HERE] == outputs[THERE]
    assert "hunter2" not in outputs[HERE]


# Which execution mode is used

PLAYS = {
    "implicit localhost": ("localhost", {}, {}, HERE),
    "delegated": ("far.example.com", {"delegate_to": "localhost"}, {}, HERE),
    "connection local": ("far.example.com", {"connection": "local"}, {}, HERE),
    "interpreter unset": ("near", {}, {}, HERE),
    "controller's interpreter": ("near", {}, {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}, HERE),
    "in a block": ("localhost", {"vars": {"mongodb_atlas_admin_in_process": "yes"}}, {}, HERE),
    "another interpreter": ("near", {}, {"ansible_python_interpreter": "{{ playbook_dir }}/python"}, THERE),
    "environment on the task": ("localhost", {"environment": {"A": "b"}}, {}, THERE),
    "environment on the play": ("localhost", {}, {"play": {"environment": {"A": "b"}}}, THERE),
    "async": ("localhost", {"async": 30, "poll": 1}, {}, THERE),
    "become": ("localhost", {"become": True, "become_method": "ansible.builtin.su"}, {}, THERE),
    "not wanted": ("localhost", {"vars": {"mongodb_atlas_admin_in_process": False}}, {}, THERE),
    "a remote host": ("far.example.com", {}, {}, THERE),
}
MAY_FAIL = ["become", "a remote host"]  # for reasons of their own


def test_execution_mode(atlas: Atlas, shell: Shell) -> None:
    """Each case in a play of its own; all in one run."""
    inventory = {"all": {"hosts": {"near": {"ansible_connection": "local"}, "far.example.com": {}}}}
    (shell.home / "inventory.yml").write_text(yaml.safe_dump(inventory))
    (shell.home / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (shell.home / "python").chmod(0o700)
    plays = []
    for case, (hosts, keywords, variables, _mode) in PLAYS.items():
        task = {"name": case, "mongodb_atlas.admin.org_api_key_info": {**ONE, **TOKEN}, **keywords}
        go_on = {"ignore_errors": True, "ignore_unreachable": True} if case in MAY_FAIL else {}
        more = {name: value for name, value in variables.items() if name != "play"}
        play = {"name": case, "hosts": hosts, "gather_facts": False, "vars": more, "tasks": [{**task, **go_on}]}
        plays.append({**play, **variables.get("play", {})})
    environ = {
        "MONGODB_ATLAS_BASE_URL": atlas.url,
        "ANSIBLE_SSH_ARGS": "-o ProxyCommand=false",  # no remote host is really asked
    }
    done = shell.playbook(yaml.safe_dump(plays), "-vvv", "-i", "inventory.yml", **environ)
    assert done.code == 0, done.output
    outputs = dict(zip(PLAYS, done.output.split("\nPLAY [")[1:]))
    assert outputs.keys() == PLAYS.keys()
    for case, (*_play, mode) in PLAYS.items():
        assert outputs[case].startswith(f"{case}]")
        assert mode in outputs[case]
        assert (THERE if mode is HERE else HERE) not in outputs[case], case
        assert "fatal: [" not in outputs[case] or case in MAY_FAIL, case


def test_environment_of_a_block_excludes_in_process_execution(atlas: Atlas, shell: Shell) -> None:
    task = {"mongodb_atlas.admin.org_api_key_info": {**ONE, **TOKEN}}
    play = {"hosts": "localhost", "tasks": [{"block": [task], "environment": {"A": "b"}}], "gather_facts": False}
    done = shell.playbook(yaml.safe_dump([play]), "-vvv", MONGODB_ATLAS_BASE_URL=atlas.url)
    assert done.code == 0, done.output
    assert "environment is set" in done.output


def test_kept_remote_files_excludes_in_process_execution(atlas: Atlas, shell: Shell) -> None:
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, "ANSIBLE_KEEP_REMOTE_FILES": "true"}
    done = shell.ad_hoc("org_api_key_info", {**ONE, **TOKEN}, "-vvv", **environ)
    assert "remote files are kept" in done.output


# Loops


def loop_play(items: int, credentials: Options, **keywords: t.Any) -> str:
    module = {"mongodb_atlas.admin.org_api_key_info": {**ONE, **credentials}}
    task = {**module, "loop": list(range(items)), "register": "found", **keywords}
    count = "{{ found.results | selectattr('api_key', 'defined') | length }} found"
    tasks = [task, {"ansible.builtin.debug": {"msg": count}}]
    return yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])


@pytest.mark.parametrize("items", some([20, 200], 20))
@pytest.mark.parametrize(("credentials", "more"), [(PAIR, 1), (TOKEN, 0), (ACCOUNT, 2)])
def test_loop_shares_one_session(atlas: Atlas, shell: Shell, credentials: Options, more: int, items: int) -> None:
    atlas.control("PATCH", "settings", {"rate_limits": False})
    done = shell.playbook(loop_play(items, credentials), MONGODB_ATLAS_BASE_URL=atlas.url)
    assert done.code == 0, done.output
    assert f"{items} found" in done.output
    assert len(atlas.journal()) == items + more
    assert not atlas.live_tokens()


def test_loop_over_accounts_keeps_them_apart(atlas: Atlas, shell: Shell) -> None:
    play = loop_play(3, {"access_token": "{{ ['demo-live-token', 'demo-expired-token', 'demo-live-token'][item] }}"})
    done = shell.playbook(play, MONGODB_ATLAS_BASE_URL=atlas.url)
    assert [request["status"] for request in atlas.journal()] == [200, 401, 200]
    assert done.code == 2


def test_token_that_ends_in_a_loop_is_minted_anew_once(atlas: Atlas, shell: Shell) -> None:
    body = {"error": 401, "errorCode": "UNEXPECTED_ERROR"}
    atlas.control("POST", "faults", {"path": "apiKeys", "skip": 20, "status": 401, "body": body, "before_auth": True})
    done = shell.playbook(loop_play(50, ACCOUNT), MONGODB_ATLAS_BASE_URL=atlas.url)
    assert "50 found" in done.output
    tokens = atlas.control("GET", "tokens")
    assert (tokens["minted"], tokens["live"]) == (2, [])


def test_failed_items_leave_no_token(atlas: Atlas, shell: Shell) -> None:
    atlas.control(
        "POST", "faults", {"path": "apiKeys", "skip": 5, "times": None, "status": 404, "body": {"error": 404}}
    )
    done = shell.playbook(loop_play(10, ACCOUNT, ignore_errors=True), MONGODB_ATLAS_BASE_URL=atlas.url)
    assert "5 found" in done.output
    tokens = atlas.control("GET", "tokens")
    assert (tokens["minted"], tokens["live"]) == (1, [])


def test_token_of_a_loop_that_cannot_be_revoked_is_a_warning(atlas: Atlas, shell: Shell) -> None:
    atlas.control("POST", "faults", {"path": "revoke", "status": 400, "body": {"error": "invalid_request"}})
    done = shell.playbook(loop_play(3, ACCOUNT), MONGODB_ATLAS_BASE_URL=atlas.url)
    assert done.code == 0
    assert "could not be revoked" in done.output


SINGLE = {"mongodb_atlas.admin.org_api_key_info": {**ONE, **ACCOUNT}}


@pytest.mark.parametrize("task", [SINGLE, {**SINGLE, "loop": [1, 2, 3]}], ids=["single", "loop"])
def test_timeout_of_the_task_leaves_no_token(atlas: Atlas, shell: Shell, task: Options) -> None:
    for timeout in (1, 5, 25):  # on a busy machine a short one may end before the task has its token
        atlas.control("POST", "reset")
        atlas.control("POST", "faults", {"path": "apiKeys", "delay": 60, "times": None})
        play = [{"hosts": "localhost", "gather_facts": False, "tasks": [{**task, "timeout": timeout}]}]
        done = shell.playbook(yaml.safe_dump(play), MONGODB_ATLAS_BASE_URL=atlas.url)
        if atlas.control("GET", "tokens")["minted"]:
            break
    assert done.code == 2
    assert re.search("Timed out|expected time frame|timeout", done.output)
    assert atlas.control("GET", "tokens")["minted"] >= 1
    assert not atlas.live_tokens()


def wait_until(true: t.Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return true()


@pytest.mark.parametrize("number", some([signal.SIGINT, signal.SIGTERM], signal.SIGINT))
@pytest.mark.parametrize("task", [SINGLE, {**SINGLE, "loop": list(range(20))}], ids=["single", "loop"])
def test_interrupted_play_leaves_no_token(atlas: Atlas, shell: Shell, task: Options, number: int) -> None:
    atlas.control("POST", "faults", {"path": "apiKeys", "delay": 0.5 if "loop" in task else 10, "times": None})
    path, log = shell.home / "playbook.yml", shell.home / "output"
    path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    environ = {**shell.environ, "MONGODB_ATLAS_BASE_URL": atlas.url}
    command = ["ansible-playbook", str(path)]
    with log.open("w") as output, subprocess.Popen(command, env=environ, stdout=output, stderr=output) as process:
        assert wait_until(lambda: bool(atlas.live_tokens()), 120)
        time.sleep(0.5)
        process.send_signal(number)
        process.wait(60)
    # Up to ansible-core 2.18 a worker does not hear of a SIGTERM that Ansible gets: it finds out at its next item.
    assert wait_until(lambda: not atlas.live_tokens(), 60)
    assert "Traceback" not in log.read_text()
