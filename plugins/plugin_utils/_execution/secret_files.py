# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What only the controller knows about a file with a secret: the playbook's directory, and the vault of the run."""

from __future__ import annotations

import pathlib
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import secret_file
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.in_process import InProcessAction

_OPTION = "secret_file"

# What begins a path that the module expands itself, or that is absolute.
_NOT_RELATIVE = ("/", "~", "$")


class SecretFileAction(InProcessAction):
    """Runs a module that may write secrets to files, encrypted with the vault of this run."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        # The module finds the vault if it runs in this process.
        vault = getattr(self._loader, "_vault", None)
        secrets = (vault.secrets if vault else None) or []
        secret_file.vaults = {vault_id: _encryption(vault, vault_id, secret) for vault_id, secret in secrets}
        if self._connection.transport == "local":
            self._task.args = self._resolve_all(self._task.args)
        result = super().run(tmp, task_vars)
        message = result.get("msg")
        if result.get("failed") and isinstance(message, str) and secret_file.ORDINARY_MODULE in message:
            result["msg"] = f"{message} Here, {self._why_not_in_process(task_vars or {})}."
        return result

    def _resolve_all(self, arguments: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """Return a task's arguments with absolute paths, in the items of a list as well.

        Both execution modes get them, because their working directories differ.
        """
        resolved = {
            name: [self._resolve(item) if isinstance(item, dict) else item for item in value]
            if isinstance(value, list)
            else value
            for name, value in arguments.items()
        }
        return self._resolve(resolved)

    def _resolve(self, options: dict[str, t.Any]) -> dict[str, t.Any]:
        path = options.get(_OPTION)
        if not isinstance(path, str) or not path or path.startswith(_NOT_RELATIVE):
            return options
        return {**options, _OPTION: str(pathlib.Path(self._loader.get_basedir()).absolute() / path)}


def _encryption(vault: t.Any, vault_id: str, secret: t.Any) -> secret_file.Encrypt:
    return lambda content: bytes(vault.encrypt(content, secret=secret, vault_id=vault_id))
