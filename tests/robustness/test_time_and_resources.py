# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Time, connections and tokens: what a task may take of them, and what it must leave behind."""

from __future__ import annotations

import collections
import itertools
import pathlib
import signal
import ssl
import threading
import time
import typing as t
import urllib.parse

import pytest
import trustme
import yaml

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.service_account import ServiceAccount
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution import sessions as sessions_module
from atlas_like import CHALLENGE, KEY, ORG, PAGE, UNAUTHORIZED, ask, behave
from harness import Finished, Shell, some
from raw_server import Asked, RawServer, Reply, reply

SECRET = "mdb_sa_sk_0123456789abcdef"


def account(number: int) -> str:
    return f"mdb_sa_id_{number:024x}"


class Tokens(RawServer):
    """Mints tokens that are alive for LIFETIME seconds, regardless of EXPIRES_IN, and counts those that are."""

    def __init__(self, expires_in: float, lifetime: float = 1e9, pause: float = 0.0, lists: int = 2) -> None:
        super().__init__(self._answer_one)
        self._expires_in, self._lifetime, self._pause, self._lists = expires_in, lifetime, pause, lists
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self.alive: dict[str, float] = {}
        self.most_alive = 0
        self.minted = 0
        self.refused = 0

    def _answer_one(self, asked: Asked) -> Reply:
        with self._lock:
            if asked.path.endswith("/token"):
                self.minted += 1
                token = f"token.number.{next(self._numbers)}"
                self.alive[token] = time.monotonic() + self._lifetime
                self.most_alive = max(self.most_alive, len(self.alive))
                return reply({"access_token": token, "expires_in": self._expires_in})
            if asked.path.endswith("/revoke"):
                self.alive.pop(urllib.parse.parse_qs(asked.body)["token"][0], None)
                return reply()
            if time.monotonic() > self.alive.get(asked.headers["authorization"].removeprefix("Bearer "), 0):
                self.refused += 1
                return reply(UNAUTHORIZED, "401 Unauthorized")
        time.sleep(self._pause)
        if "/accessList" in asked.path:
            return reply({"results": [], "links": [], "totalCount": 0})
        found = [{**KEY, "id": f"{number:024x}"} for number in range(self._lists)]
        return reply({"results": found, "links": [], "totalCount": len(found)})


# The end of a task


def run_with_timeout(
    shell: Shell, server: RawServer, times: dict[str, float], *flags: str, **keywords: t.Any
) -> Finished:
    """Run a task whose timeout comes while it waits for SERVER, which notes the TIMES of requests.

    The timeout includes the start of the module. On a busy machine a short one ends before that: then a longer one is
    tried.
    """
    module = {"client_id": account(1), "client_secret": SECRET, "org_id": ORG}
    for seconds in (2, 8, 30):
        times.clear()
        task = {"mongodb_atlas.admin.org_api_key_info": module, "timeout": seconds, **keywords}
        play = yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}])
        done = shell.playbook(play, *flags, MONGODB_ATLAS_BASE_URL=server.url)
        if len(times) > 1:  # the token and what it is for
            break
    return done


