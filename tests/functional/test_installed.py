# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The artifact that users install works alone, with nothing of the checkout around it."""

from __future__ import annotations

import pathlib
import shutil

from harness import TREE, Atlas, Shell

# What the collection needs at run time. Everything else in the artifact is for people.
KEPT = {"meta", "playbooks", "plugins", "roles"}


def test_installed_artifact_does_the_main_job(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    collections = tmp_path / "collections"
    built = shell.run("ansible-galaxy", "collection", "build", str(TREE), "--output-path", str(tmp_path))
    assert built.code == 0, built.output
    (artifact,) = tmp_path.glob("*.tar.gz")
    install = ["ansible-galaxy", "collection", "install", "--offline", str(artifact), "-p", str(collections)]
    installed = shell.run(*install, ANSIBLE_COLLECTIONS_PATH=str(collections))
    assert installed.code == 0, installed.output
    place = collections / "ansible_collections" / "mongodb_atlas" / "admin"
    for path in place.iterdir():
        if path.name not in KEPT:
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    playbook = shutil.copy(TREE / "tests" / "demo" / "playbook.yml", tmp_path)
    environ = {"ANSIBLE_COLLECTIONS_PATH": str(collections), "MONGODB_ATLAS_BASE_URL": atlas.url}
    done = shell.run("ansible-playbook", str(playbook), **environ)
    assert done.code == 0, done.output
    assert "API_KEY_NOT_FOUND" in done.output
    variables = {"list_api_keys_org_id": "a0123456789abcdef012345a", "atlas_access_token": "demo-live-token"}
    listed = shell.packaged("list_api_keys", variables, **environ)
    assert listed.code == 0, listed.output
    assert not atlas.live_tokens()
