# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Why something is not known: the cause, the reason in words, the role that is missing, and what to do."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import Form, text

ORGANIZATION: t.Final = "organization"

# What Atlas' reference asks for; the access list of an API key is refused to everybody but its owner and this role.
_OWNER, _READ_ONLY, _MEMBER = "Organization Owner", "Organization Read Only", "Organization Member"
ROLES: t.Final = {
    ORGANIZATION: _MEMBER,
    "settings": _MEMBER,
    "api_keys": _MEMBER,
    "service_accounts": _READ_ONLY,
    "projects": _MEMBER,
    "events": _MEMBER,
}
# Of a part of a credential.
CREDENTIAL_ROLES: t.Final = {
    (API_KEY, "access_list"): _OWNER,
    (SERVICE_ACCOUNT, "access_list"): _READ_ONLY,
    (SERVICE_ACCOUNT, "projects"): _READ_ONLY,
}

# Error codes with which Atlas says that it knows the reader, and that the reader may not do this.
_DENIED: t.Final = frozenset(
    {
        "API_KEY_ACCESS_LIST_ACCESS_DENIED",
        "NOT_IN_GROUP",
        "NOT_ORG_GROUP_CREATOR",
        "USER_CANNOT_ACCESS_ORG",
        "USER_UNAUTHORIZED",
    }
)
_ACCESS_LIST: t.Final = frozenset({"IP_ADDRESS_NOT_ON_ACCESS_LIST", "ORG_REQUIRES_ACCESS_LIST"})
_LIBRARIES: t.Final = ("requests", "urllib3")

_LIST_NAMES: t.Final = {"api_keys": "API keys"}
_REMEDIATION: t.Final = {
    "unauthorized": "Check the credentials of the reader and base_url, and audit again.",
    "network": "Check base_url, the network and the proxy, and audit again.",
    "requests_missing": "Install the Python library requests where the module runs, and audit again.",
    "incomplete": "Audit again. If the list stays incomplete, compare it with Atlas' own interface and report it to"
    " MongoDB.",
    "unknown_form": "Compare the field with Atlas' own interface. If Atlas has changed it, this collection must learn"
    " the new form: report the field and its value.",
    "error": "Solve what the message says, and audit again.",
}


def list_name(part: str) -> str:
    """Return the name of a list in words."""
    return _LIST_NAMES.get(part, part.replace("_", " "))


def not_read(part: str, reason: str, remediation: str) -> Unknown:
    """Return why something is not known that nobody asked for."""
    return Unknown(part, "not_read", reason, None, remediation)


def not_recorded(part: str, reason: str, remediation: str) -> Unknown:
    """Return why something is not known that Atlas does not record."""
    return Unknown(part, "not_recorded", reason, None, remediation)


def inherited(reason: str) -> Unknown:
    """Return why the reach of a credential is not known that inherits the access list of the Atlas UI."""
    remediation = (
        "Turn the inheritance off, so that the credential's own access list decides where it can be used from."
    )
    return Unknown("reach", "inherited", reason, None, remediation)


def incomplete(part: str) -> Unknown:
    """Return why something is not known that may be among the elements of a list that did not arrive."""
    reason = f"The list of {list_name(part)} is not complete, or a list inside it is not."
    return Unknown(part, "incomplete", reason, None, _REMEDIATION["incomplete"])


def unknown_form(form: Form) -> Unknown:
    """Return why something is not known that depends on a field with an unknown form."""
    return Unknown(form.field, "unknown_form", form.evidence, None, _REMEDIATION["unknown_form"])


def denied(part: str, reason: str, role: str | None) -> Unknown:
    """Return why something is not known that the reader may not read."""
    remediation = f"Give the reader the role {role or 'that it needs'}, and audit again."
    return Unknown(part, "access_denied", reason, role, remediation)


def failed(part: str, failure: t.Mapping[str, t.Any], what: str) -> Unknown:
    """Return why a part is not known whose task failed.

    :param failure: what the failed task returned: ``status``, ``error_code``, ``msg``; any may be missing.
    :param what: names the part in a sentence.
    """
    status, code, message = failure.get("status"), text(failure.get("error_code")) or "", text(failure.get("msg")) or ""
    reason = f"{what} could not be read: {message}" if message else f"{what} could not be read."
    if code in _ACCESS_LIST:
        remediation = "Add the address that the audit runs from to the access list of the reader, and audit again."
        return Unknown(part, "access_denied", reason, None, remediation)
    if code in _DENIED or status == 403:
        return denied(part, reason, ROLES.get(part))
    cause = _cause(status, message)
    return Unknown(part, cause, reason, None, _REMEDIATION[cause])


def _cause(status: object, message: str) -> str:
    if status == 401:
        return "unauthorized"
    if "Python library" in message and any(library in message for library in _LIBRARIES):
        return "requests_missing"
    # A task that failed without a status got no response, unless it sent nothing. The modules say which of these it
    # was.
    has_no_response = status is None and any(
        sign in message for sign in ("connection", "did not answer", "proxy", "TLS")
    )
    return "network" if has_no_response else "error"
