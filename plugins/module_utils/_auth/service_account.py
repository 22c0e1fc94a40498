# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""A service account, and the tokens that are minted with it."""

from __future__ import annotations

import re
import time
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.method import VISIBLE, AuthMethod
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import InvalidResponse, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import (
    MIN_SECRET,
    basic_credentials,
    encoded_forms,
)

# Seconds before its expiry at which a token is replaced: a request takes time to arrive. At most half of its lifetime.
_MARGIN = 30.0

_MAX_LIFETIME = 10 * 365 * 24 * 3600  # seconds; Atlas' tokens live for an hour


class MintedToken(t.NamedTuple):
    """A token of a service account and when it must be replaced, in seconds of ``time.monotonic``."""

    text: str
    replace_at: float

    def authenticate(self, request: t.Any) -> t.Any:
        """Send the token with the request."""
        request.headers["Authorization"] = f"Bearer {self.text}"
        return request


class ServiceAccount(AuthMethod):
    """A client ID and secret (OAuth 2.0 client credentials), which mint a token for as long as a task needs it."""

    environment = {
        "client_id": ("MONGODB_ATLAS_CLIENT_ID",),
        "client_secret": ("MONGODB_ATLAS_CLIENT_SECRET",),
    }
    owner = "a service account"
    kind = "service_account"
    secret_option = "client_secret"

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        super().__init__(values, source)
        if ":" in values["client_id"]:
            raise UsageError(
                f"{source.get('client_id', 'client_id')} has a colon."
                " Give the part before the colon as client_id and the part after it as client_secret."
            )
        self._basic = basic_credentials(values["client_id"], values["client_secret"])
        self._secrets = encoded_forms(values["client_secret"]) | encoded_forms(self._basic)

    def authenticate(self, request: t.Any) -> t.Any:
        """Send the account's own ID and secret, which minting and revoking need."""
        request.headers["Authorization"] = f"Basic {self._basic}"
        return request

    def is_own(self, identifier: t.Any) -> bool | None:
        """Return whether this is the account's client ID. Its digits may be in either case (reference)."""
        if not isinstance(identifier, str):
            return None
        return identifier.casefold() == self.values["client_id"].casefold()

    def minted_token(self, response: dict[str, t.Any], status: int) -> MintedToken:
        """Return the token in the response to minting.

        A token whose lifetime is not known is used until Atlas refuses it.

        :raises InvalidResponse: if there is no token that could be sent.
        """
        text = token_in(response, status)
        self._secrets |= encoded_forms(text)
        lifetime = parse_lifetime(response)
        if lifetime is None:
            return MintedToken(text, float("inf"))
        return MintedToken(text, time.monotonic() + lifetime - min(_MARGIN, lifetime / 2))

    @property
    def secrets(self) -> set[str]:
        """The account's secret and every token that was minted with it."""
        return set(self._secrets)


def parse_lifetime(response: dict[str, t.Any]) -> float | None:
    """Return how many seconds a token lives, by the response to minting; None if that is not known.

    RFC 6749 wants a number. Some servers send it as text; true is no number of seconds, and neither is zero.
    """
    seconds = response.get("expires_in")
    if isinstance(seconds, str) and re.fullmatch(r"[0-9]{1,9}", seconds.strip()):
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 < seconds < _MAX_LIFETIME:
        return None
    return seconds


def token_in(response: dict[str, t.Any], status: int) -> str:
    """Return the token in the RESPONSE to minting.

    :raises InvalidResponse: if there is none that could be sent.
    """
    token = response.get("access_token")
    if not isinstance(token, str) or not VISIBLE.fullmatch(token) or len(token) < MIN_SECRET:
        raise InvalidResponse("Atlas' response to minting a token has no access_token that could be sent.", status)
    return token
