# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The access tokens that service accounts mint and revoke."""

from __future__ import annotations

import base64
import json
import math
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from atlas_emulator.errors import APIError, OAuthError
from atlas_emulator.settings import Settings

MINUTE = 60.0


@dataclass(frozen=True)
class Token:
    """A minted token; `expires_at` is in seconds since 1970."""

    client_id: str
    secret_id: str
    token: str
    expires_at: float


class Tokens:
    """Every live token. Expired and revoked ones are removed: Atlas' response to them is not known to differ from its
    response to an unknown token."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        is_minted: Callable[[Token], bool] = lambda token: True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._is_minted = is_minted
        self._clock = clock
        self._lock = Lock()
        self._tokens: dict[str, Token] = {}
        self._mints: defaultdict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.minted = 0
        self.revoked = 0

    def mint(self, client_id: str, secret_id: str, address: str) -> Token:
        """Return a new token, within the limits on minting and on live tokens (docs, client)."""
        with self._lock:
            self._check_rate(client_id, address)
            self._remove_dead()
            if sum(token.client_id == client_id for token in self._tokens.values()) >= self._settings().live_tokens:
                # Only the beginning of the description is known (docs).
                limit = self._settings().live_tokens
                raise OAuthError(
                    403, "access_denied", f"Access Token limit reached. At most {limit} tokens may be live."
                )
            expires_at = self._clock() + self._settings().token_lifetime
            token = Token(client_id, secret_id, _jwt(client_id, self._clock()), expires_at)
            self._tokens[token.token] = token
            self.minted += 1
            return token

    def _check_rate(self, client_id: str, address: str) -> None:
        """Count one mint of a client from an address, if the limit of a minute allows it."""
        most = self._settings().mints_per_minute
        mints = self._mints[client_id, address]
        now = self._clock()
        while mints and now - mints[0] >= MINUTE:
            mints.popleft()
        if self._settings().rate_limits and len(mints) >= most:
            detail = f"Resource /api/oauth/token is limited to {most} requests every 1 minutes."  # client
            error = APIError(429, "RATE_LIMITED", detail, ["/api/oauth/token", most, 1])
            oldest = mints[0] if mints else now
            error.headers["Retry-After"] = str(max(1, math.ceil(oldest + MINUTE - now)))
            raise error
        mints.append(now)

    def owner(self, token: str) -> str | None:
        """Return the client ID of a live token."""
        known = self._tokens.get(token)
        return known.client_id if known and known.expires_at > self._clock() and self._is_minted(known) else None

    def revoke(self, client_id: str, token: str) -> None:
        """Revoke a token of this client; an unknown token or another client's is ignored (RFC 7009)."""
        with self._lock:
            if self.owner(token) == client_id:
                del self._tokens[token]
                self.revoked += 1

    def expire(self) -> None:
        """Expire every token."""
        with self._lock:
            self._tokens.clear()

    def live(self) -> list[Token]:
        """Return the live tokens, oldest first."""
        with self._lock:
            self._remove_dead()
            return list(self._tokens.values())

    def _remove_dead(self) -> None:
        """Remove the expired tokens, and those whose secret was deleted."""
        now = self._clock()
        unexpired = [token for token in self._tokens.values() if token.expires_at > now]
        self._tokens = {token.token: token for token in unexpired if self._is_minted(token)}
        self.revoked += len(unexpired) - len(self._tokens)


def _jwt(client_id: str, now: float) -> str:
    """Return a text that looks like a JWT (docs). Its signature is random: clients must not read it."""
    head = json.dumps({"alg": "ES512", "typ": "JWT"})
    claims = json.dumps({"sub": client_id, "iat": int(now), "jti": secrets.token_hex(16)})
    return ".".join(map(_base64url, (head.encode(), claims.encode(), secrets.token_bytes(64))))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
