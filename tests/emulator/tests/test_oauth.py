# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bearer tokens, ready-made and minted."""

from __future__ import annotations

import pytest

from emulator_client import ACCOUNT, KEY, Bearer, Client

OTHER = ("mdb_sa_id_b", "mdb_sa_sk_b")


def live(client: Client) -> int:
    """Return how many minted tokens are live."""
    return len(client.control("GET", "tokens").json()["live"])


def test_mint_read_revoke(client: Client) -> None:
    minted = client.mint().json()
    token = minted.pop("access_token")
    assert minted == {"expires_in": 3600, "token_type": "Bearer"}
    assert token.count(".") == 2
    assert client.get(KEY, Bearer(token)).status_code == 200
    assert live(client) == 1
    response = client.revoke(token)
    assert (response.status_code, response.content) == (200, b"")
    assert client.get(KEY, Bearer(token)).status_code == 401
    assert client.control("GET", "tokens").json() == {"live": [], "minted": 1, "revoked": 1}


def test_only_the_owner_revokes(client: Client) -> None:
    token = client.mint().json()["access_token"]
    assert client.revoke(token, OTHER).status_code == 200
    assert client.revoke("never was").status_code == 200
    assert live(client) == 1
    assert client.revoke(token, (ACCOUNT[0], "mdb_sa_sk_wrong")).status_code == 401
    assert client.revoke("").json()["error"] == "invalid_request"
    assert live(client) == 1


@pytest.mark.parametrize("account", [(ACCOUNT[0], "mdb_sa_sk_wrong"), ("mdb_sa_id_nobody", ACCOUNT[1]), None])
def test_wrong_credentials(client: Client, account: tuple[str, str] | None) -> None:
    response = client.mint(account)
    assert response.status_code == 401
    assert response.json() == {"error": "invalid_client", "error_description": "Invalid credentials provided."}


def test_wrong_grant(client: Client) -> None:
    assert client.mint(grant="password").json()["error"] == "unsupported_grant_type"
    assert client.mint(grant="").json()["error"] == "invalid_request"


def test_a_hundred_live_tokens_at_most(client: Client) -> None:
    client.settings(mints_per_minute=1000)
    assert {client.mint().status_code for _attempt in range(100)} == {200}
    response = client.mint()
    assert response.status_code == 403
    assert response.json()["error"] == "access_denied"
    assert response.json()["error_description"].startswith("Access Token limit reached. ")
    client.control("POST", "tokens/expire")
    assert client.mint().status_code == 200


def test_fifty_mints_a_minute(client: Client) -> None:
    for _attempt in range(50):
        client.revoke(client.mint().json()["access_token"])
    response = client.mint()
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert response.json() == {
        "detail": "Resource /api/oauth/token is limited to 50 requests every 1 minutes.",
        "error": 429,
        "errorCode": "RATE_LIMITED",
        "parameters": ["/api/oauth/token", 50, 1],
        "reason": "Too Many Requests",
    }
    assert client.mint(OTHER).status_code == 200


@pytest.mark.parametrize("token", ["unknown", "old", "ended"])
def test_tokens_that_are_not_live(client: Client, token: str) -> None:
    response = client.get(KEY, Bearer(token))
    assert response.status_code == 401
    assert "WWW-Authenticate" not in response.headers


def test_a_token_expires(client: Client) -> None:
    client.settings(token_lifetime=0)
    assert client.get(KEY, Bearer(client.mint().json()["access_token"])).status_code == 401


def test_access_lists_apply_to_the_use_only(client: Client) -> None:
    token = client.mint(OTHER).json()["access_token"]
    response = client.get("/orgs", Bearer(token))
    assert (response.status_code, response.json()["errorCode"]) == (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST")
    assert client.revoke(token, OTHER).status_code == 200
    assert live(client) == 0


@pytest.mark.parametrize("root", ["/api/public/v1.0", "/api/atlas/v1.0"])
def test_the_older_generations_accept_tokens(client: Client, root: str) -> None:
    assert client.get(KEY, root=root).status_code == 200
