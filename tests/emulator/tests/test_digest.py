# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Digest, with headers computed here and with requests' own implementation."""

from __future__ import annotations

import json
import re

import pytest
from requests.auth import HTTPDigestAuth

from emulator_client import KEY, READER, V2, Client, digest_headers, nonce_of

URI = "/api/atlas/v2" + KEY
CHALLENGE = r'Digest realm="MMS Public API", domain="", nonce="[\w-]+", algorithm=MD5, qop="auth", stale=%s'
BODY = {
    "error": 401,
    "reason": "Unauthorized",
    "detail": "You are not authorized for this resource.",
    "errorCode": "UNEXPECTED_ERROR",
}


def test_the_challenge(client: Client) -> None:
    response = client.get(KEY, None)
    assert response.status_code == 401
    assert response.text == json.dumps(BODY, indent=2)
    assert response.headers["Content-Type"] == "application/json"
    assert re.fullmatch(CHALLENGE % "false", response.headers["WWW-Authenticate"])
    assert response.headers["Vary"] == "Accept-Encoding"
    assert not {"X-Error-Code", "RateLimit-Limit", "RateLimit-Remaining"} & response.headers.keys()


def test_an_answer_to_it(client: Client) -> None:
    nonce = nonce_of(client.get(KEY, None))
    for nc in ("00000001", "00000002", "0000000a", "0000000F"):
        assert client.get(KEY, None, headers=digest_headers(nonce, URI, nc=nc)).status_code == 200


@pytest.mark.parametrize("nc", ["00000005", "00000004", "00000000", "5", "0000000x"])
def test_a_count_that_does_not_increase(client: Client, nc: str) -> None:
    nonce = nonce_of(client.get(KEY, None))
    assert client.get(KEY, None, headers=digest_headers(nonce, URI, nc="00000005")).status_code == 200
    response = client.get(KEY, None, headers=digest_headers(nonce, URI, nc=nc))
    assert response.status_code == 401
    assert re.fullmatch(CHALLENGE % "true", response.headers["WWW-Authenticate"])
    assert nonce_of(response) != nonce


def test_a_nonce_expires(client: Client) -> None:
    nonce = nonce_of(client.get(KEY, None))
    client.settings(nonce_lifetime=0)
    response = client.get(KEY, None, headers=digest_headers(nonce, URI))
    assert re.fullmatch(CHALLENGE % "true", response.headers["WWW-Authenticate"])


def test_wrong_answers(client: Client) -> None:
    nonce = nonce_of(client.get(KEY, None))
    wrong_key = digest_headers(nonce, URI, (READER[0], "wrong"))
    unknown = digest_headers(nonce, URI, ("nobodysk", READER[1]))
    other_target = digest_headers(nonce, URI + "/accessList")
    incomplete = V2 | {"Authorization": f'Digest username="{READER[0]}", nonce="{nonce}"'}
    for headers in (wrong_key, unknown, other_target, incomplete):
        response = client.get(KEY, None, headers=headers)
        assert response.status_code == 401
        assert response.json() == BODY
        assert re.fullmatch(CHALLENGE % "false", response.headers["WWW-Authenticate"])


def test_requests_keeps_its_nonce(client: Client) -> None:
    auth = HTTPDigestAuth(*READER)
    assert [client.get(KEY, auth).status_code for _attempt in range(3)] == [200, 200, 200]
    assert [entry["status"] for entry in client.journal()] == [401, 200, 200, 200]


def test_requests_survives_stale_nonces(client: Client) -> None:
    auth = HTTPDigestAuth(*READER)
    assert client.get(KEY + "?pretty=true", auth).status_code == 200
    client.control("POST", "nonces/expire")
    assert client.get(KEY + "?pretty=true", auth).status_code == 200
    assert [entry["status"] for entry in client.journal()] == [401, 200, 401, 200]


def test_a_wrong_key_costs_two_requests(client: Client) -> None:
    assert client.digest(KEY, (READER[0], "wrong")).json() == BODY
    assert len(client.journal()) == 2


def test_the_challenge_comes_before_everything_else(client: Client) -> None:
    for path in ("/orgs/UPPER/apiKeys", "/nonsense", "/orgs?itemsPerPage=0&envelope=true"):
        response = client.get(path, None, headers={"Accept": "*/*"})
        assert (response.status_code, response.json()) == (401, BODY)
