# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to API keys as code has the results of the robustness tests."""

from __future__ import annotations

import pathlib
import re

ROOT = pathlib.Path(__file__).parents[3]


def test_table_of_failures_is_the_tested_one() -> None:
    tested = (ROOT / "tests" / "robustness" / "FAULTS.md").read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_api_keys_as_code.rst").read_text(encoding="utf-8")
    table = guide[guide.index("How the task ends") :]
    rows = re.findall(r"(?m)^   \* - (.*)\n     - (.*)$", table)
    assert rows == re.findall(r"(?m)^\| creation: (.*) \| (.*) \|$", tested)
