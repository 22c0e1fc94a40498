# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Apply the rules that are switched on: each check of each subject is found, not found, or not checked."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    OFF,
    FindingRow,
    NotCheckedRow,
    Outcomes,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.findings import Subject, make_finding
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Credential,
    Organization,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Owners,
    Problem,
    Rule,
)

LISTS: t.Final = {API_KEY: "api_keys", SERVICE_ACCOUNT: "service_accounts"}  # which list a kind of credential is in
ORGANIZATION: t.Final = "organization"

Checked = tuple[str, str, t.Optional[str]]  # a rule, an organization, and a credential in it


class Check(t.NamedTuple):
    """Checks of one rule that could not be made for one cause: what a row of the report has in common."""

    rule: str
    org_id: str
    kind: str
    unknown: Unknown


@dataclasses.dataclass
class Verdict:
    """What the rules made of all organizations.

    :param not_checked: the IDs of credentials. None stands for the organization, or for what did not arrive of a list.
    :param uncertain: checks after which a problem that was not found may still be there.
    """

    findings: list[FindingRow] = dataclasses.field(default_factory=list)
    outcomes: dict[str, Outcomes] = dataclasses.field(default_factory=dict)
    not_checked: dict[Check, list[str | None]] = dataclasses.field(
        default_factory=lambda: collections.defaultdict(list)
    )
    uncertain: set[Checked] = dataclasses.field(default_factory=set)

    def by_credential(self) -> dict[tuple[str, str], list[str]]:
        """Return the IDs of the rules that could not be checked for each credential."""
        found: dict[tuple[str, str], list[str]] = collections.defaultdict(list)
        for check, ids in self.not_checked.items():
            for credential_id in ids:
                if credential_id is not None:
                    found[check.org_id, credential_id].append(check.rule)
        return found


def judge(
    organizations: list[Organization],
    policy: Policy,
    now: datetime.datetime,
    owners: t.Mapping[str, Owners] | None = None,
) -> Verdict:
    """Return all problems of all organizations, none of them accepted yet, and the outcome of every check.

    :param owners: those at the baseline, by organization.
    """
    verdict = Verdict()
    rules = [rule for rule in RULES if policy.severities[rule.id] != OFF]
    for rule in rules:
        verdict.outcomes[rule.id] = {"found": 0, "not_found": 0, "not_checked": 0}
    for organization in organizations:
        before = (owners or {}).get(organization.id)
        context = Context(organization, policy, now, before, _unknown_at_baseline(before))
        _judge_organization(organization, rules, context, verdict)
        _judge_credentials(organization, rules, context, verdict)
    return verdict


_BASELINE_UNREAD: t.Final = Unknown(
    "owners",
    "not_read",
    "The baseline could not read the list, so the owners at that time are not known.",
    None,
    "The next audit compares with this one, if this one could read the list.",
)


def _unknown_at_baseline(owners: Owners | None) -> dict[str, dict[str, Unknown]]:
    return {kind: {} if not owners or kind in owners.by_kind else {"owners": _BASELINE_UNREAD} for kind in LISTS}


def _judge_organization(organization: Organization, rules: list[Rule], context: Context, verdict: Verdict) -> None:
    subject = Subject(organization.id, None, organization.name)
    for rule in rules:
        if rule.check_organization:
            problems = list(rule.check_organization(organization, context))
            missing = [organization.unknown[need] for need in rule.needs if need in organization.unknown]
            _record(rule, subject, ORGANIZATION, problems, missing, context, verdict)


def _judge_credentials(organization: Organization, rules: list[Rule], context: Context, verdict: Verdict) -> None:
    for kind, name in LISTS.items():
        checks = [(rule, rule.check_credential) for rule in rules if rule.check_credential and kind in rule.kinds]
        extra = context.unknown[kind]
        for credential in organization.credentials:
            if credential.kind != kind:
                continue
            subject, unknown = credential_subject(organization, credential), credential.unknown
            for rule, check in checks:
                if rule.applies and not rule.applies(credential, context):
                    verdict.uncertain.add((rule.id, organization.id, credential.id))
                    continue
                problems = list(check(credential, context))
                missing = _missing(rule, unknown, extra) if unknown or extra else []
                _record(rule, subject, kind, problems, missing, context, verdict)
        if name in organization.unknown:  # not read, or not complete: some credentials were not checked
            for rule, _check in checks:
                verdict.outcomes[rule.id]["not_checked"] += 1
                verdict.not_checked[Check(rule.id, organization.id, kind, organization.unknown[name])].append(None)


def _missing(rule: Rule, unknown: t.Mapping[str, Unknown], extra: t.Mapping[str, Unknown]) -> list[Unknown]:
    """Return what a rule needs to know of a credential and that is not known."""
    return [unknown.get(need) or extra[need] for need in rule.needs if need in unknown or need in extra]


def _record(
    rule: Rule,
    subject: Subject,
    kind: str,
    problems: list[Problem],
    missing: list[Unknown],
    context: Context,
    verdict: Verdict,
) -> None:
    outcomes = verdict.outcomes[rule.id]
    if not problems and not missing:  # nearly always
        outcomes["not_found"] += 1
        return
    if missing:
        verdict.uncertain.add((rule.id, subject.org_id, subject.credential_id))
    if problems:
        outcomes["found"] += 1
        severity = context.policy.severities[rule.id]
        verdict.findings += (make_finding(rule, severity, subject, problem) for problem in problems)
    else:
        outcomes["not_checked"] += 1
        verdict.not_checked[Check(rule.id, subject.org_id, kind, missing[0])].append(subject.credential_id)


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


def credential_subject(organization: Organization, credential: Credential) -> Subject:
    """Return what a finding about a credential is about."""
    return Subject(organization.id, credential.id, credential.subject)
