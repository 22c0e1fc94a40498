# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The options that modules share, and what identifiers must be before anything is sent."""

from __future__ import annotations

import os
import re
import typing as t

from ansible.module_utils.errors import AnsibleFallbackNotFound

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import OLDER_ROOTS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import CLIENT_ID, OBJECT_ID
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

# A year, month and day in ASCII digits; whether Atlas knows that version is for Atlas to say.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# What people pass instead of an identifier, and how to recognize it. The first that matches is named.
Hints = tuple[tuple[re.Pattern[str], str], ...]
_MISTAKEN_FOR: Hints = (
    (re.compile(r"[a-z]{8}"), "It looks like a public key; the key's ID is another thing: the list of keys has both."),
    (re.compile(r"mdb_sa_id_.*"), "A service account's client ID, which belongs in client_id or service_account_id."),
    (re.compile(r"\s*[a-f0-9]{24}\s*"), "There is white space or a line break around it."),
    (re.compile(r"[a-fA-F0-9]{24}"), "Write it in lower case."),
    (re.compile(r"[0-9]+"), "Quote it in YAML: an ID of digits alone is read as a number there."),
)
_MISTAKEN_FOR_CLIENT_ID: Hints = (
    (re.compile(r"[a-z]{8}"), "It looks like the public key of an API key."),
    (re.compile(r"\s*mdb_sa_id_[a-fA-F0-9]{24}\s*"), "There is white space or a line break around it."),
)


def environment(*names: str) -> str:
    """A fallback for an option: the first of the environment variables NAMES that is not empty.

    ``env_fallback`` would take an empty one, as AWX sets it if an optional field of a credential was not filled in.
    """
    for name in names:
        if value := os.environ.get(name):
            return value
    raise AnsibleFallbackNotFound


class IdentifierOption(dict[str, t.Any]):
    """The argument spec of an option that holds an identifier, with what an identifier must be.

    ``check_options`` finds it by its class. The defaults are for ansible-test, which copies a spec by its class alone.
    """

    def __init__(self, pattern: t.Any = re.compile(""), description: str = "", mistaken_for: Hints = (), **spec: t.Any):
        super().__init__(type="str", **spec)
        self._pattern = pattern
        self._description = description
        self._mistaken_for = mistaken_for

    def check(self, option: str, value: str) -> None:
        """Refuse an identifier that Atlas cannot have given.

        :raises UsageError: with the option, its value and what it may have been mistaken for.
        """
        if not self._pattern.fullmatch(value):
            hint = next((hint for pattern, hint in self._mistaken_for if pattern.fullmatch(value)), "")
            raise UsageError(f"{option} is {shown(value)}; it must be {self._description}. {hint}".rstrip())


def object_id(**spec: t.Any) -> IdentifierOption:
    """The argument spec of an option that holds the ID of an organization, a project or an API key."""
    return IdentifierOption(OBJECT_ID, "24 hexadecimal digits in lower case", _MISTAKEN_FOR, **spec)


def org_id(**spec: t.Any) -> IdentifierOption:
    """The argument spec of the organization's ID, which the environment may hold."""
    return object_id(fallback=(environment, ["MONGODB_ATLAS_ORG_ID"]), **spec)


def service_account_id(**spec: t.Any) -> IdentifierOption:
    """The argument spec of an option that holds a service account's client ID, as the account that is asked for."""
    return IdentifierOption(CLIENT_ID, "mdb_sa_id_ and 24 hexadecimal digits", _MISTAKEN_FOR_CLIENT_ID, **spec)


# Credentials have no fallback here: they come whole from one place, which the authentication decides.
SHARED_OPTIONS: dict[str, dict[str, t.Any]] = {
    "public_key": {"type": "str"},
    "private_key": {"type": "str", "no_log": True},
    "access_token": {"type": "str", "no_log": True},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True},
    "base_url": {
        "type": "str",
        "default": "https://cloud.mongodb.com",
        "fallback": (environment, ["MONGODB_ATLAS_BASE_URL"]),
    },
    "api_version": {"type": "str", "default": "2025-03-12"},
    "timeout": {"type": "float", "default": 30},
    "retries": {"type": "int", "default": 4},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "envelope": {"type": "bool", "default": False},
    "pretty": {"type": "bool", "default": False},
}


def check_options(argument_spec: t.Mapping[str, t.Any], params: t.Mapping[str, t.Any]) -> None:
    """Check what needs no connection: identifiers and ``api_version``.

    :param argument_spec: the module's ``ARGUMENT_SPEC``.
    :param params: its validated options.
    :raises UsageError: if an option is wrong.
    """
    _check_identifiers(argument_spec, params)
    api_version = params["api_version"]
    if api_version not in OLDER_ROOTS and not _DATE.fullmatch(api_version):
        raise UsageError(
            f"api_version is {shown(api_version)}; it must be a date such as 2025-03-12, or v1.0, or public/v1.0."
        )


def _check_identifiers(argument_spec: t.Mapping[str, t.Any], params: t.Mapping[str, t.Any], parent: str = "") -> None:
    """Check the identifiers in PARAMS and in their suboptions. PARENT is the option that they are suboptions of."""
    for option, spec in argument_spec.items():
        value = params.get(option)
        if value is None:
            continue
        if isinstance(spec, IdentifierOption):
            spec.check(parent + option, value)
        elif "options" in spec and spec["type"] == "dict":
            _check_identifiers(spec["options"], value, f"{parent}{option}.")
        elif "options" in spec:
            for number, item in enumerate(value):
                _check_identifiers(spec["options"], item, f"{parent}{option}[{number}].")


def query_options(params: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The shared options that are sent with every request."""
    return {option: "true" for option in ("envelope", "pretty") if params[option]}
