# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hides a token on either road, seen from within; the front door has the rest."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.action import access_token
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._in_process import InProcessAction


def action(monkeypatch: pytest.MonkeyPatch, result: dict[str, t.Any]) -> t.Any:
    """The action of a task whose module returns RESULT, unless the connection would show that."""

    def execute(self: t.Any, *args: t.Any, **kwargs: t.Any) -> dict[str, t.Any]:
        assert self._connection._play_context.no_log
        return dict(result)

    monkeypatch.setattr(InProcessAction, "_execute_module", execute)
    task = types.SimpleNamespace(args={}, register="minted", async_val=0, no_log=False)
    connection = types.SimpleNamespace(_play_context=types.SimpleNamespace(no_log=False))
    return access_token.ActionModule(task, connection, t.cast(t.Any, None), None, None, None)


def test_result_with_a_token_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    minting = action(monkeypatch, {"access_token": "aa.bb.cc"})
    assert minting._execute_module() == {"access_token": "aa.bb.cc", "_ansible_no_log": True}
    assert minting._task.no_log


def test_failure_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    minting = action(monkeypatch, {"failed": True, "msg": "why"})
    assert minting._execute_module() == {"failed": True, "msg": "why"}
    assert not minting._task.no_log
