# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release has a version, a changelog and the addresses of its publisher."""

from __future__ import annotations

import importlib.util
import pathlib
import shutil
import subprocess
import types
import typing as t

import pytest
import yaml

TREE = pathlib.Path(__file__).resolve().parents[3]
ADDRESSES = {
    "repository": "https://git.example.com/admin",
    "documentation": "https://docs.example.com/admin",
    "issues": "https://git.example.com/admin/issues",
}


def _tool(name: str) -> types.ModuleType:
    specification = importlib.util.spec_from_file_location(name, TREE / "tests" / "tools" / f"{name}.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


release = _tool("release")


@pytest.fixture
def tree(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A collection with a fragment; antsibull-changelog is not run."""
    for name in ("galaxy.yml", "plugins/module_utils"):
        copy = shutil.copytree if (TREE / name).is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(TREE / name, tmp_path / name)
    fragments = tmp_path / "changelogs" / "fragments"
    fragments.mkdir(parents=True)
    (fragments / "1.yml").write_text("trivial: [Nothing.]\n", encoding="utf-8")
    monkeypatch.setattr(subprocess, "run", lambda command, **options: None)
    return tmp_path


def _galaxy(tree: pathlib.Path) -> dict[str, t.Any]:
    return dict(yaml.safe_load((tree / "galaxy.yml").read_text(encoding="utf-8")))


def test_release_writes_version_and_addresses(tree: pathlib.Path) -> None:
    before = _galaxy(tree)
    release.prepare(tree, "9.8.7", ADDRESSES)
    assert _galaxy(tree) == {**before, "version": "9.8.7", **ADDRESSES}
    user_agents = [path for path in tree.rglob("*.py") if "admin/9.8.7" in path.read_text(encoding="utf-8")]
    assert len(user_agents) == 1


def test_next_release_replaces_addresses(tree: pathlib.Path) -> None:
    release.prepare(tree, "9.8.7", ADDRESSES)
    release.prepare(tree, "9.8.8", {**ADDRESSES, "issues": "https://issues.example.com/admin"})
    assert _galaxy(tree)["issues"] == "https://issues.example.com/admin"
    assert (tree / "galaxy.yml").read_text(encoding="utf-8").count("issues:") == 1


@pytest.mark.parametrize(
    "address", ["", "http://git.example.com/admin", "git@example.com:admin.git", "https://localhost"]
)
def test_release_refuses_without_address(tree: pathlib.Path, address: str) -> None:
    before = _galaxy(tree)
    with pytest.raises(SystemExit, match="repository must be an https address"):
        release.prepare(tree, "9.8.7", {**ADDRESSES, "repository": address})
    assert _galaxy(tree) == before


def test_command_requires_repository(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["release.py", "9.8.7"])
    with pytest.raises(SystemExit):
        release.main()
    assert "--repository" in capsys.readouterr().err


@pytest.mark.parametrize("version", ["1.0", "1.0.0-rc1", "v1.0.0", "01.0.0"])
def test_release_refuses_other_versions(tree: pathlib.Path, version: str) -> None:
    with pytest.raises(SystemExit, match=r"MAJOR\.MINOR\.PATCH"):
        release.prepare(tree, version, ADDRESSES)
