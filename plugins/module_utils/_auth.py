# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The three ways to authenticate, and which of them a task has chosen.

A way holds its credentials and knows how requests are signed with them. It sends nothing itself.
"""

from __future__ import annotations

import abc
import base64
import contextlib
import json
import re
import time
import typing as t
import urllib.parse
import urllib.request

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    UnexpectedAnswer,
    UsageError,
    excerpt,
)

with contextlib.suppress(ImportError):  # the transport reports it
    from requests.auth import HTTPDigestAuth

    class _Digest(HTTPDigestAuth):
        def build_digest_header(self, method: str, url: str) -> t.Any:
            header = t.cast(t.Any, super()).build_digest_header(method, url)  # typed only in newer releases
            if header is None:
                raise UnexpectedAnswer(
                    f"The digest challenge for {method} {url} asks for an algorithm or a protection (qop) that is not"
                    " known here. Is base_url Atlas itself?",
                    401,
                )
            return header


# What a credential is made of: visible ASCII. Anything else would end or break the header that carries it.
_VISIBLE = re.compile(r"[!-~]+")

# Seconds before a token's end at which it counts as expired: a request takes time to arrive.
_MARGIN = 30.0


class Way(abc.ABC):
    """One way to authenticate.

    :param values: option to value. Options that are missing or empty are an error that names them.
    :param source: option to the name it was given by: the option itself, or an environment variable.
    :raises UsageError: when the credentials cannot be right.
    """

    # Option to the environment variables that may hold it, the first one that is not empty wins. The names are those
    # of MongoDB's own clients (shared with its CLI and Terraform provider).
    environment: t.ClassVar[dict[str, tuple[str, ...]]]
    held_by: t.ClassVar[str]  # whose credentials they are, for messages
    secret_option: t.ClassVar[str]
    sends_secret: t.ClassVar[bool] = True

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        self.values = dict(values)
        for option in self.environment:
            _check_credential(source.get(option, option), values.get(option))

    def __eq__(self, other: object) -> bool:
        """Whether somebody else comes with the same credentials."""
        return type(self) is type(other) and isinstance(other, Way) and self.values == other.values

    def __hash__(self) -> int:
        return hash((type(self), *self.values.items()))

    @classmethod
    def described(cls) -> str:
        """The options of this way, for messages."""
        return " and ".join(cls.environment)

    @abc.abstractmethod
    def sign(self, request: t.Any) -> t.Any:
        """Sign a request that C(requests) has prepared."""

    @property
    def secrets(self) -> set[str]:
        """Everything that no output may show, in all its encoded forms."""
        return encoded_forms(self.values[self.secret_option])


class KeyPair(Way):
    """An API key's two halves, by HTTP digest: the private key itself is never sent."""

    environment = {
        "public_key": ("MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"),
        "private_key": ("MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"),
    }
    held_by = "an API key"
    secret_option = "private_key"
    sends_secret = False

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        super().__init__(values, source)
        name = source.get("public_key", "public_key")
        if values["public_key"].startswith("mdb_sa_id_"):
            raise UsageError(
                f"{name} is {values['public_key']!r}, which is a service account's client ID."
                " Pass it as client_id, and the account's secret as client_secret."
            )
        if re.search(r'["\\]', values["public_key"]):
            raise UsageError(f"{name} is {values['public_key']!r}; a public key has neither quotes nor backslashes.")
        self._digest: t.Any = None

    def sign(self, request: t.Any) -> t.Any:
        """Answer the host's challenge. The nonce is kept: n requests of a thread cost n + 1."""
        if self._digest is None:
            self._digest = _Digest(self.values["public_key"], self.values["private_key"])
        request.register_hook("response", _check_challenge)
        return self._digest(request)


class AccessToken(Way):
    """A token that somebody else minted, and revokes."""

    environment = {"access_token": ("MONGODB_ATLAS_ACCESS_TOKEN",)}
    held_by = "a bearer token"
    secret_option = "access_token"

    def sign(self, request: t.Any) -> t.Any:
        """Send the token along."""
        request.headers["Authorization"] = f"Bearer {self.values['access_token']}"
        return request


class ServiceAccount(Way):
    """A client ID and secret (OAuth 2.0 client credentials), which mint a token for as long as a task needs it."""

    environment = {
        "client_id": ("MONGODB_ATLAS_CLIENT_ID",),
        "client_secret": ("MONGODB_ATLAS_CLIENT_SECRET",),
    }
    held_by = "a service account"
    secret_option = "client_secret"

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        super().__init__(values, source)
        if ":" in values["client_id"]:
            raise UsageError(f"{source.get('client_id', 'client_id')} is {values['client_id']!r}, which has a colon.")
        self.token: str | None = None
        self.proven = False  # whether Atlas has accepted the token
        self._expires_at = 0.0
        self._basic = basic(values["client_id"], values["client_secret"])
        self._secrets = encoded_forms(values["client_secret"]) | {self._basic}

    def sign(self, request: t.Any) -> t.Any:
        """Send the minted token along."""
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request

    def sign_with_secret(self, request: t.Any) -> t.Any:
        """Sign minting and revoking, which want the account's own ID and secret."""
        request.headers["Authorization"] = f"Basic {self._basic}"
        return request

    @property
    def expired(self) -> bool:
        """Whether the minted token is at its end."""
        return time.monotonic() > self._expires_at - _MARGIN

    def keep(self, answer: dict[str, t.Any], status: int) -> None:
        """Take the token out of the answer to minting, or raise what C(token_in) does."""
        token = token_in(answer, status)
        lifetime = answer.get("expires_in")
        self.token = token
        self.proven = False
        self._secrets |= encoded_forms(token)
        self._expires_at = time.monotonic() + (lifetime if isinstance(lifetime, (int, float)) else 3600)

    @property
    def secrets(self) -> set[str]:
        """The account's secret and every token that was minted with it."""
        return set(self._secrets)


