# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One token for many tasks: minted, used by all of them, never seen, and revoked."""

from __future__ import annotations

import datetime
import json
import sys
import typing as t

import pytest
import yaml

from harness import Atlas, Finished, Shell, some

ORG, KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"
ACCOUNT = {
    "client_id": "mdb_sa_id_0123456789abcdef01234567",
    "client_secret": "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567",
}
ENVIRONMENT = {"MONGODB_ATLAS_CLIENT_ID": ACCOUNT["client_id"], "MONGODB_ATLAS_CLIENT_SECRET": ACCOUNT["client_secret"]}
PAIR = {"public_key": "gswvkocq", "private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"}

Task = dict[str, t.Any]


def task(module: str, options: dict[str, t.Any] | None = None, **keywords: t.Any) -> Task:
    return {f"mongodb_atlas.admin.{module}": options or {}, **keywords}


READ = task("org_api_key_info", {"org_id": ORG, "api_user_id": KEY})
WRITE = {"ansible.builtin.copy": {"dest": "minted.json", "content": "{{ minted | to_json }}", "mode": "0600"}}


def pattern(*tasks: Task, **keywords: t.Any) -> str:
    """The play that the documentation shows, around TASKS. KEYWORDS are those of minting and revoking."""
    block = {
        "module_defaults": {"group/mongodb_atlas.admin.atlas": {"access_token": "{{ minted.access_token }}"}},
        "block": list(tasks),
        "always": [task("access_token", {"state": "absent"}, **keywords)],
    }
    return play(task("access_token", register="minted", **keywords), block)


def play(*tasks: Task) -> str:
    return yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}], sort_keys=False)


def run(shell: Shell, atlas: Atlas, playbook: str, *flags: str, **environ: str) -> Finished:
    return shell.playbook(playbook, *flags, MONGODB_ATLAS_BASE_URL=atlas.url, **environ)


def tokens(atlas: Atlas) -> tuple[int, int, int]:
    """How many were minted, revoked, and are alive."""
    known = atlas.control("GET", "tokens")
    return known["minted"], known["revoked"], len(known["live"])


@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
def test_token_is_registered_used_and_never_shown(atlas: Atlas, shell: Shell, in_process: str) -> None:
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    flags = ("-vvvv", "-e", f"mongodb_atlas_admin_in_process={in_process}")
    done = run(shell, atlas, pattern(READ, {**WRITE, "no_log": True}), *flags, **ENVIRONMENT)
    assert done.code == 0, done.output
    minted = json.loads((shell.home / "minted.json").read_text())
    assert minted["access_token"].startswith("eyJ")
    assert minted["access_token"] not in done.output
    assert "output has been hidden" in done.output
    assert (minted["token_type"], minted["expires_in"], minted["changed"]) == ("Bearer", 3600, True)
    assert minted["msg"] == f"Minted a token of the service account {ACCOUNT['client_id']}."
    ends = datetime.datetime.fromisoformat(minted["expires_at"].replace("Z", "+00:00"))
    assert 3600 <= (ends - before).total_seconds() < 3660
    assert [request["status"] for request in atlas.journal()] == [200, 200, 200]
    assert tokens(atlas) == (1, 1, 0)
    assert f"Revoked a token of the service account {ACCOUNT['client_id']}." in done.output


# Few on each line of ansible-core, and many on one.
NUMBERS = [20, pytest.param(500, marks=[pytest.mark.full, pytest.mark.scale])]


@pytest.mark.parametrize("number", NUMBERS)
def test_tasks_share_one_token(atlas: Atlas, shell: Shell, number: int) -> None:
    done = run(shell, atlas, pattern(*[READ] * number), **ENVIRONMENT)
    assert done.code == 0, done.output
    assert f"ok={number + 2} " in done.text
    assert len([request for request in atlas.journal() if "/apiKeys/" in request["path"]]) == number
    assert tokens(atlas) == (1, 1, 0)


@pytest.mark.parametrize("number", NUMBERS)
def test_items_of_a_loop_need_no_such_token(atlas: Atlas, shell: Shell, number: int) -> None:
    done = run(shell, atlas, play({**READ, "loop": list(range(number))}), **ENVIRONMENT)
    assert done.code == 0, done.output
    assert len([request for request in atlas.journal() if "/apiKeys/" in request["path"]]) == number
    assert tokens(atlas) == (1, 1, 0)


