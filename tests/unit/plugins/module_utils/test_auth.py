# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which auth method a task uses, and what it must not show."""

from __future__ import annotations

import base64
import hashlib
import json
import time
import types
import typing as t
import urllib.parse

import pytest
import requests.auth

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.module_utils import _secrets
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import bearer, digest, select, service_account
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, InvalidResponse, UsageError

PAIR = {"public_key": "gswvkocq", "private_key": "3f1c0c9e-private"}
TOKEN = {"access_token": "aa.bb.cc"}
ACCOUNT = {"client_id": "mdb_sa_id_0123456789abcdef01234567", "client_secret": "mdb_sa_sk_se+cr/et"}

PAIR_ENV = {"MONGODB_ATLAS_PUBLIC_API_KEY": "envpublc", "MONGODB_ATLAS_PRIVATE_API_KEY": "env-private"}
TOKEN_ENV = {"MONGODB_ATLAS_ACCESS_TOKEN": "env.to.ken"}
ACCOUNT_ENV = {"MONGODB_ATLAS_CLIENT_ID": "mdb_sa_id_env", "MONGODB_ATLAS_CLIENT_SECRET": "mdb_sa_sk_env"}
WHOLE_ENV = {**PAIR_ENV, **TOKEN_ENV, **ACCOUNT_ENV}


@pytest.mark.parametrize(
    ("params", "kind"),
    [(PAIR, digest.DigestAuth), (TOKEN, bearer.BearerToken), (ACCOUNT, service_account.ServiceAccount)],
)
def test_task_is_used_whole_whatever_the_environment_holds(params: dict[str, str], kind: type) -> None:
    auth = select.select_auth({**params, "org_id": "x", "client_id": params.get("client_id")}, WHOLE_ENV)
    assert isinstance(auth, kind)
    assert auth.values == params


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        (PAIR_ENV, digest.DigestAuth),
        (TOKEN_ENV, bearer.BearerToken),
        (ACCOUNT_ENV, service_account.ServiceAccount),
        (WHOLE_ENV, bearer.BearerToken),
        ({**PAIR_ENV, **ACCOUNT_ENV}, service_account.ServiceAccount),
        ({**WHOLE_ENV, "MONGODB_ATLAS_ACCESS_TOKEN": ""}, service_account.ServiceAccount),
    ],
)
def test_environment_in_its_order(environ: dict[str, str], kind: type) -> None:
    assert isinstance(select.select_auth({}, environ), kind)


def test_older_names_of_the_environment_come_second() -> None:
    older = {"MONGODB_ATLAS_PUBLIC_KEY": "olderpub", "MONGODB_ATLAS_PRIVATE_KEY": "older-private"}
    assert select.select_auth({}, older).values == {"public_key": "olderpub", "private_key": "older-private"}
    assert select.select_auth({}, {**older, **PAIR_ENV}).values["public_key"] == "envpublc"


@pytest.mark.parametrize(("params", "environ"), [(ACCOUNT, WHOLE_ENV), ({}, WHOLE_ENV), (TOKEN, ACCOUNT_ENV)])
def test_minting_is_for_a_service_account(params: dict[str, str], environ: dict[str, str]) -> None:
    """The option access_token is then no credential, but the token to revoke."""
    auth = select.select_service_account(params, environ)
    assert isinstance(auth, service_account.ServiceAccount)
    assert auth.values["client_id"] == params.get("client_id", "mdb_sa_id_env")


