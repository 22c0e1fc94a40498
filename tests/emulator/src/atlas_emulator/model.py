# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a data set holds: organizations, API keys, service accounts, tokens and access lists. It never changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import quote

from atlas_emulator.reading import Json
from atlas_emulator.settings import Settings


@dataclass(frozen=True)
class Role:
    """A role in an organization (`org_id`) or in a project (`group_id`)."""

    role_name: str
    org_id: str | None = None
    group_id: str | None = None


@dataclass(frozen=True)
class AccessEntry:
    """Addresses from which a caller may come, and the use that was made of the entry."""

    network: IPv4Network | IPv6Network
    count: int
    created: str
    last_used: str | None = None
    last_used_address: str | None = None
    fields: dict[str, Json] = field(default_factory=dict)

    @property
    def address(self) -> str | None:
        """The address, if it is a single one."""
        return str(self.network.network_address) if self.network.num_addresses == 1 else None

    @property
    def name(self) -> str:
        """The last part of the entry's own URL. How Atlas writes a block there is not known; here it is quoted."""
        return self.address or quote(str(self.network), safe="")


AccessList = tuple[AccessEntry, ...]


def allows(access_list: AccessList, address: str) -> bool:
    """Tell whether an access list covers an address."""
    wanted = ip_address(address)
    return any(wanted in entry.network for entry in access_list)


@dataclass(frozen=True)
class ApiKey:
    """An organization's API key, its private half whole."""

    id: str
    desc: str
    public_key: str
    private_key: str
    roles: tuple[Role, ...]
    access_list: AccessList = ()
    fields: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class ServiceAccount:
    """A service account, which mints access tokens."""

    client_id: str
    client_secret: str
    name: str
    roles: tuple[Role, ...]
    access_list: AccessList = ()


@dataclass(frozen=True)
class ReadyToken:
    """A bearer token that nobody has to mint. `state`: live, expired or revoked."""

    token: str
    state: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Org:
    """An organization; its keys are sorted by public key (wire)."""

    id: str
    name: str
    is_deleted: bool = False
    requires_access_list: bool = False
    api_keys: tuple[ApiKey, ...] = ()
    service_accounts: tuple[ServiceAccount, ...] = ()
    access_tokens: tuple[ReadyToken, ...] = ()
    fields: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Dataset:
    """All that the emulator knows when it starts."""

    orgs: tuple[Org, ...]
    settings: Settings = Settings()
