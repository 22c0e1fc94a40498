# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Whether a credential is in use: from the records of its use, which are its entries and its secrets.

The use of an API key is recorded at the entries of its access list only. A secret of a service account is used whenever
a token is made.
"""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Entry, Secret, Unknown, Usage
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read import reasons
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import Form

_ACTIVITY = "Look its use up in Atlas' activity feed, or ask its owner."


def usage_of(
    entries: list[Entry] | Unknown,
    secrets: list[Secret] | Unknown,
    now: datetime.datetime,
    days: int,
) -> tuple[Usage, Unknown | None]:
    """Return whether a credential was used in the last ``days``, or why that is not known.

    It is unused only if a record is older than that: an entry or a secret that was added yesterday says nothing of the
    time before.
    """
    known_entries = [] if isinstance(entries, Unknown) else entries
    known_secrets = [] if isinstance(secrets, Unknown) else secrets
    records: list[Entry | Secret] = [*known_entries, *known_secrets]
    last = max((record.last_used_at for record in records if record.last_used_at), default=None)
    since = min((record.created_at for record in records if record.created_at), default=None)
    limit = datetime.timedelta(days=days)
    if last and now - last <= limit:
        return Usage("used", last, since), None
    if (unknown := _unknown(entries, secrets, since is not None and now - since > limit, last, now, limit)) is not None:
        return Usage("unknown", last, since), unknown
    return Usage("unused", last, since), None


def _unknown(
    entries: list[Entry] | Unknown,
    secrets: list[Secret] | Unknown,
    is_old: bool,
    last: datetime.datetime | None,
    now: datetime.datetime,
    limit: datetime.timedelta,
) -> Unknown | None:
    """Return why the records do not prove that a credential was not used."""
    undated = [] if isinstance(entries, Unknown) else _undated(entries)
    if undated:
        return reasons.unknown_form(Form("access_list.last_used", _UNDATED.format(undated[0].text)))
    if not isinstance(secrets, Unknown):
        if any(not secret.use_known for secret in secrets):
            return reasons.unknown_form(Form("secrets.last_used_at", "When a secret was used last is not known."))
        if any(secret.created_at and now - secret.created_at > limit for secret in secrets):
            return None  # a use from any entry would also be one of a secret
    elif not isinstance(entries, Unknown):
        return secrets
    if isinstance(entries, Unknown):
        return entries
    if any(not entry.use_known for entry in entries):
        return reasons.unknown_form(Form("access_list.last_used", "When an entry was used last is not known."))
    if last or is_old:
        return None
    return _not_recorded(entries, secrets)


def _undated(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.requests and not entry.last_used_at]


_UNDATED = "The entry {} of its access list counts requests and does not show when the last one was."


def _not_recorded(entries: t.Sequence[Entry], secrets: t.Sequence[Secret] | Unknown) -> Unknown:
    if not entries and (isinstance(secrets, Unknown) or not secrets):
        reason = "It has no access list, so Atlas does not record its use."
        return reasons.not_recorded("usage", reason, f"Give it an access list. {_ACTIVITY}")
    if any(entry.created_at is None for entry in entries):
        return reasons.unknown_form(Form("access_list.created", "When an entry was added is not known."))
    return reasons.not_recorded("usage", "Its records of use do not go back far enough.", _ACTIVITY)