def test_limit_on_minting_is_waited_out(atlas: Atlas, shell: Shell) -> None:
    limited = {"error": 429, "errorCode": "RATE_LIMITED"}
    fault = {"path": "oauth/token", "status": 429, "body": limited, "headers": {"Retry-After": "1"}}
    atlas.control("POST", "faults", fault)
    done = run(shell, atlas, pattern(READ), **ENVIRONMENT)
    assert done.code == 0, done.output
    assert [request["status"] for request in atlas.journal()] == [429, 200, 200, 200]
    assert tokens(atlas) == (1, 1, 0)


def test_token_is_revoked_when_a_task_fails(atlas: Atlas, shell: Shell) -> None:
    wrong = task("org_api_key_info", {"org_id": ORG, "api_user_id": "f" * 24})
    done = run(shell, atlas, pattern(READ, wrong, READ), **ENVIRONMENT)
    assert done.code == 2
    assert "API_KEY_NOT_FOUND" in done.output
    assert len(atlas.journal()) == 4
    assert tokens(atlas) == (1, 1, 0)


def test_token_stays_until_somebody_revokes_it(atlas: Atlas, shell: Shell) -> None:
    done = run(shell, atlas, play(task("access_token", ACCOUNT, register="minted"), WRITE | {"no_log": True}))
    assert done.code == 0, done.output
    assert tokens(atlas) == (1, 0, 1)
    token = json.loads((shell.home / "minted.json").read_text())["access_token"]
    assert token == atlas.live_tokens()[0]["token"]
    revoke = task("access_token", {**ACCOUNT, "state": "absent", "access_token": "{{ token }}"})
    done = run(shell, atlas, play(revoke, revoke), "-vvv", "-e", json.dumps({"token": token}))
    assert done.code == 0, done.output  # twice: the second one finds it dead, and Atlas does not say
    assert token not in done.output
    assert tokens(atlas) == (1, 1, 0)


@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
def test_loop_mints_and_shows_none(atlas: Atlas, shell: Shell, in_process: str) -> None:
    revoke = task("access_token", {"state": "absent", "access_token": "{{ item }}"}, no_log=True)
    revoke["loop"] = "{{ minted.results | map(attribute='access_token') }}"
    playbook = play(task("access_token", register="minted", loop=[1, 2]), {**WRITE, "no_log": True}, revoke)
    flags = ("-vvv", "-e", f"mongodb_atlas_admin_in_process={in_process}")
    done = run(shell, atlas, playbook, *flags, ANSIBLE_STDOUT_CALLBACK="minimal", **ENVIRONMENT)
    assert done.code == 0, done.output
    minted = json.loads((shell.home / "minted.json").read_text())["results"]
    assert len({each["access_token"] for each in minted}) == 2
    assert not [each for each in minted if each["access_token"] in done.output]
    assert tokens(atlas) == (2, 2, 0)


@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
def test_check_mode_mints_nothing_and_says_so(atlas: Atlas, shell: Shell, in_process: str) -> None:
    revoke = task("access_token", {"state": "absent", "access_token": "aa.bb.cc"})
    flags = ("--check", "-vv", "-e", f"mongodb_atlas_admin_in_process={in_process}")
    done = run(shell, atlas, play(task("access_token", register="minted"), revoke), *flags, **ENVIRONMENT)
    assert done.code == 0, done.output
    assert f"Would mint a token of the service account {ACCOUNT['client_id']}." in done.text
    assert f"Would revoke a token of the service account {ACCOUNT['client_id']}." in done.text
    assert "changed=2" in done.text
    assert atlas.journal() == []


def test_pattern_runs_in_check_mode_with_check_mode_false(atlas: Atlas, shell: Shell) -> None:
    done = run(shell, atlas, pattern(READ, check_mode=False), "--check", **ENVIRONMENT)
    assert done.code == 0, done.output
    assert tokens(atlas) == (1, 1, 0)


