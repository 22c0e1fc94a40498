# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The sessions of a worker on the in-process road: who shares them, and how they end, however the worker does."""

from __future__ import annotations

import contextlib
import os
import signal
import types
import typing as t
import weakref

from ansible.utils.display import Display

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._session import Connection, Session

_SIGNALS: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM)


class WorkerSessions:
    """The open sessions of this worker, which lives for one task with all the items of its loop."""

    def __init__(self) -> None:
        self._open: dict[Connection, Session] = {}
        self._closing_with: weakref.WeakSet[t.Any] = weakref.WeakSet()
        self._handlers_before: dict[int, t.Any] = {}
        self._parent = 0

    @contextlib.contextmanager
    def keep(self, connection: Connection) -> t.Iterator[Session]:
        """The session that the items of a loop share where credentials and connection settings are the same."""
        self._listen()
        if os.getppid() != self._parent:
            # Ansible is gone, and up to ansible-core 2.18 without a word to its workers: nobody wants what comes.
            os.kill(os.getpid(), signal.SIGTERM)
        if connection not in self._open:
            self._open[connection] = Session(connection)
        yield self._open[connection]

    @contextlib.contextmanager
    def give_back(self, connection: Connection) -> t.Iterator[Session]:
        """The session of a task without a loop. It ends with the task, as that of an ordinary module does."""
        with self.keep(connection) as session:
            try:
                yield session
            finally:
                session.close()
                del self._open[connection]

    def close_with(self, ansible_connection: t.Any) -> None:
        """Close all sessions when Ansible closes the task's connection.

        A worker does so when the task is over, whichever way it ended, and before it hands the result over. Later would
        be too late: workers that are still alive when the play is over are ended, and a token would stay behind.
        """
        if ansible_connection not in self._closing_with:
            self._closing_with.add(ansible_connection)
            close = ansible_connection.close

            def close_both() -> None:
                self.close()
                close()

            ansible_connection.close = close_both

    def close(self) -> None:
        """Close all sessions. What cannot be revoked is a warning of its own: the items have their results."""
        for session in self._open.values():
            session.close()
            for warning in session.unrevoked:
                Display().warning(warning)
        self._open.clear()

    def _listen(self) -> None:
        """Ansible ends its workers by signals, after Ctrl-C for one. Close the sessions before."""
        if not self._handlers_before:
            self._parent = os.getppid()
            self._handlers_before = {number: signal.signal(number, self._end) for number in _SIGNALS}

    def _end(self, number: int, _frame: types.FrameType | None) -> None:
        for each in self._handlers_before:
            signal.signal(each, signal.SIG_IGN)
        for session in self._open.values():
            session.close_in_between()
        for each, handler in self._handlers_before.items():
            signal.signal(each, handler)
        os.kill(os.getpid(), number)


sessions = WorkerSessions()
