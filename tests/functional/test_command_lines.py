# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Command lines that would do nothing, or not all that was asked for: an error or the right run, never a success."""

from __future__ import annotations

import pathlib
import typing as t

import pytest
import yaml

from harness import TREE, Atlas, Finished, Shell

ORG, OTHER_ORG = "a0123456789abcdef012345a", "c0123456789abcdef012345c"
PAIR = {"atlas_public_key": "mqzhrtab", "atlas_private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6"}
ENVIRONMENT = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": PAIR["atlas_public_key"],
    "MONGODB_ATLAS_PRIVATE_API_KEY": PAIR["atlas_private_key"],
    "MONGODB_ATLAS_ORG_ID": ORG,
}
# The variable for the organization, and what else each playbook needs.
PLAYBOOKS: dict[str, tuple[str, dict[str, str]]] = {
    "audit": ("audit_org_id", {}),
    "list_api_keys": ("list_api_keys_org_id", {}),
    "show_api_key": ("show_api_key_org_id", {"show_api_key_id": "6a793f752c88faeba59bba50"}),
}

# Extra variables and options for an inventory with the group orgs: one, two.
ERRORS: dict[str, tuple[dict[str, t.Any], list[str], str]] = {
    "no atlas_hosts": ({}, [], "atlas_hosts is not set, and the inventory has hosts with {variable}: two. Set"),
    "empty atlas_hosts": ({"atlas_hosts": ""}, [], "atlas_hosts is not set, and the inventory has hosts with"),
    "no such group": ({"atlas_hosts": "no_such_group"}, [], "no host of the inventory matches no_such_group."),
    "empty group": ({"atlas_hosts": "empty"}, [], "no host of the inventory matches empty."),
    "one wrong name of two": ({"atlas_hosts": "one,tow"}, [], "no host of the inventory matches tow."),
    "one wrong name of two on lines": ({"atlas_hosts": "one\ntow\n"}, [], "no host of the inventory matches tow."),
    "one wrong name of a list": ({"atlas_hosts": ["one", "tow"]}, [], "no host of the inventory matches tow."),
    "nothing left": ({"atlas_hosts": "orgs:!one:!two"}, [], "and no host is left."),
    "misspelled atlas_hosts": (
        {"atlas_host": "orgs"},
        [],
        "There is no variable atlas_host. Did you mean atlas_hosts?",
    ),
    "limit without localhost": ({}, ["--limit", "one"], "--limit one leaves none of these hosts."),
    "limit with localhost": ({}, ["--limit", "localhost,two"], "atlas_hosts is not set, and the inventory has hosts"),
    "limit of another group": ({"atlas_hosts": "orgs"}, ["--limit", "web"], "--limit web leaves none of these hosts."),
    "wrong name in limit": ({"atlas_hosts": "orgs"}, ["--limit", "one,tow"], "no host of the inventory matches tow."),
    "all tasks skipped": ({"atlas_hosts": "orgs"}, ["--skip-tags", "always"], "skips all tasks of this playbook."),
}
# The same code serves all playbooks. These cases show that each of them uses it.
FOR_EACH_PLAYBOOK = ("no atlas_hosts", "one wrong name of two", "limit without localhost", "all tasks skipped")
# test_hosts has these as well, without a playbook.
IN_UNIT_TESTS = ("no such group", "empty group", "nothing left", "limit of another group", "wrong name in limit")


def run(shell: Shell, atlas: Atlas, playbook: str, variables: dict[str, t.Any], *flags: str) -> Finished:
    """Run a playbook with an inventory of two organizations, and with credentials in the environment."""
    name, needed = PLAYBOOKS[playbook]
    groups = {
        "orgs": {"hosts": {"one": {name: ORG}, "two": {name: OTHER_ORG}}},
        "web": {"hosts": {"web1": None}},
        "empty": {},
    }
    (shell.home / "hosts.yml").write_text(yaml.safe_dump(groups), encoding="utf-8")
    environ = {**ENVIRONMENT, "MONGODB_ATLAS_BASE_URL": atlas.url}
    return shell.packaged(playbook, {**needed, **variables}, "-i", "hosts.yml", *flags, **environ)


@pytest.mark.parametrize(
    ("playbook", "case"),
    [
        pytest.param(playbook, case, marks=[pytest.mark.full] if case in IN_UNIT_TESTS else [])
        for playbook in PLAYBOOKS
        for case in (ERRORS if playbook == "audit" else FOR_EACH_PLAYBOOK)
    ],
)
def test_hosts_that_would_be_left_out_are_an_error(atlas: Atlas, shell: Shell, playbook: str, case: str) -> None:
    variables, flags, message = ERRORS[case]
    done = run(shell, atlas, playbook, variables, *flags)
    assert done.code != 0, done.output
    assert message.format(variable=PLAYBOOKS[playbook][0]) in done.text
    assert "Traceback" not in done.output
    assert not atlas.journal()


