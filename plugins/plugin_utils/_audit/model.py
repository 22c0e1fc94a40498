# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What is audited: organizations, and the credentials in them. None always means: not known.

`read.py` makes these from what the modules return, the rules judge them, and `rows.py` writes them into the report.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import Block

API_KEY: t.Final = "api_key"
SERVICE_ACCOUNT: t.Final = "service_account"

SECRET_VALIDITY: t.Final = "max_service_account_secret_validity_in_hours"  # in the settings of an organization


class AuditError(Exception):
    """Something that was passed to the audit cannot be used. The message names it and what it must be."""


class Unknown(t.NamedTuple):
    """Why something is not known. `cause` is one of ``document.CAUSES``; `role` is what the reader lacks, if anything.

    `part` names what was not read, or the field that has an unknown form.
    """

    part: str
    cause: str
    reason: str
    role: str | None
    remediation: str


SETTINGS_UNKNOWN: t.Final = Unknown(
    "settings", "unknown_form", "A setting has a form that is not known.", None, "Report it to this collection."
)


class Entry(t.NamedTuple):
    """An entry of an access list. Without a block, `text` is not a block of addresses.

    `use_known`: whether it is sure that the entry was not used if it has no `last_used_at`.
    """

    text: str
    block: Block | None
    created_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    last_used_address: str | None
    requests: int | None
    use_known: bool


class Secret(t.NamedTuple):
    """A secret of a service account, without the secret. `use_known` as for an entry."""

    id: str
    created_at: datetime.datetime | None
    expires_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    masked_value: str | None
    use_known: bool


class Project(t.NamedTuple):
    """A project that a credential has roles in. Without a name, the organization's projects were not read."""

    id: str
    name: str | None
    roles: list[str]


class Reach(t.NamedTuple):
    """Where a credential can be used from: `anywhere`, `listed`, `nowhere` or `unknown`, and how many addresses."""

    kind: str
    addresses: int | None
    why_unknown: str | None = None


class Usage(t.NamedTuple):
    """Whether a credential is in use: `used`, `unused` or `unknown`. `observed_since`: the oldest record of its use."""

    kind: str
    last_used_at: datetime.datetime | None
    observed_since: datetime.datetime | None


@dataclasses.dataclass
class Credential:
    """An API key or a service account. `known_since` is the earliest date that proves that it existed."""

    kind: str
    id: str
    name: str
    public_key: str | None
    created_at: datetime.datetime | None
    created_by: str | None
    known_since: datetime.datetime | None
    system_managed: bool | None
    org_roles: list[str]
    projects: list[Project] | None
    access_list: list[Entry] | None
    secrets: list[Secret] | None
    reach: Reach
    usage: Usage
    unknown: t.Mapping[str, Unknown]  # of age, access_list, projects, reach, roles, secrets, usage

    @property
    def subject(self) -> str:
        """A name that people can read."""
        if self.public_key and self.name:
            return f"{self.name} ({self.public_key})"
        return self.name or self.public_key or self.id


@dataclasses.dataclass
class Organization:
    """An organization. `unread` and `incomplete` name what was not read and what did not add up.

    `secret_validity` is the limit in hours. None means that there is no limit, if `secret_validity_known`.
    """

    id: str
    name: str
    error: str | None
    settings: dict[str, t.Any] | None
    access_list_required: bool | None
    secret_validity: int | None
    secret_validity_known: bool
    credentials: list[Credential]
    unread: t.Mapping[str, Unknown]  # of settings, api_keys, service_accounts, events, projects
    incomplete: list[str]
    projects: int | None = None
    events: int | None = None
    caller: str | None = None

    @property
    def unknown(self) -> t.Mapping[str, Unknown]:
        """What could not be determined; a rule that needs it has no verdict."""
        is_known = self.access_list_required is not None and self.secret_validity_known
        return self.unread if is_known else {"settings": SETTINGS_UNKNOWN, **self.unread}
