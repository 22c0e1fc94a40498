# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the connection's options must be before anything is sent."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.connection import (
    connection_settings as connect,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS, check_options

PAIR = {"public_key": "gswvkocq", "private_key": "3f1c0c9e-private"}
TOKEN = {"access_token": "aa.bb.cc"}
ACCOUNT = {"client_id": "mdb_sa_id_0", "client_secret": "mdb_sa_sk_0"}

DEFAULTS: dict[str, t.Any] = {
    "base_url": "https://cloud.mongodb.com",
    "api_version": "2025-03-12",
    "timeout": 30.0,
    "retries": 4,
    "validate_certs": True,
    "ca_path": None,
    "envelope": False,
    "pretty": False,
}


def host_of(base_url: str, credentials: dict[str, str]) -> str:
    return connect({**DEFAULTS, **credentials, "base_url": base_url}, {})[0].base_url


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://cloud.mongodb.com", "https://cloud.mongodb.com"),
        ("https://cloud.mongodbgov.com/", "https://cloud.mongodbgov.com"),
        ("HTTPS://Cloud.MongoDB.com", "https://cloud.mongodb.com"),
        ("https://om.example.com:8443", "https://om.example.com:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9:8080", "http://127.9.9.9:8080"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
@pytest.mark.parametrize("credentials", [PAIR, TOKEN, ACCOUNT])
def test_good_base_url(base_url: str, host: str, credentials: dict[str, str]) -> None:
    assert host_of(base_url, credentials) == host


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "cloud.mongodb.com",
        "//cloud.mongodb.com",
        "ftp://cloud.mongodb.com",
        "file:///etc/passwd",
        "https://",
        "https://:443",
        "https://cloud.mongodb.com/api/atlas/v2",
        "https://cloud.mongodb.com?x=1",
        "https://cloud.mongodb.com#x",
        "https://cloud.mongodb.com:port",
        "https://cloud.mongodb.com:99999",
        "https://cloud.mongodb.com evil.example",
        "https://cloud.mongodb.com\\@evil.example",
        "https://b\u00fccher.example",
        "https://[::1",
        "https://[::1]evil.example",
        "https://cloud.mongodb.com%0d%0aX-Evil",
    ],
)
def test_bad_base_url_is_refused_by_name(base_url: str) -> None:
    with pytest.raises(UsageError, match="^base_url "):
        host_of(base_url, PAIR)


@pytest.mark.parametrize("base_url", ["https://me:hunter2@cloud.mongodb.com", "https://hunter2@cloud.mongodb.com"])
def test_credentials_in_base_url_are_refused_unseen(base_url: str) -> None:
    with pytest.raises(UsageError, match="^base_url contains a user name") as caught:
        host_of(base_url, PAIR)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("base_url", ["http://om.example.com:8080", "http://192.0.2.1", "http://localhost.example.com"])
@pytest.mark.parametrize("credentials", [TOKEN, ACCOUNT])
def test_token_over_plain_http_is_refused(base_url: str, credentials: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="plain http.*Use https"):
        host_of(base_url, credentials)


def test_digest_over_plain_http_warns() -> None:
    _connection, warnings = connect({**DEFAULTS, **PAIR, "base_url": "http://om.example.com:8080"}, {})
    assert "plain http" in warnings[0]


@pytest.mark.parametrize("api_version", ["2025-03-12", "2023-01-01", "v1.0", "public/v1.0"])
def test_good_api_version(api_version: str) -> None:
    check_options(SHARED_OPTIONS, {**DEFAULTS, "api_version": api_version})


@pytest.mark.parametrize(
    "api_version",
    ["", "v2", "2.0", "2025-3-12", "2025-03-12\n", "2025-03-12+json\r\nX-Evil: 1", "\uff12025-03-12", "../v2", "V1.0"],
)
def test_bad_api_version_is_refused_by_name(api_version: str) -> None:
    with pytest.raises(UsageError, match="^api_version is "):
        check_options(SHARED_OPTIONS, {**DEFAULTS, "api_version": api_version})


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("timeout", 0.0),
        ("timeout", -1.0),
        ("timeout", 1e9),
        ("timeout", float("nan")),
        ("timeout", float("inf")),
        ("retries", -1),
        ("retries", 10**9),
        ("ca_path", "/nowhere/ca.pem"),
        ("ca_path", ""),
    ],
)
def test_value_out_of_range_is_refused_by_name(option: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"^{option} is "):
        connect({**DEFAULTS, **PAIR, option: value}, {})


def test_ca_path_is_what_certificates_are_checked_with(tmp_path: pathlib.Path) -> None:
    connection, _warnings = connect({**DEFAULTS, **PAIR, "ca_path": str(tmp_path)}, {})
    assert connection.verify == str(tmp_path)


def test_secrets_that_messages_must_not_show_are_those_of_proxies_and_of_other_options() -> None:
    settings, _warnings = connect({**DEFAULTS, **PAIR}, {"HTTPS_PROXY": "http://me:hunter2@proxy.example:3128"})
    assert "hunter2" in settings.secrets


def test_validate_certs_false_warns() -> None:
    connection, warnings = connect({**DEFAULTS, **PAIR, "validate_certs": False}, {})
    assert connection.verify is False
    assert warnings[0].startswith("validate_certs is false")


def test_credentials_come_from_the_environment() -> None:
    connection, _warnings = connect(DEFAULTS, {"MONGODB_ATLAS_ACCESS_TOKEN": "aa.bb.cc"})
    assert "aa.bb.cc" in connection.auth.secrets


def test_same_settings_make_the_same_connection() -> None:
    first, second = (connect({**DEFAULTS, **ACCOUNT, "pretty": pretty}, {})[0] for pretty in (True, False))
    assert first == second
    assert hash(first) == hash(second)


@pytest.mark.parametrize("other", [PAIR, {**ACCOUNT, "client_secret": "mdb_sa_sk_1"}, {**ACCOUNT, "timeout": 31.0}])
def test_other_settings_make_another_connection(other: dict[str, t.Any]) -> None:
    assert connect({**DEFAULTS, **ACCOUNT}, {})[0] != connect({**DEFAULTS, **other}, {})[0]
