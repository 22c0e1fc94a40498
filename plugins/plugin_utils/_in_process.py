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

import contextlib
import io
import json
import sys
import types
import typing as t

from ansible import constants as C
from ansible.module_utils import basic
from ansible.module_utils.common import json as ansible_json
from ansible.module_utils.common import warnings as ansible_warnings
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.utils.display import Display

from ansible_collections.mongodb_atlas.admin.plugins.module_utils import _module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._transport import REQUESTS_IMPORT_ERROR
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._sessions import sessions

_display = Display()

# How ansible-core 2.19 and newer passes arguments to a module that says nothing else of itself, and reads its result.
_PROFILE = "legacy"


class InProcessAction(NormalAction):
    """Runs C(module) in the worker where it may, and as an ordinary module elsewhere."""

    module: types.ModuleType

    def _execute_module(self, *args: t.Any, **kwargs: t.Any) -> dict[str, t.Any]:
        task_vars = kwargs.get("task_vars") or {}
        obstacle = self._obstacle(task_vars)
        if obstacle:
            _display.vvv(f"<{self._host(task_vars)}> {self._task.action} runs as a module of its own: {obstacle}")
            return t.cast("dict[str, t.Any]", super()._execute_module(*args, **kwargs))
        _display.vvv(f"<{self._host(task_vars)}> {self._task.action} runs in process")
        sessions.close_with(self._connection)
        borrow = sessions.keep if self._task.loop else sessions.give_back
        return self._read(_run(self.module, self._prepared_arguments(task_vars), borrow))

    def _obstacle(self, task_vars: dict[str, t.Any]) -> str | None:
        """Why the task must run as an ordinary module, in words; None where it need not."""
        reasons = {
            "the connection is not local": self._connection.transport != "local",
            "become is used": self._connection.become is not None,
            "async is used": bool(self._task.async_val),
            "environment is set": any(self._task.environment or []),
            "remote files are kept": C.DEFAULT_KEEP_REMOTE_FILES,
            "another Python interpreter is asked for": self._interpreter(task_vars) not in _OWN_INTERPRETER,
            "requests is not installed for Ansible": REQUESTS_IMPORT_ERROR is not None,
            "mongodb_atlas_admin_in_process is false": not self._allowed(task_vars),
        }
        return next((reason for reason, applies in reasons.items() if applies), None)

    def _interpreter(self, task_vars: dict[str, t.Any]) -> str:
        asked = self._host_vars(task_vars).get("ansible_python_interpreter")
        if asked is None:
            asked = C.config.get_config_value("INTERPRETER_PYTHON")
        return str(self._templar.template(asked))

    def _allowed(self, task_vars: dict[str, t.Any]) -> bool:
        value = self._host_vars(task_vars).get("mongodb_atlas_admin_in_process", True)
        return bool(boolean(self._templar.template(value)))

    def _host_vars(self, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        """The variables of the host that the task runs on, which delegate_to may have changed."""
        if not self._task.delegate_to:
            return task_vars
        delegated = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        return {**task_vars, **delegated}

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


_HAS_PROFILES = hasattr(ansible_json, "get_module_encoder")  # ansible-core 2.19 and newer

# What stands for no interpreter in particular, and the one that runs Ansible.
_OWN_INTERPRETER = ("auto", "auto_legacy", "auto_silent", "auto_legacy_silent", sys.executable)


def _encoding() -> dict[str, t.Any]:
    if _HAS_PROFILES:
        return {"cls": ansible_json.get_module_encoder(_PROFILE, ansible_json.Direction.CONTROLLER_TO_MODULE)}
    return {"cls": ansible_json.AnsibleJSONEncoder, "vault_to_text": True}


def _run(module: types.ModuleType, arguments: bytes, borrow: _module.Borrow) -> str:
    """What MODULE prints when it is run with ARGUMENTS."""
    # A module's process begins without warnings; the worker may have run an item of the loop before.
    ansible_warnings._global_warnings.clear()
    ansible_warnings._global_deprecations.clear()
    basic._ANSIBLE_ARGS = arguments
    basic._ANSIBLE_PROFILE = _PROFILE
    with contextlib.redirect_stdout(io.StringIO()) as output, contextlib.suppress(SystemExit):
        _module.main(module.ARGUMENT_SPEC, module.run, borrow)
    return output.getvalue()
