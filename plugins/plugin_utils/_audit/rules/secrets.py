# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about the secrets of service accounts."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.service_account import (
    MAX_SECRET_HOURS,
    MIN_SECRET_HOURS,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    SERVICE_ACCOUNT,
    Credential,
    Organization,
    Secret,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules import controls, tasks
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    credential_rule,
    days,
    organization_rule,
)

_ACCOUNTS: t.Final = frozenset({SERVICE_ACCOUNT})
_VALIDITY: t.Final = "settings.max_service_account_secret_validity_in_hours"


def _live(credential: Credential, context: Context) -> list[Secret]:
    """Return the secrets that are known to work, the newest first."""
    secrets = [secret for secret in credential.secrets or [] if secret.expires_at and secret.expires_at > context.now]
    return sorted(secrets, key=lambda secret: secret.created_at or context.now, reverse=True)


@credential_rule(
    "high",
    title="Secret expires soon",
    meaning="A secret of the service account expires within {secret_expiry_days} days. What still uses it then fails.",
    remediation="Add a new secret, move everything that uses the old one to it, and delete the old one.",
    needs=("secrets",),
    kinds=_ACCOUNTS,
    controls=controls.SECRETS,
)
def secret_expires_soon(credential: Credential, context: Context) -> Problems:
    """Find a secret that is valid, but not for long."""
    limit = context.now + datetime.timedelta(days=context.policy.secret_expiry_days)
    live = _live(credential, context)
    for secret in live:
        if secret.expires_at and secret.expires_at <= limit:
            whole = (secret.expires_at - context.now).days
            left = f"in {days(whole)}" if whole else "in less than a day"
            newer = _newer(secret, live)
            task = _replacement(credential, context) if len(live) == 1 else None
            text = f"Secret {secret.id} expires on {secret.expires_at.date().isoformat()}, {left}. {_about(newer)}"
            yield Problem(text, secret.id, task=task)


def _replacement(credential: Credential, context: Context) -> str | None:
    """Return a task that adds a secret although another one still works: it is due as long as it expires soon."""
    policy, most = context.policy, context.organization.setting.secret_validity
    hours = min(policy.secret_lifetime_days * 24, most or MAX_SECRET_HOURS, MAX_SECRET_HOURS)
    if hours < MIN_SECRET_HOURS:
        return None
    remaining = min(policy.secret_expiry_days * 24, hours - 1)
    is_in_the_way = any(each.expires_at and each.expires_at <= context.now for each in credential.secrets or [])
    return tasks.add_secret(credential, context.organization.id, hours, remaining, remove_expired=is_in_the_way)


def _newer(secret: Secret, live: list[Secret]) -> Secret | None:
    times = [(each.created_at, each) for each in live if each is not secret]
    return next((each for time, each in times if time and secret.created_at and time > secret.created_at), None)


def _about(newer: Secret | None) -> str:
    if newer is None:
        return "There is no newer one."
    if newer.last_used_at:
        return f"The newer secret {newer.id} is in use since {newer.last_used_at.date().isoformat()} or longer."
    return f"The newer secret {newer.id} was not used yet."


@credential_rule(
    "low",
    title="Expired secret",
    meaning="A secret of the service account has expired. It cannot be used, and an account can have two secrets only.",
    remediation="Delete the secret.",
    needs=("secrets",),
    kinds=_ACCOUNTS,
)
def secret_expired(credential: Credential, context: Context) -> Problems:
    """Its expiry is over."""
    for secret in credential.secrets or []:
        if secret.expires_at and secret.expires_at <= context.now:
            task = tasks.delete_secret(credential, context.organization.id, secret.id)
            yield Problem(
                f"Secret {secret.id} expired on {secret.expires_at.date().isoformat()}.", secret.id, task=task
            )


