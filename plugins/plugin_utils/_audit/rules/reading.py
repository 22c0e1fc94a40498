# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about the reading itself: what was not read is never counted as good."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SECRET_VALIDITY,
    SERVICE_ACCOUNT,
    Credential,
    Organization,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    Rule,
    organization_rule,
    some,
)

_UNREAD = {
    "api_keys": "Its API keys were not read.",
    "events": "Its events were not read, so the age of its API keys is not known.",
    "service_accounts": "Its service accounts were not read.",
    "settings": "Its settings were not read, so whether it requires access lists is not known.",
}


def _organization_not_readable(organization: Organization, context: Context) -> Problems:
    if organization.error is not None:
        yield Problem(f"It was not audited: {organization.error}", "organization")
        return
    has_keys = any(credential.kind == API_KEY for credential in organization.credentials)
    for name in sorted(set(organization.unread) if has_keys else set(organization.unread) - {"events"}):
        yield Problem(_UNREAD[name], name)
    if organization.settings is not None and organization.access_list_required is None:
        yield Problem("Its settings do not have api_access_list_required.", "settings.api_access_list_required")
    if organization.settings is not None and not organization.secret_validity_known:
        yield Problem(f"{SECRET_VALIDITY} in its settings is not a number.", f"settings.{SECRET_VALIDITY}")


def _credential_not_readable(credential: Credential, context: Context) -> Problems:
    unknown = credential.unknown
    if "roles" in unknown:
        yield Problem("Its roles were not read, or not all.", "roles")
    if "projects" in unknown and credential.kind == SERVICE_ACCOUNT:
        yield Problem("Its projects were not read, or not all.", "projects")
    if credential.access_list is None:
        yield Problem("Its access list was not read.", "access_list")
    elif "access_list" in unknown:
        texts = [entry.text or "an empty entry" for entry in credential.access_list if not entry.block]
        yield Problem(f"Not a block of addresses on its access list: {some(texts)}.", "access_list")
    elif "reach" in unknown and credential.reach.why_unknown:
        yield Problem(credential.reach.why_unknown, "reach")
    if credential.kind == SERVICE_ACCOUNT and credential.secrets is None:
        yield Problem("Its secrets were not read.", "secrets")
    for secret in credential.secrets or []:
        if not secret.expires_at or not secret.created_at:
            yield Problem(f"Secret {secret.id} does not have both a creation and an expiry date.", secret.id)


not_readable = Rule(
    "not_readable",
    "medium",
    title="Could not be checked",
    meaning="Something was not read, or not in a form that is known: the organization, one of its lists or settings, or"
    " a part of a credential. The rules that need it found nothing, which does not mean that there is nothing.",
    remediation="Give the reading credential the role that it needs (the access lists of API keys need Organization"
    " Owner, most of the rest Organization Read Only), and audit again.",
    check_credential=_credential_not_readable,
    check_organization=_organization_not_readable,
)


@organization_rule(
    "high",
    title="List is not complete",
    meaning="Atlas counted more elements than it sent, even when asked again. What is missing was not audited.",
    remediation="Audit again. If it stays so, compare with the list in Atlas' own interface and report it to MongoDB.",
)
def incomplete(organization: Organization, context: Context) -> Problems:
    """A list does not add up."""
    for name in organization.incomplete:
        yield Problem(f"The list {name} does not add up.", name)