@pytest.mark.parametrize(
    ("params", "environ", "message"),
    [
        (PAIR, ACCOUNT_ENV, "only a service account mints and revokes tokens: give client_id and client_secret"),
        ({"public_key": "gswvkocq"}, ACCOUNT_ENV, "only a service account"),
        ({}, {**PAIR_ENV, **TOKEN_ENV}, r"Give client_id and client_secret \(a service account\), as options"),
        ({"client_id": "x"}, ACCOUNT_ENV, "client_secret is missing"),
    ],
)
def test_other_auth_methods_mint_nothing(params: dict[str, str], environ: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        select.select_service_account(params, environ)


@pytest.mark.parametrize("option", [*PAIR, *ACCOUNT])
def test_half_of_an_auth_method_in_the_task_names_what_is_missing(option: str) -> None:
    whole = PAIR if option in PAIR else ACCOUNT
    half = {name: value for name, value in whole.items() if name != option}
    with pytest.raises(UsageError, match=f"^{option} is missing or empty"):
        select.select_auth(half, WHOLE_ENV)


@pytest.mark.parametrize("whole", [PAIR, TOKEN, ACCOUNT])
def test_empty_option_does_not_fall_through_to_the_environment(whole: dict[str, str]) -> None:
    for option in whole:
        with pytest.raises(UsageError, match=f"^{option} is missing or empty"):
            select.select_auth({**whole, option: ""}, WHOLE_ENV)


@pytest.mark.parametrize("name", [*PAIR_ENV, *ACCOUNT_ENV])
def test_half_of_an_auth_method_in_the_environment_names_the_variable(name: str) -> None:
    whole = PAIR_ENV if name in PAIR_ENV else ACCOUNT_ENV
    half = {key: value for key, value in whole.items() if key != name}
    with pytest.raises(UsageError, match=f"^{name} is missing or empty"):
        select.select_auth({}, half)


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({**PAIR, **TOKEN}, ["public_key and private_key", "access_token"]),
        ({**PAIR, **ACCOUNT}, ["public_key and private_key", "client_id and client_secret"]),
        ({**TOKEN, "client_id": "x"}, ["access_token", "client_id and client_secret"]),
        ({**PAIR, **TOKEN, **ACCOUNT}, ["public_key", "access_token", "client_id"]),
    ],
)
def test_auth_methods_are_mutually_exclusive(params: dict[str, str], named: list[str]) -> None:
    with pytest.raises(UsageError) as caught:
        select.select_auth(params, {})
    assert all(name in str(caught.value) for name in named)


def test_no_credentials_lists_the_three_auth_methods() -> None:
    with pytest.raises(UsageError) as caught:
        select.select_auth({"public_key": None}, {})
    assert all(name in str(caught.value) for name in [*PAIR, *TOKEN, *ACCOUNT, *PAIR_ENV, *TOKEN_ENV, *ACCOUNT_ENV])


def test_client_id_as_public_key_gets_a_hint() -> None:
    with pytest.raises(UsageError, match="public_key is 'mdb_sa_id_0', which is a service account's client ID"):
        select.select_auth({**PAIR, "public_key": "mdb_sa_id_0"}, {})


@pytest.mark.parametrize("whole", [PAIR, TOKEN, ACCOUNT])
@pytest.mark.parametrize("bad", ["{0}\n", " {0}", "{0}\r\nX-Evil: 1", "{0}\u00e9", "{0}\u2028", "{0}\0", "\udcff{0}"])
def test_credential_that_would_break_a_header_is_refused_unseen(whole: dict[str, str], bad: str) -> None:
    for option, value in whole.items():
        with pytest.raises(UsageError, match=f"^{option} holds a space, a line break") as caught:
            select.select_auth({**whole, option: bad.format(value)}, {})
        assert value not in str(caught.value)


def test_bearer_before_the_token_gets_a_hint() -> None:
    with pytest.raises(UsageError, match="Leave out the word Bearer"):
        select.select_auth({"access_token": "Bearer aa.bb.cc"}, {})


@pytest.mark.parametrize(
    "params", [{**PAIR, "public_key": 'a"b'}, {**PAIR, "public_key": "a\\b"}, {**ACCOUNT, "client_id": "a:b"}]
)
def test_identifier_that_would_change_what_a_header_means_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        select.select_auth(params, {})


@pytest.mark.parametrize("params", [PAIR, TOKEN, ACCOUNT])
def test_secrets_in_every_form_and_no_identifier(params: dict[str, str]) -> None:
    auth = select.select_auth(params, {})
    secret = params[auth.secret_option]
    assert {secret, base64.b64encode(secret.encode()).decode()} <= auth.secrets
    assert _secrets.encoded_forms(secret) <= auth.secrets
    assert not {params.get("public_key"), params.get("client_id")} & auth.secrets
    assert "" not in auth.secrets


