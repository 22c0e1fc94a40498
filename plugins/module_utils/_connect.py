# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""A task's options to a connection and a client: what they must be before anything is sent."""

from __future__ import annotations

import ipaddress
import pathlib
import re
import typing as t
import urllib.parse

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import Way, choose
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._client import OLDER_ROOTS, AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._session import Connection, Session

# A year, month and day in ASCII digits; whether Atlas knows that version is for Atlas to say.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# A host name or an IP address; an internationalized name in its ASCII form.
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")

_LONGEST_TIMEOUT = 3600  # seconds
_MOST_RETRIES = 100


# How a way to authenticate is found in a task's options and its environment.
Choose = t.Callable[["t.Mapping[str, t.Any]", "t.Mapping[str, str]"], Way]


def connection_for(
    params: t.Mapping[str, t.Any], environ: t.Mapping[str, str], choose: Choose = choose
) -> tuple[Connection, list[str]]:
    """How a task's options connect to Atlas, and what to warn of.

    :param params: the options that all modules share, validated by C(AnsibleModule).
    :param environ: the environment where the task runs; it may hold the credentials.
    :param choose: which credentials count.
    :raises UsageError: when an option cannot be right.
    """
    way = choose(params, environ)
    warnings: list[str] = []
    base_url = _checked_base_url(params["base_url"], way, warnings)
    connection = Connection(
        way,
        base_url,
        _checked_timeout(params["timeout"]),
        _checked_retries(params["retries"]),
        _checked_verify(params["validate_certs"], params["ca_path"], warnings),
        # Over plain http a token may go to this machine alone, and not to a proxy on the way there.
        direct=base_url.startswith("http://") and way.sends_secret,
    )
    return connection, warnings


def client_for(session: Session, params: t.Mapping[str, t.Any]) -> AtlasClient:
    """A client that uses SESSION, for a task's other shared options.

    :raises UsageError: when an option cannot be right.
    """
    query = {option: "true" for option in ("envelope", "pretty") if params[option]}
    return AtlasClient(session, _checked_api_version(params["api_version"]), query)


def _checked_base_url(base_url: str, way: Way, warnings: list[str]) -> str:
    """BASE_URL as scheme, host and port. Credentials go to no other place.

    Plain http is for a loopback address, and for digest: an Ops Manager listens on it by default.
    """
    try:
        parts = urllib.parse.urlsplit(base_url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"base_url cannot be understood: {error}.") from None
    if parts.username is not None or parts.password is not None:
        raise UsageError("base_url holds a user name or password. Credentials are options of their own.")
    if parts.scheme not in ("https", "http") or not host:
        raise UsageError(
            f"base_url is {base_url!r}; it must be https:// and a host, such as https://cloud.mongodb.com."
        )
    authority = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.netloc.lower() != authority
    if extra or not _HOST.fullmatch(host):
        raise UsageError(
            f"base_url is {base_url!r}; it must be scheme, host and port alone, such as https://cloud.mongodb.com."
            " The path follows from api_version."
        )
    if parts.scheme == "http" and not _is_loopback(host):
        if way.sends_secret:
            raise UsageError(
                f"base_url is {base_url!r}: over plain http everybody on the way could read the token or secret"
                f" ({way.described()}). Use https."
            )
        warnings.append(f"base_url is {base_url}: plain http. The private key is not sent, but the facts can be read.")
    return f"{parts.scheme}://{authority}"


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_api_version(api_version: str) -> str:
    if api_version not in OLDER_ROOTS and not _DATE.fullmatch(api_version):
        raise UsageError(
            f"api_version is {api_version!r}; it must be a date such as 2025-03-12, or v1.0, or public/v1.0."
        )
    return api_version


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
        warnings.append("validate_certs is false: whoever stands between can pose as Atlas and read what is sent.")
        return False
    if ca_path is not None and not (ca_path and _exists(ca_path)):
        raise UsageError(f"ca_path is {ca_path!r}, which does not exist on the host where the task runs.")
    return ca_path or True


def _exists(path: str) -> bool:
    try:
        return pathlib.Path(path).exists()
    except (OSError, ValueError):  # too long a name, a folder that may not be read, a NUL
        return False
