# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks share a session in a worker, and when it is closed. The functional tests do the same with real signals."""

from __future__ import annotations

import os
import signal
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import BearerToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils import _sessions
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._sessions import WorkerSessions

HOST = "https://cloud.mongodb.com"


class FakeSession:
    """Notes how it ends."""

    def __init__(self, connection: ConnectionSettings) -> None:
        self.connection = connection
        self.ended: list[str] = []
        self.warnings: list[str] = []

    def close(self, within: float = 10) -> None:
        self.ended.append("closed")
        self.within = within

    def close_from_signal(self) -> None:
        self.ended.append("closed from a signal")


class AnsibleConnection:
    """Notes that it is closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


def to_atlas(token: str = "aa.bb.cc", timeout: float = 30) -> ConnectionSettings:
    return ConnectionSettings(BearerToken({"access_token": token}, {}), HOST, timeout, 4, True)


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[WorkerSessions]:
    monkeypatch.setattr(_sessions, "Session", FakeSession)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield WorkerSessions()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def kept(sessions: WorkerSessions, connection: ConnectionSettings) -> FakeSession:
    with sessions.shared_session(connection) as session:
        return t.cast(FakeSession, session)


def test_items_with_the_same_settings_share_a_session(sessions: WorkerSessions) -> None:
    first = kept(sessions, to_atlas())
    assert kept(sessions, to_atlas()) is first
    assert kept(sessions, to_atlas(token="other")) is not first
    assert kept(sessions, to_atlas(timeout=31)) is not first
    assert not first.ended


def test_single_task_gives_its_session_back_also_when_it_fails(sessions: WorkerSessions) -> None:
    with pytest.raises(KeyError), sessions.task_session(to_atlas()) as session:
        raise KeyError
    assert t.cast(FakeSession, session).ended == ["closed"]
    assert kept(sessions, to_atlas()) is not session


def test_sessions_are_closed_with_the_tasks_connection_once(sessions: WorkerSessions) -> None:
    connection = AnsibleConnection()
    sessions.close_with(connection)
    sessions.close_with(connection)
    session = kept(sessions, to_atlas())
    connection.close()
    connection.close()
    assert session.ended == ["closed"]
    assert connection.closed == 2


def test_what_cannot_be_revoked_in_the_end_is_shown(sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(_sessions.Display, "warning", lambda self, message: shown.append(message))
    kept(sessions, to_atlas()).warnings.append("It stays alive.")
    sessions.close()
    assert shown == ["It stays alive."]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_closes_first_and_then_does_what_it_did(
    sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    arrived: list[int] = []
    signal.signal(number, lambda number, frame: arrived.append(number))
    session = kept(sessions, to_atlas())
    os.kill(os.getpid(), number)
    assert session.ended == ["closed from a signal"]
    assert arrived == [number]


def test_worker_without_a_parent_ends(sessions: WorkerSessions, monkeypatch: pytest.MonkeyPatch) -> None:
    arrived: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: arrived.append(number))
    session = kept(sessions, to_atlas())
    monkeypatch.setattr(os, "getppid", lambda: 1)
    kept(sessions, to_atlas())
    assert session.ended == ["closed from a signal"]
    assert arrived == [signal.SIGTERM]
