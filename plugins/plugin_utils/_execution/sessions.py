# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The sessions of a worker with in-process execution: which tasks share them, and how they are closed."""

from __future__ import annotations

import collections
import contextlib
import os
import signal
import time
import types
import typing as t
import weakref

from ansible.utils.display import Display

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import (
    CLOSE_QUICKLY,
    CLOSE_WITHIN,
    ConnectionSettings,
    Session,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import closing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import critical_section

_SIGNALS: tuple[int, ...] = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Sessions that are kept open for the next items of a loop. Each has up to eight connections and a token; a loop whose
# items all have credentials of their own would run out of files and of tokens.
MAX_SESSIONS = 8


class WorkerSessions:
    """The open sessions of this worker, which lives for one task with all the items of its loop."""

    def __init__(self) -> None:
        self._open: collections.OrderedDict[ConnectionSettings, Session] = collections.OrderedDict()  # oldest first
        self._closing_with: weakref.WeakSet[t.Any] = weakref.WeakSet()
        self._handlers_before: dict[int, t.Any] = {}
        self._parent = 0
        self._interrupted = False
        self._seconds_left = CLOSE_WITHIN  # for revoking that fails, of all sessions together

    @contextlib.contextmanager
    def interruptible_task(self) -> t.Iterator[None]:
        """Let a signal end the task that runs, and then the worker, in the order that Ansible ends them.

        The task unwinds as an ordinary module does. Then, or between the items of a loop, the sessions are closed, and
        the worker ends by the signal.
        """
        self._listen()
        if os.getppid() != self._parent:
            # Ansible has ended, and up to ansible-core 2.18 it does not tell its workers: the result is not needed.
            os.kill(os.getpid(), signal.SIGTERM)
        with critical_section():
            yield

    @contextlib.contextmanager
    def shared_session(self, settings: ConnectionSettings) -> t.Iterator[Session]:
        """Return the session that the items of a loop share if credentials and connection settings are the same.

        The newest ones are kept open.
        """
        if settings not in self._open:
            while len(self._open) >= MAX_SESSIONS:
                self._close_one(last=False)
            self._open[settings] = Session(settings, show=_show)
        self._open.move_to_end(settings)
        try:
            yield self._open[settings]
        except AtlasError:
            raise
        except BaseException:  # Ansible's own time-out, for example: closing must be quick then
            self._interrupted = True
            raise

    @contextlib.contextmanager
    def task_session(self, settings: ConnectionSettings) -> t.Iterator[Session]:
        """Return the session of a task without a loop. It is closed with the task, as that of an ordinary module."""
        with self.shared_session(settings) as session:
            try:
                with closing(session):
                    yield session
            except AtlasError:
                raise
            except BaseException:  # Ansible's own time-out: the task has no result that could have the warnings
                _show_warnings(session)
                raise
            finally:
                del self._open[settings]

    def close_with(self, ansible_connection: t.Any) -> None:
        """Close all sessions when Ansible closes the task's connection.

        A worker does so when the task is over, whether it failed or not, and before it passes the result on. Later
        would be too late: workers that are still alive when the play is over are ended, and their tokens stay alive.
        """
        if ansible_connection not in self._closing_with:
            self._closing_with.add(ansible_connection)
            close = ansible_connection.close

            def close_both() -> None:
                with critical_section():
                    self.close()
                close()

            ansible_connection.close = close_both

    def close(self) -> None:
        """Close all sessions, within one limit for all of them."""
        if self._interrupted:
            self._seconds_left = min(self._seconds_left, CLOSE_QUICKLY)
        while self._open:
            self._close_one(last=True)

    def _close_one(self, last: bool) -> None:
        """Close the newest session, or the oldest. What goes wrong is a warning: the items have their results already.

        A host that does not answer costs the time once, and not for each account of a loop.
        """
        _settings, session = self._open.popitem(last)
        started = time.monotonic()
        try:
            session.close(self._seconds_left)
        finally:
            if session.warnings:
                self._seconds_left = max(self._seconds_left - (time.monotonic() - started), 0.0)
            _show_warnings(session)

    def _listen(self) -> None:
        """Close the sessions before Ansible ends its workers by a signal, as it does after Ctrl+C."""
        if not self._handlers_before:
            self._parent = os.getppid()
            ignored = [number for number in (signal.SIGHUP,) if signal.getsignal(number) is signal.SIG_IGN]  # nohup
            self._handlers_before = {
                number: signal.signal(number, self._end) for number in _SIGNALS if number not in ignored
            }

    def _end(self, number: int, _frame: types.FrameType | None) -> None:
        for each in self._handlers_before:
            signal.signal(each, signal.SIG_IGN)
        # No request is under way: while a task runs, and while sessions are closed, another handler is in place.
        self._interrupted = True
        self.close()
        for each, handler in self._handlers_before.items():
            signal.signal(each, handler)
        os.kill(os.getpid(), number)


def _show(line: str) -> None:
    """Show LINE on the screen at once. Standard output is for results, and may be buffered."""
    Display().display(line, stderr=True)


def _show_warnings(session: Session) -> None:
    for warning in session.warnings:
        Display().warning(warning)
    session.warnings = []


sessions = WorkerSessions()
