# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ready-made bearer tokens, which need no minting. Atlas has no such thing; only datasets do."""

from __future__ import annotations

from dataclasses import dataclass

from atlas_emulator.parser import Entry
from atlas_emulator.resource import Resource
from atlas_emulator.roles import Roles, parse_roles


@dataclass(frozen=True)
class ReadyToken:
    """A ready-made token. `state`: live, expired or revoked."""

    token: str
    state: str
    roles: Roles


def parse_tokens(entry: Entry, org_id: str) -> list[ReadyToken]:
    """Return the tokens of an organization's entry."""
    return [_parse_token(token, org_id) for token in entry.entries("access_tokens")]


def _parse_token(entry: Entry, org_id: str) -> ReadyToken:
    token = ReadyToken(
        token=entry.text("token", pattern="[A-Za-z0-9._~+/=-]+"),
        state=entry.choice("state", "live", ("live", "expired", "revoked")),
        roles=parse_roles(entry, org_id),
    )
    entry.finish()
    return token


RESOURCE: Resource[ReadyToken] = Resource(
    name="access_tokens",
    parse=parse_tokens,
    identifiers={"access token": lambda token: token.token},
)
