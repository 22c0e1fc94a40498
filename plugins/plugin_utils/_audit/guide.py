# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The table of rules in the guide, made from the rules themselves."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES


def rules_as_rst() -> str:
    """A list-table in reStructuredText, the worst first: ID, severity, meaning, and what to do."""
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 20 10 40 30", ""]
    for row in (("Rule", "Severity", "Meaning", "What to do"), *_rows()):
        lines += [f"   {'*' if place == 0 else ' '} - {cell}" for place, cell in enumerate(row)]
    return "\n".join(lines) + "\n"


def _rows() -> list[tuple[str, ...]]:
    return [
        (f"``{rule.id}``", rule.severity, f"{rule.title}. {_escape(rule.meaning)}", _escape(rule.remediation))
        for rule in RULES
    ]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("`", "\\`").replace("_", "\\_").replace("|", "\\|")
