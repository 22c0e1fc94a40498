# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that break connections, lie, and send what Atlas never would."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import socket
import struct
import time
import typing as t
import zlib

import pytest

from atlas_like import CHALLENGE, KEY, PAGE, STAGES, UNAUTHORIZED, ask, behave, misbehave
from harness import some
from raw_server import Asked, RawServer, Reply, reply

START = b"HTTP/1.1 200 OK\r\n"
CHUNKED = START + b"Transfer-Encoding: chunked\r\n\r\n"
PAGE_BYTES = json.dumps(PAGE).encode()
MEGABYTE = b" " * 2**20

BROKEN, TIMED_OUT, TOO_LARGE = "connection to .* failed", "did not answer", "larger than 16 MB"
NO_JSON, NOTHING, TOO_MANY, TOO_DEEP = "no JSON object", "nothing in it", "more values than", "nested too deeply"
ONLY_GZIP = "only gzip was accepted"
SUCCESS = "success"


def send(*parts: bytes) -> t.Callable[[socket.socket], None]:
    """Send PARTS and close."""

    def run(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return run


def endlessly(start: bytes, piece: bytes, most: int = 200 * 2**20) -> t.Callable[[socket.socket], None]:
    """Send START, and PIECE over and over, up to 200 MB."""

    def run(connection: socket.socket) -> None:
        connection.sendall(start)
        for _each in range(most // len(piece)):
            connection.sendall(piece)

    return run


def trickle(start: bytes, pause: float = 0.05) -> t.Callable[[socket.socket], None]:
    """Send START, and then a byte at a time."""

    def run(connection: socket.socket) -> None:
        connection.sendall(start)
        for _each in range(600):
            connection.sendall(b" ")
            time.sleep(pause)

    return run


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def packed(content: bytes, times: int = 1) -> bytes:
    for _each in range(times):
        content = gzip.compress(content, 9)
    return content


def bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return b"".join([*(packer.compress(MEGABYTE) for _each in range(200)), packer.flush()])


def page(**fields: t.Any) -> bytes:
    return reply({**PAGE, **fields})


def api_error(**fields: t.Any) -> bytes:
    return reply({"error": 404, "errorCode": "RESOURCE_NOT_FOUND", **fields}, "404 Not Found")


def redirect(location: str | None, status: str = "302 Found") -> bytes:
    return reply(b"", status, **({"Location": location} if location else {}))


# What is sent, and what the message says; SUCCESS where it does no harm.
FAULTS: dict[str, tuple[Reply, str]] = {
    # The connection
    "closes at once": (send(), BROKEN),
    "resets the connection": (reset, BROKEN),
    "closes in the status line": (send(b"HTTP/1."), BROKEN),
    "closes in the headers": (send(START + b"Content-Le"), NOTHING),
    "closes in the body": (send(START + b"Content-Length: 999\r\n\r\n" + PAGE_BYTES), BROKEN),
    "closes in a chunk": (send(CHUNKED + b"ff\r\n{"), BROKEN),
    "closes before the last chunk": (send(CHUNKED + b"2\r\n{}\r\n"), BROKEN),
    "a body longer than its length": (reply(PAGE_BYTES + b"!", Content_Length=str(len(PAGE_BYTES))), SUCCESS),
    "a length that is negative": (send(START + b"Content-Length: -5\r\n\r\n" + PAGE_BYTES), SUCCESS),
    "a length that is no number": (send(START + b"Content-Length: many\r\n\r\n" + PAGE_BYTES), SUCCESS),
    "two lengths that differ": (send(START + b"Content-Length: 5, 6\r\n\r\n" + PAGE_BYTES), "failed"),
    "a chunk whose size is no number": (send(CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n"), BROKEN),
    "a chunk whose size is negative": (send(CHUNKED + b"-5\r\n{}\r\n0\r\n\r\n"), BROKEN),
    "a chunk whose size is -1": (send(CHUNKED + b"-1\r\n" + PAGE_BYTES), "connection to .* failed|no JSON"),
    "a chunk of 2^70 bytes": (send(CHUNKED + b"400000000000000000\r\n{}"), BROKEN),
    # What is no HTTP
    "SSH instead of HTTP": (send(b"SSH-2.0-OpenSSH_9.6\r\n"), BROKEN),
    "a status that is no number": (send(b"HTTP/1.1 abc OK\r\n\r\n{}"), BROKEN),
    "the status 9999": (send(b"HTTP/1.1 9999 OK\r\n\r\n{}"), BROKEN),
    "HTTP 7": (send(b"HTTP/7.0 200 OK\r\n\r\n{}"), BROKEN),
    "a header that never ends": (endlessly(START + b"X: ", MEGABYTE), BROKEN),
    "headers that never end": (endlessly(START, b"X: y\r\n" * 1000), BROKEN),
    "100 Continue for ever": (endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000), TOO_LARGE),
    # Time
    "a body that trickles": (trickle(START + b"Content-Length: 600\r\n\r\n"), TIMED_OUT),
    "a body without length that trickles": (trickle(START + b"\r\n"), TIMED_OUT),
    "a header that trickles": (trickle(START + b"X: "), TIMED_OUT),
    "chunks that trickle": (trickle(CHUNKED + b"2 ;"), TIMED_OUT),
    "a packed body that trickles": (
        trickle(START + b"Content-Encoding: gzip\r\n\r\n" + packed(PAGE_BYTES)[:-4]),
        TIMED_OUT,
    ),
    "silence": (lambda connection: time.sleep(2), TIMED_OUT),
    "silence in the body": (lambda connection: (connection.sendall(START + b"\r\n{"), time.sleep(2))[0], TIMED_OUT),
    # Size
    "200 MB of JSON": (endlessly(START + b'\r\n{"results": ["', b"a" * 2**20), TOO_LARGE),
    "200 MB in chunks": (endlessly(CHUNKED, b"100000\r\n" + MEGABYTE + b"\r\n"), TOO_LARGE),
    "200 MB of a chunk header": (endlessly(CHUNKED + b"2;", MEGABYTE), f"{TOO_LARGE}|{BROKEN}"),
    "200 MB behind the last chunk": (endlessly(CHUNKED + b"2\r\n{}\r\n0\r\n", MEGABYTE), f"{TOO_LARGE}|{BROKEN}"),
    "200 MB packed as 200 KB": (reply(bomb(), Content_Encoding="gzip"), TOO_LARGE),
    "a bomb packed three times": (reply(packed(bomb(), 2), Content_Encoding="gzip, gzip, gzip"), ONLY_GZIP),
    "a packing that nobody asked for": (reply(b"{}", Content_Encoding="br"), ONLY_GZIP),
    "a packed body that is none": (reply(b"{}", Content_Encoding="gzip"), "failed"),
    "a packed body cut short": (reply(packed(PAGE_BYTES)[:30], Content_Encoding="gzip"), NO_JSON),
    "600,000 values": (reply(b'{"results": [' + b"1," * 600_000 + b"1]}"), TOO_MANY),
    "500,000 empty objects": (reply(b'{"results": [' + b"{}," * 500_000 + b"{}]}"), TOO_MANY),
    "an error of a megabyte": (api_error(detail="x" * 2**20), "longer than those of Atlas"),
    # What is no JSON, and JSON that is none of Atlas'
    "an empty body": (reply(), NOTHING),
    "white space": (reply(b" \r\n" * 1000), NOTHING),
    "204 instead of a body": (send(b"HTTP/1.1 204 No Content\r\n\r\n"), NOTHING),
    "a page of HTML": (reply(b"<html><h1>Sign in</h1>", Content_Type="text/html"), NO_JSON),
    "a page of HTML that calls itself JSON": (reply(b"<html>"), NO_JSON),
    "a page of HTML with status 503": (reply(b"<html>", "503 Busy"), NO_JSON),
    "JSON cut short": (reply(PAGE_BYTES[:-9]), NO_JSON),
    "two JSON documents": (reply(PAGE_BYTES * 2), NO_JSON),
    "Latin-1": (reply('{"results": [{"desc": "Schlüssel"}]}'.encode("latin-1")), NO_JSON),
    "UTF-16": (reply(PAGE_BYTES.decode().encode("utf-16")), NO_JSON),
    "bytes that are no text": (reply(bytes(range(256))), NO_JSON),
    "a list": (reply([PAGE]), NO_JSON),
    "a number": (reply(1), NO_JSON),
    "null": (reply(None), NO_JSON),
    "100,000 brackets": (reply(b"[" * 100_000), NO_JSON),
    "an object 500 deep": (reply(b'{"a":' * 500 + b"1" + b"}" * 500), TOO_DEEP),
    "NaN": (reply(b'{"results": [{"count": NaN}]}'), NO_JSON),
    "Infinity": (reply(b'{"results": [{"count": -Infinity}]}'), NO_JSON),
    "a number beyond all numbers": (reply(b'{"results": [{"count": 1e999}]}'), NO_JSON),
    "a number of a million digits": (reply(b'{"results": [{"count": ' + b"9" * 10**6 + b"}]}"), NO_JSON),
    "no results": (reply({}), "without a list of results"),
    "results that are an object": (page(results={"a": 1}), "without a list of results"),
    "results that are no objects": (page(results=[1, None]), "without a list of results"),
    "an error with wrong types": (
        api_error(error=[], errorCode={"a": 1}, reason=1, detail=[{}], parameters={"a": 1}, badRequestDetail=7),
        "Atlas refused",
    ),
    "an error that steers the terminal": (api_error(detail="\x1b[2J\x1b]0;owned\x07"), "Atlas refused"),
    "a content type that steers the terminal": (reply(b"", Content_Type="\x1b[2J"), NOTHING),
    # Elsewhere
    "a redirect to another host": (redirect("http://{other}/"), "No redirect is followed"),
    "a redirect to plain http": (redirect("http://cloud.mongodb.com/", "301 Moved"), "No redirect is followed"),
    "a redirect to itself": (redirect("/api/atlas/v2/orgs", "307 Temporary Redirect"), "No redirect is followed"),
    "a redirect to nowhere": (redirect(None, "308 Permanent Redirect"), "No redirect is followed"),
    "a redirect to what is no text": (redirect("\xff\x80"), "No redirect is followed"),
    "a redirect to a file": (redirect("file:///etc/passwd"), "No redirect is followed"),
    # What does no harm
    "a content type that lies": (reply(PAGE_BYTES, Content_Type="image/png"), SUCCESS),
    "a byte order mark": (reply(b"\xef\xbb\xbf" + PAGE_BYTES), SUCCESS),
    "keys that come twice": (reply(b'{"results": [], ' + PAGE_BYTES[1:]), SUCCESS),
    "half a character": (reply(b'{"results": [{"desc": "\\ud83d"}]}'), SUCCESS),
    "a number of 100 digits": (reply(b'{"results": [{"count": ' + b"9" * 100 + b"}]}"), SUCCESS),
    "an object 30 deep": (page(results=[json.loads('{"a":' * 29 + "1" + "}" * 29)]), SUCCESS),
    "links that are none": (page(links=[None, 1, {"rel": "self", "href": ["http://["]}, {"rel": "self"}]), SUCCESS),
    "a link with a broken address": (page(links=[{"href": "http://[?itemsPerPage=" + "9" * 99}]), SUCCESS),
    "cookies": (reply(PAGE_BYTES, Set_Cookie="session=1; Path=/"), SUCCESS),
    "a rate limit of 5,000 digits": (reply(PAGE_BYTES, RateLimit_Remaining="9" * 5000), SUCCESS),
    "fields of any name": (page(results=[{"": 1, "__proto__": 2, "é": 3, "_ansible_x": 4, "id": [5]}]), SUCCESS),
}
QUICK = {"timeout": 0.5}


def check(outcome: t.Any, says: str) -> str:
    """Hold OUTCOME against what it should say; return it for the table."""
    if says == SUCCESS:
        assert not outcome.failed, outcome.result
        return "succeeds"
    assert outcome.failed, outcome.result
    assert re.search(says, outcome.result["msg"])
    assert len(outcome.result["msg"]) < 1500
    assert "\x1b" not in outcome.result["msg"]
    return f"fails: …{says.replace('.*', '…').replace('|', ' or ')}…"


@pytest.fixture
def other() -> t.Iterator[RawServer]:
    """A host that must not be asked for anything."""
    with RawServer(behave) as server:
        yield server
    assert not server.asked


def against(fault: str, stage: str, other: RawServer) -> t.Any:
    sent = FAULTS[fault][0]
    if isinstance(sent, bytes):
        sent = sent.replace(b"{other}", other.url.removeprefix("http://").encode())
    started = time.monotonic()
    with RawServer(misbehave(stage, sent)) as server:
        options = QUICK if FAULTS[fault][1] == TIMED_OUT else {}
        outcome = ask(server, STAGES[stage], **options)
        assert all("cookie" not in asked.headers for asked in server.asked)
    assert time.monotonic() - started < (25 if options else 60)  # what trickles takes 30
    return outcome


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_ends_in_a_clear_failure(fault: str, other: RawServer, happened: t.Callable[[str, str], None]) -> None:
    happened(fault, check(against(fault, "reading", other), FAULTS[fault][1]))


@pytest.mark.full
@pytest.mark.parametrize("stage", ["after the challenge", "reading with a minted token"])
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_ends_alike_whatever_the_credentials(fault: str, stage: str, other: RawServer) -> None:
    check(against(fault, stage, other), FAULTS[fault][1])


# One fault of each kind is enough for `make test`.
SOME_FAULTS = some(FAULTS, "closes in the body", "silence", "200 MB packed as 200 KB", "a page of HTML")


@pytest.mark.parametrize("stage", ["challenge", "minting"])
@pytest.mark.parametrize("fault", SOME_FAULTS)
def test_fault_before_anything_is_read(fault: str, stage: str, other: RawServer) -> None:
    says = FAULTS[fault][1]
    outcome = against(fault, stage, other)
    if says == SUCCESS or "list of results" in says:
        assert outcome.failed == (stage == "minting" or says != SUCCESS)  # a page holds no token
    else:
        check(outcome, says)


@pytest.mark.parametrize("fault", SOME_FAULTS)
def test_fault_at_revoking_fails_no_task(fault: str, other: RawServer) -> None:
    outcome = against(fault, "revoking", other)
    assert not outcome.failed
    if outcome.warnings or FAULTS[fault][1] in (BROKEN, TIMED_OUT, TOO_LARGE):  # else it has the status of success
        assert "could not be revoked and stays alive" in outcome.warnings[0]


# A digest challenge that is none, or has no end

CHALLENGES = {
    "a digest challenge without a nonce": ('Digest realm="r"', "without a realm or nonce"),
    "a digest challenge without a realm": ('Digest nonce="n"', "without a realm or nonce"),
    "a digest challenge with nothing in it": ("Digest", "without a realm or nonce"),
    "a digest challenge with an empty nonce": ('Digest realm="r", nonce', "without a realm or nonce"),
    "a digest challenge with two nonces": ('Digest realm="r", nonce="n", nonce', "without a realm or nonce"),
    "a digest challenge with an unknown algorithm": (CHALLENGE.replace("MD5", "SHA-9000"), "not supported"),
    "a digest challenge with an unknown protection": (CHALLENGE.replace('qop="auth"', 'qop="magic"'), "not supported"),
    "a digest challenge with auth-int alone": (CHALLENGE.replace('qop="auth"', 'qop="auth-int"'), "not supported"),
    "a digest challenge of 60,000 letters": (CHALLENGE.replace("MMS", "M" * 60_000), SUCCESS),
    "a digest challenge with quotes in it": (CHALLENGE.replace("MMS", 'M\\"M'), SUCCESS),
    "a digest challenge that is not ASCII": (CHALLENGE.replace("MMS", "M\xfcS"), SUCCESS),
    "a digest challenge without qop": (CHALLENGE.replace(', qop="auth"', ""), SUCCESS),
    "a digest challenge by SHA-256": (CHALLENGE.replace("MD5", "SHA-256"), SUCCESS),
    "a digest challenge by SHA-512": (CHALLENGE.replace("MD5", "SHA-512"), SUCCESS),
    "a challenge to send the password itself": ('Basic realm="MMS Public API"', "Check the credentials"),
    "no challenge": ("", "Check the credentials"),
}


@pytest.mark.parametrize("fault", CHALLENGES)
def test_challenge(fault: str, happened: t.Callable[[str, str], None]) -> None:
    challenge, says = CHALLENGES[fault]
    refused = reply(UNAUTHORIZED, "401 Unauthorized", **({"WWW_Authenticate": challenge} if challenge else {}))
    with RawServer(misbehave("challenge", refused)) as server:
        outcome = ask(server, "digest")
    happened(fault, check(outcome, says))
    assert len(server.asked) <= 2
    assert not any("basic" in asked.headers.get("authorization", "").lower() for asked in server.asked)


@pytest.mark.parametrize(
    ("fault", "challenge"),
    [
        ("ever new nonces", CHALLENGE),
        ("stale=true for ever", CHALLENGE.replace("stale=false", "stale=true")),
    ],
)
def test_challenge_without_end(fault: str, challenge: str, happened: t.Callable[[str, str], None]) -> None:
    number = itertools.count()

    def refuse(asked: Asked) -> Reply:
        anew = challenge.replace("n0nce", f"n{next(number)}")
        return reply(UNAUTHORIZED, "401 Unauthorized", WWW_Authenticate=anew)

    with RawServer(refuse) as server:
        outcome = ask(server, "digest", retries=4)
        happened(fault, check(outcome, "Check the credentials"))
        assert len(server.asked) == 2


# What a task with more than one request meets


def test_cookie_is_not_sent_back(happened: t.Callable[[str, str], None]) -> None:
    """Not even when requests answers a digest challenge, for which it copies cookies by itself."""
    challenge = reply(
        UNAUTHORIZED, "401 Unauthorized", WWW_Authenticate=CHALLENGE, Set_Cookie="session=1; Path=/; Max-Age=9999"
    )
    with RawServer(misbehave("challenge", challenge)) as server:
        happened("cookies with a challenge", check(ask(server, "digest"), SUCCESS))
        assert len(server.asked) == 2
        assert all("cookie" not in asked.headers for asked in server.asked)


@pytest.mark.parametrize(
    ("fault", "identifier"),
    [
        ("a key whose ID is a path", "../../../admin"),
        ("a key whose ID has a line break", "6a793f752c88faeba59bba49\r\nX-Evil: 1"),
        ("a key whose ID is a query", "6a793f752c88faeba59bba4?"),
        ("a key whose ID is a number", 12),
        ("a key whose ID is a list", [["a"]]),
    ],
)
def test_identifier_from_the_server_becomes_no_path(
    fault: str, identifier: t.Any, happened: t.Callable[[str, str], None]
) -> None:
    with RawServer(misbehave("reading", page(results=[{**KEY, "id": identifier}]))) as server:
        outcome = ask(server, "bearer", gather_access_list=True)
        happened(fault, check(outcome, "not an identifier of Atlas"))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("fault", "lifetime"),
    [
        ("a token that lives for 0 seconds", 0),
        ("a token that lives for less than nothing", -1),
        ("a token that lives for 10^99 seconds", 10**99),
        ("a token that lives for a word", "long"),
        ("a token that lives for a list", [1]),
    ],
)
def test_lifetime_of_a_token(fault: str, lifetime: t.Any, happened: t.Callable[[str, str], None]) -> None:
    minted = reply({"access_token": "aa.bb.cc", "expires_in": lifetime})
    with RawServer(misbehave("minting", minted)) as server:
        happened(fault, check(ask(server, "service account"), SUCCESS))
        paths = [asked.path.rpartition("/")[2] for asked in server.asked]
        assert paths.count("token") == paths.count("revoke") == 1


@pytest.mark.parametrize(
    ("fault", "token"),
    [
        ("a token with a line break", "aa\r\nX-Evil: 1"),
        ("a token that is not ASCII", "tök"),
        ("an empty token", ""),
        ("a token that is a number", 1),
    ],
)
def test_token_that_cannot_be_sent(fault: str, token: t.Any, happened: t.Callable[[str, str], None]) -> None:
    with RawServer(misbehave("minting", reply({"access_token": token}))) as server:
        happened(fault, check(ask(server, "service account"), "has no access_token"))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("fault", "retry_after"),
    [("Retry-After of 5,000 digits", "9" * 5000), ("Retry-After that is no date", "Thu, 99 Foo 99999 99:99:99 ZZZ")],
)
def test_retry_after(
    fault: str, retry_after: str, happened: t.Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http import transport

    waits: list[float] = []
    monkeypatch.setattr(transport.RateLimiter, "hold", lambda self, seconds: waits.append(seconds))
    monkeypatch.setattr(transport.RateLimiter, "on_throttled", lambda self, seconds: waits.append(seconds))
    with RawServer(misbehave("reading", reply(UNAUTHORIZED, "429 Too Many", Retry_After=retry_after))) as server:
        happened(fault, check(ask(server, "bearer", retries=2), "Too many requests"))
    assert len(waits) == 2
    assert max(waits) <= 60


def test_connection_is_kept_for_the_next_request() -> None:
    """The bounds cost no connection: a page of HTML aside, all go over one."""
    with RawServer(behave) as server:
        assert not ask(server, "digest").failed
        assert len(server.asked) == 2
        assert server.connections == 1
