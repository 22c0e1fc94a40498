# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about the secrets of service accounts. An API key has one secret, which never expires and has no dates."""

from __future__ import annotations

import datetime

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    SECRET_VALIDITY,
    SERVICE_ACCOUNT,
    Credential,
    Organization,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    credential_rule,
    organization_rule,
)


@credential_rule(
    "high",
    title="Secret expires soon",
    meaning="A secret of the service account expires within secret_expiry_days days. What still uses it then fails.",
    remediation="Add a new secret, move everything that uses the old one to it, and delete the old one.",
    needs=["secrets"],
)
def secret_expires_soon(credential: Credential, context: Context) -> Problems:
    """It is alive, and not for long."""
    limit = context.now + datetime.timedelta(days=context.policy.secret_expiry_days)
    for secret in credential.secrets or []:
        if secret.expires_at and context.now < secret.expires_at <= limit:
            days = (secret.expires_at - context.now).days
            left = f"in {days} {'day' if days == 1 else 'days'}" if days else "in less than a day"
            yield Problem(f"Secret {secret.id} expires on {secret.expires_at.date().isoformat()}, {left}.", secret.id)


@credential_rule(
    "low",
    title="Expired secret",
    meaning="A secret of the service account has expired. It cannot be used, and an account can have two secrets only.",
    remediation="Delete the secret.",
    needs=["secrets"],
)
def secret_expired(credential: Credential, context: Context) -> Problems:
    """Its expiry is over."""
    for secret in credential.secrets or []:
        if secret.expires_at and secret.expires_at <= context.now:
            yield Problem(f"Secret {secret.id} expired on {secret.expires_at.date().isoformat()}.", secret.id)


@credential_rule(
    "medium",
    title="Secret lives too long",
    meaning="A secret that has not expired is valid for more than secret_lifetime_days days from its creation.",
    remediation="Replace it with a secret that expires sooner, and limit the validity of new secrets in the settings of"
    " the organization.",
    needs=["secrets"],
)
def secret_lives_too_long(credential: Credential, context: Context) -> Problems:
    """From creation, or at least from now, to expiry."""
    for secret in credential.secrets or []:
        if not secret.expires_at or secret.expires_at <= context.now:
            continue
        lifetime = secret.expires_at - (secret.created_at or context.now)
        if lifetime > datetime.timedelta(days=context.policy.secret_lifetime_days):
            least = "" if secret.created_at else "at least "
            yield Problem(f"Secret {secret.id} is valid for {least}{lifetime.days:,} days.", secret.id)


@credential_rule(
    "low",
    title="No secret that works",
    meaning="The service account has no secret, or only expired ones: it cannot be used.",
    remediation="Delete the service account, or add a secret if it is still needed.",
    needs=["secrets"],
)
def no_live_secret(credential: Credential, context: Context) -> Problems:
    """All secrets are known, and none is alive. A secret without an expiry date may be."""
    if credential.kind != SERVICE_ACCOUNT or credential.secrets is None:
        return
    if all(secret.expires_at and secret.expires_at <= context.now for secret in credential.secrets):
        yield Problem("All its secrets have expired." if credential.secrets else "It has no secret.")


@organization_rule(
    "medium",
    title="Validity of secrets is not limited",
    meaning="The organization's setting maxServiceAccountSecretValidityInHours is not set: a secret that is added to a"
    " service account may be valid as long as Atlas allows.",
    remediation="Set the limit in the settings of the organization.",
    needs=["settings"],
)
def secret_validity_unlimited(organization: Organization, context: Context) -> Problems:
    """The settings were read and have no limit. A limit that is no number is not_readable."""
    if organization.secret_validity_known and organization.secret_validity is None:
        yield Problem(f"{SECRET_VALIDITY} is not set.")
