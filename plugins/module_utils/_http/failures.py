# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What a request without a response means to a person."""

from __future__ import annotations

import os
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import TransportError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.limits import WHOLE, StaleConnection
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._requests import requests, urllib3


class ConnectionBroken(TransportError):
    """A connection that could not be made, or broke: worth another try."""


class ConnectionStale(ConnectionBroken):
    """A connection that was kept open, and that the server had closed before the request came."""


def transport_error(
    request: str, base_url: str, timeout: float, error: Exception, mask: t.Callable[[str], str]
) -> TransportError:
    """Explain an error of requests, or of what is below it.

    :param request: method and path.
    :param timeout: that of the request, in seconds.
    :param mask: removes secrets from what a library or a server said.
    """
    cause, there, kinds = mask(_cause(error)), base_url, requests.exceptions
    # Order matters: the classes overlap.
    if isinstance(error, kinds.SSLError):
        return TransportError(
            f"No TLS connection with {there} for {request}: {cause}."
            " Check base_url; if a private authority signed the host's certificate, give it as ca_path."
        )
    if isinstance(error, kinds.ProxyError):
        return TransportError(
            f"The proxy did not let {request} through to {there}: {cause}."
            " Check HTTPS_PROXY (with a user name and password, if the proxy requires them) and NO_PROXY in the"
            " environment."
        )
    if isinstance(error, kinds.Timeout):
        return TransportError(
            f"{there} did not answer {request} within {timeout:g} seconds,"
            f" or not in full within {timeout * WHOLE:g}."
            " Check base_url and the firewall, or raise timeout."
        )
    if isinstance(error, (kinds.ConnectionError, urllib3.exceptions.ProtocolError)):
        stale = any(isinstance(each, StaleConnection) for each in _chain(error))
        return (ConnectionStale if stale else ConnectionBroken)(
            f"The connection to {there} for {request} failed: {cause}. Check base_url, the network and the proxy."
        )
    return TransportError(f"{request} to {there} failed: {cause}.{_environment_advice(cause)}")


def _chain(error: BaseException) -> t.Iterator[BaseException]:
    """ERROR and what it was raised from, the innermost last."""
    each: BaseException | None = error
    while each:
        yield each
        each = each.__cause__ or each.__context__


def _cause(error: BaseException) -> str:
    """Return the innermost reason, without the wrapping of urllib3 and requests, which shows addresses of objects."""
    innermost = list(_chain(error))[-1]
    return (str(innermost) or type(innermost).__name__).rstrip(".")


def _environment_advice(cause: str) -> str:
    """Return what to do about a setting of the environment that requests cannot use."""
    if "SOCKS" in cause:
        return (
            " The proxy in the environment (HTTPS_PROXY, HTTP_PROXY or ALL_PROXY) is a SOCKS proxy:"
            " install PySocks for Ansible's Python, or use another proxy."
        )
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        path = os.environ.get(variable)
        if path and path in cause:
            return f" The environment variable {variable} names it: correct or unset it, or give ca_path."
    return ""
