# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates that are not to be trusted, and proxies in between."""

from __future__ import annotations

import base64
import contextlib
import datetime
import gc
import pathlib
import re
import select
import socket
import ssl
import typing as t

import pytest
import trustme

from atlas_like import AUTH_METHODS, CLIENT_SECRET, MINTED, PRIVATE_KEY, TOKEN, ask, behave
from raw_server import Asked, RawServer, Reply, reply

LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
PROXY_USER, PROXY_PASSWORD = "proxyuser", "proxy+pass/word"
PROXY_AUTH = f"{PROXY_USER}:proxy%2Bpass%2Fword"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_path(authority: trustme.CA, tmp_path: pathlib.Path) -> str:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


@contextlib.contextmanager
def https(certificate: trustme.LeafCert) -> t.Iterator[RawServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    with RawServer(behave, context) as server:
        yield server


@pytest.fixture
def atlas(authority: trustme.CA) -> t.Iterator[RawServer]:
    with https(authority.issue_cert("localhost")) as server:
        yield server


CERTIFICATES: dict[str, tuple[t.Callable[[trustme.CA], trustme.LeafCert], str]] = {
    "an expired certificate": (lambda ca: ca.issue_cert("localhost", not_after=LONG_AGO), "expired"),
    "a certificate for another host": (lambda ca: ca.issue_cert("other.example"), "Hostname mismatch|doesn't match"),
    "a certificate of an unknown authority": (lambda ca: trustme.CA().issue_cert("localhost"), "verify failed"),
}


@pytest.mark.parametrize("auth", AUTH_METHODS)
@pytest.mark.parametrize("fault", CERTIFICATES)
def test_certificate_is_refused_with_advice(
    fault: str, auth: str, authority: trustme.CA, ca_path: str, happened: t.Callable[[str, str], None]
) -> None:
    issue, says = CERTIFICATES[fault]
    with https(issue(authority)) as server:
        outcome = ask(server, auth, ca_path=ca_path)
        assert not server.asked
    assert outcome.failed
    assert any(each in outcome.result["msg"] for each in says.split("|")), outcome.result
    assert "give it as ca_path" in outcome.result["msg"]
    happened(fault, "fails before anything is sent: …give it as ca_path…")


def test_self_signed_certificate_is_refused(ca_path: str, happened: t.Callable[[str, str], None]) -> None:
    """A server that shows the certificate of an authority as its own, signed by itself."""
    itself = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with itself.private_key_pem.tempfile() as key, itself.cert_pem.tempfile() as certificate:
        context.load_cert_chain(certificate, key)
    with RawServer(behave, context) as server:
        outcome = ask(server, "bearer", ca_path=ca_path)
        assert not server.asked
    assert "self-signed" in outcome.result["msg"].replace("self signed", "self-signed")
    happened("a self-signed certificate", "fails before anything is sent: …self-signed…")


def test_plain_http_behind_https(ca_path: str, happened: t.Callable[[str, str], None]) -> None:
    with RawServer(behave) as server:
        server.url = server.url.replace("http://", "https://")
        outcome = ask(server, "bearer", ca_path=ca_path, timeout=1.0)
        assert TOKEN not in heard(server)  # what was asked is the beginning of a handshake
    # By the chance of the handshake's bytes the server waits for more of what it takes for a request.
    assert re.search("No TLS connection|did not answer", outcome.result["msg"])
    happened("plain http where TLS is expected", "fails before anything is sent: …No TLS connection or did not answer…")


@pytest.mark.parametrize("auth", AUTH_METHODS)
def test_private_authority(atlas: RawServer, auth: str, ca_path: str) -> None:
    outcome = ask(atlas, auth, ca_path=ca_path)
    assert not outcome.failed
    assert not outcome.warnings


@pytest.mark.parametrize("kind", ["no certificate", "empty", "a folder of none"])
def test_useless_ca_path(atlas: RawServer, tmp_path: pathlib.Path, kind: str) -> None:
    path = tmp_path / "useless"
    if kind == "a folder of none":
        path.mkdir()
    else:
        path.write_text("rubbish" if kind == "no certificate" else "")
    assert "No TLS connection" in ask(atlas, "bearer", ca_path=str(path)).result["msg"]
    assert not atlas.asked


@pytest.mark.parametrize("auth", AUTH_METHODS)
def test_validate_certs_false_holds_for_every_request_and_warns(
    atlas: RawServer, auth: str, monkeypatch: pytest.MonkeyPatch, ca_path: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca_path + ".none")
    outcome = ask(atlas, auth, validate_certs=False)
    assert not outcome.failed, outcome.result
    assert [warning for warning in outcome.warnings if "validate_certs is false" in warning]
    assert len(atlas.asked) == {"bearer": 1, "digest": 2, "service account": 3}[auth]


# Proxies


class Proxy(RawServer):
    """Passes on what it is asked to, and remembers it.

    :param user: who may pass; anybody where none is given.
    """

    def __init__(self, user: str | None = None) -> None:
        super().__init__(self._pass_on)
        self._user = user

    def _pass_on(self, asked: Asked) -> Reply:
        expected = "Basic " + base64.b64encode((self._user or "").encode()).decode()
        if self._user and asked.headers.get("proxy-authorization") != expected:
            return reply(b"", "407 Proxy Authentication Required", Proxy_Authenticate="Basic")
        if asked.method == "CONNECT":
            return lambda client: self._tunnel(client, asked.path)
        return behave(asked)  # as if the host had been asked

    @staticmethod
    def _tunnel(client: socket.socket, place: str) -> None:
        host, _colon, port = place.rpartition(":")
        with socket.create_connection(("127.0.0.1" if host == "localhost" else host, int(port)), 10) as there:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            ends = {client: there, there: client}
            while True:
                for end in select.select(list(ends), [], [], 30)[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    ends[end].sendall(data)


def heard(proxy: RawServer) -> str:
    return "\n".join(asked.text for asked in proxy.asked)


@pytest.mark.parametrize("auth", AUTH_METHODS)
def test_proxy_sees_nothing_but_the_host(
    atlas: RawServer, auth: str, ca_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        outcome = ask(atlas, auth, ca_path=ca_path)
        assert not outcome.failed, outcome.result
        assert {asked.method for asked in proxy.asked} == {"CONNECT"}
        assert "authorization" not in heard(proxy).lower()
    assert atlas.asked


def test_no_proxy_passes_it_by(atlas: RawServer, ca_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "localhost")
        assert not ask(atlas, "bearer", ca_path=ca_path).failed
        assert not proxy.asked


def test_proxy_with_a_password(atlas: RawServer, ca_path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy(f"{PROXY_USER}:{PROXY_PASSWORD}") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", f"//{PROXY_AUTH}@"))
        assert not ask(atlas, "service account", ca_path=ca_path).failed
    assert not any("proxy-authorization" in asked.headers for asked in atlas.asked)


def to_proxy(sent: Reply) -> t.Callable[[], RawServer]:
    return lambda: RawServer(lambda asked: sent)


PROXIES: dict[str, tuple[t.Callable[[], RawServer], str]] = {
    "a proxy that wants a password": (lambda: Proxy("somebody:else"), "407.*user name and password"),
    "a proxy that refuses": (to_proxy(reply(b"", "403 Forbidden")), "403"),
    "a proxy that answers with HTML": (to_proxy(reply(b"<html>", "503 Busy")), "503"),
    "a proxy that closes at once": (to_proxy(lambda connection: None), "connection to .* failed|The proxy did not"),
    "a proxy whose headers never end": (
        to_proxy(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 2**20)),
        "connection to .* failed|The proxy did not",
    ),
    "a proxy that answers in its host's place": (
        to_proxy(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b"HTTP/1.1 200 OK\r\n\r\n{}")),
        "No TLS connection|The proxy did not|connection to .* failed",
    ),
}


# Before Python 3.12 http.client leaves the answer of a proxy that it cannot understand to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("fault", PROXIES)
def test_proxy_that_fails(
    fault: str,
    atlas: RawServer,
    ca_path: str,
    monkeypatch: pytest.MonkeyPatch,
    happened: t.Callable[[str, str], None],
) -> None:
    start, says = PROXIES[fault]
    with start() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", f"//{PROXY_AUTH}@"))
        outcome = ask(atlas, "service account", ca_path=ca_path)
        for secret in (CLIENT_SECRET, MINTED, TOKEN, PRIVATE_KEY):
            assert secret not in heard(proxy)
    assert re.search(says, outcome.result["msg"]), outcome.result
    assert not atlas.asked
    gc.collect()
    happened(fault, f"fails: …{says.replace('.*', '…').replace('|', ' or ')}…")


@pytest.mark.parametrize("auth", ["bearer", "service account"])
def test_token_for_this_machine_goes_through_no_proxy(
    auth: str, monkeypatch: pytest.MonkeyPatch, happened: t.Callable[[str, str], None]
) -> None:
    """Over plain http a token may go to a loopback address; a proxy in between would read it."""
    with Proxy() as proxy, RawServer(behave) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert not ask(server, auth).failed
        assert not proxy.asked
    happened("a proxy between this host and a loopback address", "no harm: the proxy is not used")


def test_digest_over_plain_http_may_go_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with Proxy() as proxy, RawServer(behave) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert not ask(server, "digest").failed
        assert len(proxy.asked) == 2
        assert PRIVATE_KEY not in heard(proxy)


@pytest.mark.parametrize(
    "address",
    [
        "http://{0}@",
        "http://{0}@[::1",
        "http://{0}@127.0.0.1:port",
        "http://{0}@127.0.0.1:1",
        "nonsense://{0}@127.0.0.1",
    ],
)
def test_password_of_a_broken_proxy_address_is_a_secret(
    address: str, atlas: RawServer, ca_path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import proxy_secrets

    monkeypatch.setenv("HTTPS_PROXY", address.format(PROXY_AUTH))
    outcome = ask(atlas, "bearer", ca_path=ca_path)
    assert outcome.failed
    assert not atlas.asked
    secrets = proxy_secrets({"HTTPS_PROXY": address.format(PROXY_AUTH)})
    shown = outcome.result["msg"]
    for secret in sorted(secrets, key=len, reverse=True):
        shown = shown.replace(secret, "********")
    assert not any(form in shown for form in ("proxy%2Bpass", PROXY_PASSWORD))


@pytest.mark.parametrize("auth", AUTH_METHODS)
def test_netrc_changes_nothing(
    auth: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, happened: t.Callable[[str, str], None]
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login thief password stolen\ndefault login thief password stolen\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    with RawServer(behave) as server:
        assert not ask(server, auth).failed
        thief = base64.b64encode(b"thief:stolen").decode()
        assert not any(thief in asked.text or "thief" in asked.text for asked in server.asked)
    happened("credentials for the host in .netrc", "no harm: those of the task are used")
