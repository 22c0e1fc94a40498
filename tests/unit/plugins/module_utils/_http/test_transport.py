# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A session against a local server, and against sockets that misbehave."""

from __future__ import annotations

import contextlib
import json
import pathlib
import socket
import ssl
import threading
import time
import typing as t

import pytest
import trustme
import werkzeug

from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.digest import DigestAuth
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    AtlasError,
    InvalidResponse,
    TransportError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http import transport as transport_file
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.response import Response
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.transport import Request, Transport

PATH = "/api/atlas/v2/orgs"


def unauthenticated(request: t.Any) -> t.Any:
    return request


def send(
    transport: Transport,
    method: str = "GET",
    path: str = PATH,
    *,
    auth: t.Callable[[t.Any], t.Any] = unauthenticated,
    idempotent: bool = True,
    **more: t.Any,
) -> Response:
    headers = {"Accept": "application/json"}
    return transport.send(Request(method, path, lambda: contextlib.nullcontext(auth), headers, idempotent, **more))


def open_transport(base_url: str, retries: int = 0, timeout: float = 5, verify: bool | str = True) -> Transport:
    return Transport(base_url.rstrip("/"), timeout, retries, verify)


def get(transport: Transport, **query: str) -> dict[str, t.Any]:
    return send(transport, query=query).resource()


def statuses(server: HTTPServer) -> list[int]:
    return [response.status_code for _request, response in server.log]


def refuse(server: HTTPServer, status: int, **headers: str) -> None:
    server.expect_ordered_request(PATH).respond_with_json(
        {"error": status, "errorCode": "SOME_CODE"}, status=status, headers=headers
    )


