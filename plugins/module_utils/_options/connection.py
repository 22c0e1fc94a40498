# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Options for the connection: where it goes to, how long it may take, and which certificates are trusted."""

from __future__ import annotations

import ipaddress
import pathlib
import re
import typing as t
import urllib.parse

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.method import AuthMethod
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.select import select_auth
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import ConnectionSettings
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import (
    misplaced_secrets,
    proxy_secrets,
    shown,
)

# A host name or an IP address; an internationalized name in its ASCII form.
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")

_MAX_TIMEOUT = 3600  # seconds
_MAX_RETRIES = 100

# How the auth method is found in a task's options and its environment.
SelectAuth = t.Callable[["t.Mapping[str, t.Any]", "t.Mapping[str, str]"], AuthMethod]


def connection_settings(
    params: t.Mapping[str, t.Any], environ: t.Mapping[str, str], select_auth: SelectAuth = select_auth
) -> tuple[ConnectionSettings, list[str]]:
    """Return how a task's options connect to Atlas, and what to warn of.

    :param params: the options that all modules share, validated by ``AnsibleModule``.
    :param environ: the environment where the task runs; it may contain the credentials.
    :param select_auth: finds the auth method.
    :raises UsageError: if an option is wrong.
    """
    auth = select_auth(params, environ)
    warnings: list[str] = []
    base_url = _check_base_url(params["base_url"], auth, warnings)
    settings = ConnectionSettings(
        auth,
        base_url,
        _check_timeout(params["timeout"]),
        _check_retries(params["retries"]),
        _check_verify(params["validate_certs"], params["ca_path"], warnings),
        # Over plain http a token may go to this machine alone, and not to a proxy on the way there.
        direct=base_url.startswith("http://") and auth.sends_secret,
        secrets=frozenset(misplaced_secrets(params) | proxy_secrets(environ)),
    )
    return settings, warnings


def _check_base_url(base_url: str, auth: AuthMethod, warnings: list[str]) -> str:
    """Return BASE_URL as scheme, host and port. Credentials are sent to no other place.

    Plain http is for a loopback address, and for digest: an Ops Manager listens on it by default.
    """
    try:
        parts = urllib.parse.urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"base_url cannot be understood: {error}.") from None
    if parts.username is not None or parts.password is not None:
        raise UsageError("base_url contains a user name or password. Credentials are options of their own.")
    if parts.query or parts.fragment:
        raise UsageError(
            "base_url contains a query or fragment (what follows ? or #). It must be scheme, host and port alone, such"
            " as https://cloud.mongodb.com."
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


def _check_timeout(timeout: float) -> float:
    if not 0 < timeout <= _MAX_TIMEOUT:
        raise UsageError(f"timeout is {timeout:g}; it must be more than 0 and at most {_MAX_TIMEOUT} seconds.")
    return timeout


def _check_retries(retries: int) -> int:
    if not 0 <= retries <= _MAX_RETRIES:
        raise UsageError(f"retries is {retries}; it must be from 0 to {_MAX_RETRIES}.")
    return retries


def _check_verify(validate_certs: bool, ca_path: str | None, warnings: list[str]) -> bool | str:
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
