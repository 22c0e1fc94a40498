# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to Atlas as they are, without the collection's client: what is measured must not be what measures."""

from __future__ import annotations

import dataclasses
import os
import typing as t

import requests

VERSION = "2025-03-12"
MAX_WAIT = 30  # seconds, to connect and between bytes


class NoCredentials(Exception):
    """The environment does not have the credentials of one auth method."""


@dataclasses.dataclass
class Seen:
    """A response, with what the questions ask for."""

    status: int
    headers: t.Mapping[str, str]
    body: t.Any

    @property
    def code(self) -> str | None:
        """The error code, if the body is an error of Atlas."""
        return self.body.get("errorCode") if isinstance(self.body, dict) else None

    @property
    def refusal(self) -> str:
        """The status and the error code, as one text."""
        return f"{self.status} {self.code or ''}".strip()

    @property
    def results(self) -> list[dict[str, t.Any]]:
        """The items of a page; none if the response is something else."""
        results = self.body.get("results") if isinstance(self.body, dict) else None
        return [each for each in results if isinstance(each, dict)] if isinstance(results, list) else []

    @property
    def has_next(self) -> bool:
        """Whether the page links to a next one."""
        links = self.body.get("links") if isinstance(self.body, dict) else None
        return any(isinstance(link, dict) and link.get("rel") == "next" for link in links or [])


BASE_URL = "MONGODB_ATLAS_BASE_URL"
KEY = "MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PRIVATE_API_KEY"
ACCOUNT = "MONGODB_ATLAS_CLIENT_ID", "MONGODB_ATLAS_CLIENT_SECRET"


class Wire:
    """A session with the credentials of the environment. Counts requests, the challenges of digest included."""

    def __init__(self, environ: t.Mapping[str, str] | None = None) -> None:
        trust_env = environ is None  # proxies and certificates
        environ = os.environ if environ is None else environ
        self.base_url = (environ.get(BASE_URL) or "https://cloud.mongodb.com").rstrip("/")
        self.count = 0
        self._session = requests.Session()
        self._session.trust_env = trust_env
        self._session.hooks["response"].append(self._counted)
        public = environ.get("MONGODB_ATLAS_PUBLIC_API_KEY") or environ.get("MONGODB_ATLAS_PUBLIC_KEY")
        private = environ.get("MONGODB_ATLAS_PRIVATE_API_KEY") or environ.get("MONGODB_ATLAS_PRIVATE_KEY")
        self._account = environ.get("MONGODB_ATLAS_CLIENT_ID", ""), environ.get("MONGODB_ATLAS_CLIENT_SECRET", "")
        self._token: str | None = None
        if all(self._account):
            self.kind = "service account"
            self._token = self._mint()
            self._session.headers["Authorization"] = f"Bearer {self._token}"
        elif public and private:
            self.kind = "API key"
            self.public_key: str | None = public
            self._session.auth = requests.auth.HTTPDigestAuth(public, private)
        else:
            raise NoCredentials(
                "Set MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY, or MONGODB_ATLAS_CLIENT_ID and"
                " MONGODB_ATLAS_CLIENT_SECRET."
            )

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_error: object) -> None:
        """Revoke the token, and close the connections."""
        if self._token:
            form = {"token": self._token, "token_type_hint": "access_token"}
            self._session.headers.pop("Authorization", None)
            self._session.post(f"{self.base_url}/api/oauth/revoke", form, auth=self._account, timeout=MAX_WAIT)
        self._session.close()

    def get(self, path: str, accept: str = f"application/vnd.atlas.{VERSION}+json", **query: str) -> Seen:
        """Send a GET below ``/api/atlas/v2``, and follow no redirect."""
        return self.send("GET", path, query=query, accept=accept)

    def send(
        self,
        method: str,
        path: str,
        body: t.Any = None,
        query: t.Mapping[str, str] | None = None,
        accept: str = f"application/vnd.atlas.{VERSION}+json",
    ) -> Seen:
        """Send a request with a JSON body, if there is one."""
        headers = {"Accept": accept, **({} if body is None else {"Content-Type": accept})}
        response = self._session.request(
            method,
            f"{self.base_url}/api/atlas/v2{path}",
            params=query,
            json=body,
            headers=headers,
            timeout=MAX_WAIT,
            allow_redirects=False,
        )
        return _seen(response)

    def as_key(self, public: str, private: str) -> Wire:
        """Return a session of another API key with the same host."""
        return Wire({BASE_URL: self.base_url, **dict(zip(KEY, (public, private)))})

    def as_account(self, client_id: str, secret: str) -> Account:
        """Return another service account with the same host."""
        return Account(self.base_url, client_id, secret)

    def challenge(self) -> Seen:
        """Return what a request without credentials gets."""
        self.count += 1
        headers = {"Accept": f"application/vnd.atlas.{VERSION}+json"}
        return _seen(requests.get(f"{self.base_url}/api/atlas/v2/orgs", headers=headers, timeout=MAX_WAIT))

    def _mint(self) -> str:
        form = {"grant_type": "client_credentials"}
        headers = {"Accept": "application/json"}
        address = f"{self.base_url}/api/oauth/token"
        response = self._session.post(address, form, auth=self._account, headers=headers, timeout=MAX_WAIT)
        response.raise_for_status()
        return str(response.json()["access_token"])

    def _counted(self, _response: requests.Response, **_options: t.Any) -> None:
        self.count += 1


@dataclasses.dataclass
class Account:
    """A service account that was created by a test."""

    base_url: str
    client_id: str
    secret: str

    def works(self) -> bool:
        """Whether it can mint a token, which is revoked at once."""
        environ = {BASE_URL: self.base_url, **dict(zip(ACCOUNT, (self.client_id, self.secret)))}
        try:
            with Wire(environ):
                return True
        except requests.HTTPError:
            return False


def _seen(response: requests.Response) -> Seen:
    try:
        body = response.json() if response.content else None
    except ValueError:
        body = None
    return Seen(response.status_code, response.headers, body)
