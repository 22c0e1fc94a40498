# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The artifact contains only the tracked files that users need."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sysconfig
import tarfile

import pytest

TREE = pathlib.Path(__file__).resolve().parents[3]
SCRIPTS = sysconfig.get_path("scripts")

# Tracked files and folders that are of no use without the checkout.
LEFT_OUT = (
    ".ansible-lint",
    ".ci/",
    ".devcontainer/",
    ".gitattributes",
    ".github/",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".yamllint",
    "Makefile",
    "antsibull-nox.toml",
    "galaxy.yml",  # the artifact has its content in MANIFEST.json
    "noxfile.py",
    "tests/requirements/",
    "tests/tools/",
    "tests/unit/tools/",
)
# Files that are often in a checkout and must not be published.
CAUGHT_BY_BUILD_IGNORE = [
    ".env",
    ".netrc",
    ".vault_pass",
    ".vscode/settings.json",
    "ansible.cfg",
    "build/lib/module.py",
    "group_vars/all.yml",
    "inventory/prod.yml",
    "key.pem",
    "mongodb_atlas-admin-0.9.0.tar.gz",
    "playbooks/site.retry",
    "plugins/modules/org_info.py.orig",
    "tests/emulator/build/lib/atlas_emulator/app.py",
    "tests/emulator/src/atlas_emulator.egg-info/PKG-INFO",
    "tests/emulator/tls/server.key",
    "venv/pyvenv.cfg",
]
CAUGHT_BY_MAKE = [*CAUGHT_BY_BUILD_IGNORE, "notes.txt"]


@pytest.fixture
def checkout(tmp_path: pathlib.Path) -> pathlib.Path:
    """A clone in which all of the collection is tracked, with other files around it."""
    clone = tmp_path / "clone"
    written_by_tests = shutil.ignore_patterns(".git", ".*cache", "__pycache__", "output", ".coverage*")
    shutil.copytree(TREE, clone, ignore=written_by_tests)
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=clone, check=True)
    for name in CAUGHT_BY_MAKE:
        stray = clone / name
        stray.parent.mkdir(parents=True, exist_ok=True)
        stray.write_text("# Not for others.\n", encoding="utf-8")
    return clone


def _built(checkout: pathlib.Path, *command: str) -> set[str]:
    subprocess.run(command, cwd=checkout, check=True, capture_output=True)
    with tarfile.open(checkout / "mongodb_atlas-admin-1.0.0.tar.gz") as artifact:
        return {member.name for member in artifact if member.isfile()} - {"FILES.json", "MANIFEST.json"}


def test_make_builds_from_tracked_files_alone(checkout: pathlib.Path) -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=checkout, check=True, capture_output=True, text=True).stdout
    expected = {name for name in tracked.splitlines() if not name.startswith(LEFT_OUT)}
    # The environment exists already: READY is what make would have to make before.
    assert _built(checkout, "make", "build", "READY=", f"BIN={SCRIPTS}") == expected
    assert {"COPYING", "README.md", "plugins/modules/org_info.py"} < expected


def test_build_ignore_leaves_out_stray_files_of_a_build_by_hand(checkout: pathlib.Path) -> None:
    built = _built(checkout, str(pathlib.Path(SCRIPTS, "ansible-galaxy")), "collection", "build")
    assert built & set(CAUGHT_BY_MAKE) == {"notes.txt"}
    assert not [name for name in built if name.startswith(LEFT_OUT)]
