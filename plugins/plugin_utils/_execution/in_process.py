# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""In-process execution: a module that runs in Ansible's own worker.

Packing a module, starting a Python for it and importing what it needs takes half a second. Here the very same code
runs, ``AnsibleModule`` included, between Ansible's own preparation of a module's arguments and its own parsing of a
module's output. So both execution modes check arguments, mask secrets and form results with the same code.

``ArgumentSpecValidator`` and a returned dictionary instead of ``AnsibleModule`` and its output would hardly pay. Of
10 ms of CPU time for an item of a loop (ansible-core 2.19; 2.16: 3.6), ``debug`` takes 5 as well (0.9), the request 2.1
(1.3), ``AnsibleModule`` 0.9 (0.6), passing arguments and output 0.3 (0.1). Warnings and masking would need own code.
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

try:
    from ansible.module_utils import secrets as _secrets  # ansible-core 2.22 and newer
except ImportError:
    _secrets = None

_display = Display()

_HAS_PROFILES = hasattr(ansible_json, "get_module_encoder")  # ansible-core 2.19 and newer
_PROFILE = "legacy"  # that of modules which declare no other

# Interpreter settings that leave the choice to Ansible.
_AUTOMATIC = ("auto", "auto_legacy", "auto_silent", "auto_legacy_silent")

# The options that are no_log.
_SECRET_OPTIONS = ("private_key", "client_secret", "access_token")

_VARIABLE = "mongodb_atlas_admin_in_process"


def _import_worker() -> types.ModuleType:
    """Return the file that runs modules in this process. It imports requests, which takes a while."""
    return importlib.import_module("ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.worker")


# Ansible imports action plugins before it starts the workers, which inherit what is imported. That pays off in a
# playbook. An ad-hoc call has one task only, which imports what it needs itself.
if not context.CLIARGS.get("module_name"):
    _import_worker()


class InProcessAction(NormalAction):
    """Runs the module of the task's name in the worker if possible, and as an ordinary module otherwise."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        _register_secrets(self._task.args)
        return t.cast("dict[str, t.Any]", super().run(tmp, task_vars))

    def _execute_module(self, *args: t.Any, **kwargs: t.Any) -> dict[str, t.Any]:
        task_vars = kwargs.get("task_vars") or {}
        reason = self._why_not_in_process(task_vars)
        if reason:
            _display.vvv(f"<{self._host(task_vars)}> {self._task.action} runs as an ordinary module: {reason}")
            if self._connection.transport == "local" and self._interpreter(task_vars) in _AUTOMATIC:
                kwargs["task_vars"] = self._with_own_interpreter(task_vars)
            return t.cast("dict[str, t.Any]", super()._execute_module(*args, **kwargs))
        _display.vvv(f"<{self._host(task_vars)}> {self._task.action} runs in process")
        worker = _import_worker()
        worker.sessions.close_with(self._connection)
        arguments = self._prepared_arguments(task_vars)
        module = self._task.action.rpartition(".")[2]
        return self._parse(worker.run(module, arguments, _PROFILE, looping=bool(self._task.loop)))

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """Pass an ordinary module to a local Python by its standard input, whether or not pipelining is configured.

        That saves five shells, and no copy of the module with the secrets in it is written to disk.
        """
        local = self._connection.transport == "local" and self._connection.become is None
        by_stdin = local and module_style == "new" and not wrap_async and not C.DEFAULT_KEEP_REMOTE_FILES
        return bool(by_stdin or super()._is_pipelining_enabled(module_style, wrap_async))

    def _why_not_in_process(self, task_vars: dict[str, t.Any]) -> str | None:
        """Return the reason why the task must run as an ordinary module; None if it need not."""
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
        if self._interpreter(task_vars) not in (*_AUTOMATIC, sys.executable):
            return "another Python interpreter is configured"
        # Looking up the system's proxies in a forked process can kill it on macOS.
        wanted = self._templar.template(task_vars.get(_VARIABLE, sys.platform != "darwin"))
        if not boolean(wanted):
            return f"{_VARIABLE} is false" if _VARIABLE in task_vars else "it is not the default on macOS"
        if _import_worker().IMPORT_ERROR:
            return "requests cannot be imported by Ansible"
        return None

    def _interpreter(self, task_vars: dict[str, t.Any]) -> str:
        if self._task.delegate_to:
            task_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        configured = task_vars.get("ansible_python_interpreter") or C.config.get_config_value("INTERPRETER_PYTHON")
        return str(self._templar.template(configured))

    def _with_own_interpreter(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        """TASK_VARS with the controller's own Python, so that both execution modes find the same libraries."""
        own = {"ansible_python_interpreter": sys.executable}
        host, delegated = self._task.delegate_to, task_vars.get("ansible_delegated_vars", {})
        if not host:
            return {**task_vars, **own}
        return {**task_vars, "ansible_delegated_vars": {**delegated, host: {**delegated.get(host, {}), **own}}}

    def _host(self, task_vars: dict[str, t.Any]) -> str:
        return str(self._task.delegate_to or task_vars.get("inventory_hostname"))

    def _prepared_arguments(self, task_vars: dict[str, t.Any]) -> bytes:
        """Return the task's arguments as Ansible passes them to a module."""
        arguments = dict(self._task.args)
        self._update_module_args(self._task.action, arguments, task_vars)
        return json.dumps({"ANSIBLE_MODULE_ARGS": arguments}, **_encoding()).encode()

    def _parse(self, output: str) -> dict[str, t.Any]:
        """Return the result in a module's OUTPUT, as Ansible parses it."""
        finished = {"rc": 0, "stdout": output, "stderr": ""}
        parsed = self._parse_returned_data(finished, *([_PROFILE] if _HAS_PROFILES else []))
        if isinstance(parsed, dict):
            return parsed
        parsed.remove_internal_keys()  # ansible-core 2.21 and newer
        return t.cast("dict[str, t.Any]", parsed.as_result_dict(for_round_trip=True))


def _register_secrets(arguments: t.Mapping[str, t.Any]) -> None:
    """Let ansible-core 2.22 and newer know the secrets of a task before it runs.

    Otherwise a module returns them to be registered, unmasked, and connections such as ssh show that with -vvv.
    """
    if _secrets:
        _secrets.register_secrets([str(arguments[name]) for name in _SECRET_OPTIONS if arguments.get(name)])


def _encoding() -> dict[str, t.Any]:
    if _HAS_PROFILES:
        return {"cls": ansible_json.get_module_encoder(_PROFILE, ansible_json.Direction.CONTROLLER_TO_MODULE)}
    return {"cls": ansible_json.AnsibleJSONEncoder, "vault_to_text": True}
