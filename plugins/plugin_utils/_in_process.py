# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The in-process road: a module that runs in Ansible's own worker, where nobody can tell but by the clock.

Packing a module, starting a Python for it and importing what it needs takes half a second. Here the very same code
runs, C(AnsibleModule) included, between Ansible's own preparation of a module's arguments and its own reading of a
module's output. So arguments are checked, secrets masked and results formed by the same lines on both roads.
"""

from __future__ import annotations

import importlib
import json
import sys
import types
import typing as t

from ansible import constants as C
from ansible import context
from ansible.module_utils.common import json as ansible_json
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

_display = Display()

_HAS_PROFILES = hasattr(ansible_json, "get_module_encoder")  # ansible-core 2.19 and newer
_PROFILE = "legacy"  # that of modules which say nothing else of themselves

# What stands for no interpreter in particular, and the one that runs Ansible.
_OWN_INTERPRETER = ("auto", "auto_legacy", "auto_silent", "auto_legacy_silent", sys.executable)


def _import_worker() -> types.ModuleType:
    """What runs modules here. It imports requests, which takes a while."""
    return importlib.import_module("ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._worker")


# Ansible imports action plugins before it starts the workers, which inherit what is imported. That pays for a playbook.
# An ad-hoc call has but one task, which may import for itself what it needs, and only if it does.
if not context.CLIARGS.get("module_name"):
    _import_worker()


class InProcessAction(NormalAction):
    """Runs C(module) in the worker where it may, and as an ordinary module elsewhere."""

    module: str

    def _execute_module(self, *args: t.Any, **kwargs: t.Any) -> dict[str, t.Any]:
        task_vars = kwargs.get("task_vars") or {}
        obstacle = self._obstacle(task_vars)
        if obstacle:
            _display.vvv(f"<{self._host(task_vars)}> {self._task.action} runs as a module of its own: {obstacle}")
            return t.cast("dict[str, t.Any]", super()._execute_module(*args, **kwargs))
        _display.vvv(f"<{self._host(task_vars)}> {self._task.action} runs in process")
        worker = _import_worker()
        worker.sessions.close_with(self._connection)
        arguments = self._prepared_arguments(task_vars)
        return self._read(worker.run(self.module, arguments, _PROFILE, looping=bool(self._task.loop)))

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """Pass an ordinary module to a local Python by its standard input, whether or not pipelining is configured.

        That spares it five shells, and the disk a copy of the module with the secrets in it.
        """
        local = self._connection.transport == "local" and self._connection.become is None
        by_stdin = local and module_style == "new" and not wrap_async and not C.DEFAULT_KEEP_REMOTE_FILES
        return bool(by_stdin or super()._is_pipelining_enabled(module_style, wrap_async))

    def _obstacle(self, task_vars: dict[str, t.Any]) -> str | None:
        """Why the task must run as an ordinary module, in words; None where it need not."""
        if self._connection.transport != "local":
            return "the connection is not local"
        if self._connection.become is not None:
            return "become is used"
        if self._task.async_val:
            return "async is used"
        if any(self._task.environment or []):
            return "environment is set"
        if C.DEFAULT_KEEP_REMOTE_FILES:
            return "remote files are kept"
        if self._interpreter(task_vars) not in _OWN_INTERPRETER:
            return "another Python interpreter is asked for"
        if not boolean(self._templar.template(task_vars.get("mongodb_atlas_admin_in_process", True))):
            return "mongodb_atlas_admin_in_process is false"
        if not _import_worker().HAS_REQUESTS:
            return "requests is not installed for Ansible"
        return None

    def _interpreter(self, task_vars: dict[str, t.Any]) -> str:
        if self._task.delegate_to:
            task_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        asked = task_vars.get("ansible_python_interpreter") or C.config.get_config_value("INTERPRETER_PYTHON")
        return str(self._templar.template(asked))

    def _host(self, task_vars: dict[str, t.Any]) -> str:
        return str(self._task.delegate_to or task_vars.get("inventory_hostname"))

    def _prepared_arguments(self, task_vars: dict[str, t.Any]) -> bytes:
        """The task's arguments as Ansible hands them to a module."""
        arguments = dict(self._task.args)
        self._update_module_args(self._task.action, arguments, task_vars)
        return json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, **_encoding()).encode()

    def _read(self, output: str) -> dict[str, t.Any]:
        """The result in a module's OUTPUT, as Ansible reads it."""
        finished = {"rc": 0, "stdout": output, "stderr": ""}
        read = self._parse_returned_data(finished, *([_PROFILE] if _HAS_PROFILES else []))
        if isinstance(read, dict):
            return read
        read.remove_internal_keys()  # ansible-core 2.21 and newer
        return t.cast("dict[str, t.Any]", read.as_result_dict(for_round_trip=True))


def _encoding() -> dict[str, t.Any]:
    if _HAS_PROFILES:
        return {"cls": ansible_json.get_module_encoder(_PROFILE, ansible_json.Direction.CONTROLLER_TO_MODULE)}
    return {"cls": ansible_json.AnsibleJSONEncoder, "vault_to_text": True}
