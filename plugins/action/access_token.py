# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """The module of the same name, on the in-process road where that is open. On either it keeps the token unseen.

    A module can only mask a value everywhere, and then nobody could use it. An action can have Ansible hide the result
    from all output and register it nevertheless.
    """

    module = "access_token"

    def _execute_module(self, *args: t.Any, **kwargs: t.Any) -> dict[str, t.Any]:
        if self._task.args.get("state", "present") != "absent":
            if not self._task.register:
                return _refusal("The token would be lost, and stay alive: register the result of this task.")
            if self._task.async_val:
                return _refusal("Ansible would show the token in the result of an asynchronous task: drop async.")
        # Connections such as ssh show with -vvv what a module has printed, unless this is set.
        self._connection._play_context.no_log = True
        result = super()._execute_module(*args, **kwargs)
        if "access_token" in result:
            # The first is for this result, the second for that of a loop around it, up to ansible-core 2.18.
            result["_ansible_no_log"] = self._task.no_log = True
        return result


def _refusal(msg: str) -> dict[str, t.Any]:
    return {"failed": True, "changed": False, "msg": msg}
