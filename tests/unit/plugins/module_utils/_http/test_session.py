# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of a minted token: minted when it is needed, revoked at the end, replaced when its time is over."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
import typing as t

from concurrent.futures import ThreadPoolExecutor

import pytest
import werkzeug

from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.bearer import BearerToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.service_account import ServiceAccount
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    Interrupted,
    InvalidResponse,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http import session as session_file
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http import transport as transport_file
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.rate_limiter import Cancelled
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.response import Response
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings, Session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import TEXT_ENCODINGS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import interruptible

PATH = "/api/atlas/v2/orgs"
TOKEN = {"access_token": "aa.bb.cc", "expires_in": 3600, "token_type": "Bearer"}


def open_session(server: HTTPServer, retries: int = 0) -> Session:
    account = ServiceAccount({"client_id": "mdb_sa_id_0", "client_secret": "mdb_sa_sk_0"}, {})
    return Session(ConnectionSettings(account, server.url_for("").rstrip("/"), 5, retries, True))


def send(session: Session) -> Response:
    return session.send("GET", PATH, {"Accept": "application/json"}, {}, idempotent=True)


def read(session: Session) -> dict[str, t.Any]:
    return send(session).resource()


def requests(server: HTTPServer) -> list[tuple[str, str, int]]:
    return [(request.method, request.path, response.status_code) for request, response in server.log]


# What the server expects next


def mint(server: HTTPServer, token: str, expires_in: int = 3600) -> None:
    server.expect_ordered_request(
        "/api/oauth/token",
        method="POST",
        data="grant_type=client_credentials",
        headers={"Authorization": "Basic bWRiX3NhX2lkXzA6bWRiX3NhX3NrXzA=", "Accept": "application/json"},
    ).respond_with_json({"access_token": token, "expires_in": expires_in, "token_type": "Bearer"})


def give(server: HTTPServer, token: str, status: int = 200) -> None:
    authorized = {"Authorization": f"Bearer {token}"}
    server.expect_ordered_request(PATH, headers=authorized).respond_with_json(
        {"ok": True} if status == 200 else {"error": status}, status=status
    )


def revoke(server: HTTPServer, token: str) -> None:
    server.expect_ordered_request(
        "/api/oauth/revoke", method="POST", data=f"token={token}&token_type_hint=access_token"
    ).respond_with_data(b"")


@pytest.mark.parametrize("status", [200, 404])
def test_token_is_minted_used_and_revoked(httpserver: HTTPServer, status: int) -> None:
    mint(httpserver, "token.first")
    give(httpserver, "token.first", status)
    give(httpserver, "token.first", status)
    revoke(httpserver, "token.first")
    session = open_session(httpserver)
    for _each in range(2):
        assert send(session).status == status
    session.close()
    session.close()
    httpserver.check_assertions()
    assert len(httpserver.log) == 4
    assert not session.warnings


def test_session_without_requests_mints_nothing(httpserver: HTTPServer) -> None:
    open_session(httpserver).close()
    assert not httpserver.log


