# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the lock files: for each tests/requirements/NAME.in a NAME.txt with versions and hashes of everything.

Run by `make lock`. A lock file is for every Python that its requirements run on; markers say which package is for
which. pip refuses a package that has no hash in a lock file, or another one.

Lock files build on each other: where NAME.in includes OTHER.txt, the versions are those of OTHER.txt, and NAME.txt
includes it and has only what it lacks.

Run with the Python that has nox, which depends on packaging.
"""

from __future__ import annotations

import functools
import itertools
import pathlib
import re
import subprocess
import sys

from packaging.requirements import Requirement

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
REQUIREMENTS = CHECKOUT / "tests" / "requirements"
# Tests install the emulator without its dependencies, so that these come from a lock file.
EMULATOR = CHECKOUT / "tests" / "emulator" / "pyproject.toml"
EMULATORS_LOCK = "suite"
LOWEST_PYTHON = "3.10"  # of tests/tools/find-python
# What markers distinguish.
NEXT_MINOR = 16
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
IMPLEMENTATIONS = ["CPython", "PyPy"]

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
    have = [requirement for included in includes for requirement in locked_in(included)]
    added = [
        lines for requirement, lines in entries(compiled(name)) if not covers(have, requirement, lowest_python(name))
    ]
    return HEADER.format(name=name, tag="SPDX") + "".join([*(f"-r {included}.txt\n" for included in includes), *added])


def locked_in(name: str) -> list[Requirement]:
    """Return the packages in a lock file and in those that it includes."""
    own = [requirement for requirement, _lines in entries((REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8"))]
    return own + [requirement for included in included_by(name) for requirement in locked_in(included)]


def entries(text: str) -> list[tuple[Requirement, str]]:
    """Return the packages in the text of a lock file, each with its lines."""
    found = re.finditer(r"(?m)^([^\s#-].*?) \\\n(?:.*\\\n)*.*\n", text)
    return [(Requirement(entry[1]), entry[0]) for entry in found]


def covers(have: list[Requirement], wanted: Requirement, lowest: str) -> bool:
    """Return whether HAVE has a package wherever it is WANTED, on all Pythons from the lowest one and all systems."""
    same = [each for each in have if str(each).partition(";")[0] == str(wanted).partition(";")[0]]
    versions = range(int(lowest.partition(".")[2]), NEXT_MINOR)
    for minor, system, implementation in itertools.product(versions, SYSTEMS, IMPLEMENTATIONS):
        environment = {
            "python_version": f"3.{minor}",
            "python_full_version": f"3.{minor}.1",
            "sys_platform": system,
            "platform_system": SYSTEMS[system],
            "os_name": "nt" if system == "win32" else "posix",
            "implementation_name": implementation.lower(),
            "platform_python_implementation": implementation,
        }
        if applies(wanted, environment) and not any(applies(each, environment) for each in same):
            return False
    return True


def applies(requirement: Requirement, environment: dict[str, str]) -> bool:
    """Return whether the marker of a package, if there is one, selects it."""
    return requirement.marker is None or requirement.marker.evaluate(environment)


def lowest_python(name: str) -> str:
    """Return the lowest Python that a lock file is for."""
    found = re.search(r"(?m)^# python >= (\S+)$", (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8"))
    return found[1] if found else LOWEST_PYTHON


def compiled(name: str) -> str:
    """Return all packages that NAME.in and the files that it includes need, in the form of a lock file."""
    requirements = REQUIREMENTS / f"{name}.in"
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--python-version", lowest_python(name)]
    # With its extras: pip 23 does not find NAME[EXTRA] in a line NAME==1.2, takes the newest one, and misses its hash.
    command += ["--no-header", "--no-annotate", "--no-strip-extras", "--upgrade"]
    command += [str(requirements), *([str(EMULATOR)] if name == EMULATORS_LOCK else [])]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
