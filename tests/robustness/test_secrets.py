# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret, in any form, in anything that a run leaves behind: not even if the server says it to our face."""

from __future__ import annotations

import contextlib
import json
import pathlib
import re
import sys
import threading
import typing as t

import pytest
import yaml

import harness

from atlas_like import (
    AUTH_METHODS,
    CLIENT_ID,
    CLIENT_SECRET,
    KEY,
    MINTED,
    ORG,
    PRIVATE_KEY,
    TOKEN,
    UNAUTHORIZED,
    behave,
)
from harness import Shell, forms, some
from raw_server import Asked, RawServer, Reply, reply

SECRETS = [PRIVATE_KEY, TOKEN, CLIENT_SECRET, MINTED]
ENVIRONMENT = {
    "bearer": {"MONGODB_ATLAS_ACCESS_TOKEN": TOKEN},
    "digest": {"MONGODB_ATLAS_PUBLIC_API_KEY": "gswvkocq", "MONGODB_ATLAS_PRIVATE_API_KEY": PRIVATE_KEY},
    "service account": {"MONGODB_ATLAS_CLIENT_ID": CLIENT_ID, "MONGODB_ATLAS_CLIENT_SECRET": CLIENT_SECRET},
}


BASIC = harness.basic(CLIENT_ID, CLIENT_SECRET)


def leaks(text: str) -> list[str]:
    """The secrets in TEXT, in any form."""
    return harness.leaks(text, BASIC, *SECRETS)


def known_to(asked: Asked) -> str:
    """What a server that wants to see its secrets in a log would answer with: those that this task has."""
    header = asked.headers["authorization"]
    of_task = {f"Bearer {TOKEN}": [TOKEN], f"Bearer {MINTED}": [MINTED, CLIENT_SECRET]}
    secrets = of_task.get(header, [PRIVATE_KEY])
    return " ".join([header, *(form for secret in secrets for form in sorted(forms(secret)))])


# What the last digits of the key's ID make the server do.
SCENARIOS: dict[str, t.Callable[[str], Reply]] = {
    "00": lambda echo: reply({**KEY, "desc": echo, "links": [{"href": echo}]}),
    "01": lambda echo: reply({"error": 404, "errorCode": "X", "detail": echo, "parameters": [echo]}, "404 Not Found"),
    "02": lambda echo: reply(f"<html>{echo}".encode(), Content_Type=f"text/{echo}"),
    "03": lambda echo: reply(b"", "302 Found", Location=f"https://elsewhere.example/?{echo}"),
    "04": lambda echo: lambda connection: None,
    "05": lambda echo: reply({**UNAUTHORIZED, "badRequestDetail": {"fields": [echo]}}, "403 Forbidden"),
}


def tell(asked: Asked) -> Reply:
    """Response to reading with what was sent, in all forms."""
    if "/apiKeys/" not in asked.path or "authorization" not in asked.headers:
        return behave(asked)
    return SCENARIOS[asked.path.partition("?")[0][-2:]](known_to(asked))


def tasks(auth: str, given: bool) -> list[dict[str, t.Any]]:
    """A task for each scenario, and one that has its secret in the wrong place; what each returned is shown."""
    credentials = {option: "{{ " + option.upper() + " }}" for option in AUTH_METHODS[auth]} if given else {}
    wrong = [{"org_id": "{{ " + next(reversed(AUTH_METHODS[auth])).upper() + " }}"}] if given else []
    options = [*({"api_user_id": "a" * 22 + scenario} for scenario in SCENARIOS), *wrong]
    found: list[dict[str, t.Any]] = []
    for each in options:
        module = {"org_id": ORG, "retries": 0, **credentials, **each}
        found.append({"mongodb_atlas.admin.org_api_key_info": module, "register": "result", "ignore_errors": True})
        found.append({"ansible.builtin.debug": {"var": "result"}})
    return found


def write_play(folder: pathlib.Path, found: list[dict[str, t.Any]]) -> None:
    play = [{"hosts": "localhost", "gather_facts": False, "tasks": found}]
    (folder / "playbook.yml").write_text(yaml.safe_dump(play), encoding="utf-8")


