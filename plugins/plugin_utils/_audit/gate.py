# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The gate: whether the job that made a report fails, and why."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    FindingRow,
    GateFindingRow,
    GateNotCheckedRow,
    GateRow,
    NotCheckedRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import at_least, by_severity, is_open

NONE: t.Final = "none"


@dataclasses.dataclass(frozen=True)
class Gate:
    """When the job fails.

    :param fail_on: a severity, for findings as bad as that or worse, or ``none``.
    :param new_only: whether known findings do not count. Without a baseline all are new.
    :param fail_on_not_checked: whether checks that could not be made count. By default they do, unless ``fail_on`` is
        ``none``.
    :param acknowledge: whether this run takes everything that was found as known.
    """

    fail_on: str = NONE
    new_only: bool = False
    fail_on_not_checked: bool = False
    acknowledge: bool = False

    def counts_finding(self, finding: FindingRow) -> bool:
        """Return whether the job fails because of a finding."""
        if not is_open(finding) or finding["severity"] not in at_least(self.fail_on):
            return False
        return not (self.new_only and finding["status"] == "known")

    def counts_not_checked(self, row: NotCheckedRow) -> bool:
        """Return whether the job fails because checks could not be made."""
        can_be_made = row["cause"] != "not_recorded"  # nobody can make Atlas record more
        return self.fail_on_not_checked and can_be_made and row["severity"] in at_least(self.fail_on)

    def row(self, findings: list[FindingRow], carried: list[FindingRow], not_checked: list[NotCheckedRow]) -> GateRow:
        """Return the verdict on a report whose rows say whether they fail the gate."""
        failing = _findings(findings, carried)
        unmade = _not_checked(not_checked)
        return {
            "fail_on": self.fail_on,
            "new_only": self.new_only,
            "fail_on_not_checked": self.fail_on_not_checked,
            "acknowledged": self.acknowledge,
            "failed": bool(failing or unmade),
            "findings": failing,
            "not_checked": unmade,
            "message": _message(failing, unmade) or None,
        }


def read_gate(
    fail_on: object = None, new_only: object = False, fail_on_not_checked: object = None, acknowledge: object = False
) -> Gate:
    """Return the gate for the options of the audit.

    :raises AuditError: if one of them cannot be used.
    """
    threshold = NONE if fail_on in (None, "", False) else fail_on
    if threshold not in (NONE, *SEVERITIES):
        raise AuditError(f"fail_on must be one of {', '.join((NONE, *SEVERITIES))}, and is {fail_on!r}.")
    for name, value in (("new_only", new_only), ("acknowledge", acknowledge)):
        if not isinstance(value, bool):
            raise AuditError(f"{name} must be true or false, and is {value!r}.")
    if fail_on_not_checked is None:
        fail_on_not_checked = threshold != NONE
    if not isinstance(fail_on_not_checked, bool):
        raise AuditError(f"fail_on_not_checked must be true or false, and is {fail_on_not_checked!r}.")
    return Gate(str(threshold), bool(new_only), fail_on_not_checked, bool(acknowledge))


def _findings(findings: list[FindingRow], carried: list[FindingRow]) -> list[GateFindingRow]:
    rows: dict[tuple[str, str], GateFindingRow] = {}
    for name, group in (("findings", findings), ("carried", carried)):
        for finding in group:
            if finding["fails_gate"]:
                row = rows.setdefault(
                    (finding["rule"], finding["severity"]),
                    {
                        "rule": finding["rule"],
                        "severity": finding["severity"],
                        "title": finding["title"],
                        "findings": 0,
                        "carried": 0,
                    },
                )
                row[name] += 1  # type: ignore[literal-required]  # one of two fields, both numbers
    return sorted(rows.values(), key=lambda row: SEVERITIES.index(row["severity"]))


def _not_checked(rows: list[NotCheckedRow]) -> list[GateNotCheckedRow]:
    groups: dict[str, list[NotCheckedRow]] = {}
    for row in rows:
        if row["fails_gate"]:
            groups.setdefault(row["rule"], []).append(row)
    return [_unmade(group) for group in groups.values()]


def _unmade(rows: list[NotCheckedRow]) -> GateNotCheckedRow:
    known = [row["credentials"] for row in rows]
    return {
        "rule": rows[0]["rule"],
        "severity": rows[0]["severity"],
        "title": rows[0]["title"],
        "checks": sum(row["checks"] for row in rows),
        "credentials": None if None in known else sum(number or 0 for number in known),
        "organizations": len({row["org_id"] for row in rows}),
        "roles": sorted({row["role"] for row in rows if row["role"]}),
    }


def _message(failing: list[GateFindingRow], unmade: list[GateNotCheckedRow]) -> str:
    """Return why the job fails, such as: 2 critical and 5 high findings. 3 checks could not be made: unused (3)."""
    sentences = []
    if failing:
        counts = by_severity(
            (row["severity"] for row in failing), (row["findings"] + row["carried"] for row in failing)
        )
        total = sum(counts.values())
        parts = [f"{counts[severity]:,} {severity}" for severity in SEVERITIES if counts[severity]]
        carried = sum(row["carried"] for row in failing)
        note = f", {carried:,} of them from the baseline and not checked this time" if carried else ""
        sentences.append(f"{', '.join(parts)} {'finding' if total == 1 else 'findings'}{note}.")
    if unmade:
        checks = sum(row["checks"] for row in unmade)
        roles = sorted({role for row in unmade for role in row["roles"]})
        lack = f" The reader lacks {' and '.join(roles)}." if roles else ""
        rules = ", ".join(f"{row['rule']} ({_credentials(row)})" for row in unmade)
        sentences.append(f"{checks:,} {'check' if checks == 1 else 'checks'} could not be made: {rules}.{lack}")
    return " ".join(sentences)


def _credentials(row: GateNotCheckedRow) -> str:
    if row["credentials"] is None:
        return "an unknown number of credentials"
    if row["credentials"] == 0:
        return f"{row['organizations']:,} {'organization' if row['organizations'] == 1 else 'organizations'}"
    return f"{row['credentials']:,} {'credential' if row['credentials'] == 1 else 'credentials'}"
