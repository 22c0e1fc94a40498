# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What is audited: organizations, and the credentials in them. None always means: not known.

``read/`` makes these from what the modules return, the rules judge them, and ``rows.py`` writes them into the report.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import Block

API_KEY: t.Final = "api_key"
SERVICE_ACCOUNT: t.Final = "service_account"

# Names of settings of an organization.
ACCESS_LIST_REQUIRED: t.Final = "api_access_list_required"
SECRET_VALIDITY: t.Final = "max_service_account_secret_validity_in_hours"
MFA_REQUIRED: t.Final = "multi_factor_auth_required"
SECURITY_CONTACT: t.Final = "security_contact"

Maker = tuple[str, str]  # what created a credential (user, API key, service account), and its name or ID


class AuditError(Exception):
    """Something that was passed to the audit cannot be used. The message names it and what it must be."""


class Unknown(t.NamedTuple):
    """Why something is not known.

    :param part: what was not read, or the field that has an unknown form.
    :param cause: one of ``document.CAUSES``.
    :param reason: in words.
    :param role: what the reader lacks, if that is the cause.
    """

    part: str
    cause: str
    reason: str
    role: str | None
    remediation: str


class Entry(t.NamedTuple):
    """An entry of an access list. Without a block, ``text`` is not a block of addresses.

    :param use_known: whether it is sure that the entry was not used if there is no ``last_used_at``.
    """

    text: str
    block: Block | None
    created_at: datetime.datetime | None
    last_used_at: datetime.datetime | None
    last_used_address: str | None
    requests: int | None
    use_known: bool


class Secret(t.NamedTuple):
    """A secret of a service account, without the secret. ``use_known`` as for an entry."""

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


class Settings(t.NamedTuple):
    """The settings of an organization that rules compare. None means not known, but for the limit and the contact.

    :param secret_validity: the limit in hours; None is no limit, unless the setting is unknown.
    :param security_contact: None is none, unless the setting is unknown.
    """

    access_list_required: bool | None
    secret_validity: int | None
    mfa_required: bool | None
    security_contact: str | None


class Reach(t.NamedTuple):
    """Where a credential can be used from, and from how many addresses."""

    kind: str  # anywhere, listed, nowhere, unknown
    addresses: int | None
    ipv4: int = 0  # how many of them are IPv4


class Usage(t.NamedTuple):
    """Whether a credential is in use. ``observed_since`` is the oldest record of its use."""

    kind: str  # used, unused, unknown
    last_used_at: datetime.datetime | None
    observed_since: datetime.datetime | None


@dataclasses.dataclass
class Credential:
    """An API key or a service account. ``known_since`` is the earliest date that proves that it existed."""

    kind: str
    id: str
    name: str
    description: str | None  # of a service account
    public_key: str | None
    created_at: datetime.datetime | None
    age_source: str | None  # event, id, field
    created_by: Maker | None
    created_from: str | None
    known_since: datetime.datetime | None
    system_managed: bool | None
    org_roles: list[str]
    projects: list[Project] | None
    access_list: list[Entry] | None
    secrets: list[Secret] | None
    reach: Reach
    usage: Usage
    is_caller: bool
    unknown: t.Mapping[str, Unknown]  # what a rule may need and that could not be determined, see NEEDS
    unread: t.Sequence[Unknown]  # what was not read, and the fields of an unknown form

    @property
    def subject(self) -> str:
        """Return a name that people can read."""
        if self.public_key and self.name:
            return f"{self.name} ({self.public_key})"
        return self.name or self.public_key or self.id

    @property
    def since(self) -> datetime.datetime | None:
        """Return the earliest date on which it is known to have existed."""
        return min((time for time in (self.created_at, self.known_since) if time), default=None)


# What a rule may need to know of a credential for a verdict.
NEEDS: t.Final = (
    "access_list",  # all entries, as blocks
    "age",
    "creation",  # who created it
    "description",
    "entry_address",  # where each entry was last used from
    "entry_use",  # when each entry was last used
    "owners",  # who the owners were at the baseline
    "projects",
    "reach",
    "roles",
    "secrets",  # all secrets with their dates
    "usage",
)


@dataclasses.dataclass
class Organization:
    """An organization. ``unread`` names what was not read, ``incomplete`` the lists that are not complete.

    :param settings: as they came, for the report. ``setting`` is what the rules compare.
    """

    id: str
    name: str
    error: str | None
    settings: dict[str, t.Any] | None
    setting: Settings
    credentials: list[Credential]
    projects: int | None
    events: int | None
    caller: str | None
    incomplete: list[str]
    unread: t.Mapping[str, Unknown]  # of organization, settings, settings.NAME, api_keys, service_accounts, …
    unknown: t.Mapping[str, Unknown]  # the same for what rules need, with what is not complete
