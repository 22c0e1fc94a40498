# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The file that takes a secret: tested before the credential is created, written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import stat
import tempfile
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import hold_signals

FORMATS = ("json", "env")

Encrypt = t.Callable[[bytes], bytes]

# Vault ID to what encrypts with it. Set by the action plugin, in process: only the controller has vault secrets. None
# in an ordinary module, which is another process.
vaults: dict[str, Encrypt] | None = None

# Part of the message about a vault ID there. The action plugin knows why the task is an ordinary module, and adds it.
ORDINARY_MODULE = "this task runs as an ordinary module."

# The permissions of a file that others can use.
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

Fields = t.Mapping[str, t.Optional[str]]


class SecretFile:
    """A file that does not exist yet.

    :param path: where the module runs.
    :param file_format: ``json``, or ``env`` for a shell and for ``EnvironmentFile`` of systemd.
    :param vault_id: encrypt with Ansible's vault; None for a plain file.
    :param variables: environment variable to the field that it contains, for ``env``.
    """

    def __init__(self, path: str, file_format: str, vault_id: str | None, variables: t.Mapping[str, str]) -> None:
        self.path = pathlib.Path(path)
        self._variables = variables
        self._format = file_format
        self._vault_id = vault_id
        self._reserved: pathlib.Path | None = None
        self._identity: tuple[int, int] | None = None  # device and number of the file that was reserved

    def check(self) -> None:
        """Test the destination, and the vault, without leaving anything behind.

        :raises UsageError: if it could not be written. What the vault raises is passed on.
        """
        with hold_signals():
            try:
                self.reserve()
                self._encrypt(b"")
            finally:
                self.discard()

    def reserve(self) -> None:
        """Make sure that the file can be written: the same directory, the same size, 0600.

        :raises UsageError: if it could not be written, or others could read it, or it exists: it may contain another
            secret.
        """
        self._check_vault()
        if not self.path.is_absolute():
            raise UsageError(
                f"secret_file is {shown(str(self.path))}, which is not an absolute path. Only a task on the controller"
                " resolves a relative path, against the directory of the playbook. Give an absolute path."
            )
        if exists(self.path):
            raise UsageError(
                f"secret_file is {shown(str(self.path))}, which exists. It may contain another secret, so it is not"
                " overwritten. Move it away, or give another path."
            )
        try:
            handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)  # 0600
            self._reserved = pathlib.Path(name)
            status = os.fstat(handle)
            self._identity = _identity(status)
            os.close(handle)
            self._reserved.write_bytes(b" " * 4096)
        except OSError as error:
            raise UsageError(
                f"secret_file is {shown(str(self.path))}, which cannot be written: {error.strerror}."
            ) from None
        except ValueError:  # a null byte, or what the file system cannot encode
            raise UsageError(f"secret_file is {shown(str(self.path))}, which is not a path.") from None
        if status.st_mode & _OTHERS:
            raise UsageError(
                f"secret_file is {shown(str(self.path))}, on a file system that does not keep the mode 0600: the file"
                f" would have the mode {stat.S_IMODE(status.st_mode):04o}, and others could use it. Give a path on"
                " another file system."
            )
        self._try_link(self._reserved)

    def _check_vault(self) -> None:
        if self._vault_id is None or self._vault_id in (vaults or {}):
            return
        described = f"secret_vault_id is {shown(self._vault_id)}"
        if vaults is None:
            raise UsageError(
                f"{described}, and only the controller has the secrets of the vault: it needs in-process execution, and"
                f" {ORDINARY_MODULE}"
            )
        known = ", ".join(map(shown, sorted(vaults))) or "none"
        raise UsageError(
            f"{described}, which is not a vault ID of this run (these are: {known}). Give its password with --vault-id."
        )

    def _encrypt(self, content: bytes) -> bytes:
        return content if self._vault_id is None else (vaults or {})[self._vault_id](content)

    def _try_link(self, reserved: pathlib.Path) -> None:
        """``write`` makes a hard link, because that overwrites nothing. Not every file system has them."""
        link = reserved.with_name(f"{reserved.name}.link")
        try:
            os.link(reserved, link)
            link.unlink()
        except OSError as error:
            raise UsageError(
                f"secret_file is {shown(str(self.path))}, on a file system where no hard link can be made:"
                f" {error.strerror}. Give a path on another file system."
            ) from None

    def discard(self) -> None:
        """Remove what ``reserve`` has made."""
        if not self._reserved:
            return
        with hold_signals():
            if not self.is_written():
                self._identity = None  # the inode may be reused after unlink
            self._reserved.unlink(missing_ok=True)
            self._reserved = None

    def is_written(self) -> bool:
        """Return whether the file at the path is the one that was reserved, and not that of another task."""
        try:
            return self._identity == _identity(os.lstat(self.path))
        except OSError:
            return False

    def write(self, fields: Fields) -> None:
        """Write the file, which must be reserved.

        :param fields: the credential with its secret. What is not known is None.
        :raises AtlasError: if that fails after all; then there is no file.
        """
        content = self._content(fields)
        reserved = t.cast(pathlib.Path, self._reserved)
        try:
            with reserved.open("wb") as file:
                file.write(self._encrypt(content))
                file.flush()
                os.fsync(file.fileno())
            os.link(reserved, self.path)  # fails if it exists by now, which a rename would not
        except OSError as error:
            raise AtlasError(f"{self.path} could not be written: {error.strerror}.") from None
        finally:
            with contextlib.suppress(OSError):
                self.discard()

    def remove(self) -> None:
        """Remove the file that ``write`` has written, if it has."""
        if self.is_written():
            self.path.unlink(missing_ok=True)

    def _content(self, fields: Fields) -> bytes:
        if self._format == "json":
            return (json.dumps(fields, indent=2) + "\n").encode()
        return "".join(f"{name}={fields.get(field) or ''}\n" for name, field in self._variables.items()).encode()


def exists(path: str | pathlib.Path) -> bool:
    """Return whether there is a file, or anything else, already."""
    return os.path.lexists(path)


def names_another(path: str | pathlib.Path, identifier: str) -> bool:
    """Return whether a file that was written here before contains the secret of another credential.

    Only JSON that is not encrypted tells.
    """
    try:
        content = json.loads(pathlib.Path(path).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and "kind" in content and identifier not in content.values()


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