def test_given_token_is_not_revoked(httpserver: HTTPServer) -> None:
    give(httpserver, "token.given")
    auth = BearerToken({"access_token": "token.given"}, {})
    session = Session(ConnectionSettings(auth, httpserver.url_for("").rstrip("/"), 5, 0, True))
    read(session)
    session.close()
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 203])
def test_token_may_come_with_any_success(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_ordered_request("/api/oauth/token").respond_with_json({**TOKEN}, status=status)
    give(httpserver, "aa.bb.cc")
    revoke(httpserver, "aa.bb.cc")
    session = open_session(httpserver)
    assert read(session) == {"ok": True}
    session.close()
    httpserver.check_assertions()
    assert not session.warnings


@pytest.mark.parametrize("expires_in", [True, "soon", -1, []])
def test_lifetime_that_is_no_number_is_a_warning(httpserver: HTTPServer, expires_in: t.Any) -> None:
    httpserver.expect_request("/api/oauth/token").respond_with_json({**TOKEN, "expires_in": expires_in})
    httpserver.expect_request(PATH).respond_with_json({"ok": True})
    httpserver.expect_request("/api/oauth/revoke").respond_with_data(b"")
    session = open_session(httpserver)
    for _each in range(2):
        read(session)
    session.close()
    assert [path for _method, path, _status in requests(httpserver)].count("/api/oauth/token") == 1
    assert ["lifetime of the token" in warning for warning in session.warnings] == [True]


@pytest.mark.parametrize("text_encoding", TEXT_ENCODINGS)
def test_redirect_that_repeats_the_request_shows_no_secret(httpserver: HTTPServer, text_encoding: str) -> None:
    """The header of HTTP Basic contains the secret as Base64, which a URL encodes once more."""
    account = ServiceAccount({"client_id": "mdb_sa_id_0", "client_secret": "mdb_sa_sk_?>~~~"}, {})

    def repeat(request: werkzeug.Request) -> werkzeug.Response:
        sent = TEXT_ENCODINGS[text_encoding](f"Authorization: {request.headers['Authorization']}")
        return werkzeug.Response(status=302, headers={"Location": f"https://elsewhere.example/?{sent}"})

    httpserver.expect_request("/api/oauth/token").respond_with_handler(repeat)
    session = Session(ConnectionSettings(account, httpserver.url_for("").rstrip("/"), 5, 0, True))
    with pytest.raises(InvalidResponse, match="redirected") as caught:
        read(session)
    session.close()
    assert "Basic" in str(caught.value)
    assert "********" in str(caught.value)
    assert "bWRi" not in str(caught.value)


def test_wait_to_mint_suggests_to_share_a_token(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport_file, "_MIN_WAIT", 0.01)
    limited = {"error": 429, "errorCode": "RATE_LIMITED", "parameters": ["/api/oauth/token", 50, 1]}
    httpserver.expect_oneshot_request("/api/oauth/token").respond_with_json(limited, 429, {"Retry-After": "0"})
    httpserver.expect_request("/api/oauth/token").respond_with_json(TOKEN)
    httpserver.expect_request(PATH).respond_with_json({"ok": True})
    httpserver.expect_request("/api/oauth/revoke").respond_with_data(b"")
    session = open_session(httpserver, retries=1)
    assert session.describe_waits(session.waits) == []
    read(session)
    (warning,) = session.describe_waits((0, 0.0))
    assert "service account mdb_sa_id_0" in warning
    assert "access_token" in warning
    assert "run_once" in warning
    assert session.describe_waits(session.waits) == []
    session.close()


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (
            401,
            {"error": "invalid_client", "error_description": "Invalid."},
            "401 invalid_client. Invalid. Check client_id",
        ),
        (403, {"error": "access_denied", "error_description": "Limit."}, "100 live tokens"),
        (503, {"error": 503}, "503"),
        (200, {"token_type": "Bearer"}, "has no access_token"),
        (200, [], "no JSON object"),
        (302, {}, "redirected"),
    ],
)
def test_minting_that_fails_is_not_repeated(httpserver: HTTPServer, status: int, body: t.Any, message: str) -> None:
    httpserver.expect_request("/api/oauth/token").respond_with_json(body, status=status)
    with pytest.raises((APIError, InvalidResponse), match=message):
        read(open_session(httpserver, retries=4))
    assert requests(httpserver) == [("POST", "/api/oauth/token", status)]


def test_limit_on_minting_is_retried(httpserver: HTTPServer) -> None:
    """Its 429 says that no token was made. The requests after it need not be slower for that."""
    limited = {"error": 429, "errorCode": "RATE_LIMITED", "detail": "Limited."}
    httpserver.expect_ordered_request("/api/oauth/token").respond_with_json(limited, 429, headers={"Retry-After": "0"})
    mint(httpserver, "token.first")
    for _each in range(3):
        give(httpserver, "token.first")
    revoke(httpserver, "token.first")
    session = open_session(httpserver, retries=1)
    began = time.monotonic()
    for _each in range(3):
        read(session)
    assert time.monotonic() - began >= 1
    assert session.waits[0] == 1
    session.close()
    httpserver.check_assertions()