ACCOUNT_ID = "mdb_sa_id_0123456789ABCDEF01234567"


@pytest.mark.parametrize(
    ("params", "identifier", "expected"),
    [
        (PAIR, PAIR["public_key"], True),
        (PAIR, "abcdefgh", False),
        (PAIR, ACCOUNT_ID, False),
        (PAIR, None, None),
        (PAIR, 7, None),
        ({**ACCOUNT, "client_id": ACCOUNT_ID}, ACCOUNT_ID, True),
        ({**ACCOUNT, "client_id": ACCOUNT_ID}, ACCOUNT_ID.lower(), True),
        ({**ACCOUNT, "client_id": ACCOUNT_ID}, ACCOUNT_ID[:-1] + "8", False),
        ({**ACCOUNT, "client_id": ACCOUNT_ID}, PAIR["public_key"], False),
        ({**ACCOUNT, "client_id": ACCOUNT_ID}, None, None),
        (TOKEN, PAIR["public_key"], None),
        (TOKEN, ACCOUNT_ID, None),
        (TOKEN, None, None),
    ],
)
def test_each_auth_method_tells_whether_a_credential_is_its_own(
    params: dict[str, str], identifier: t.Any, expected: bool | None
) -> None:
    assert select.select_auth(params, {}).is_own(identifier) is expected


@pytest.mark.parametrize("text_encoding", _secrets.TEXT_ENCODINGS)
@pytest.mark.parametrize("byte_encoding", _secrets.BYTE_ENCODINGS)
def test_every_secret_is_masked_in_every_form(byte_encoding: str, text_encoding: str) -> None:
    """Secrets of all kinds, the headers that carry them, and a proxy's password, which may be any text."""
    awkward = "mdb~sa/sk+(x)*'\"<&>=\\?y!"
    account = service_account.ServiceAccount({"client_id": ACCOUNT_ID, "client_secret": awkward}, {})
    account.minted_token({"access_token": "new.to/ken+=="}, 200)
    proxy = _secrets.proxy_secrets({"HTTPS_PROXY": "http://me:p%40ss%2Fw%2Brd%3C%3E@proxy.example:3128"})
    pair = select.select_auth({**PAIR, "private_key": awkward}, {})
    token = select.select_auth({"access_token": awkward}, {})
    basic = [_secrets.basic_credentials(ACCOUNT_ID, awkward), _secrets.basic_credentials("me", "p@ss/w+rd<>")]
    cases = [(awkward, pair.secrets), (awkward, token.secrets), (awkward, account.secrets)]
    cases += [(basic[0], account.secrets), ("new.to/ken+==", account.secrets)]
    cases += [("p@ss/w+rd<>", proxy), (basic[1], proxy)]
    for secret, known in cases:
        form = _secrets.TEXT_ENCODINGS[text_encoding](_secrets.BYTE_ENCODINGS[byte_encoding](secret))
        assert _secrets.mask(f"x={form}&y", known) == f"x={_secrets.MASK}&y"


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8))
def test_forms_of_a_secret_can_be_decoded_to_it(secret: str) -> None:
    forms = _secrets.encoded_forms(secret)
    assert {urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret), json.dumps(secret)[1:-1]} <= forms
    assert {urllib.parse.quote(base64.b64encode(secret.encode()), safe=""), repr(secret)[1:-1]} <= forms
    assert "" not in forms


def authorization(authenticate: t.Callable[[t.Any], t.Any]) -> str:
    request = types.SimpleNamespace(headers={})
    authenticate(request)
    return t.cast(str, request.headers["Authorization"])


def mint(**response: t.Any) -> service_account.MintedToken:
    return service_account.ServiceAccount(ACCOUNT, {}).minted_token({"access_token": "new.to.ken", **response}, 200)


