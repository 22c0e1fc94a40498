# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""All rules, in the order in which findings of the same severity are shown."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules import (
    age,
    entries,
    inventory,
    reach,
    reading,
    roles,
    secrets,
    settings,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Rule

EXCEPTION_EXPIRED = Rule(
    "exception_expired",
    "low",
    title="Exception has expired",
    meaning="The date of an exception is over. What it accepted counts again.",
    remediation="Solve what was accepted, or decide again and give the exception a new date.",
)
EXCEPTION_UNMATCHED = Rule(
    "exception_unmatched",
    "low",
    title="Exception matches nothing",
    meaning="An exception names a rule and an ID, and there is no such finding: it was solved, or it was never there.",
    remediation="Remove the exception, or correct its rule and ID.",
)

RULES: t.Final[tuple[Rule, ...]] = (
    reach.open_to_internet,
    roles.org_owner,
    roles.new_owner,
    reach.access_list_not_required,
    settings.mfa_not_required,
    reading.incomplete,
    secrets.secret_expires_soon,
    reading.not_readable,
    reach.wide_network,
    entries.used_from_outside,
    roles.privileged_role,
    roles.too_many_owners,
    inventory.created_by_credential,
    age.unused,
    age.old,
    secrets.secret_lives_too_long,
    secrets.secret_validity_unlimited,
    secrets.secret_validity_too_long,
    roles.project_owner,
    reach.no_access_list,
    entries.stale_entry,
    secrets.no_live_secret,
    secrets.secret_expired,
    secrets.rotation_unfinished,
    inventory.no_description,
    settings.no_security_contact,
    EXCEPTION_EXPIRED,
    EXCEPTION_UNMATCHED,
    age.usage_unknown,
    age.age_unknown,
    entries.private_network,
    inventory.legacy_api_key,
)
BY_ID: t.Final[dict[str, Rule]] = {rule.id: rule for rule in RULES}
SEVERITIES_BY_RULE: t.Final[dict[str, str]] = {rule.id: rule.severity for rule in RULES}
OF_EXCEPTIONS: t.Final = frozenset({EXCEPTION_EXPIRED.id, EXCEPTION_UNMATCHED.id})
# Whoever accepts a finding of these accepts that checks cannot be made.
OF_READING: t.Final = frozenset(
    {reading.not_readable.id, reading.incomplete.id, age.usage_unknown.id, age.age_unknown.id}
)
