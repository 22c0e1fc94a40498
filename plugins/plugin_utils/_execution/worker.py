# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Runs a module in the worker: its arguments in, what it prints out. Imports what modules import, which takes time."""

from __future__ import annotations

import contextlib
import importlib
import io

from ansible.module_utils import basic
from ansible.module_utils.common import warnings as ansible_warnings

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._requests import IMPORT_ERROR
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution.sessions import sessions

__all__ = ["IMPORT_ERROR", "run", "sessions"]


def run(name: str, arguments: bytes, profile: str, looping: bool) -> str:
    """Run a module with arguments as Ansible passes them, and return what it prints.

    :param profile: how ansible-core 2.19 and newer has encoded the arguments.
    :param looping: whether other items may follow, which share the session.
    """
    module = importlib.import_module(f"ansible_collections.mongodb_atlas.admin.plugins.modules.{name}")
    # A module's process begins without warnings; the worker may have run an item of the loop before.
    ansible_warnings._global_warnings.clear()
    ansible_warnings._global_deprecations.clear()
    basic._ANSIBLE_ARGS = arguments
    basic._ANSIBLE_PROFILE = profile
    session_factory = sessions.shared_session if looping else sessions.task_session
    output = io.StringIO()
    with sessions.interruptible_task(), contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        module.main(session_factory)
    return output.getvalue()
