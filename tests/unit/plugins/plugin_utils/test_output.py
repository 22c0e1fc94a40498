# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of reports: private, and whole or not at all."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports import output


def test_only_the_owner_can_read_a_file(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "new" / "report.txt"
    umask = os.umask(0)
    try:
        assert output.write(path, ["text"])
    finally:
        os.umask(umask)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == "text"
    assert [each.name for each in path.parent.iterdir()] == ["report.txt"]


def test_the_same_text_is_not_written_again(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "report.txt"
    assert output.write(path, ["text"])
    written = path.stat().st_ino
    assert not output.write(path, ["text"])
    assert path.stat().st_ino == written
    assert output.write(path, ["another"])


def test_a_file_that_others_can_read_is_replaced(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("text")
    path.chmod(0o644)
    assert output.write(path, ["text"])
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.txt"
    output.write(path, ["old"])

    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        output.write(path, ["new"])
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["report.txt"]


def test_half_of_a_surrogate_pair_does_not_stop_the_report(tmp_path: pathlib.Path) -> None:
    output.write(tmp_path / "report.txt", ["\ud800 half"])
    assert (tmp_path / "report.txt").read_text() == "? half"


@pytest.mark.parametrize("mode", [0o777, 0o640, 0o604])
def test_file_that_others_could_read_is_not_written(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    """As on a mount without file modes, where every file has the same one."""
    path = tmp_path / "report.txt"
    kept = os.fstat

    def fstat(handle: int) -> os.stat_result:
        found = list(kept(handle))
        return os.stat_result([found[0] & ~0o777 | mode, *found[1:]])

    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(OSError, match=f"its mode would be {mode:04o} instead of 0600"):
        output.write(path, ["text"])
    assert list(tmp_path.iterdir()) == []


def test_mode_of_a_mount_that_lets_in_the_owner_alone_is_private(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mount with umask=0077 has 0700 for all files."""
    path = tmp_path / "report.txt"
    output.write(path, ["text"])
    path.chmod(0o700)
    assert not output.write(path, ["text"])


@pytest.mark.skipif(not shutil.which("bindfs"), reason="needs bindfs and FUSE to mount a directory without file modes")
def test_mount_without_file_modes(tmp_path: pathlib.Path) -> None:
    source, mount = tmp_path / "source", tmp_path / "mount"
    source.mkdir()
    mount.mkdir()
    mounted = subprocess.run(
        ["bindfs", "-p", "0777", "--chmod-ignore", str(source), str(mount)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"bindfs cannot mount here: {mounted.stderr}")
    try:
        with pytest.raises(OSError, match="does not keep modes"):
            output.write(mount / "report.txt", "text")
        assert list(source.iterdir()) == []
    finally:
        subprocess.run(["fusermount", "-u", str(mount)], check=True)
