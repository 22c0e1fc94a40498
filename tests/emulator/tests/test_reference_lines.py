# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A foreign client: curl, called as the API reference calls it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from atlas_emulator.dataset import read
from atlas_emulator.server import Emulator
from operations import ACCOUNT, DATA, ORG, PROJECT

VERSION = "application/vnd.atlas.2024-08-05+json"
PAIR = ("curlcurl", "3f1c0c9e-5d0e-4f5e-9a53-000000000009")
OWNER = {
    "id": "9" * 24,
    "desc": "curl",
    "public_key": PAIR[0],
    "private_key": PAIR[1],
    "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}],
}

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    (org,) = DATA["orgs"]
    with Emulator(read({"orgs": [org | {"api_keys": [*org["api_keys"], OWNER]}]})) as emulator:
        yield emulator.url


def curl(*arguments: str) -> tuple[int, Any]:
    """Return the status and the body."""
    command = ["curl", "--silent", "--noproxy", "*", "--write-out", "\n%{http_code}", *arguments]
    text = subprocess.run(command, capture_output=True, check=True, text=True, timeout=30).stdout
    body, _newline, status = text.rpartition("\n")
    return int(status), json.loads(body) if body else None


def call(url: str, method: str, path: str, data: Any = None) -> tuple[int, Any]:
    """Send a request as the reference writes it."""
    body = ["--data", json.dumps(data)] if data is not None else []
    return curl(
        *("--user", ":".join(PAIR), "--digest", "--header", f"Accept: {VERSION}"),
        *("--header", f"Content-Type: {VERSION}"),
        *("--request", method, f"{url}/api/atlas/v2{path}", *body),
    )


def test_keys(url: str) -> None:
    path = f"/orgs/{ORG}/apiKeys"
    status, key = call(url, "POST", path, {"desc": "by curl", "roles": ["ORG_MEMBER"]})
    assert status == 200
    assert call(url, "PATCH", f"{path}/{key['id']}", {"desc": "changed"})[0] == 200
    status, entries = call(url, "POST", f"{path}/{key['id']}/accessList", [{"cidrBlock": "203.0.113.0/24"}])
    assert (status, entries["totalCount"]) == (200, 1)
    assert call(url, "DELETE", f"{path}/{key['id']}/accessList/203.0.113.0%2F24") == (204, None)
    assert call(url, "POST", f"/groups/{PROJECT}/apiKeys/{key['id']}", [{"roles": ["GROUP_OWNER"]}]) == (204, None)
    assert call(url, "DELETE", f"{path}/{key['id']}") == (204, None)


def test_service_accounts(url: str) -> None:
    path = f"/orgs/{ORG}/serviceAccounts"
    new = {"name": "curl", "description": "by curl", "roles": ["ORG_MEMBER"], "secretExpiresAfterHours": 8}
    status, account = call(url, "POST", path, new)
    assert status == 201
    client_id, secret = account["clientId"], account["secrets"][0]["secret"]
    token = curl(
        *("--request", "POST", f"{url}/api/oauth/token", "--user", f"{client_id}:{secret}"),
        *("--header", "Content-Type: application/x-www-form-urlencoded", "--header", "Accept: application/json"),
        *("--data", "grant_type=client_credentials"),
    )[1]["access_token"]
    bearer = ("--header", f"Authorization: Bearer {token}", "--header", f"Accept: {VERSION}")
    assert curl(*bearer, f"{url}/api/atlas/v2/orgs")[1]["totalCount"] == 1
    assert call(url, "PATCH", f"{path}/{client_id}", {"name": "changed"})[1]["name"] == "changed"
    status, added = call(url, "POST", f"{path}/{client_id}/secrets", {"secretExpiresAfterHours": 8})
    assert (status, added["secret"][:10]) == (201, "mdb_sa_sk_")
    assert call(url, "DELETE", f"{path}/{client_id}/secrets/{account['secrets'][0]['id']}") == (204, None)
    assert curl(*bearer, f"{url}/api/atlas/v2/orgs")[0] == 401
    invited = call(url, "POST", f"/groups/{PROJECT}/serviceAccounts/{client_id}:invite", {"roles": ["GROUP_OWNER"]})
    assert (invited[0], invited[1]["roles"]) == (200, ["GROUP_OWNER"])
    assert call(url, "DELETE", f"/groups/{PROJECT}/serviceAccounts/{client_id}") == (204, None)
    assert call(url, "DELETE", f"{path}/{client_id}") == (204, None)
    assert ACCOUNT in [one["clientId"] for one in call(url, "GET", path)[1]["results"]]
