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

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.baseline import compare, read_baseline
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.dates import time_text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    OFF,
    SCHEMA_VERSION,
    SEVERITIES,
    BaselineCounts,
    CredentialRow,
    Document,
    FindingRow,
    OrganizationRow,
    RuleRow,
    Summary,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.exceptions import accept, read_exceptions
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.judge import exception_findings, judge
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import API_KEY, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy, read_policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read import read_organizations
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rows import (
    count,
    credential_row,
    organization_row,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import (
    RULES,
    SEVERITIES_BY_RULE,
)

_RULE_ORDER = {rule.id: place for place, rule in enumerate(RULES)}


def audit(
    organizations: object,
    now: datetime.datetime,
    policy: object = None,
    exceptions: object = None,
    baseline: object = None,
) -> Document:
    """Audit organizations, each as the role `audit` hands it over.

    Raises AuditError if an argument cannot be used. Everything in an organization may be absent, null or of another
    type than expected: that is a finding, not an error.
    """
    with _garbage_collection_paused():
        return _audit(organizations, now, policy, exceptions, baseline)


@contextlib.contextmanager
def _garbage_collection_paused() -> t.Iterator[None]:
    """Nothing that an audit makes refers to itself. Looking for cycles would take a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _audit(
    organizations: object, now: datetime.datetime, policy: object, exceptions: object, baseline: object
) -> Document:
    policy_in_effect = read_policy(policy, SEVERITIES_BY_RULE)
    accepted, earlier = read_exceptions(exceptions), read_baseline(baseline)
    subjects = read_organizations(organizations, now, policy_in_effect.unused_days)
    findings = judge(subjects, policy_in_effect, now)
    findings += exception_findings(accept(findings, accepted, now), subjects, policy_in_effect)
    names = {organization.id: organization.name for organization in subjects}
    findings.sort(key=lambda finding: _finding_order(finding, names))
    comparison = compare(findings, earlier, subjects, policy_in_effect) if earlier else None
    credentials = _credential_rows(subjects, findings)
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": time_text(now) or "",
        "policy": policy_in_effect.row(),
        "summary": _summary(subjects, credentials, findings, comparison.counts if comparison else None),
        "rules": _rule_rows(policy_in_effect),
        "organizations": _organization_rows(subjects, findings),
        "credentials": credentials,
        "findings": findings,
        "resolved": sorted(comparison.resolved, key=lambda row: _finding_order(row, names)) if comparison else [],
        "not_checked": sorted(comparison.not_checked, key=lambda row: _finding_order(row, names)) if comparison else [],
    }


def _finding_order(finding: FindingRow, org_names: dict[str, str]) -> tuple[t.Any, ...]:
    return (
        SEVERITIES.index(finding["severity"]),
        _RULE_ORDER.get(finding["rule"], len(RULES)),
        org_names.get(finding["org_id"], "").casefold(),
        finding["org_id"],
        finding["subject"].casefold(),
        finding["credential_id"] or "",
        finding["detail"] or "",
        finding["evidence"],
    )


def _by_subject(findings: list[FindingRow]) -> dict[tuple[str, str], list[FindingRow]]:
    found: dict[tuple[str, str], list[FindingRow]] = collections.defaultdict(list)
    for finding in findings:
        if finding["credential_id"] is not None:
            found[finding["org_id"], finding["credential_id"]].append(finding)
    return found


def _credential_rows(organizations: list[Organization], findings: list[FindingRow]) -> list[CredentialRow]:
    by_subject = _by_subject(findings)
    rows = [
        credential_row(credential, organization, by_subject.get((organization.id, credential.id), ()))
        for organization in organizations
        for credential in organization.credentials
    ]
    return sorted(rows, key=_credential_order)


def _credential_order(row: CredentialRow) -> tuple[t.Any, ...]:
    place = SEVERITIES.index(row["severity"]) if row["severity"] else len(SEVERITIES)
    return place, row["org_name"].casefold(), row["org_id"], row["name"].casefold(), row["kind"], row["id"]


def _organization_rows(organizations: list[Organization], findings: list[FindingRow]) -> list[OrganizationRow]:
    by_organization: dict[str, list[FindingRow]] = collections.defaultdict(list)
    for finding in findings:
        by_organization[finding["org_id"]].append(finding)
    ordered = sorted(organizations, key=lambda one: (one.name.casefold(), one.id, one.error or ""))
    return [organization_row(one, by_organization.get(one.id, ())) for one in ordered]


def _rule_rows(policy: Policy) -> list[RuleRow]:
    return [
        {
            "id": rule.id,
            "severity": policy.severities[rule.id],
            "title": rule.title,
            "meaning": rule.meaning,
            "remediation": rule.remediation,
        }
        for rule in RULES
        if policy.severities[rule.id] != OFF
    ]


def _summary(
    organizations: list[Organization],
    credentials: list[CredentialRow],
    findings: list[FindingRow],
    baseline: BaselineCounts | None,
) -> Summary:
    keys = sum(row["kind"] == API_KEY for row in credentials)
    return {
        "organizations": len(organizations),
        "not_audited": sum(organization.error is not None for organization in organizations),
        "credentials": len(credentials),
        "api_keys": keys,
        "service_accounts": len(credentials) - keys,
        "findings": count(findings),
        "accepted": sum(finding["accepted"] is not None for finding in findings),
        "baseline": baseline,
    }
