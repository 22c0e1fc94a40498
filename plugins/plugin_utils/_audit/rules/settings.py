# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about settings of an organization that concern people as well as credentials."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules import controls
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    organization_rule,
)


@organization_rule(
    "high",
    title="Multi-factor authentication is not required",
    meaning="The organization does not require multi-factor authentication: the password of one person is enough to"
    " create credentials.",
    remediation="Turn the requirement on in the settings of the organization, after all its users have a second"
    " factor.",
    needs=("settings.multi_factor_auth_required",),
    controls=(controls.IA_2_1, controls.IA_2_2, controls.A_8_5, controls.CC_6_1, controls.CIS_6_5),
)
def mfa_not_required(organization: Organization, context: Context) -> Problems:
    """Find a setting that is known and off."""
    if organization.setting.mfa_required is False:
        yield Problem("The requirement for multi-factor authentication is off.")


@organization_rule(
    "low",
    title="No security contact",
    meaning="The settings of the organization name no security contact, whom MongoDB would tell about an incident.",
    remediation="Name a security contact in the settings of the organization: a mailbox that people read.",
    needs=("settings.security_contact",),
)
def no_security_contact(organization: Organization, context: Context) -> Problems:
    """Find settings that were read and name no contact."""
    is_known = organization.settings is not None and "settings.security_contact" not in organization.unknown
    if is_known and not (organization.setting.security_contact or "").strip():
        yield Problem("No security contact is named.")
