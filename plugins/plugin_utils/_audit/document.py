# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report document: what the filter `audit` returns and all formats are made from. This file is its contract.

It consists of dicts, lists, strings, numbers, booleans and None only, so that Ansible and JSON can hold it.
``report.schema.json`` describes the same to others. Points in time are ISO 8601 in UTC with seconds
(``2026-11-25T06:00:00Z``). Text from Atlas or from a person is as it was written, except for characters that UTF-8
cannot hold: each format escapes what it must.

The formats render this document and decide nothing. In particular:

- **Three outcomes.** Each check, which is one rule applied to one subject, is *found* (``findings``), *not found*, or
  *not checked* (``not_checked``). A subject is an organization or a credential. What did not arrive of a list of
  credentials is one subject of unknown size. What was not checked is neither good nor bad, and every format shows it.
- **Order.** All lists are in the order in which they are shown; ``order.py`` made it. A format may leave rows out, and
  does not sort. ``order.is_open`` says whether a finding counts: it was not accepted.
- **The gate.** ``gate`` says whether the job fails and why; ``fails_gate`` of a finding and of a check that could not
  be made says whether it contributes to that. A format that knows passed and failed (JUnit, OCSF) uses these alone.
- **None** means not known, not read, or not applicable, as the field says. A count that is None is "not read", never 0.

