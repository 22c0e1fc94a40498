# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""A session with Atlas as somebody: every request signed, and the life of a minted token."""

from __future__ import annotations

import threading
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._answer import Answer
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import ServiceAccount, Way, token_in
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._pace import Stopped
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._transport import Transport

_TOKEN_PATH = "/api/oauth/token"
_REVOKE_PATH = "/api/oauth/revoke"


class Connection(t.NamedTuple):
    """Where a session goes, as whom, and how. See C(Transport) for the units."""

    way: Way
    base_url: str
    timeout: float
    retries: int
    verify: bool | str
    direct: bool = False


class Session:
    """Requests to one host with one way to authenticate. A token that is needed is minted, and revoked in the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._way = connection.way
        self._transport = self._open()
        self._minting = threading.RLock()  # a signal handler may close the session while its thread mints
        self._closed = False
        self.unrevoked: list[str] = []  # warnings of tokens that could not be revoked

    @property
    def secrets(self) -> set[str]:
        """What no output may show: the credentials and the tokens minted with them."""
        return self._way.secrets

    @property
    def waits(self) -> tuple[int, float]:
        """How often requests had to wait so far, and for how many seconds."""
        return self._transport.waits

    def get(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Answer:
        """The answer to a GET; a refusal is an answer, too.

        :raises AtlasError: when there is none, or no token could be minted.
        """
        way = self._way
        if not isinstance(way, ServiceAccount):
            return self._transport.get(path, query, headers, way.sign)
        token = self._token(way, None)
        answer = self._transport.get(path, query, headers, way.sign)
        if answer.unauthenticated and (way.proven or way.token != token):
            # It worked before, so its time is over, or another thread has already found that: again, with a new one.
            self._token(way, token)
            answer = self._transport.get(path, query, headers, way.sign)
        way.proven = way.proven or not answer.unauthenticated
        return answer

    @property
    def client_id(self) -> str:
        """Which service account mints and revokes here."""
        return self._account.values["client_id"]

    def mint(self) -> dict[str, t.Any]:
        """Atlas' answer with a token that is not the session's own: whoever asks for it has to revoke it.

        :raises AtlasError: when no token was to be had.
        """
        answer = self._ask_for_token()
        token_in(answer.object(), answer.status)
        return answer.object()

    def revoke(self, token: str) -> None:
        """End a TOKEN that the service account has minted, here or elsewhere.

        Atlas' answer to one that was not alive is not known; the standard (RFC 7009, 2.2) has none but success.

        :raises AtlasError: when Atlas refuses, or does not answer.
        """
        form = {"token": token, "token_type_hint": "access_token"}
        self._transport.post(_REVOKE_PATH, form, self._account.sign_with_secret, repeatable=True).check()

    def abandon(self) -> None:
        """Send no request that still waits, and repeat none that is under way. Later ones are free to go."""
        self._transport.abandon()

    def close(self) -> None:
        """Revoke the token that was minted, if any, and close the connections. Never raises AtlasError."""
        with self._minting:
            self._closed = True
            if isinstance(self._way, ServiceAccount):
                self._revoke(self._way)
        self._transport.close()

    def close_in_between(self) -> None:
        """The same from a signal handler, over a new connection: what was interrupted may hold the locks of the old."""
        self._transport.abandon()  # a thread that waits to mint would be waited for
        self._transport = self._open()
        self.close()

    @property
    def _account(self) -> ServiceAccount:
        if not isinstance(self._way, ServiceAccount):
            raise UsageError("Only a service account mints and revokes tokens.")
        return self._way

    def _open(self) -> Transport:
        _way, base_url, timeout, retries, verify, direct = self._connection
        return Transport(base_url, timeout, retries, verify, direct)

    def _token(self, account: ServiceAccount, spent: str | None) -> str | None:
        """A token that is alive, for all threads the same; SPENT is one that is known not to be.

        :raises Stopped: in a thread that has outlived the task. It must not mint what nobody would revoke.
        """
        with self._minting:
            if self._closed:
                raise Stopped
            if account.token is None or account.token == spent or account.expired:
                self._revoke(account)
                self._mint(account)
            return account.token

    def _mint(self, account: ServiceAccount) -> None:
        answer = self._ask_for_token()
        account.keep(answer.object(), answer.status)

    def _ask_for_token(self) -> Answer:
        # Not repeatable: an answer lost on the way may have been a token that nobody could revoke.
        form = {"grant_type": "client_credentials"}
        return self._transport.post(_TOKEN_PATH, form, self._account.sign_with_secret, repeatable=False)

    def _revoke(self, account: ServiceAccount) -> None:
        if account.token is None:
            return
        token, account.token = account.token, None
        try:
            self.revoke(token)
        except AtlasError as error:
            # What was asked for may well have succeeded.
            self.unrevoked.append(
                f"The service account's token could not be revoked and stays alive for up to an hour. {error}"
            )
