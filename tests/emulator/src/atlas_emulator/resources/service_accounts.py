# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service accounts, which mint access tokens."""

from __future__ import annotations

from dataclasses import dataclass

from atlas_emulator.access_entries import AccessList, parse_access_list
from atlas_emulator.generator import Plan, made_up_hex
from atlas_emulator.parser import Entry
from atlas_emulator.resource import Resource
from atlas_emulator.roles import Role, Roles, parse_roles


@dataclass(frozen=True)
class ServiceAccount:
    """A service account."""

    client_id: str
    client_secret: str
    name: str
    roles: Roles
    access_list: AccessList = ()


def parse_accounts(entry: Entry, org_id: str) -> list[ServiceAccount]:
    """Return the service accounts of an organization's entry."""
    return [_parse_account(account, org_id) for account in entry.entries("service_accounts")]


def _parse_account(entry: Entry, org_id: str) -> ServiceAccount:
    account = ServiceAccount(
        client_id=entry.text("client_id", pattern="mdb_sa_id_.+"),
        client_secret=entry.text("client_secret", pattern="mdb_sa_sk_.+"),
        name=entry.text("name", ""),
        roles=parse_roles(entry, org_id),
        access_list=parse_access_list(entry),
    )
    entry.finish()
    return account


def generate_accounts(plan: Plan) -> None:
    """Add service accounts to a plan. The first one is an owner without an access list."""
    for _position in range(plan.counts["service_accounts"]):
        number = plan.numbers.next("account")
        account = ServiceAccount(
            client_id="mdb_sa_id_" + made_up_hex(f"client {number}", 24),
            client_secret="mdb_sa_sk_" + made_up_hex(f"secret {number}", 40),
            name=f"reader {number}",
            roles=(Role("ORG_OWNER", org_id=plan.org_id),),
        )
        plan.items["service_accounts"].append(account)


RESOURCE: Resource[ServiceAccount] = Resource(
    name="service_accounts",
    parse=parse_accounts,
    generate=generate_accounts,
    counts={"service_accounts": 0},
    identifiers={"client_id": lambda account: account.client_id},
)
