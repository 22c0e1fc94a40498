# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator for every test, with callers of every kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from atlas_emulator.dataset import read
from atlas_emulator.model import Dataset
from atlas_emulator.server import Emulator
from emulator_client import ACCOUNT, ELSEWHERE, KEY_ID, ORG, OTHER_ORG, OWNER, READER, Client

DATA = {
    "orgs": [
        {
            "id": ORG,
            "name": "Production",
            "fields": {"newThing": {"deepThing": 1}},
            "api_keys": [
                {
                    "id": KEY_ID,
                    "desc": "e2e",
                    "public_key": READER[0],
                    "private_key": READER[1],
                    "roles": [
                        {"org_id": ORG, "role_name": "ORG_READ_ONLY"},
                        {"group_id": "b" * 24, "role_name": "GROUP_OWNER"},
                    ],
                    "access_list": [
                        {"cidr_block": "127.0.0.0/8", "count": 3, "last_used": "2026-08-10T03:02:57Z"},
                        {"ip_address": "192.0.2.7", "fields": {"comment": "tomorrow"}},
                    ],
                },
                {
                    "id": "2" * 24,
                    "desc": "owner",
                    "public_key": OWNER[0],
                    "private_key": OWNER[1],
                    "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}],
                },
                {
                    "id": "3" * 24,
                    "desc": "elsewhere",
                    "public_key": ELSEWHERE[0],
                    "private_key": ELSEWHERE[1],
                    "access_list": [{"ip_address": "192.0.2.8"}],
                },
                {
                    "id": "4" * 24,
                    "desc": "project only",
                    "public_key": "projonly",
                    "private_key": READER[1],
                    "roles": [{"group_id": "b" * 24, "role_name": "GROUP_OWNER"}],
                },
            ],
            "service_accounts": [{"client_id": ACCOUNT[0], "client_secret": ACCOUNT[1], "name": "reader"}],
            "access_tokens": [
                {"token": "ready"},
                {"token": "old", "state": "expired"},
                {"token": "ended", "state": "revoked"},
            ],
            "generate": {"api_keys": 1230},
        },
        {
            "id": OTHER_ORG,
            "name": "Strict",
            "requires_access_list": True,
            "api_keys": [
                {"id": "5" * 24, "desc": "no list", "public_key": "stranger", "private_key": READER[1]},
            ],
            "service_accounts": [
                {"client_id": "mdb_sa_id_b", "client_secret": "mdb_sa_sk_b", "access_list": [{"ip_address": "::1"}]}
            ],
        },
    ]
}


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    """The dataset of all tests."""
    return read(DATA)


@pytest.fixture(scope="session")
def running(dataset: Dataset) -> Iterator[Emulator]:
    """One emulator for all tests."""
    with Emulator(dataset) as emulator:
        yield emulator


@pytest.fixture
def client(running: Emulator) -> Client:
    """A client of that emulator, which is reset."""
    client = Client(running.url)
    client.control("POST", "reset")
    return client
