# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""How long an answer may take, and how long it may be: bounds that requests and urllib3 do not have.

Their time-out is one between two bytes, so a server that sends a byte a second holds a client for ever; and they read
and unpack whatever comes. Both bounds hold for headers, for bodies and for what a proxy says, and also where requests'
own digest authentication reads an answer.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import time
import typing as t

# How long an answer may take as a whole, in time-outs. A slow line gets more than one, a trickle less than two.
WHOLE = 1.5

# The most bytes of an answer, as they come and unpacked: room for a page of 500 keys with 300 roles each.
LARGEST = 16 * 1024 * 1024

# Bytes that are unpacked at once. They become at most a thousand times as many, which is to fit into memory, too.
_PIECE = 16 * 1024


class TooLarge(Exception):
    """The answer is longer than any that Atlas would give. Never leaves the transport."""


class _Watched(io.RawIOBase):
    """What comes through a socket, while it is within its bounds."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout = sock.gettimeout() or 0.0  # urllib3 has set it; every request of the transport has one
        self._end = time.monotonic() + WHOLE * self._timeout
        self._left = LARGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise socket.timeout("timed out")
        if seconds < self._timeout:
            self._sock.settimeout(seconds)
        count = self._raw.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise TooLarge
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _WatchedResponse(http.client.HTTPResponse):
    """An answer in the making, that of a proxy to CONNECT included."""

    def __init__(self, sock: socket.socket, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Watched(self.fp.detach(), sock))


try:
    import requests
    import urllib3

    from requests.adapters import HTTPAdapter
    from requests.exceptions import InvalidProxyURL, ReadTimeout
    from requests.utils import select_proxy
except ImportError:
    pass  # the transport, which finds neither class here, reports it
else:

    class Session(requests.Session):
        """A session that is led nowhere. Even unasked C(requests) would look at where a redirect leads, and stumble."""

        def get_redirect_target(self, resp: t.Any) -> str | None:
            return None

    class Adapter(HTTPAdapter):
        """Sends requests as C(requests) does, and gives answers that were read in full, within the bounds.

        :raises TooLarge: instead of an answer.
        """

        def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = _POOLS

        def proxy_manager_for(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
            manager = super().proxy_manager_for(*args, **kwargs)
            manager.pool_classes_by_scheme = _POOLS
            return manager

        def send(self, request: t.Any, stream: bool = False, *args: t.Any, **kwargs: t.Any) -> t.Any:
            _check_proxy(select_proxy(request.url, kwargs.get("proxies")))
            response = super().send(request, True, *args, **kwargs)
            with contextlib.closing(response.raw):  # which has gone back to its pool if it was read to its end
                try:
                    response.raw = io.BytesIO(_read(response.raw))
                except urllib3.exceptions.ReadTimeoutError as error:
                    raise ReadTimeout(error, request=request) from None
                except ValueError as error:  # a chunk of a negative size, which urllib3 takes as it is
                    raise urllib3.exceptions.ProtocolError(str(error)) from None
            return response

    def _check_proxy(proxy: str | None) -> None:
        """Refuse an address without a host, which ends in a TypeError in requests."""
        if proxy and not urllib3.util.parse_url(proxy).host:
            raise InvalidProxyURL("the address of the proxy has no host")

    def _watched(pool: t.Any) -> t.Any:
        connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), {"response_class": _WatchedResponse})
        return type(pool.__name__, (pool,), {"ConnectionCls": connection})

    _POOLS = {"http": _watched(urllib3.HTTPConnectionPool), "https": _watched(urllib3.HTTPSConnectionPool)}

    def _read(raw: t.Any) -> bytes:
        """The body, unpacked piece by piece."""
        packing = raw.headers.get("Content-Encoding", "identity").strip().lower()
        if packing not in ("identity", "gzip"):
            # Others unpack to far more than a thousand times their size, or several times over.
            raise urllib3.exceptions.DecodeError(f"the answer is packed as {packing[:40]!r}; asked for was gzip")
        raw.enforce_content_length = True  # urllib3 1.26 would take a body that was cut short for a whole one
        body = bytearray()
        for piece in raw.stream(_PIECE, decode_content=True):
            body += piece
            if len(body) > LARGEST:
                raise TooLarge
        return bytes(body)
