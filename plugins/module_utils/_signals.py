# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Signals that end a task, raised as an error so that what was begun is ended, too."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import typing as t
import weakref

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import Interrupted

# Ctrl+C, a job that is canceled, the end of the connection that the module was started over.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Seconds that a signal is held back at most.
_HOLD = 2.0


class _Interrupt:
    """A signal handler that raises Interrupted, once: Ctrl+C often comes with another signal, which must not interrupt
    what is done because of the first.
    """

    def __init__(self) -> None:
        self.came: list[int] = []
        self._holding = False
        self._raised: weakref.ref[Interrupted] | None = None

    def __call__(self, number: int, _frame: t.Any) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        self.came.append(number)
        if not self._holding:
            raise self._error()
        signal.setitimer(signal.ITIMER_REAL, _HOLD)

    @contextlib.contextmanager
    def hold(self) -> t.Iterator[None]:
        """Raise the error of a signal that comes meanwhile only if this does not end in time."""

        def raise_now(_number: int, _frame: t.Any) -> t.NoReturn:
            raise self._error()

        self._holding = True
        try:
            signal.signal(signal.SIGALRM, raise_now)
            yield
        finally:
            self._holding = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)

    def raise_if_pending(self) -> None:
        # An error that is raised, or handled, is alive.
        if self.came and not self._holding and not (self._raised and self._raised()):
            raise self._error()

    def _error(self) -> Interrupted:
        error = Interrupted(f"The task was interrupted by {signal.Signals(self.came[0]).name}.")
        self._raised = weakref.ref(error)
        return error


# The handlers that are installed now.
_interrupting: set[t.Any] = set()


def raise_if_interrupted() -> None:
    """Raise Interrupted if a signal came and nobody has received its error: it was held back, or is lost.

    Python can drop an error that a signal handler raises: each version in a finalizer, and 3.10 also if it formats the
    message of another error at that moment. The code that was interrupted goes on then.
    """
    for interrupt in list(_interrupting):
        interrupt.raise_if_pending()


@contextlib.contextmanager
def interruptible() -> t.Iterator[list[int]]:
    """Let a signal that would end the process raise Interrupted instead. Yields the list of signals that came."""
    interrupt = _Interrupt()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        _interrupting.add(interrupt)
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, interrupt)
        yield interrupt.came
    finally:
        _interrupting.discard(interrupt)
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def critical_section() -> t.Iterator[None]:
    """The same for a part of a task that must clean up after itself, in both execution modes.

    An ordinary module is interruptible anyway. In process, a signal would end the worker at once: here it raises
    Interrupted, and is delivered again when the section has cleaned up.
    """
    if signal.getsignal(signal.SIGTERM) in _interrupting:
        yield
        return
    came: list[int] = []
    try:
        with interruptible() as came:
            yield
    finally:
        for number in came:
            os.kill(os.getpid(), number)


@contextlib.contextmanager
def hold_signals() -> t.Iterator[None]:
    """Let a signal wait, up to two seconds, for what must not be cut in two.

    An ordinary module raises its error by ``raise_if_interrupted``. In process, the signal is delivered at the end.
    Threads receive no signals. Ansible may use the same timer for its own time-out, which must not be lost.
    """
    is_free = signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    with contextlib.ExitStack() as stack:
        if is_free and threading.current_thread() is threading.main_thread():
            stack.enter_context(critical_section())
            for interrupt in list(_interrupting):
                stack.enter_context(interrupt.hold())
        yield
