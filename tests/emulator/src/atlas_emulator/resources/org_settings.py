# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of an organization."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.parser import Entry, Json
from atlas_emulator.rate_limits import other_limit
from atlas_emulator.resource import Resource, Route
from atlas_emulator.responses import respond


@dataclass(frozen=True)
class OrgSettings:
    """The settings, except for `apiAccessListRequired`, which is the organization's `requires_access_list`."""

    org_id: str
    max_secret_validity_hours: int = 8760
    multi_factor_auth_required: bool = False
    security_contact: str | None = None
    fields: dict[str, Json] = field(default_factory=dict)


def parse_settings(entry: Entry, org_id: str) -> list[OrgSettings]:
    """Return the settings of an organization's entry, if it has any."""
    if "settings" not in entry:
        return []
    given = entry.entry("settings")
    required = given.flag("api_access_list_required", False)
    if "api_access_list_required" in given and entry.flag("requires_access_list", required) != required:
        raise given.error("api_access_list_required", "it contradicts requires_access_list")
    settings = OrgSettings(
        org_id=org_id,
        max_secret_validity_hours=given.whole("max_service_account_secret_validity_in_hours", 8760, least=8),
        multi_factor_auth_required=given.flag("multi_factor_auth_required", False),
        security_contact=given.text_or_none("security_contact"),
        fields=given.fields("fields"),
    )
    given.finish()
    return [settings]


def serialize_settings(settings: OrgSettings, access_list_required: bool) -> Json:
    """Return the settings as Atlas writes them (reference)."""
    return {
        "apiAccessListRequired": access_list_required,
        "maxServiceAccountSecretValidityInHours": settings.max_secret_validity_hours,
        "multiFactorAuthRequired": settings.multi_factor_auth_required,
        "securityContact": settings.security_contact,
        **settings.fields,
    }


def settings_of(call: Call, org_id: str) -> OrgSettings:
    """Return an organization's settings."""
    return call.table(RESOURCE).get(org_id, org_id) or OrgSettings(org_id)


def get_settings(call: Call, org_id: str) -> Response:
    """``GET /orgs/{orgId}/settings``. Which role it needs is not known; here any role in the organization."""
    org = call.org(org_id)
    return respond(serialize_settings(settings_of(call, org.id), org.requires_access_list))


RESOURCE: Resource[OrgSettings] = Resource(
    name="org_settings",
    routes=(Route("/orgs/<org_id>/settings", get_settings, other_limit("orgs/{orgId}/settings")),),
    parse=parse_settings,
    identifiers={"settings of organization": lambda settings: settings.org_id},
)
