# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about where a credential comes from, and what it is for."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import API_KEY, Credential, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules import controls
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    credential_rule,
    organization_rule,
)


@credential_rule(
    "medium",
    title="Created by a credential",
    meaning="An API key or a service account created the API key, not a person. Whoever holds such a credential can"
    " create others that stay when the first one is withdrawn. Events on service accounts do not say which account"
    " was created.",
    remediation="Check that automation of yours created it. If not, delete it and the credential that created it.",
    needs=("creation",),
    kinds=frozenset({API_KEY}),
    controls=(controls.AC_2, controls.A_5_18, controls.CC_6_2, controls.CIS_6_1),
)
def created_by_credential(credential: Credential, context: Context) -> Problems:
    """Find a credential whose creation an event attributes to another credential."""
    if credential.created_by and credential.created_by[0] != "user":
        what, name = credential.created_by
        address = f" from {credential.created_from}" if credential.created_from else ""
        yield Problem(f"The {what} {name} created it{address}.")


@credential_rule(
    "low",
    title="No description",
    meaning="Nothing says what the credential is for: an API key without a description, or a service account without"
    " a name or a description.",
    remediation="Find its owner, and describe what it is for.",
    needs=("description",),
    controls=(controls.AC_2, controls.A_5_16, controls.CIS_5_5),
)
def no_description(credential: Credential, context: Context) -> Problems:
    """Find a credential whose description is missing or contains only spaces."""
    if credential.kind == API_KEY:
        if not credential.name.strip():
            yield Problem("It has no description.")
    elif not credential.name.strip() or not (credential.description or "").strip():
        yield Problem("It has no description." if credential.name.strip() else "It has no name.")


@organization_rule(
    "info",
    title="API keys instead of service accounts",
    meaning="MongoDB calls API keys a legacy option and recommends service accounts, whose secrets expire. API keys"
    " keep working; no end date is known.",
    remediation="Plan to replace the keys with service accounts.",
    needs=("api_keys",),
)
def legacy_api_key(organization: Organization, context: Context) -> Problems:
    """Find API keys in the organization."""
    count = sum(credential.kind == API_KEY for credential in organization.credentials)
    if count:
        yield Problem(f"It has {count:,} {'API key' if count == 1 else 'API keys'}.")
