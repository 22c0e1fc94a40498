# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides to API keys and service accounts as code say what happens at each failure, as the tests have seen it."""

from __future__ import annotations

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[3]


TESTED = (ROOT / "tests" / "robustness" / "FAULTS.md").read_text(encoding="utf-8")


def rows_of_table(guide: str, last_heading: str) -> list[tuple[str, str]]:
    """Return the rows of the table in a guide whose last heading this is."""
    text = (ROOT / "docs" / "docsite" / "rst" / guide).read_text(encoding="utf-8")
    table = text[text.index(f"     - {last_heading}\n") :].partition("\n\n")[0]
    return re.findall(r"(?m)^   \* - (.*)\n     - (.*)$", table)


@pytest.mark.parametrize(
    ("guide", "last_heading", "tested"),
    [
        ("guide_api_keys_as_code.rst", "How the task ends", r"creation: (.*)"),
        (
            "guide_api_keys_as_code.rst",
            "How the task of the second host ends",
            r"race of two hosts: (.*), the list is current",
        ),
        ("guide_service_accounts.rst", "How the task ends", r"(?=new (?:service account|secret))(.*)"),
    ],
)
def test_table_is_the_tested_one(guide: str, last_heading: str, tested: str) -> None:
    wanted = re.findall(rf"(?m)^\| {tested} \| (.*) \|$", TESTED)
    assert wanted
    assert rows_of_table(guide, last_heading) == wanted
