# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An API key and a service account, read into the same model. The modules return Atlas' fields in snake_case."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Credential,
    Entry,
    Secret,
    Unknown,
    Usage,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.access_lists import (
    entry_order,
    reach_of,
    read_entry,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.events import UNKNOWN, Creation
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import (
    Raw,
    boolean,
    dicts,
    text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.roles import Roles, roles_of


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What must be known of an organization to read a credential of it."""

    project_names: dict[str, str]
    creations: dict[str, Creation]
    list_required: bool | None
    now: datetime.datetime
    unused_days: int


def read_api_key(raw: Raw, around: Surroundings) -> Credential:
    """An API key. Its creation is known only from events."""
    public_key = text(raw.get("public_key")) or None
    creation = around.creations.get(public_key or "", UNKNOWN)
    return _credential(
        raw,
        around,
        creation,
        roles=roles_of([raw.get("roles")], around.project_names),
        kind=API_KEY,
        id=text(raw.get("id")) or public_key or "",
        name=text(raw.get("desc")) or "",
        public_key=public_key,
        secrets=None,
    )


def read_service_account(raw: Raw, around: Surroundings) -> Credential:
    """A service account. Its projects are a list of their own."""
    created_at = parse_time(raw.get("created_at"))
    secrets = dicts(raw.get("secrets"))
    given = [raw.get("roles"), raw.get("role_assignments")]
    return _credential(
        raw,
        around,
        Creation(created_at, None, created_at),
        roles=roles_of(given, around.project_names, projects=raw.get("projects")),
        kind=SERVICE_ACCOUNT,
        id=text(raw.get("client_id")) or "",
        name=text(raw.get("name")) or "",
        public_key=None,
        secrets=None if secrets is None else sorted((_secret(secret) for secret in secrets), key=repr),
    )


def _credential(raw: Raw, around: Surroundings, creation: Creation, roles: Roles, **own: t.Any) -> Credential:
    raw_entries = dicts(raw.get("access_list"))
    entries = None if raw_entries is None else sorted(map(read_entry, raw_entries), key=entry_order)
    secrets: list[Secret] | None = own["secrets"]
    reach = reach_of(entries, around.list_required)
    usage = usage_of(entries, secrets, around.now, around.unused_days)
    is_known = {
        "access_list": entries is not None and all(entry.block for entry in entries),
        "age": creation.created_at is not None,
        "projects": roles.projects_known,
        "reach": reach.kind != "unknown",
        "roles": roles.known,
        "secrets": own["kind"] == API_KEY or _are_dated(secrets),
        "usage": usage.kind != "unknown",
    }
    return Credential(
        created_at=creation.created_at,
        created_by=creation.created_by,
        known_since=earliest(creation.known_since, usage.observed_since, usage.last_used_at),
        system_managed=boolean(raw.get("system_managed")),
        org_roles=roles.in_organization,
        projects=roles.in_projects,
        access_list=entries,
        reach=reach,
        usage=usage,
        unknown={name: _not_read(name) for name, known in is_known.items() if not known},
        **own,
    )


def _not_read(part: str) -> Unknown:
    what = part.replace("_", " ")
    return Unknown(part, "not_read", f"The {what} could not be determined.", None, "Read it, and audit again.")


def _are_dated(secrets: list[Secret] | None) -> bool:
    return secrets is not None and all(secret.created_at and secret.expires_at for secret in secrets)


def _secret(raw: Raw) -> Secret:
    last_used = raw.get("last_used_at")
    return Secret(
        id=text(raw.get("id")) or "",
        created_at=parse_time(raw.get("created_at")),
        expires_at=parse_time(raw.get("expires_at")),
        last_used_at=parse_time(last_used),
        masked_value=text(raw.get("masked_secret_value")),
        use_known=last_used is None or parse_time(last_used) is not None,
    )


def usage_of(entries: list[Entry] | None, secrets: list[Secret] | None, now: datetime.datetime, days: int) -> Usage:
    """Whether a credential was used in the last `days`.

    `unused` needs a record that is older than that: an entry or a secret that was added yesterday has no record of the
    time before. A secret is used whenever a token is made, so what entries lack does not matter if a secret is older.
    """
    records: list[Entry | Secret] = [*(entries or []), *(secrets or [])]
    last = max((record.last_used_at for record in records if record.last_used_at), default=None)
    since = min((record.created_at for record in records if record.created_at), default=None)
    limit = datetime.timedelta(days=days)
    if last and now - last <= limit:
        return Usage("used", last, since)
    secret_is_old = any(secret.created_at and now - secret.created_at > limit for secret in secrets or [])
    proof = secrets if secrets and secret_is_old else records
    if not all(record.use_known for record in proof):
        return Usage("unknown", last, since)
    if last or (since and now - since > limit):
        return Usage("unused", last, since)
    return Usage("unknown", None, since)


def earliest(*times: datetime.datetime | None) -> datetime.datetime | None:
    """The earliest of the points in time that are known."""
    return min((time for time in times if time), default=None)
