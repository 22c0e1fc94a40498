# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ask a real organization what is not known, and compare the rest with what the collection is built on.

``python tests/acceptance --help`` tells how. Never run in CI.
"""

from __future__ import annotations

import argparse
import pathlib
import sys

import part_r
import part_w

from answers import DIFFERS, table, write
from wire import NoCredentials, Wire
from workshop import Refused


def main() -> int:
    """Read the command line, ask, and write the answers. Returns 1 if something differs, 2 if nothing was asked."""
    parser = argparse.ArgumentParser(prog="make acceptance", description=__doc__)
    parser.add_argument("--directory", type=pathlib.Path, default=pathlib.Path("acceptance"), help="for the answers")
    parser.add_argument("--throwaway", metavar="NAME", help="also run part W, in the organization of this name")
    options = parser.parse_args()
    try:
        with Wire() as wire:
            answers = part_r.read(wire)
            if options.throwaway:
                answers += part_w.write(wire, options.throwaway, options.directory)
    except (NoCredentials, Refused) as error:
        print(error, file=sys.stderr)
        return 2
    write(answers, options.directory)
    print(table(answers))
    print(f"Written to {options.directory}. Attach answers.txt and answers.json to an issue: they hold no secret.")
    return 1 if any(answer.verdict == DIFFERS for answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
