# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of modules, guides and README, run as they stand: they have the identifiers of demo.yml.

test_commands runs their shell commands.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import re
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
# The credentials of an Organization Owner, for what changes API keys.
OWNER = {
    **ENVIRONMENT,
    "MONGODB_ATLAS_PUBLIC_API_KEY": "mqzhrtab",
    "MONGODB_ATLAS_PRIVATE_API_KEY": SECRETS["vault_atlas_owner_private_key"],
}
WRITING = {"org_api_key", "org_api_keys", "org_api_key_access_list", "project_api_key", "guide_api_keys_as_code.rst"}
# The examples of these change nothing when they are run again.
IDEMPOTENT = {"org_api_keys"}
# The files that users save by the instructions of a text, with a line of their code blocks.
FILES = {("guide_api_keys_as_code.rst", "api_keys.yml"): "api_keys:"}
# Collections that are not installed for the tests: their tasks only show their options.
NOT_INSTALLED = ("community.hashi_vault.", "community.aws.")
# The result of the previous node of a workflow.
PREVIOUS_RESULT = {
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
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **(OWNER if module in WRITING else ENVIRONMENT)}
    done = shell.playbook(yaml.safe_dump([play], sort_keys=False), **environ)
    assert done.code == 0, done.output
    if module in IDEMPOTENT:
        again = shell.playbook(yaml.safe_dump([play], sort_keys=False), **environ)
        assert "changed=0" in again.output, again.output
    assert not atlas.live_tokens()


def installed(tasks: list[dict[str, t.Any]]) -> list[dict[str, t.Any]]:
    """TASKS, where those of collections that are not installed show their options."""
    return [
        {
            "ansible.builtin.debug" if name.startswith(NOT_INSTALLED) else name: (
                {"msg": value} if name.startswith(NOT_INSTALLED) else installed(value) if name == "block" else value
            )
            for name, value in task.items()
        }
        for task in tasks
    ]


@dataclasses.dataclass
class Block:
    """A code block of a text."""

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
        """Its plays, or a play with its tasks; none if it is data.

        An imported playbook is run unchanged: its credentials are those of the environment.
        """
        data = yaml.safe_load(self.code) if self.language.startswith("yaml") else None
        if not isinstance(data, list):
            return []
        if "ansible.builtin.import_playbook" in data[0]:
            return data
        plays = data if "hosts" in data[0] else [{"hosts": "localhost", "gather_facts": False, "tasks": data}]
        plays = [{**play, "tasks": installed(play["tasks"])} if "tasks" in play else play for play in plays]
        return [{**play, "vars": {**SECRETS, **PREVIOUS_RESULT, **play.get("vars", {})}} for play in plays]


def save_files(text: pathlib.Path, shell: Shell) -> None:
    for (name, file), line in FILES.items():
        if name == text.name:
            (code,) = (block.code for block in Block.all_in(text) if line in block.code.splitlines())
            (shell.home / file).write_text(code, encoding="utf-8")


def test_guide_to_keys_as_code_is_idempotent(atlas: Atlas, shell: Shell) -> None:
    """Check mode only reads; the second run changes nothing; a key that is no longer described is deleted."""
    guide = TREE / "docs" / "docsite" / "rst" / "guide_api_keys_as_code.rst"
    (play,) = (block.code for block in Block.all_in(guide) if "vars_files" in block.code)
    save_files(guide, shell)
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **OWNER}
    planned = shell.playbook(play, "--check", "--diff", **environ)
    assert planned.code == 0, planned.output
    assert {asked["method"] for asked in atlas.journal()} == {"GET"}
    first = shell.playbook(play, **environ)
    assert first.code == 0, first.output
    assert sorted(path.name for path in (shell.home / "atlas-keys").iterdir()) == [
        "payments-deploy.json",
        "payments-report.json",
    ]
    again = shell.playbook(play, **environ)
    assert "changed=0" in again.output, again.output
    described = yaml.safe_load((shell.home / "api_keys.yml").read_text(encoding="utf-8"))
    deleted = described["api_keys"].pop()["desc"]
    (shell.home / "api_keys.yml").write_text(yaml.safe_dump(described), encoding="utf-8")
    atlas.control("DELETE", "journal")
    purged = shell.playbook(play, "--diff", **environ)
    assert "changed=1" in purged.output, purged.output
    assert [asked["method"] for asked in atlas.journal()].count("DELETE") == 1
    assert f'"{deleted}": {{' in purged.output


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text.relative_to(TREE)))
def test_texts_run(atlas: Atlas, shell: Shell, text: pathlib.Path) -> None:
    """All plays and tasks of a text, one after the other."""
    blocks = Block.all_in(text)
    assert blocks
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **(OWNER if text.name in WRITING else ENVIRONMENT)}
    save_files(text, shell)
    if plays := [play for block in blocks for play in block.plays()]:
        done = shell.playbook(yaml.safe_dump(plays, sort_keys=False), **environ)
        assert done.code == 0, done.output
    assert not atlas.live_tokens()


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text.relative_to(TREE)))
def test_data_in_texts_is_valid(text: pathlib.Path) -> None:
    """Data can be parsed, and the emulator accepts its data sets."""
    for block in Block.all_in(text):
        if block.language.startswith("yaml"):
            data = yaml.safe_load(block.code)
            assert data
            if "orgs" in data:
                read(data)


