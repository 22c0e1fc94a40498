# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hides a token in both execution modes, from within; the functional tests have the rest."""

from __future__ import annotations

import types
import typing as t

import pytest

from ansible.plugins.action.normal import ActionModule as NormalAction

from ansible_collections.mongodb_atlas.admin.plugins.action import access_token


def action(monkeypatch: pytest.MonkeyPatch, result: dict[str, t.Any], **task: t.Any) -> t.Any:
    """The action of a task whose module returns RESULT, unless the connection would show that."""

    def run(self: t.Any, *args: t.Any, **kwargs: t.Any) -> dict[str, t.Any]:
        assert self._connection._play_context.no_log
        return dict(result)

    # Not _execute_module, which Mitogen replaces.
    monkeypatch.setattr(NormalAction, "run", run)
    defaults = {"args": {}, "register": "minted", "async_val": 0, "until": [], "retries": None, "no_log": False}
    fields: dict[str, t.Any] = {**defaults, **task}
    connection = types.SimpleNamespace(_play_context=types.SimpleNamespace(no_log=False))
    return access_token.ActionModule(types.SimpleNamespace(**fields), connection, t.cast(t.Any, None), None, None, None)


def test_result_with_a_token_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    minting = action(monkeypatch, {"access_token": "aa.bb.cc"})
    assert minting.run() == {"access_token": "aa.bb.cc", "_ansible_no_log": True}
    assert minting._task.no_log


def test_failure_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    minting = action(monkeypatch, {"failed": True, "msg": "reason"})
    assert minting.run() == {"failed": True, "msg": "reason"}
    assert not minting._task.no_log


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"register": None}, "register the result"),
        ({"async_val": 5}, "async"),
        ({"until": ["x"]}, "remove until"),
        ({"retries": 1}, "remove until and retries of the task"),
    ],
)
def test_token_that_would_be_lost_or_shown_is_not_minted(
    monkeypatch: pytest.MonkeyPatch, task: dict[str, t.Any], message: str
) -> None:
    result = action(monkeypatch, {"access_token": "aa.bb.cc"}, **task).run()
    assert result["failed"]
    assert message in result["msg"]
    assert "access_token" not in result


def test_revoking_needs_no_register(monkeypatch: pytest.MonkeyPatch) -> None:
    revoking = action(monkeypatch, {"changed": True}, args={"state": "absent"}, register=None)
    assert revoking.run() == {"changed": True}
