# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Apply the rules that are switched on, and make findings of the problems."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import OFF, FindingRow
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.exceptions import ExceptionProblem
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Credential, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Context, Problem, Rule


class _Subject(t.NamedTuple):
    """What a finding is about."""

    org_id: str
    credential_id: str | None
    name: str


def judge(organizations: list[Organization], policy: Policy, now: datetime.datetime) -> list[FindingRow]:
    """All problems of all organizations, none of them accepted yet."""
    rules = [rule for rule in RULES if policy.severities[rule.id] != OFF]
    findings: list[FindingRow] = []
    for organization in organizations:
        context = Context(organization, policy, now)
        for rule, subject, problem in _problems(organization, rules, context):
            findings.append(_finding(rule, subject, problem, policy))
    return findings


def _problems(
    organization: Organization, rules: list[Rule], context: Context
) -> t.Iterator[tuple[Rule, _Subject, Problem]]:
    subject = _Subject(organization.id, None, organization.name)
    for rule in rules:
        if rule.check_organization:
            for problem in rule.check_organization(organization, context):
                yield rule, subject, problem
    checks = [(rule, rule.check_credential) for rule in rules if rule.check_credential]
    for credential in organization.credentials:
        subject = _credential_subject(organization, credential)
        for rule, check in checks:
            for problem in check(credential, context):
                yield rule, subject, problem


def exception_findings(
    problems: list[ExceptionProblem], organizations: list[Organization], policy: Policy
) -> list[FindingRow]:
    """Findings about exceptions. An exception whose ID is not known belongs to no organization."""
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


def _finding(rule: Rule, subject: _Subject, problem: Problem, policy: Policy) -> FindingRow:
    return {
        "rule": rule.id,
        "severity": policy.severities[rule.id],
        "title": rule.title,
        "org_id": subject.org_id,
        "credential_id": subject.credential_id,
        "detail": problem.detail,
        "subject": subject.name,
        "evidence": problem.evidence,
        "remediation": rule.remediation,
        "status": None,
        "accepted": None,
    }
