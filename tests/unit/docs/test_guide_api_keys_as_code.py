# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to API keys as code shows the results of the robustness tests."""

from __future__ import annotations

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[3]


TESTED = (ROOT / "tests" / "robustness" / "FAULTS.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs" / "docsite" / "rst" / "guide_api_keys_as_code.rst").read_text(encoding="utf-8")


def rows_of_table(last_heading: str) -> list[tuple[str, str]]:
    """Return the rows of the table whose last heading this is."""
    table = GUIDE[GUIDE.index(f"     - {last_heading}\n") :].partition("\n\n")[0]
    return re.findall(r"(?m)^   \* - (.*)\n     - (.*)$", table)


def test_table_of_failures_is_the_tested_one() -> None:
    assert rows_of_table("How the task ends") == re.findall(r"(?m)^\| creation: (.*) \| (.*) \|$", TESTED)


def test_table_of_races_is_the_tested_one() -> None:
    tested = re.findall(r"(?m)^\| race of two hosts: (.*), the list is current \| (.*) \|$", TESTED)
    assert tested
    assert rows_of_table("How the task of the second host ends") == tested
