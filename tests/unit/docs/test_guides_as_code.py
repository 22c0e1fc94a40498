# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides to API keys and service accounts as code say what happens at each failure, as the tests have seen it."""

from __future__ import annotations

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("guide", "prefix"),
    [
        ("guide_api_keys_as_code.rst", "creation: "),
        ("guide_service_accounts.rst", "(?=new (?:service account|secret))"),
    ],
)
def test_table_of_failures_is_the_tested_one(guide: str, prefix: str) -> None:
    tested = (ROOT / "tests" / "robustness" / "FAULTS.md").read_text(encoding="utf-8")
    text = (ROOT / "docs" / "docsite" / "rst" / guide).read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^   \* - (.*)\n     - (.*)$", text[text.index("How the task ends") :])
    assert rows
    assert rows == re.findall(rf"(?m)^\| {prefix}(.*) \| (.*) \|$", tested)