def variables() -> str:
    return json.dumps({option.upper(): value for auth in AUTH_METHODS.values() for option, value in auth.items()})


@contextlib.contextmanager
def process_list(shell: Shell) -> t.Iterator[list[str]]:
    """What leaks from the command lines of processes of SHELL. Other tests run at the same time."""
    home = f"HOME={shell.environ['HOME']}\0".encode()
    found: list[str] = []
    seen: set[bytes] = set()
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            for process in (path for path in pathlib.Path("/proc").iterdir() if path.name.isdigit()):
                with contextlib.suppress(OSError):  # it may be gone
                    line = (process / "cmdline").read_bytes()
                    if line not in seen and home in (process / "environ").read_bytes():
                        seen.add(line)
                        found.extend(leaks(line.decode("utf-8", "replace").replace("\0", " ")))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()
    assert any(b"ansible-playbook" in line for line in seen)


def left_behind(folder: pathlib.Path, given: t.Container[str]) -> t.Iterator[str]:
    """The texts of all files in FOLDER but what it was GIVEN."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name not in given:
            yield path.read_text(encoding="utf-8", errors="replace")


def search(shell: Shell, found: list[dict[str, t.Any]], in_process: str, server: RawServer, **environ: str) -> str:
    """Run the tasks, look for secrets in all that there is to be seen, and return the output."""
    write_play(shell.home, found)
    given = {"playbook.yml", "variables.json"}
    (shell.home / "variables.json").write_text(variables(), encoding="utf-8")
    with process_list(shell) as listed:
        done = shell.run(
            "ansible-playbook",
            "playbook.yml",
            "-vvvv",
            *("-e", "@variables.json", "-e", f"mongodb_atlas_admin_in_process={in_process}"),
            MONGODB_ATLAS_BASE_URL=server.url,
            ANSIBLE_LOG_PATH=str(shell.home / "ansible.log"),
            **environ,
        )
    assert done.code == 0, done.output
    assert "Traceback" not in done.output
    assert not leaks(done.output)
    assert not listed
    files = list(left_behind(shell.home, given))
    assert len(files) > 0  # the log at least
    assert not [leak for text in files for leak in leaks(text)]
    return done.output


CALLBACKS: dict[str, dict[str, str]] = {
    "default": {},
    "default as JSON": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_CALLBACK_FORMAT_PRETTY": "true"},
    "default as YAML": {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"},
    "minimal": {"ANSIBLE_STDOUT_CALLBACK": "minimal"},
    "oneline": {"ANSIBLE_STDOUT_CALLBACK": "oneline"},
    "tree and junit": {"ANSIBLE_CALLBACKS_ENABLED": "tree,junit", "JUNIT_OUTPUT_DIR": "junit"},
}


# An ordinary module takes a second a task. So with each callback it has one auth method, and in process it has all.
RUNS = [("true", name, [*AUTH_METHODS]) for name in CALLBACKS]
RUNS += [("false", name, [auth]) for name, auth in zip(CALLBACKS, 2 * [*AUTH_METHODS])]


@pytest.mark.parametrize(
    ("in_process", "callback", "auths"),
    [run if run[1] == "default" else pytest.param(*run, marks=pytest.mark.full) for run in RUNS],
)
def test_secrets_of_tasks(in_process: str, callback: str, auths: list[str], shell: Shell) -> None:
    """Those that a task is given, and a token that one task mints for others."""
    with RawServer(tell) as server:
        found = [task for auth in auths for task in tasks(auth, given=True)] + tasks_with_a_token()
        shell.environ["ANSIBLE_CALLBACK_TREE_DIR"] = str(shell.home / "tree")
        output = search(shell, found, in_process, server, **CALLBACKS[callback])
    assert "********" in output
    assert "org_id holds the value of" in output
    assert sent_to_lists(server) == [f"Bearer {MINTED}"]


@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
@pytest.mark.parametrize("auth", AUTH_METHODS)
def test_secrets_of_the_environment(auth: str, in_process: str, shell: Shell) -> None:
    with RawServer(tell) as server:
        output = search(shell, tasks(auth, given=False), in_process, server, **ENVIRONMENT[auth])
    assert "********" in output


def tasks_with_a_token() -> list[dict[str, t.Any]]:
    """Mint a token for other tasks, alone and in a loop, use it, fail with it, and revoke it."""
    account = {"client_id": "{{ CLIENT_ID }}", "client_secret": "{{ CLIENT_SECRET }}"}
    mint = {"mongodb_atlas.admin.access_token": account, "register": "minted"}
    revoke = {"mongodb_atlas.admin.access_token": {**account, "state": "absent"}}
    read = {"mongodb_atlas.admin.org_api_key_info": {"org_id": ORG}}
    wrong = {"mongodb_atlas.admin.org_api_key_info": {"org_id": "wrong"}, "ignore_errors": True}
    mistaken = {"mongodb_atlas.admin.access_token": account, "register": "again", "ignore_errors": True}
    defaults = {"group/mongodb_atlas.admin.atlas": {"access_token": "{{ minted.access_token }}"}}
    use = {"module_defaults": defaults, "block": [read, wrong, mistaken, revoke]}
    return [{**mint, "register": "minted_all", "loop": [1, 2]}, mint, use]


def sent_to_lists(server: RawServer) -> list[str]:
    """Return the credentials of each request for the list of API keys, which only the tasks with a token send."""
    return [asked.headers["authorization"] for asked in server.asked if re.search(r"/apiKeys($|\?)", asked.path)]


@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
def test_token_that_looks_like_a_template_is_none(in_process: str, shell: Shell) -> None:
    token = "{{lookup('env','HOME')}}"

    def mint(asked: Asked) -> Reply:
        return reply({"access_token": token}) if asked.path.endswith("/token") else behave(asked)

    with RawServer(mint) as server:
        search(shell, tasks_with_a_token(), in_process, server)
    assert sent_to_lists(server) == [f"Bearer {token}"]


def test_secrets_in_the_events_of_ansible_runner(shell: Shell) -> None:
    folder = shell.home / "runner"
    for name in ("env", "project"):
        (folder / name).mkdir(parents=True)
    found = [task for auth in AUTH_METHODS for task in tasks(auth, given=True)]
    write_play(folder / "project", found + tasks_with_a_token())
    (folder / "env" / "extravars").write_text(variables(), encoding="utf-8")
    (folder / "env" / "cmdline").write_text("-vvvv", encoding="utf-8")
    with RawServer(tell) as server:
        done = shell.run(
            *(sys.executable, "-m", "ansible_runner", "run", str(folder), "-p", "playbook.yml"),
            MONGODB_ATLAS_BASE_URL=server.url,
        )
    assert done.code == 0, done.output
    assert not leaks(done.output)
    events = list((folder / "artifacts").rglob("job_events/*.json"))
    assert len(events) > 20
    assert not [leak for text in left_behind(folder, {"playbook.yml", "extravars"}) for leak in leaks(text)]


def test_the_search_finds_what_it_is_meant_to() -> None:
    for secret in SECRETS:
        for form in forms(secret):
            assert leaks(f"-->{form}<--")
            assert leaks(json.dumps({"msg": form}))
    assert leaks(f"Authorization: Basic {BASIC}")
    assert not leaks("********")


@pytest.mark.parametrize(
    "address", ["http://proxyuser:pr%2Boxy%40pw@127.0.0.1:1", "http://proxyuser:pr%2Boxy%40pw@[::1"]
)
def test_password_of_a_proxy(address: str, shell: Shell) -> None:
    options = {"org_id": ORG, "retries": 0, "base_url": "https://127.0.0.1:2"}
    done = shell.ad_hoc(
        "org_api_key_info", options, "-vvvv", HTTPS_PROXY=address, MONGODB_ATLAS_ACCESS_TOKEN=TOKEN, NO_PROXY=""
    )
    assert done.code == 2, done.output
    assert not any(form in done.output for form in forms("pr+oxy@pw"))
