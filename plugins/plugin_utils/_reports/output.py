# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Where reports go: the screen of the controller, and files there."""

from __future__ import annotations

import errno
import filecmp
import os
import pathlib
import tempfile
import typing as t

from ansible import constants as C
from ansible.utils.display import Display

_display = Display()

_OTHERS: t.Final = 0o077  # the part of a mode that lets the group and others in


def _terminal_columns() -> int | None:
    """Return the width of the terminal, or None if the output is not one. Workers of Ansible have none."""
    try:
        return os.get_terminal_size(1).columns or None
    except OSError:
        return None


# The width of the terminal, or None. Ansible's main process imports this, before it starts the workers.
TERMINAL_COLUMNS: t.Final = _terminal_columns()


def show(text: str) -> None:
    """Print lines as they are. What a task returns is printed as JSON, which a person cannot read as a table.

    A callback that prints JSON itself must not be disturbed.
    """
    if not C.DEFAULT_STDOUT_CALLBACK.rpartition(".")[2].startswith("json"):
        _display.display(text)


def write(path: pathlib.Path, pieces: t.Iterable[str]) -> bool:
    """Write a file that only its owner may read, whole or not at all, and return whether it has changed.

    A directory that does not exist is created.

    :param pieces: the text. The largest reports need no memory if they come in pieces.
    :raises OSError: if the file cannot be written, or if others could read it because the file system keeps no modes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # with the mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            _check_mode(file.fileno())  # before there is anything to read in it
            file.writelines(piece.encode("utf-8", "replace") for piece in pieces)
            file.flush()
            os.fsync(file.fileno())
        changed = not _is_same(path, temporary)
        if changed:
            pathlib.Path(temporary).replace(path)
    finally:  # also after Ansible's own time-out
        pathlib.Path(temporary).unlink(missing_ok=True)
    return changed


def _check_mode(handle: int) -> None:
    mode = os.fstat(handle).st_mode & 0o777
    if mode & _OTHERS:
        raise OSError(
            errno.EPERM,
            f"its mode would be {mode:04o} instead of 0600, because the file system does not keep modes, so others "
            "could read it. Choose a directory on another file system, or mount this one with a umask of 0077",
        )


def _is_same(path: pathlib.Path, new: str) -> bool:
    is_private = path.is_file() and not path.stat().st_mode & _OTHERS
    return is_private and filecmp.cmp(path, new, shallow=False)
