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
from harness import TREE, Atlas, Finished, Shell

MODULES = sorted(path.stem for path in (TREE / "plugins" / "modules").glob("*.py"))


def read_module(name: str) -> str:
    return (TREE / "plugins" / "modules" / f"{name}.py").read_text(encoding="utf-8")


TEXTS = [
    TREE / "README.md",
    *sorted((TREE / "roles").glob("*/README.md")),
    *sorted((TREE / "docs" / "docsite" / "rst").glob("*.rst")),
]

Task = dict[str, t.Any]
T = t.TypeVar("T")

PLAY = {"hosts": "localhost", "gather_facts": False}

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
# What changes something in Atlas: modules that say so, and texts with a task of such a module. They need an owner.
WRITING_MODULES = {
    name for name in MODULES if "  diff_mode:\n    support: full" in read_module(name) and name != "access_token"
}
_WRITING_TASK = re.compile(rf"(?m)^ +mongodb_atlas\.admin\.({'|'.join(sorted(WRITING_MODULES))}):$")
WRITING = WRITING_MODULES | {path.name for path in TEXTS if _WRITING_TASK.search(path.read_text(encoding="utf-8"))}


def alone_or_together(what: t.Iterable[T], name_of: t.Callable[[T], str]) -> list[t.Any]:
    """Return test parameters: each that writes alone, and all that only read together, for one start of Ansible."""
    found = list(what)
    reading = [each for each in found if name_of(each) not in WRITING]
    alone = [[each] for each in found if name_of(each) in WRITING]
    return [pytest.param(group, id=name_of(group[0])) for group in alone] + [pytest.param(reading, id="reading")]


def run(shell: Shell, plays: t.Iterable[tuple[str, Task]], *flags: str, **environ: str) -> Finished:
    """Run plays, each with the name of what it comes from.

    What a task registers belongs to its host. So each name is a host of its own, like localhost: a play cannot use what
    those of another text have registered.
    """
    local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    hosts: Task = {}
    written = []
    for name, play in plays:
        host = re.sub(r"\W", "_", name)
        hosts[host] = local
        mine = {"hosts": host} if play.get("hosts") == "localhost" else {}
        written.append({**play, "name": f"{name}: {play.get('name', '')}", **mine})
    (shell.home / "hosts.json").write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
    return shell.playbook(yaml.safe_dump(written, sort_keys=False), "-i", "hosts.json", *flags, **environ)


# The files that users save by the instructions of a text, with a line of their code blocks.
FILES = {
    ("guide_api_keys_as_code.rst", "api_keys.yml"): "api_keys:",
    ("guide_service_accounts.rst", "service_accounts.yml"): "service_accounts:",
}
# Collections that are not installed for the tests: their tasks only show their options.
NOT_INSTALLED = ("community.hashi_vault.", "community.aws.")
# The result of the previous node of a workflow.
PREVIOUS_RESULT = {
    "atlas_api_keys": {
        "a0123456789abcdef012345a": [{"desc": "administration", "roles": [{"role_name": "ORG_OWNER"}]}, {"roles": []}],
    },
}


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Task]]:
    """The tasks that `ansible-doc` shows as the examples of each module."""
    names = [f"mongodb_atlas.admin.{module}" for module in MODULES]
    done = Shell(tmp_path_factory.mktemp("examples")).run("ansible-doc", "--json", *names)
    shown = json.loads(done.output)
    return {module: yaml.safe_load(shown[name]["examples"]) for module, name in zip(MODULES, names)}


@pytest.mark.parametrize("modules", alone_or_together(MODULES, lambda module: module))
def test_examples_run(atlas: Atlas, shell: Shell, examples: dict[str, list[Task]], modules: list[str]) -> None:
    plays = [(module, {**PLAY, "vars": SECRETS, "tasks": examples[module]}) for module in modules]
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **(OWNER if WRITING & {*modules} else ENVIRONMENT)}
    done = run(shell, plays, **environ)
    assert done.code == 0, done.output
    assert not atlas.live_tokens()


def test_examples_that_write_are_idempotent(atlas: Atlas, shell: Shell, examples: dict[str, list[Task]]) -> None:
    """Check mode only reads, and the second run of each task changes nothing."""
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **OWNER}
    plays = []
    for module in sorted(WRITING_MODULES):
        tasks = [task for task in examples[module] if f"mongodb_atlas.admin.{module}" in task]
        plays.append((module, {**PLAY, "vars": SECRETS, "tasks": tasks}))
    planned = run(shell, plays, "--check", "--diff", **environ)
    assert planned.code == 0, planned.output
    assert {asked["method"] for asked in atlas.journal()} == {"GET"}
    twice = [(module, {**play, "tasks": repeat(play["tasks"])}) for module, play in plays]
    done = run(shell, twice, **environ)
    assert done.code == 0, done.output


def repeat(tasks: list[Task]) -> list[Task]:
    """Return each task twice, and what fails if the second run of it has changed something."""
    found = []
    for each in tasks:
        again = {**each, "register": "again"}
        found += [each, again, {"ansible.builtin.assert": {"that": "again is not changed"}, "when": "again is defined"}]
    return found


def installed(tasks: list[Task]) -> list[Task]:
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

    def plays(self) -> list[Task]:
        """Its plays, or a play with its tasks; none if it is data.

        An imported playbook is run unchanged: its credentials are those of the environment.
        """
        data = yaml.safe_load(self.code) if self.language.startswith("yaml") else None
        if not isinstance(data, list):
            return []
        if "ansible.builtin.import_playbook" in data[0]:
            return data
        plays = data if "hosts" in data[0] else [{**PLAY, "tasks": data}]
        plays = [{**play, "tasks": installed(play["tasks"])} if "tasks" in play else play for play in plays]
        return [{**play, "vars": {**SECRETS, **PREVIOUS_RESULT, **play.get("vars", {})}} for play in plays]