def test_service_account_mints_with_its_secret_and_reads_with_the_token() -> None:
    account = service_account.ServiceAccount(ACCOUNT, {})
    pair = f"{ACCOUNT['client_id']}:{ACCOUNT['client_secret']}"
    assert authorization(account.authenticate) == "Basic " + base64.b64encode(pair.encode()).decode()
    token = account.minted_token({"access_token": "new.to.ken", "expires_in": 3600, "token_type": "Bearer"}, 200)
    assert authorization(token.authenticate) == "Bearer new.to.ken"
    assert {"new.to.ken", ACCOUNT["client_secret"], base64.b64encode(pair.encode()).decode()} <= account.secrets


@pytest.mark.parametrize(("expires_in", "used_for"), [(3600, 3570), (60, 30), (20, 10), (1, 0.5), ("3600", 3570)])
def test_token_is_replaced_before_it_expires(expires_in: t.Any, used_for: float) -> None:
    before = time.monotonic()
    replace_at = mint(expires_in=expires_in).replace_at
    assert before + used_for <= replace_at <= time.monotonic() + used_for


@pytest.mark.parametrize("expires_in", [None, "soon", {}, 0, -1, True, False, "", "-1", "1e3", "\uff11"])
def test_token_without_a_lifetime_is_used_until_atlas_refuses_it(expires_in: object) -> None:
    assert mint(expires_in=expires_in).replace_at == float("inf")


@pytest.mark.parametrize("token", [None, "", "a\nb.c.d.e", 1, "short"])
def test_response_without_a_token_that_can_be_sent_is_an_error(token: object) -> None:
    with pytest.raises(InvalidResponse, match="access_token"):
        mint(access_token=token)


@pytest.mark.parametrize(
    "params", [{**PAIR, "private_key": "prod"}, {"access_token": "prod"}, {**ACCOUNT, "client_secret": "1234567"}]
)
def test_secret_that_is_too_short_to_be_one_is_refused(params: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="has less than 8 characters") as caught:
        select.select_auth(params, {})
    assert "prod" not in str(caught.value)


def test_pair_as_public_key_is_refused_unseen() -> None:
    with pytest.raises(UsageError, match="^public_key has a colon") as caught:
        select.select_auth({**PAIR, "public_key": "gswvkocq:3f1c0c9e"}, {})
    assert "3f1c0c9e" not in str(caught.value)


# Hosts that do not allow MD5


def digest_header() -> str:
    auth = digest.RequestsDigest("gswvkocq", "3f1c0c9e-private")
    auth.init_per_thread_state()
    auth._thread_local.chal = {"realm": "MMS Public API", "nonce": "n", "qop": "auth", "algorithm": "MD5"}
    return str(auth.build_digest_header("GET", "https://cloud.mongodb.com/api"))


@pytest.fixture
def _requests_hashlib() -> t.Iterator[None]:
    before = requests.auth.hashlib
    yield
    requests.auth.hashlib = before


@pytest.mark.usefixtures("_requests_hashlib")
def test_md5_is_computed_as_not_for_security(monkeypatch: pytest.MonkeyPatch) -> None:
    real = hashlib.md5

    def fips(data: bytes = b"", *, usedforsecurity: bool = True) -> t.Any:
        if usedforsecurity:
            raise ValueError("[digital envelope routines] unsupported")
        return real(data, usedforsecurity=False)

    monkeypatch.setattr(hashlib, "md5", fips)
    assert digest_header().startswith('Digest username="gswvkocq"')


@pytest.mark.parametrize(
    "error", [ValueError("disabled for FIPS"), AttributeError("md5"), RuntimeError("no"), TypeError("usedforsecurity")]
)
def test_host_without_md5_is_told_to_use_a_service_account(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(*_args: t.Any, **_options: t.Any) -> t.NoReturn:
        raise error

    monkeypatch.setattr(hashlib, "md5", refuse)
    with pytest.raises(AtlasError, match="does not allow MD5 .* Use a service account"):
        digest_header()


@pytest.mark.parametrize("error", [KeyError("realm"), TypeError(), RuntimeError("x"), AttributeError()])
def test_no_exception_escapes_from_authenticating(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_args: t.Any) -> t.NoReturn:
        raise error

    monkeypatch.setattr(requests.auth.HTTPDigestAuth, "build_digest_header", fail)
    with pytest.raises(InvalidResponse, match="cannot be answered"):
        digest_header()
