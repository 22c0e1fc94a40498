# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of modules, guides and README, run as they stand: their identifiers are those of the demo's data."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
import shlex
import textwrap
import typing as t

import pytest
import yaml

from atlas_emulator.dataset import read
from harness import TREE, Atlas, Shell

MODULES = sorted(path.stem for path in (TREE / "plugins" / "modules").glob("*.py"))

TEXTS = [
    TREE / "README.md",
    *sorted((TREE / "roles").glob("*/README.md")),
    *sorted((TREE / "docs" / "docsite" / "rst").glob("*.rst")),
]

SECRETS = {
    "atlas_public_key": "gswvkocq",
    "atlas_private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977",
    "vault_atlas_private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977",
    "vault_atlas_owner_private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6",
    "vault_atlas_client_secret": "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567",
    "atlas_token": "demo-live-token",
}
ENVIRONMENT = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": "gswvkocq",
    "MONGODB_ATLAS_PRIVATE_API_KEY": SECRETS["vault_atlas_private_key"],
    "MONGODB_ATLAS_ORG_ID": "a0123456789abcdef012345a",
}
# What the node before has handed on, in a workflow.
HANDED_ON = {
    "atlas_api_keys": {
        "a0123456789abcdef012345a": [{"desc": "administration", "roles": [{"role_name": "ORG_OWNER"}]}, {"roles": []}],
    },
}


def examples(shell: Shell, module: str) -> list[dict[str, t.Any]]:
    done = shell.run("ansible-doc", "--json", f"mongodb_atlas.admin.{module}")
    return t.cast(
        "list[dict[str, t.Any]]",
        yaml.safe_load(json.loads(done.output)[f"mongodb_atlas.admin.{module}"]["examples"]),
    )


@pytest.mark.parametrize("module", MODULES)
def test_examples_run(atlas: Atlas, shell: Shell, module: str) -> None:
    play = {"hosts": "localhost", "gather_facts": False, "vars": SECRETS, "tasks": examples(shell, module)}
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **ENVIRONMENT}
    done = shell.playbook(yaml.safe_dump([play], sort_keys=False), **environ)
    assert done.code == 0, done.output
    assert not atlas.live_tokens()


@dataclasses.dataclass
class Block:
    """A block of code in a text."""

    language: str
    code: str

    @classmethod
    def all_in(cls, path: pathlib.Path) -> list[Block]:
        text = path.read_text(encoding="utf-8")
        fenced = r"(?m)^```([\w+]+)\n((?:.*\n)*?)```$"
        indented = r"(?m)^\.\. code-block:: ([\w+]+)\n\n((?:(?:    .*)?\n)+)"
        found = re.findall(fenced if path.suffix == ".md" else indented, text)
        return [cls(language, textwrap.dedent(code)) for language, code in found]

    def plays(self) -> list[dict[str, t.Any]]:
        """The plays it has, or one around its tasks; none where it is data.

        An imported playbook is run as it is: its credentials are those of the environment.
        """
        data = yaml.safe_load(self.code) if self.language.startswith("yaml") else None
        if not isinstance(data, list):
            return []
        if "import_playbook" in data[0]:
            return data
        plays = data if "hosts" in data[0] else [{"hosts": "localhost", "gather_facts": False, "tasks": data}]
        return [{**play, "vars": {**SECRETS, **HANDED_ON, **play.get("vars", {})}} for play in plays]

    def commands(self) -> list[str]:
        """The ansible commands that a person is told to type, but those that ask AWX, which is not here."""
        lines = self.code.replace("\\\n", " ").splitlines() if self.language == "console" else []
        lines = [line for line in lines if "awx_credential_types" not in line]
        return [line[2:] for line in lines if line.startswith(("$ ansible ", "$ ansible-playbook "))]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text.relative_to(TREE)))
def test_texts_run(atlas: Atlas, shell: Shell, text: pathlib.Path) -> None:
    """All plays and tasks of a text, one after the other, and each ansible command."""
    blocks = Block.all_in(text)
    assert blocks
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **ENVIRONMENT}
    if plays := [play for block in blocks for play in block.plays()]:
        done = shell.playbook(yaml.safe_dump(plays, sort_keys=False), **environ)
        assert done.code == 0, done.output
    for command in (command for block in blocks for command in block.commands()):
        done = shell.run(*shlex.split(command), **environ)
        assert done.code == 0, done.output
    assert not atlas.live_tokens()


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text.relative_to(TREE)))
def test_data_in_texts_is_right(text: pathlib.Path) -> None:
    """Data that is shown can be parsed, and the emulator takes what is meant for it."""
    for block in Block.all_in(text):
        if block.language.startswith("yaml"):
            data = yaml.safe_load(block.code)
            assert data
            if "orgs" in data:
                read(data)


def test_filters_find_what_they_say(atlas: Atlas, shell: Shell) -> None:
    """The one-liners over RV(api_keys), on keys whose answer is known."""
    keys = [
        {"id": "1", "desc": "owner", "public_key": "gswvkocq", "roles": ["ORG_OWNER"], "access_list": []},
        {
            "id": "2",
            "desc": "fresh",
            "public_key": "b",
            "roles": ["ORG_MEMBER"],
            "access_list": ["2999-01-01T00:00:00Z"],
        },
        {
            "id": "3",
            "desc": "stale",
            "public_key": "c",
            "roles": ["ORG_MEMBER"],
            "access_list": ["2020-01-01T00:00:00Z"],
        },
        {"id": "4", "desc": "never", "public_key": "d", "roles": ["GROUP_OWNER"], "access_list": [None]},
    ]
    for key in keys:
        key["roles"] = [{"org_id": "x", "role_name": role} for role in key["roles"]]
        key["access_list"] = [{"count": 1, **({"last_used": used} if used else {})} for used in key["access_list"]]
    filters = [task for task in examples(shell, "org_api_key_info") if "api_keys" in str(task)]
    assert len(filters) == 4
    play = {"hosts": "localhost", "gather_facts": False, "vars": {"result": {"api_keys": keys}}, "tasks": filters}
    done = shell.playbook(yaml.safe_dump([play], sort_keys=False), ANSIBLE_STDOUT_CALLBACK="ansible.builtin.minimal")
    shown = [json.JSONDecoder().raw_decode(part)[0]["msg"] for part in done.output.split("=> ")[1:]]
    assert shown == [["owner"], ["owner"], ["owner", "stale", "never"], {**keys[0], "roles": keys[0]["roles"]}]
