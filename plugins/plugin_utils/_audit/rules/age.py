# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about how long a credential has existed, and whether it is in use."""

from __future__ import annotations

import datetime

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import API_KEY, Credential
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import days_between
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    credential_rule,
)


@credential_rule(
    "medium",
    title="Not used recently",
    meaning="No use is recorded in the last unused_days days, and the records go further back than that. Records are"
    " the entries of the access list and the secrets of a service account; what was deleted from them is not known.",
    remediation="Ask the owner whether it is still needed, and delete it if not.",
    needs=["usage"],
)
def unused(credential: Credential, context: Context) -> Problems:
    """Usage is unused."""
    usage = credential.usage
    if usage.kind != "unused":
        return
    if usage.last_used_at:
        yield Problem(f"Last used {_ago(usage.last_used_at, context.now)}.")
    elif usage.observed_since:
        yield Problem(f"Not used since its oldest record, {_ago(usage.observed_since, context.now)}.")


@credential_rule(
    "info",
    title="Use is not known",
    meaning="Whether the credential is in use cannot be determined. The use of an API key is recorded only at the"
    " entries of its access list: without entries, or with entries that are newer than unused_days days, it may or may"
    " not be in use.",
    remediation="Read access lists with a credential that may do so (Organization Owner), give the credential an access"
    " list, or look its use up in Atlas' activity feed.",
)
def usage_unknown(credential: Credential, context: Context) -> Problems:
    """Usage is unknown."""
    if credential.usage.kind != "unknown":
        return
    if credential.access_list is None and not credential.secrets:
        yield Problem("Its access list was not read.")
    elif not credential.access_list and not credential.secrets:
        yield Problem("Empty access list: no use is recorded.")
    elif credential.usage.observed_since:
        since = _ago(credential.usage.observed_since, context.now)
        yield Problem(f"No use with a date since its oldest record, {since}.")
    else:
        yield Problem("Its records of use have no dates.")


@credential_rule(
    "medium",
    title="Older than the policy allows",
    meaning="The credential has existed for more than old_days days. If the creation of an API key is not known, the"
    " oldest event, entry or use that proves that it existed counts.",
    remediation="Replace it with a new one, and delete it when nothing uses it any more.",
    needs=["age"],
)
def old(credential: Credential, context: Context) -> Problems:
    """Created, or at least known, for longer than the policy allows."""
    since = credential.created_at or credential.known_since
    if not since or not _is_old(credential, context):
        return
    if credential.created_at:
        yield Problem(f"Created {_ago(since, context.now)}.")
    else:
        yield Problem(f"It existed {_ago(since, context.now)}. Its creation is not known.")


@credential_rule(
    "info",
    title="Age is not known",
    meaning="When the credential was created cannot be determined. Atlas records it for an API key only as an event,"
    " and how long events are kept is not known.",
    remediation="Treat it as old: replace it, and note the date.",
)
def age_unknown(credential: Credential, context: Context) -> Problems:
    """No creation date, and nothing that proves it to be old."""
    if credential.created_at or _is_old(credential, context):
        return
    if credential.kind == API_KEY:
        yield Problem("No event of its creation.")
    else:
        yield Problem("It has no creation date.")


def _is_old(credential: Credential, context: Context) -> bool:
    since = credential.created_at or credential.known_since
    return since is not None and context.now - since > datetime.timedelta(days=context.policy.old_days)


def _ago(time: datetime.datetime, now: datetime.datetime) -> str:
    days = days_between(time, now)
    return f"on {time.date().isoformat()}, {days:,} {'day' if days == 1 else 'days'} ago"
