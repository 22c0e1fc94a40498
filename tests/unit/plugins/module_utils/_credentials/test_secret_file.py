# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file that takes a secret: written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import pathlib

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import secret_file
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, UsageError

FIELDS: dict[str, str | None] = {"kind": "pass", "org_id": "org", "number": "7", "word": "secret", "created_at": None}
VARIABLES = {"PASS_NUMBER": "number", "PASS_WORD": "word", "PASS_CREATED": "created_at"}


def secret_file_at(path: object, file_format: str = "json", vault_id: str | None = None) -> SecretFile:
    return SecretFile(str(path), file_format, vault_id, VARIABLES)


def written(path: pathlib.Path, file_format: str, vault_id: str | None = None) -> str:
    file = secret_file_at(path, file_format, vault_id)
    file.reserve()
    file.write(FIELDS)
    return path.read_text(encoding="utf-8")


def names(directory: pathlib.Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_json(tmp_path: pathlib.Path) -> None:
    assert json.loads(written(tmp_path / "key", "json")) == FIELDS
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["key"]


def test_env(tmp_path: pathlib.Path) -> None:
    assert written(tmp_path / "key", "env").splitlines() == [
        "PASS_NUMBER=7",
        "PASS_WORD=secret",
        "PASS_CREATED=",
    ]


def test_vault(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_file, "vaults", {"prod": lambda content: b"encrypted %d" % len(content)})
    assert written(tmp_path / "key", "json", "prod").startswith("encrypted ")
    with pytest.raises(UsageError, match=r"not a vault ID of this run \(these are: 'prod'\)"):
        secret_file_at(tmp_path / "other", vault_id="test").check()


def test_vault_that_cannot_encrypt_is_noticed_before_there_is_a_secret(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encrypt(_content: bytes) -> bytes:
        raise RuntimeError("No cryptography.")

    monkeypatch.setattr(secret_file, "vaults", {"prod": encrypt})
    with pytest.raises(RuntimeError, match="No cryptography"):
        secret_file_at(tmp_path / "key", vault_id="prod").check()
    assert names(tmp_path) == []


def test_vault_in_an_ordinary_module(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match="it needs in-process execution, and this task runs as an ordinary module"):
        secret_file_at(tmp_path / "key", vault_id="prod").check()


def test_check_leaves_nothing_behind(tmp_path: pathlib.Path) -> None:
    secret_file_at(tmp_path / "key").check()
    assert not names(tmp_path)


def test_what_exists_is_not_overwritten(tmp_path: pathlib.Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nothing")
    with pytest.raises(UsageError, match="exists"):
        secret_file_at(tmp_path / "link").check()
    file = secret_file_at(tmp_path / "key")
    file.reserve()
    (tmp_path / "key").write_text("another one", encoding="utf-8")  # by another task
    with pytest.raises(AtlasError, match="could not be written"):
        file.write(FIELDS)
    assert (tmp_path / "key").read_text(encoding="utf-8") == "another one"
    assert names(tmp_path) == ["key", "link"]


@pytest.mark.parametrize("path", ["key", "./key", "../key"])
def test_relative_path_is_refused(path: str) -> None:
    with pytest.raises(UsageError, match="not an absolute path"):
        secret_file_at(path).check()


def test_file_system_without_modes_is_refused(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fstat

    def fstat(handle: int) -> os.stat_result:
        return os.stat_result((real(handle).st_mode | 0o777, *real(handle)[1:]))

    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(UsageError, match="does not keep the mode 0600: the file would have the mode 0777"):
        secret_file_at(tmp_path / "key").check()
    assert not names(tmp_path)


def test_directory_that_does_not_exist(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match="cannot be written: No such file"):
        secret_file_at(tmp_path / "no" / "key").check()


@pytest.mark.parametrize("name", ["nu\0ll", "\ud800"])
def test_name_that_no_file_can_have(tmp_path: pathlib.Path, name: str) -> None:
    with pytest.raises(UsageError, match="not a path"):
        secret_file_at(f"{tmp_path}/{name}").check()


def test_file_of_another_task_is_not_removed(tmp_path: pathlib.Path) -> None:
    """Two tasks with the same path: the one that is later must not remove the private key of the other."""
    first, second = (secret_file_at(tmp_path / "key") for _each in range(2))
    first.reserve()
    second.reserve()
    first.write(FIELDS)
    with pytest.raises(AtlasError, match="File exists"):
        second.write({**FIELDS, "number": "8"})
    second.remove()
    assert json.loads((tmp_path / "key").read_text(encoding="utf-8")) == FIELDS
    first.remove()
    assert not names(tmp_path)


def test_number_of_a_file_that_is_gone_identifies_nothing(tmp_path: pathlib.Path) -> None:
    """A file system gives it to the next file."""
    file = secret_file_at(tmp_path / "key")
    for _each in range(20):
        file.reserve()
        file.discard()
        other = secret_file_at(tmp_path / "key")
        other.reserve()
        other.write(FIELDS)
        file.remove()
        assert names(tmp_path) == ["key"]
        other.remove()


@pytest.mark.parametrize(
    ("function", "error"), [("link", errno.EPERM), ("close", errno.ENOSPC), ("close", errno.EDQUOT)]
)
def test_destination_that_cannot_be_written(
    function: str, error: int, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file system without hard links, or that is full: known before a key is created, and nothing is left behind."""

    def fail(*_arguments: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, function, fail)
    file = secret_file_at(tmp_path / "key")
    with pytest.raises(UsageError, match=os.strerror(error)):
        file.check()
    assert not names(tmp_path)
