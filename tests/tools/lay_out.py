# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lay the checkout's files out where Ansible wants a collection, and print that place.

Ansible and ansible-test want the path to end in ansible_collections/mongodb_atlas/admin; a clone may be anywhere.
Copied is what git tracks, and what it would track if it were added, so that nothing works only by an ignored file.

Needs nothing but Python and git.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_ROOT = CHECKOUT / ".cache" / "tree"


def lay_out(root: pathlib.Path) -> pathlib.Path:
    """Copy what has changed to ROOT/ansible_collections/mongodb_atlas/admin, and remove what is gone."""
    tree = root / "ansible_collections" / "mongodb_atlas" / "admin"
    wanted = _files()
    for name in wanted:
        _copy(CHECKOUT / name, tree / name)
    for path in sorted(tree.rglob("*"), reverse=True):
        name = path.relative_to(tree).as_posix()
        if path.is_file() and name not in wanted and not _is_output(name):
            path.unlink()
    return tree


def _files() -> set[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout.split("\0")
    return {name for name in names if name and (CHECKOUT / name).is_file()}


def _is_output(name: str) -> bool:
    # What tests leave behind there, and the laid out tree does not ignore for itself.
    return name.startswith(("tests/output/", ".git/", ".coverage")) or "__pycache__" in name


def _copy(source: pathlib.Path, target: pathlib.Path) -> None:
    old, new = source.stat(), target.stat() if target.is_file() else None
    if new and (new.st_mtime_ns, new.st_size, new.st_mode) == (old.st_mtime_ns, old.st_size, old.st_mode):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


if __name__ == "__main__":
    print(lay_out(pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else DEFAULT_ROOT))