MISTAKES: dict[str, tuple[Task, str]] = {
    "not registered": (task("access_token", ACCOUNT), "register the result of this task"),
    "an API key": (task("access_token", PAIR, register="minted"), "only a service account mints and revokes tokens"),
    "nobody": (task("access_token", register="minted"), "Give client_id and client_secret (a service account)"),
    "half": (task("access_token", {"client_id": ACCOUNT["client_id"]}, register="minted"), "client_secret is missing"),
    "a token": (
        task("access_token", {**ACCOUNT, "access_token": "aa.bb.cc"}, register="minted"),
        "state=present mints a new one",
    ),
    "no token": (task("access_token", {**ACCOUNT, "state": "absent"}), "access_token"),
    "empty token": (task("access_token", {**ACCOUNT, "state": "absent", "access_token": ""}), "access_token is empty"),
    "another state": (task("access_token", {**ACCOUNT, "state": "here"}, register="minted"), "present, absent"),
}


@pytest.mark.parametrize("check", [(), ("--check",)], ids=["for real", "check mode"])
def test_mistakes_cost_no_token(atlas: Atlas, shell: Shell, check: tuple[str, ...]) -> None:
    tasks = [{"name": mistake, **wrong, "ignore_errors": True} for mistake, (wrong, _says) in MISTAKES.items()]
    # An access token of the environment is no credential here, and not the token to revoke.
    done = run(shell, atlas, play(*tasks), *check, MONGODB_ATLAS_ACCESS_TOKEN="demo-live-token")
    assert done.code == 0, done.output
    for mistake, (_wrong, says) in MISTAKES.items():
        assert says in done.data_after(f"TASK [{mistake}] *", "fatal: [localhost]: FAILED! => ")["msg"], mistake
    assert atlas.journal() == []


def test_asynchronous_is_refused(atlas: Atlas, shell: Shell) -> None:
    done = run(shell, atlas, play(task("access_token", ACCOUNT, register="minted", **{"async": 30, "poll": 1})))
    assert done.code == 2
    assert "remove async" in done.text
    assert atlas.journal() == []


def test_ad_hoc_is_refused(atlas: Atlas, shell: Shell) -> None:
    done = shell.ad_hoc("access_token", {"state": "present"}, MONGODB_ATLAS_BASE_URL=atlas.url, **ENVIRONMENT)
    assert done.code == 2
    assert "register" in done.result()["msg"]
    assert atlas.journal() == []


def test_refusal_says_what_to_do(atlas: Atlas, shell: Shell) -> None:
    atlas.control("PATCH", "settings", {"live_tokens": 0})
    done = run(shell, atlas, play(task("access_token", ACCOUNT, register="minted")))
    assert done.code == 2
    assert "403 access_denied. Access Token limit reached." in done.text
    assert "revoke some" in done.text


def test_wrong_secret_is_refused(atlas: Atlas, shell: Shell) -> None:
    wrong = {**ACCOUNT, "client_secret": "mdb_sa_sk_wrong"}
    revoke = {**wrong, "state": "absent", "access_token": "demo-live-token"}
    for mistaken in (task("access_token", wrong, register="minted"), task("access_token", revoke)):
        done = run(shell, atlas, play(mistaken))
        assert done.code == 2
        assert "401 invalid_client. Invalid credentials provided." in done.text
        assert "mdb_sa_sk_wrong" not in done.output


# Ansible's ssh connection is the real one; what it calls runs the command, ssh's last argument, on this machine.
SSH = """#!/bin/sh
for command do :; done
exec sh -c "$command"
"""


@pytest.mark.parametrize("pipelining", some([True, False], True))
def test_token_of_a_remote_host_is_not_shown(atlas: Atlas, shell: Shell, pipelining: bool) -> None:
    """The ssh connection shows with -vvv what a module has printed, unless no_log is set."""
    account = {**ACCOUNT, "base_url": atlas.url}
    mint = task("access_token", account, register="minted")
    revoke = task("access_token", {**account, "state": "absent", "access_token": "{{ minted.access_token }}"})
    ssh = shell.home / "ssh"
    ssh.write_text(SSH)
    ssh.chmod(0o700)
    far = {
        "ansible_ssh_executable": str(ssh),
        "ansible_ssh_transfer_method": "piped",
        "ansible_ssh_pipelining": pipelining,
        "ansible_python_interpreter": sys.executable,
    }
    (shell.home / "hosts.json").write_text(json.dumps({"all": {"hosts": {"far": far}}}))
    done = run(shell, atlas, play(mint, revoke).replace("localhost", "far"), "-vvvv", "-i", "hosts.json")
    assert done.code == 0, done.output
    assert "the connection is not local" in done.output
    assert f"SSH: EXEC {ssh}" in done.output
    assert "eyJ" not in done.output
    assert tokens(atlas) == (1, 1, 0)
