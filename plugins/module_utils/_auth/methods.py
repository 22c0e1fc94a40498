# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The auth methods.

An auth method holds its credentials and authenticates requests with them. It sends nothing itself.
"""

from __future__ import annotations

import abc
import functools
import re
import time
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.digest import RequestsDigest, check_challenge
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    InvalidResponse,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import (
    MIN_SECRET,
    basic_credentials,
    encoded_forms,
    shown,
)

# What a credential is made of: visible ASCII. Anything else would end or break the header that carries it.
_VISIBLE = re.compile(r"[!-~]+")

# Seconds before its expiry at which a token is replaced: a request takes time to arrive. At most half of its lifetime.
_MARGIN = 30.0


class AuthMethod(abc.ABC):
    """One way to authenticate.

    :param values: option to value. Options that are missing or empty are an error that names them.
    :param source: option to the name it was given by: the option itself, or an environment variable.
    :raises UsageError: if the credentials cannot be right.
    """

    # Option to the environment variables that may hold it; the first one that is not empty is used. The names are those
    # of MongoDB's own clients (shared with its CLI and Terraform provider).
    environment: t.ClassVar[dict[str, tuple[str, ...]]]
    owner: t.ClassVar[str]  # whose credentials they are, for messages
    secret_option: t.ClassVar[str]
    sends_secret: t.ClassVar[bool] = True

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        self.values = dict(values)
        for option in self.environment:
            name = source.get(option, option)
            _check_credential(name, values.get(option), secret=option == self.secret_option)

    def __eq__(self, other: object) -> bool:
        """Whether the other one has the same credentials."""
        return type(self) is type(other) and isinstance(other, AuthMethod) and self.values == other.values

    def __hash__(self) -> int:
        return hash((type(self), *self.values.items()))

    @classmethod
    def describe(cls) -> str:
        """The options of this auth method, for messages."""
        return " and ".join(cls.environment)

    @abc.abstractmethod
    def authenticate(self, request: t.Any) -> t.Any:
        """Authenticate a request that ``requests`` has prepared."""

    @property
    def secrets(self) -> set[str]:
        """Everything that no output may show, in all its encoded forms."""
        return encoded_forms(self.values[self.secret_option])


class DigestAuth(AuthMethod):
    """The public and private key of an API key, by HTTP digest: the private key itself is never sent."""

    environment = {
        "public_key": ("MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY"),
        "private_key": ("MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY"),
    }
    owner = "an API key"
    secret_option = "private_key"
    sends_secret = False

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        super().__init__(values, source)
        name, public_key = source.get("public_key", "public_key"), values["public_key"]
        if public_key.startswith("mdb_sa_id_"):
            raise UsageError(
                f"{name} is {shown(public_key)}, which is a service account's client ID."
                " Pass it as client_id, and the account's secret as client_secret."
            )
        if ":" in public_key:
            raise UsageError(
                f"{name} has a colon. Give what comes before it as public_key, and what comes after it as private_key."
            )
        if re.search(r'["\\]', public_key):
            raise UsageError(f"{name} is {shown(public_key)}; a public key has neither quotes nor backslashes.")
        self._digest: t.Any = None

    def authenticate(self, request: t.Any) -> t.Any:
        """Answer the host's challenge. The nonce is kept: n requests of a thread cost n + 1."""
        if self._digest is None:
            self._digest = RequestsDigest(self.values["public_key"], self.values["private_key"])
        request.register_hook("response", functools.partial(check_challenge, secrets=self.secrets))
        return self._digest(request)


class BearerToken(AuthMethod):
    """An access token that was minted elsewhere. The collection does not revoke it."""

    environment = {"access_token": ("MONGODB_ATLAS_ACCESS_TOKEN",)}
    owner = "a bearer token"
    secret_option = "access_token"

    def authenticate(self, request: t.Any) -> t.Any:
        """Send the token with the request."""
        request.headers["Authorization"] = f"Bearer {self.values['access_token']}"
        return request


class MintedToken(t.NamedTuple):
    """A token of a service account and when it must be replaced, in seconds of ``time.monotonic``."""

    text: str
    replace_at: float

    def authenticate(self, request: t.Any) -> t.Any:
        """Send the token with the request."""
        request.headers["Authorization"] = f"Bearer {self.text}"
        return request


class ServiceAccount(AuthMethod):
    """A client ID and secret (OAuth 2.0 client credentials), which mint a token for as long as a task needs it."""

    environment = {
        "client_id": ("MONGODB_ATLAS_CLIENT_ID",),
        "client_secret": ("MONGODB_ATLAS_CLIENT_SECRET",),
    }
    owner = "a service account"
    secret_option = "client_secret"

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        super().__init__(values, source)
        if ":" in values["client_id"]:
            raise UsageError(
                f"{source.get('client_id', 'client_id')} has a colon."
                " Give the part before the colon as client_id and the part after it as client_secret."
            )
        self._basic = basic_credentials(values["client_id"], values["client_secret"])
        self._secrets = encoded_forms(values["client_secret"]) | {self._basic}

    def authenticate(self, request: t.Any) -> t.Any:
        """Send the account's own ID and secret, which minting and revoking need."""
        request.headers["Authorization"] = f"Basic {self._basic}"
        return request

    def minted_token(self, response: dict[str, t.Any], status: int) -> MintedToken:
        """The token in the RESPONSE to minting.

        A lifetime that is missing, zero or negative is not known: the token is used until Atlas refuses it.

        :raises InvalidResponse: if there is no token that could be sent.
        """
        text = token_in(response, status)
        self._secrets |= encoded_forms(text)
        lifetime = response.get("expires_in")
        if not isinstance(lifetime, (int, float)) or lifetime <= 0:
            return MintedToken(text, float("inf"))
        return MintedToken(text, time.monotonic() + lifetime - min(_MARGIN, lifetime / 2))

    @property
    def secrets(self) -> set[str]:
        """The account's secret and every token that was minted with it."""
        return set(self._secrets)


def _check_credential(name: str, value: str | None, secret: bool) -> None:
    if not value:
        raise UsageError(
            f"{name} is missing or empty. Credentials come whole from one place: the task or the environment."
        )
    if not _VISIBLE.fullmatch(value):
        hint = " Leave out the word Bearer." if value.startswith("Bearer ") else ""
        if _VISIBLE.fullmatch(value.strip()):
            hint = (
                " It is at the beginning or the end: remove it. If the value was encrypted with"
                " ansible-vault encrypt_string --stdin-name, encrypt it again with --prompt."
            )
        raise UsageError(
            f"{name} holds a space, a line break or a character that is not ASCII, as no credential does.{hint}"
        )
    if secret and len(value) < MIN_SECRET:
        raise UsageError(
            f"{name} has less than {MIN_SECRET} characters. No secret of Atlas is that short, and masking it in"
            " the output would damage results. Check the value."
        )


def token_in(response: dict[str, t.Any], status: int) -> str:
    """The token in the RESPONSE to minting.

    :raises InvalidResponse: if there is none that could be sent.
    """
    token = response.get("access_token")
    if not isinstance(token, str) or not _VISIBLE.fullmatch(token) or len(token) < MIN_SECRET:
        raise InvalidResponse("Atlas' response to minting a token has no access_token that could be sent.", status)
    return token
