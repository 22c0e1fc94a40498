# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is derived from the code of the audit is current: `make guide` writes it."""

from __future__ import annotations

import importlib.util
import pathlib

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES

TREE = pathlib.Path(__file__).resolve().parents[5]
_SPEC = importlib.util.spec_from_file_location("audit_guide", TREE / "tests" / "tools" / "audit_guide.py")
audit_guide = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(audit_guide)


@pytest.mark.parametrize("path", [audit_guide.GUIDE, audit_guide.SCHEMA], ids=str)
def test_it_is_current(path: pathlib.Path) -> None:
    text = (TREE / path).read_text(encoding="utf-8")
    assert text == (audit_guide.guide(text) if path == audit_guide.GUIDE else audit_guide.schema())


def test_each_rule_has_a_row_of_four_cells() -> None:
    lines = audit_guide.rules_as_rst().splitlines()
    assert lines[0] == ".. list-table::"
    assert sum(line.startswith("   * - ") for line in lines) == len(RULES) + 1
    assert sum(line.startswith("     - ") for line in lines) == 3 * (len(RULES) + 1)
    for rule in RULES:
        place = lines.index(f"   * - ``{rule.id}``")
        assert lines[place + 1] == f"     - {rule.severity}"
        assert rule.title in lines[place + 2]


def test_what_is_markup_is_escaped() -> None:
    assert "ORG\\_OWNER" in audit_guide.rules_as_rst()
