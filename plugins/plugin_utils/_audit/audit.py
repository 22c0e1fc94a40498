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
    check_organizations,
    read_baseline,
    set_status,
    split,
    split_exceptions,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.coverage import Coverage
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    OFF,
    PARTLY_AUDITED,
    SCHEMA_VERSION,
    BaselineCounts,
    Counts,
    CredentialRow,
    Document,
    FindingRow,
    NotCheckedRow,
    NoticeRow,
    OrganizationRow,
    Outcomes,
    RuleRow,
    Summary,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.exceptions import (
    AuditException,
    Exceptions,
    read_exceptions,
    ready_item,
    ready_until,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.findings import Subject
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.gate import Gate
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.judge import (
    LISTS,
    ORGANIZATION,
    Verdict,
    credential_subject,
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
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import time_text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.organizations import read_organizations
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rows import credential_row, organization_row
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import (
    OF_READING,
    RULES,
    SEVERITIES_BY_RULE,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.roles import new_owner


def audit(
    organizations: object,
    now: datetime.datetime,
    policy: object = None,
    exceptions: object = None,
    baseline: object = None,
    gate: Gate | None = None,
    *,
    first_run: bool = False,
) -> Document:
    """Audit organizations, each as the role `audit` hands it over (see ``read/organizations.py``).

    Everything in an organization may be absent, null or of another type than expected: that is a finding, not an error.

    :param baseline: an earlier report, as JSON was read.
    :param gate: when the job fails; by default never.
    :param first_run: whether a baseline was asked for, and there is none yet.
    :raises AuditError: if an argument cannot be used.
    """
    with _garbage_collection_paused():
        return _audit(organizations, now, policy, exceptions, baseline, gate or Gate(), first_run)


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


class _Inputs(t.NamedTuple):
    """What is audited, and with what."""

    organizations: list[Organization]
    policy: Policy
    gate: Gate
    baseline: Baseline | None
    now: datetime.datetime


class _Outcome(t.NamedTuple):
    """What came out: findings with all that is said about them, and what has become of those of the baseline."""

    verdict: Verdict
    findings: list[FindingRow]
    resolved: list[FindingRow]
    carried: list[FindingRow]
    not_checked: list[NotCheckedRow]
    exceptions: Exceptions


def _audit(
    organizations: object,
    now: datetime.datetime,
    policy: object,
    exceptions: object,
    baseline: object,
    gate: Gate,
    first_run: bool,
) -> Document:
    limits = read_policy(policy, SEVERITIES_BY_RULE)
    earlier, given = read_baseline(baseline, now), read_exceptions(exceptions)
    inputs = _Inputs(read_organizations(organizations, now, limits.unused_days), limits, gate, earlier, now)
    if earlier:
        check_organizations(earlier, inputs.organizations)
    outcome = _judge(inputs, given)
    _set_gate(outcome, inputs)
    return _document(inputs, outcome, first_run)


def _judge(inputs: _Inputs, given: list[AuditException]) -> _Outcome:
    """Apply rules, exceptions and baseline, in this order."""
    organizations, policy, gate, earlier, now = inputs
    verdict = judge(organizations, policy, now, earlier.known_owners() if earlier else None)
    findings = verdict.findings
    public_keys = {
        (organization.id, credential.id): credential.public_key
        for organization in organizations
        for credential in organization.credentials
        if credential.public_key
    }
    memories = earlier.memories if earlier else {}
    exceptions = Exceptions(given, memories, public_keys, now, renew_all=gate.acknowledge)
    exceptions.accept(findings)
    coverage = Coverage(organizations, verdict, policy, public_keys)
    resolved: list[FindingRow] = []
    carried: list[FindingRow] = []
    if earlier:
        resolved, carried = split(earlier, findings, coverage, policy, acknowledge=gate.acknowledge)
        exceptions.accept(carried)
    findings += exceptions.problems(_subjects(organizations), policy, coverage.may_be_hidden)
    for finding in findings:
        finding["first_seen"] = time_text(now) or ""
    if earlier:
        more = split_exceptions(earlier, findings, exceptions.hidden(), policy)
        resolved, carried = resolved + more[0], carried + more[1]
        set_status([*findings, *carried], earlier, acknowledge=gate.acknowledge)
    return _Outcome(verdict, findings, resolved, carried, not_checked_rows(verdict, policy), exceptions)


def _subjects(organizations: list[Organization]) -> dict[str, Subject]:
    """Return what the IDs are of that an exception may name."""
    subjects: dict[str, Subject] = {}
    for organization in organizations:
        for credential in organization.credentials:
            subject = credential_subject(organization, credential)
            subjects[credential.id] = subject
            if credential.public_key:
                subjects.setdefault(credential.public_key, subject)
        subjects[organization.id] = Subject(organization.id, None, organization.name)
    return subjects


def _set_gate(outcome: _Outcome, inputs: _Inputs) -> None:
    """Decide of each finding and each check that could not be made whether the job fails because of it."""
    gate, audited = inputs.gate, {organization.id for organization in inputs.organizations}
    for finding in outcome.findings:
        finding["fails_gate"] = gate.counts_finding(finding)
    for finding in outcome.carried:
        # What could not be checked may still be true, unless nobody asked for the organization.
        finding["fails_gate"] = gate.counts_finding(finding) and (not finding["org_id"] or finding["org_id"] in audited)
    for finding in (*outcome.findings, *outcome.carried):
        # A run with a milder gate, or none, settles nothing.
        finding["failed_gate"] = is_open(finding) and (finding["fails_gate"] or finding["failed_gate"])
    accepted = {
        (finding["org_id"], finding["credential_id"], (finding["detail"] or ""))
        for finding in outcome.findings
        if not is_open(finding) and finding["rule"] in OF_READING
    }
    for row in outcome.not_checked:
        row["fails_gate"] = gate.counts_not_checked(row) and not _is_accepted(row, accepted)


# Lists of an organization that checks of its credentials need. An account has projects of its own, so these are none.
_LISTS_OF_ORGANIZATION: t.Final = frozenset({"events", *LISTS.values()})


def _is_accepted(row: NotCheckedRow, accepted: set[tuple[str, str | None, str]]) -> bool:
    """Return whether somebody has accepted that all these checks cannot be made: the finding that says so."""
    org_id, part = row["org_id"], row["part"]
    if row["credentials"] is None or row["kind"] == ORGANIZATION or part in _LISTS_OF_ORGANIZATION:
        return (org_id, None, part) in accepted
    return all((org_id, credential_id, part) in accepted for credential_id in row["credential_ids"])


def _document(inputs: _Inputs, outcome: _Outcome, first_run: bool) -> Document:
    organizations, policy, gate, earlier, now = inputs
    names = {organization.id: organization.name for organization in organizations}
    order = Order((rule.id for rule in RULES), names)
    findings = sorted(outcome.findings, key=order.finding)
    until = ready_until(now)
    for finding in findings:
        finding["exception"] = ready_item(finding, until)
    carried = sorted(outcome.carried, key=order.finding)
    not_checked = sorted(outcome.not_checked, key=order.not_checked)
    credentials = _credential_rows(organizations, findings, outcome.verdict, policy)
    organization_rows = _organization_rows(inputs, findings, not_checked)
    return {
        "schema_version": SCHEMA_VERSION,
        "generated_at": time_text(now) or "",
        "policy": policy.row(),
        "summary": _summary(organization_rows, credentials, outcome, earlier is not None),
        "gate": gate.row(findings, carried, not_checked),
        "baseline": earlier.row(organizations, now) if earlier else None,
        "notices": [*_notices(inputs, carried, first_run), *outcome.exceptions.notices()],
        "rules": _rule_rows(policy, outcome.verdict, findings, order),
        "organizations": organization_rows,
        "credentials": credentials,
        "findings": findings,
        "not_checked": not_checked,
        "resolved": sorted(outcome.resolved, key=order.finding),
        "carried": carried,
        "exceptions": outcome.exceptions.rows(),
    }


def _notices(inputs: _Inputs, carried: list[FindingRow], first_run: bool) -> list[NoticeRow]:
    found: list[NoticeRow] = []
    if first_run:
        found.append(
            _notice("first_run", "There is no baseline yet: this is the first audit, and all findings are new.")
        )
    if inputs.gate.acknowledge:
        found.append(_notice("acknowledged", "This audit was acknowledged: all that it found is known from now on."))
    counts = collections.Counter(finding["org_id"] for finding in carried)
    audited = {organization.id for organization in inputs.organizations}
    for org_id in sorted(inputs.baseline.organizations - audited if inputs.baseline else ()):
        text = f"The organization {org_id} is in the baseline and not in this audit. Its findings there do not count."
        if counts[org_id]:
            found.append(_notice("organization_missing", text, org_id))
    return found


def _notice(kind: str, text: str, org_id: str | None = None) -> NoticeRow:
    return {"kind": kind, "text": text, "org_id": org_id, "rule": None, "id": None}


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
    inputs: _Inputs, findings: list[FindingRow], not_checked: list[NotCheckedRow]
) -> list[OrganizationRow]:
    by_organization: dict[str, list[FindingRow]] = collections.defaultdict(list)
    for finding in findings:
        by_organization[finding["org_id"]].append(finding)
    unmade: dict[str, list[NotCheckedRow]] = collections.defaultdict(list)
    for check in not_checked:
        unmade[check["org_id"]].append(check)
    before = inputs.baseline.known_owners() if inputs.baseline else {}
    rows = []
    for one in inputs.organizations:
        found, checks = by_organization.get(one.id, []), _checks_not_made(unmade.get(one.id, []))
        is_compared = inputs.policy.severities[new_owner.id] != OFF
        row = organization_row(one, found, checks, before.get(one.id), is_compared=is_compared)
        if inputs.baseline:
            row["new"] = sum(is_open(finding) and finding["status"] == "new" for finding in found)
        rows.append(row)
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
            "meaning": policy.explain(rule.meaning),
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
    outcome: _Outcome,
    has_baseline: bool,
) -> Summary:
    findings = outcome.findings
    states = collections.Counter(row["state"] for row in organizations)
    keys = [row["api_keys"] for row in organizations]
    accounts = [row["service_accounts"] for row in organizations]
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
        "checks": _all_checks(outcome),
        "checks_not_made": _checks_not_made(outcome.not_checked),
        "findings": count(findings),
        "accepted": sum(not is_open(finding) for finding in findings),
        "baseline": _changes(outcome) if has_baseline else None,
    }


def _changes(outcome: _Outcome) -> BaselineCounts:
    statuses = [finding["status"] for finding in outcome.findings if is_open(finding)]
    return {
        "new": statuses.count("new"),
        "known": statuses.count("known"),
        "resolved": len(outcome.resolved),
        "carried": len(outcome.carried),
    }


def _all_checks(outcome: _Outcome) -> Outcomes:
    checks: Outcomes = {"found": 0, "not_found": 0, "not_checked": 0}
    for outcomes in outcome.verdict.outcomes.values():
        checks["found"] += outcomes["found"]
        checks["not_found"] += outcomes["not_found"]
        checks["not_checked"] += outcomes["not_checked"]
    return checks


def _total(numbers: list[int | None]) -> int | None:
    """Return the sum of what is known; None if nothing is known of anything."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known or not numbers else None
