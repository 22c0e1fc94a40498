# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""API keys as code, through Ansible: created, restricted, assigned and deleted, without showing a private key."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
import yaml

from harness import Atlas, Finished, Shell, leaks, some

ORG, PROJECT = "a0123456789abcdef012345a", "b0123456789abcdef012345b"
OWNER = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": "mqzhrtab",
    "MONGODB_ATLAS_PRIVATE_API_KEY": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6",
    "MONGODB_ATLAS_ORG_ID": ORG,
}
MODES = ["true", "false"]

Json = dict[str, t.Any]


def task(module: str, options: Json, **keywords: t.Any) -> Json:
    return {"name": module, f"mongodb_atlas.admin.{module}": options, **keywords}


def play(*tasks: Json, **keywords: t.Any) -> str:
    return yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **keywords}])


def run(shell: Shell, atlas: Atlas, playbook: str, *flags: str, **environ: str) -> Finished:
    return shell.playbook(playbook, *flags, MONGODB_ATLAS_BASE_URL=atlas.url, **OWNER, **environ)


def methods(atlas: Atlas) -> list[str]:
    """The methods of the requests that were authenticated."""
    return [asked["method"] for asked in atlas.journal() if asked["status"] != 401]


# Keys as a team describes them, and what is done for each.
TEAM = {"keys": [{"desc": "ci", "roles": ["ORG_MEMBER"]}, {"desc": "backup", "roles": ["ORG_READ_ONLY"]}]}
APPLY = play(
    task(
        "org_api_key",
        {
            "desc": "{{ item.desc }}",
            "roles": "{{ item.roles }}",
            "access_list": ["192.0.2.0/24"],
            "secret_file": "{{ playbook_dir }}/{{ item.desc }}.json",
        },
        loop="{{ keys }}",
        register="made",
    ),
    task(
        "project_api_key",
        {"project_id": PROJECT, "api_user_id": "{{ made.results[0].api_key.id }}", "roles": ["GROUP_READ_ONLY"]},
        when="not ansible_check_mode or made.results[0].api_key.id is defined",
    ),
    vars=TEAM,
)


@pytest.mark.parametrize("in_process", some(MODES, "true"))
def test_second_run_changes_nothing_and_check_mode_only_reads(atlas: Atlas, shell: Shell, in_process: str) -> None:
    mode = ("-e", f"mongodb_atlas_admin_in_process={in_process}")
    planned = run(shell, atlas, APPLY, "--check", "--diff", *mode)
    assert planned.code == 0, planned.output
    assert set(methods(atlas)) == {"GET"}
    assert '"desc": "ci"' in planned.output
    assert "changed=1" in planned.output
    first = run(shell, atlas, APPLY, "--diff", *mode)
    assert first.code == 0, first.output
    assert "changed=2" in first.output
    kept = {path.name: json.loads(path.read_text()) for path in shell.home.glob("*.json")}
    assert kept.keys() == {"ci.json", "backup.json"}
    assert not leaks(first.output, *(each["private_key"] for each in kept.values()))
    assert {path.stat().st_mode & 0o777 for path in shell.home.glob("*.json")} == {0o600}
    atlas.control("DELETE", "journal")
    second = run(shell, atlas, APPLY, "--diff", *mode)
    assert "changed=0" in second.output
    assert set(methods(atlas)) == {"GET"}


MANY = play(
    task(
        "org_api_keys",
        {
            "api_keys": [
                {"desc": "ci", "roles": ["ORG_MEMBER"], "secret_file": "{{ playbook_dir }}/ci.json"},
                {
                    "desc": "backup",
                    "roles": "{{ roles | default(['ORG_MEMBER']) }}",
                    "access_list": ["192.0.2.0/24"],
                    "secret_file": "{{ playbook_dir }}/backup.json",
                    "secret_vault_id": "{{ vault_id | default(omit) }}",
                },
            ],
            "purge": True,
            "purge_prefix": "e2e",
        },
        register="result",
    ),
    {"name": "Show", "ansible.builtin.debug": {"msg": "{{ result }}"}},
)


@pytest.mark.parametrize("in_process", some(MODES, "true"))
def test_many_keys_in_one_task(atlas: Atlas, shell: Shell, in_process: str) -> None:
    mode = ("-e", f"mongodb_atlas_admin_in_process={in_process}")
    planned = run(shell, atlas, MANY, "--check", "--diff", *mode)
    assert planned.code == 0, planned.output
    assert set(methods(atlas)) == {"GET"}
    assert '"e2e": {' in planned.output
    assert not list(shell.home.glob("*.json"))
    (shell.home / "password").write_text("correct horse battery staple\n")
    vault = ("--vault-id", f"prod@{shell.home}/password", "-e", "vault_id=prod") if in_process == "true" else ()
    atlas.control("DELETE", "journal")
    first = run(shell, atlas, MANY, "--diff", *mode, *vault)
    assert first.code == 0, first.output
    # The list, the key that is purged, three writes for two new keys, the deletion, and one look at all.
    assert methods(atlas) == ["GET", "GET", "POST", "POST", "POST", "DELETE", "GET"]
    result = first.shown("Show")
    assert (result["created"], result["updated"]) == (["ci", "backup"], [])
    assert result["deleted_api_user_ids"] == ["6a793f752c88faeba59bba49"]
    kept = json.loads((shell.home / "ci.json").read_text())
    assert kept["api_user_id"] == result["api_keys"][0]["id"]
    assert not leaks(first.output, kept["private_key"])
    if vault:
        assert (shell.home / "backup.json").read_text().startswith("$ANSIBLE_VAULT;1.2;AES256;prod")
    atlas.control("DELETE", "journal")
    second = run(shell, atlas, MANY, "--diff", *mode)
    assert "changed=0" in second.output
    assert methods(atlas) == ["GET"]


