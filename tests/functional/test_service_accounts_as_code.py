# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service accounts as code, through Ansible: the same result in both execution modes, and as the info module reads."""

from __future__ import annotations

import json
import re
import typing as t

import yaml

from harness import Atlas, Shell, leaks

OWNER = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": "mqzhrtab",
    "MONGODB_ATLAS_PRIVATE_API_KEY": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6",
    "MONGODB_ATLAS_ORG_ID": "a0123456789abcdef012345a",
}
TEAM = {"name": "team-ci", "description": "x", "roles": "ORG_MEMBER", "secret_expires_after_hours": 2160}
ACCOUNT = {"service_account_id": "{{ made.service_account.client_id }}"}

Json = dict[str, t.Any]


def life(mode: str) -> list[Json]:
    """The tasks of an account's life, each of whose results is shown."""
    file = f"{{{{ playbook_dir }}}}/{mode}-"
    new = {"name": "ci", "description": "Deploys", "roles": ["ORG_MEMBER"], "access_list": "192.0.2.0/24, 198.51.100.7"}
    steps: list[tuple[str, Json]] = [
        ("org_service_account", {**new, "secret_expires_after_hours": 2160, "secret_file": f"{file}account.json"}),
        ("org_service_account", {"name": "ci", "roles": ["ORG_READ_ONLY"], "secret_file": f"{file}account.json"}),
        ("org_service_account_access_list", {**ACCOUNT, "entries": ["203.0.113.0/24"], "purge": True}),
        ("project_service_account", {**ACCOUNT, "project_name": "web shop", "roles": ["GROUP_READ_ONLY"]}),
        (
            "org_service_account_secret",
            {
                **ACCOUNT,
                "expires_after_hours": 4320,
                "min_remaining_hours": 2400,
                "secret_file": f"{file}secret.json",
            },
        ),
        ("org_service_account_info", {**ACCOUNT, "gather_projects": True, "gather_access_list": True}),
        ("project_service_account", {**ACCOUNT, "project_name": "web shop", "state": "absent"}),
        ("org_service_account", {**ACCOUNT, "name": "ci", "state": "absent"}),
        ("org_service_accounts", {"service_accounts": [{**TEAM, "secret_file": f"{file}team.json"}]}),
        ("org_service_accounts", {"service_accounts": "", "purge": True, "purge_prefix": "team-", "allow_empty": True}),
    ]
    tasks: list[Json] = []
    for number, (module, options) in enumerate(steps):
        register = "made" if number == 0 else "result"
        tasks.append({f"mongodb_atlas.admin.{module}": options, "register": register, "diff": True})
        tasks.append({"name": f"Show {mode} {number}", "ansible.builtin.debug": {"msg": f"{{{{ {register} }}}}"}})
    return [{"vars": {"mongodb_atlas_admin_in_process": mode}, "block": tasks}]


def same(result: Json) -> str:
    """A result without what differs from account to account."""
    text = json.dumps(result, sort_keys=True)
    return re.sub(r"[a-f0-9]{24}|[0-9-]{10}T[0-9:]{8}Z|mdb_sa_sk_\*+\w+|(true|false)-(account|secret|team)", "…", text)


def test_life_of_an_account(atlas: Atlas, shell: Shell) -> None:
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [*life("true"), *life("false")]}
    done = shell.playbook(yaml.safe_dump([play], sort_keys=False), MONGODB_ATLAS_BASE_URL=atlas.url, **OWNER)
    assert done.code == 0, done.output
    shown = {mode: [done.shown(f"Show {mode} {number}") for number in range(10)] for mode in ("true", "false")}
    assert list(map(same, shown["true"])) == list(map(same, shown["false"]))
    made, changed, restricted, assigned, added, read, _removed, deleted, applied, purged = shown["true"]
    assert all(each["changed"] for each in shown["true"] if each is not read)
    # What the modules return is what the info module reads.
    account = read["service_account"]
    assert account["roles"] == changed["service_account"]["roles"] == ["ORG_READ_ONLY"]
    assert account["access_list"] == restricted["access_list"]
    assert account["projects"] == assigned["service_account"]["projects"]
    assert account["role_assignments"] == assigned["service_account"]["role_assignments"]
    assert {each["id"] for each in account["secrets"]} == {made["secret_id"], added["secret"]["id"]}
    (cut,) = added["shortened"]
    assert (cut["id"], cut["expires_at_before"]) == (made["secret_id"], made["secret_expires_at"])
    assert {each["id"]: each["expires_at"] for each in account["secrets"]}[cut["id"]] == cut["expires_at_after"]
    assert deleted["deleted_service_account_id"] == account["client_id"]
    kept = [json.loads(path.read_text()) for path in shell.home.glob("*-*.json")]
    assert len({each["client_secret"] for each in kept}) == 6
    assert applied["created"] == ["team-ci"]
    assert purged["deleted_service_account_ids"] == [applied["service_accounts"][0]["client_id"]]
    assert not leaks(done.output, *(each["client_secret"] for each in kept))
