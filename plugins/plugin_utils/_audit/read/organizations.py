# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An organization as the role hands it over, made from what the modules return, read into the model."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    SECRET_VALIDITY,
    AuditError,
    Organization,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.credentials import (
    Surroundings,
    read_api_key,
    read_service_account,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.events import creations
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import (
    Raw,
    boolean,
    dicts,
    integer,
    plain,
    text,
)

_NOTHING_READ = "Neither its API keys nor its service accounts were read."


def read_organizations(value: object, now: datetime.datetime, unused_days: int) -> list[Organization]:
    """All organizations.

    Raises AuditError if it is no list of organizations, or if one is in it twice: then several hosts of an inventory
    have read the same one, and others were not read at all.
    """
    raws = dicts(value)
    if raws is None:
        raise AuditError("What is audited must be a list with one dictionary for each organization.")
    organizations = [_read_organization(raw, now, unused_days) for raw in raws]
    seen: set[str] = set()
    for organization in organizations:
        if organization.id in seen:
            raise AuditError(f"The organization {organization.id} is in the list more than once.")
        seen.add(organization.id)
    return organizations


def _read_organization(raw: Raw, now: datetime.datetime, unused_days: int) -> Organization:
    org = _mapping(raw.get("org")) or {}
    given_name = text(raw.get("name"))
    org_id = text(raw.get("org_id")) or text(org.get("id")) or given_name
    if not org_id:
        raise AuditError("An organization must have an org_id, or a name if its ID is not known.")
    settings = plain(_mapping(org.get("settings")))
    names = ("api_keys", "service_accounts", "events", "projects")
    keys, accounts, events, projects = (dicts(raw.get(name)) for name in names)
    required = boolean((settings or {}).get("api_access_list_required"))
    validity = (settings or {}).get(SECRET_VALIDITY)
    around = Surroundings(_project_names(raw), creations(events or []), required, now, unused_days)
    parts = {"settings": settings, "api_keys": keys, "service_accounts": accounts, "events": events}
    return Organization(
        id=org_id,
        name=text(org.get("name")) or given_name or org_id,
        error=text(raw.get("error")) or (_NOTHING_READ if keys is None and accounts is None else None),
        settings=settings,
        access_list_required=required,
        secret_validity=integer(validity),
        secret_validity_known=settings is not None and (validity is None or integer(validity) is not None),
        credentials=[
            *(read_api_key(key, around) for key in keys or []),
            *(read_service_account(account, around) for account in accounts or []),
        ],
        unread={name: _not_read(name) for name, part in parts.items() if part is None},
        incomplete=_names(raw.get("incomplete")),
        projects=None if projects is None else len(projects),
        events=None if events is None else len(events),
    )


def _not_read(part: str) -> Unknown:
    what = part.replace("_", " ")
    return Unknown(part, "not_read", f"Its {what} were not read.", None, f"Read the {what} of the organization.")


def _project_names(raw: Raw) -> dict[str, str]:
    projects = dicts(raw.get("projects")) or []
    return {
        project["id"]: text(project.get("name")) or "" for project in projects if isinstance(project.get("id"), str)
    }


def _mapping(value: object) -> dict[str, t.Any] | None:
    return value if isinstance(value, dict) else None


def _names(value: t.Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise AuditError("incomplete must be a list with the names of the lists that do not add up.")
    return sorted({text(name) or "" for name in value})
