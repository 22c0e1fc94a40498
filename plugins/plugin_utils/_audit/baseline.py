# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An earlier report, and what has changed since: which findings are new, known, resolved, or could not be checked."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.checked import Checker
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    Acceptance,
    BaselineCounts,
    FindingRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.fields import Raw, dicts, text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.reading import not_readable
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import (
    EXCEPTION_EXPIRED,
    EXCEPTION_UNMATCHED,
)

Identity = tuple[str, str, str, str]
_OF_EXCEPTIONS = (EXCEPTION_EXPIRED.id, EXCEPTION_UNMATCHED.id)


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
    if rule in _OF_EXCEPTIONS:  # The detail says all. Whom the exception is about is not known if that was not read.
        return rule, "", "", detail
    return rule, org_id, credential_id, detail


def read_baseline(value: object) -> Baseline | None:
    """The report that an earlier audit wrote as JSON. Raises AuditError if it is anything else.

    What that audit could not check was found by one before it, and is compared as well. Else it would be new as soon as
    it can be checked again. If a finding is in both lists, what that audit has found itself counts.
    """
    if value is None:
        return None
    document: Raw = value if isinstance(value, dict) else {}
    version = (text(document.get("schema_version")) or "").split(".")[0]
    findings, credentials = dicts(document.get("findings")), dicts(document.get("credentials"))
    not_checked = dicts(document.get("not_checked", []))
    if version != "1" or findings is None or credentials is None or not_checked is None:
        raise AuditError("The baseline must be a JSON report of an earlier audit, with schema_version 1.")
    rows = [row for row in map(_finding, not_checked) if not _is_of_whole_organization(row)]
    rows += map(_finding, findings)
    kinds = {(str(row.get("org_id")), str(row.get("id"))): str(row.get("kind")) for row in credentials}
    return Baseline({identity(row): row for row in rows}, kinds)


def _is_of_whole_organization(row: FindingRow) -> bool:
    """Whether the organization was not audited. Its ID may be the name of a host, which would be carried for ever."""
    return row["rule"] == not_readable.id and row["detail"] == "organization"


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
    checker = Checker(baseline.kinds, organizations, policy)
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
