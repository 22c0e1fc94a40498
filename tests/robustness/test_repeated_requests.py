# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that repeat a request in their response, and secrets in options that are not meant for them."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
import yaml

from test_secrets import BASIC

import harness

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import Outcome, execute
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_info
from atlas_like import AUTH_METHODS, CLIENT_ID, CLIENT_SECRET, KEY, MINTED, ORG, PAGE, TOKEN, ask, behave
from harness import Shell, some
from raw_server import Asked, RawServer, Reply, reply

# As long as a real one: cut in the middle, its beginning must not remain.
LONG_TOKEN = "eyJ" + "hbGciOiJSUzI1NiJ9" * 40
LONG_SECRET = "mdb_sa_sk_" + "Zx9" * 100
OPAQUE_TOKEN = "Qw8" * 100  # nothing but its place shows that it is a secret


def repeat(asked: Asked) -> str:
    """The whole request, as a debugging server shows it."""
    return f"{asked.method} {asked.path}\n" + "\n".join(f"{k}: {v}" for k, v in asked.headers.items()) + asked.body


def pieces(text: str, *secrets: str) -> list[str]:
    """Beginnings, middles and ends of SECRETS, of 12 characters, that are in TEXT."""
    return [
        part
        for secret in secrets
        for part in {secret[start : start + 12] for start in range(len(secret) - 11)}
        if part in text
    ]


def refuse_to_revoke(asked: Asked) -> Reply:
    if asked.path.endswith("/revoke"):
        return reply({"error": "invalid_request", "error_description": repeat(asked)}, "400 Bad Request")
    return behave(asked)


@pytest.mark.parametrize("loop", some([False, True], True), ids=["a task", "a loop"])
@pytest.mark.parametrize("in_process", ["true", "false"])
def test_revoke_that_repeats_the_request(
    in_process: str, loop: bool, shell: Shell, happened: t.Callable[[str, str], None]
) -> None:
    module = {"client_id": CLIENT_ID, "client_secret": "{{ secret }}", "org_id": ORG}
    task: dict[str, t.Any] = {"mongodb_atlas.admin.org_api_key_info": module, "register": "found"}
    task.update({"loop": [1, 2]} if loop else {})
    play = [{"hosts": "localhost", "gather_facts": False, "vars": {"secret": CLIENT_SECRET}, "tasks": [task]}]
    with RawServer(refuse_to_revoke) as server:
        flags = ("-vvv", "-e", f"mongodb_atlas_admin_in_process={in_process}")
        done = shell.playbook(yaml.safe_dump(play), *flags, MONGODB_ATLAS_BASE_URL=server.url)
    assert done.code == 0, done.output
    assert "could not be revoked and stays alive" in done.text
    assert "********" in done.output
    assert not harness.leaks(done.output, CLIENT_SECRET, MINTED, BASIC)
    happened("a revoke that repeats the request", "succeeds, with a warning that is masked")


# A response that repeats the request, in the place that a message quotes.
ECHOES: dict[str, tuple[str, t.Callable[[str], bytes]]] = {
    "an HTML error that repeats the request": ("reading", lambda echo: reply(b"<pre>" + echo.encode(), "502 Bad")),
    "a redirect that repeats the request": (
        "reading",
        lambda echo: reply(b"", "302 Found", Location="https://x.example/?" + " ".join(echo.split())),
    ),
    "a content type that repeats the request": (
        "reading",
        lambda echo: reply(b"no JSON", Content_Type="text/" + " ".join(echo.split())),
    ),
    "text of the token endpoint that repeats the request": (
        "minting",
        lambda echo: reply(echo.encode(), "500 Error", Content_Type="text/plain"),
    ),
    "an error of the token endpoint that repeats the request": (
        "minting",
        lambda echo: reply({"error": "invalid_client", "error_description": echo}, "401 Unauthorized"),
    ),
    "an ID that is the request": ("reading", lambda echo: reply({**KEY, "id": echo})),
    "a short ID that is the token": ("reading", lambda echo: reply({**KEY, "id": re.findall("[^ ]*Qw8.*", echo)[0]})),
    "an organization that is the request": (
        "reading",
        lambda echo: reply({**KEY, "roles": [{"orgId": echo, "roleName": "ORG_OWNER"}]}),
    ),
}


@pytest.mark.parametrize("fault", ECHOES)
def test_texts_are_masked_before_they_are_shortened(fault: str, happened: t.Callable[[str, str], None]) -> None:
    stage, make = ECHOES[fault]

    def answer(asked: Asked) -> Reply:
        if stage == "minting" and asked.path.endswith("/token"):
            return make(repeat(asked) + LONG_SECRET)
        return behave(asked) if "/oauth/" in asked.path else make("x" * 40 + repeat(asked))

    credentials = {"client_id": CLIENT_ID, "client_secret": LONG_SECRET}
    credentials = credentials if stage == "minting" else {"access_token": OPAQUE_TOKEN}
    no_others = dict.fromkeys(option for auth in AUTH_METHODS.values() for option in auth)
    with RawServer(answer) as server:
        outcome = ask(server, "bearer", api_user_id=KEY["id"], **{**no_others, **credentials})
    assert outcome.failed
    basic = harness.basic(CLIENT_ID, LONG_SECRET)
    shown = json.dumps([outcome.result, outcome.warnings])
    assert not pieces(shown, OPAQUE_TOKEN, LONG_SECRET, basic), shown
    happened(fault, "fails: what it repeats is masked")


