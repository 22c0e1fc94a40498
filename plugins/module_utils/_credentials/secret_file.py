# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The file that takes a private key: tested before the key is created, written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import tempfile
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import hold_signals

FORMATS = ("json", "env")

Encrypt = t.Callable[[bytes], bytes]

# Vault ID to what encrypts with it. Filled by the action plugin, in process: only the controller has vault secrets.
vaults: dict[str, Encrypt] = {}


class SecretFile:
    """A file that does not exist yet.

    :param path: where the module runs.
    :param file_format: ``json``, or ``env`` for a shell and for ``EnvironmentFile`` of systemd.
    :param vault_id: encrypt with Ansible's vault; None for a plain file.
    """

    def __init__(self, path: str, file_format: str, vault_id: str | None) -> None:
        self.path = pathlib.Path(path)
        self._format = file_format
        self._vault_id = vault_id
        self._reserved: pathlib.Path | None = None
        self._identity: tuple[int, int] | None = None  # device and number of the file that was reserved

    @property
    def exists(self) -> bool:
        """Whether there is a file, or anything else, already."""
        return os.path.lexists(self.path)

    def check(self) -> None:
        """Test the destination without leaving anything behind.

        :raises UsageError: if it could not be written.
        """
        with hold_signals():
            try:
                self.reserve()
            finally:
                self.discard()

    def reserve(self) -> None:
        """Make sure that the file can be written: the same directory, the same size, 0600.

        :raises UsageError: if it could not be written, or exists: it may hold the private key of another API key.
        """
        if self._vault_id is not None and self._vault_id not in vaults:
            raise UsageError(
                f"secret_vault_id is {shown(self._vault_id)}, which is not a vault ID of this run, or the task"
                " does not run in process on the controller. Give its password with --vault-id."
            )
        if self.exists:
            raise UsageError(
                f"secret_file is {shown(str(self.path))}, which exists. It may hold the private key of another API"
                " key, so it is not overwritten. Move it away, or give another path."
            )
        try:
            handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)  # 0600
            self._reserved = pathlib.Path(name)
            self._identity = _identity(os.fstat(handle))
            os.close(handle)
            self._reserved.write_bytes(b" " * 4096)
        except OSError as error:
            raise UsageError(
                f"secret_file is {shown(str(self.path))}, which cannot be written: {error.strerror}."
            ) from None
        except ValueError:  # a null byte, or what the file system cannot encode
            raise UsageError(f"secret_file is {shown(str(self.path))}, which is not a path.") from None
        self._try_link(self._reserved)

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
            if not self._is_written():
                self._identity = None  # another file may get the number when this one is gone
            self._reserved.unlink(missing_ok=True)
            self._reserved = None

    def _is_written(self) -> bool:
        """Whether the file at the path is the one that was reserved, and not that of another task."""
        try:
            return self._identity == _identity(os.lstat(self.path))
        except OSError:
            return False

    def write(self, fields: t.Mapping[str, str]) -> None:
        """Write the file, which must be reserved.

        :param fields: ``org_id``, ``api_user_id``, ``public_key``, ``private_key``.
        :raises AtlasError: if that fails after all; then there is no file.
        """
        content = self._content(fields)
        reserved = t.cast(pathlib.Path, self._reserved)
        try:
            with reserved.open("wb") as file:
                file.write(vaults[self._vault_id](content) if self._vault_id is not None else content)
                file.flush()
                os.fsync(file.fileno())
            os.link(reserved, self.path)  # fails if it exists meanwhile, which a rename would not
        except OSError as error:
            raise AtlasError(f"{self.path} could not be written: {error.strerror}.") from None
        finally:
            with contextlib.suppress(OSError):
                self.discard()

    def remove(self) -> None:
        """Remove the file that ``write`` has written, if it has."""
        if self._is_written():
            self.path.unlink(missing_ok=True)

    def _content(self, fields: t.Mapping[str, str]) -> bytes:
        if self._format == "json":
            return (json.dumps(fields, indent=2) + "\n").encode()
        names = {
            "public_key": "MONGODB_ATLAS_PUBLIC_API_KEY",
            "private_key": "MONGODB_ATLAS_PRIVATE_API_KEY",
            "org_id": "MONGODB_ATLAS_ORG_ID",
        }
        return "".join(f"{variable}={fields[name]}\n" for name, variable in names.items()).encode()


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
