# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An earlier report, and what has changed since: which findings are new, known, resolved, or could not be checked."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    OFF,
    SEVERITIES,
    Acceptance,
    BaselineCounts,
    FindingRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.fields import Raw, dicts, text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    AuditError,
    Organization,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import BY_ID

Identity = tuple[str, str, str, str]
_LISTS = {API_KEY: "api_keys", SERVICE_ACCOUNT: "service_accounts"}


class Baseline(t.NamedTuple):
    """What is used of an earlier report."""

    findings: dict[Identity, FindingRow]
    kinds: dict[tuple[str, str], str]  # of credentials, by organization and ID


class Comparison(t.NamedTuple):
    """What has become of the findings of the baseline, without those that are still there."""

    counts: BaselineCounts
    resolved: list[FindingRow]
    not_checked: list[FindingRow]


def identity(finding: FindingRow | Raw) -> Identity:
    """What makes a finding the same from one report to the next, whatever its severity and text are."""
    rule, org_id, credential_id, detail = (
        text(finding.get(name)) or "" for name in ("rule", "org_id", "credential_id", "detail")
    )
    return rule, org_id, credential_id, detail


def read_baseline(value: object) -> Baseline | None:
    """The report that an earlier audit wrote as JSON. Raises AuditError if it is anything else."""
    if value is None:
        return None
    document: Raw = value if isinstance(value, dict) else {}
    findings, credentials = dicts(document.get("findings")), dicts(document.get("credentials"))
    if (text(document.get("schema_version")) or "").split(".")[0] != "1" or findings is None or credentials is None:
        raise AuditError("The baseline must be a JSON report of an earlier audit, with schema_version 1.")
    rows = [_finding(finding) for finding in findings]
    kinds = {(str(row.get("org_id")), str(row.get("id"))): str(row.get("kind")) for row in credentials}
    return Baseline({identity(row): row for row in rows}, kinds)


def _finding(raw: Raw) -> FindingRow:
    if not text(raw.get("rule")) or raw.get("severity") not in SEVERITIES:
        raise AuditError("The baseline has a finding without a rule or with an unknown severity.")
    return {
        "rule": text(raw["rule"]) or "",
        "severity": raw["severity"],
        "title": text(raw.get("title")) or "",
        "org_id": text(raw.get("org_id")) or "",
        "credential_id": text(raw.get("credential_id")),
        "detail": text(raw.get("detail")),
        "subject": text(raw.get("subject")) or "",
        "evidence": text(raw.get("evidence")) or "",
        "remediation": text(raw.get("remediation")) or "",
        "status": None,
        "accepted": _accepted(raw.get("accepted")),
    }


def _accepted(raw: object) -> Acceptance | None:
    if not isinstance(raw, dict):
        return None
    return {"reason": text(raw.get("reason")) or "", "until": text(raw.get("until")) or ""}


def compare(
    findings: list[FindingRow], baseline: Baseline, organizations: list[Organization], policy: Policy
) -> Comparison:
    """Set the status of each finding, and separate what is resolved from what could not be checked."""
    for finding in findings:
        before = baseline.findings.get(identity(finding))
        # What was accepted and is not any more counts for the first time.
        is_known = before is not None and (before["accepted"] is None or finding["accepted"] is not None)
        finding["status"] = "known" if is_known else "new"
    present = {identity(finding) for finding in findings}
    gone = [finding for key, finding in baseline.findings.items() if key not in present]
    checker = _Checker(baseline, organizations, policy)
    resolved = [finding for finding in gone if checker.was_checked(finding)]
    not_checked = [finding for finding in gone if not checker.was_checked(finding)]
    statuses = [finding["status"] for finding in findings if finding["accepted"] is None]
    counts: BaselineCounts = {
        "new": statuses.count("new"),
        "known": statuses.count("known"),
        "resolved": len(resolved),
        "not_checked": len(not_checked),
    }
    return Comparison(counts, resolved, not_checked)


class _Checker:
    """Whether the rule of an earlier finding could be applied this time. If not, the finding may still be true."""

    def __init__(self, baseline: Baseline, organizations: list[Organization], policy: Policy) -> None:
        self._kinds = baseline.kinds
        self._severities = policy.severities
        self._organizations = {organization.id: organization for organization in organizations}
        self._unknown = {
            (organization.id, credential.id): credential.unknown
            for organization in organizations
            for credential in organization.credentials
        }

    def was_checked(self, finding: FindingRow) -> bool:
        rule = BY_ID.get(finding["rule"])
        if rule is None or self._severities[rule.id] == OFF:
            return False
        if rule.check_credential is None and rule.check_organization is None:
            return True  # of an exception
        organization = self._organizations.get(finding["org_id"])
        if organization is None or organization.error is not None:
            return False
        if finding["credential_id"] is None:
            return not rule.needs & organization.unknown
        unknown = self._unknown.get((finding["org_id"], finding["credential_id"]))
        if unknown is not None:
            return not rule.needs & unknown
        return self._is_gone(organization, finding["credential_id"])

    def _is_gone(self, organization: Organization, credential_id: str) -> bool:
        """Whether a credential that was not found does not exist any more: its list was read, and was complete."""
        kind = self._kinds.get((organization.id, credential_id), "")
        names = [_LISTS[kind]] if kind in _LISTS else list(_LISTS.values())
        return not organization.unread.intersection(names) and not set(organization.incomplete).intersection(names)
