# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An API key and a service account, read into the same model. The modules return Atlas' fields in snake_case."""

from __future__ import annotations

import dataclasses
import datetime
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Credential,
    Entry,
    Reach,
    Secret,
    Unknown,
    Usage,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read import reasons
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.access_lists import (
    reach_of,
    read_access_list,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.events import Events, History
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import (
    MAX_CLOCK_SKEW,
    Fields,
    Form,
    Raw,
    boolean,
    dicts,
    show,
    text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.roles import read_roles
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.usage import usage_of

# The first eight hexadecimal digits of an ID are the seconds since 1970 at which it was made: recorded for API keys. It
# is believed from the first year of the service on.
_ID = re.compile(r"(?:mdb_sa_id_)?([0-9a-fA-F]{8})[0-9a-fA-F]{16}")
_FIRST_YEAR: t.Final = datetime.datetime(2012, 1, 1, tzinfo=datetime.timezone.utc)
# What lists inside a list of credentials decide: if that list is not complete, one of them may be what is not.
_IN_INNER_LISTS: t.Final = ("access_list", "entry_use", "projects", "reach", "usage")


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What must be known of an organization to read a credential of it."""

    project_names: t.Mapping[str, str]
    events: Events
    list_required: bool | None
    incomplete: frozenset[str]
    caller: t.Mapping[str, t.Any]
    now: datetime.datetime
    unused_days: int


class _Own(t.NamedTuple):
    """What is different for each kind of credential."""

    kind: str
    id: str
    name: str
    description: str | None
    public_key: str | None
    created_at: datetime.datetime | None
    secrets: list[Secret] | Unknown | None
    history: History
    part: str  # the list that it is in
    inherits: bool


def read_api_key(raw: Raw, around: Surroundings) -> Credential:
    """Return an API key. When it was created is recorded in an event, and in its ID."""
    forms: list[Form] = []
    fields = Fields(raw, around.now, forms)
    public_key, key_id, name = fields.text("public_key") or None, fields.text("id"), fields.text("desc")
    history = around.events.of_key(public_key)
    forms += [history.form] if history.form else []
    own = _Own(
        API_KEY,
        key_id or public_key or "",
        name or "",
        None,
        public_key,
        None,
        None,
        history,
        "api_keys",
        history.inherits,
    )
    return _credential(raw, own, forms, around)


def read_service_account(raw: Raw, around: Surroundings) -> Credential:
    """Return a service account. Its projects are a list of their own."""
    forms: list[Form] = []
    fields = Fields(raw, around.now, forms)
    own = _Own(
        SERVICE_ACCOUNT,
        fields.text("client_id") or "",
        fields.text("name") or "",
        fields.text("description"),
        None,
        fields.time("created_at", is_required=True),
        _read_secrets(raw, around.now, forms),
        History(),
        "service_accounts",
        around.events.an_account_inherits,
    )
    return _credential(raw, own, forms, around)


def _credential(raw: Raw, own: _Own, forms: list[Form], around: Surroundings) -> Credential:
    entries = read_access_list(raw, own.kind, around.now, forms)
    roles = read_roles(raw, own.kind, around.project_names)
    forms.sort()  # they were noted in Atlas' order
    created_at, source = _age(own, around.now)
    unknown = {**roles.unknown, **_unknown(own, entries, created_at, forms, around)}
    unread = _unread(own, entries, roles.unknown)
    reach, usage = _measure(own, entries, created_at, around, unknown, unread)
    return Credential(
        kind=own.kind,
        id=own.id,
        name=own.name,
        description=own.description,
        public_key=own.public_key,
        created_at=created_at,
        age_source=source,
        created_by=own.history.created_by,
        created_from=own.history.created_from,
        known_since=_earliest(created_at, own.history.known_since, usage.observed_since, usage.last_used_at),
        system_managed=boolean(raw.get("system_managed")),
        org_roles=roles.in_organization,
        projects=roles.in_projects,
        access_list=None if isinstance(entries, Unknown) else entries,
        secrets=None if isinstance(own.secrets, Unknown) else own.secrets,
        reach=reach,
        usage=usage,
        is_caller=_is_caller(own, around.caller),
        unknown=unknown,
        unread=[*unread, *map(reasons.unknown_form, forms)],
    )


def _unread(own: _Own, entries: list[Entry] | Unknown, roles: t.Mapping[str, Unknown]) -> list[Unknown]:
    """Return the parts that were not read. The projects of an API key are among its roles."""
    of_roles = [unknown for part, unknown in roles.items() if own.kind == SERVICE_ACCOUNT or part == "roles"]
    return [*of_roles, *(part for part in (entries, own.secrets) if isinstance(part, Unknown))]


def _unknown(
    own: _Own,
    entries: list[Entry] | Unknown,
    created_at: datetime.datetime | None,
    forms: list[Form],
    around: Surroundings,
) -> dict[str, Unknown]:
    """Return what is not known, but for roles, reach and usage."""
    unknown = {
        part: value
        for part, value in (("access_list", entries), ("secrets", own.secrets))
        if isinstance(value, Unknown)
    }
    if created_at is None:
        unknown["age"] = _age_unknown(own, forms)
    if own.kind == API_KEY and own.history.created_by is None:
        unknown["creation"] = _creation_unknown(own, around)
    _add_forms(unknown, forms if created_at is None else [form for form in forms if form.field != "created_at"])
    return unknown


def _measure(
    own: _Own,
    entries: list[Entry] | Unknown,
    created_at: datetime.datetime | None,
    around: Surroundings,
    unknown: dict[str, Unknown],
    unread: list[Unknown],
) -> tuple[Reach, Usage]:
    """Return reach and usage, and add to what is not known of them."""
    reach, no_reach = reach_of(entries, around.list_required, own.kind if own.inherits else None)
    usage, no_usage = usage_of(entries, own.secrets or [], around.now, around.unused_days)
    if no_reach:
        unknown["reach"] = no_reach
        if no_reach not in unread and no_reach.cause != "unknown_form":
            unread.append(no_reach)
    is_young = created_at is not None and around.now - created_at <= datetime.timedelta(days=around.unused_days)
    if no_usage and not is_young:
        unknown["usage"] = no_usage
    if own.part not in around.incomplete:
        return reach, usage
    # What did not arrive may be an entry or a project of this credential. What is proven stays so.
    for need in _IN_INNER_LISTS:
        is_proven = (need == "reach" and reach.kind == "anywhere") or (need == "usage" and usage.kind == "used")
        if not is_proven:
            unknown.setdefault(need, reasons.incomplete(own.part))
    if reach.kind != "anywhere":
        reach = reach._replace(kind="unknown", addresses=None)
    return reach, usage if usage.kind == "used" else usage._replace(kind="unknown")


# What is not known if a field has an unknown form, by the beginning of its name. A date of an entry decides on its use.
_DEPENDS: t.Final = (
    ("access_list.cidr_block", ("access_list", "entry_use")),
    ("access_list.created", ("entry_use",)),
    ("access_list.last_used_address", ("entry_address",)),
    ("access_list.", ("entry_use",)),
    ("secrets.", ("secrets",)),
    ("created_at", ("age",)),
    ("description", ("description",)),
    ("desc", ("description",)),
)


def _add_forms(unknown: dict[str, Unknown], forms: list[Form]) -> None:
    for form in forms:
        needs = next((needs for name, needs in _DEPENDS if form.field.startswith(name)), ())
        for need in needs:
            unknown.setdefault(need, reasons.unknown_form(form))


def _age(own: _Own, now: datetime.datetime) -> tuple[datetime.datetime | None, str | None]:
    """Return when a credential was created, and where that comes from. An event is stronger than an ID."""
    if own.history.created_at:
        return own.history.created_at, "event"
    if own.created_at:
        return own.created_at, "field"
    found = _ID.fullmatch(own.id)
    if found:
        time = datetime.datetime.fromtimestamp(int(found[1], 16), datetime.timezone.utc)
        if _FIRST_YEAR <= time <= now + MAX_CLOCK_SKEW:
            return time, "id"
    return None, None


def _age_unknown(own: _Own, forms: list[Form]) -> Unknown:
    for form in forms:
        if form.field == "created_at":
            return reasons.unknown_form(form)
    return reasons.unknown_form(Form("id", f"Its ID {show(own.id)} does not contain the time at which it was created."))


def _creation_unknown(own: _Own, around: Surroundings) -> Unknown:
    if not around.events.is_known:
        remediation = "Read the events of the organization, and audit again."
        return reasons.not_read("events", "The events of the organization were not read.", remediation)
    if own.history.created_at:
        return reasons.unknown_form(Form("events.public_key", "The event of its creation does not say who did it."))
    if "events" in around.incomplete:
        return reasons.incomplete("events")
    reason = "Atlas shows no event of its creation."
    return reasons.not_recorded("creation", reason, "Ask who created it: Atlas does not keep events for ever.")


def _is_caller(own: _Own, caller: t.Mapping[str, t.Any]) -> bool:
    identifier = text(caller.get("id"))
    return caller.get("kind") == own.kind and bool(identifier) and identifier in (own.id, own.public_key)


def _earliest(*times: datetime.datetime | None) -> datetime.datetime | None:
    return min((time for time in times if time), default=None)


def _read_secrets(raw: Raw, now: datetime.datetime, forms: list[Form]) -> list[Secret] | Unknown:
    value = raw.get("secrets")
    secrets = dicts(value)
    if secrets is not None:
        return sorted((_secret(secret, now, forms) for secret in secrets), key=repr)
    what = "missing" if value is None else f"{show(value)}, which is not a list of secrets"
    return reasons.unknown_form(Form("secrets", f"The field secrets is {what}."))


def _secret(raw: Raw, now: datetime.datetime, forms: list[Form]) -> Secret:
    secret_id = text(raw.get("id")) or ""
    fields = Fields(raw, now, forms, "secrets.", secret_id)
    last_used_at = fields.time("last_used_at")
    return Secret(
        id=secret_id,
        created_at=fields.time("created_at", is_required=True),
        expires_at=fields.time("expires_at", is_required=True, may_be_in_future=True),
        last_used_at=last_used_at,
        masked_value=text(raw.get("masked_secret_value")),
        use_known=last_used_at is not None or raw.get("last_used_at") is None,
    )
