# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.secret_files import SecretFileAction


class ActionModule(SecretFileAction):
    """Runs the module of the same name."""
