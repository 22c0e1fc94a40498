# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Organizations and credentials as rows of the report document."""

from __future__ import annotations

import collections
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    PARTLY_AUDITED,
    Counts,
    CredentialRow,
    EntryRow,
    FindingRow,
    OrganizationRow,
    OwnersRow,
    PartRow,
    ProjectRow,
    SecretRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.findings import big_number
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Credential,
    Entry,
    Maker,
    Organization,
    Project,
    Secret,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import count, is_open, worst
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import time_text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.roles import owned
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Owners


def organization_row(
    organization: Organization,
    findings: t.Sequence[FindingRow],
    checks_not_made: Counts,
    before: Owners | None,
    *,
    is_compared: bool = True,
) -> OrganizationRow:
    """Return an organization with the numbers of its findings and of its checks that could not be made.

    :param before: the owners at the baseline.
    :param is_compared: whether new owners were looked for.
    """
    numbers = collections.Counter(credential.kind for credential in organization.credentials)
    return {
        "id": organization.id,
        "name": organization.name,
        "state": state(organization),
        "error": organization.error,
        "unread": _part_rows(organization),
        "settings": organization.settings,
        "api_keys": None if "api_keys" in organization.unread else numbers[API_KEY],
        "service_accounts": None if "service_accounts" in organization.unread else numbers[SERVICE_ACCOUNT],
        "projects": organization.projects,
        "events": organization.events,
        "findings": count(findings),
        "accepted": sum(not is_open(finding) for finding in findings),
        "new": None,
        "checks_not_made": checks_not_made,
        "caller": organization.caller,
        "owners": _owners(organization, before) if is_compared else _owners_not_compared(organization, before),
    }


def state(organization: Organization) -> str:
    """Return whether everything, something or nothing of an organization was read, in a form that is known.

    What Atlas does not record makes no difference: more than that cannot be read.
    """
    if organization.error is not None:
        return NOT_AUDITED
    is_partial = organization.unread or organization.incomplete
    if is_partial or any(map(_is_partly_read, organization.credentials)):
        return PARTLY_AUDITED
    return AUDITED


def _is_partly_read(credential: Credential) -> bool:
    return bool(credential.unread) or any(one.cause != "not_recorded" for one in credential.unknown.values())


def _part_rows(organization: Organization) -> list[PartRow]:
    incomplete = {name: organization.unknown[name] for name in organization.incomplete}
    parts = {**incomplete, **organization.unread}
    return [_part_row(parts[name]) for name in sorted(parts)]


def _part_row(unknown: Unknown) -> PartRow:
    return {
        "part": unknown.part,
        "cause": unknown.cause,
        "reason": unknown.reason,
        "role": unknown.role,
        "remediation": unknown.remediation,
    }


def credential_row(
    credential: Credential,
    organization: Organization,
    findings: t.Sequence[FindingRow] = (),
    not_checked: t.Iterable[str] = (),
) -> CredentialRow:
    """Return a credential with its findings by severity. Its rank is not known before all are sorted."""
    return {
        "rank": 1,
        "kind": credential.kind,
        "id": credential.id,
        "name": credential.name,
        "description": credential.description,
        "org_id": organization.id,
        "org_name": organization.name,
        "public_key": credential.public_key,
        "is_caller": credential.is_caller,
        "created_at": time_text(credential.created_at),
        "age_source": credential.age_source,
        "created_by": _maker(credential.created_by),
        "created_from": credential.created_from,
        "known_since": time_text(credential.known_since),
        "system_managed": credential.system_managed,
        "org_roles": credential.org_roles,
        "projects": _rows(_project_row, credential.projects),
        "access_list": _rows(_entry_row, credential.access_list),
        "reach": credential.reach.kind,
        "addresses": big_number(credential.reach.addresses),
        "usage": credential.usage.kind,
        "last_used_at": time_text(credential.usage.last_used_at),
        "secrets": _rows(_secret_row, credential.secrets),
        "unknown": sorted(credential.unknown),
        "not_checked": sorted(not_checked),
        "findings": count(findings),
        "severity": worst(findings),
    }


def _maker(maker: Maker | None) -> str | None:
    """Return who created a credential: the name of a person, or what it was with its ID."""
    if maker is None:
        return None
    what, name = maker
    return name if what == "user" and not name.isalnum() else f"{what} {name}"


def _owners(organization: Organization, before: Owners | None) -> OwnersRow:
    """Return the owners of an organization; of what could not be read, those that were owners before."""
    found: dict[str, list[str] | None] = {}
    for kind, name in ((API_KEY, "api_keys"), (SERVICE_ACCOUNT, "service_accounts")):
        credentials = [credential for credential in organization.credentials if credential.kind == kind]
        now = {f"{credential.id} {detail}" for credential in credentials for detail, _what in owned(credential)}
        earlier = before.by_kind.get(kind) if before else None
        if name in organization.unread:
            found[kind] = None if earlier is None else sorted(earlier)
            continue
        known = {one.id for one in credentials if not {"roles", "projects"} & one.unknown.keys()}
        is_complete = name not in organization.unknown
        there = {credential.id for credential in credentials}
        kept = {
            owner
            for owner in earlier or ()
            if (owner.partition(" ")[0] not in known) and not (is_complete and owner.partition(" ")[0] not in there)
        }
        found[kind] = sorted(now | kept)
    return {"api_key": found[API_KEY], "service_account": found[SERVICE_ACCOUNT]}


def _owners_not_compared(organization: Organization, before: Owners | None) -> OwnersRow:
    """Return the owners of the baseline without new ones: these are new as soon as they are looked for again."""
    found = _owners(organization, before)
    earlier = {kind: sorted(owners - before.still_new) for kind, owners in before.by_kind.items()} if before else {}
    return {
        "api_key": earlier.get(API_KEY, found["api_key"]),
        "service_account": earlier.get(SERVICE_ACCOUNT, found["service_account"]),
    }


_Source = t.TypeVar("_Source")
_Row = t.TypeVar("_Row")


def _rows(make: t.Callable[[_Source], _Row], sources: list[_Source] | None) -> list[_Row] | None:
    return None if sources is None else [make(source) for source in sources]


def _project_row(project: Project) -> ProjectRow:
    return {"id": project.id, "name": project.name, "roles": project.roles}


def _entry_row(entry: Entry) -> EntryRow:
    return {
        "cidr": entry.block.text if entry.block else entry.text,
        "created_at": time_text(entry.created_at),
        "last_used_at": time_text(entry.last_used_at),
        "last_used_address": entry.last_used_address,
        "requests": entry.requests,
    }


def _secret_row(secret: Secret) -> SecretRow:
    return {
        "id": secret.id,
        "created_at": time_text(secret.created_at),
        "expires_at": time_text(secret.expires_at),
        "last_used_at": time_text(secret.last_used_at),
        "masked_secret_value": secret.masked_value,
    }
