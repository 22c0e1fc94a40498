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
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.judge import (
    LISTS,
    Identity,
    fingerprint,
    identity,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    AuditError,
    Credential,
    Organization,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time, time_text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import Raw, dicts, text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.reach import wide_network
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.reading import not_readable
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import (
    BY_ID,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Rule

_VERSIONS = ("1", "2")


class Baseline(t.NamedTuple):
    """What is used of an earlier report."""

    findings: dict[Identity, FindingRow]
    generated_at: str
    failed: bool
    organizations: frozenset[str]
    kinds: dict[tuple[str, str], str]  # of credentials, by organization and ID


class Comparison(t.NamedTuple):
    """What has become of the findings of the baseline, without those that are still there."""

    counts: BaselineCounts
    resolved: list[FindingRow]
    carried: list[FindingRow]


def _identity(row: FindingRow) -> Identity:
    return identity(row["rule"], row["org_id"], row["credential_id"], row["detail"])


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
    carried = dicts(document.get("not_checked" if version == "1" else "carried", []))
    organizations = dicts(document.get("organizations", []))
    if version not in _VERSIONS or None in (findings, credentials, carried, organizations):
        raise AuditError("The baseline must be a JSON report of an earlier audit, with schema_version 1 or 2.")
    generated_at = time_text(parse_time(document.get("generated_at")))
    if generated_at is None:
        raise AuditError("The baseline must say in generated_at when it was made.")
    rows = [_finding(raw, generated_at) for raw in carried or []]
    rows = [row for row in rows if not _is_of_whole_organization(row)]
    rows += (_finding(raw, generated_at) for raw in findings or [])
    gate = document.get("gate")
    failed = isinstance(gate, dict) and gate.get("failed") is True
    org_ids = frozenset(text(row.get("id")) or "" for row in organizations or [])
    kinds = {(str(row.get("org_id")), str(row.get("id"))): str(row.get("kind")) for row in credentials or []}
    return Baseline({_identity(row): row for row in rows}, generated_at, failed, org_ids, kinds)


def _is_of_whole_organization(row: FindingRow) -> bool:
    """Whether the organization was not audited. Its ID may be the name of a host, which would be carried for ever."""
    return row["rule"] == not_readable.id and row["detail"] == "organization"


def _finding(raw: Raw, generated_at: str) -> FindingRow:
    if not text(raw.get("rule")) or raw.get("severity") not in SEVERITIES:
        raise AuditError("The baseline has a finding without a rule or with an unknown severity.")
    rule, org_id = text(raw["rule"]) or "", text(raw.get("org_id")) or ""
    credential_id, detail = text(raw.get("credential_id")), text(raw.get("detail"))
    return {
        "fingerprint": fingerprint(identity(rule, org_id, credential_id, detail)),
        "rule": rule,
        "severity": raw["severity"],
        "title": text(raw.get("title")) or "",
        "org_id": org_id,
        "credential_id": credential_id,
        "detail": detail,
        "subject": text(raw.get("subject")) or "",
        "evidence": text(raw.get("evidence")) or "",
        "remediation": text(raw.get("remediation")) or "",
        "addresses": None,
        "status": None,
        "worse": None,
        "first_seen": time_text(parse_time(raw.get("first_seen"))) or generated_at,
        "fails_gate": raw.get("fails_gate") is True,
        "accepted": _accepted(raw.get("accepted")),
        "task": None,
        "exception": None,
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
        before = baseline.findings.get(_identity(finding))
        # What was accepted and is not any more counts for the first time.
        is_known = before is not None and (before["accepted"] is None or finding["accepted"] is not None)
        finding["status"] = "known" if is_known else "new"
        if before is not None:
            finding["first_seen"] = before["first_seen"]
    present = {_identity(finding) for finding in findings}
    gone = [finding for key, finding in baseline.findings.items() if key not in present]
    checker = Checker(baseline.kinds, organizations, policy)
    resolved = [finding for finding in gone if checker.was_checked(finding)]
    carried = [finding for finding in gone if not checker.was_checked(finding)]
    statuses = [finding["status"] for finding in findings if finding["accepted"] is None]
    counts: BaselineCounts = {
        "new": statuses.count("new"),
        "known": statuses.count("known"),
        "resolved": len(resolved),
        "carried": len(carried),
    }
    return Comparison(counts, resolved, carried)


# What lists inside that list decide: if it is not complete, one of them may be what is not.
_IN_INNER_LISTS: t.Final = frozenset({"access_list", "projects", "reach", "usage"})
# What a finding of not_readable about a credential may name. Anything else that it names is a secret.
_PARTS: t.Final = frozenset({"access_list", "projects", "reach", "roles", "secrets"})


class Checker:
    """Says of findings of an earlier report whether their rules could be applied this time."""

    def __init__(
        self, kinds: t.Mapping[tuple[str, str], str], organizations: list[Organization], policy: Policy
    ) -> None:
        """`kinds` are those of the credentials of the earlier report, by organization and ID."""
        self._kinds = kinds
        self._severities = policy.severities
        self._organizations = {organization.id: organization for organization in organizations}
        self._credentials = {
            (organization.id, credential.id): credential
            for organization in organizations
            for credential in organization.credentials
        }

    def was_checked(self, finding: FindingRow) -> bool:
        """Whether the finding would be in this report if it were still true."""
        rule = BY_ID.get(finding["rule"])
        if rule is None or self._severities[rule.id] == OFF:
            return False
        if rule.check_credential is None and rule.check_organization is None:
            return True  # of an exception
        organization = self._organizations.get(finding["org_id"])
        if organization is None or organization.error is not None:
            return False
        if finding["credential_id"] is None:
            return _was_organization_checked(rule, finding["detail"], organization)
        credential = self._credentials.get((organization.id, finding["credential_id"]))
        if credential is None:
            return self._is_gone(organization, finding["credential_id"])
        return _was_credential_checked(rule, finding["detail"], credential, organization)

    def _is_gone(self, organization: Organization, credential_id: str) -> bool:
        """Whether a credential that was not found does not exist any more: its list was read, and was complete."""
        kind = self._kinds.get((organization.id, credential_id), "")
        names = [LISTS[kind]] if kind in LISTS else list(LISTS.values())
        return not set(names) & set(organization.unread) and not set(organization.incomplete).intersection(names)


def _was_organization_checked(rule: Rule, detail: str | None, organization: Organization) -> bool:
    # Such as settings.api_access_list_required. Rules that need all of a part have no detail.
    part = (detail or "").partition(".")[0]
    return part not in organization.unread and not rule.needs & set(organization.unknown)


def _was_credential_checked(rule: Rule, detail: str | None, credential: Credential, organization: Organization) -> bool:
    # Then the rule leaves the credential to open_to_internet, and its wide blocks may still be there.
    if rule.id == wide_network.id and credential.reach.kind == "anywhere":
        return False
    needs = rule.needs
    if rule.id == not_readable.id:
        needs = frozenset({detail if detail in _PARTS else "secrets"})
    if needs & _IN_INNER_LISTS and LISTS[credential.kind] in organization.incomplete:
        return False
    return not needs & set(credential.unknown)
