# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task from the command line: what it costs, what it shows, and what it must not show."""

from __future__ import annotations

import base64
import contextlib
import typing as t
import urllib.parse

import pytest
import yaml

from atlas_emulator.dataset import load
from atlas_emulator.server import Emulator
from harness import DATASETS, Atlas, Shell, some

ORG, KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"
BOTH = {"org_id": ORG, "api_user_id": KEY}

PRIVATE_KEY = "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"
CLIENT_ID, CLIENT_SECRET = "mdb_sa_id_0123456789abcdef01234567", "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567"
TOKEN = "demo-live-token"

PAIR_ENV = {"MONGODB_ATLAS_PUBLIC_API_KEY": "gswvkocq", "MONGODB_ATLAS_PRIVATE_API_KEY": PRIVATE_KEY}
TOKEN_ENV = {"MONGODB_ATLAS_ACCESS_TOKEN": TOKEN}
ACCOUNT_ENV = {"MONGODB_ATLAS_CLIENT_ID": CLIENT_ID, "MONGODB_ATLAS_CLIENT_SECRET": CLIENT_SECRET}
AUTH_METHODS = {"digest": PAIR_ENV, "bearer": TOKEN_ENV, "service account": ACCOUNT_ENV}


def leaks(output: str, secrets: t.Iterable[str]) -> list[str]:
    """The forms in which any of SECRETS stands in OUTPUT."""
    forms = set()
    for secret in secrets:
        raw = secret.encode()
        basic = base64.b64encode(f"{CLIENT_ID}:{secret}".encode()).decode()
        forms |= {secret, urllib.parse.quote(secret, safe=""), base64.b64encode(raw).decode(), basic}
    return [form for form in forms if form in output]


@pytest.mark.parametrize(("auth", "cost"), [("digest", 2), ("bearer", 1), ("service account", 3)])
@pytest.mark.parametrize("flags", some([(), ("--check",)], ()), ids=["for real", "check mode"])
def test_one_key(atlas: Atlas, shell: Shell, auth: str, cost: int, flags: tuple[str, ...]) -> None:
    done = shell.ad_hoc("org_api_key_info", BOTH, *flags, MONGODB_ATLAS_BASE_URL=atlas.url, **AUTH_METHODS[auth])
    assert done.code == 0, done.output
    result = done.result()
    assert result["changed"] is False
    assert result["api_key"] == {
        "id": KEY,
        "desc": "e2e",
        "public_key": "gswvkocq",
        "private_key": "********-****-****-01bdd56c8977",
        "roles": [
            {"org_id": ORG, "role_name": "ORG_READ_ONLY"},
            {"group_id": "b0123456789abcdef012345b", "role_name": "GROUP_OWNER"},
        ],
        "links": [{"href": f"{atlas.url}/api/atlas/v2/orgs/{ORG}/apiKeys/{KEY}", "rel": "self"}],
    }
    assert len(atlas.journal()) == cost
    assert not atlas.live_tokens()


# What goes wrong, as the emulator does it or by options, and what the message must have.
FAILURES: dict[str, tuple[dict[str, t.Any] | None, dict[str, t.Any], str]] = {
    "refused": (None, {"api_user_id": "f" * 24}, "API_KEY_NOT_FOUND"),
    "malformed": (None, {"org_id": ORG + "\n"}, "org_id is"),
    "html": ({"status": 200, "body": "<html>"}, {}, "no JSON object"),
    "empty": ({"status": 200, "body": ""}, {}, "nothing in it"),
    "cut": ({"cut": "headers"}, {}, ""),
    "silent": ({"delay": 30}, {"timeout": 0.3}, "did not answer"),
    "unknown version": (None, {"api_version": "2022-02-02"}, "INVALID_VERSION_DATE"),
    "nobody there": (None, {"base_url": "http://127.0.0.1:9"}, "Connection refused"),
    "no host": (None, {"base_url": "https://"}, "base_url is"),
}


@pytest.fixture(scope="module")
def failing() -> t.Iterator[dict[str, Atlas]]:
    """An emulator for each failure."""
    with contextlib.ExitStack() as stack:
        found = {failure: Atlas(stack.enter_context(Emulator(load(DATASETS / "demo.yml"))).url) for failure in FAILURES}
        for failure, (fault, _options, _message) in FAILURES.items():
            if fault:
                found[failure].control("POST", "faults", {"path": "apiKeys", "times": None, **fault})
        yield found


@pytest.mark.parametrize("auth", AUTH_METHODS)
def test_failures_are_clear_and_leak_nothing(failing: dict[str, Atlas], shell: Shell, auth: str) -> None:
    """Each in a task of its own; all in one run."""
    tasks: list[dict[str, t.Any]] = []
    for failure, (_fault, options, _message) in FAILURES.items():
        options = {**BOTH, "retries": 0, "base_url": failing[failure].url, **options}
        tasks.append({"name": failure, "mongodb_atlas.admin.org_api_key_info": options, "ignore_errors": True})
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    done = shell.playbook(yaml.safe_dump([play]), "-vvv", **AUTH_METHODS[auth])
    assert done.code == 0, done.output
    for failure, (_fault, _options, message) in FAILURES.items():
        failed = done.data_after(f"TASK [{failure}] *", "fatal: [localhost]: FAILED! => ")
        assert message in failed["msg"], failure
    assert "Traceback" not in done.output
    assert "MODULE FAILURE" not in done.output
    assert not leaks(done.output, [PRIVATE_KEY, TOKEN, CLIENT_SECRET])
    assert not any(atlas.live_tokens() for atlas in failing.values())


@pytest.mark.parametrize("auth", AUTH_METHODS)
def test_failure_is_clear_and_leaks_nothing(atlas: Atlas, shell: Shell, auth: str) -> None:
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **AUTH_METHODS[auth]}
    done = shell.ad_hoc("org_api_key_info", {**BOTH, "api_user_id": "f" * 24}, "-vvv", **environ)
    assert done.code == 2, done.output
    assert "API_KEY_NOT_FOUND" in done.result()["msg"]
    assert "Traceback" not in done.output
    assert not leaks(done.output, [PRIVATE_KEY, TOKEN, CLIENT_SECRET])
    assert not atlas.live_tokens()


@pytest.mark.parametrize("auth", AUTH_METHODS)
def test_success_leaks_nothing_at_the_highest_verbosity(atlas: Atlas, shell: Shell, auth: str) -> None:
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **AUTH_METHODS[auth]}
    done = shell.ad_hoc("org_api_key_info", BOTH, "-vvvvv", **environ)
    assert done.code == 0, done.output
    assert not leaks(done.output, [PRIVATE_KEY, TOKEN, CLIENT_SECRET])


def test_no_credentials_lists_the_three_auth_methods(atlas: Atlas, shell: Shell) -> None:
    done = shell.ad_hoc("org_api_key_info", BOTH, MONGODB_ATLAS_BASE_URL=atlas.url)
    assert done.code == 2
    assert all(auth in done.result()["msg"] for auth in ("public_key", "access_token", "client_id"))
    assert not atlas.journal()


def test_documentation_is_shown(shell: Shell) -> None:
    done = shell.run("ansible-doc", "-t", "module", "mongodb_atlas.admin.org_api_key_info")
    assert done.code == 0
    assert "api_user_id" in done.output