# An API key for each case that a filter of the examples must distinguish: description, roles, and for each entry of its
# access list the time of the last request. None: Atlas did not return the field.
LONG_AGO, RECENTLY = "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
CASES: dict[str, tuple[list[str] | None, list[t.Any] | None]] = {
    "owner, empty list": (["ORG_OWNER"], []),
    "used recently": (["ORG_MEMBER"], [RECENTLY]),
    "used long ago": (["ORG_MEMBER", "GROUP_OWNER"], [LONG_AGO]),
    "never used": (["GROUP_OWNER"], ["absent"]),
    "last use is null": ([], [None]),
    "one of two entries used recently": (["ORG_MEMBER"], [LONG_AGO, RECENTLY, "absent"]),
    "none of two entries used recently": (["ORG_MEMBER", "ORG_OWNER"], [LONG_AGO, "absent"]),
    "without access list": (["ORG_OWNER"], None),
    "without roles": (None, []),
}
PROJECT = "b0123456789abcdef012345b"


def key_of(number: int, desc: str) -> dict[str, t.Any]:
    """The API key of a case, as the module returns it."""
    roles, uses = CASES[desc]
    key: dict[str, t.Any] = {"desc": desc, "id": f"{number:024x}"}
    if desc != "without access list":
        key["public_key"] = "gswvkocq" if number == 0 else f"key{number:05}"
    if roles is not None:
        key["roles"] = [{"group_id" if "GROUP" in role else "org_id": PROJECT, "role_name": role} for role in roles]
    if uses is not None:
        key["access_list"] = [{"count": 1, **({} if use == "absent" else {"last_used": use})} for use in uses]
    return key


KEYS = [key_of(number, desc) for number, desc in enumerate(CASES)]
OWNERS = ["owner, empty list", "none of two entries used recently", "without access list"]
EMPTY = ["owner, empty list", "without roles"]
NOT_USED = ["used long ago", "never used", "last use is null", "none of two entries used recently"]


def filtered(shell: Shell, tasks: list[dict[str, t.Any]], **variables: t.Any) -> list[t.Any]:
    """What TASKS show."""
    play = {"hosts": "localhost", "gather_facts": False, "vars": variables, "tasks": tasks}
    done = shell.playbook(yaml.safe_dump([play], sort_keys=False), ANSIBLE_STDOUT_CALLBACK="ansible.builtin.minimal")
    assert done.code == 0, done.output
    return [json.JSONDecoder().raw_decode(part)[0]["msg"] for part in done.output.split("=> ")[1:]]


def test_filters_of_examples_are_right(shell: Shell) -> None:
    tasks = [task for task in examples(shell, "org_api_key_info") if "api_keys" in str(task)]
    assert filtered(shell, tasks, result={"api_keys": KEYS}) == [OWNERS, EMPTY, NOT_USED, KEYS[0]]


def tasks_of(guide: str) -> list[dict[str, t.Any]]:
    blocks = Block.all_in(TREE / "docs" / "docsite" / "rst" / guide)
    return [task for block in blocks for play in block.plays() for task in play["tasks"]]


def test_filters_of_guides_are_right(shell: Shell) -> None:
    tasks = [task for task in tasks_of("guide_whole_organizations.rst") if "api_keys" in str(task)]
    empty, in_project, owners = filtered(shell, tasks, result={"api_keys": KEYS, "complete": True})
    assert (empty, in_project, owners) == (EMPTY, ["used long ago", "never used"], "All assertions passed")
    (shown,) = filtered(
        shell,
        [task for task in tasks_of("guide_performance.rst") if "api_keys" in str(task)],
        result={"api_keys": KEYS},
    )
    assert shown == OWNERS


@pytest.mark.parametrize(
    ("desc", "time"),
    [
        ("owner, empty list", "not known"),
        ("never used", "not known"),
        ("last use is null", "not known"),
        ("used long ago", LONG_AGO),
        ("one of two entries used recently", RECENTLY),
    ],
)
def test_time_of_the_last_request_is_right(shell: Shell, desc: str, time: str) -> None:
    tasks = [task for task in tasks_of("guide_authentication.rst") if "old.api_key" in str(task)]
    key = next(key for key in KEYS if key["desc"] == desc)
    assert filtered(shell, tasks, old={"api_key": key}) == [time]
