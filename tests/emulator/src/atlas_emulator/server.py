# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves the application: waitress in a thread, and responses that can be cut short."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer, create_server
from waitress.task import WSGITask

from atlas_emulator.app import make_app
from atlas_emulator.fault_injection import CUT
from atlas_emulator.model import Dataset
from atlas_emulator.resources import RESOURCES
from atlas_emulator.state import State

if TYPE_CHECKING:
    from atlas_emulator.tls import TLSForwarder

THREADS = 64
"""How many responses can be delayed at the same time."""

POLL = 1.0
"""Seconds after which an idle server checks whether it shall stop."""

SHUTDOWN = 1
"""Seconds that unfinished responses get at the end."""


class _Task(WSGITask):
    """Responds to one request. Headers and body are sent together: apart, they cost the client two reads, and a delayed
    acknowledgement between them costs 40 ms."""

    _cut: str | None = None

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[CUT] = self._cut_at
        return environ

    def _cut_at(self, position: str) -> None:
        self._cut = position
        self.close_on_finish = True

    def write(self, data: bytes) -> None:
        head = b"" if self.wrote_header else self.build_response_header()
        self.wrote_header = True
        self.content_bytes_written += len(data)
        self.channel.write_soon(self._cut_short(head, data if self.has_body else b""))

    def _cut_short(self, head: bytes, body: bytes) -> bytes:
        """Return what remains of a response after the cut."""
        if self._cut == "start":
            return b""
        if self._cut == "headers":
            return head[: len(head) // 2]
        if self._cut == "body":
            return head + body[: len(body) // 2]
        return head + body


class _Channel(HTTPChannel):
    task_class = _Task


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError):
        listener.close()
        raise
    return listener


def _url(scheme: str, host: str, listener: socket.socket) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}:{listener.getsockname()[1]}"


class Emulator:
    """A running emulator, for ``with``; `url` is its address. Port 0 is any free one.

    With `tls` it serves https; `write_ca` writes the certificate that clients must trust.
    """

    def __init__(self, dataset: Dataset, port: int = 0, host: str = "127.0.0.1", *, tls: bool = False) -> None:
        self.state = State(dataset, RESOURCES)
        self._sockets: dict[int, Any] = {}
        self._forwarder: TLSForwarder | None = None
        listener = _listen(host, port)
        self.url = _url("https" if tls else "http", host, listener)
        if tls:
            from atlas_emulator.tls import Certificate, TLSForwarder  # a third of a second that others need not wait

            self._certificate = Certificate()
            outer, listener = listener, _listen(host, 0)
            self._forwarder = TLSForwarder(outer, self._certificate.context, listener.getsockname()[:2])
        server = create_server(
            make_app(self.state),
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            ident=None,
            asyncore_use_poll=True,
            connection_limit=1000,
            url_scheme="https" if tls else "http",
        )
        assert isinstance(server, TcpWSGIServer), "one socket makes one server"
        self._server = server
        self._server.channel_class = _Channel
        self._thread = Thread(target=self._serve, name="atlas-emulator", daemon=True)

    def write_ca(self, path: str | Path) -> None:
        """Write the certificate that clients must trust, as PEM. Only with `tls`."""
        self._certificate.write_ca(path)

    def __enter__(self) -> Emulator:
        self._thread.start()
        if self._forwarder:
            self._forwarder.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.state.stopping.set()
        if self._forwarder:
            self._forwarder.stop()
        with suppress(OSError):  # the thread has stopped already and closed everything
            self._server.pull_trigger()
        self._thread.join()

    def _serve(self) -> None:
        while not self.state.stopping.is_set():
            wasyncore.loop(timeout=POLL, use_poll=True, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown(timeout=SHUTDOWN)
        wasyncore.close_all(self._sockets)
