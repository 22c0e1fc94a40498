# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP digest authentication (RFC 7616) as Atlas does it: MD5, ``qop="auth"``, a count that must increase (wire)."""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import md5
from threading import Lock

REALM = "MMS Public API"
MAX_NONCES = 100_000


def challenge(nonce: str, stale: bool) -> str:
    """Return the value of ``WWW-Authenticate`` (wire)."""
    flag = "true" if stale else "false"
    return f'Digest realm="{REALM}", domain="", nonce="{nonce}", algorithm=MD5, qop="auth", stale={flag}'


def _hash(*parts: str) -> str:
    return md5(":".join(parts).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True)
class Credentials:
    """A client's response to a challenge, from its ``Authorization`` header."""

    username: str
    realm: str
    nonce: str
    uri: str
    qop: str
    nc: str
    cnonce: str
    response: str
    algorithm: str = "MD5"

    def match(self, private_key: str, method: str, target: str) -> bool:
        """Return whether the response was computed with this private key, for this request."""
        if (self.realm, self.uri, self.qop, self.algorithm) != (REALM, target, "auth", "MD5"):
            return False
        secret = _hash(self.username, REALM, private_key)
        expected = _hash(secret, self.nonce, self.nc, self.cnonce, self.qop, _hash(method, self.uri))
        return hmac.compare_digest(expected.encode(), self.response.encode())


@dataclass
class _Nonce:
    created: float
    count: int = 0


class Nonces:
    """The nonces that were sent, and the highest count of each."""

    def __init__(self, lifetime: Callable[[], float], clock: Callable[[], float] = time.monotonic) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._nonces: OrderedDict[str, _Nonce] = OrderedDict()
        self._lock = Lock()

    def new(self) -> str:
        """Return a new nonce. Above a limit the oldest one is removed, which makes it stale."""
        nonce = secrets.token_urlsafe(24)
        with self._lock:
            self._nonces[nonce] = _Nonce(self._clock())
            if len(self._nonces) > MAX_NONCES:
                self._nonces.popitem(last=False)
        return nonce

    def use(self, nonce: str, nc: str) -> bool:
        """Count a use of a nonce; False if it is unknown or too old, or its count (8 hex digits) did not increase."""
        if not re.fullmatch("[0-9a-fA-F]{8}", nc):
            return False
        count = int(nc, 16)
        with self._lock:
            known = self._nonces.get(nonce)
            if known is None or self._clock() - known.created >= self._lifetime() or count <= known.count:
                return False
            known.count = count
            return True

    def expire(self) -> None:
        """Make every nonce stale."""
        with self._lock:
            self._nonces.clear()
