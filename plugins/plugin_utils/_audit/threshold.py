# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""When a report should fail the job that made it: findings that are as severe as a threshold, or worse."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import SEVERITIES, Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rows import count
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.wording import by_severity, not_accepted


class Threshold(t.NamedTuple):
    """A severity or `none`. `new_only` leaves out what the baseline has; without a baseline that is nothing."""

    severity: str
    new_only: bool

    def describe(self, document: Document) -> str | None:
        """Such as: 2 critical, 5 high. None if nothing is that severe."""
        severities = SEVERITIES[: SEVERITIES.index(self.severity) + 1] if self.severity in SEVERITIES else ()
        found = [row for row in not_accepted(document["findings"]) if row["severity"] in severities]
        counted = [row for row in found if not (self.new_only and row["status"] == "known")]
        return by_severity(count(counted)) if counted else None
