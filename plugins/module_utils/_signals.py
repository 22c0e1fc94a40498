# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Signals that end a task: Ctrl+C, a job that is canceled, the end of the connection that the module was started over.

How it works, in both execution modes:

1. While a task runs, one handler (``interruptible``) receives these signals. It raises Interrupted in the main thread,
   so that the task unwinds: what was begun is undone, and the token is revoked.
2. It does so for the first signal. Further ones are ignored: they must not interrupt the cleanup, and Ctrl+C often
   comes with another signal.
3. ``hold_signals`` postpones the error to the end of a block, for at most two seconds, for a request or a file whose
   outcome must be known to be undone. A token that is minted is not protected like this.
4. Python can lose an error that a handler raises. So each request ends with ``raise_if_interrupted``.
5. In process, the task runs in Ansible's worker. When it has unwound, ``critical_section`` delivers the signal again,
   to the handler that was there before.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import Interrupted

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

# Seconds that a signal is held back at most.
_MAX_HOLD = 2.0


class _Handler:
    """Receives the signals of a task, and the alarm that ends holding one back."""

    def __init__(self) -> None:
        self.came: list[int] = []
        self.holding = False

    def __call__(self, number: int, _frame: t.Any) -> None:
        if number != signal.SIGALRM:
            for each in _SIGNALS:
                signal.signal(each, signal.SIG_IGN)
            self.came.append(number)
            if self.holding:
                signal.setitimer(signal.ITIMER_REAL, _MAX_HOLD)
                return
        raise self.error()

    def error(self) -> Interrupted:
        return Interrupted(f"The task was interrupted by {signal.Signals(self.came[0]).name}.")


# The handler of the task that runs now.
_handler: _Handler | None = None


@contextlib.contextmanager
def interruptible() -> t.Iterator[list[int]]:
    """Let a signal that would end the process raise Interrupted instead. Yields the list of signals that came."""
    global _handler  # handlers of signals are global by nature
    handler = _handler = _Handler()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number, each in before.items():
            if each is not signal.SIG_IGN:  # as nohup does it
                signal.signal(number, handler)
        yield handler.came
    finally:
        _handler = None
        for number, each in before.items():
            signal.signal(number, each)


@contextlib.contextmanager
def critical_section() -> t.Iterator[None]:
    """Let a signal raise Interrupted in a part of a task that cleans up after itself, and deliver it again afterwards.

    A task that is interruptible as a whole needs nothing more.
    """
    if _handler:
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
    """Postpone the error of a signal to the end of a block, where ``raise_if_interrupted`` raises it.

    Threads receive no signals. Ansible may use the same timer for its own time-out, which must not be lost.
    """
    is_free = signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    if not is_free or threading.current_thread() is not threading.main_thread():
        yield
        return
    with critical_section():
        handler = t.cast(_Handler, _handler)
        handler.holding = True
        try:
            signal.signal(signal.SIGALRM, handler)
            yield
        finally:
            handler.holding = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)


def raise_if_interrupted() -> None:
    """Raise Interrupted if a signal came, unless its error is being handled: it was held back, or Python has lost it.

    While signals are held back, it raises nothing.

    Each version of Python loses an error in a finalizer; 3.10 also if it formats the message of another error at that
    moment. The code that was interrupted goes on then.
    """
    handled = sys.exc_info()[1]
    while handled and not isinstance(handled, Interrupted):
        handled = handled.__context__
    if _handler and _handler.came and not _handler.holding and not handled:
        raise _handler.error()
