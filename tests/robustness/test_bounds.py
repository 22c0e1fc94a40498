# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a whole process takes, in memory and in time, to meet a server without end."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import typing as t

import pytest

from test_broken_servers import FAULTS, MEGABYTE, START, bomb, endlessly

from atlas_like import AUTH_METHODS, ORG, PAGE, TOKEN, ask, misbehave
from harness import TREE, Shell, some
from raw_server import RawServer, Reply, reply

# Runs a module as Ansible does, and says how much memory the process had at its highest.
PROGRAM = r"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have begun the tests without
import pathlib, re, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = sys.stdin.buffer.read()
basic._ANSIBLE_PROFILE = "legacy"
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_info
try:
    org_api_key_info.main()
finally:
    # Not what getrusage says, which begins with what the process was forked from.
    print(re.search(r"VmHWM:\s*(\d+)", pathlib.Path("/proc/self/status").read_text())[1], file=sys.stderr)
"""


def start_module(server: RawServer, auth: str, **options: t.Any) -> subprocess.Popen[str]:
    """The module in a process of its own, with its standard input still open."""
    args = {"base_url": server.url, "org_id": ORG, "retries": 0, **AUTH_METHODS[auth], **options}
    internal = {"_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=TREE.parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    process.stdin.write(json.dumps({"ANSIBLE_MODULE_ARGS": {**args, **internal}}))
    process.stdin.close()
    process.stdin = None
    return process


def finish(process: subprocess.Popen[str]) -> tuple[dict[str, t.Any], int]:
    """What the module returns, and the most memory that it took, in megabytes."""
    out, err = process.communicate(timeout=120)
    assert out.strip(), err
    return json.loads(out), int(err.split()[-1]) // 1024


MEMORY: dict[str, Reply] = {
    "200 MB of JSON": FAULTS["200 MB of JSON"][0],
    "200 MB in chunks": FAULTS["200 MB in chunks"][0],
    "200 MB packed as 200 KB": FAULTS["200 MB packed as 200 KB"][0],
    "a bomb packed three times": FAULTS["a bomb packed three times"][0],
    "200 MB packed as 200 KB, as an error": reply(bomb(), "500 Sorry", Content_Encoding="gzip"),
    "200 MB of a header": endlessly(START + b"X: ", MEGABYTE),
    "as many empty objects as are read": reply(b'{"results": [' + b"{}," * 240_000 + b"{}]}"),
    "more empty objects than are read": reply(b'{"results": [' + b"{}," * 5_000_000 + b"{}]}"),
    "16 MB of white space": reply(b" " * (2**24 - 1)),
    "a text of 15 MB": reply(b'{"results": "' + b"a" * (15 * 2**20) + b'"}'),
}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the memory")
@pytest.mark.parametrize("stage", some(["reading", "challenge"], "reading"))
@pytest.mark.parametrize("fault", MEMORY)
def test_memory_stays_below_150_mb(fault: str, stage: str, capsys: pytest.CaptureFixture[str]) -> None:
    with RawServer(misbehave(stage, MEMORY[fault])) as server:
        result, megabytes = finish(start_module(server, {"reading": "bearer", "challenge": "digest"}[stage]))
    with capsys.disabled():
        print(f"\n{fault}, {stage}: {megabytes} MB")
    assert "Traceback" not in json.dumps(result)
    assert megabytes < 150


TRICKLES = {
    "body": b"Content-Length: 600\r\n\r\n",
    "header": b"X: ",
    "chunk": b"Transfer-Encoding: chunked\r\n\r\n",
}


@pytest.mark.parametrize("fault", some(TRICKLES, "header"))
def test_trickle_of_a_byte_a_second_ends_within_twice_the_time_out(fault: str) -> None:
    def trickle(connection: t.Any) -> None:
        connection.sendall(START + TRICKLES[fault])
        for _each in range(60):
            connection.sendall(b"1")
            time.sleep(1)

    timeout = 3.0
    with RawServer(misbehave("reading", trickle)) as server:
        started = time.monotonic()
        outcome = ask(server, "bearer", timeout=timeout, retries=4)
        assert time.monotonic() - started < 2 * timeout + 20  # of which a busy machine may need most; all takes 60
        assert len(server.asked) == 1
    assert "did not answer" in outcome.result["msg"]


def test_slow_answer_that_keeps_its_time_is_read() -> None:
    """The bound is no second time-out: what takes longer than one, with shorter pauses, still comes."""
    body = json.dumps(PAGE).encode()

    def slow(connection: t.Any) -> None:
        connection.sendall(START + b"Content-Length: %d\r\n\r\n" % len(body))
        for number in range(4):
            time.sleep(0.6)
            quarter = len(body) // 3
            connection.sendall(body[number * quarter : (number + 1) * quarter])

    with RawServer(misbehave("reading", slow)) as server:
        assert not ask(server, "bearer", timeout=2.0).failed


def test_largest_page_that_atlas_could_send_is_read() -> None:
    roles = [{"groupId": "b0123456789abcdef012345b", "roleName": "GROUP_DATA_ACCESS_READ_WRITE"}] * 200
    keys = [{"id": f"{number:024x}", "desc": "d" * 250, "roles": roles} for number in range(500)]
    with RawServer(misbehave("reading", reply({"results": keys, "totalCount": 500}))) as server:
        assert len(ask(server, "bearer").result["api_keys"]) == 500


# Through Ansible

THROUGH_ANSIBLE = ["200 MB of JSON", "an object 500 deep", "a redirect to another host", "a body that trickles", "NaN"]


@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
@pytest.mark.parametrize("fault", some(THROUGH_ANSIBLE, "200 MB of JSON", "a body that trickles"))
def test_task_fails_clearly(fault: str, in_process: str, shell: Shell) -> None:
    sent, says = FAULTS[fault]
    with RawServer(misbehave("reading", sent)) as server:
        options = {"base_url": server.url, "org_id": ORG, "timeout": 1, "retries": 0}
        flags = ("-e", f"mongodb_atlas_admin_in_process={in_process}")
        done = shell.ad_hoc("org_api_key_info", options, *flags, MONGODB_ATLAS_ACCESS_TOKEN=TOKEN)
    assert done.code == 2, done.output
    assert says in done.result()["msg"]
    assert "Traceback" not in done.output
    assert "MODULE FAILURE" not in done.output
