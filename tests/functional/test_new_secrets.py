# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets that Atlas shows once, of every module that creates one: registered or in a file, and shown nowhere."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
import yaml

from creations import CREATIONS, modules_with

from harness import Atlas, Shell, leaks, some

OWNER = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": "mqzhrtab",
    "MONGODB_ATLAS_PRIVATE_API_KEY": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6",
    "MONGODB_ATLAS_ORG_ID": "a0123456789abcdef012345a",
}
# Execution modes, each with the name of what is created in it.
MODES = {"true": "first", "false": "second"}

CALLBACKS: list[dict[str, str]] = [
    {},
    {"ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml"},
    {"ANSIBLE_STDOUT_CALLBACK": "minimal"},
    {"ANSIBLE_STDOUT_CALLBACK": "oneline"},
    {"ANSIBLE_STDOUT_CALLBACK": "tree", "ANSIBLE_CALLBACK_TREE_DIR": "tree"},
    {"ANSIBLE_LOG_PATH": "ansible.log"},
]

Json = dict[str, t.Any]


def test_all_modules_that_return_a_secret_are_here() -> None:
    assert CREATIONS.keys() == modules_with("return_secret")
    assert CREATIONS.keys() <= modules_with("secret_file")


def play(*tasks: Json) -> str:
    return yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks)}])


def task(module: str, options: Json, **keywords: t.Any) -> Json:
    return {"name": module, f"mongodb_atlas.admin.{module}": options, **keywords}


def left_behind(folder: pathlib.Path) -> str:
    """The texts of all files but those that are to contain a secret."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("kept-")]
    return "".join(path.read_text(errors="replace") for path in files)


@pytest.mark.parametrize("callback", some(range(len(CALLBACKS)), 0))
def test_returned_secret_is_registered_and_never_shown(atlas: Atlas, shell: Shell, callback: int) -> None:
    """One of each module in each execution mode, in one run."""
    tasks = []
    for module, creation in CREATIONS.items():
        for mode, name in MODES.items():
            options = {**creation.options[name], "return_secret": True}
            tasks.append(task(module, options, register="made", vars={"mongodb_atlas_admin_in_process": mode}))
            kept = {"dest": f"kept-{module}-{mode}", "content": f"{{{{ made.{creation.secret} }}}}", "mode": "0600"}
            tasks.append({"ansible.builtin.copy": kept, "no_log": True})
    tasks.append({"ansible.builtin.debug": {"var": "made.changed"}})
    done = shell.playbook(
        play(*tasks), "-vvvv", "--diff", MONGODB_ATLAS_BASE_URL=atlas.url, **OWNER, **CALLBACKS[callback]
    )
    assert done.code == 0, done.output
    secrets = [path.read_text() for path in shell.home.glob("kept-*")]
    assert len(set(secrets)) == len(CREATIONS) * len(MODES)
    assert min(map(len, secrets)) >= 36
    assert not leaks(done.output + left_behind(shell.home), *secrets)
    if not CALLBACKS[callback]:
        for module in CREATIONS:
            assert f"{module} runs in process" in done.output
            assert f"{module} runs as an ordinary module" in done.output


def test_secret_that_would_be_lost_is_refused_before_anything_is_sent(atlas: Atlas, shell: Shell) -> None:
    tasks = []
    for module, creation in CREATIONS.items():
        lost = task(module, {**creation.options["first"], "return_secret": True}, ignore_errors=True)
        tasks += [lost, {**lost, "register": "made", "until": "made is success", "retries": 1}]
    done = shell.playbook(play(*tasks), MONGODB_ATLAS_BASE_URL=atlas.url, **OWNER)
    # Some callbacks of Ansible show a message twice.
    assert done.text.count('"msg": "The result holds a secret') == len(CREATIONS), done.output
    assert done.text.count('"msg": "The result of an attempt replaces') == len(CREATIONS)
    assert not atlas.journal()


def test_secret_is_encrypted_with_the_vault_of_the_run(atlas: Atlas, shell: Shell) -> None:
    (shell.home / "password").write_text("correct horse battery staple\n")
    vault = ("--vault-id", f"prod@{shell.home}/password")
    tasks, ordinary = [], []
    for module, creation in CREATIONS.items():
        place = {"secret_file": f"{module}.json", "secret_vault_id": "prod"}
        tasks.append(task(module, {**creation.options["first"], **place}))
        refused = task(module, {**creation.options["second"], **place, "secret_file": f"{module}-2.json"})
        ordinary.append({**refused, "vars": {"mongodb_atlas_admin_in_process": False}, "ignore_errors": True})
    done = shell.playbook(play(*tasks, *ordinary), *vault, MONGODB_ATLAS_BASE_URL=atlas.url, **OWNER)
    assert done.code == 0, done.output
    # An ordinary module does not have the vault, and says so before anything is created.
    assert done.text.count("needs in-process execution, and this task runs as an ordinary module") >= len(CREATIONS)
    writes = [asked["method"] for asked in atlas.journal() if asked["method"] == "POST" and asked["status"] < 300]
    assert len(writes) == len(CREATIONS)
    names = [f"{module}.json" for module in CREATIONS]
    assert all((shell.home / name).read_text().startswith("$ANSIBLE_VAULT;1.2;AES256;prod") for name in names)
    viewed = shell.run("ansible-vault", "view", *vault, *(str(shell.home / name) for name in names))
    decoder, rest, found = json.JSONDecoder(), viewed.output.strip(), []
    while rest:
        document, end = decoder.raw_decode(rest)
        found.append(document)
        rest = rest[end:].strip()
    assert all(each[creation.secret] for each, creation in zip(found, CREATIONS.values()))
    assert len(found) == len(CREATIONS)