def test_limit_on_minting_that_lasts_is_the_error(httpserver: HTTPServer) -> None:
    limited = {"error": 429, "errorCode": "RATE_LIMITED", "detail": "Limited."}
    httpserver.expect_request("/api/oauth/token").respond_with_json(limited, status=429)
    with pytest.raises(APIError, match="429 RATE_LIMITED. Limited. Too many requests: .* let tasks share one"):
        read(open_session(httpserver, retries=0))
    assert len(httpserver.log) == 1


def test_closing_does_not_wait_for_a_thread_that_waits_to_mint(httpserver: HTTPServer) -> None:
    limited = {"error": 429, "errorCode": "RATE_LIMITED", "detail": "Limited."}
    httpserver.expect_request("/api/oauth/token").respond_with_json(limited, status=429, headers={"Retry-After": "60"})
    session = open_session(httpserver, retries=1)
    stopped: list[BaseException] = []

    def mint_and_be_stopped() -> None:
        try:
            read(session)
        except Cancelled as stop:
            stopped.append(stop)

    thread = threading.Thread(target=mint_and_be_stopped)
    thread.start()
    while not session.waits[0]:
        time.sleep(0.01)
    began = time.monotonic()
    session.close()
    thread.join()
    assert time.monotonic() - began < 5
    assert stopped
    assert len(httpserver.log) == 1


def test_revoking_that_fails_is_a_warning(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/oauth/token").respond_with_json(TOKEN)
    httpserver.expect_request(PATH).respond_with_json({"ok": True})
    httpserver.expect_request("/api/oauth/revoke").respond_with_json({"error": 500}, status=500)
    session = open_session(httpserver)
    assert read(session) == {"ok": True}
    session.close()
    assert len(session.warnings) == 1
    assert "could not be revoked and stays alive for up to an hour" in session.warnings[0]
    assert "aa.bb.cc" in session.secrets


def test_revoking_is_tried_again(httpserver: HTTPServer) -> None:
    mint(httpserver, "token.first")
    give(httpserver, "token.first")
    httpserver.expect_ordered_request("/api/oauth/revoke").respond_with_json({}, status=503)
    revoke(httpserver, "token.first")
    session = open_session(httpserver, retries=1)
    read(session)
    session.close()
    httpserver.check_assertions()
    assert not session.warnings


def test_signal_while_the_token_is_revoked_revokes_it_again(httpserver: HTTPServer) -> None:
    def interrupt_the_first(_request: werkzeug.Request) -> werkzeug.Response:
        if len(httpserver.log) == 2:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.5)
        return werkzeug.Response()

    mint(httpserver, "token.first")
    give(httpserver, "token.first")
    httpserver.expect_request("/api/oauth/revoke").respond_with_handler(interrupt_the_first)
    with interruptible() as came:
        session = open_session(httpserver)
        read(session)
        session.close()
    assert came == [signal.SIGTERM]
    # Python 3.10 can lose the error of the signal: the first request then goes on, and revokes the token.
    assert [path for _method, path, _status in requests(httpserver)].count("/api/oauth/revoke") in (1, 2)
    assert not session.warnings


def test_thread_that_outlives_the_task_mints_nothing(httpserver: HTTPServer) -> None:
    session = open_session(httpserver)
    session.close()
    with pytest.raises(Cancelled):
        read(session)
    assert not httpserver.log


