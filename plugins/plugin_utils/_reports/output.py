# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What reports are written to: the screen of the controller, and files there."""

from __future__ import annotations

import os
import pathlib
import tempfile

from ansible import constants as C
from ansible.utils.display import Display

_display = Display()


def show(text: str) -> None:
    """Print lines as they are. What a task returns is printed as JSON, which a person cannot read as a table.

    A callback that prints JSON itself must not be disturbed.
    """
    if not C.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2].startswith("json"):
        _display.display(text)


def write(path: pathlib.Path, text: str) -> bool:
    """Write a file that only its owner may read, whole or not at all. Whether it has changed.

    Raises OSError. The directory is made if there is none.
    """
    data = text.encode("utf-8", "replace")
    if _is_same(path, data):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # with the mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        pathlib.Path(temporary).replace(path)
    except BaseException:  # Ansible's own time-out, for one
        pathlib.Path(temporary).unlink()
        raise
    return True


def _is_same(path: pathlib.Path, data: bytes) -> bool:
    is_private = path.is_file() and path.stat().st_mode & 0o777 == 0o600
    return is_private and path.read_bytes() == data
