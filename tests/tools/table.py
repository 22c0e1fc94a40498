# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print nox' report as a table: what was checked, with which ansible-core, how it ended, how long it took."""

from __future__ import annotations

import json
import pathlib
import re
import sys
import typing as t

WORDS = {"success": "passed", "skipped": "SKIPPED"}


def main(report: pathlib.Path) -> int:
    """Print the table; 1 when anything failed."""
    sessions = json.loads(report.read_text(encoding="utf-8"))["sessions"] if report.is_file() else []
    if not sessions:
        print("The gates did not run.")
        return 1
    print(f"\n{'gate':22} {'ansible-core':12} {'result':7} {'time':>6}")
    for session in sessions:
        print(_row(session))
    print(f"{len(sessions)} gates {_clock(sum(session['duration'] or 0 for session in sessions)):>42}")
    return 0 if all(session["result"] in WORDS for session in sessions) else 1


def _row(session: dict[str, t.Any]) -> str:
    # A signature is a name with its interpreter and parameters: "units-3.12(2.18)".
    line = re.search(r"\(([^)]+)\)$", str((session["signatures"] or [""])[-1]))
    result = WORDS.get(session["result"], "FAILED")
    row = f"{session['name']:22} {line[1] if line else '':12} {result:7} {_clock(session['duration'] or 0):>6}"
    return f"{row}  {session.get('reason') or ''}".rstrip()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
