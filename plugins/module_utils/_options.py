# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The options that modules share: what each must be before anything is sent, and what they mean."""

from __future__ import annotations

import ipaddress
import os
import pathlib
import re
import typing as t
import urllib.parse

from ansible.module_utils.errors import AnsibleFallbackNotFound

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import OLDER_ROOTS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import CLIENT_ID, OBJECT_ID
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import AuthMethod
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import (
    misplaced_secrets,
    proxy_secrets,
    shown,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._select_auth import select_auth

# A year, month and day in ASCII digits; whether Atlas knows that version is for Atlas to say.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# A host name or an IP address; an internationalized name in its ASCII form.
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")

_LONGEST_TIMEOUT = 3600  # seconds
_MOST_RETRIES = 100

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

# How the auth method is found in a task's options and its environment.
SelectAuth = t.Callable[["t.Mapping[str, t.Any]", "t.Mapping[str, str]"], AuthMethod]


def environment(*names: str) -> str:
    """A fallback for an option: the first of the environment variables NAMES that is not empty.

    C(env_fallback) would take an empty one, as AWX sets it if an optional field of a credential was not filled in.
    """
    for name in names:
        if value := os.environ.get(name):
            return value
    raise AnsibleFallbackNotFound


class IdentifierOption(dict[str, t.Any]):
    """The argument spec of an option that holds an identifier, with what an identifier must be.

    C(check_options) finds it by its class. The defaults are for ansible-test, which copies a spec by its class alone.
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
    """Check what needs no connection: identifiers and C(api_version).

    :param argument_spec: the module's C(ARGUMENT_SPEC).
    :param params: its validated options.
    :raises UsageError: if an option is wrong.
    """
    for option, spec in argument_spec.items():
        if isinstance(spec, IdentifierOption) and params.get(option) is not None:
            spec.check(option, params[option])
    api_version = params["api_version"]
    if api_version not in OLDER_ROOTS and not _DATE.fullmatch(api_version):
        raise UsageError(
            f"api_version is {shown(api_version)}; it must be a date such as 2025-03-12, or v1.0, or public/v1.0."
        )


def connection_settings(
    params: t.Mapping[str, t.Any], environ: t.Mapping[str, str], select_auth: SelectAuth = select_auth
) -> tuple[ConnectionSettings, list[str]]:
    """How a task's options connect to Atlas, and what to warn of.

    :param params: the options that all modules share, validated by C(AnsibleModule).
    :param environ: the environment where the task runs; it may hold the credentials.
    :param select_auth: finds the auth method.
    :raises UsageError: if an option is wrong.
    """
    auth = select_auth(params, environ)
    warnings: list[str] = []
    base_url = _checked_base_url(params["base_url"], auth, warnings)
    settings = ConnectionSettings(
        auth,
        base_url,
        _checked_timeout(params["timeout"]),
        _checked_retries(params["retries"]),
        _checked_verify(params["validate_certs"], params["ca_path"], warnings),
        # Over plain http a token may go to this machine alone, and not to a proxy on the way there.
        direct=base_url.startswith("http://") and auth.sends_secret,
        secrets=frozenset(misplaced_secrets(params) | proxy_secrets(environ)),
    )
    return settings, warnings


def query_options(params: t.Mapping[str, t.Any]) -> dict[str, str]:
    """The shared options that are sent with every request."""
    return {option: "true" for option in ("envelope", "pretty") if params[option]}


def _checked_base_url(base_url: str, auth: AuthMethod, warnings: list[str]) -> str:
    """BASE_URL as scheme, host and port. Credentials are sent to no other place.

    Plain http is for a loopback address, and for digest: an Ops Manager listens on it by default.
    """
    try:
        parts = urllib.parse.urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"base_url cannot be understood: {error}.") from None
    if parts.username is not None or parts.password is not None:
        raise UsageError("base_url holds a user name or password. Credentials are options of their own.")
    if parts.query or parts.fragment:
        raise UsageError(
            "base_url holds a query or fragment (what follows ? or #). It must be scheme, host and port alone, such as"
            " https://cloud.mongodb.com."
        )
    if parts.scheme not in ("https", "http") or not host:
        raise UsageError(
            f"base_url is {shown(base_url)}; it must be https:// and a host, as https://cloud.mongodb.com."
        )
    authority = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    if parts.path.strip("/") or parts.netloc.lower() != authority or not _HOST.fullmatch(host):
        raise UsageError(
            f"base_url is {shown(base_url)}; it must be scheme, host and port alone, such as https://cloud.mongodb.com."
            " The path follows from api_version."
        )
    if parts.scheme == "http" and not _is_loopback(host):
        if auth.sends_secret:
            raise UsageError(
                f"base_url is {shown(base_url)}: over plain http the token or secret ({auth.describe()}) could be read"
                " on the way. Use https."
            )
        warnings.append(
            f"base_url is {base_url}: plain http. The private key is not sent, but the responses can be read."
        )
    return f"{parts.scheme}://{authority}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_timeout(timeout: float) -> float:
    if not 0 < timeout <= _LONGEST_TIMEOUT:
        raise UsageError(f"timeout is {timeout:g}; it must be more than 0 and at most {_LONGEST_TIMEOUT} seconds.")
    return timeout


def _checked_retries(retries: int) -> int:
    if not 0 <= retries <= _MOST_RETRIES:
        raise UsageError(f"retries is {retries}; it must be from 0 to {_MOST_RETRIES}.")
    return retries


def _checked_verify(validate_certs: bool, ca_path: str | None, warnings: list[str]) -> bool | str:
    if not validate_certs:
        warnings.append("validate_certs is false: any host on the way can pose as Atlas and read what is sent.")
        return False
    if ca_path is not None and not (ca_path and _exists(ca_path)):
        raise UsageError(f"ca_path is {shown(ca_path)}, which does not exist on the host where the task runs.")
    return ca_path or True


def _exists(path: str) -> bool:
    try:
        return pathlib.Path(path).exists()
    except (OSError, ValueError):  # too long a name, a folder that may not be read, a NUL
        return False
