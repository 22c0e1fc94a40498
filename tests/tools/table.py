# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print nox' report as a table: what was checked, with which ansible-core, how it ended, how long it took."""

from __future__ import annotations

import json
import pathlib
import re
import sys


def main(report: str) -> int:
    """Print the table; 1 when anything failed."""
    sessions = json.loads(pathlib.Path(report).read_text(encoding="utf-8"))["sessions"]
    rows = [_row(session) for session in sessions]
    total = sum(session["duration"] or 0 for session in sessions)
    print(f"\n{'gate':22} {'ansible-core':12} {'result':8} {'time':>7}")
    for row in rows:
        print(row)
    print(f"{len(rows)} gates {_clock(total):>46}")
    failed = [session for session in sessions if session["result"] not in ("success", "skipped")]
    return 1 if failed or not sessions else 0


def _row(session: dict[str, str | float | list[str]]) -> str:
    # The report names a session with its interpreter and parameters: "units-3.12(2.18)".
    signature = str((session["signatures"] or [session["name"]])[-1])  # type: ignore[index]
    line = re.search(r"\(([^)]+)\)$", signature)
    words = {"success": "passed", "skipped": "SKIPPED"}
    result = words.get(str(session["result"]), "FAILED")
    reason = f"  {session.get('reason')}" if session.get("reason") else ""
    duration = session["duration"]
    return f"{session['name']:22} {line[1] if line else '':12} {result:8} {_clock(float(duration or 0)):>7}{reason}"  # type: ignore[arg-type]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
