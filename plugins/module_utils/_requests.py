# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Import requests and urllib3, or keep the reason why they cannot be imported.

Ansible's main process imports this file for the action plugins. No error of the import may end a whole run, so
it is kept and reported by the task that needs the libraries.
"""

from __future__ import annotations

import importlib
import shlex
import sys
import typing as t
import warnings

from ansible.module_utils.basic import missing_required_lib

# Why the libraries cannot be used, as the message of the task; None if they can.
IMPORT_ERROR: str | None = None

requests: t.Any = None
urllib3: t.Any = None

# Base classes. Without the libraries, the classes derived from them can be defined, and none of them is used.
HTTPAdapter: t.Any = object
HTTPDigestAuth: t.Any = object
BaseSession: t.Any = object


def _import_error(error: BaseException) -> str:
    """Return the message for ERROR: a library that is missing, or one that is installed and broken."""
    name = getattr(error, "name", None)
    if isinstance(error, ModuleNotFoundError) and name in ("requests", "urllib3"):
        # shlex: the path may hold a space.
        install = f"{shlex.quote(sys.executable)} -m pip install 'requests>=2.28'"
        return f"{missing_required_lib(name)} For example: {install}"
    lines = str(error).strip().splitlines() or ["no reason given"]
    return (
        f"The Python library requests is installed for {sys.executable}, but importing it failed:"
        f" {type(error).__name__}: {lines[-1]}. Reinstall requests and urllib3 for this Python interpreter."
    )


try:
    with warnings.catch_warnings():
        # RequestsDependencyWarning would be printed raw into the output of a run.
        warnings.simplefilter("ignore")
        requests = importlib.import_module("requests")
        urllib3 = importlib.import_module("urllib3")
        HTTPAdapter = importlib.import_module("requests.adapters").HTTPAdapter
        HTTPDigestAuth = importlib.import_module("requests.auth").HTTPDigestAuth
        BaseSession = importlib.import_module("requests.sessions").Session
except (Exception, SystemExit) as import_error:  # noqa: BLE001  # foreign code: a broken one raises anything
    IMPORT_ERROR = _import_error(import_error)
    requests = urllib3 = None
    HTTPAdapter = HTTPDigestAuth = BaseSession = object
