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

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.addresses import Network

API_KEY: t.Final = "api_key"
SERVICE_ACCOUNT: t.Final = "service_account"


class AuditError(Exception):
    """Something that was passed to the audit cannot be used. The message names it and what it must be."""


@dataclasses.dataclass(frozen=True)
class Entry:
    """An entry of an access list. Without a network, `text` is not a block of addresses.

    `use_known`: whether it is sure that the entry was not used if it has no `last_used_at`.
    """

    text: str
    network: t.Optional[Network]
    created_at: t.Optional[datetime.datetime]
    last_used_at: t.Optional[datetime.datetime]
    last_used_address: t.Optional[str]
    requests: t.Optional[int]
    use_known: bool


@dataclasses.dataclass(frozen=True)
class Secret:
    """A secret of a service account, without the secret. `use_known` as for an entry."""

    id: str
    created_at: t.Optional[datetime.datetime]
    expires_at: t.Optional[datetime.datetime]
    last_used_at: t.Optional[datetime.datetime]
    masked_value: t.Optional[str]
    use_known: bool


@dataclasses.dataclass(frozen=True)
class Project:
    """A project that a credential has roles in. Without a name, the organization's projects were not read."""

    id: str
    name: t.Optional[str]
    roles: list[str]


@dataclasses.dataclass(frozen=True)
class Reach:
    """Where a credential can be used from: `anywhere`, `listed`, `nowhere` or `unknown`, and how many addresses."""

    kind: str
    addresses: t.Optional[int]
    why_unknown: t.Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Usage:
    """Whether a credential is in use: `used`, `unused` or `unknown`. `observed_since`: the oldest record of its use."""

    kind: str
    last_used_at: t.Optional[datetime.datetime]
    observed_since: t.Optional[datetime.datetime]


@dataclasses.dataclass(frozen=True)
class Credential:
    """An API key or a service account. `known_since` is the earliest date that proves that it existed."""

    kind: str
    id: str
    name: str
    public_key: t.Optional[str]
    created_at: t.Optional[datetime.datetime]
    created_by: t.Optional[str]
    known_since: t.Optional[datetime.datetime]
    system_managed: t.Optional[bool]
    org_roles: list[str]
    projects: t.Optional[list[Project]]
    access_list: t.Optional[list[Entry]]
    secrets: t.Optional[list[Secret]]
    reach: Reach
    usage: Usage
    unknown: frozenset[str]  # age, access_list, projects, reach, roles, secrets, usage

    @property
    def subject(self) -> str:
        """A name that people can read."""
        if self.public_key and self.name:
            return f"{self.name} ({self.public_key})"
        return self.name or self.public_key or self.id


@dataclasses.dataclass(frozen=True)
class Organization:
    """An organization. `unread` and `incomplete` name what was not read and what did not add up."""

    id: str
    name: str
    error: t.Optional[str]
    settings: t.Optional[dict[str, t.Any]]
    access_list_required: t.Optional[bool]
    credentials: list[Credential]
    unread: frozenset[str]  # settings, api_keys, service_accounts, events
    incomplete: list[str]

    @property
    def audited(self) -> bool:
        """Whether there is anything to judge."""
        return self.error is None
