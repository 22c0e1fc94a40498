# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up organizations and keys, the same in every run, so that a test can name what it will find."""

from __future__ import annotations

import hashlib
from ipaddress import IPv4Address, ip_network
from itertools import count

from atlas_emulator.model import AccessEntry, AccessList, ApiKey, Org, Role, ServiceAccount

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PUBLIC_KEYS = len(LETTERS) ** 8
SCATTER = 123_456_789_011
"""Has no factor in common with PUBLIC_KEYS, so that the multiples of it, modulo PUBLIC_KEYS, are all different."""

TEST_ADDRESSES = IPv4Address("198.18.0.0")
"""The first of the 2**17 addresses that are set aside for tests (RFC 2544)."""


class Generator:
    """Counts what it makes: the n-th key and the n-th organization of a data set are always the same ones."""

    def __init__(self) -> None:
        self._org_numbers = count(1)
        self._key_numbers = count(1)

    def org(self, api_keys: int) -> Org:
        """Return an organization with so many keys and one service account, which may read everything."""
        number = next(self._org_numbers)
        org_id = _hex(f"organization {number}", 24)
        account = ServiceAccount(
            client_id="mdb_sa_id_" + _hex(f"client {number}", 24),
            client_secret="mdb_sa_sk_" + _hex(f"secret {number}", 40),
            name=f"reader {number}",
            roles=(Role("ORG_OWNER", org_id=org_id),),
        )
        keys = sorted(self.keys(org_id, api_keys, access_list=2), key=lambda key: key.public_key)
        return Org(org_id, f"Organization {number:03}", api_keys=tuple(keys), service_accounts=(account,))

    def keys(self, org_id: str, how_many: int, access_list: int) -> list[ApiKey]:
        """Return so many keys. The first one is an owner without an access list: a caller for whom nothing is barred.

        `access_list` is the number of entries on the access lists of those keys that have one.
        """
        return [self._key(org_id, position, access_list) for position in range(how_many)]

    def _key(self, org_id: str, position: int, access_list: int) -> ApiKey:
        number = next(self._key_numbers)
        digits = _hex(f"private key {number}", 32)
        return ApiKey(
            id=_hex(f"key {number}", 24),
            desc=f"made-up key {number}",
            public_key=_public_key(number),
            private_key="-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])),
            roles=_roles(org_id, position),
            access_list=_access_list(position, access_list),
        )


def _hex(text: str, length: int) -> str:
    return hashlib.sha256(f"atlas-emulator {text}".encode()).hexdigest()[:length]


def _public_key(number: int) -> str:
    rest = number * SCATTER % PUBLIC_KEYS
    letters = []
    for _letter in range(8):
        rest, letter = divmod(rest, len(LETTERS))
        letters.append(LETTERS[letter])
    return "".join(letters)


def _roles(org_id: str, position: int) -> tuple[Role, ...]:
    """Every tenth key is an owner; of the others, every second one also has a role in one of seven projects."""
    if position % 10 == 0:
        return (Role("ORG_OWNER", org_id=org_id),)
    if position % 2 == 0:
        return (Role("ORG_READ_ONLY", org_id=org_id),)
    project = _hex(f"project {position % 7} of {org_id}", 24)
    name = ("GROUP_OWNER", "GROUP_READ_ONLY", "GROUP_CLUSTER_MANAGER")[position % 3]
    return (Role(name, group_id=project), Role("ORG_MEMBER", org_id=org_id))


def _access_list(position: int, length: int) -> AccessList:
    """Of three keys, one has no access list, one has one that was never used, and one has one in use."""
    if position % 3 == 0:
        return ()
    return tuple(_access_entry(position, position * length + number) for number in range(length))


def _access_entry(position: int, number: int) -> AccessEntry:
    address = TEST_ADDRESSES + number % 2**17
    created = f"2026-0{1 + position % 6}-{1 + position % 28:02}T03:02:57Z"
    if position % 3 == 1:
        return AccessEntry(ip_network(address), 0, created)
    last_used = f"2026-0{7 + position % 2}-{1 + position % 28:02}T12:00:00Z"
    return AccessEntry(ip_network(address), position, created, last_used, str(address))
