# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on AWX: several organizations with a synced inventory. test_examples runs its other examples."""

from __future__ import annotations

import json
import re
import textwrap

import yaml

from harness import TREE, Atlas, Shell

GUIDE = (TREE / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text(encoding="utf-8")

SECRETS = {"production": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977", "staging": "0b7c1d2e-3f40-4152-8637-48596a7b8c9d"}


def block(word: str, without: str = "nothing") -> str:
    """The only code block of the guide with WORD in it."""
    found = re.findall(r"(?m)^\.\. code-block:: [\w+]+\n\n((?:(?:    .*)?\n)+)", GUIDE)
    (code,) = (code for code in found if word in code and without not in code)
    return textwrap.dedent(code)


def test_several_organizations_with_encrypted_host_variables(atlas: Atlas, shell: Shell) -> None:
    """AWX exports the inventory without the password, and runs the job with the export and the password."""
    project, synced = shell.home / "project", shell.home / "synced"
    (project / "inventory" / "host_vars").mkdir(parents=True)
    (project / "inventory" / "hosts.yml").write_text(block("list_api_keys_org_id: a0"))
    (project / "list_api_keys.yml").write_text(block("import_playbook"))
    (shell.home / "password").write_text("vault-password")
    password = ("--vault-password-file", str(shell.home / "password"))
    for host, secret in SECRETS.items():
        encrypt = shell.run("ansible-vault", "encrypt_string", *password, "--name", "atlas_private_key", secret)
        assert encrypt.code == 0, encrypt.output
        variables = encrypt.output[encrypt.output.index("atlas_private_key") :].replace("Encryption successful", "")
        (project / "inventory" / "host_vars" / f"{host}.yml").write_text(variables)

    export = shell.run("ansible-inventory", "-i", "inventory/hosts.yml", "--list", "--export", cwd=project)
    assert export.code == 0, export.output
    assert export.output.count("__ansible_vault") == len(SECRETS)
    synced.mkdir()
    (synced / "inventory.json").write_text(export.output[export.output.index("{") :])
    (synced / "inventory").write_text(f"#!/bin/sh\ncat {synced}/inventory.json\n")
    (synced / "inventory").chmod(0o700)

    job = ["ansible-playbook", "list_api_keys.yml", "-i", str(synced / "inventory"), *password]
    environ = {"MONGODB_ATLAS_BASE_URL": atlas.url, "ANSIBLE_SHOW_CUSTOM_STATS": "true"}
    done = shell.run(*job, "-e", "atlas_hosts=atlas_organizations", cwd=project, **environ)
    assert done.code == 0, done.output
    statistics = json.JSONDecoder().raw_decode(done.output[done.output.rindex("RUN: ") + 5 :])[0]["atlas_api_keys"]
    hosts = yaml.safe_load(block("list_api_keys_org_id: a0"))["atlas_organizations"]["hosts"]
    assert statistics.keys() == {variables["list_api_keys_org_id"] for variables in hosts.values()}
    assert not any(secret in done.output for secret in SECRETS.values())
