# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about how long a credential has existed, and whether it is in use."""

from __future__ import annotations

import datetime

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Credential
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules import controls, tasks
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    ago,
    credential_rule,
)


@credential_rule(
    "medium",
    title="Not used recently",
    meaning="No use is recorded in the last {unused_days} days, and the records go further back than that. Records are"
    " the entries of the access list and the secrets of a service account; what was deleted from them is not known.",
    remediation="Ask the owner whether it is still needed, and delete it if not.",
    needs=("usage",),
    controls=controls.DORMANT,
)
def unused(credential: Credential, context: Context) -> Problems:
    """Usage is unused."""
    usage = credential.usage
    if usage.kind != "unused":
        return
    task = tasks.delete(credential, context.organization.id)
    if usage.last_used_at:
        yield Problem(f"It was used last {ago(usage.last_used_at, context.now)}.", task=task)
    elif usage.observed_since:
        yield Problem(f"It was not used since its oldest record, {ago(usage.observed_since, context.now)}.", task=task)


@credential_rule(
    "info",
    title="Use is not known",
    meaning="Whether the credential is in use cannot be determined. The use of an API key is recorded only at the"
    " entries of its access list: without entries, or with entries that are newer than {unused_days} days, it may or"
    " may not be in use.",
    remediation="Read access lists with a credential that may do so (Organization Owner), give the credential an access"
    " list, or look its use up in Atlas' activity feed.",
)
def usage_unknown(credential: Credential, context: Context) -> Problems:
    """Usage is unknown, and the credential is old enough to be unused."""
    if "usage" in credential.unknown:
        last = credential.usage.last_used_at
        known = f" Its last known use was {ago(last, context.now)}." if last else ""
        yield Problem(credential.unknown["usage"].reason + known)


@credential_rule(
    "medium",
    title="Older than the policy allows",
    meaning="The credential has existed for more than {old_days} days. The earliest of its creation and of all events,"
    " entries, secrets and uses counts.",
    remediation="Replace it with a new one, and delete it when nothing uses it any more.",
    needs=("age",),
    controls=controls.SECRETS,
)
def old(credential: Credential, context: Context) -> Problems:
    """Find a credential that was created, or is at least known, for longer than the policy allows."""
    since = credential.since
    if not since or not _is_old(credential, context):
        return
    if since == credential.created_at:
        source = " Its ID says so." if credential.age_source == "id" else ""
        yield Problem(f"It was created {ago(since, context.now)}.{source}")
    else:
        yield Problem(f"It existed {ago(since, context.now)}.")


@credential_rule(
    "info",
    title="Age is not known",
    meaning="When the credential was created cannot be determined: no event shows it, and its ID does not contain the"
    " time.",
    remediation="Treat it as old: replace it, and note the date.",
)
def age_unknown(credential: Credential, context: Context) -> Problems:
    """No creation date, and nothing that proves it to be old."""
    if "age" in credential.unknown and not _is_old(credential, context):
        yield Problem(credential.unknown["age"].reason)


def _is_old(credential: Credential, context: Context) -> bool:
    since = credential.since
    return since is not None and context.now - since > datetime.timedelta(days=context.policy.old_days)
