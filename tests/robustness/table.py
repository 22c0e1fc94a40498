# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of faults in the documentation, which the tests write and hold against what they see."""

from __future__ import annotations

import pathlib
import typing as t

PLACE = pathlib.Path(__file__).parent / "FAULTS.md"

# Ends what stands above the rows, which is written by hand.
_RULE = "|---|---|\n"


def read(path: pathlib.Path = PLACE) -> dict[str, str]:
    """Fault to what happened."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    cells = [line.strip("|").split("|") for line in lines if line.startswith("| ") and "| fault |" not in line]
    return {fault.strip(): happened.strip() for fault, happened in cells}


def write(rows: t.Mapping[str, str], path: pathlib.Path) -> None:
    """Write ROWS, sorted, so that their order does not depend on that of the tests."""
    head, rule, _rows = PLACE.read_text(encoding="utf-8").partition(_RULE)
    table = "".join(f"| {fault} | {rows[fault]} |\n" for fault in sorted(rows))
    path.write_text(head + rule + table, encoding="utf-8")
