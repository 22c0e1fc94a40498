# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a module runs in process, and what it returns."""

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
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution import in_process

ORG = "a0123456789abcdef012345a"


class LocalConnection:
    """The part of a connection that an action uses."""

    transport = "local"
    become = None
    _shell = types.SimpleNamespace(tmpdir=None)

    def close(self) -> None:
        pass


def action(
    kind: type = org_info.ActionModule, connection: dict[str, t.Any] | None = None, **task: t.Any
) -> in_process.InProcessAction:
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
    return t.cast(in_process.InProcessAction, made)


DELEGATED = {"ansible_python_interpreter": "/other", "ansible_delegated_vars": {"localhost": {}}}

IN_PROCESS: dict[str, tuple[dict[str, t.Any], dict[str, t.Any]]] = {
    "nothing said": ({}, {}),
    "own interpreter": ({}, {"ansible_python_interpreter": sys.executable}),
    "interpreter discovered": ({}, {"ansible_python_interpreter": "auto_silent"}),
    "wanted in words": ({}, {"mongodb_atlas_admin_in_process": "yes"}),
    "delegated to a host without an interpreter": ({"delegate_to": "localhost"}, DELEGATED),
    "no environment at all": ({"environment": None}, {}),
}

ORDINARY: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], str]] = {
    "remote": ({"connection": {"transport": "ssh"}}, {}, "connection"),
    "become": ({"connection": {"become": object()}}, {}, "become"),
    "async": ({"async_val": 30}, {}, "async"),
    "environment": ({"environment": [{}, {"A": "b"}]}, {}, "environment"),
    "another interpreter": ({}, {"ansible_python_interpreter": "/other"}, "interpreter"),
    "not wanted": ({}, {"mongodb_atlas_admin_in_process": False}, "mongodb_atlas_admin_in_process"),
    "not wanted in words": ({}, {"mongodb_atlas_admin_in_process": "no"}, "mongodb_atlas_admin_in_process"),
}


@pytest.mark.parametrize("case", IN_PROCESS)
def test_module_is_to_run_in_process(case: str) -> None:
    task, variables = IN_PROCESS[case]
    assert action(**task)._why_not_in_process(variables) is None


@pytest.mark.parametrize("case", ORDINARY)
def test_module_runs_as_an_ordinary_one(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    task, variables, reason = ORDINARY[case]
    monkeypatch.setattr(ActionBase, "_execute_module", lambda self, **kwargs: {"ordinary": kwargs})
    ordinary = action(**task)
    assert reason in str(ordinary._why_not_in_process(variables))
    passed = ordinary._execute_module(task_vars=variables)["ordinary"]["task_vars"]
    assert {**passed, **variables} == passed


AUTOMATIC: dict[str, tuple[dict[str, t.Any], dict[str, t.Any], str]] = {
    "nothing said": ({}, {}, sys.executable),
    "discovery": ({}, {"ansible_python_interpreter": "auto_silent"}, sys.executable),
    "chosen": ({}, {"ansible_python_interpreter": "/other"}, "/other"),
    "remote": ({"connection": {"transport": "ssh"}}, {"ansible_python_interpreter": "auto"}, "auto"),
}


@pytest.mark.parametrize("case", AUTOMATIC)
def test_ordinary_module_on_a_local_connection_uses_the_controllers_own_python(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, variables, expected = AUTOMATIC[case]
    monkeypatch.setattr(ActionBase, "_execute_module", lambda self, **kwargs: {"ordinary": kwargs})
    passed = action(environment=[{"A": "b"}], **task)._execute_module(task_vars=variables)["ordinary"]["task_vars"]
    assert passed["ansible_python_interpreter"] == expected


def test_the_same_for_a_delegated_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionBase, "_execute_module", lambda self, **kwargs: {"ordinary": kwargs})
    delegated = action(environment=[{"A": "b"}], delegate_to="localhost")
    passed = delegated._execute_module(task_vars=DELEGATED)["ordinary"]["task_vars"]
    assert passed["ansible_delegated_vars"]["localhost"]["ansible_python_interpreter"] == sys.executable
    assert passed["ansible_python_interpreter"] == "/other"


@pytest.mark.parametrize(("wanted", "reason"), [(None, "macOS"), (True, None), (False, "is false")])
def test_macos_controller_runs_in_process_only_if_asked_to(
    monkeypatch: pytest.MonkeyPatch, wanted: bool | None, reason: str | None
) -> None:
    monkeypatch.setattr(in_process.sys, "platform", "darwin")
    variables = {} if wanted is None else {"mongodb_atlas_admin_in_process": wanted}
    found = action()._why_not_in_process(variables)
    assert found is None if reason is None else reason in str(found)


def test_kept_files_rule_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(C, "DEFAULT_KEEP_REMOTE_FILES", True)
    assert "files" in str(action()._why_not_in_process({}))
    assert not ordinary_by_stdin(monkeypatch)


def test_missing_requests_rules_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_process._import_worker(), "IMPORT_ERROR", "missing")
    assert "requests" in str(action()._why_not_in_process({}))


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
    httpserver.expect_request("/api/atlas/v2/orgs").respond_with_json(
        {"results": [{"id": ORG, "isDeleted": False}], "totalCount": 1}
    )
    # What Ansible adds for the module needs more of a task than is here.
    monkeypatch.setattr(ActionBase, "_update_module_args", lambda *args, **kwargs: None)
    args = {"access_token": "aa.bb.cc", "base_url": httpserver.url_for("").rstrip("/")}
    running = action(args=args, loop=loop)
    result = running._execute_module(task_vars={})
    running._connection.close()
    assert result["orgs"] == [{"id": ORG, "is_deleted": False}]
    assert result["changed"] is False


def test_module_fails_as_an_ordinary_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionBase, "_update_module_args", lambda *args, **kwargs: None)
    result = action(org_api_key_info.ActionModule, args={"org_id": ORG, "unheard": "of"})._execute_module(task_vars={})
    assert result["failed"] is True
    assert "Unsupported parameters" in result["msg"]
