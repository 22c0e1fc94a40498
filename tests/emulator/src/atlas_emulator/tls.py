# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS for the emulator: a certificate made at the start, and a server that decrypts and forwards.

waitress has no TLS of its own, so the bytes go through an event loop in a thread of its own.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from pathlib import Path
from threading import Thread

import trustme

CHUNK = 65536


class Certificate:
    """A certificate for the loopback addresses, signed by a certificate authority of its own."""

    def __init__(self) -> None:
        self._ca = trustme.CA()
        certificate = self._ca.issue_cert("localhost", "127.0.0.1", "::1")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self.context)

    def write_ca(self, path: str | Path) -> None:
        """Write the certificate of the authority, which clients must trust, as PEM."""
        self._ca.cert_pem.write_to_path(str(path))


class TLSForwarder:
    """Accepts TLS connections at a socket and forwards them to an address until it is stopped."""

    def __init__(self, listener: socket.socket, context: ssl.SSLContext, target: tuple[str, int]) -> None:
        self._listener = listener
        self._context = context
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = Thread(target=self._run, name="atlas-emulator-tls", daemon=True)

    def start(self) -> None:
        """Start the thread, and in it the server: the caller's thread may have an event loop of its own."""
        self._thread.start()
        server = asyncio.start_server(self._forward, sock=self._listener, ssl=self._context)
        self._server = asyncio.run_coroutine_threadsafe(server, self._loop).result()

    def stop(self) -> None:
        """Close all connections and end the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.run_until_complete(self._close())
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        for _turn in range(3):  # a closed connection needs further turns of the loop to release its socket
            await asyncio.sleep(0)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "start_server runs this in a task"
        self._connections.add(task)
        try:
            inner_reader, inner_writer = await asyncio.open_connection(*self._target)
            await _copy_both_ways((reader, writer), (inner_reader, inner_writer))
            writer.close()
            await writer.wait_closed()
        except OSError:
            pass  # the client broke its connection
        except asyncio.CancelledError:
            pass  # the emulator stops, and asyncio prints a task that ends as canceled
        finally:
            self._connections.discard(task)
            writer.transport.abort()


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _copy_both_ways(one: Streams, other: Streams) -> None:
    """Copy until either side closes its connection, then close both."""
    tasks = [asyncio.create_task(_copy(one[0], other[1])), asyncio.create_task(_copy(other[0], one[1]))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        other[1].transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # a side broke its connection, which ends the other as well
        while data := await reader.read(CHUNK):
            writer.write(data)
            await writer.drain()
