# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The edge to Ansible: options in, a result or a failure out. The only place that exits."""

from __future__ import annotations

import contextlib
import os
import typing as t

from dataclasses import dataclass, field

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.select import (
    check_placement,
    credentials,
    select_auth,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, Interrupted
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import (
    CLOSE_QUICKLY,
    CLOSE_WITHIN,
    ConnectionSettings,
    Session,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.connection import (
    SelectAuth,
    connection_settings,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.lists import split_lists
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import check_options, query_options
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import (
    encoded_forms,
    mask,
    mask_values,
    masker,
    misplaced_secrets,
    proxy_secrets,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import interruptible

# What a module is, apart from its options: its result, or an AtlasError. One that changes something returns a Change.
Run = t.Callable[[AtlasClient, "dict[str, t.Any]"], "dict[str, t.Any] | Change"]

# Opens the session of a task, and decides when it is closed.
SessionFactory = t.Callable[[ConnectionSettings], "contextlib.AbstractContextManager[Session]"]


@contextlib.contextmanager
def closing(session: Session) -> t.Iterator[Session]:
    """Close the session: quickly if the task was interrupted, by a signal or by Ansible's own time-out."""
    within = CLOSE_WITHIN
    try:
        try:
            yield session
        except BaseException as error:
            if isinstance(error, Interrupted) or not isinstance(error, AtlasError):
                within = CLOSE_QUICKLY
            raise
        finally:
            session.close(within)
    except Interrupted:
        session.close(CLOSE_QUICKLY)  # no-op unless the first close was interrupted
        raise


@contextlib.contextmanager
def open_session(settings: ConnectionSettings) -> t.Iterator[Session]:
    """Open a session that is closed with the task, also if the task is interrupted."""
    with interruptible(), closing(Session(settings)) as session:
        yield session


@dataclass
class Outcome:
    """What a task returns, what it warns of, and what must not be seen in either."""

    result: dict[str, t.Any] = field(default_factory=dict)
    failed: bool = False
    warnings: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)


def execute(
    argument_spec: dict[str, dict[str, t.Any]],
    run: Run,
    params: dict[str, t.Any],
    environ: t.Mapping[str, str],
    session_factory: SessionFactory = open_session,
    select_auth: SelectAuth = select_auth,
    check_mode: bool = False,
) -> Outcome:
    """Do what a task asks for, and report how it went. Raises nothing that Atlas or the user could cause.

    :param argument_spec: the module's ``ARGUMENT_SPEC``.
    :param run: the module's own ``run``.
    :param params: the task's validated options.
    :param environ: the environment where the task runs.
    :param select_auth: finds the auth method.
    """
    known = credentials(params, environ)
    outcome = Outcome(secrets=misplaced_secrets(params).union(*map(encoded_forms, known.values())))
    in_messages = proxy_secrets(environ)
    try:
        check_placement(params, known)
        check_options(argument_spec, params)
        settings, outcome.warnings = connection_settings(params, environ, select_auth)
        outcome.secrets |= settings.auth.secrets
        with _collecting(outcome, session_factory(settings)) as session:
            client = AtlasClient(session, params["api_version"], query_options(params))
            try:
                result = run(client, params)
                outcome.result = result.carry_out(check_mode) if isinstance(result, Change) else result
            finally:
                outcome.warnings += client.warnings
    except AtlasError as error:
        outcome.failed = True
        outcome.result = {"msg": mask(str(error), outcome.secrets | in_messages), **error.details(), **error.partial}
    outcome.warnings = [mask(warning, outcome.secrets | in_messages) for warning in outcome.warnings]
    return outcome


@contextlib.contextmanager
def _collecting(outcome: Outcome, opened: contextlib.AbstractContextManager[Session]) -> t.Iterator[Session]:
    """Collect the secrets and warnings of the session while the task uses it, and from its end."""
    session, before = None, (0, 0.0)
    try:
        with opened as session:
            before = session.waits
            yield session
    finally:
        if session:
            outcome.secrets |= session.secrets
            outcome.warnings += session.describe_waits(before) + session.warnings
            session.warnings = []


class AtlasModule(AnsibleModule):
    """Takes lists as text, and masks its ``no_log_values`` in all that it returns.

    Up to 2.21 ansible-core does so itself. From 2.22 on it masks only what it shows on the screen, and only the values
    of options that are ``no_log``: credentials from the environment and the events of ansible-runner are not masked.
    """

    def _load_params(self) -> None:
        super()._load_params()
        self.params: dict[str, t.Any] = split_lists(self.argument_spec, self.params)

    def exit_json(self, **kwargs: t.Any) -> None:
        super().exit_json(**self._masked(kwargs))

    def fail_json(self, msg: str, **kwargs: t.Any) -> None:
        super().fail_json(**self._masked({"msg": msg, **kwargs}))

    def _masked(self, result: dict[str, t.Any]) -> dict[str, t.Any]:
        # ansible-core adds the arguments by itself, unmasked, and removes them if they are not to be shown.
        shown = {**result, "invocation": {"module_args": self.params}}
        without_secrets = masker(self.no_log_values)
        return {name: mask_values(value, without_secrets) for name, value in shown.items()}


def main(
    argument_spec: dict[str, dict[str, t.Any]],
    run: Run,
    session_factory: SessionFactory = open_session,
    *,
    select_auth: SelectAuth = select_auth,
    **conditions: t.Any,
) -> None:
    """Run as a module, which supports check mode in full.

    :param argument_spec: the module's ``ARGUMENT_SPEC``.
    :param run: the module's own ``run``.
    :param select_auth: finds the auth method.
    :param conditions: what ``AnsibleModule`` checks of several options together.
    """
    module = AtlasModule(argument_spec, supports_check_mode=True, **conditions)
    outcome = execute(argument_spec, run, module.params, os.environ, session_factory, select_auth, module.check_mode)
    module.no_log_values.update(outcome.secrets)
    for warning in outcome.warnings:
        module.warn(warning)
    if outcome.failed:
        module.fail_json(**outcome.result)
    if not module._diff:
        outcome.result.pop("diff", None)
    module.exit_json(**outcome.result)
