# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The audit: from what was read, a policy and a point in time to the report document. A pure function."""

from __future__ import annotations

import collections
import contextlib
import datetime
import gc
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.baseline import (
    Baseline,
    Comparison,
    compare,
    read_baseline,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    PARTLY_AUDITED,
    SCHEMA_VERSION,
    BaselineRow,
    Counts,
    CredentialRow,
    Document,
    FindingRow,
    NotCheckedRow,
    OrganizationRow,
    Outcomes,
    RuleRow,
    Summary,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.exceptions import accept, read_exceptions
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.gate import Gate
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.judge import (
    Verdict,
    exception_findings,
    judge,
    not_checked_rows,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import (
    Order,
    by_severity,
    count,
    credential_key,
    is_open,
    organization_key,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy, read_policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import (
    days_between,
    parse_time,
    time_text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.organizations import read_organizations
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rows import credential_row, organization_row
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES, SEVERITIES_BY_RULE


def audit(
    organizations: object,
    now: datetime.datetime,
    policy: object = None,
    exceptions: object = None,
    baseline: object = None,
    gate: Gate | None = None,
) -> Document:
    """Audit organizations, each as the role `audit` hands it over.

    Everything in an organization may be absent, null or of another type than expected: that is a finding, not an error.

    :raises AuditError: if an argument cannot be used.
    """
    with _garbage_collection_paused():
        return _audit(organizations, now, policy, exceptions, baseline, gate or Gate())


@contextlib.contextmanager
def _garbage_collection_paused() -> t.Iterator[None]:
    """Pause the search for reference cycles, which would take a third of the time: the audit creates none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _audit(
    organizations: object, now: datetime.datetime, policy: object, exceptions: object, baseline: object, gate: Gate
) -> Document:
    policy_in_effect = read_policy(policy, SEVERITIES_BY_RULE)
    accepted, earlier = read_exceptions(exceptions), read_baseline(baseline)
    subjects = read_organizations(organizations, now, policy_in_effect.unused_days)
    order = Order((rule.id for rule in RULES), {organization.id: organization.name for organization in subjects})
    verdict = judge(subjects, policy_in_effect, now)
    findings = verdict.findings
    findings += exception_findings(accept(findings, accepted, now), subjects, policy_in_effect)
    generated_at = time_text(now) or ""
    for finding in findings:
        finding["first_seen"] = generated_at
    comparison = compare(findings, earlier, subjects, policy_in_effect) if earlier else None
    not_checked = sorted(not_checked_rows(verdict, policy_in_effect), key=order.not_checked)
    for finding in findings:
        finding["fails_gate"] = gate.counts_finding(finding)
    for row in not_checked:
        row["fails_gate"] = gate.counts_not_checked(row)
    findings.sort(key=order.finding)
    carried = sorted(comparison.carried, key=order.finding) if comparison else []
    credentials = _credential_rows(subjects, findings, verdict, policy_in_effect)
    organization_rows = _organization_rows(subjects, findings, not_checked)
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": generated_at,
        "policy": policy_in_effect.row(),
        "summary": _summary(organization_rows, credentials, findings, verdict, not_checked, comparison),
        "gate": gate.row(findings, carried, not_checked),
        "baseline": _baseline_row(earlier, subjects, now) if earlier else None,
        "notices": [],
        "rules": _rule_rows(policy_in_effect, verdict, findings, order),
        "organizations": organization_rows,
        "credentials": credentials,
        "findings": findings,
        "not_checked": not_checked,
        "resolved": sorted(comparison.resolved, key=order.finding) if comparison else [],
        "carried": carried,
        "exceptions": [],
    }


def _baseline_row(baseline: Baseline, organizations: list[Organization], now: datetime.datetime) -> BaselineRow:
    org_ids = {organization.id for organization in organizations}
    made = parse_time(baseline.generated_at)
    return {
        "generated_at": baseline.generated_at,
        "age_days": max(0, days_between(made, now)) if made else 0,
        "organizations": sorted(org_ids & baseline.organizations),
        "missing": sorted(baseline.organizations - org_ids),
        "added": sorted(org_ids - baseline.organizations),
        "failed": baseline.failed,
    }


def _credential_rows(
    organizations: list[Organization], findings: list[FindingRow], verdict: Verdict, policy: Policy
) -> list[CredentialRow]:
    by_subject: dict[tuple[str, str], list[FindingRow]] = collections.defaultdict(list)
    for finding in findings:
        if finding["credential_id"] is not None:
            by_subject[finding["org_id"], finding["credential_id"]].append(finding)
    not_checked = verdict.by_credential()
    rows = []
    for organization in organizations:
        for credential in organization.credentials:
            key = (organization.id, credential.id)
            rows.append(credential_row(credential, organization, by_subject.get(key, ()), not_checked.get(key, ())))
    severities = policy.severities
    rows.sort(key=lambda row: credential_key(row, by_severity(severities[rule] for rule in row["not_checked"])))
    for rank, row in enumerate(rows, start=1):
        row["rank"] = rank
    return rows


def _organization_rows(
    organizations: list[Organization], findings: list[FindingRow], not_checked: list[NotCheckedRow]
) -> list[OrganizationRow]:
    by_organization: dict[str, list[FindingRow]] = collections.defaultdict(list)
    for finding in findings:
        by_organization[finding["org_id"]].append(finding)
    unmade: dict[str, list[NotCheckedRow]] = collections.defaultdict(list)
    for row in not_checked:
        unmade[row["org_id"]].append(row)
    rows = [
        organization_row(one, by_organization.get(one.id, []), _checks_not_made(unmade.get(one.id, [])))
        for one in organizations
    ]
    return sorted(rows, key=organization_key)


def _checks_not_made(rows: list[NotCheckedRow]) -> Counts:
    return by_severity((row["severity"] for row in rows), (row["checks"] for row in rows))


def _rule_rows(policy: Policy, verdict: Verdict, findings: list[FindingRow], order: Order) -> list[RuleRow]:
    numbers = collections.Counter((finding["rule"], is_open(finding)) for finding in findings)
    rows: list[RuleRow] = [
        {
            "id": rule.id,
            "severity": policy.severities[rule.id],
            "title": rule.title,
            "meaning": rule.meaning,
            "remediation": rule.remediation,
            "controls": list(rule.controls),
            "applied": bool(outcomes["found"] or outcomes["not_found"]),
            "found": outcomes["found"],
            "not_found": outcomes["not_found"],
            "not_checked": outcomes["not_checked"],
            "findings": numbers[rule.id, True],
            "accepted": numbers[rule.id, False],
        }
        for rule in RULES
        if (outcomes := verdict.outcomes.get(rule.id)) is not None
    ]
    return sorted(rows, key=lambda row: order.rule(row["id"], row["severity"]))


def _summary(
    organizations: list[OrganizationRow],
    credentials: list[CredentialRow],
    findings: list[FindingRow],
    verdict: Verdict,
    not_checked: list[NotCheckedRow],
    comparison: Comparison | None,
) -> Summary:
    states = collections.Counter(row["state"] for row in organizations)
    keys = [row["api_keys"] for row in organizations]
    accounts = [row["service_accounts"] for row in organizations]
    checks: Outcomes = {"found": 0, "not_found": 0, "not_checked": 0}
    for outcomes in verdict.outcomes.values():
        checks["found"] += outcomes["found"]
        checks["not_found"] += outcomes["not_found"]
        checks["not_checked"] += outcomes["not_checked"]
    return {
        "organizations": len(organizations),
        "audited": states[AUDITED],
        "partly_audited": states[PARTLY_AUDITED],
        "not_audited": states[NOT_AUDITED],
        "credentials": len(credentials),
        "api_keys": _total(keys),
        "service_accounts": _total(accounts),
        "api_keys_not_read": keys.count(None),
        "service_accounts_not_read": accounts.count(None),
        "checks": checks,
        "checks_not_made": _checks_not_made(not_checked),
        "findings": count(findings),
        "accepted": sum(not is_open(finding) for finding in findings),
        "baseline": comparison.counts if comparison else None,
    }


def _total(numbers: list[int | None]) -> int | None:
    """Return the sum of what is known; None if nothing is known of anything."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known or not numbers else None