def save_files(text: pathlib.Path, shell: Shell) -> None:
    for (name, file), line in FILES.items():
        if name == text.name:
            (code,) = (block.code for block in Block.all_in(text) if line in block.code.splitlines())
            (shell.home / file).write_text(code, encoding="utf-8")


@pytest.mark.parametrize(
    ("guide", "file", "described", "name", "folder"),
    [
        ("guide_api_keys_as_code.rst", "api_keys.yml", "api_keys", "desc", "atlas-keys"),
        ("guide_service_accounts.rst", "service_accounts.yml", "service_accounts", "name", "atlas-accounts"),
    ],
)
def test_guide_as_code_is_idempotent(
    guide: str, file: str, described: str, name: str, folder: str, atlas: Atlas, shell: Shell
) -> None:
    """Check mode only reads; the second run changes nothing; what is no longer described is deleted."""
    path = TREE / "docs" / "docsite" / "rst" / guide
    (play,) = (block.code for block in Block.all_in(path) if "vars_files" in block.code)
    save_files(path, shell)
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **OWNER}
    planned = shell.playbook(play, "--check", "--diff", **environ)
    assert planned.code == 0, planned.output
    assert {asked["method"] for asked in atlas.journal()} == {"GET"}
    first = shell.playbook(play, **environ)
    assert first.code == 0, first.output
    assert sorted(each.name for each in (shell.home / folder).iterdir()) == [
        "payments-deploy.json",
        "payments-report.json",
    ]
    again = shell.playbook(play, **environ)
    assert "changed=0" in again.output, again.output
    variables = yaml.safe_load((shell.home / file).read_text(encoding="utf-8"))
    deleted = variables[described].pop()[name]
    (shell.home / file).write_text(yaml.safe_dump(variables), encoding="utf-8")
    atlas.control("DELETE", "journal")
    purged = shell.playbook(play, "--diff", **environ)
    assert "changed=1" in purged.output, purged.output
    assert [asked["method"] for asked in atlas.journal()].count("DELETE") == 1
    assert f'"{deleted}"' in purged.output


@pytest.mark.parametrize("texts", alone_or_together(TEXTS, lambda text: text.name))
def test_texts_run(atlas: Atlas, shell: Shell, texts: list[pathlib.Path]) -> None:
    """All plays and tasks of the texts, one after the other."""
    environ = {
        "MONGODB_ATLAS_BASE_URL": atlas.url,
        **(OWNER if WRITING & {text.name for text in texts} else ENVIRONMENT),
    }
    plays: list[tuple[str, Task]] = []
    for text in texts:
        save_files(text, shell)
        name = str(text.relative_to(TREE))
        plays += ((name, play) for block in Block.all_in(text) for play in block.plays())
    assert plays
    done = run(shell, plays, **environ)
    assert done.code == 0, done.output
    assert not atlas.live_tokens()


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text.relative_to(TREE)))
def test_data_in_texts_is_valid(text: pathlib.Path) -> None:
    """Data can be parsed, and the emulator accepts its data sets."""
    blocks = Block.all_in(text)
    assert blocks
    for block in blocks:
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


@dataclasses.dataclass
class Filtered:
    """Tasks whose filters are tried: where they are, which of them, what they are given, and what they must show."""

    tasks: t.Callable[[dict[str, list[Task]]], list[Task]]
    word: str
    variables: dict[str, t.Any]
    shown: list[t.Any]


def of_guide(name: str) -> t.Callable[[object], list[Task]]:
    blocks = Block.all_in(TREE / "docs" / "docsite" / "rst" / name)
    return lambda _examples: [task for block in blocks for play in block.plays() for task in play.get("tasks", [])]


def last_request(desc: str, time: str) -> Filtered:
    key = next(key for key in KEYS if key["desc"] == desc)
    return Filtered(of_guide("guide_authentication.rst"), "old.api_key", {"old": {"api_key": key}}, [time])


ALL = {"result": {"api_keys": KEYS, "complete": True}}
FILTERS = {
    "examples": Filtered(lambda examples: examples["org_api_key_info"], "api_keys", ALL, [OWNERS, EMPTY, NOT_USED]),
    "guide to whole organizations": Filtered(
        of_guide("guide_whole_organizations.rst"),
        "api_keys",
        ALL,
        [EMPTY, ["used long ago", "never used"], "All assertions passed"],
    ),
    "guide to performance": Filtered(of_guide("guide_performance.rst"), "api_keys", ALL, [OWNERS]),
    "no request": last_request("owner, empty list", "not known"),
    "last request of a key that was never used": last_request("never used", "not known"),
    "last request is null": last_request("last use is null", "not known"),
    "last request long ago": last_request("used long ago", LONG_AGO),
    "last request recently": last_request("one of two entries used recently", RECENTLY),
}


def test_filters_are_right(shell: Shell, examples: dict[str, list[Task]]) -> None:
    """Each in a play of its own; all in one run."""
    plays = []
    for name, each in FILTERS.items():
        tasks = [task for task in each.tasks(examples) if each.word in str(task)]
        assert len(tasks) == len(each.shown), name
        plays.append((name, {**PLAY, "vars": each.variables, "tasks": tasks}))
    done = run(shell, plays, ANSIBLE_STDOUT_CALLBACK="ansible.builtin.minimal")
    assert done.code == 0, done.output
    shown = [json.JSONDecoder().raw_decode(part)[0]["msg"] for part in done.output.split("=> ")[1:]]
    for name, each in FILTERS.items():
        found, shown = shown[: len(each.shown)], shown[len(each.shown) :]
        assert found == each.shown, name
    assert not shown
