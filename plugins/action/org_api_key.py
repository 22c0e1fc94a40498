# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.hidden_result import HiddenResultAction
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.vaults import VaultAction


class ActionModule(HiddenResultAction, VaultAction):
    """Runs the module of the same name, hides a private key, and gives it the vault of this run."""

    secret_fields = frozenset({"private_key"})

    def returns_secret(self) -> bool:
        return bool(boolean(self._task.args.get("return_secret", False), strict=False))
