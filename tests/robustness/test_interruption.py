# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ctrl+C is pressed or a job is canceled while a service account's token is alive."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import typing as t

import pytest

from test_bounds import finish, start_module

from atlas_like import CLIENT_ID, CLIENT_SECRET, MINTED, ORG, ask, behave, misbehave
from harness import Shell, some
from raw_server import Asked, RawServer, Reply, reply


class SlowWalk(RawServer):
    """Pages without end, of which the third is a long time coming. ``under_way`` is set when it is asked for."""

    def __init__(self) -> None:
        super().__init__(self._page)
        self.under_way = threading.Event()

    def _page(self, asked: Asked) -> Reply:
        if "/oauth/" in asked.path:
            return behave(asked)
        number = sum("/oauth/" not in earlier.path for earlier in self.asked)
        if number > 2:
            self.under_way.set()
            return lambda connection: time.sleep(60)
        results = [{"id": f"{number:012x}{place:012x}"} for place in range(500)]
        return reply({"results": results, "links": [{"rel": "next", "href": "/"}]})

    def revoked(self) -> int:
        return sum(asked.path.endswith("/revoke") for asked in self.asked)


@pytest.fixture(autouse=True)
def _hangup_is_not_ignored() -> t.Iterator[None]:
    """As it is without ``nohup``, under which the tests may run."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


SIGNALS = {
    "SIGINT in the middle of a walk": signal.SIGINT,
    "SIGTERM in the middle of a walk": signal.SIGTERM,
    "SIGHUP in the middle of a walk": signal.SIGHUP,
}


@pytest.mark.parametrize("fault", SIGNALS)
def test_module_that_is_interrupted_revokes_its_token(fault: str, happened: t.Callable[[str, str], None]) -> None:
    number = SIGNALS[fault]
    with SlowWalk() as server:
        process = start_module(server, "service account", timeout=60)
        assert server.under_way.wait(120)
        process.send_signal(number)
        result, _megabytes = finish(process)
        assert server.revoked() == 1
    assert result["failed"] is True
    assert result["msg"] == f"The task was interrupted by {number.name}."
    assert MINTED not in str(result)
    happened(fault, "fails: …interrupted…, and the token is revoked")


def test_second_signal_does_not_cut_the_revoking_short() -> None:
    release = threading.Event()

    class SlowRevoke(SlowWalk):
        def _page(self, asked: Asked) -> Reply:
            if asked.path.endswith("/revoke"):
                release.wait(10)
            return super()._page(asked)

    with SlowRevoke() as server:
        process = start_module(server, "service account", timeout=60)
        assert server.under_way.wait(120)
        process.send_signal(signal.SIGINT)
        while not server.revoked():
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        release.set()
        result, _megabytes = finish(process)
    assert "SIGINT" in result["msg"]
    assert not result.get("warnings")


class SlowTokens(RawServer):
    """A server that takes its time for requests whose path ends with END. ``under_way`` is set when one comes."""

    def __init__(self, end: str, seconds: float) -> None:
        super().__init__(self._slowly)
        self.under_way = threading.Event()
        self._end, self._seconds = end, seconds

    def _slowly(self, asked: Asked) -> Reply:
        if asked.path.endswith(self._end):
            self.under_way.set()
            time.sleep(self._seconds)
        return behave(asked)

    def revoked(self) -> int:
        return sum(asked.path.endswith("/revoke") for asked in self.asked)


def interrupted(server: SlowTokens) -> dict[str, t.Any]:
    """The result of a module that receives SIGTERM while the server takes its time."""
    process = start_module(server, "service account", timeout=60)
    assert server.under_way.wait(120)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)
    return finish(process)[0]


def test_token_that_may_be_minted_is_a_warning(happened: t.Callable[[str, str], None]) -> None:
    with SlowTokens("/token", 60) as server:
        started = time.monotonic()
        result = interrupted(server)
        assert time.monotonic() - started < 50
    assert result["msg"] == "The task was interrupted by SIGTERM."
    assert "If Atlas minted one, it stays alive for up to an hour." in str(result["warnings"])
    happened("SIGTERM while a token is minted", "fails: …interrupted…, with a warning")


def test_signal_after_the_work_changes_nothing(happened: t.Callable[[str, str], None]) -> None:
    with SlowTokens("/revoke", 0.8) as server:
        result = interrupted(server)
        assert server.revoked() == 2  # the first one was interrupted
    assert not result.get("failed")
    assert not result.get("warnings")
    happened("SIGTERM while the token is revoked", "succeeds, and the token is revoked")


def test_ignored_signal_stays_ignored() -> None:
    """As ``nohup`` has it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with SlowWalk() as server:
            process = start_module(server, "service account", timeout=1)
            assert server.under_way.wait(120)
            process.send_signal(signal.SIGHUP)
            result, _megabytes = finish(process)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert "did not answer" in result["msg"]


def play_that_is_interrupted(
    server: SlowWalk | SlowTokens, in_process: str, number: signal.Signals, whom: str, shell: Shell
) -> None:
    """Start a play, send the signal when the request that takes long is under way, and wait for the token's end."""
    play = shell.home / "playbook.yml"
    play.write_text(
        f"- hosts: localhost\n  gather_facts: false\n  tasks:\n"
        f"    - mongodb_atlas.admin.org_api_key_info: {{org_id: {ORG}, timeout: 3, retries: 0}}\n"
    )
    environ = {
        **shell.environ,
        "MONGODB_ATLAS_BASE_URL": server.url,
        "MONGODB_ATLAS_CLIENT_ID": CLIENT_ID,
        "MONGODB_ATLAS_CLIENT_SECRET": CLIENT_SECRET,
    }
    command = ["ansible-playbook", str(play), "-e", f"mongodb_atlas_admin_in_process={in_process}"]
    process = subprocess.Popen(
        command, env=environ, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        assert server.under_way.wait(120)
        if whom == "all":
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        process.wait(120)
        give_up = time.monotonic() + 60
        while not server.revoked() and time.monotonic() < give_up:
            time.sleep(0.1)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.parametrize("whom", ["all", "ansible alone"])
@pytest.mark.parametrize(
    "number", some([signal.SIGINT, signal.SIGTERM, signal.SIGHUP], signal.SIGTERM), ids=lambda number: number.name
)
@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
def test_token_does_not_outlive_a_play_that_is_interrupted(
    in_process: str, number: signal.Signals, whom: str, shell: Shell
) -> None:
    """Ctrl+C reaches all processes of a terminal; who cancels a job may reach ansible-playbook alone."""
    with SlowWalk() as server:
        play_that_is_interrupted(server, in_process, number, whom, shell)
        assert server.revoked() == 1


@pytest.mark.parametrize("status", ["401 Unauthorized", "500 Sorry", "302 Found"])
def test_revoke_that_fails_is_a_warning(status: str, happened: t.Callable[[str, str], None]) -> None:
    refused = reply({"error": "invalid_client"}, status, Location="https://elsewhere.example/")
    with RawServer(misbehave("revoking", refused)) as server:
        outcome = ask(server, "service account")
    assert not outcome.failed
    assert "could not be revoked and stays alive for up to an hour" in outcome.warnings[0]
    happened("a revoke that is refused", "succeeds, with a warning")
