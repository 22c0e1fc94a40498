# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Apply the rules that are switched on: each check of each subject is found, not found, or not checked."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import hashlib
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    OFF,
    FindingRow,
    NotCheckedRow,
    Outcomes,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.exceptions import ExceptionProblem
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Credential,
    Organization,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import OF_EXCEPTIONS, RULES
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Context, Problem, Rule

LISTS: t.Final = {API_KEY: "api_keys", SERVICE_ACCOUNT: "service_accounts"}  # which list a kind of credential is in
ORGANIZATION: t.Final = "organization"


class _Subject(t.NamedTuple):
    """What a finding is about."""

    org_id: str
    credential_id: str | None
    name: str


class Check(t.NamedTuple):
    """Checks of one rule that could not be made for one cause. What identifies them in a report."""

    rule: str
    org_id: str
    kind: str
    unknown: Unknown


@dataclasses.dataclass
class Verdict:
    """What the rules made of all organizations."""

    findings: list[FindingRow] = dataclasses.field(default_factory=list)
    outcomes: dict[str, Outcomes] = dataclasses.field(default_factory=dict)
    # None among the IDs stands for the organization, or for a list that was not read.
    not_checked: dict[Check, list[t.Optional[str]]] = dataclasses.field(
        default_factory=lambda: collections.defaultdict(list)
    )

    def by_credential(self) -> dict[tuple[str, str], list[str]]:
        """Return the IDs of the rules that could not be checked for each credential."""
        found: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
        for check, ids in self.not_checked.items():
            for credential_id in ids:
                if credential_id is not None:
                    found[check.org_id, credential_id].append(check.rule)
        return found


def judge(organizations: list[Organization], policy: Policy, now: datetime.datetime) -> Verdict:
    """Return all problems of all organizations, none of them accepted yet, and the outcome of every check."""
    verdict = Verdict()
    rules = [rule for rule in RULES if policy.severities[rule.id] != OFF]
    for rule in rules:
        verdict.outcomes[rule.id] = {"found": 0, "not_found": 0, "not_checked": 0}
    for organization in organizations:
        _judge_organization(organization, rules, Context(organization, policy, now), verdict)
    return verdict


def _judge_organization(organization: Organization, rules: list[Rule], context: Context, verdict: Verdict) -> None:
    subject = _Subject(organization.id, None, organization.name)
    for rule in rules:
        if rule.check_organization:
            problems = list(rule.check_organization(organization, context))
            _record(rule, subject, ORGANIZATION, problems, organization.unknown, context, verdict)
    checks = [(rule, rule.check_credential) for rule in rules if rule.check_credential]
    for credential in organization.credentials:
        subject = _credential_subject(organization, credential)
        for rule, check in checks:
            if credential.kind in rule.kinds:
                problems = list(check(credential, context))
                _record(rule, subject, credential.kind, problems, credential.unknown, context, verdict)
    for kind, name in LISTS.items():
        if name in organization.unread:
            for rule, _check in checks:
                if kind in rule.kinds:
                    verdict.outcomes[rule.id]["not_checked"] += 1
                    verdict.not_checked[Check(rule.id, organization.id, kind, organization.unread[name])].append(None)


def _record(
    rule: Rule,
    subject: _Subject,
    kind: str,
    problems: list[Problem],
    unknown: t.Mapping[str, Unknown],
    context: Context,
    verdict: Verdict,
) -> None:
    outcomes = verdict.outcomes[rule.id]
    if problems:
        outcomes["found"] += 1
        verdict.findings += (_finding(rule, subject, problem, context.policy) for problem in problems)
    elif missing := [unknown[need] for need in rule.needs if need in unknown]:
        outcomes["not_checked"] += 1
        verdict.not_checked[Check(rule.id, subject.org_id, kind, min(missing, key=lambda one: one[:2]))].append(
            subject.credential_id
        )
    else:
        outcomes["not_found"] += 1


def not_checked_rows(verdict: Verdict, policy: Policy) -> list[NotCheckedRow]:
    """Return the checks that could not be made. Whether they fail the gate is not decided yet."""
    titles = {rule.id: rule.title for rule in RULES}
    return [
        {
            "rule": check.rule,
            "severity": policy.severities[check.rule],
            "title": titles[check.rule],
            "org_id": check.org_id,
            "kind": check.kind,
            "checks": len(ids),
            "credentials": 0 if check.kind == ORGANIZATION else None if None in ids else len(ids),
            "credential_ids": sorted(each for each in ids if each is not None),
            "part": check.unknown.part,
            "cause": check.unknown.cause,
            "reason": check.unknown.reason,
            "role": check.unknown.role,
            "remediation": check.unknown.remediation,
            "fails_gate": False,
        }
        for check, ids in verdict.not_checked.items()
    ]


def exception_findings(
    problems: list[ExceptionProblem], organizations: list[Organization], policy: Policy
) -> list[FindingRow]:
    """Return findings about exceptions. An exception whose ID is not known belongs to no organization."""
    if not problems:
        return []
    subjects: dict[str, _Subject] = {}
    for organization in organizations:
        for credential in organization.credentials:
            subjects[credential.id] = _credential_subject(organization, credential)
        subjects[organization.id] = _Subject(organization.id, None, organization.name)
    return [
        _finding(rule, subjects.get(exception.id, _Subject("", None, exception.id)), problem, policy)
        for rule, exception, problem in problems
        if policy.severities[rule.id] != OFF
    ]


def _credential_subject(organization: Organization, credential: Credential) -> _Subject:
    return _Subject(organization.id, credential.id, credential.subject)


Identity = tuple[str, str, str, str]


def identity(rule: str, org_id: str, credential_id: str | None, detail: str | None) -> Identity:
    """Return what makes a finding the same from one report to the next, regardless of its severity and text.

    The detail of a finding about an exception says all; the subject of the exception is not known in every report.
    """
    if rule in OF_EXCEPTIONS:
        return rule, "", "", detail or ""
    return rule, org_id, credential_id or "", detail or ""


def fingerprint(key: Identity) -> str:
    """Return a short form of an identity."""
    return hashlib.sha256("\x1f".join(key).encode("utf-8", "replace")).hexdigest()[:32]


def _finding(rule: Rule, subject: _Subject, problem: Problem, policy: Policy) -> FindingRow:
    return {
        "fingerprint": fingerprint(identity(rule.id, subject.org_id, subject.credential_id, problem.detail)),
        "rule": rule.id,
        "severity": policy.severities[rule.id],
        "title": rule.title,
        "org_id": subject.org_id,
        "credential_id": subject.credential_id,
        "detail": problem.detail,
        "subject": subject.name,
        "evidence": problem.evidence,
        "remediation": rule.remediation,
        "addresses": None,
        "status": None,
        "worse": None,
        "first_seen": "",
        "fails_gate": False,
        "accepted": None,
        "task": None,
        "exception": None,
    }
