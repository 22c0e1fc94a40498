# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the lock files: for each tests/requirements/NAME.in a NAME.txt with versions and hashes of everything.

Run by `make lock`. A lock file is for every Python that its requirements run on; markers say which package is for
which. pip refuses a package that has no hash in a lock file, or another one.

Lock files build on each other: where NAME.in includes OTHER.txt, the versions are those of OTHER.txt, and NAME.txt
includes it and has only what it lacks.
"""

from __future__ import annotations

import functools
import pathlib
import re
import subprocess
import sys

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
REQUIREMENTS = CHECKOUT / "tests" / "requirements"
# Tests install the emulator without its dependencies, so that these come from a lock file.
EMULATOR = CHECKOUT / "tests" / "emulator" / "pyproject.toml"
EMULATORS_LOCK = "suite"
LOWEST_PYTHON = "3.10"  # of tests/tools/find-python

# Without the tags that REUSE would take for those of this file.
HEADER = """\
# {tag}-FileCopyrightText: 2026 Contributors to the mongodb_atlas.admin collection
# {tag}-License-Identifier: GPL-3.0-or-later

# Written by `make lock` from {name}.in. Do not edit.
"""


def main() -> None:
    """Write all lock files, or those that are named on the command line and what they include."""
    for name in sys.argv[1:] or sorted(path.stem for path in REQUIREMENTS.glob("*.in")):
        write(name)


@functools.cache
def write(name: str) -> None:
    """Write the lock file NAME.txt, after those that it includes."""
    for included in included_by(name):
        write(included)
    lock = REQUIREMENTS / f"{name}.txt"
    print(lock.relative_to(CHECKOUT), flush=True)
    lock.write_text(text_of(name), encoding="utf-8")


def included_by(name: str) -> list[str]:
    """Return the names of the lock files that NAME.in includes."""
    return re.findall(r"(?m)^-r (\S+)\.txt$", (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8"))


def text_of(name: str) -> str:
    """Return the text of the lock file NAME.txt."""
    includes = included_by(name)
    have = set().union(*map(packages_of, includes))
    added = [entry for package, entry in entries(compiled(name)) if package not in have]
    lines = [f"-r {included}.txt\n" for included in includes]
    return HEADER.format(name=name, tag="SPDX") + "".join([*lines, *added])


def packages_of(name: str) -> set[str]:
    """Return the packages, as NAME==VERSION, in a lock file and in those that it includes."""
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return set().union({package for package, _entry in entries(text)}, *map(packages_of, included_by(name)))


def entries(text: str) -> list[tuple[str, str]]:
    """Return the packages in the text of a lock file, as NAME==VERSION, each with its lines."""
    return [(found[1], found[0]) for found in re.finditer(r"(?m)^([^\s#-][^\s;]*)(?:.*\\\n)*.*\n", text)]


def compiled(name: str) -> str:
    """Return all packages that NAME.in and the files that it includes need, in the form of a lock file."""
    requirements = REQUIREMENTS / f"{name}.in"
    python = re.search(r"(?m)^# python >= (\S+)$", requirements.read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--python-version", python[1] if python else LOWEST_PYTHON]
    # With its extras: pip 23 does not find NAME[EXTRA] in a line NAME==1.2, takes the newest one, and misses its hash.
    command += ["--no-header", "--no-annotate", "--no-strip-extras", "--upgrade"]
    command += [str(requirements), *([str(EMULATOR)] if name == EMULATORS_LOCK else [])]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
