# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleAction, AnsibleActionSkip
from ansible.plugins.action import ActionBase

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import MIN_SECRET
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.masked import (
    MaskText,
    mask_everywhere,
    mask_result,
    masked_display,
)

_OPTIONS = ("module", "args", "secrets")

# Fields of a result that hold the arguments, or that Ansible would use to hide or to show the rest.
_DROPPED = ("invocation", "exception", "_ansible_no_log", "_ansible_verbose_always", "_ansible_verbose_override")


class ActionModule(ActionBase):
    """Runs a module or action of the user, and masks secrets in all that comes back."""

    _supports_async = True  # it is refused with a message of its own
    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        super().run(tmp, task_vars)
        # With `until`, Ansible runs the same object again. The arguments are cleared after the first time.
        self._given: dict[str, t.Any] = getattr(self, "_given", None) or dict(self._task.args)
        # Callbacks and ansible_failed_task get the arguments of the task as they are when it ends.
        self._task.args = {"module": self._given.get("module")}
        problem = _problem(self._given) or ("Remove async." if self._task.async_val else None)
        if problem:
            return {"failed": True, "changed": False, "msg": f"{problem} Nothing was run."}
        mask_text = mask_everywhere(self._given["secrets"])
        with masked_display(mask_text):
            result = self._run_masked(mask_text, task_vars or {})
        if _is_in_loop_over(task_vars or {}, mask_text):
            # Ansible adds the item to the result itself.
            result["_ansible_no_log"] = self._task.no_log = True
        return result

    def _run_masked(self, mask_text: MaskText, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        try:
            result = self._handler().run(task_vars=task_vars)
        except AnsibleAction as error:  # it carries a result, such as that of a skipped action
            result = {"failed": not isinstance(error, AnsibleActionSkip), **(error.result or {}), "msg": str(error)}
        except Exception as error:  # noqa: BLE001  # foreign code: its message may hold the secret
            result = {"failed": True, "msg": f"{type(error).__name__}: {error}"}
        kept = {name: value for name, value in result.items() if name not in _DROPPED}
        return t.cast("dict[str, t.Any]", mask_result(kept, mask_text))

    def _handler(self) -> t.Any:
        """Return the action that runs the user's module, as Ansible would choose it."""
        task = self._task.copy()
        task.action = self._given["module"]
        task.args = self._given.get("args") or {}
        task.no_log = True  # otherwise the module writes its options to syslog
        self._connection._play_context.no_log = True  # nor may the connection show with -vvv what the module printed
        loader, collections = self._shared_loader_obj, task.collections
        found = loader.module_loader.find_plugin_with_context(task.action, collection_list=collections)
        name = (found.action_plugin if found.resolved else None) or task.action
        if not loader.action_loader.has_plugin(name, collection_list=collections):
            name, collections = "ansible.legacy.normal", None
        return loader.action_loader.get(
            name,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=loader,
            collection_list=collections,
        )


def _problem(given: dict[str, t.Any]) -> str | None:
    """Return what is wrong with the options, without any value of them."""
    if unknown := sorted(str(name) for name in given if name not in _OPTIONS):
        return f"Unknown options: {', '.join(unknown)}. Options of the module belong in args."
    if not isinstance(given.get("module"), str) or not given["module"].strip():
        return "module must be the name of a module or an action."
    if not isinstance(given.get("args") or {}, dict):
        return "args must be a dictionary with the options of the module."
    secrets = given.get("secrets")
    if not isinstance(secrets, list) or not secrets:
        return "secrets must be a list of the secrets to mask, with one at least."
    for number, secret in enumerate(secrets):
        if not isinstance(secret, str):
            return f"secrets[{number}] must be a string."
        if len(secret) < MIN_SECRET:
            return f"secrets[{number}] has less than {MIN_SECRET} characters: masking it would damage the result."
    return None


def _is_in_loop_over(task_vars: dict[str, t.Any], mask_text: MaskText) -> bool:
    """Whether the task is in a loop, and its item holds a secret."""
    item = task_vars.get(task_vars.get("ansible_loop_var") or "")
    return item is not None and mask_result(item, mask_text) != mask_result(item, str)
