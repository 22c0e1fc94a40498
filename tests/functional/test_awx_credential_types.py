# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential types for AWX, in use: the playbook that creates them, and jobs with what they inject.

Neither AWX nor its collection is here. A stand-in for the collection's one module takes the same options, and writes
down what it was given. It proves what the playbook hands over, and nothing of what AWX makes of it.
"""

from __future__ import annotations

import json
import pathlib
import textwrap
import typing as t

import pytest
import yaml

from awx_job import CREDENTIAL_TYPES, credential
from harness import Atlas, Finished, Shell, some

CREDENTIALS = {
    "api_key": {"public_key": "gswvkocq", "private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"},
    "access_token": {"access_token": "demo-live-token"},
    "service_account": {
        "client_id": "mdb_sa_id_0123456789abcdef01234567",
        "client_secret": "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567",
    },
}
ORG, KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"

COLLECTIONS = ["awx.awx", "ansible.controller"]

# The options of credential_type in both collections, by name and type.
STAND_IN = """
    import json, os
    from ansible.module_utils.basic import AnsibleModule
    module = AnsibleModule(
        argument_spec={
            "name": {"required": True},
            "new_name": {},
            "description": {},
            "kind": {"choices": ["ssh", "vault", "net", "scm", "cloud", "insights"]},
            "inputs": {"type": "dict"},
            "injectors": {"type": "dict"},
            "state": {"choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    with open(os.environ["RECORD"], "a") as record:
        record.write(json.dumps({**module.params, "check": module.check_mode}) + "\\n")
    module.exit_json(changed=True)
"""


def stand_in(root: pathlib.Path, collection: str) -> None:
    namespace, name = collection.split(".")
    folder = root / "ansible_collections" / namespace / name
    (folder / "plugins" / "modules").mkdir(parents=True)
    (folder / "plugins" / "modules" / "credential_type.py").write_text(textwrap.dedent(STAND_IN))
    described = {"namespace": namespace, "name": name, "version": "24.6.1", "readme": "README.md", "authors": ["x"]}
    (folder / "galaxy.yml").write_text(yaml.safe_dump(described))


def create(shell: Shell, *flags: str) -> Finished:
    path = f"{shell.environ['ANSIBLE_COLLECTIONS_PATH']}:{shell.home}"
    command = ["ansible-playbook", "mongodb_atlas.admin.awx_credential_types", *flags]
    return shell.run(*command, ANSIBLE_COLLECTIONS_PATH=path, RECORD=str(shell.home / "record"))


def recorded(shell: Shell) -> list[dict[str, t.Any]]:
    return [json.loads(line) for line in (shell.home / "record").read_text().splitlines()]


@pytest.mark.parametrize("collection", some(COLLECTIONS, "awx.awx"))
def test_playbook_hands_over_what_the_files_hold(shell: Shell, collection: str) -> None:
    """Word for word, also what Ansible could take for a template of its own."""
    stand_in(shell.home, collection)
    done = create(shell, *([] if collection == "awx.awx" else ["-e", f"controller_collection={collection}"]))
    assert done.code == 0, done.output
    more = {"new_name": None, "state": "present", "check": False}
    given = recorded(shell)
    assert given == [{**CREDENTIAL_TYPES[name], **more} for name in ("api_key", "access_token", "service_account")]
    assert "{{ public_key }}" in str(given)


@pytest.mark.full
def test_playbook_asks_in_check_mode_too(shell: Shell) -> None:
    stand_in(shell.home, "awx.awx")
    done = create(shell, "--check")
    assert done.code == 0, done.output
    assert [each["check"] for each in recorded(shell)] == [True] * 3


@pytest.mark.parametrize("collection", some(COLLECTIONS, "awx.awx"))
def test_missing_collection_is_said_with_what_to_do(shell: Shell, collection: str) -> None:
    done = create(shell, "-e", f"controller_collection={collection}")
    assert done.code == 2
    assert f"The collection {collection} is not installed." in done.text
    assert f"ansible-galaxy collection install {collection}" in done.text


def test_unknown_collection_is_refused(shell: Shell) -> None:
    done = create(shell, "-e", "controller_collection=awx.tower")
    assert done.code == 2
    assert "controller_collection is awx.tower. It must be awx.awx, or ansible.controller" in done.text


@pytest.mark.parametrize("in_process", some([True, False], True), ids=["in process", "as a module"])
@pytest.mark.parametrize("optional", some([True, False], True), ids=["filled in", "empty"])
@pytest.mark.parametrize("name", CREDENTIAL_TYPES)
def test_job_reads_a_key(atlas: Atlas, shell: Shell, name: str, optional: bool, in_process: bool) -> None:
    """A play without credentials, in the environment that AWX makes of a credential."""
    more = {"org_id": ORG, "base_url": atlas.url}
    environ = credential(name, {**CREDENTIALS[name], **({field: more[field] if optional else "" for field in more})})
    options = {"api_user_id": KEY, **({} if optional else more)}
    tasks = [
        {"mongodb_atlas.admin.org_api_key_info": options, "register": "result"},
        {"ansible.builtin.debug": {"var": "result.api_key.desc"}},
    ]
    variables = {"mongodb_atlas_admin_in_process": in_process}
    play = {"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}
    done = shell.playbook(yaml.safe_dump([play]), "-vvv", **environ)
    assert done.code == 0, done.output
    assert '"result.api_key.desc": "e2e"' in done.output
    assert ("runs in process" in done.output) is in_process
    assert not atlas.live_tokens()
    for field in CREDENTIAL_TYPES[name]["inputs"]["fields"]:
        if field.get("secret"):
            assert CREDENTIALS[name][field["id"]] not in done.output
