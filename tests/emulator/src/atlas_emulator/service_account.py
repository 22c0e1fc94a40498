# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service accounts and their secrets, as datasets describe and generate them."""

from __future__ import annotations

from dataclasses import dataclass, field

from atlas_emulator.access_entries import AccessList, made_up_access_list, parse_access_list
from atlas_emulator.generator import Plan, made_up_hex, made_up_id, project_id
from atlas_emulator.parser import Entry, Json
from atlas_emulator.roles import Role, Roles, parse_roles
from atlas_emulator.times import entry_time, entry_time_or_none, now, parse_time

CREATED = "2026-08-10T03:02:57Z"
NEVER = "2099-12-31T00:00:00Z"
"""When the secret of an account expires for which the dataset has no other time."""


@dataclass(frozen=True)
class Secret:
    """A secret of a service account.

    `value` is the whole of it. `made_at` is the monotonic time at which a request created it.
    """

    id: str
    value: str
    created_at: str
    expires_at: str
    last_used_at: str | None = None
    made_at: float | None = None

    @property
    def is_live(self) -> bool:
        """Whether it has not expired."""
        return parse_time(self.expires_at) > now()


@dataclass(frozen=True)
class ServiceAccount:
    """A service account. `system_managed`: Atlas manages it, and lists leave it out unless they are asked for it."""

    client_id: str
    name: str
    roles: Roles
    secrets: tuple[Secret, ...]
    access_list: AccessList = ()
    description: str | None = ""
    created_at: str = CREATED
    system_managed: bool = False
    fields: dict[str, Json] = field(default_factory=dict)

    @property
    def client_secret(self) -> str | None:
        """A secret that has not expired."""
        return next((secret.value for secret in self.secrets if secret.is_live), None)


def parse_accounts(entry: Entry, org_id: str) -> list[ServiceAccount]:
    """Return the service accounts of an organization's entry."""
    return [_parse_account(account, org_id) for account in entry.entries("service_accounts")]


def _parse_account(entry: Entry, org_id: str) -> ServiceAccount:
    client_id = entry.text("client_id", pattern="mdb_sa_id_.+")
    created_at = entry_time(entry, "created_at", CREATED)
    account = ServiceAccount(
        client_id=client_id,
        name=entry.text("name", ""),
        roles=parse_roles(entry, org_id),
        secrets=_parse_secrets(entry, client_id, created_at),
        access_list=parse_access_list(entry),
        description=entry.text("description", "", pattern=".{0,250}"),
        created_at=created_at,
        system_managed=entry.flag("system_managed", False),
        fields=entry.fields("fields"),
    )
    entry.finish()
    return account


def _parse_secrets(entry: Entry, client_id: str, created_at: str) -> tuple[Secret, ...]:
    """Return the secrets: `client_secret`, which never expires, and those in `secrets`."""
    secrets = [_parse_secret(one, f"{client_id} {number}") for number, one in enumerate(entry.entries("secrets"))]
    if "client_secret" in entry or not secrets:
        value = entry.text("client_secret", pattern="mdb_sa_sk_.+")
        secrets.insert(0, Secret(_made_up_secret_id(client_id, created_at), value, created_at, NEVER))
    return tuple(secrets)


def _parse_secret(entry: Entry, name: str) -> Secret:
    created_at = entry_time(entry, "created_at", CREATED)
    secret = Secret(
        id=entry.text("id", _made_up_secret_id(name, created_at), pattern="[a-f0-9]{24}"),
        value=entry.text("secret", pattern="mdb_sa_sk_.+"),
        created_at=created_at,
        expires_at=entry_time(entry, "expires_at", NEVER),
        last_used_at=entry_time_or_none(entry, "last_used_at"),
    )
    entry.finish()
    return secret


def _made_up_secret_id(name: str, created_at: str) -> str:
    return made_up_id(created_at, f"secret id {name}")


def generate_accounts(plan: Plan) -> None:
    """Add service accounts to a plan. The first one is an owner without an access list, with a live secret."""
    for position in range(plan.counts["service_accounts"]):
        account = _made_up_account(plan, position)
        plan.items["service_accounts"].append(account)


def _made_up_account(plan: Plan, position: int) -> ServiceAccount:
    number = plan.numbers.next("account")
    created_at = f"2026-0{1 + position % 3}-{1 + position % 28:02}T03:02:57Z"
    return ServiceAccount(
        client_id="mdb_sa_id_" + made_up_id(created_at, f"client {number}"),
        name=f"reader {number}",
        roles=_made_up_roles(plan, position),
        secrets=_made_up_secrets(number, position),
        access_list=made_up_access_list(position, plan.counts["access_list"]),
        description=f"generated service account {number}",
        created_at=created_at,
    )


def _made_up_roles(plan: Plan, position: int) -> Roles:
    """Every fifth account is an owner; of the others, every second one also has a role in a project."""
    if position % 5 == 0:
        return (Role("ORG_OWNER", org_id=plan.org_id),)
    if position % 2 == 0 or not plan.counts["projects"]:
        return (Role("ORG_READ_ONLY", org_id=plan.org_id),)
    project = project_id(plan.org_id, position // 2 % plan.counts["projects"])
    return (Role("ORG_MEMBER", org_id=plan.org_id), Role("GROUP_READ_ONLY", group_id=project))


def _made_up_secrets(number: int, position: int) -> tuple[Secret, ...]:
    """Of four accounts, one has a live secret, one an expired and a live one, one a live one that was never used, and
    one only an expired one."""
    used = None if position % 4 == 2 else "2026-08-01T12:00:00Z"
    value = "mdb_sa_sk_" + made_up_hex(f"secret {number}", 40)
    created = "2026-04-01T03:02:57Z"
    live = Secret(_made_up_secret_id(f"generated {number}", created), value, created, NEVER, used)
    value = "mdb_sa_sk_" + made_up_hex(f"expired secret {number}", 40)
    times = ("2026-01-28T03:02:57Z", "2026-04-28T03:02:57Z", "2026-04-27T12:00:00Z")
    expired = Secret(_made_up_secret_id(f"expired {number}", times[0]), value, *times)
    return ((live,), (expired, live), (live,), (expired,))[position % 4]
