# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write the lock files: for each tests/requirements/NAME.in a NAME.txt with versions and hashes of everything.

Run by `make lock`. A lock file is for every Python that its requirements run on; markers say which package is for
which. pip refuses a package that has no hash in a lock file, or another one.
"""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
REQUIREMENTS = CHECKOUT / "tests" / "requirements"
# Tests install the emulator without its dependencies, so that these come from the lock file.
EMULATOR = CHECKOUT / "tests" / "emulator" / "pyproject.toml"
LOWEST_PYTHON = "3.10"  # of tests/tools/find-python

# Without the tags that REUSE would take for those of this file.
HEADER = """\
# {tag}-FileCopyrightText: 2026 Contributors to the mongodb_atlas.admin collection
# {tag}-License-Identifier: GPL-3.0-or-later

# Written by `make lock` from {name}.in. Do not edit.
"""


def main() -> None:
    """Write all lock files, or those that are named on the command line."""
    for name in sys.argv[1:] or sorted(path.stem for path in REQUIREMENTS.glob("*.in")):
        lock = REQUIREMENTS / f"{name}.txt"
        print(lock.relative_to(CHECKOUT))
        lock.write_text(HEADER.format(name=name, tag="SPDX") + compiled(name), encoding="utf-8")


def compiled(name: str) -> str:
    """The lines of a lock file, from NAME.in and the files that it includes."""
    requirements = REQUIREMENTS / f"{name}.in"
    text = requirements.read_text(encoding="utf-8")
    python = re.search(r"(?m)^# python >= (\S+)$", text)
    with_emulator = [str(EMULATOR)] if name == "test" or "-r test.in" in text else []
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--python-version", python[1] if python else LOWEST_PYTHON]
    # With its extras: pip 23 does not find NAME[EXTRA] in a line NAME==1.2, takes the newest one, and misses its hash.
    command += ["--no-header", "--no-annotate", "--no-strip-extras", "--upgrade"]
    command += [str(requirements), *with_emulator]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main()