Version 2.0 differs from 1.0: organizations have a state; ``not_checked`` lists the checks that could not be made, and
the findings of the baseline that were listed there are in ``carried``; ``gate``, ``baseline``, ``notices`` and
``exceptions`` are new; rules have outcomes and controls; findings have a fingerprint, their age, a task and an
exception. A report of version 1 still serves as a baseline.
"""

from __future__ import annotations

import typing as t

SCHEMA_VERSION = "2.0"
SEVERITIES: t.Final = ("critical", "high", "medium", "low", "info")  # worst first
OFF: t.Final = "off"

AUDITED: t.Final = "audited"  # everything that the audit reads was read
PARTLY_AUDITED: t.Final = "partly_audited"  # at least one part was not read, or not in a known form
NOT_AUDITED: t.Final = "not_audited"  # nothing could be judged; `error` has the reason
STATES: t.Final = (NOT_AUDITED, PARTLY_AUDITED, AUDITED)  # worst first

# Why a check could not be made.
CAUSES: t.Final = (
    "unauthorized",  # Atlas did not accept the reader's credentials (401 without a code that says more)
    "access_denied",  # the reader lacks a role, or its address is not on an access list
    "network",  # no response: name resolution, connection, TLS, time-out
    "requests_missing",  # the Python library requests is not installed where the module ran
    "incomplete",  # Atlas counted more elements than it sent
    "unknown_form",  # a field has a form that is not known; `part` names the field
    "inherited",  # the credential inherits the access list of the Atlas UI, which no API shows
    "not_recorded",  # Atlas does not record it, or not for long enough; the only cause that never fails the gate
    "not_read",  # it was not asked for, or was not passed to the audit
    "error",  # any other failure; `reason` has its message
)

# Numbers above this are text: most readers of JSON use floating point numbers, which are not exact beyond it.
MAX_EXACT_NUMBER: t.Final = 2**53

Counts = dict[str, int]  # one for each of SEVERITIES
BigNumber = t.Union[int, str]  # a whole number; as text if it is above MAX_EXACT_NUMBER


class ControlRow(t.TypedDict):
    """A control of a published framework that the rule helps to meet. For orientation; it is not a certification."""

    framework: str  # NIST SP 800-53 rev. 5, ISO/IEC 27001:2022 Annex A, SOC 2 CC, CIS Controls v8
    id: str  # such as AC-6
    title: str


class RuleRow(t.TypedDict):
    """A rule that is switched on, with the severity that the policy gives it, and the outcomes of its checks."""

    id: str
    severity: str
    title: str
    meaning: str
    remediation: str
    controls: list[ControlRow]
    applied: bool  # at least one check was made; if not, it found nothing because it was not applied
    found: int  # subjects with a finding, accepted ones included
    not_found: int  # subjects without a finding
    not_checked: int  # checks that could not be made; a list that was not read is one
    findings: int  # open findings; a subject may have several
    accepted: int  # accepted findings


class PartRow(t.TypedDict):
    """A part of an organization that was not read, not completely, or not in a known form."""

    part: str  # organization, settings, api_keys, service_accounts, projects, events; settings.NAME for a setting
    cause: str
    reason: str  # in words
    role: str | None  # the role that the reader lacks, if that is the cause
    remediation: str


class OrganizationRow(t.TypedDict):
    """`id` is the name of a host if the organization failed before its ID was known."""

    id: str
    name: str
    state: str  # not_audited, partly_audited, audited
    error: str | None  # why it was not audited
    unread: list[PartRow]  # empty if everything was read; parts of credentials are in `not_checked` only
    settings: dict[str, t.Any] | None
    api_keys: int | None  # None: the list was not read
    service_accounts: int | None
    projects: int | None
    events: int | None
    findings: Counts  # open findings about it and its credentials
    accepted: int  # accepted findings
    new: int | None  # open findings that are new since the baseline; None without a baseline
    checks_not_made: Counts  # checks that could not be made, by the severity of the rule
    caller: str | None  # the public key or client ID of the credential that read it, if that is known
    owners: OwnersRow


class OwnersRow(t.TypedDict):
    """The owners of an organization and of its projects, for the next audit. None if the list was never read.

    Each is ``CREDENTIAL_ID ORG_OWNER`` or ``CREDENTIAL_ID PROJECT_ID``. What could not be read this time is as the
    baseline contains it.
    """

    api_key: list[str] | None
    service_account: list[str] | None


class ProjectRow(t.TypedDict):
    """A project that the credential has roles in; the name is None if the projects were not read."""

    id: str
    name: str | None
    roles: list[str]


class EntryRow(t.TypedDict):
    """An entry of an access list. ``cidr`` is as Atlas wrote it if it is not a block of addresses."""

    cidr: str
    created_at: str | None
    last_used_at: str | None
    last_used_address: str | None
    requests: int | None


class SecretRow(t.TypedDict):
    """A secret of a service account, without the secret."""

    id: str
    created_at: str | None
    expires_at: str | None
    last_used_at: str | None
    masked_secret_value: str | None


class CredentialRow(t.TypedDict):
    """An API key or a service account. What is None was not read; it is never an empty list instead."""

    rank: int  # 1 is the worst by combined risk; the list is in this order
    kind: str  # api_key, service_account
    id: str
    name: str  # the description of an API key; may be empty
    description: str | None  # of a service account; of an API key it is the name
    org_id: str
    org_name: str
    public_key: str | None
    is_caller: bool  # the audit itself read with this credential
    created_at: str | None
    age_source: str | None  # what created_at comes from: event, id (its first eight digits), field
    created_by: str | None
    created_from: str | None  # the address that the creation was requested from
    known_since: str | None  # the earliest date that proves that it existed
    system_managed: bool | None
    org_roles: list[str]
    projects: list[ProjectRow] | None
    access_list: list[EntryRow] | None
    reach: str  # anywhere, listed, nowhere, unknown
    addresses: BigNumber | None  # how many addresses may use it; up to 2**128 + 2**32
    usage: str  # used, unused, unknown
    last_used_at: str | None
    secrets: list[SecretRow] | None
    unknown: list[str]  # what could not be determined, such as access_list, age, projects, reach, roles, secrets, usage
    not_checked: list[str]  # the IDs of the rules that could not be checked for it
    findings: Counts  # open findings about it
    severity: str | None  # of the worst finding that is not accepted


class Acceptance(t.TypedDict):
    """Why a finding is accepted, and until when."""

    reason: str
    until: str


class FindingRow(t.TypedDict):
    """A finding. Rule, org_id, credential_id and detail identify it from one report to the next."""

    fingerprint: str  # 32 hexadecimal digits made of what identifies it; the same in every report
    rule: str
    severity: str
    title: str
    org_id: str  # empty if it belongs to no organization: an exception that matches nothing
    credential_id: str | None  # None if it is about the organization or an exception
    detail: str | None  # which entry, secret, project, role, list or part
    subject: str  # a name that people can read
    evidence: str
    remediation: str
    addresses: BigNumber | None  # of a finding about a network: how many addresses it allows; more is worse
    status: str | None  # new, known; None without a baseline
    worse: str | None  # why a finding that the baseline contains is new all the same
    first_seen: str  # when a report contained it for the first time, without interruption
    fails_gate: bool  # the job fails because of it
    failed_gate: bool  # this job or an earlier one failed because of it, and nobody has accepted or acknowledged it
    accepted: Acceptance | None
    task: str | None  # a task in YAML that solves it, to be reviewed before it is run; None if no module can
    exception: str | None  # an item for `audit_exceptions` in YAML; None if it cannot be accepted


class NotCheckedRow(t.TypedDict):
    """Checks of one rule that could not be made for the same cause, in one organization, of one kind of subject."""

    rule: str
    severity: str
    title: str
    org_id: str
    kind: str  # organization, api_key, service_account
    checks: int  # how many; a list that was not read is one
    credentials: int | None  # how many credentials; None if it is not known because the list was not read
    credential_ids: list[str]  # which
    part: str  # what was not known, such as api_keys, access_list or secrets; with unknown_form the field
    cause: str
    reason: str  # in words
    role: str | None  # the role that the reader lacks, if that is the cause
    remediation: str
    fails_gate: bool  # the job fails because of it


class GateFindingRow(t.TypedDict):
    """Findings of one rule that make the job fail."""

    rule: str
    severity: str
    title: str
    findings: int
    carried: int  # of the baseline, which could not be checked this time; not contained in `findings`


class GateNotCheckedRow(t.TypedDict):
    """Checks of one rule that could not be made and make the job fail."""

    rule: str
    severity: str
    title: str
    checks: int
    credentials: int | None  # None if at least one list of credentials was not read
    organizations: int
    roles: list[str]  # the roles that the reader lacks


class GateRow(t.TypedDict):
    """Whether the job fails, and why. It does not fail for organizations that were not audited: `state` says that."""

    fail_on: str  # this severity and worse ones fail; or none
    new_only: bool  # only new findings fail
    fail_on_not_checked: bool
    acknowledged: bool  # this run took everything that was found as known
    failed: bool
    findings: list[GateFindingRow]
    not_checked: list[GateNotCheckedRow]
    message: str | None  # why it failed, in one or two sentences


class BaselineRow(t.TypedDict):
    """The earlier report that this one was compared with."""

    generated_at: str
    age_days: int
    organizations: list[str]  # the IDs of the organizations that are in both
    missing: list[str]  # of those that only the baseline contains
    added: list[str]  # of those that only this report contains
    failed: bool  # whether its gate failed


class BaselineCounts(t.TypedDict):
    """Against an earlier report. Accepted findings are not counted as new or known."""

    new: int
    known: int
    resolved: int
    carried: int  # findings of the baseline that could not be checked this time


class NoticeRow(t.TypedDict):
    """Something that a reader should know, and that is no finding."""

    kind: str  # first_run, exception_ends_soon, organization_missing, acknowledged
    text: str
    org_id: str | None
    rule: str | None
    id: str | None  # of the credential or organization that an exception names


class AcceptedRow(t.TypedDict):
    """A finding that an exception accepts, as the next audit remembers it."""

    fingerprint: str
    addresses: BigNumber | None  # how many addresses the finding allowed; more than that is not accepted


class ExceptionRow(t.TypedDict):
    """An exception. One without a detail accepts what was there when it was first used; ``accepts`` remembers that."""

    rule: str
    id: str
    detail: str | None
    reason: str
    until: str
    state: str  # in_effect, expired, unmatched, not_checked (whether there is a finding could not be checked)
    matched: int  # findings of this report that it accepts
    refused: int  # findings under it that came later and are not accepted
    accepts: list[AcceptedRow] | None  # None: nothing yet, or the exception has a detail


class Outcomes(t.TypedDict):
    """Checks by their outcome. Their sum is the number of all checks."""

    found: int
    not_found: int
    not_checked: int


class Summary(t.TypedDict):
    """Numbers of the whole report. `findings` counts open findings."""

    organizations: int
    audited: int
    partly_audited: int
    not_audited: int
    credentials: int  # those that the report lists
    api_keys: int | None  # None if the list of no organization was read
    service_accounts: int | None
    api_keys_not_read: int  # organizations whose list of API keys was not read
    service_accounts_not_read: int
    checks: Outcomes
    checks_not_made: Counts  # by the severity of the rule
    findings: Counts
    accepted: int
    baseline: BaselineCounts | None


class PolicyRow(t.TypedDict):
    """The policy in effect, defaults included. ``rules`` has the severity of every rule, or ``off``."""

    unused_days: int
    old_days: int
    secret_expiry_days: int
    secret_lifetime_days: int
    rotation_days: int
    widest_ipv4: int
    widest_ipv6: int
    most_addresses: int
    most_owners: int
    privileged_roles: list[str]
    rules: dict[str, str]


class Document(t.TypedDict):
    """The whole report."""

    schema_version: str
    generated_at: str
    policy: PolicyRow
    summary: Summary
    gate: GateRow
    baseline: BaselineRow | None
    notices: list[NoticeRow]
    rules: list[RuleRow]  # in order of severity
    organizations: list[OrganizationRow]  # not audited ones first, then partly audited ones, then the worst first
    credentials: list[CredentialRow]  # the worst first
    findings: list[FindingRow]  # open ones first, then the worst first
    not_checked: list[NotCheckedRow]  # checks that could not be made, the worst first
    resolved: list[FindingRow]  # findings of the baseline that are gone
    carried: list[FindingRow]  # findings of the baseline that could not be checked this time
    exceptions: list[ExceptionRow]