@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
def test_timeout_of_a_task_ends_a_wait(in_process: str, shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    times: dict[str, float] = {}

    def answer(asked: Asked) -> Reply:
        times.setdefault(asked.path.rpartition("/")[2].partition("?")[0], time.monotonic())
        if "/oauth/" in asked.path:
            return behave(asked)
        return reply({"error": 429}, "429 Too Many Requests", Retry_After="60")

    with RawServer(answer) as server:
        flags = ("-e", f"mongodb_atlas_admin_in_process={in_process}")
        done = run_with_timeout(shell, server, times, *flags)
        ended = time.monotonic()
        assert done.code == 2, done.output
        assert ended - times["apiKeys"] < 50, done.output
        if in_process == "true":
            assert times["revoke"] - times["token"] < 50
    happened("timeout: 2 on a task that has to wait for 60 seconds", "fails in time, and the token is revoked")


@pytest.mark.parametrize("loop", [False, True], ids=["a task", "a loop"])
def test_timeout_of_a_task_whose_revoke_hangs(loop: bool, shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    over = threading.Event()
    times: dict[str, float] = {}

    def answer(asked: Asked) -> Reply:
        times.setdefault(asked.path.rpartition("/")[2], time.monotonic())
        return behave(asked) if asked.path.endswith("/token") else lambda connection: (over.wait(60), None)[1]

    with RawServer(answer) as server:
        done = run_with_timeout(shell, server, times, **({"loop": [1]} if loop else {}))
        assert time.monotonic() - times["token"] < 50
        over.set()
    assert done.code == 2, done.output
    assert f"The token of the service account {account(1)} could not be revoked" in done.text
    happened("timeout: 2 on a task whose revoke hangs as well", "fails in time, with a warning that names the account")


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[tuple[t.Callable[[], t.Any], list[str]]]:
    """Makes the sessions of a worker, and collects the warnings that it shows."""
    shown: list[str] = []
    monkeypatch.setattr(sessions_module.Display, "warning", lambda self, message: shown.append(message))
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield sessions_module.WorkerSessions, shown
    for number, handler in handlers.items():
        signal.signal(number, handler)


def settings(url: str, number: int) -> ConnectionSettings:
    auth = ServiceAccount({"client_id": account(number), "client_secret": SECRET}, {})
    return ConnectionSettings(auth, url, 10.0, 4, True)


@pytest.mark.parametrize("interrupted", [False, True])
def test_revokes_that_hang_share_one_limit(
    interrupted: bool,
    sessions: tuple[t.Callable[[], t.Any], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    happened: t.Callable[[str, str], None],
) -> None:
    make, shown = sessions
    monkeypatch.setattr(sessions_module, "CLOSE_WITHIN", 2.0)
    over = threading.Event()

    def answer(asked: Asked) -> Reply:
        return (lambda connection: (over.wait(30), None)[1]) if asked.path.endswith("/revoke") else behave(asked)

    with RawServer(answer) as server:
        worker = make()
        started = time.monotonic()
        for number in range(20):
            with worker.shared_session(settings(server.url, number)) as session:
                session.send("GET", "/api/atlas/v2/orgs", {}, {}, idempotent=True)
        if interrupted:
            with pytest.raises(KeyError), worker.shared_session(settings(server.url, 19)):
                raise KeyError
        worker.close()
        assert time.monotonic() - started < 25  # one revoke takes 30, and twenty limits take 40
        over.set()
    assert len(shown) == 20
    for number in range(20):
        assert any(account(number) in warning and "stays alive" in warning for warning in shown)
    happened("a revoke that hangs, for each account of a loop", "succeeds within one limit, with a warning for each")


def test_revoke_that_is_interrupted_is_a_warning(
    sessions: tuple[t.Callable[[], t.Any], list[str]], happened: t.Callable[[str, str], None]
) -> None:
    """Ansible's time-out may come while the session of an earlier item is closed."""
    make, shown = sessions

    def interrupt(*_args: object) -> t.NoReturn:
        raise TimeoutError

    def answer(asked: Asked) -> Reply:
        return (lambda connection: time.sleep(3)) if asked.path.endswith("/revoke") else behave(asked)

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with RawServer(answer) as server:
            worker = make()
            with worker.shared_session(settings(server.url, 1)) as session:
                session.send("GET", "/api/atlas/v2/orgs", {}, {}, idempotent=True)
            signal.setitimer(signal.ITIMER_REAL, 0.5)
            worker.close()
    except TimeoutError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert len(shown) == 1
    assert account(1) in shown[0]
    happened("a time-out in the middle of a revoke", "a warning names the account")


# Many accounts


@pytest.mark.full
def test_loop_over_500_accounts_keeps_few_sessions(shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    module = {"client_id": "{{ 'mdb_sa_id_%024x' % item }}", "client_secret": SECRET, "org_id": ORG}
    task = {
        "mongodb_atlas.admin.org_api_key_info": {**module, "gather_access_list": True},
        "loop": "{{ range(500) | list }}",
        "loop_control": {"label": "-"},
    }
    play = shell.home / "playbook.yml"
    play.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
    with Tokens(3600) as server:
        command = f"ulimit -n 256; exec ansible-playbook {play}"
        done = shell.run("sh", "-c", command, MONGODB_ATLAS_BASE_URL=server.url)
        assert done.code == 0, done.output[-3000:]
        assert done.output.count("ok: [localhost]") == 500
        assert server.minted == 500
        assert server.most_alive <= 16
        assert not server.alive
    happened("500 service accounts in a loop, with 256 files", "succeeds, with at most 16 live tokens, none afterwards")


# A token that does not live long

LIFETIMES: dict[str, tuple[float, float]] = {
    "40 access lists with a token that lives for 10 seconds": (10, 1e9),
    "40 access lists with a token that lives for 0 seconds": (0, 1e9),
    "40 access lists with a token that lives for -5 seconds": (-5, 1e9),
    "40 access lists with tokens that live for 0.4 seconds": (0.4, 0.4),
    "40 access lists with tokens that end before they say": (3600, 0.3),
}


@pytest.mark.parametrize("fault", LIFETIMES)
def test_one_token_serves_all_threads(fault: str, happened: t.Callable[[str, str], None]) -> None:
    expires_in, lifetime = LIFETIMES[fault]
    with Tokens(expires_in, lifetime, pause=0.05, lists=40) as server:
        outcome = ask(server, "service account", gather_access_list=True)
        assert not outcome.failed, outcome.result
        assert all("access_list" in key for key in outcome.result["api_keys"])
        assert server.most_alive == 1
        assert not server.alive
        if lifetime > 1:
            assert server.minted == 1
        if fault.endswith("0.4 seconds"):
            assert server.minted > 1
    happened(fault, "succeeds, with one token at a time")


# Connections that are kept open


@pytest.mark.parametrize("how", ["closed", "reset"])
@pytest.mark.parametrize("auth", ["digest", "service account"])
def test_connection_that_the_server_has_closed(how: str, auth: str, happened: t.Callable[[str, str], None]) -> None:
    """The second request of each connection gets no answer: as if the server had closed it just before."""
    from test_broken_servers import reset

    requests: collections.Counter[str] = collections.Counter()

    def answer(asked: Asked) -> Reply:
        requests["all"] += 1
        return (reset if how == "reset" else lambda connection: None) if requests["all"] == 2 else behave(asked)

    with RawServer(answer) as server:
        outcome = ask(server, auth, retries=0)
        assert server.connections == 2
    assert not outcome.failed, outcome.result
    assert not outcome.warnings
    happened("a connection that is closed between two requests", "succeeds at once, without a warning")


def test_new_connection_that_is_closed_is_not_tried_again(happened: t.Callable[[str, str], None]) -> None:
    with RawServer(lambda asked: lambda connection: None) as server:
        outcome = ask(server, "bearer", retries=0)
        assert len(server.asked) == 1
    assert "failed: Remote end closed connection without response. Check" in outcome.result["msg"]


EVIL = {**PAGE, "results": [{**KEY, "desc": "evil"}]}


def padded(size: int) -> bytes:
    """A digest challenge of SIZE bytes in all."""
    challenge = reply({**UNAUTHORIZED, "detail": ""}, "401 Unauthorized", WWW_Authenticate=CHALLENGE)
    for length in range(size):
        content = {**UNAUTHORIZED, "detail": "x" * (max(size - len(challenge) - 10, 0) + length)}
        found = reply(content, "401 Unauthorized", WWW_Authenticate=CHALLENGE)
        if len(found) == size:
            return found
    raise AssertionError(size)


@pytest.mark.parametrize("size", [600, 8191, 8192, 8193, 16384])
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_surplus_is_not_the_next_response(
    tls: bool, size: int, tmp_path: pathlib.Path, happened: t.Callable[[str, str], None]
) -> None:
    """Two responses come for the first request; the first may end where a buffer does."""
    options: dict[str, t.Any] = {}
    context = None
    if tls:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(context)
        options["ca_path"] = str(tmp_path / "ca.pem")

    def answer(asked: Asked) -> Reply:
        return padded(size) + reply(EVIL) if "authorization" not in asked.headers else behave(asked)

    with RawServer(answer, context) as server:
        outcome = ask(server, "digest", **options)
        assert server.connections == 2
    assert not outcome.failed, outcome.result
    assert "desc" not in outcome.result["api_keys"][0]
    happened("a second response behind the first", "succeeds: the connection is closed")