def test_token_that_ends_in_the_middle_is_minted_anew_once(httpserver: HTTPServer) -> None:
    mint(httpserver, "token.first")
    give(httpserver, "token.first")
    give(httpserver, "token.first", 401)
    revoke(httpserver, "token.first")
    mint(httpserver, "token.second")
    give(httpserver, "token.second")
    revoke(httpserver, "token.second")
    session = open_session(httpserver)
    read(session)
    read(session)
    session.close()
    httpserver.check_assertions()
    assert len(httpserver.log) == 7


def test_token_that_never_worked_is_not_minted_anew(httpserver: HTTPServer) -> None:
    mint(httpserver, "token.first")
    give(httpserver, "token.first", 401)
    session = open_session(httpserver)
    with pytest.raises(APIError):
        read(session)
    httpserver.check_assertions()
    assert len(httpserver.log) == 2


def test_token_near_its_end_is_replaced_before_it_is_refused(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mint(httpserver, "token.first", expires_in=100)
    give(httpserver, "token.first")
    revoke(httpserver, "token.first")
    mint(httpserver, "token.second")
    give(httpserver, "token.second")
    session = open_session(httpserver)
    read(session)
    now = time.monotonic()
    monkeypatch.setattr(session_file.time, "monotonic", lambda: now + 71)
    read(session)
    httpserver.check_assertions()


# Tokens that are handed over


def test_token_for_others_outlives_the_session_and_can_be_revoked_from_another(httpserver: HTTPServer) -> None:
    mint(httpserver, "aa.bb.cc")
    revoke(httpserver, "aa.bb.cc")
    session = open_session(httpserver)
    assert session.client_id == "mdb_sa_id_0"
    assert session.mint() == TOKEN
    session.close()
    assert len(httpserver.log) == 1
    assert "aa.bb.cc" not in session.secrets  # or the caller would get it masked
    open_session(httpserver).revoke("aa.bb.cc")
    httpserver.check_assertions()


def test_response_without_a_token_is_an_error(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/oauth/token").respond_with_json({"token_type": "Bearer"})
    with pytest.raises(InvalidResponse, match="no access_token"):
        open_session(httpserver).mint()


def test_token_that_cannot_be_revoked_is_an_error(httpserver: HTTPServer) -> None:
    error = {"error": "invalid_client", "error_description": "Invalid credentials provided."}
    httpserver.expect_request("/api/oauth/revoke").respond_with_json(error, status=401)
    with pytest.raises(APIError, match="invalid_client"):
        open_session(httpserver).revoke("aa.bb.cc")


def test_bearer_token_mints_nothing() -> None:
    session = Session(
        ConnectionSettings(BearerToken({"access_token": "aa.bb.cc"}, {}), "https://localhost", 5, 0, True)
    )
    with pytest.raises(UsageError, match="service account"):
        session.mint()


@pytest.mark.parametrize("status", [200, 404])
def test_interruption_that_python_loses_ends_the_task_all_the_same(
    status: int, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether its request succeeds or not. And the token is revoked, which is also a request."""
    mint(httpserver, "aa.bb.cc")
    give(httpserver, "aa.bb.cc")
    give(httpserver, "aa.bb.cc", status)
    revoke(httpserver, "aa.bb.cc")
    session = open_session(httpserver)
    read(session)
    real = session._transport.send

    def send_and_lose(request: t.Any) -> Response:
        monkeypatch.undo()
        with contextlib.suppress(Interrupted):
            os.kill(os.getpid(), signal.SIGTERM)
        return real(request)

    monkeypatch.setattr(session._transport, "send", send_and_lose)
    with interruptible():
        with pytest.raises(Interrupted, match="SIGTERM"):
            read(session)
        session.close()
    assert not session.warnings
    assert [path for _method, path, _status in requests(httpserver)][-1] == "/api/oauth/revoke"


# One token for all threads


@pytest.mark.parametrize("expires_in", [0, -5, 3600, "soon"])
def test_threads_share_one_token_whatever_its_lifetime(httpserver: HTTPServer, expires_in: t.Any) -> None:
    httpserver.expect_request("/api/oauth/token").respond_with_json({**TOKEN, "expires_in": expires_in})
    httpserver.expect_request(PATH).respond_with_json({"ok": True})
    httpserver.expect_request("/api/oauth/revoke").respond_with_data(b"")
    session = open_session(httpserver)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _number: read(session), range(40))) == [{"ok": True}] * 40
    session.close()
    posts = [path for method, path, _status in requests(httpserver) if method == "POST"]
    assert posts == ["/api/oauth/token", "/api/oauth/revoke"]


def test_token_is_not_replaced_while_a_request_carries_it(httpserver: HTTPServer) -> None:
    """With a lifetime of 0.2 seconds it is replaced many times, and no request meets a revoked one."""
    alive: set[str] = set()
    most: list[int] = []

    def mint_one(_request: werkzeug.Request) -> werkzeug.Response:
        alive.add(token := f"token.number{len(most)}")
        most.append(len(alive))
        return werkzeug.Response(json.dumps({"access_token": token, "expires_in": 0.2}))

    def revoke_one(request: werkzeug.Request) -> werkzeug.Response:
        alive.discard(request.form["token"])
        return werkzeug.Response()

    def answer(request: werkzeug.Request) -> werkzeug.Response:
        time.sleep(0.05)
        known = request.headers["Authorization"].partition(" ")[2] in alive
        return werkzeug.Response(json.dumps({"ok": True} if known else {"error": 401}), 200 if known else 401)

    httpserver.expect_request("/api/oauth/token").respond_with_handler(mint_one)
    httpserver.expect_request("/api/oauth/revoke").respond_with_handler(revoke_one)
    httpserver.expect_request(PATH).respond_with_handler(answer)
    session = open_session(httpserver)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _number: read(session), range(40))) == [{"ok": True}] * 40
    session.close()
    assert 401 not in [status for _method, _path, status in requests(httpserver)]
    assert len(most) > 1
    assert set(most) == {1}
    assert not alive


def test_what_a_server_says_of_revoking_is_masked(httpserver: HTTPServer) -> None:
    def repeat(request: werkzeug.Request) -> werkzeug.Response:
        said = f"{request.get_data().decode()} {request.headers['Authorization']}"
        return werkzeug.Response(json.dumps({"error": 400, "detail": said, "parameters": [said]}), 400)

    httpserver.expect_request("/api/oauth/token").respond_with_json(TOKEN)
    httpserver.expect_request(PATH).respond_with_json({"ok": True})
    httpserver.expect_request("/api/oauth/revoke").respond_with_handler(repeat)
    session = open_session(httpserver)
    read(session)
    session.close()
    (warning,) = session.warnings
    assert "stays alive" in warning
    assert not [secret for secret in session.secrets if secret in warning]


def test_revoking_that_hangs_has_a_limit(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/oauth/token").respond_with_json(TOKEN)
    httpserver.expect_request(PATH).respond_with_json({"ok": True})
    over = threading.Event()
    httpserver.expect_request("/api/oauth/revoke").respond_with_handler(
        lambda _request: werkzeug.Response(status=200 if over.wait(30) else 500)
    )
    session = open_session(httpserver)
    read(session)
    began = time.monotonic()
    session.close(within=0.3)
    assert time.monotonic() - began < 15
    over.set()
    assert "mdb_sa_id_0" in session.warnings[0]


@pytest.mark.parametrize(
    ("age", "warns"), [("0", False), ("60", False), ("61", True), ("9" * 400, True), ("old", False)]
)
def test_response_from_a_cache_is_a_warning(httpserver: HTTPServer, age: str, warns: int) -> None:
    httpserver.expect_request(PATH).respond_with_json({"ok": True}, headers={"Age": age})
    auth = BearerToken({"access_token": "token.given"}, {})
    session = Session(ConnectionSettings(auth, httpserver.url_for("").rstrip("/"), 5, 0, True))
    read(session)
    read(session)
    assert len(session.warnings) == warns
