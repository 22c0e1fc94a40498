# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client that the tests use."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import requests
from requests.auth import AuthBase, HTTPDigestAuth

ORG = "a0123456789abcdef012345a"
OTHER_ORG = "c0123456789abcdef012345c"
KEY_ID = "6a793f752c88faeba59bba49"
READER = ("gswvkocq", "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977")
OWNER = ("ownerkey", "00000000-5d0e-4f5e-9a53-000000000002")
ELSEWHERE = ("elsewher", "00000000-5d0e-4f5e-9a53-000000000003")
ACCOUNT = ("mdb_sa_id_0123456789abcdef01234567", "mdb_sa_sk_secret")
V2 = {"Accept": "application/vnd.atlas.2025-03-12+json"}
KEYS = f"/orgs/{ORG}/apiKeys"
KEY = f"{KEYS}/{KEY_ID}"


class Bearer(AuthBase):
    """A bearer token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


READY = Bearer("ready")


class Client:
    """A client with one session."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, auth: AuthBase | None = READY, root: str = "/api/atlas/v2", **options: Any) -> Any:
        """GET a path of the API."""
        options.setdefault("headers", V2)
        return self.session.get(self.url + root + path, auth=auth, timeout=10, **options)

    def digest(self, path: str, pair: tuple[str, str], **options: Any) -> Any:
        """GET a path of the API with digest."""
        return self.get(path, HTTPDigestAuth(*pair), **options)

    def mint(self, account: tuple[str, str] | None = ACCOUNT, grant: str = "client_credentials") -> Any:
        """Request a token."""
        form = {"grant_type": grant}
        return self.session.post(f"{self.url}/api/oauth/token", data=form, auth=account, timeout=10)

    def revoke(self, token: str, account: tuple[str, str] = ACCOUNT) -> Any:
        """Revoke a token."""
        form = {"token": token, "token_type_hint": "access_token"}
        return self.session.post(f"{self.url}/api/oauth/revoke", data=form, auth=account, timeout=10)

    def control(self, method: str, path: str, json: Any = None) -> Any:
        """Use the control path."""
        return self.session.request(method, f"{self.url}/_emulator/{path}", json=json, timeout=10)

    def fault(self, **fault: Any) -> None:
        """Add a fault."""
        assert self.control("POST", "faults", fault).status_code == 201

    def settings(self, **settings: Any) -> None:
        """Change settings."""
        assert self.control("PATCH", "settings", settings).status_code == 200

    def journal(self) -> Any:
        """Return the requests so far."""
        return self.control("GET", "journal").json()["requests"]


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def nonce_of(response: Any) -> str:
    """Return the nonce of a challenge."""
    found = re.search('nonce="([^"]+)"', response.headers["WWW-Authenticate"])
    assert found
    return found[1]


def digest_headers(nonce: str, uri: str, pair: tuple[str, str] = READER, nc: str = "00000001") -> dict[str, str]:
    """Return the headers that respond to a challenge, computed from RFC 7616 and not by a library."""
    user, password = pair
    secret = _md5(f"{user}:MMS Public API:{password}")
    response = _md5(f"{secret}:{nonce}:{nc}:0a4f113b:auth:{_md5('GET:' + uri)}")
    parts = f'username="{user}", realm="MMS Public API", nonce="{nonce}", uri="{uri}", response="{response}"'
    return V2 | {"Authorization": f'Digest {parts}, algorithm=MD5, qop=auth, nc={nc}, cnonce="0a4f113b"'}
