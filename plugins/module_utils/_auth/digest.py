# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An API key, by HTTP digest: requests' own, with its failures as errors of the collection."""

from __future__ import annotations

import functools
import hashlib
import re
import types
import typing as t
import urllib.request

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.method import AuthMethod
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    AtlasError,
    InvalidResponse,
    UsageError,
    excerpt,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._requests import HTTPDigestAuth, requests
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import mask, shown


class DigestAuth(AuthMethod):
    """The public and private key of an API key, by HTTP digest: the private key itself is never sent."""

    environment = {
        "public_key": ("MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"),
        "private_key": ("MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"),
    }
    owner = "an API key"
    kind = "api_key"
    secret_option = "private_key"
    sends_secret = False

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        super().__init__(values, source)
        name, public_key = source.get("public_key", "public_key"), values["public_key"]
        if public_key.startswith("mdb_sa_id_"):
            raise UsageError(
                f"{name} is {shown(public_key)}, which is a service account's client ID."
                " Pass it as client_id, and the account's secret as client_secret."
            )
        if ":" in public_key:
            raise UsageError(
                f"{name} has a colon. Give what comes before it as public_key, and what comes after it as private_key."
            )
        if re.search(r'["\\]', public_key):
            raise UsageError(f"{name} is {shown(public_key)}; a public key has neither quotes nor backslashes.")
        self._digest: t.Any = None

    def authenticate(self, request: t.Any) -> t.Any:
        """Answer the host's challenge. The nonce is kept: n requests of a thread cost n + 1."""
        if self._digest is None:
            self._digest = RequestsDigest(self.values["public_key"], self.values["private_key"])
        request.register_hook("response", functools.partial(check_challenge, secrets=self.secrets))
        return self._digest(request)

    def is_own(self, identifier: t.Any) -> bool | None:
        """Return whether this is the public key."""
        return identifier == self.values["public_key"] if isinstance(identifier, str) else None


class RequestsDigest(HTTPDigestAuth):
    """Answers the digest challenges of a host. Its state is one for each thread."""

    def build_digest_header(self, method: str, url: str) -> t.Any:
        try:
            header = self._header(method, url)
        except AtlasError:
            raise
        except Exception as error:  # noqa: BLE001  # foreign code, which computes with what a server sent
            raise InvalidResponse(
                f"The digest challenge for {method} {url} cannot be answered ({type(error).__name__})."
                " Is base_url Atlas itself?",
                401,
            ) from None
        if header is None:
            raise InvalidResponse(
                f"The digest challenge for {method} {url} asks for an algorithm or a protection (qop) that is not"
                " supported. Is base_url Atlas itself?",
                401,
            )
        return header

    def _header(self, method: str, url: str) -> t.Any:
        try:
            return super().build_digest_header(method, url)
        except Exception:  # hashlib of a host without MD5 raises anything; all else is raised again
            if _has_md5():
                raise
            _allow_md5()
            return super().build_digest_header(method, url)


def _has_md5(*, usedforsecurity: bool = True) -> bool:
    try:
        hashlib.md5(usedforsecurity=usedforsecurity)
    except Exception:  # noqa: BLE001  # what a build of Python or OpenSSL without MD5 raises is up to whoever built it
        return False
    return True


def _allow_md5() -> None:
    """Let requests compute MD5 on a host in FIPS mode, which refuses it unless it is marked as not for security.

    Digest authentication as Atlas has it knows no other algorithm.

    :raises AtlasError: if the host refuses even that.
    """
    if not _has_md5(usedforsecurity=False):
        raise AtlasError(
            "This host does not allow MD5 (it may run in FIPS mode), which HTTP digest authentication needs."
            " Use a service account: client_id and client_secret."
        )
    marked = types.SimpleNamespace(**vars(hashlib))
    marked.md5 = functools.partial(hashlib.md5, usedforsecurity=False)
    requests.auth.hashlib = marked


def check_challenge(response: t.Any, secrets: set[str], **_options: t.Any) -> None:
    """Refuse a digest challenge without a realm or nonce, which HTTPDigestAuth takes for granted."""
    challenge = str(response.headers.get("WWW-Authenticate", ""))
    if not 400 <= response.status_code < 500 or "digest" not in challenge.lower():
        return
    listed = urllib.request.parse_http_list(re.sub("digest ", "", challenge, count=1, flags=re.IGNORECASE))
    fields = dict(item.partition("=")[:2] for item in listed)
    if not (fields.get("realm") and fields.get("nonce")):
        raise InvalidResponse(
            f"The response to {response.request.method} {response.request.path_url} is a digest challenge without a"
            f" realm or nonce: {excerpt(mask(challenge, secrets))}. Is base_url Atlas itself?",
            response.status_code,
        )
