# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds things in a data set by the names that requests use for them."""

from __future__ import annotations

from dataclasses import dataclass

from atlas_emulator.model import AccessList, ApiKey, Dataset, Org, Role


@dataclass(frozen=True)
class Caller:
    """Who sends a request.

    `name` is the public key, the client ID or the token; `key_id` is set for an API key. `access_list` is None where
    there is nothing to have one: the data set's ready-made tokens.
    """

    name: str
    org: Org
    roles: tuple[Role, ...]
    access_list: AccessList | None = None
    key_id: str | None = None

    def org_roles(self) -> set[str]:
        """The names of the caller's roles in its organization."""
        return {role.role_name for role in self.roles if role.org_id == self.org.id}


@dataclass(frozen=True)
class Secret:
    """What proves to be a caller: a private key or a client secret."""

    caller: Caller
    text: str


class Directory:
    """The data set's indexes."""

    def __init__(self, dataset: Dataset) -> None:
        self.orgs = {org.id: org for org in dataset.orgs}
        self._keys = {(org.id, key.id): key for org in dataset.orgs for key in org.api_keys}
        self.key_pairs = {
            key.public_key: Secret(Caller(key.public_key, org, key.roles, key.access_list, key.id), key.private_key)
            for org in dataset.orgs
            for key in org.api_keys
        }
        self.accounts = {
            account.client_id: Secret(
                Caller(account.client_id, org, account.roles, account.access_list), account.client_secret
            )
            for org in dataset.orgs
            for account in org.service_accounts
        }
        self.ready_tokens = {
            token.token: Caller(token.token, org, token.roles)
            for org in dataset.orgs
            for token in org.access_tokens
            if token.state == "live"
        }

    def key(self, org: Org, key_id: str) -> ApiKey | None:
        """Return an organization's key."""
        return self._keys.get((org.id, key_id))
