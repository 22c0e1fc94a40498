# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an identifier is, and what options fall back to."""

from __future__ import annotations

import typing as t

import pytest

from ansible.module_utils.errors import AnsibleFallbackNotFound

from ansible_collections.mongodb_atlas.admin.plugins.module_utils import _secrets
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options import identifiers, shared

GOOD = "a0123456789abcdef012345a"

# The names are of no importance: the class of the spec is.
SPEC = {
    "org_id": identifiers.org_id(),
    "anything": identifiers.object_id(),
    "account": identifiers.service_account_id(),
}


def check(params: dict[str, str | None]) -> None:
    shared.check_options(SPEC, {"api_version": "v1.0", **params})


MALFORMED = {
    "empty": "",
    "upper case": GOOD.upper(),
    "23 digits": GOOD[:-1],
    "25 digits": GOOD + "0",
    "a line break behind": GOOD + "\n",
    "a space before": " " + GOOD,
    "full-width digits": GOOD.replace("0", "\uff10"),
    "Arabic digits": GOOD.replace("1", "\u0661"),
    "no hexadecimal digit": "g" + GOOD[1:],
    "a path fragment": "../orgs/" + GOOD[8:],
    "another path": GOOD + "/apiKeys",
    "a query": GOOD[:-2] + "?x",
    "a NUL": GOOD[:-1] + "\0",
    "a public key": "gswvkocq",
    "a client ID": "mdb_sa_id_" + GOOD,
}


@pytest.mark.parametrize("option", ["org_id", "anything"])
@pytest.mark.parametrize("value", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_identifier_is_refused_by_name(option: str, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        check({option: value})
    assert str(caught.value).startswith(f"{option} is {value!r}; it must be 24 hexadecimal digits")


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("gswvkocq", "public key"),
        ("mdb_sa_id_" + GOOD, "client ID: use it for client_id or service_account_id"),
        (GOOD.upper(), "lower case"),
        (GOOD + "\n", "line break"),
        ("12345678901234567890123", "Quote it in YAML"),
    ],
)
def test_message_says_what_it_was_mistaken_for(value: str, hint: str) -> None:
    with pytest.raises(UsageError, match=hint):
        check({"org_id": value})


@pytest.mark.parametrize("value", ["", GOOD, "mdb_sa_id_", "mdb_sa_id_" + GOOD + "\n", "mdb_sa_id_" + "g" * 24, "../x"])
def test_malformed_client_id_is_refused_by_name(value: str) -> None:
    with pytest.raises(UsageError, match="^account is .*it must be mdb_sa_id_ and 24 hexadecimal digits"):
        check({"account": value})


@pytest.mark.parametrize("value", ["mdb_sa_id_" + GOOD, "mdb_sa_id_" + GOOD.upper()])
def test_good_client_id_passes(value: str) -> None:
    check({"account": value})


@pytest.mark.parametrize(
    ("params", "secret"),
    [
        ({"client_id": "mdb_sa_id_0:mdb_sa_sk_abc"}, "mdb_sa_sk_abc"),
        ({"org_id": "Bearer eyJhbGciOi.e30.sig"}, "eyJhbGciOi.e30.sig"),
        ({"public_key": "gswvkocq:3f1c0c9e-5d0e"}, "3f1c0c9e-5d0e"),
        ({"base_url": "https://cloud.mongodb.com?token=abcdefgh"}, "abcdefgh"),
        ({"base_url": "https://cloud.mongodb.com#abcdefgh"}, "abcdefgh"),
    ],
)
def test_secret_within_an_option_is_found(params: dict[str, str], secret: str) -> None:
    assert secret in _secrets.misplaced_secrets(params)


def test_text_is_masked_before_it_is_shortened() -> None:
    token = "abcdefghij" * 30
    assert "abcde" not in _secrets.shown("Bearer eyJ" + token)
    assert _secrets.mask(f"<{token}>", {token}) == "<********>"


@pytest.mark.parametrize("spec", [{"type": "list", "elements": "dict"}, {"type": "dict"}])
def test_suboptions_are_checked(spec: dict[str, t.Any]) -> None:
    inner = {"anything": identifiers.object_id(), "deeper": {"type": "dict", "options": SPEC}}
    values = [{}, {"anything": GOOD, "deeper": {"org_id": "../x"}}]
    value, name = (values, "keys[1]") if spec["type"] == "list" else (values[1], "keys")
    with pytest.raises(UsageError) as caught:
        shared.check_options({"keys": {**spec, "options": inner}}, {"api_version": "v1.0", "keys": value})
    assert str(caught.value).startswith(f"{name}.deeper.org_id is '../x'; it must be 24 hexadecimal digits")


def test_good_and_absent_identifiers_pass() -> None:
    check({"org_id": GOOD, "anything": None})


@pytest.mark.parametrize(
    "secret", ["mdb_sa_sk_abc", "eyJhbGciOi.e30.sig", "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977", "mdb_sa_sk_abc\n"]
)
def test_secret_in_the_place_of_an_identifier_is_not_shown_and_masked(secret: str) -> None:
    with pytest.raises(UsageError) as caught:
        check({"org_id": secret})
    assert secret.strip() not in str(caught.value)
    assert secret.strip() in _secrets.misplaced_secrets({"org_id": secret, "timeout": 30})


def test_password_in_base_url_is_masked() -> None:
    assert "hunter2" in _secrets.misplaced_secrets({"base_url": "https://me:hunter2@cloud.mongodb.com"})


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", "https://", "socks5h://", ""])
def test_password_of_a_proxy_is_masked_as_it_stands_as_meant_and_as_sent(name: str, scheme: str) -> None:
    secrets = _secrets.proxy_secrets({name: f"{scheme}me:p%40ss%2Fword@proxy.example:3128", "OTHER": "x:y@z"})
    assert {"p%40ss%2Fword", "p@ss/word", "p%40ss/word", "bWU6cEBzcy93b3Jk"} <= secrets
    assert not {"me", "y"} & secrets


def test_proxy_that_cannot_be_understood_is_masked_whole() -> None:
    assert _secrets.proxy_secrets({"HTTPS_PROXY": "http://me:hunter2@[proxy"}) == {"http://me:hunter2@[proxy"}


def test_no_proxy_has_no_secret() -> None:
    assert not _secrets.proxy_secrets({"NO_PROXY": "a:b@c", "HTTPS_PROXY": "http://proxy.example:3128"})


@pytest.mark.parametrize("base_url", ["https://cloud.mongodb.com", "http://[", None])
def test_nothing_is_masked_where_there_is_no_secret(base_url: str | None) -> None:
    assert _secrets.misplaced_secrets({"base_url": base_url, "public_key": "gswvkocq"}) == set()


def test_huge_value_is_cut_in_the_message() -> None:
    with pytest.raises(UsageError) as caught:
        check({"org_id": "a" * 100_000})
    assert len(str(caught.value)) < 300


def test_environment_skips_empty_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST", "")
    monkeypatch.setenv("SECOND", "value")
    assert shared.environment("FIRST", "SECOND") == "value"


def test_environment_without_any_falls_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST", "")
    with pytest.raises(AnsibleFallbackNotFound):
        shared.environment("FIRST")
