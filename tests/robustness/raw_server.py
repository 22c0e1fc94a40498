# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server that sends exactly the bytes that a test gives it, and records exactly what it receives."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import ssl
import threading
import typing as t


@dataclasses.dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def text(self) -> str:
        return f"{self.method} {self.path}\n{self.headers}\n{self.body}"


# What is sent: bytes, after which the connection stays open, or a function that misbehaves, after which it is closed.
Reply = t.Union[bytes, t.Callable[[socket.socket], None]]


def reply(body: t.Any = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer; a BODY that is no bytes is sent as JSON, and HEADERS are named with underscores."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"Content_Length": str(len(content)), "Content_Type": "application/json", **headers}
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


class RawServer:
    """Listens on the loopback address. Leave its ``with`` block, and it is gone, with all its connections."""

    def __init__(self, answer: t.Callable[[Asked], Reply], tls: ssl.SSLContext | None = None) -> None:
        self._answer = answer
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{'localhost' if tls else '127.0.0.1'}:{self.port}"
        self.asked: list[Asked] = []
        self.connections = 0
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> RawServer:
        return self

    def __exit__(self, *_exception: object) -> None:
        for each in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # The client goes away in the middle of an answer, as it should, and refuses certificates.
        with contextlib.suppress(OSError), connection:
            connection.settimeout(60)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._open.add(connection)
            with connection, connection.makefile("rb") as stream:
                while asked := read_request(stream):
                    self.asked.append(asked)
                    sent = self._answer(asked)
                    if callable(sent):
                        sent(connection)
                        break
                    connection.sendall(sent)
            self._open.discard(connection)


def read_request(stream: t.BinaryIO) -> Asked | None:
    """The next request on a connection, or none if it was closed."""
    first = stream.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _colon, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", 0)))
    return Asked(first[0], first[1], headers, body.decode("latin-1"))
