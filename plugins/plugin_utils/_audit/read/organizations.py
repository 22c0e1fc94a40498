# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An organization as the role hands it over, made from what the modules return, read into the model.

Next to what the modules return, it may contain:

- ``error``: why it was not audited.
- ``failures``: by part (``organization``, ``settings``, ``api_keys``, …) what the task returned that failed to read it:
  ``status``, ``error_code`` and ``msg``. The part itself is null.
- ``caller``: the credential that read it, ``{kind: api_key, id: PUBLIC_KEY}`` or ``{kind: service_account, id:
  CLIENT_ID}``.
- ``incomplete``: the names of lists that are not complete.
"""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    ACCESS_LIST_REQUIRED,
    MFA_REQUIRED,
    SECRET_VALIDITY,
    SECURITY_CONTACT,
    AuditError,
    Credential,
    Organization,
    Settings,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read import reasons
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.credentials import (
    Surroundings,
    read_api_key,
    read_service_account,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.events import read_events
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import (
    Form,
    Raw,
    boolean,
    dicts,
    integer,
    plain,
    show,
    text,
)

_NOTHING_READ = "Neither its API keys nor its service accounts were read."
_LISTS: t.Final = ("api_keys", "service_accounts", "projects", "events")
# How Atlas' reference names them.
_SETTINGS: t.Final = {
    ACCESS_LIST_REQUIRED: "apiAccessListRequired",
    MFA_REQUIRED: "multiFactorAuthRequired",
    SECRET_VALIDITY: "maxServiceAccountSecretValidityInHours",
    SECURITY_CONTACT: "securityContact",
}
_WHAT: t.Final = {
    "settings": "Its settings",
    "api_keys": "Its API keys",
    "service_accounts": "Its service accounts",
    "projects": "Its projects",
    "events": "Its events",
}


def read_organizations(value: object, now: datetime.datetime, unused_days: int) -> list[Organization]:
    """Return all organizations.

    :raises AuditError: if it is no list of organizations, or if one is in it twice: then several hosts of an inventory
        have read the same one, and others were not read at all.
    """
    raws = dicts(value)
    if raws is None:
        raise AuditError("What is audited must be a list with one dictionary for each organization.")
    organizations = [_read_organization(raw, now, unused_days) for raw in raws]
    seen: set[str] = set()
    for organization in organizations:
        if organization.id in seen:
            raise AuditError(f"The organization {organization.id} is in the list more than once.")
        seen.add(organization.id)
    return organizations


def _read_organization(raw: Raw, now: datetime.datetime, unused_days: int) -> Organization:
    org = _mapping(raw.get("org")) or {}
    given_name = text(raw.get("name"))
    org_id = text(raw.get("org_id")) or text(org.get("id")) or given_name
    if not org_id:
        raise AuditError("An organization must have an org_id, or a name if its ID is not known.")
    lists = {name: dicts(raw.get(name)) for name in _LISTS}
    unread = _unread(raw, org, lists)
    settings = plain(_mapping(org.get("settings")))
    setting = _settings(settings, unread)
    incomplete = _names(raw.get("incomplete"))
    around = _surroundings(raw, lists, setting.access_list_required, incomplete, now, unused_days)
    credentials = [read_api_key(key, around) for key in lists["api_keys"] or []]
    credentials += (read_service_account(account, around) for account in lists["service_accounts"] or [])
    error = text(raw.get("error"))
    if not error and lists["api_keys"] is None and lists["service_accounts"] is None:
        error = _NOTHING_READ
    if error:
        unread = {"organization": _whole(raw, error), **unread}
    return Organization(
        id=org_id,
        name=text(org.get("name")) or given_name or org_id,
        error=error or None,
        settings=settings,
        setting=setting,
        credentials=credentials,
        projects=_length(lists["projects"]),
        events=_length(lists["events"]),
        caller=text(around.caller.get("id")),
        incomplete=incomplete,
        unread=unread,
        unknown=_unknown(unread, incomplete, credentials),
    )


def _surroundings(
    raw: Raw,
    lists: t.Mapping[str, list[Raw] | None],
    list_required: bool | None,
    incomplete: list[str],
    now: datetime.datetime,
    unused_days: int,
) -> Surroundings:
    return Surroundings(
        _project_names(lists["projects"] or []),
        read_events(lists["events"], now),
        list_required,
        frozenset(incomplete),
        _caller(raw),
        now,
        unused_days,
    )


def _whole(raw: Raw, error: str) -> Unknown:
    """Return why nothing of an organization is known."""
    return reasons.failed("organization", {"msg": error, **_failure(raw, "organization")}, "The organization")


def _unread(raw: Raw, org: Raw, lists: t.Mapping[str, list[Raw] | None]) -> dict[str, Unknown]:
    """Return why parts are not known that were not read, or not in a known form."""
    found: dict[str, Unknown] = {}
    parts = {"settings": _mapping(org.get("settings")), **lists}
    given = {"settings": org.get("settings"), **{name: raw.get(name) for name in _LISTS}}
    for part, value in parts.items():
        if value is not None:
            continue
        failure = _failure(raw, part)
        if failure:
            found[part] = reasons.failed(part, failure, _WHAT[part])
        elif given[part] is not None:
            form = Form(part, f"{_WHAT[part]} are, or contain, {show(given[part])}: a form that is not known.")
            found[part] = reasons.unknown_form(form)
        elif part == "settings" and "settings" in org:
            found[part] = reasons.denied(part, "Its settings were not read: access was denied.", reasons.ROLES[part])
        else:
            found[part] = reasons.not_read(part, f"{_WHAT[part]} were not read.", "Read them, and audit again.")
    return found


def _settings(settings: Raw | None, unread: dict[str, Unknown]) -> Settings:
    """Return the settings that are compared, and note those of an unknown form."""

    def unless_unknown(name: str, value: t.Any, *, is_known: bool) -> t.Any:
        if settings is not None and not is_known:
            is_missing = settings.get(name) is None
            what = "missing" if is_missing else f"{show(settings[name])}, which is not a known form"
            field = f"settings.{name}"
            unread[field] = reasons.unknown_form(Form(field, f"The setting {_SETTINGS[name]} is {what}."))
        return value

    given = settings or {}
    required, mfa = (boolean(given.get(name)) for name in (ACCESS_LIST_REQUIRED, MFA_REQUIRED))
    validity, contact = given.get(SECRET_VALIDITY), given.get(SECURITY_CONTACT)
    hours = integer(validity)
    return Settings(
        unless_unknown(ACCESS_LIST_REQUIRED, required, is_known=required is not None),
        unless_unknown(SECRET_VALIDITY, hours, is_known=validity is None or hours is not None),
        unless_unknown(MFA_REQUIRED, mfa, is_known=mfa is not None),
        unless_unknown(SECURITY_CONTACT, text(contact), is_known=contact is None or isinstance(contact, str)),
    )


def _unknown(
    unread: t.Mapping[str, Unknown], incomplete: list[str], credentials: list[Credential]
) -> dict[str, Unknown]:
    """Return what a rule on an organization may need and that could not be determined."""
    found = dict(unread)
    if "settings" in found:
        for name in (ACCESS_LIST_REQUIRED, SECRET_VALIDITY, MFA_REQUIRED, SECURITY_CONTACT):
            found[f"settings.{name}"] = found["settings"]
    for name in incomplete:
        found.setdefault(name, reasons.incomplete(name))
    roles = [credential.unknown["roles"] for credential in credentials if "roles" in credential.unknown]
    if roles:
        found["roles"] = min(roles, key=lambda unknown: unknown.reason)
    return found


def _failure(raw: Raw, part: str) -> Raw:
    return _mapping((_mapping(raw.get("failures")) or {}).get(part)) or {}


def _caller(raw: Raw) -> Raw:
    return _mapping(raw.get("caller")) or {}


def _project_names(projects: list[Raw]) -> dict[str, str]:
    return {
        project["id"]: text(project.get("name")) or "" for project in projects if isinstance(project.get("id"), str)
    }


def _length(found: list[Raw] | None) -> int | None:
    return None if found is None else len(found)


def _mapping(value: object) -> dict[str, t.Any] | None:
    return value if isinstance(value, dict) else None


def _names(value: t.Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise AuditError("incomplete must be a list with the names of the lists that are not complete.")
    return sorted({text(name) or "" for name in value})
