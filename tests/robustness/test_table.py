# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of faults itself. That its rows say what happens, the tests that try them check."""

from __future__ import annotations

import pathlib

import table


def test_table_has_no_row_that_no_test_writes() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in pathlib.Path(__file__).parent.glob("test_*.py"))
    assert not [fault for fault in table.read() if f'"{fault}"' not in tests]


def test_table_is_long_enough_to_be_worth_reading() -> None:
    assert len(table.read()) >= 60
