# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The token of a service account, as the threads of a session share it."""

from __future__ import annotations

import contextlib
import threading
import time
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.service_account import MintedToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.rate_limiter import Cancelled
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.transport import Authenticate


class SharedToken:
    """One token for all threads, minted when it is first needed.

    It is replaced when it is about to expire, and only while no request that carries it is under way: so there are
    never two tokens, and no request meets one that was revoked.

    :param mint: mints a token; may raise AtlasError.
    :param revoke: revokes one; never raises.
    """

    def __init__(self, mint: t.Callable[[], MintedToken], revoke: t.Callable[[MintedToken], None]) -> None:
        self._mint = mint
        self._revoke = revoke
        self._state = threading.Condition()
        self._token: MintedToken | None = None
        self._users = 0  # requests under way that carry the token
        self._replacing = False
        self._closed = False

    @contextlib.contextmanager
    def carried(self, used: list[MintedToken]) -> t.Iterator[Authenticate]:
        """Authenticate one try of a request. The token that it carries is appended to USED.

        :raises Cancelled: after ``close``, in a thread that has outlived the task. It must not mint what nobody would
            revoke.
        """
        token = self._acquire()
        used.append(token)
        try:
            yield token.authenticate
        finally:
            with self._state:
                self._users = max(self._users - 1, 0)
                self._state.notify_all()

    def discard(self, token: MintedToken) -> None:
        """Let TOKEN, which Atlas has refused, be replaced before the next request, unless it has been already."""
        with self._state:
            if self._token is token:
                self._token = token._replace(replace_at=0.0)

    def close(self, seconds: float) -> MintedToken | None:
        """Mint no further token. Returns the one that is to be revoked.

        A token that is being minted is waited for. Requests under way are not: the task is over.

        :param seconds: how long to wait.
        """
        with self._state:
            self._closed = True
            self._state.notify_all()
            self._state.wait_for(lambda: not self._replacing, seconds)
            token, self._token = self._token, None
            return token

    def _acquire(self) -> MintedToken:
        with self._state:
            while not self._is_usable():
                if not self._replacing and not self._users:
                    break
                self._state.wait()
            else:
                self._users += 1
                return t.cast(MintedToken, self._token)
            self._replacing = True
        self._replace()
        return self._acquire()

    def _is_usable(self) -> bool:
        if self._closed:
            raise Cancelled
        return bool(not self._replacing and self._token and time.monotonic() < self._token.replace_at)

    def _replace(self) -> None:
        """Replace the token. One thread at a time does this, without the lock, while the others wait."""
        try:
            with self._state:
                old, self._token = self._token, None
            if old:
                self._revoke(old)
            token = self._mint()
            with self._state:
                closed = self._closed
                self._token = None if closed else token
            if closed:  # nobody else would
                self._revoke(token)
        finally:
            with self._state:
                self._replacing = False
                self._state.notify_all()
