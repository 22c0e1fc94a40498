# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The edge: options in, facts or a failure out. The only place that exits."""

from __future__ import annotations

import contextlib
import os
import signal
import typing as t

from dataclasses import dataclass, field

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._argspec import (
    check_identifiers,
    misplaced_secrets,
    proxy_secrets,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import choose
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._connect import (
    Choose,
    client_for,
    connection_for,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, Interrupted
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._session import Connection, Session

# What a module is, apart from its options: facts, or an AtlasError.
Run = t.Callable[[AtlasClient, "dict[str, t.Any]"], "dict[str, t.Any]"]

# Where a task gets its session from, and who closes it.
Borrow = t.Callable[[Connection], "contextlib.AbstractContextManager[Session]"]


# Somebody presses Ctrl+C, a job is cancelled, the connection that the module was started over is gone.
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def _interruptible() -> t.Iterator[None]:
    """Let a signal that would end the process raise an error instead, so that what was begun is ended, too."""
    before = {number: signal.getsignal(number) for number in _ENDS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, _frame: t.Any) -> t.NoReturn:
    # Once: Ctrl+C often comes with another signal, which must not interrupt the revoking.
    for each in _ENDS:
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(f"The task was interrupted by {signal.Signals(number).name}.")


@contextlib.contextmanager
def own_session(connection: Connection) -> t.Iterator[Session]:
    """A session that begins and ends with the task, also with one that is interrupted."""
    with _interruptible():
        session = Session(connection)
        try:
            yield session
        finally:
            session.close()


@dataclass
class Outcome:
    """What a task returns, what it warns of, and what must not be seen in either."""

    result: dict[str, t.Any] = field(default_factory=dict)
    failed: bool = False
    warnings: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)


def perform(
    run: Run,
    params: dict[str, t.Any],
    environ: t.Mapping[str, str],
    borrow: Borrow = own_session,
    choose: Choose = choose,
) -> Outcome:
    """Do what a task asks, and say how it went. Nothing of Atlas' or the user's making is raised.

    :param run: the module's own C(run).
    :param params: the task's validated options.
    :param environ: the environment where the task runs.
    :param choose: which credentials count.
    """
    outcome = Outcome(secrets=misplaced_secrets(params) | proxy_secrets(environ))
    try:
        check_identifiers(params)
        connection, outcome.warnings = connection_for(params, environ, choose)
        outcome.secrets |= connection.way.secrets
        with _noting(outcome, borrow(connection)) as session:
            outcome.result = run(client_for(session, params), params)
    except AtlasError as error:
        outcome.failed = True
        outcome.result = {"msg": str(error), **error.facts()}
    return outcome


@contextlib.contextmanager
def _noting(outcome: Outcome, borrowed: contextlib.AbstractContextManager[Session]) -> t.Iterator[Session]:
    """Note what happened to the session while it was used, and when it was given back."""
    session, before = None, (0, 0.0)
    try:
        with borrowed as session:
            before = session.waits
            yield session
    finally:
        if session:
            outcome.secrets |= session.secrets
            outcome.warnings += _waited(before, session.waits) + session.unrevoked
            session.unrevoked = []


def _waited(before: tuple[int, float], after: tuple[int, float]) -> list[str]:
    times, seconds = after[0] - before[0], after[1] - before[1]
    if not times:
        return []
    why = "Atlas limited the rate of requests or was not to be reached"
    return [f"{why}: waited {times} time(s), {seconds:.1f} seconds in all."]


def main(
    options: dict[str, dict[str, t.Any]],
    run: Run,
    borrow: Borrow = own_session,
    *,
    foresee: Run | None = None,
    choose: Choose = choose,
    **conditions: t.Any,
) -> None:
    """Run as a module, which supports check mode in full.

    :param options: the module's C(ARGUMENT_SPEC).
    :param run: the module's own C(run).
    :param foresee: what takes its place in check mode; None for a module that only reads.
    :param choose: which credentials count.
    :param conditions: what C(AnsibleModule) checks of several options together.
    """
    module = AnsibleModule(options, supports_check_mode=True, **conditions)
    do = foresee if foresee and module.check_mode else run
    outcome = perform(do, module.params, os.environ, borrow, choose)
    module.no_log_values.update(outcome.secrets)
    for warning in outcome.warnings:
        module.warn(warning)
    if outcome.failed:
        module.fail_json(**outcome.result)
    module.exit_json(**outcome.result)
