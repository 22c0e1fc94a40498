# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples in the modules' documentation, run as they stand: their identifiers are those of the demo's data."""

from __future__ import annotations

import json
import typing as t

import pytest
import yaml

from harness import TREE, Atlas, Shell

MODULES = sorted(path.stem for path in (TREE / "plugins" / "modules").glob("*.py"))

SECRETS = {
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
