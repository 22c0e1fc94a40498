# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Results that hide themselves: shown nowhere, and registered whole.

A module can only mask a value everywhere, and then no task could use it. An action can have Ansible hide a result, as
``no_log`` does, and register it nevertheless.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.in_process import InProcessAction


class HiddenResultAction(InProcessAction):
    """Runs a module whose result may hold a secret that is returned once.

    Everything is done in ``run``: Mitogen replaces ``_execute_module`` of every action plugin.
    """

    # The result is hidden if it has one of these fields.
    secret_fields: frozenset[str]

    def returns_secret(self) -> bool:
        """Return whether this task, by its arguments, may return a secret."""
        return bool(boolean(self._task.args.get("return_secret", False), strict=False))

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        if self.returns_secret():
            if not self._task.register:
                return _failure(
                    "The result holds a secret that cannot be read again: register the result of this task."
                )
            if self._task.async_val:
                return _failure("Ansible would show the secret in the result of an asynchronous task: remove async.")
            if self._task.until or self._task.retries:  # since ansible-core 2.16, retries needs no until
                return _failure(
                    "The result of an attempt replaces that of the one before, and a secret is returned once: remove"
                    " until and retries of the task. Use retries of the module for requests that fail."
                )
        # Connections such as ssh show with -vvv what a module has printed, unless this is set.
        self._connection._play_context.no_log = True
        result = super().run(tmp, task_vars)
        if self.secret_fields & result.keys():
            # The first is for this result, the second for that of a loop around it, up to ansible-core 2.18.
            result["_ansible_no_log"] = self._task.no_log = True
        return result


def _failure(msg: str) -> dict[str, t.Any]:
    return {"failed": True, "changed": False, "msg": msg}
