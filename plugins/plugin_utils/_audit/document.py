# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report document: what the filter `audit` returns and all formats are made from.

Only dicts, lists, strings, numbers, booleans and None, so that Ansible and JSON can hold it. `report.schema.json`
describes the same to others. Points in time are ISO 8601 in UTC with seconds (`2026-11-25T06:00:00Z`).

Text that comes from Atlas or from a person is as it was written, but for characters that UTF-8 cannot hold: each
format escapes what it must.
"""

from __future__ import annotations

import typing as t

SCHEMA_VERSION = "1.0"
SEVERITIES: t.Final = ("critical", "high", "medium", "low", "info")  # worst first
OFF: t.Final = "off"

Counts = dict[str, int]  # one for each of SEVERITIES


class RuleRow(t.TypedDict):
    """A rule that is switched on, with the severity that the policy gives it."""

    id: str
    severity: str
    title: str
    meaning: str
    remediation: str


class OrganizationRow(t.TypedDict):
    """`id` is the name of a host if the organization failed before its ID was known."""

    id: str
    name: str
    audited: bool
    error: str | None  # why it was not audited
    settings: dict[str, t.Any] | None
    findings: Counts  # without accepted ones


class ProjectRow(t.TypedDict):
    """A project that the credential has roles in; the name is None if the projects were not read."""

    id: str
    name: str | None
    roles: list[str]


class EntryRow(t.TypedDict):
    """An entry of an access list. `cidr` is as Atlas wrote it if it is not a block of addresses."""

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

    kind: str  # api_key, service_account
    id: str
    name: str  # the description of an API key; may be empty
    org_id: str
    org_name: str
    public_key: str | None
    created_at: str | None
    created_by: str | None
    known_since: str | None  # the earliest date that proves that it existed
    system_managed: bool | None
    org_roles: list[str]
    projects: list[ProjectRow] | None
    access_list: list[EntryRow] | None
    reach: str  # anywhere, listed, nowhere, unknown
    addresses: int | None  # how many addresses may use it; up to 2**128 + 2**32
    usage: str  # used, unused, unknown
    last_used_at: str | None
    secrets: list[SecretRow] | None
    unknown: list[str]  # age, access_list, projects, reach, roles, secrets, usage: what could not be determined
    severity: str | None  # of the worst finding that is not accepted


class Acceptance(t.TypedDict):
    """Why a finding is accepted, and until when."""

    reason: str
    until: str


class FindingRow(t.TypedDict):
    """A finding. Rule, org_id, credential_id and detail identify it from one report to the next."""

    rule: str
    severity: str
    title: str
    org_id: str  # empty if it belongs to no organization: an exception that matches nothing
    credential_id: str | None  # None if it is about the organization or an exception
    detail: str | None  # which entry, secret, list or part
    subject: str  # a name that people can read
    evidence: str
    remediation: str
    status: str | None  # new, known; None without a baseline
    accepted: Acceptance | None


class BaselineCounts(t.TypedDict):
    """Against an earlier report. Accepted findings are not counted as new or known."""

    new: int
    known: int
    resolved: int
    not_checked: int  # of the earlier findings: what they are about could not be read this time


class Summary(t.TypedDict):
    """`findings` counts those that are not accepted."""

    organizations: int
    not_audited: int
    credentials: int
    api_keys: int
    service_accounts: int
    findings: Counts
    accepted: int
    baseline: BaselineCounts | None


class PolicyRow(t.TypedDict):
    """The policy in effect, defaults included. `rules` has the severity of every rule, or `off`."""

    unused_days: int
    old_days: int
    secret_expiry_days: int
    secret_lifetime_days: int
    widest_ipv4: int
    widest_ipv6: int
    rules: dict[str, str]


class Document(t.TypedDict):
    """The whole report. `credentials` and `findings` have the worst first, `organizations` are in order of names."""

    schema_version: str
    generated_at: str
    policy: PolicyRow
    summary: Summary
    rules: list[RuleRow]
    organizations: list[OrganizationRow]
    credentials: list[CredentialRow]
    findings: list[FindingRow]
    resolved: list[FindingRow]  # findings of the baseline that are gone
    not_checked: list[FindingRow]  # findings of the baseline that could not be checked this time
