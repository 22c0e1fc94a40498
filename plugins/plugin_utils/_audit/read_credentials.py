# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An API key and a service account, read into the same model. The modules return Atlas' fields in snake_case."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.addresses import parse_block
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.dates import parse_time
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.derive import earliest, reach_of, usage_of
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.events import UNKNOWN, Creation
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.fields import (
    Raw,
    boolean,
    dicts,
    first,
    integer,
    text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Credential,
    Entry,
    Secret,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.roles import Roles, roles_of

_NEVER = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


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
    entries = None if raw_entries is None else sorted(map(_entry, raw_entries), key=_entry_order)
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
        unknown=frozenset(name for name, known in is_known.items() if not known),
        **own,
    )


def _are_dated(secrets: list[Secret] | None) -> bool:
    return secrets is not None and all(secret.created_at and secret.expires_at for secret in secrets)


def _entry(raw: Raw) -> Entry:
    # A key's entry and a service account's name the same things differently. An address comes with its block, or alone.
    written = text(first(raw, "cidr_block", "ip_address")) or ""
    last_used, requests = first(raw, "last_used", "last_used_at"), integer(first(raw, "count", "request_count"))
    return Entry(
        text=written,
        block=parse_block(written),
        created_at=parse_time(first(raw, "created", "created_at")),
        last_used_at=parse_time(last_used),
        last_used_address=text(raw.get("last_used_address")),
        requests=requests,
        use_known=parse_time(last_used) is not None or (last_used is None and requests == 0),
    )


def _entry_order(entry: Entry) -> tuple[t.Any, ...]:
    times = (entry.created_at or _NEVER, entry.last_used_at or _NEVER)
    requests = -1 if entry.requests is None else entry.requests
    return (entry.block or (0,), entry.text, *times, entry.last_used_address or "", requests)


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
