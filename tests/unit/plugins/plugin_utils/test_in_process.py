# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the in-process road is open, and what comes back on it."""

from __future__ import annotations

import sys
import types
import typing as t

import pytest

from ansible import constants as C
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.action import ActionBase
from ansible.template import Templar
from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.action import org_api_key_info, org_info
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils import _in_process

ORG = "a0123456789abcdef012345a"


class LocalConnection:
    """As much of a connection as an action looks at."""

    transport = "local"
    become = None
    _shell = types.SimpleNamespace(tmpdir=None)

    def close(self) -> None:
        pass


def action(
    kind: type = org_info.ActionModule, connection: dict[str, t.Any] | None = None, **task: t.Any
) -> _in_process.InProcessAction:
    fields: dict[str, t.Any] = {
        "action": "mongodb_atlas.admin.org_info",
        "args": {},
        "async_val": 0,
        "check_mode": False,
        "delegate_to": None,
        "environment": [{}],
        "loop": None,
        **task,
    }
    local = LocalConnection()
    vars(local).update(connection or {})
    loader = DataLoader()
    made = kind(types.SimpleNamespace(**fields), local, types.SimpleNamespace(), loader, Templar(loader), None)
    return t.cast(_in_process.InProcessAction, made)


DELEGATED = {"ansible_python_interpreter": "/other", "ansible_delegated_vars": {"localhost": {}}}

OPEN: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "nothing said": ({}, {}),
    "own interpreter": ({}, {"ansible_python_interpreter": sys.executable}),
    "interpreter discovered": ({}, {"ansible_python_interpreter": "auto_silent"}),
    "wanted in words": ({}, {"mongodb_atlas_admin_in_process": "yes"}),
    "delegated to a host without an interpreter": ({"delegate_to": "localhost"}, DELEGATED),
    "no environment at all": ({"environment": None}, {}),
}

CLOSED: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], str]] = {
    "remote": ({"connection": {"transport": "ssh"}}, {}, "connection"),
    "become": ({"connection": {"become": object()}}, {}, "become"),
    "async": ({"async_val": 30}, {}, "async"),
    "environment": ({"environment": [{}, {"A": "b"}]}, {}, "environment"),
    "another interpreter": ({}, {"ansible_python_interpreter": "/other"}, "interpreter"),
    "not wanted": ({}, {"mongodb_atlas_admin_in_process": False}, "mongodb_atlas_admin_in_process"),
    "not wanted in words": ({}, {"mongodb_atlas_admin_in_process": "no"}, "mongodb_atlas_admin_in_process"),
}


@pytest.mark.parametrize("case", OPEN)
def test_road_is_open(case: str) -> None:
    task, variables = OPEN[case]
    assert action(**task)._obstacle(variables) is None


@pytest.mark.parametrize("case", CLOSED)
def test_road_is_closed_and_ansible_goes_its_own(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    task, variables, reason = CLOSED[case]
    monkeypatch.setattr(ActionBase, "_execute_module", lambda self, **kwargs: {"ordinary": kwargs})
    closed = action(**task)
    assert reason in str(closed._obstacle(variables))
    assert closed._execute_module(task_vars=variables) == {"ordinary": {"task_vars": variables}}


def test_kept_files_close_the_road(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(C, "DEFAULT_KEEP_REMOTE_FILES", True)
    assert "files" in str(action()._obstacle({}))
    assert not ordinary_by_stdin(monkeypatch)


def test_missing_requests_closes_the_road(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_in_process._import_worker(), "HAS_REQUESTS", False)
    assert "requests" in str(action()._obstacle({}))


def ordinary_by_stdin(monkeypatch: pytest.MonkeyPatch, wrap_async: bool = False, **task: t.Any) -> bool:
    monkeypatch.setattr(ActionBase, "_is_pipelining_enabled", lambda *args: False)
    return action(**task)._is_pipelining_enabled("new", wrap_async)


def test_ordinary_module_reaches_a_local_python_by_its_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ordinary_by_stdin(monkeypatch)
    assert not ordinary_by_stdin(monkeypatch, wrap_async=True)
    assert not ordinary_by_stdin(monkeypatch, connection={"transport": "ssh"})
    assert not ordinary_by_stdin(monkeypatch, connection={"become": object()})


@pytest.mark.parametrize("loop", [None, [1, 2]])
def test_module_runs_here(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, loop: list[int] | None) -> None:
    httpserver.expect_request("/api/atlas/v2/orgs").respond_with_json({"results": [{"id": ORG, "isDeleted": False}]})
    # What Ansible adds for the module needs more of a task than is here.
    monkeypatch.setattr(ActionBase, "_update_module_args", lambda *args, **kwargs: None)
    args = {"access_token": "aa.bb.cc", "base_url": httpserver.url_for("").rstrip("/")}
    here = action(args=args, loop=loop)
    result = here._execute_module(task_vars={})
    here._connection.close()
    assert result["orgs"] == [{"id": ORG, "is_deleted": False}]
    assert result["changed"] is False


def test_module_fails_here_as_it_would_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionBase, "_update_module_args", lambda *args, **kwargs: None)
    result = action(org_api_key_info.ActionModule, args={"org_id": ORG, "unheard": "of"})._execute_module(task_vars={})
    assert result["failed"] is True
    assert "Unsupported parameters" in result["msg"]
