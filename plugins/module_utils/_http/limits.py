# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""How long a response may take, how large it may be, and where it ends: limits that requests and urllib3 do not have.

Their time-out is one between two bytes, so a server that sends a byte a second holds a client for ever; and they read
and decompress all that comes. The limits hold for headers, for bodies, for a proxy's response to CONNECT, and where
requests' own digest authentication reads a response.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import ssl
import time
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils import _requests
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._requests import requests, urllib3

# How long a response may take as a whole, in time-outs. A slow line gets more than one, a trickle less than two.
WHOLE = 1.5

# The most bytes of a response, compressed and decompressed: room for a page of 500 keys with 300 roles each.
MAX_SIZE = 16 * 1024 * 1024

# Bytes that are decompressed at once. They become at most a thousand times as many, which must also fit into memory.
_CHUNK = 16 * 1024


class TooLarge(Exception):
    """The response exceeds the size limit. Never leaves the transport."""


class StaleConnection(ConnectionResetError):
    """A connection that had carried a response before was closed before a byte of the next one came."""


class _LimitedSocket(io.RawIOBase):
    """What comes through a socket, within the limits."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._timeout = sock.gettimeout() or 0.0  # urllib3 has set it; every request of the transport has one
        self._end = time.monotonic() + WHOLE * self._timeout
        self._left = MAX_SIZE
        self._at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        if self._at_end:
            return None
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

    def end(self, buffered: io.BufferedReader) -> None:
        """End the response, and shut the connection down if more bytes came than belong to it.

        They would be taken for the response to the next request. urllib3 drops a connection that is shut down.
        """
        self._at_end = True  # from now on, BUFFERED holds only what was read before
        undecrypted = getattr(self._sock, "pending", int)()  # of TLS: read from the network, not yet from the socket
        if buffered.peek() or undecrypted:
            with contextlib.suppress(OSError):
                self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _LimitedResponse(http.client.HTTPResponse):
    """A response, that of a proxy to CONNECT included."""

    def __init__(self, sock: socket.socket, *args: t.Any, **kwargs: t.Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._limited = _LimitedSocket(self.fp.detach(), sock)
        self.fp = io.BufferedReader(self._limited)

    def _close_conn(self) -> None:
        # Of http.client: called when the body was read to its end.
        if self.fp is not None and not self.will_close:
            self._limited.end(self.fp)
        super()._close_conn()  # type: ignore[misc]  # not in the type stubs


class NoRedirectSession(_requests.BaseSession):
    """A requests session that follows no redirect and does not even look at where one leads."""

    def get_redirect_target(self, resp: t.Any) -> str | None:
        return None


class LimitedAdapter(_requests.HTTPAdapter):
    """Sends requests as ``requests`` does, and returns responses that were read in full, within the limits.

    :raises TooLarge: instead of a response.
    """

    def init_poolmanager(self, *args: t.Any, **kwargs: t.Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pool_classes()

    def proxy_manager_for(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        # A SOCKS proxy has pool classes of its own, which connect through the proxy.
        manager.pool_classes_by_scheme = _pool_classes(manager.pool_classes_by_scheme)
        return manager

    def send(self, request: t.Any, stream: bool = False, *args: t.Any, **kwargs: t.Any) -> t.Any:
        _check_proxy(requests.utils.select_proxy(request.url, kwargs.get("proxies")))
        response = super().send(request, True, *args, **kwargs)
        with contextlib.closing(response.raw):  # which is back in its pool if it was read to its end
            try:
                response.raw = io.BytesIO(_read(response.raw))
            except urllib3.exceptions.ReadTimeoutError as error:
                raise requests.exceptions.ReadTimeout(error, request=request) from None
            except ValueError as error:  # a chunk of a negative size, which urllib3 does not check
                raise urllib3.exceptions.ProtocolError(str(error)) from None
        return response


def _check_proxy(proxy: str | None) -> None:
    """Refuse an address without a host, which ends in a TypeError in requests."""
    if proxy and not urllib3.util.parse_url(proxy).host:
        raise requests.exceptions.InvalidProxyURL("the address of the proxy has no host")


def _pool_classes(base: t.Mapping[str, t.Any] | None = None) -> dict[str, t.Any]:
    """Pools like those of BASE (those of urllib3), whose connections keep to the limits."""
    base = base or {"http": urllib3.HTTPConnectionPool, "https": urllib3.HTTPSConnectionPool}
    return {scheme: _limited_pool(pool) for scheme, pool in base.items()}


def _limited_pool(pool: t.Any) -> t.Any:
    if issubclass(pool.ConnectionCls, _ReusableConnection):  # requests asks for the manager of a proxy more than once
        return pool
    connection = type(pool.ConnectionCls.__name__, (_ReusableConnection, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


class _ReusableConnection:
    """What a connection of urllib3 gets in addition: limits, and the knowledge whether it is a reused one.

    A server closes idle connections when it wants. The next request on one of them fails although nothing is wrong, so
    that case must be distinguished from a server that does not answer.
    """

    response_class = _LimitedResponse
    _used = False

    def send(self, data: t.Any) -> t.Any:
        with self._noticing_stale():
            return super().send(data)  # type: ignore[misc]  # of urllib3's connection

    def getresponse(self, buffering: bool = True) -> t.Any:
        # urllib3 1.26 has this argument for Python 2, and without it the TypeError of each response. While Python 3.10
        # writes its message, the error of a signal handler is lost.
        with self._noticing_stale():
            response = super().getresponse()  # type: ignore[misc]  # of urllib3's connection
        self._used = True
        return response

    def close(self) -> None:
        self._used = False
        super().close()  # type: ignore[misc]  # of urllib3's connection

    @contextlib.contextmanager
    def _noticing_stale(self) -> t.Iterator[None]:
        used = self._used
        try:
            yield
        except BrokenPipeError:
            raise  # urllib3 ignores it: there may be a response all the same
        except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
            if used:
                raise StaleConnection(str(error)) from error
            raise


def _read(raw: t.Any) -> bytes:
    """Return the body, decompressed piece by piece."""
    encoding = raw.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        # Others decompress to far more than a thousand times their size, or several times over.
        raise urllib3.exceptions.DecodeError(f"the response is encoded as {encoding[:40]!r}; only gzip was accepted")
    raw.enforce_content_length = True  # urllib3 1.26 would accept a body that was cut short
    body = bytearray()
    for piece in raw.stream(_CHUNK, decode_content=True):
        body += piece
        if len(body) > MAX_SIZE:
            raise TooLarge
    return bytes(body)
