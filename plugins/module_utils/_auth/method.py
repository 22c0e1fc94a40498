# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What every auth method is and checks."""

from __future__ import annotations

import abc
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import MIN_SECRET, encoded_forms

# What a credential is made of: visible ASCII. Anything else would end or break the header that carries it.
VISIBLE = re.compile(r"[!-~]+")


class AuthMethod(abc.ABC):
    """Credentials, and how they authenticate a request. Sends nothing itself.

    :param values: option to value. Options that are missing or empty are an error that names them.
    :param source: option to the name it was given by: the option itself, or an environment variable.
    :raises UsageError: if the credentials cannot be right.
    """

    # Option to the environment variables that may hold it; the first one that is not empty is used. The names are those
    # of MongoDB's own clients (shared with its CLI and Terraform provider).
    environment: t.ClassVar[dict[str, tuple[str, ...]]]
    owner: t.ClassVar[str]  # whose credentials they are, for messages
    kind: t.ClassVar[str]  # the same as a word for results
    secret_option: t.ClassVar[str]
    sends_secret: t.ClassVar[bool] = True

    def __init__(self, values: t.Mapping[str, str], source: t.Mapping[str, str]) -> None:
        self.values = dict(values)
        for option in self.environment:
            name = source.get(option, option)
            _check_credential(name, values.get(option), secret=option == self.secret_option)

    def __eq__(self, other: object) -> bool:
        """Return whether the other one has the same credentials."""
        return type(self) is type(other) and isinstance(other, AuthMethod) and self.values == other.values

    def __hash__(self) -> int:
        return hash((type(self), *self.values.items()))

    @classmethod
    def describe(cls) -> str:
        """Return the options of this auth method, for messages."""
        return " and ".join(cls.environment)

    @property
    def identifier(self) -> str | None:
        """Return what identifies the credentials and is not secret; None if there is no such part."""
        return next((self.values[option] for option in self.environment if option != self.secret_option), None)

    @abc.abstractmethod
    def authenticate(self, request: t.Any) -> t.Any:
        """Authenticate a request that ``requests`` has prepared."""

    @abc.abstractmethod
    def is_own(self, identifier: t.Any) -> bool | None:
        """Return whether a credential of Atlas is the one that authenticates here; None if that is not known.

        Never raises. A task that is about to cut itself off asks this.

        :param identifier: what identifies the credential in Atlas' responses: the public key of an API key, the client
            ID of a service account, or None if the response lacks it.
        """

    @property
    def secrets(self) -> set[str]:
        """Everything that no output may show, in all its encoded forms."""
        return encoded_forms(self.values[self.secret_option])


def _check_credential(name: str, value: str | None, secret: bool) -> None:
    if not value:
        raise UsageError(
            f"{name} is missing or empty. Credentials come whole from one place: the task or the environment."
        )
    if not VISIBLE.fullmatch(value):
        hint = " Leave out the word Bearer." if value.startswith("Bearer ") else ""
        if VISIBLE.fullmatch(value.strip()):
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