@pytest.mark.parametrize(
    ("variables", "flags"),
    [
        ({"atlas_hosts": "localhost"}, []),
        ({"audit_org_id": ORG}, []),  # all hosts of the inventory have it then
        ({"atlas_hosts": "one"}, ["--tags", "audit"]),
        ({"atlas_hosts": "orgs"}, ["--limit", "one", "--tags", "no_such_tag"]),
    ],
)
def test_the_right_run(atlas: Atlas, shell: Shell, variables: dict[str, t.Any], flags: list[str]) -> None:
    done = run(shell, atlas, "audit", variables, *flags)
    assert done.code == 0, done.output
    assert done.stats()["atlas_audit"]["summary"]["organizations"] == 1
    assert {request["path"].split("/")[5] for request in atlas.journal()} == {ORG}


@pytest.mark.parametrize("playbook", ["list_api_keys", "show_api_key"])
def test_tags_leave_nothing_out(atlas: Atlas, shell: Shell, playbook: str) -> None:
    done = run(shell, atlas, playbook, {"atlas_hosts": "one"}, "--tags", "some_tag")
    assert done.code == 0, done.output
    assert done.stats()


def test_every_playbook_for_organizations_is_here() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (TREE / "playbooks").glob("*.yml")}
    assert {name for name, text in texts.items() if "atlas_hosts" in text} == PLAYBOOKS.keys()
    for name, (variable, _needed) in PLAYBOOKS.items():
        (play,) = yaml.safe_load(texts[name])
        assert "mongodb_atlas.admin.hosts" in play["hosts"]
        # The environment of a user may have another strategy, in which hosts do not wait for each other.
        assert (play["tags"], play["strategy"]) == ("always", "ansible.builtin.linear")
        assert play["pre_tasks"][0]["vars"] == {"atlas_org_variable": variable}


# Variables


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_misspelled_variable_is_an_error(atlas: Atlas, shell: Shell, playbook: str) -> None:
    variable = PLAYBOOKS[playbook][0]
    wrong = variable.removesuffix("_id")
    done = run(shell, atlas, playbook, {"atlas_hosts": "one", wrong: OTHER_ORG, "atlas_privat_key": "secret"})
    assert done.code == 2, done.output
    assert f"There is no variable {wrong}. Did you mean {variable}?" in done.text
    assert "There is no variable atlas_privat_key. Did you mean atlas_private_key?" in done.text
    assert not atlas.journal()


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_variable_of_somebody_else_is_ignored(atlas: Atlas, shell: Shell, playbook: str) -> None:
    variables = {"atlas_hosts": "one", f"{playbook}_email": "a@example.com", "atlas_region": "EU"}
    done = run(shell, atlas, playbook, variables)
    assert done.code == 0, done.output


# The roles in a play of a user's own


def test_include_role_finds_the_credentials_of_each_host(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    """As the playbooks do, without module_defaults: the variables of the host come before the environment."""
    includes = [
        {
            "name": f"Run {name}",
            "ansible.builtin.include_role": {"name": f"mongodb_atlas.admin.{name}"},
            "vars": {variable: ORG, **needed},
        }
        for name, (variable, needed) in PLAYBOOKS.items()
    ]
    hosts = {"prod": {**PAIR, "atlas_base_url": atlas.url}}
    play = {"hosts": "orgs", "connection": "local", "gather_facts": False, "tasks": includes}
    (tmp_path / "hosts.yml").write_text(yaml.safe_dump({"orgs": {"hosts": hosts}}))
    wrong = {"MONGODB_ATLAS_ACCESS_TOKEN": "wrong", "MONGODB_ATLAS_BASE_URL": "http://127.0.0.1:9"}
    interpreter = ("-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
    done = shell.playbook(yaml.safe_dump([play]), "-i", "hosts.yml", *interpreter, **wrong)
    assert done.code == 0, done.output
    assert {request["auth"] for request in atlas.journal()} == {"none", "digest"}


def test_module_defaults_are_used_where_a_host_has_no_credentials(atlas: Atlas, shell: Shell) -> None:
    defaults = {name.removeprefix("atlas_"): value for name, value in PAIR.items()}
    play = {
        "hosts": "localhost",
        "gather_facts": False,
        "module_defaults": {"group/mongodb_atlas.admin.atlas": {**defaults, "base_url": atlas.url}},
        "roles": [{"role": "mongodb_atlas.admin.audit", "audit_org_id": ORG}],
    }
    done = shell.playbook(yaml.safe_dump([play]))
    assert done.code == 0, done.output
    assert "Organizations: 1 audited." in done.output
