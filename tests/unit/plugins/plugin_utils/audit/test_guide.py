# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of rules for the guide."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.guide import rules_as_rst
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES


def test_each_rule_has_a_row_of_four_cells() -> None:
    lines = rules_as_rst().splitlines()
    assert lines[0] == ".. list-table::"
    assert sum(line.startswith("   * - ") for line in lines) == len(RULES) + 1
    assert sum(line.startswith("     - ") for line in lines) == 3 * (len(RULES) + 1)
    for rule in RULES:
        place = lines.index(f"   * - ``{rule.id}``")
        assert lines[place + 1] == f"     - {rule.severity}"
        assert rule.title in lines[place + 2]


def test_what_is_markup_is_escaped() -> None:
    assert "widest\\_ipv4" in rules_as_rst()
