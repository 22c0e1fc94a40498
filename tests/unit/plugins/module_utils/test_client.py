# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests the client sends, and what becomes of the token it minted."""

from __future__ import annotations

import typing as t

import pytest

from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import AccessToken, KeyPair, ServiceAccount, Way
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import Refusal, UnexpectedAnswer
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._transport import Transport

ORG, KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"
PATH = f"/orgs/{ORG}/apiKeys/{KEY}"
TOKEN = {"access_token": "aa.bb.cc", "expires_in": 3600, "token_type": "Bearer"}
CHALLENGE = 'Digest realm="MMS Public API", domain="", nonce="n", algorithm=MD5, qop="auth", stale=false'


def open_client(server: HTTPServer, way: Way, api_version: str = "2025-03-12", **query: str) -> AtlasClient:
    return AtlasClient(Transport(server.url_for("").rstrip("/"), 5, 0, True), way, api_version, query)


def bearer() -> AccessToken:
    return AccessToken({"access_token": "aa.bb.cc"}, {})


def account() -> ServiceAccount:
    return ServiceAccount({"client_id": "mdb_sa_id_0", "client_secret": "mdb_sa_sk_0"}, {})


def requests(server: HTTPServer) -> list[tuple[str, str, int]]:
    return [(request.method, request.path, response.status_code) for request, response in server.log]


@pytest.mark.parametrize(
    ("api_version", "root", "accept"),
    [
        ("2025-03-12", "/api/atlas/v2", "application/vnd.atlas.2025-03-12+json"),
        ("2023-01-01", "/api/atlas/v2", "application/vnd.atlas.2023-01-01+json"),
        ("v1.0", "/api/atlas/v1.0", "application/json"),
        ("public/v1.0", "/api/public/v1.0", "application/json"),
    ],
)
def test_version_chooses_path_and_accept(httpserver: HTTPServer, api_version: str, root: str, accept: str) -> None:
    httpserver.expect_request(root + PATH, headers={"Accept": accept}).respond_with_json({"id": KEY})
    with open_client(httpserver, bearer(), api_version) as client:
        assert client.get_org_api_key(ORG, KEY) == {"id": KEY}


def test_bearer_costs_one_request(httpserver: HTTPServer) -> None:
    authorized = {"Authorization": "Bearer aa.bb.cc"}
    httpserver.expect_oneshot_request("/api/atlas/v2" + PATH, headers=authorized).respond_with_json({"id": KEY})
    with open_client(httpserver, bearer()) as client:
        client.get_org_api_key(ORG, KEY)
    assert len(httpserver.log) == 1


def test_wrong_digest_key_costs_two_requests_and_keeps_the_body(httpserver: HTTPServer) -> None:
    body = {"error": 401, "reason": "Unauthorized", "detail": "You are not.", "errorCode": "UNEXPECTED_ERROR"}
    httpserver.expect_request("/api/atlas/v2" + PATH).respond_with_json(
        body, status=401, headers={"WWW-Authenticate": CHALLENGE}
    )
    way = KeyPair({"public_key": "gswvkocq", "private_key": "wrong"}, {})
    with (
        pytest.raises(Refusal, match="401 UNEXPECTED_ERROR. You are not. Check the credentials"),
        open_client(httpserver, way) as client,
    ):
        client.get_org_api_key(ORG, KEY)
    assert len(httpserver.log) == 2


def test_envelope_and_pretty_are_sent_and_unwrapped(httpserver: HTTPServer) -> None:
    query = {"envelope": "true", "pretty": "true"}
    httpserver.expect_request("/api/atlas/v2" + PATH, query_string=query).respond_with_json(
        {"status": 200, "content": {"id": KEY}}
    )
    with open_client(httpserver, bearer(), **query) as client:
        assert client.get_org_api_key(ORG, KEY) == {"id": KEY}


@pytest.mark.parametrize("status", [200, 404])
def test_service_account_mints_reads_and_revokes(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_ordered_request(
        "/api/oauth/token",
        method="POST",
        data="grant_type=client_credentials",
        headers={"Authorization": "Basic bWRiX3NhX2lkXzA6bWRiX3NhX3NrXzA=", "Accept": "application/json"},
    ).respond_with_json(TOKEN)
    httpserver.expect_ordered_request(
        "/api/atlas/v2" + PATH, headers={"Authorization": "Bearer aa.bb.cc"}
    ).respond_with_json({"error": status}, status=status)
    httpserver.expect_ordered_request(
        "/api/oauth/revoke", method="POST", data="token=aa.bb.cc&token_type_hint=access_token"
    ).respond_with_data(b"")
    try:
        with open_client(httpserver, account()) as client:
            client.get_org_api_key(ORG, KEY)
    except Refusal:
        assert status == 404
    httpserver.check_assertions()
    assert len(httpserver.log) == 3
    assert not client.warnings


def test_nothing_is_minted_or_revoked_where_nothing_is_asked(httpserver: HTTPServer) -> None:
    with open_client(httpserver, account()):
        pass
    assert not httpserver.log


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (
            401,
            {"error": "invalid_client", "error_description": "Invalid."},
            "401 invalid_client. Invalid. Check client_id",
        ),
        (403, {"error": "access_denied", "error_description": "Limit."}, "100 live tokens"),
        (429, {"error": 429, "errorCode": "RATE_LIMITED", "detail": "Limited."}, "429 RATE_LIMITED"),
        (200, {"token_type": "Bearer"}, "holds no access_token"),
        (200, [], "no JSON object"),
        (302, {}, "redirected"),
    ],
)
def test_minting_that_fails_is_said_and_not_repeated(
    httpserver: HTTPServer, status: int, body: t.Any, message: str
) -> None:
    httpserver.expect_request("/api/oauth/token").respond_with_json(body, status=status)
    with pytest.raises((Refusal, UnexpectedAnswer), match=message), open_client(httpserver, account()) as client:
        client.get_org_api_key(ORG, KEY)
    assert requests(httpserver) == [("POST", "/api/oauth/token", status)]


def test_revoking_that_fails_is_a_warning(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/oauth/token").respond_with_json(TOKEN)
    httpserver.expect_request("/api/atlas/v2" + PATH).respond_with_json({"id": KEY})
    httpserver.expect_request("/api/oauth/revoke").respond_with_json({"error": 500}, status=500)
    with open_client(httpserver, account()) as client:
        assert client.get_org_api_key(ORG, KEY) == {"id": KEY}
    assert len(client.warnings) == 1
    assert "could not be revoked and stays alive for up to an hour" in client.warnings[0]
    assert "aa.bb.cc" in client.secrets


def test_waits_become_a_warning(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/api/atlas/v2" + PATH).respond_with_json({}, status=503)
    httpserver.expect_ordered_request("/api/atlas/v2" + PATH).respond_with_json({"id": KEY})
    transport = Transport(httpserver.url_for("").rstrip("/"), 5, 1, True)
    with AtlasClient(transport, bearer(), "2025-03-12", {}) as client:
        client.get_org_api_key(ORG, KEY)
    assert "waited 1 time(s), 0." in client.warnings[0]
