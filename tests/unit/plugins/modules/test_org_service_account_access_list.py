# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs from the access lists of API keys, with a fake client. The rest is the same code."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_service_account_access_list

ORG, ID = "a0123456789abcdef012345a", "mdb_sa_id_6a793f752c88faeba59bba49"
ACCOUNT = f"/orgs/{ORG}/serviceAccounts/{ID}"
LIST = f"{ACCOUNT}/accessList"
USED = {
    "cidrBlock": "192.0.2.0/24",
    "createdAt": "2026-08-01T00:00:00Z",
    "lastUsedAddress": "192.0.2.7",
    "lastUsedAt": "2026-08-10T00:00:00Z",
    "requestCount": 3,
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "LOOK_AGAIN_AFTER", 0)


def run(client: t.Any, check_mode: bool = False, **options: t.Any) -> dict[str, t.Any]:
    where = {"org_id": ORG, "service_account_id": ID}
    result = client.run(org_service_account_access_list, check_mode=check_mode, **where, **options)
    return t.cast("dict[str, t.Any]", result)


def test_added_before_removed(client: t.Any) -> None:
    state = [USED]

    def add() -> dict[str, t.Any]:
        state.append({"cidrBlock": "2001:db8::1/128", "ipAddress": "2001:db8::1", "lastUsedAt": None})
        return {"results": state}

    client.responses = {
        ACCOUNT: {"clientId": ID},
        LIST: lambda: list(state),
        f"POST {LIST}": add,
        f"DELETE {LIST}/192.0.2.0%2F24": lambda: state.pop(0),
    }
    result = run(client, entries=["2001:DB8::1"], purge=True)
    assert client.requests[-4:] == [f"POST {LIST}", LIST, f"DELETE {LIST}/192.0.2.0%2F24", LIST]
    assert client.bodies[f"POST {LIST}"] == [{"ipAddress": "2001:db8::1"}]
    assert [entry["ip_address"] for entry in result["access_list"]] == ["2001:db8::1"]


@pytest.mark.parametrize("check_mode", [True, False])
def test_own_address_is_protected_by_the_use_of_the_entries(client: t.Any, check_mode: bool) -> None:
    client.public_key = ID  # what the fake client takes for its own credential
    client.responses = {ACCOUNT: {"clientId": ID}, LIST: [USED]}
    with pytest.raises(UsageError, match=r"recently seen by Atlas, and not covered: 192\.0\.2\.7.*allow_self: true"):
        run(client, check_mode, entries=["198.51.100.0/24"], purge=True)
    assert not any(" " in request for request in client.requests)


@pytest.mark.parametrize(("purge", "count"), [(False, 201), (True, 200)])
def test_more_entries_than_atlas_takes(client: t.Any, purge: bool, count: int) -> None:
    """Entries are added before others are removed, so both count."""
    client.responses = {LIST: [USED]}
    entries = [f"198.51.100.{number}" for number in range(count)]
    with pytest.raises(UsageError, match=rf"would contain {count + 1} entries while it is changed; Atlas allows 200"):
        run(client, entries=entries, purge=purge)
    assert client.requests == [LIST]


def test_account_that_is_gone(client: t.Any) -> None:
    gone = APIError("a request", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
    client.responses = {LIST: gone, ACCOUNT: gone, f"/orgs/{ORG}/serviceAccounts": []}
    assert run(client, state="absent", entries=["192.0.2.0/24"])["changed"] is False
    with pytest.raises(AtlasError):
        run(client, entries=["192.0.2.0/24"])


@pytest.mark.parametrize("exists", [True, False])
def test_404_that_is_not_about_the_account(client: t.Any, exists: bool) -> None:
    """As with an api_version that knows no service accounts, or none of their lists."""
    unknown = APIError("a request", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
    account = {"clientId": ID} if exists else unknown
    client.responses = {LIST: unknown, ACCOUNT: account, f"/orgs/{ORG}/serviceAccounts": unknown}
    with pytest.raises(AtlasError, match="404 RESOURCE_NOT_FOUND"):
        run(client, state="absent", entries=["192.0.2.0/24"])
