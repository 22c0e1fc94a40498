# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files with secrets, as the controller prepares them."""

from __future__ import annotations

import pathlib
import types
import typing as t

import pytest

from ansible.parsing.dataloader import DataLoader

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import secret_file
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution import secret_files
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.in_process import InProcessAction


@pytest.fixture(autouse=True)
def _vaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_file, "vaults", None)


def run(
    monkeypatch: pytest.MonkeyPatch,
    directory: pathlib.Path,
    arguments: dict[str, t.Any],
    transport: str = "local",
    result: dict[str, t.Any] | None = None,
) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Return the arguments that the module gets, and the task's result."""
    monkeypatch.setattr(InProcessAction, "run", lambda *_arguments: result or {})
    monkeypatch.setattr(InProcessAction, "_why_not_in_process", lambda *_arguments: "become is used")
    loader = DataLoader()
    loader.set_basedir(str(directory))
    task: t.Any = types.SimpleNamespace(args=arguments)
    connection = types.SimpleNamespace(transport=transport)
    action = secret_files.SecretFileAction(task, connection, t.cast(t.Any, None), loader, None, None)
    returned = action.run()
    return task.args, returned


@pytest.mark.parametrize("path", ["key.json", "keys/key.json", "./key.json"])
def test_relative_path_is_resolved_against_the_directory_of_the_playbook(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, path: str
) -> None:
    wanted = str(tmp_path / path)
    items = [{"desc": "a", "secret_file": path}, {"desc": "b"}, "no item"]
    arguments, _result = run(monkeypatch, tmp_path, {"secret_file": path, "api_keys": items, "roles": ["X"]})
    assert arguments["secret_file"] == wanted
    assert arguments["api_keys"] == [{"desc": "a", "secret_file": wanted}, {"desc": "b"}, "no item"]
    assert arguments["roles"] == ["X"]
    assert items[0] == {"desc": "a", "secret_file": path}  # another item of a loop may use the same variable


@pytest.mark.parametrize("path", ["/keys/key.json", "~/key.json", "$HOME/key.json", "", None, 7])
def test_other_paths_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path, path: t.Any) -> None:
    assert run(monkeypatch, tmp_path, {"secret_file": path})[0] == {"secret_file": path}


def test_path_on_another_host_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    """The module refuses it there: nothing says which directory it is relative to."""
    assert run(monkeypatch, tmp_path, {"secret_file": "key"}, transport="ssh")[0] == {"secret_file": "key"}


def test_message_about_the_vault_says_why_the_task_is_an_ordinary_module(
    monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    failed = {"failed": True, "msg": f"It needs in-process execution, and {secret_file.ORDINARY_MODULE}"}
    assert run(monkeypatch, tmp_path, {}, result=failed)[1]["msg"].endswith("ordinary module. Here, become is used.")


def test_run_without_vaults_is_not_an_ordinary_module(monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    run(monkeypatch, tmp_path, {})
    assert secret_file.vaults == {}