def accept(server: HTTPServer) -> None:
    server.expect_ordered_request(PATH).respond_with_json({"ok": True})


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the transport would have waited, without waiting for it."""
    seconds: list[float] = []
    monkeypatch.setattr(transport_file.RateLimiter, "hold", lambda self, wait: seconds.append(wait))
    return seconds


def test_request_carries_what_atlas_needs(httpserver: HTTPServer) -> None:
    accept(httpserver)
    assert get(open_transport(httpserver.url_for("")), pretty="true") == {"ok": True}
    request = httpserver.log[0][0]
    assert request.query_string == b"pretty=true"
    assert request.headers["Accept"] == "application/json"
    assert request.headers["User-Agent"] == transport_file.USER_AGENT


def test_user_agent_names_the_collections_version() -> None:
    galaxy = next(
        parent / "galaxy.yml" for parent in pathlib.Path(__file__).parents if (parent / "galaxy.yml").exists()
    )
    version = next(line.split()[1] for line in galaxy.read_text().splitlines() if line.startswith("version:"))
    assert transport_file.USER_AGENT.endswith(f"/{version}")


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_retryable_status_is_retried(httpserver: HTTPServer, waits: list[float], status: int) -> None:
    refuse(httpserver, status)
    refuse(httpserver, status)
    accept(httpserver)
    assert get(open_transport(httpserver.url_for(""), retries=2)) == {"ok": True}
    assert statuses(httpserver) == [status, status, 200]
    assert 0.5 <= waits[0] <= 0.625
    assert 1 <= waits[1] <= 1.25


@pytest.mark.parametrize("status", [400, 401, 404, 500, 501])
def test_other_status_is_not_retried(httpserver: HTTPServer, waits: list[float], status: int) -> None:
    refuse(httpserver, status)
    with pytest.raises(AtlasError, match=f"{status} SOME_CODE"):
        get(open_transport(httpserver.url_for(""), retries=4))
    assert statuses(httpserver) == [status]
    assert not waits


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_last_response_is_the_error(httpserver: HTTPServer, waits: list[float], retries: int) -> None:
    httpserver.expect_request(PATH).respond_with_json({"error": 503, "errorCode": "BUSY"}, status=503)
    with pytest.raises(AtlasError, match="503 BUSY"):
        get(open_transport(httpserver.url_for(""), retries=retries))
    assert len(httpserver.log) == retries + 1
    assert len(waits) == retries


@pytest.mark.parametrize(
    ("retry_after", "shortest", "longest"),
    [
        ("0", 1, 1),
        ("2", 2, 2),
        ("86400", 60, 60),
        ("9" * 5000, 0.5, 60),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1, 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 60, 60),
        ("-5", 0.5, 0.625),
        ("1.5", 0.5, 0.625),
        ("soon", 0.5, 0.625),
        ("", 0.5, 0.625),
    ],
)
def test_retry_after_is_honoured_within_bounds(
    httpserver: HTTPServer, waits: list[float], retry_after: str, shortest: float, longest: float
) -> None:
    refuse(httpserver, 429, **{"Retry-After": retry_after})
    accept(httpserver)
    get(open_transport(httpserver.url_for(""), retries=1))
    assert shortest <= waits[0] <= longest


def test_waits_are_counted(httpserver: HTTPServer) -> None:
    refuse(httpserver, 429, **{"Retry-After": "1"})
    accept(httpserver)
    transport = open_transport(httpserver.url_for(""), retries=1)
    get(transport)
    times, seconds = transport.waits
    assert times == 1
    assert 1 <= seconds < 10  # a busy machine wakes up late


def test_retryable_status_in_an_envelope_is_retried(httpserver: HTTPServer, waits: list[float]) -> None:
    busy = {"status": 429, "content": {"error": 429, "errorCode": "RATE_LIMITED"}}
    httpserver.expect_ordered_request(PATH).respond_with_json(busy)
    httpserver.expect_ordered_request(PATH).respond_with_json({"status": 200, "content": {"ok": True}})
    assert get(open_transport(httpserver.url_for(""), retries=1), envelope="true") == {"ok": True}
    assert len(waits) == 1


def test_redirect_is_not_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request(PATH).respond_with_data(
        status=301, headers={"Location": httpserver.url_for("/elsewhere")}
    )
    with pytest.raises(InvalidResponse, match="No redirect is followed"):
        get(open_transport(httpserver.url_for("")))
    assert len(httpserver.log) == 1


def test_no_cookie_is_kept(httpserver: HTTPServer) -> None:
    for _each in range(2):
        httpserver.expect_ordered_request(PATH).respond_with_json({}, headers={"Set-Cookie": "a=b"})
    transport = open_transport(httpserver.url_for(""))
    get(transport)
    get(transport)
    assert all("Cookie" not in request.headers for request, _response in httpserver.log)


def test_request_that_is_not_idempotent_is_sent_once(httpserver: HTTPServer, waits: list[float]) -> None:
    for _each in range(3):
        httpserver.expect_ordered_request("/t", method="POST", data="a=b").respond_with_json({}, status=503)
    httpserver.expect_ordered_request("/t", method="POST", data="a=b").respond_with_data(b"")
    transport = open_transport(httpserver.url_for(""), retries=4)
    assert send(transport, "POST", "/t", idempotent=False, form={"a": "b"}).status == 503
    assert not waits
    assert send(transport, "POST", "/t", idempotent=True, form={"a": "b"}).status == 200
    assert len(waits) == 2


def test_digest_authenticates_each_try_anew(httpserver: HTTPServer, waits: list[float]) -> None:
    """A nonce count that was seen before is refused, so a repeated request must not be the same bytes."""
    counts: list[str] = []
    challenge = 'Digest realm="MMS Public API", domain="", nonce="n", algorithm=MD5, qop="auth", stale=false'

    def answer(request: werkzeug.Request) -> werkzeug.Response:
        if not request.authorization:
            return werkzeug.Response("{}", 401, {"WWW-Authenticate": challenge})
        counts.append(str(request.authorization.parameters["nc"]))
        return werkzeug.Response(json.dumps({"ok": True}), 503 if len(counts) < 3 else 200)

    httpserver.expect_request(PATH).respond_with_handler(answer)
    digest = DigestAuth({"public_key": "gswvkocq", "private_key": "3f1c0c9e-private"}, {})
    transport = open_transport(httpserver.url_for(""), retries=2)
    assert send(transport, auth=digest.authenticate).resource() == {"ok": True}
    assert counts == ["00000001", "00000002", "00000003"]


@pytest.mark.parametrize("challenge", ["Digest", 'Digest nonce="n"', 'Digest realm="r"', "Digest realm"])
def test_broken_digest_challenge_is_an_error(httpserver: HTTPServer, challenge: str) -> None:
    httpserver.expect_request(PATH).respond_with_json({}, status=401, headers={"WWW-Authenticate": challenge})
    digest = DigestAuth({"public_key": "gswvkocq", "private_key": "3f1c0c9e-private"}, {})
    with pytest.raises(AtlasError):
        send(open_transport(httpserver.url_for("")), auth=digest.authenticate).resource()


def test_netrc_never_overrides_the_task(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {httpserver.host} login other password stolen\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    accept(httpserver)
    get(open_transport(httpserver.url_for("")))
    assert "Authorization" not in httpserver.log[0][0].headers


# Sockets that misbehave


@pytest.fixture
def socket_server() -> t.Iterator[t.Callable[[t.Callable[[socket.socket], None]], str]]:
    """Start a server that does what is passed with each connection; gives its address."""
    listeners: list[socket.socket] = []

    def serve(listener: socket.socket, misbehave: t.Callable[[socket.socket], None]) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with connection:
                misbehave(connection)

    def start(misbehave: t.Callable[[socket.socket], None]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=serve, args=(listener, misbehave), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def close_at_once(connection: socket.socket) -> None:
    connection.recv(1)


def cut_in_headers(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")


def cut_in_chunk(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{")


@pytest.mark.parametrize("misbehave", [close_at_once, cut_in_headers, cut_in_chunk])
def test_broken_connection_is_tried_again_and_then_said(
    socket_server: t.Any, waits: list[float], misbehave: t.Callable[[socket.socket], None]
) -> None:
    with pytest.raises(AtlasError):
        get(open_transport(socket_server(misbehave), retries=2))
    assert len(waits) in (0, 2)  # half a header is a header without a value to http.client, and its body no JSON
    assert waits or misbehave is cut_in_headers


def test_body_shorter_than_its_length_is_never_taken_for_whole(socket_server: t.Any, waits: list[float]) -> None:
    def cut_in_body(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": "6a79')

    with pytest.raises(AtlasError):
        get(open_transport(socket_server(cut_in_body), retries=1))


def test_silent_server_ends_in_time(socket_server: t.Any, waits: list[float]) -> None:
    def stay_silent(connection: socket.socket) -> None:
        connection.recv(65536)
        time.sleep(1)

    started = time.monotonic()
    with pytest.raises(TransportError, match="did not answer GET .* within 0.2 seconds"):
        get(open_transport(socket_server(stay_silent), retries=20, timeout=0.2))
    assert time.monotonic() - started < 15  # of which a busy machine may need most
    assert not waits


def test_nobody_listening_is_said(waits: list[float]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(TransportError, match="Connection refused.*Tried 3 times"):
        get(open_transport(f"http://127.0.0.1:{port}", retries=2))
    with pytest.raises(TransportError, match="Connection refused.*proxy\\.$"):
        get(open_transport(f"http://127.0.0.1:{port}", retries=0))


def test_rubbish_instead_of_http_is_said(socket_server: t.Any) -> None:
    with pytest.raises(TransportError):
        get(open_transport(socket_server(lambda connection: connection.sendall(b"SSH-2.0-OpenSSH\r\n")), retries=0))


# TLS


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: trustme.CA) -> t.Iterator[HTTPServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    server = HTTPServer(ssl_context=context)
    server.start()
    server.expect_request(PATH).respond_with_json({"ok": True})
    yield server
    server.clear()
    server.stop()


def test_private_authority_by_ca_path(tls_server: HTTPServer, authority: trustme.CA, tmp_path: pathlib.Path) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    assert get(open_transport(tls_server.url_for(""), verify=str(tmp_path / "ca.pem"))) == {"ok": True}


def test_unknown_authority_is_refused_with_advice_and_not_tried_again(
    tls_server: HTTPServer, waits: list[float]
) -> None:
    with pytest.raises(TransportError, match="certificate verify failed.*ca_path"):
        get(open_transport(tls_server.url_for(""), retries=4))
    assert not waits


def test_validate_certs_false_holds_whatever_the_environment_says(
    tls_server: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    assert get(open_transport(tls_server.url_for(""), verify=False)) == {"ok": True}


def test_proxy_that_refuses_is_said(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", httpserver.url_for(""))
    with pytest.raises(TransportError, match="The proxy did not let GET .* through.*HTTPS_PROXY"):
        get(open_transport("https://cloud.mongodb.invalid", retries=4))


def test_missing_requests_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_file, "IMPORT_ERROR", "requests is missing")
    with pytest.raises(AtlasError, match="requests is missing"):
        open_transport("https://cloud.mongodb.com")


# Connections that are kept open


def response(body: bytes, more: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s%s" % (len(body), body, more)


@pytest.mark.parametrize("retries", [0, 4])
def test_request_over_a_connection_that_was_closed_meanwhile_is_sent_again_at_once(
    socket_server: t.Any, waits: list[float], retries: int
) -> None:
    def answer_once(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(response(b'{"ok": true}'))
        connection.recv(65536)  # and close without a response, as a server whose keep-alive time is over

    transport = open_transport(socket_server(answer_once), retries=retries)
    for _each in range(3):
        assert get(transport) == {"ok": True}
    assert not waits
    assert transport.waits[0] == 0


def test_request_that_is_not_idempotent_is_not_sent_again_over_a_new_connection(
    socket_server: t.Any, waits: list[float]
) -> None:
    received: list[bytes] = []

    def answer_once(connection: socket.socket) -> None:
        received.append(connection.recv(65536))
        connection.sendall(response(b'{"ok": true}'))
        received.append(connection.recv(65536))

    transport = open_transport(socket_server(answer_once), retries=4)
    get(transport)
    with pytest.raises(TransportError):
        send(transport, "POST", json={}, idempotent=False)
    assert [line[:4] for line in received] == [b"GET ", b"POST"]


@pytest.mark.parametrize("size", [12, 8192, 8192 - 41])
def test_bytes_behind_a_response_are_not_the_next_response(socket_server: t.Any, size: int) -> None:
    connections: list[int] = []

    def answer_twice(connection: socket.socket) -> None:
        connections.append(1)
        connection.recv(65536)
        body = b'{"first": true' + b" " * size + b"}"
        connection.sendall(response(body, more=response(b'{"second": true}')))
        connection.recv(65536)

    transport = open_transport(socket_server(answer_twice))
    assert get(transport) == {"first": True}
    assert get(transport) == {"first": True}
    assert len(connections) == 2


def test_deadline_ends_the_waits(httpserver: HTTPServer) -> None:
    refuse(httpserver, 429, **{"Retry-After": "20"})
    began = time.monotonic()
    assert send(open_transport(httpserver.url_for(""), retries=4), deadline=began + 1).status == 429
    assert time.monotonic() - began < 15


def test_requests_ask_caches_not_to_answer(httpserver: HTTPServer) -> None:
    accept(httpserver)
    get(open_transport(httpserver.url_for("")))
    assert httpserver.log[0][0].headers["Cache-Control"] == "no-cache"
