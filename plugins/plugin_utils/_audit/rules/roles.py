# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about what a credential may do, and about what it is."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import API_KEY, Credential
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.roles import ORG_OWNER, PROJECT_OWNER
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    credential_rule,
    some,
)


@credential_rule(
    "high",
    title="Organization Owner",
    meaning="The credential has the role ORG_OWNER: it can do everything in the organization and in all its projects,"
    " and create further credentials.",
    remediation="Give it the roles that its task needs, in the projects that it works on, and take ORG_OWNER away.",
    needs=["roles"],
)
def org_owner(credential: Credential, context: Context) -> Problems:
    """ORG_OWNER is among the roles."""
    if ORG_OWNER in credential.org_roles:
        yield Problem("It has ORG_OWNER.")


@credential_rule(
    "low",
    title="Project Owner",
    meaning="The credential has the role GROUP_OWNER in at least one project: it can do everything there, deleting"
    " clusters and data included.",
    remediation="Replace GROUP_OWNER with the roles that its task needs in the project.",
    needs=["projects"],
)
def project_owner(credential: Credential, context: Context) -> Problems:
    """GROUP_OWNER is among the roles in a project."""
    owned = [project.name or project.id for project in credential.projects or [] if PROJECT_OWNER in project.roles]
    if owned:
        yield Problem(f"GROUP_OWNER in {some(owned)}.")


@credential_rule(
    "info",
    title="API key instead of a service account",
    meaning="MongoDB calls API keys a legacy option and recommends service accounts, whose secrets expire. API keys"
    " keep working; no end date is known.",
    remediation="Plan to replace the key with a service account.",
)
def legacy_api_key(credential: Credential, context: Context) -> Problems:
    """Every API key."""
    if credential.kind == API_KEY:
        yield Problem("It is an API key.")
