# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks share a session, and when it is closed. The functional tests do the same with real signals."""

from __future__ import annotations

import contextlib
import os
import signal
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.bearer import BearerToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import Interrupted
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution import sessions as sessions_module
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.sessions import (
    MAX_SESSIONS,
    WorkerSessions,
)

HOST = "https://cloud.mongodb.com"


class FakeSession:
    """Notes how it ends."""

    def __init__(self, settings: ConnectionSettings, show: t.Any = None) -> None:
        self.settings = settings
        self.ended: list[str] = []
        self.warnings: list[str] = []

    def close(self, within: float = 10) -> None:
        self.ended.append("closed")
        self.within = within


class AnsibleConnection:
    """Notes that it is closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


def to_atlas(token: str = "aa.bb.cc", timeout: float = 30) -> ConnectionSettings:
    return ConnectionSettings(BearerToken({"access_token": f"{token}.padded"}, {}), HOST, timeout, 4, True)


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[WorkerSessions]:
    monkeypatch.setattr(sessions_module, "Session", FakeSession)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield WorkerSessions()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def shared(sessions: WorkerSessions, settings: ConnectionSettings) -> FakeSession:
    with sessions.shared_session(settings) as session:
        return t.cast(FakeSession, session)


def test_items_with_the_same_settings_share_a_session(sessions: WorkerSessions) -> None:
    first = shared(sessions, to_atlas())
    assert shared(sessions, to_atlas()) is first
    assert shared(sessions, to_atlas(token="other")) is not first
    assert shared(sessions, to_atlas(timeout=31)) is not first
    assert not first.ended


def test_session_of_a_single_task_is_closed_also_when_it_fails(sessions: WorkerSessions) -> None:
    with pytest.raises(KeyError), sessions.task_session(to_atlas()) as session:
        raise KeyError
    assert t.cast(FakeSession, session).ended == ["closed"]
    assert shared(sessions, to_atlas()) is not session


def test_sessions_are_closed_with_the_tasks_connection_once(sessions: WorkerSessions) -> None:
    connection = AnsibleConnection()
    sessions.close_with(connection)
    sessions.close_with(connection)
    session = shared(sessions, to_atlas())
    connection.close()
    connection.close()
    assert session.ended == ["closed"]
    assert connection.closed == 2


def test_token_that_stays_alive_is_a_warning(sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(sessions_module.Display, "warning", lambda self, message: shown.append(message))
    shared(sessions, to_atlas()).warnings.append("It stays alive.")
    sessions.close()
    assert shown == ["It stays alive."]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_closes_the_sessions_and_is_passed_on(
    sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    arrived: list[int] = []
    signal.signal(number, lambda number, frame: arrived.append(number))
    with sessions.interruptible_task():
        session = shared(sessions, to_atlas())
    os.kill(os.getpid(), number)
    assert session.ended == ["closed"]
    assert session.within <= 2
    assert arrived == [number]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_lets_the_task_unwind_before_the_sessions_are_closed(
    sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    happened: list[t.Any] = []

    def run_and_be_interrupted() -> None:
        session = shared(sessions, to_atlas())
        arrived.append(session)
        try:
            os.kill(os.getpid(), number)
        finally:
            happened.append(f"unwound, and {session.ended}")

    arrived: list[FakeSession] = []
    signal.signal(number, lambda number, frame: happened.append(f"arrived, and {arrived[0].ended}"))
    with pytest.raises(Interrupted), sessions.interruptible_task():
        run_and_be_interrupted()
    assert happened == ["unwound, and []", "arrived, and ['closed']"]


def test_signal_while_sessions_are_closed_does_not_stop_that(
    sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: arrived.append(number))

    def close(session: FakeSession, within: float = 10) -> None:
        with contextlib.suppress(Interrupted):  # as a session does when its token is revoked
            os.kill(os.getpid(), signal.SIGTERM)
        session.ended.append("closed")

    monkeypatch.setattr(FakeSession, "close", close)
    connection = AnsibleConnection()
    sessions.close_with(connection)
    with sessions.interruptible_task():
        opened = [shared(sessions, to_atlas(f"token{number}")) for number in range(3)]
    connection.close()
    assert [session.ended for session in opened] == [["closed"]] * 3
    assert arrived == [signal.SIGTERM]


def test_hangup_that_is_ignored_stays_ignored(sessions: WorkerSessions) -> None:
    """As ``nohup`` has it."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with sessions.interruptible_task():
        session = shared(sessions, to_atlas())
    os.kill(os.getpid(), signal.SIGHUP)
    assert not session.ended


def test_worker_without_a_parent_ends(sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    arrived: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: arrived.append(number))
    with sessions.interruptible_task():
        session = shared(sessions, to_atlas())
    monkeypatch.setattr(os, "getppid", lambda: 1)
    with sessions.interruptible_task():
        pass
    assert session.ended == ["closed"]
    assert arrived == [signal.SIGTERM]


def test_only_the_newest_sessions_stay_open(sessions: WorkerSessions) -> None:
    opened = [shared(sessions, to_atlas(f"token{number}")) for number in range(3 * MAX_SESSIONS)]
    assert [bool(session.ended) for session in opened] == [True] * 2 * MAX_SESSIONS + [False] * MAX_SESSIONS
    shared(sessions, to_atlas(f"token{2 * MAX_SESSIONS}"))  # used again: now the newest
    shared(sessions, to_atlas("another"))
    assert not opened[2 * MAX_SESSIONS].ended
    assert opened[2 * MAX_SESSIONS + 1].ended


def test_all_sessions_are_closed_within_one_limit(sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def close(session: FakeSession, within: float = 10) -> None:
        nonlocal now
        session.within, now = within, now + min(within, 4)
        session.warnings = ["The token stays alive."]

    monkeypatch.setattr(FakeSession, "close", close)
    monkeypatch.setattr(sessions_module.Display, "warning", lambda self, message: None)
    monkeypatch.setattr(sessions_module.time, "monotonic", lambda: now)
    opened = [shared(sessions, to_atlas(f"token{number}")) for number in range(4)]
    sessions.close()
    assert [session.within for session in reversed(opened)] == [10, 6, 2, 0]


def test_sessions_are_closed_quickly_after_a_time_out(sessions: WorkerSessions) -> None:
    class TaskTimeoutError(BaseException):
        pass

    with pytest.raises(TaskTimeoutError), sessions.shared_session(to_atlas()) as session:
        raise TaskTimeoutError
    sessions.close()
    assert t.cast(FakeSession, session).within <= 2