# In the order in which the environment is searched, which is that of Terraform's provider.
WAYS: tuple[type[Way], ...] = (AccessToken, ServiceAccount, KeyPair)


def choose(params: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> Way:
    """The way that a task authenticates, with credentials that come whole from one place.

    If the task gives any credential, the environment is not looked at.

    :param params: the task's validated options.
    :param environ: the environment where the task runs.
    :raises UsageError: when there are none, half of them, or two ways at once.
    """
    return _choose(params, environ, WAYS)


def choose_account(params: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> Way:
    """The service account of a task that mints or revokes tokens: nothing else may, and access_token is no credential.

    Parameters and errors are those of C(choose).
    """
    if any(params.get(option) is not None for option in KeyPair.environment):
        raise UsageError(
            f"The task has {KeyPair.described()}, but only a service account mints and revokes tokens:"
            f" give {ServiceAccount.described()}."
        )
    return _choose(params, environ, (ServiceAccount,))


def _choose(params: t.Mapping[str, t.Any], environ: t.Mapping[str, str], among: tuple[type[Way], ...]) -> Way:
    from_task = {name: params[name] for way in among for name in way.environment if params.get(name) is not None}
    if from_task:
        ways = [way for way in among if from_task.keys() & way.environment.keys()]
        if len(ways) > 1:
            both = " as well as ".join(way.described() for way in reversed(ways))
            raise UsageError(f"The task has {both}: two ways to authenticate. Give one.")
        return ways[0](from_task, {})
    for way in among:
        values, source = _from_environment(way, environ)
        if values:
            return way(values, source)
    options = ", or ".join(f"{way.described()} ({way.held_by})" for way in among)
    variables = ", or ".join(" and ".join(names[0] for names in way.environment.values()) for way in among)
    raise UsageError(
        f"No credentials. Give {options}, as options, in module_defaults or in the environment ({variables})."
    )


def _from_environment(way: type[Way], environ: t.Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Values and names of the variables that hold WAY's options; empty ones count as not set, as AWX may leave them."""
    values: dict[str, str] = {}
    source: dict[str, str] = {}
    for option, names in way.environment.items():
        held = [name for name in names if environ.get(name)]
        source[option] = (held or names)[0]
        if held:
            values[option] = environ[held[0]]
    return values, source


def _check_challenge(response: t.Any, **_options: t.Any) -> None:
    """Refuse a digest challenge without a realm or nonce, which HTTPDigestAuth takes for granted."""
    challenge = str(response.headers.get("WWW-Authenticate", ""))
    if not 400 <= response.status_code < 500 or "digest" not in challenge.lower():
        return
    listed = urllib.request.parse_http_list(re.sub("digest ", "", challenge, count=1, flags=re.IGNORECASE))
    fields = dict(item.partition("=")[:2] for item in listed)
    if not (fields.get("realm") and fields.get("nonce")):
        raise UnexpectedAnswer(
            f"{response.request.method} {response.request.path_url} was answered with a digest challenge that lacks a"
            f" realm or nonce: {excerpt(challenge)}. Is base_url Atlas itself?",
            response.status_code,
        )


def _check_credential(name: str, value: str | None) -> None:
    if not value:
        raise UsageError(
            f"{name} is missing or empty. Credentials come whole from one place: the task or the environment."
        )
    if not _VISIBLE.fullmatch(value):
        hint = " Leave out the word Bearer." if value.startswith("Bearer ") else ""
        raise UsageError(
            f"{name} holds a space, a line break or a character that is not ASCII, as no credential does.{hint}"
        )


def token_in(answer: dict[str, t.Any], status: int) -> str:
    """The token in the ANSWER to minting.

    :raises UnexpectedAnswer: when there is none in it that could be sent.
    """
    token = answer.get("access_token")
    if not isinstance(token, str) or not _VISIBLE.fullmatch(token):
        raise UnexpectedAnswer("Atlas' answer to minting a token holds no access_token.", status)
    return token


def basic(user: str, password: str) -> str:
    """What HTTP Basic makes of a name and a password."""
    return base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogateescape")).decode()


def encoded_forms(secret: str) -> set[str]:
    """SECRET as it may turn up in a header, a URL, a form or JSON."""
    raw = secret.encode("utf-8", "surrogateescape")
    return {
        secret,
        urllib.parse.quote(raw),
        urllib.parse.quote(raw, safe=""),
        urllib.parse.quote_plus(raw),
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
        json.dumps(secret)[1:-1],
    }