MISPLACED: dict[str, tuple[dict[str, t.Any], str]] = {
    "a client ID with the secret behind it": (
        {"access_token": None, "client_id": f"{CLIENT_ID}:{LONG_SECRET}", "client_secret": LONG_SECRET},
        "client_id holds the value of client_secret",
    ),
    "an organization's ID that is a token": ({"org_id": f"Bearer {LONG_TOKEN}"}, "org_id is"),
    "a key's ID that is a service account's secret": ({"api_user_id": LONG_SECRET}, "api_user_id is"),
    "a public key with the private key behind it": (
        {"access_token": None, "public_key": "gswvkocq:hunter2hunter2", "private_key": "3f1c0c9e-5d0e"},
        "public_key has a colon",
    ),
    "a base_url with a token in its query": ({"base_url": f"https://om.example.com/?token={LONG_TOKEN}"}, "base_url"),
    "a base_url with a secret in its fragment": ({"base_url": "https://om.example.com/#hunter2hunter2"}, "base_url"),
    "a base_url with a password": ({"base_url": "https://me:hunter2hunter2@om.example.com"}, "base_url contains"),
    "a base_url with a secret in its path": ({"base_url": f"https://om.example.com/{LONG_SECRET}"}, "base_url is"),
    "an organization's ID that is an opaque token": (
        {"org_id": OPAQUE_TOKEN, "access_token": OPAQUE_TOKEN},
        "org_id holds the value of access_token",
    ),
    "an api_version that is a token": ({"api_version": LONG_TOKEN}, "api_version is"),
    "a ca_path that is a token": ({"ca_path": LONG_TOKEN}, "ca_path is"),
}


def test_access_list_of_a_key_whose_id_is_the_request(happened: t.Callable[[str, str], None]) -> None:
    page = {**PAGE, "results": [{**KEY, "id": f"Bearer {OPAQUE_TOKEN}"}]}
    with RawServer(lambda asked: reply(page)) as server:
        outcome = ask(server, "bearer", access_token=OPAQUE_TOKEN, gather_access_list=True)
        assert len(server.asked) == 1
    assert outcome.failed
    assert not pieces(outcome.result["msg"], OPAQUE_TOKEN)
    happened("a key in a list whose ID is the token", "fails: what it repeats is masked")


@pytest.mark.parametrize("in_process", ["true", "false"])
def test_secret_in_another_option(in_process: str, shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    tasks: list[dict[str, t.Any]] = []
    variables: dict[str, t.Any] = {}
    for number, (fault, (options, _says)) in enumerate(MISPLACED.items()):
        given = {"org_id": ORG, "access_token": TOKEN, **options}
        # In a file of their own: Ansible shows the lines of a playbook where a task has failed.
        variables[f"given_{number}"] = {option: value for option, value in given.items() if value is not None}
        module = {option: f"{{{{ given_{number}.{option} }}}}" for option in variables[f"given_{number}"]}
        tasks.append({"name": fault, "mongodb_atlas.admin.org_api_key_info": module, "ignore_errors": True})
    (shell.home / "variables.json").write_text(json.dumps(variables))
    play = yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}])
    flags = ("-vvv", "-e", "@variables.json", "-e", f"mongodb_atlas_admin_in_process={in_process}")
    done = shell.playbook(play, *flags)
    for fault, (_options, says) in MISPLACED.items():
        _before, _task, after = done.output.partition(f"TASK [{fault}]")
        shown = after.partition("TASK [")[0]
        assert says in shown, done.output
        assert not pieces(shown, LONG_TOKEN, OPAQUE_TOKEN, LONG_SECRET, "hunter2hunter2"), shown
        happened(fault, f"fails: …{says}…, masked")


def with_environ(server: RawServer, environ: dict[str, str], **options: t.Any) -> Outcome:
    params = {option: spec.get("default") for option, spec in org_api_key_info.ARGUMENT_SPEC.items()}
    params.update(base_url=server.url, access_token=TOKEN, org_id=ORG, retries=0, **options)
    return execute(org_api_key_info.ARGUMENT_SPEC, org_api_key_info.run, params, environ)


def test_password_of_a_proxy_damages_no_result(happened: t.Callable[[str, str], None], shell: Shell) -> None:
    page = {**PAGE, "results": [{**KEY, "desc": "production"}]}
    with RawServer(lambda asked: reply(page)) as server:
        options = {"org_id": ORG, "base_url": server.url, "access_token": TOKEN}
        for in_process in ("true", "false"):
            flags = ("-e", f"mongodb_atlas_admin_in_process={in_process}")
            done = shell.ad_hoc("org_api_key_info", options, *flags, HTTPS_PROXY="http://svc:prod@127.0.0.1:9")
            assert done.result()["api_keys"][0]["desc"] == "production", done.output
    happened("a proxy's password that is part of a word in a result", "succeeds: the result is whole")


def test_password_of_a_proxy_is_masked_in_messages(happened: t.Callable[[str, str], None]) -> None:
    with RawServer(lambda asked: reply(b"<html>prod", "502 Bad Gateway")) as server:
        outcome = with_environ(server, {"https_proxy": "http://svc:prod@127.0.0.1:9"})
    assert "prod" not in outcome.result["msg"]
    happened("a response that shows a proxy's password", "fails: the password is masked")


@pytest.mark.parametrize("credentials", [{"access_token": "eyJabcd"}, {"private_key": "secret1", "public_key": "gswv"}])
def test_short_credential_is_refused(
    credentials: dict[str, str], shell: Shell, happened: t.Callable[[str, str], None]
) -> None:
    done = shell.ad_hoc("org_api_key_info", {"org_id": ORG, "base_url": "http://127.0.0.1:9", **credentials})
    assert re.search("(access_token|private_key) has less than 8 characters", done.result()["msg"])
    happened("a credential of 7 characters", "fails before anything is sent: …has less than 8 characters…")
