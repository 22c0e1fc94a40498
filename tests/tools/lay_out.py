# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lay the checkout's files out where Ansible looks for a collection, and print the path.

Ansible and ansible-test require a path that ends in ansible_collections/mongodb_atlas/admin; a clone may be anywhere.
The files are those that git tracks and those that `git add` would add, so that tests see a new file, but no ignored
one. With --tracked only the former, for a build.

Needs only Python and git.
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
import subprocess

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT_ROOT = CHECKOUT / ".cache" / "tree"


def lay_out(root: pathlib.Path, *, tracked_only: bool = False) -> pathlib.Path:
    """Copy changed files to ROOT/ansible_collections/mongodb_atlas/admin, and remove those that no longer exist."""
    tree = root / "ansible_collections" / "mongodb_atlas" / "admin"
    wanted = _files(tracked_only)
    for name in wanted:
        _copy(CHECKOUT / name, tree / name)
    for path in sorted(tree.rglob("*"), reverse=True):
        name = path.relative_to(tree).as_posix()
        if path.is_file() and name not in wanted and not _is_output(name):
            path.unlink(missing_ok=True)
    return tree


def _files(tracked_only: bool) -> set[str]:
    untracked = [] if tracked_only else ["--others", "--exclude-standard"]
    command = ["git", "ls-files", "--cached", *untracked, "-z"]
    names = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout.split("\0")
    return {name for name in names if name and (CHECKOUT / name).is_file()}


def _is_output(name: str) -> bool:
    # Files that tests write into the laid out tree.
    return name.startswith(("tests/output/", ".git/", ".coverage")) or "__pycache__" in name


def _copy(source: pathlib.Path, target: pathlib.Path) -> None:
    old, new = source.stat(), target.stat() if target.is_file() else None
    if new and (new.st_mtime_ns, new.st_size, new.st_mode) == (old.st_mtime_ns, old.st_size, old.st_mode):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracked", action="store_true", help="leave out files that git does not track")
    parser.add_argument("root", type=pathlib.Path, nargs="?", default=DEFAULT_ROOT, help="default: %(default)s")
    arguments = parser.parse_args()
    print(lay_out(arguments.root.resolve(), tracked_only=arguments.tracked))


if __name__ == "__main__":
    main()
