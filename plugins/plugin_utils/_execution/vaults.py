# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The vault secrets of a run, for modules that write encrypted files in process."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import secret_file
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.in_process import InProcessAction


class VaultAction(InProcessAction):
    """Runs a module that may encrypt a file with the vault of this run."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        # Only here is the run's vault known. The module finds it if it runs in this process.
        vault = getattr(self._loader, "_vault", None)
        for vault_id, secret in (vault.secrets if vault else None) or []:
            secret_file.vaults[vault_id] = _encryption(vault, vault_id, secret)
        return super().run(tmp, task_vars)


def _encryption(vault: t.Any, vault_id: str, secret: t.Any) -> secret_file.Encrypt:
    return lambda content: bytes(vault.encrypt(content, secret=secret, vault_id=vault_id))
