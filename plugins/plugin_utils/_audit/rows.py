# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Organizations and credentials as rows of the report document."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.dates import time_text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    Counts,
    CredentialRow,
    EntryRow,
    FindingRow,
    OrganizationRow,
    ProjectRow,
    SecretRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    Credential,
    Entry,
    Organization,
    Project,
    Secret,
)


def organization_row(organization: Organization, findings: t.Iterable[FindingRow]) -> OrganizationRow:
    """An organization with the number of its findings."""
    return {
        "id": organization.id,
        "name": organization.name,
        "audited": organization.error is None,
        "error": organization.error,
        "settings": organization.settings,
        "findings": count(findings),
    }


def count(findings: t.Iterable[FindingRow]) -> Counts:
    """The findings that are not accepted, by severity."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        if finding["accepted"] is None:
            counts[finding["severity"]] += 1
    return counts


def worst(findings: t.Iterable[FindingRow]) -> str | None:
    """The severity of the worst finding that is not accepted."""
    severities = [finding["severity"] for finding in findings if finding["accepted"] is None]
    return min(severities, key=SEVERITIES.index, default=None)


def credential_row(
    credential: Credential, organization: Organization, findings: t.Iterable[FindingRow]
) -> CredentialRow:
    """A credential with the severity of its worst finding."""
    return {
        "kind": credential.kind,
        "id": credential.id,
        "name": credential.name,
        "org_id": organization.id,
        "org_name": organization.name,
        "public_key": credential.public_key,
        "created_at": time_text(credential.created_at),
        "created_by": credential.created_by,
        "known_since": time_text(credential.known_since),
        "system_managed": credential.system_managed,
        "org_roles": credential.org_roles,
        "projects": _rows(_project_row, credential.projects),
        "access_list": _rows(_entry_row, credential.access_list),
        "reach": credential.reach.kind,
        "addresses": credential.reach.addresses,
        "usage": credential.usage.kind,
        "last_used_at": time_text(credential.usage.last_used_at),
        "secrets": _rows(_secret_row, credential.secrets),
        "unknown": sorted(credential.unknown),
        "severity": worst(findings),
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
