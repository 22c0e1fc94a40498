# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""A session with Atlas: authenticated requests, and the life of a minted token."""

from __future__ import annotations

import contextlib
import time
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.method import AuthMethod
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.service_account import (
    MintedToken,
    ServiceAccount,
    parse_lifetime,
    token_in,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, Interrupted, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.response import Response
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.token import SharedToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.transport import (
    AuthContext,
    Authenticate,
    Query,
    Request,
    Transport,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import mask
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import raise_if_interrupted

_TOKEN_PATH = "/api/oauth/token"
_REVOKE_PATH = "/api/oauth/revoke"

# Seconds that revoking may take when a session is closed, retries included; and when the task was ended, by a signal
# or by Ansible's own time-out, which must not take much longer than it says.
CLOSE_WITHIN, CLOSE_QUICKLY = 10.0, 2.0

# Seconds of the Age header above which a response is reported: a cache must not answer for Atlas.
_OLDEST = 60


class ConnectionSettings(t.NamedTuple):
    """Where a session connects to, with which credentials, and how. See ``Transport`` for the units.

    :param secrets: what messages must not show, in addition to the secrets of the auth method.
    """

    auth: AuthMethod
    base_url: str
    timeout: float
    retries: int
    verify: bool | str
    direct: bool = False
    secrets: frozenset[str] = frozenset()


class Session:
    """Requests to one host with one auth method. A token is minted when it is needed, and revoked at the end.

    ``warnings`` holds what the next task that uses the session should warn of.

    :param show: shows a line to the user while the task runs; None if that is not possible.
    """

    def __init__(self, settings: ConnectionSettings, show: t.Callable[[str], None] | None = None) -> None:
        self._settings = settings
        self._auth = settings.auth
        self.show = show
        self._transport = self._open()
        self._token = SharedToken(self._mint, self._revoke_replaced)
        self._waited_to_mint = False
        self._accepted = False  # whether Atlas has accepted a token of this session
        self.warnings: list[str] = []

    @property
    def secrets(self) -> set[str]:
        """What no output may show: the credentials and the tokens minted with them."""
        return self._auth.secrets

    @property
    def waits(self) -> tuple[int, float]:
        """How often requests had to wait so far, and for how many seconds."""
        return self._transport.waits

    def describe_waits(self, before: tuple[int, float]) -> list[str]:
        """Return what to warn of because requests had to wait.

        :param before: ``waits`` when the task began.
        """
        times, seconds = self.waits[0] - before[0], self.waits[1] - before[1]
        if not times:
            return []
        waited = f"Atlas limited the rate of requests or was unreachable: waited {times} time(s), {seconds:.1f} seconds"
        if not self._waited_to_mint:
            return [f"{waited} in all."]
        self._waited_to_mint = False
        advice = (
            f"also to mint a token of the service account {self.client_id}. Where many hosts share an account, mint one"
            " token with the module access_token and give it to all of them, or run the task once (run_once)."
        )
        return [f"{waited} in all, {advice}"]

    def send(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        query: Query,
        json: t.Any = None,
        *,
        idempotent: bool,
    ) -> Response:
        """Return the response to a request, an error of Atlas included.

        :param idempotent: see ``Request``.
        :raises AtlasError: if there is no response, no token could be minted, or a signal came.
        """
        used: list[MintedToken] = []
        request = Request(method, path, self._auth_context(used), headers, idempotent, query, json=json)
        try:
            response = self._transport.send(request)
            if used and response.unauthenticated and self._accepted:
                # Tokens of this account were accepted before, so this one has expired: again, with a new one.
                self._token.discard(used[-1])
                response = self._transport.send(request)
        finally:
            raise_if_interrupted()  # also if the request failed: what is cleaned up after it must not be interrupted
        self._accepted = self._accepted or not response.unauthenticated
        self._check_age(response)
        return response

    def is_own(self, identifier: t.Any) -> bool | None:
        """Return whether a credential is the one that authenticates here. See ``AuthMethod.is_own``."""
        return self._auth.is_own(identifier)

    @property
    def caller(self) -> tuple[str, str | None]:
        """Return the kind of the credentials that authenticate here, and what identifies them."""
        return self._auth.kind, self._auth.identifier

    @property
    def client_id(self) -> str:
        """The service account that mints and revokes here."""
        return self._account.values["client_id"]

    def mint(self) -> dict[str, t.Any]:
        """Atlas' response with a token that is not the session's own: the caller has to revoke it.

        :raises AtlasError: if no token was minted, or a signal came.
        """
        response = self._request_token()
        minted = response.minted()
        token_in(minted, response.status)
        self._check_lifetime(minted)
        return minted

    def revoke(self, token: str, deadline: float = float("inf")) -> None:
        """Revoke a TOKEN that the service account has minted, here or elsewhere.

        Atlas' response for a token that was not alive is not known; the standard (RFC 7009, 2.2) knows success only.

        :param deadline: see ``Request``.
        :raises AtlasError: if Atlas refuses, or there is no response.
        """
        form = {"token": token, "token_type_hint": "access_token"}
        headers = {"Accept": "application/json"}
        auth = _constant(self._account.authenticate)
        request = Request("POST", _REVOKE_PATH, auth, headers, idempotent=True, form=form, deadline=deadline)
        self._transport.send(request).written()

    def cancel(self) -> None:
        """Send no request that still waits, and repeat none that is under way. Later ones are not affected."""
        self._transport.cancel()

    def close(self, within: float = CLOSE_WITHIN) -> None:
        """Revoke the token that was minted, if any, and close the connections. Never raises AtlasError.

        :param within: seconds that revoking may take.
        """
        deadline = time.monotonic() + within
        self._transport.cancel()  # a wait for Atlas' rate limit would hold up revoking
        if token := self._token.close(within):
            self._revoke_or_warn(token.text, deadline)
        self._transport.close()

    @property
    def _account(self) -> ServiceAccount:
        if not isinstance(self._auth, ServiceAccount):
            raise UsageError("Only a service account mints and revokes tokens.")
        return self._auth

    def _open(self) -> Transport:
        _auth, base_url, timeout, retries, verify, direct, _secrets = self._settings
        return Transport(base_url, timeout, retries, verify, direct, self._mask)

    def _mask(self, text: str) -> str:
        return mask(text, self._auth.secrets | self._settings.secrets)

    def _check_age(self, response: Response) -> None:
        age = response.headers.get("Age", "")
        if age.isdecimal() and age.isascii() and int(age[:9]) > _OLDEST:
            warning = (
                f"A response was {int(age[:9])} seconds old (header Age): a cache between this host and Atlas answered."
                " What it returned may be out of date. Check base_url and the proxy."
            )
            if not any("(header Age)" in each for each in self.warnings):
                self.warnings.append(warning)

    def _auth_context(self, used: list[MintedToken]) -> AuthContext:
        if isinstance(self._auth, ServiceAccount):
            return lambda: self._token.carried(used)
        return _constant(self._auth.authenticate)

    def _mint(self) -> MintedToken:
        response = self._request_token()
        minted = response.minted()
        self._check_lifetime(minted)
        return self._account.minted_token(minted, response.status)

    def _check_lifetime(self, minted: dict[str, t.Any]) -> None:
        if minted.get("expires_in") is not None and parse_lifetime(minted) is None:
            self.warnings.append(
                f"The lifetime of the token of the service account {self.client_id} is not known: Atlas returned an"
                " expires_in that is not a number of seconds. The token is used until Atlas refuses it."
            )

    def _request_token(self) -> Response:
        # Not idempotent: a response that was lost may have held a token that could not be revoked.
        headers, form = {"Accept": "application/json"}, {"grant_type": "client_credentials"}
        auth = _constant(self._account.authenticate)
        waits = self.waits[0]
        try:
            return self._transport.send(Request("POST", _TOKEN_PATH, auth, headers, idempotent=False, form=form))
        except Interrupted:
            self.warnings.append(
                f"The request for a token of the service account {self.client_id} was interrupted. If Atlas minted one,"
                " it stays alive for up to an hour."
            )
            raise
        finally:
            self._waited_to_mint = self._waited_to_mint or self.waits[0] > waits

    def _revoke_replaced(self, token: MintedToken) -> None:
        self._revoke_or_warn(token.text, time.monotonic() + CLOSE_WITHIN)

    def _revoke_or_warn(self, token: str, deadline: float) -> None:
        warning = (
            f"The token of the service account {self.client_id} could not be revoked and stays alive for up to an hour."
        )
        try:
            try:
                self.revoke(token, deadline)
            except Interrupted:  # what was asked for is done, and further signals are ignored: again, but quickly
                self.revoke(token, time.monotonic() + CLOSE_QUICKLY)
        except AtlasError as error:
            # What was asked for may have succeeded all the same.
            self.warnings.append(f"{warning} {error}")
        except BaseException:  # Ansible's own time-out
            self.warnings.append(f"{warning} Revoking was interrupted.")
            raise


def _constant(authenticate: Authenticate) -> AuthContext:
    return lambda: contextlib.nullcontext(authenticate)
