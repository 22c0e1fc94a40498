# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A YAML file to a data set, checked so that a mistake in it is told and not guessed at."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_network
from pathlib import Path

import yaml

from atlas_emulator.generator import Generator
from atlas_emulator.model import AccessEntry, AccessList, ApiKey, Dataset, Org, ReadyToken, Role, ServiceAccount
from atlas_emulator.reading import Entry, EntryError, Json
from atlas_emulator.settings import Settings, read_settings

HEX_ID = "[a-f0-9]{24}"
"""What an identifier looks like (reference)."""


class _Loader(yaml.SafeLoader):
    """YAML without the type of dates: what looks like a date stays the text it is, as in JSON."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def load(path: str) -> Dataset:
    """Return the data set of a YAML file; raise EntryError for what is wrong with it."""
    try:
        return read(yaml.load(Path(path).read_text(encoding="utf-8"), Loader=_Loader))
    except (OSError, UnicodeDecodeError) as error:
        raise EntryError(f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise EntryError(f"is not YAML: {' '.join(str(error).split())}") from error


def read(data: Json) -> Dataset:
    """Return the data set that plain data describes."""
    top = Entry("dataset", data)
    generator = Generator()
    settings = read_settings(top.entry("settings"), Settings())
    orgs = [_read_org(entry, generator) for entry in top.entries("orgs")]
    if "generate_orgs" in top:
        orgs += _generate_orgs(top.entry("generate_orgs"), generator)
    top.finish()
    _check_unique(orgs)
    return Dataset(tuple(orgs), settings)


def _generate_orgs(entry: Entry, generator: Generator) -> list[Org]:
    count = entry.whole("orgs", least=1)
    keys = entry.whole("api_keys", least=1)
    entry.finish()
    return [generator.org(keys) for _org in range(count)]


def _read_org(entry: Entry, generator: Generator) -> Org:
    org_id = entry.text("id", pattern=HEX_ID)
    keys = [_read_key(key, org_id) for key in entry.entries("api_keys")]
    if "generate" in entry:
        keys += _generate_keys(entry.entry("generate"), org_id, generator)
    org = Org(
        id=org_id,
        name=entry.text("name"),
        is_deleted=entry.flag("is_deleted", False),
        requires_access_list=entry.flag("requires_access_list", False),
        api_keys=tuple(sorted(keys, key=lambda key: key.public_key)),
        service_accounts=tuple(_read_account(account, org_id) for account in entry.entries("service_accounts")),
        access_tokens=tuple(_read_token(token, org_id) for token in entry.entries("access_tokens")),
        fields=entry.fields("fields"),
    )
    entry.finish()
    return org


def _generate_keys(entry: Entry, org_id: str, generator: Generator) -> list[ApiKey]:
    count = entry.whole("api_keys")
    entries = entry.whole("access_list", 2)
    entry.finish()
    return generator.keys(org_id, count, entries)


def _read_key(entry: Entry, org_id: str) -> ApiKey:
    key = ApiKey(
        id=entry.text("id", pattern=HEX_ID),
        desc=entry.text("desc", pattern=".{1,250}"),
        public_key=entry.text("public_key", pattern="[a-z0-9]{8}"),
        private_key=entry.text("private_key", pattern="[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}"),
        roles=_read_roles(entry, org_id),
        access_list=_read_access_list(entry),
        fields=entry.fields("fields"),
    )
    entry.finish()
    return key


def _read_account(entry: Entry, org_id: str) -> ServiceAccount:
    account = ServiceAccount(
        client_id=entry.text("client_id", pattern="mdb_sa_id_.+"),
        client_secret=entry.text("client_secret", pattern="mdb_sa_sk_.+"),
        name=entry.text("name", ""),
        roles=_read_roles(entry, org_id),
        access_list=_read_access_list(entry),
    )
    entry.finish()
    return account


def _read_token(entry: Entry, org_id: str) -> ReadyToken:
    token = ReadyToken(
        token=entry.text("token", pattern="[A-Za-z0-9._~+/=-]+"),
        state=entry.choice("state", "live", ("live", "expired", "revoked")),
        roles=_read_roles(entry, org_id),
    )
    entry.finish()
    return token


def _read_roles(entry: Entry, org_id: str) -> tuple[Role, ...]:
    """Return the roles; whoever is given none is a member of the organization."""
    if "roles" not in entry:
        return (Role("ORG_MEMBER", org_id=org_id),)
    return tuple(_read_role(role) for role in entry.entries("roles"))


def _read_role(entry: Entry) -> Role:
    role = Role(entry.text("role_name"), entry.text_or_none("org_id"), entry.text_or_none("group_id"))
    entry.finish()
    if (role.org_id is None) == (role.group_id is None):
        raise EntryError(f"{entry.place}: a role has either an org_id or a group_id")
    return role


def _read_access_list(entry: Entry) -> AccessList:
    return tuple(_read_access_entry(address) for address in entry.entries("access_list"))


def _read_access_entry(entry: Entry) -> AccessEntry:
    name = "ip_address" if "ip_address" in entry else "cidr_block"
    try:
        network = ip_network(entry.text(name))
    except ValueError as error:
        raise entry.wrong(name, str(error)) from error
    address = AccessEntry(
        network=network,
        count=entry.whole("count", 0),
        created=entry.text("created", "2026-08-10T03:02:57Z"),
        last_used=entry.text_or_none("last_used"),
        last_used_address=entry.text_or_none("last_used_address"),
        fields=entry.fields("fields"),
    )
    entry.finish()
    return address


def _check_unique(orgs: list[Org]) -> None:
    """Everything by which a caller or a resource is found must be there once."""
    keys = [key for org in orgs for key in org.api_keys]
    _check_once("organization", (org.id for org in orgs))
    _check_once("API key id", (key.id for key in keys))
    _check_once("public key", (key.public_key for key in keys))
    _check_once("client_id", (account.client_id for org in orgs for account in org.service_accounts))
    _check_once("access token", (token.token for org in orgs for token in org.access_tokens))


def _check_once(kind: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise EntryError(f"dataset: {kind} {value} is there twice")
        seen.add(value)