def test_relative_file_is_in_the_directory_of_the_playbook_in_both_modes(atlas: Atlas, shell: Shell) -> None:
    """The working directory is another one."""
    (shell.home / "plays" / "keys").mkdir(parents=True)
    (shell.home / "elsewhere").mkdir()
    described = {"roles": ["ORG_MEMBER"]}
    one = task("org_api_key", {**described, "desc": "a{{ mode }}", "secret_file": "keys/a{{ mode }}"}, register="one")
    item = {**described, "desc": "b{{ mode }}", "secret_file": "keys/b{{ mode }}"}
    vars_ = {"mongodb_atlas_admin_in_process": "{{ mode }}"}
    playbook = yaml.safe_dump(
        [
            {
                "hosts": "localhost",
                "gather_facts": False,
                "vars": {"mode": mode, **vars_},
                "tasks": [
                    one,
                    task("org_api_keys", {"api_keys": [item]}),
                    {"name": f"Show {mode}", "ansible.builtin.debug": {"msg": "{{ one }}"}},
                ],
            }
            for mode in MODES
        ]
    )
    path = shell.home / "plays" / "playbook.yml"
    path.write_text(playbook)
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, **OWNER}
    done = shell.run("ansible-playbook", str(path), cwd=shell.home / "elsewhere", **environ)
    assert done.code == 0, done.output
    assert sorted(each.name for each in (shell.home / "plays" / "keys").iterdir()) == [
        "afalse",
        "atrue",
        "bfalse",
        "btrue",
    ]
    for mode in MODES:
        assert done.shown(f"Show {mode}")["secret_file"] == str(shell.home / "plays" / "keys" / f"a{mode}")


def failed_batch(atlas: Atlas, shell: Shell, in_process: str) -> tuple[Json, Json]:
    """Return the result of a task whose third creation is refused, as ``rescue`` sees it, and that of a lost one."""
    atlas.control("POST", "reset")
    create = {"path": "/apiKeys$", "method": "POST"}
    refused = {"status": 403, "body": {"error": 403, "errorCode": "X"}}
    atlas.control("POST", "faults", {**create, "skip": 2, **refused})
    atlas.control("POST", "faults", {**create, "skip": 2, "cut": "start"})
    items = [{"desc": desc, "roles": ["ORG_MEMBER"], "secret_file": f"{in_process}-{desc}"} for desc in ("a", "b", "c")]
    one = {"desc": "d", "roles": ["ORG_MEMBER"], "secret_file": f"{in_process}-d"}
    block = {
        "block": [task("org_api_keys", {"api_keys": items}, register="many")],
        "rescue": [task("org_api_key", one, register="one", ignore_errors=True)],
    }
    show = {"name": "Show", "ansible.builtin.debug": {"msg": "{{ [many, one] }}"}}
    done = run(shell, atlas, play(block, show), "-e", f"mongodb_atlas_admin_in_process={in_process}")
    many, lost = done.shown("Show")
    return many, lost


def test_failed_task_returns_what_it_changed_in_both_modes(atlas: Atlas, shell: Shell) -> None:
    seen = []
    for in_process in MODES:
        many, lost = failed_batch(atlas, shell, in_process)
        assert (many["changed"], many["created"], many["error_code"]) == (True, ["a", "b"], "X")
        files = sorted(path.name for path in shell.home.glob(f"{in_process}-*"))
        assert files == [f"{in_process}-a", f"{in_process}-b"]
        (candidate,) = lost["candidates"]
        assert candidate["id"] in lost["msg"]
        message = lost.pop("msg").replace(candidate["id"], "ID").replace(candidate["public_key"], "KEY")
        seen.append((many.keys(), lost.keys(), many["msg"], re.sub("created [-0-9TZ:]+", "created", message)))
    assert seen[0] == seen[1]


def test_key_is_restricted_and_deleted(atlas: Atlas, shell: Shell) -> None:
    key = {"api_user_id": "6a793f752c88faeba59bba49"}
    restrict = task("org_api_key_access_list", {**key, "entries": ["198.51.100.0/24"], "purge": True}, register="list")
    delete = task("org_api_key", {**key, "state": "absent"}, register="gone")
    show = {"name": "Show", "ansible.builtin.debug": {"msg": "{{ [list, gone] }}"}}
    done = run(shell, atlas, play(restrict, delete, show))
    assert done.code == 0, done.output
    found, gone = done.shown("Show")
    assert [entry["cidr_block"] for entry in found["access_list"]] == ["198.51.100.0/24"]
    assert gone["deleted_api_user_id"] == key["api_user_id"]
    again = run(shell, atlas, play(delete, show.copy() | {"ansible.builtin.debug": {"msg": "{{ gone }}"}}))
    assert again.shown("Show")["changed"] is False
