# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The one order of a report, and which findings count. The audit sorts with it; the formats only ask ``is_open``."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    STATES,
    Counts,
    CredentialRow,
    FindingRow,
    NotCheckedRow,
    OrganizationRow,
)

RANK: t.Final = {severity: rank for rank, severity in enumerate(SEVERITIES)}  # 0 is the worst
_STATE: t.Final = {state: rank for rank, state in enumerate(STATES)}

Key = tuple[t.Any, ...]


def is_open(finding: FindingRow) -> bool:
    """Return whether a finding counts: it was not accepted."""
    return finding["accepted"] is None


def count(findings: t.Iterable[FindingRow]) -> Counts:
    """Return the number of open findings of each severity."""
    return by_severity(finding["severity"] for finding in findings if is_open(finding))


def by_severity(severities: t.Iterable[str], times: t.Iterable[int] | None = None) -> Counts:
    """Return how often each severity occurs.

    :param times: how often to count each of them, once by default.
    """
    counts = dict.fromkeys(SEVERITIES, 0)
    if times is None:
        counts.update(collections.Counter(severities))
    else:
        for severity, number in zip(severities, times):
            counts[severity] += number
    return counts


def worst(findings: t.Iterable[FindingRow]) -> str | None:
    """Return the severity of the worst open finding."""
    return min((finding["severity"] for finding in findings if is_open(finding)), key=RANK.__getitem__, default=None)


def at_least(threshold: str) -> tuple[str, ...]:
    """Return the severities that are as bad as a threshold or worse; none if it is no severity."""
    return SEVERITIES[: RANK[threshold] + 1] if threshold in RANK else ()


class Order:
    """The order of the rows of one report.

    :param rules: the IDs of all rules, in the order of those of one severity.
    :param names: the names of the organizations by ID.
    """

    def __init__(self, rules: t.Iterable[str], names: t.Mapping[str, str]) -> None:
        self._rules = {rule: place for place, rule in enumerate(rules)}
        self._names = {org_id: name.casefold() for org_id, name in names.items()}

    def rule(self, rule_id: str, severity: str) -> Key:
        """Return the sort key of a rule: the worst severity first. A rule that is not known is the last one."""
        return RANK[severity], self._rules.get(rule_id, len(self._rules)), rule_id

    def finding(self, finding: FindingRow) -> Key:
        """Return the sort key of a finding: open ones before accepted ones, then the worst first."""
        return (
            not is_open(finding),
            *self.rule(finding["rule"], finding["severity"]),
            *self._organization(finding["org_id"]),
            finding["subject"].casefold(),
            finding["credential_id"] or "",
            finding["detail"] or "",
            finding["evidence"],
        )

    def not_checked(self, row: NotCheckedRow) -> Key:
        """Return the sort key of checks that could not be made."""
        return (
            *self.rule(row["rule"], row["severity"]),
            *self._organization(row["org_id"]),
            row["kind"],
            row["part"],
            row["cause"],
            row["reason"],
        )

    def _organization(self, org_id: str) -> tuple[str, str]:
        return self._names.get(org_id, ""), org_id


def organization_key(row: OrganizationRow) -> Key:
    """Return the sort key of an organization: not audited ones first, then partly audited ones, then the worst."""
    return _STATE[row["state"]], *_risk(row["findings"], row["checks_not_made"]), row["name"].casefold(), row["id"]


def credential_key(row: CredentialRow, checks_not_made: Counts) -> Key:
    """Return the sort key of a credential: its combined risk, the worst first.

    First its critical and high findings decide, then the critical and high checks that could not be made, then the
    others in the same way. Of two numbers, that of the worse severity decides.
    """
    names = row["org_name"].casefold(), row["org_id"], row["name"].casefold(), row["kind"], row["id"]
    return *_risk(row["findings"], checks_not_made), *names


def _risk(findings: Counts, checks_not_made: Counts) -> Key:
    groups = (SEVERITIES[:2], SEVERITIES[2:])
    return tuple(-counts[name] for group in groups for counts in (findings, checks_not_made) for name in group)