@credential_rule(
    "medium",
    title="Secret lives too long",
    meaning="A secret that has not expired is valid for more than {secret_lifetime_days} days from its creation.",
    remediation="Replace it with a secret that expires sooner, and limit the validity of new secrets in the settings of"
    " the organization.",
    needs=("secrets",),
    kinds=_ACCOUNTS,
    controls=controls.SECRETS,
)
def secret_lives_too_long(credential: Credential, context: Context) -> Problems:
    """From creation, or at least from now, to expiry."""
    most = context.policy.secret_lifetime_days
    for secret in credential.secrets or []:
        if not secret.expires_at or secret.expires_at <= context.now:
            continue
        lifetime = secret.expires_at - (secret.created_at or context.now)
        if lifetime > datetime.timedelta(days=most):
            least = "" if secret.created_at else "at least "
            text = f"Secret {secret.id} is valid for {least}{days(lifetime.days)}, and {days(most)} are allowed."
            # No task: the module adds no secret as long as this one is valid for longer than a new one would be.
            yield Problem(text, secret.id)


@credential_rule(
    "low",
    title="No secret that works",
    meaning="The service account has no secret, or only expired ones: it cannot be used.",
    remediation="Delete the service account, or add a secret if it is still needed.",
    needs=("secrets",),
    kinds=_ACCOUNTS,
    controls=controls.DORMANT,
)
def no_live_secret(credential: Credential, context: Context) -> Problems:
    """All secrets are known, and none is alive. A secret without an expiry date may be."""
    if credential.secrets is None:
        return
    if all(secret.expires_at and secret.expires_at <= context.now for secret in credential.secrets):
        task = tasks.delete(credential, context.organization.id)
        yield Problem("All its secrets have expired." if credential.secrets else "It has no secret.", task=task)


@credential_rule(
    "low",
    title="Rotation is not finished",
    meaning="The service account has two secrets that work, and the newer one is older than {rotation_days} days. The"
    " older one was to be deleted when everything uses the newer one.",
    remediation="Move what still uses the older secret to the newer one, and delete the older one.",
    needs=("secrets",),
    kinds=_ACCOUNTS,
    controls=controls.SECRETS,
)
def rotation_unfinished(credential: Credential, context: Context) -> Problems:
    """Two secrets are alive, and the newer one has existed for a while."""
    live = _live(credential, context)
    if len(live) < 2 or not live[0].created_at:
        return
    newest, *older = live
    age = context.now - live[0].created_at
    if age > datetime.timedelta(days=context.policy.rotation_days):
        for secret in older:
            task = None
            if _is_left(secret, newest):
                task = tasks.delete_secret(credential, context.organization.id, secret.id)
            text = f"Secret {secret.id} still works, {days(age.days)} after {newest.id} was added. {_last_use(secret)}"
            yield Problem(text, secret.id, task=task)


def _is_left(secret: Secret, newest: Secret) -> bool:
    """Return whether nothing has used a secret since a newer one is in use: deleting it then breaks nothing known."""
    if not secret.use_known or not newest.last_used_at or not newest.created_at:
        return False
    return not secret.last_used_at or secret.last_used_at < newest.created_at


def _last_use(secret: Secret) -> str:
    if secret.last_used_at:
        return f"It was used last on {secret.last_used_at.date().isoformat()}."
    return "No use of it is recorded." if secret.use_known else "Whether it is in use is not known."


@organization_rule(
    "medium",
    title="Validity of secrets is not limited",
    meaning="The settings of the organization do not limit the validity of secrets: a secret that is added to a service"
    " account may be valid as long as Atlas allows.",
    remediation="Set the limit in the settings of the organization.",
    needs=(_VALIDITY,),
    controls=controls.SECRETS,
)
def secret_validity_unlimited(organization: Organization, context: Context) -> Problems:
    """Find settings that were read and contain no limit."""
    if organization.setting.secret_validity is None and _VALIDITY not in organization.unknown:
        yield Problem("The validity of new secrets is not limited.")


@organization_rule(
    "medium",
    title="Limit for the validity of secrets is too high",
    meaning="The settings of the organization allow secrets that are valid for more than {secret_lifetime_days} days.",
    remediation="Lower the limit in the settings of the organization. Secrets that exist keep their validity.",
    needs=(_VALIDITY,),
    controls=controls.SECRETS,
)
def secret_validity_too_long(organization: Organization, context: Context) -> Problems:
    """Find a limit that is higher than the policy's."""
    hours, most = organization.setting.secret_validity, context.policy.secret_lifetime_days
    if hours is not None and hours > most * 24:
        yield Problem(f"Secrets may be valid for {hours:,} hours, and {days(most)} ({most * 24:,} hours) are allowed.")
