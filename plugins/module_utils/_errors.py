# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What can go wrong between a task and Atlas, and what a person should do about it."""

from __future__ import annotations

import typing as t

_GRANT_ACCESS = (
    "Give the requesting API key or service account the role Organization Member (or more) in this organization."
)

# Atlas knows the requesting key or service account, and does not allow it to read what was asked for.
_ACCESS_DENIED = {
    "USER_UNAUTHORIZED": _GRANT_ACCESS,
    "USER_CANNOT_ACCESS_ORG": _GRANT_ACCESS + " Atlas answers the same if org_id does not exist.",
    "NOT_ORG_GROUP_CREATOR": _GRANT_ACCESS,
    "NOT_IN_GROUP": "Give the requesting API key or service account a role in this project, or check project_id.",
    "API_KEY_ACCESS_LIST_ACCESS_DENIED": (
        "Use the API key that the access list belongs to, or one with the role Organization Owner."
    ),
}

_ADVICE_BY_CODE = {
    **_ACCESS_DENIED,
    "PATH_PARAM_PARSE_ERROR": "Pass IDs of 24 hexadecimal digits; an API key's public key is not its ID.",
    "API_KEY_NOT_FOUND": "Check api_user_id, and that the key belongs to this org_id.",
    "ORG_REQUIRES_ACCESS_LIST": (
        "The organization requires an access list: add the address you call from to that of the requesting API key."
    ),
    "IP_ADDRESS_NOT_ON_ACCESS_LIST": (
        "Add the address you call from to the access list of the requesting API key or service account."
    ),
    "ORG_NOT_FOUND": "Check org_id and base_url.",
    "INVALID_ORG_ID": "Check org_id and base_url.",
    "NOT_ATLAS_ORG": "Check org_id and base_url: the organization is not one of Atlas.",
    "GROUP_NOT_FOUND": "Check project_id and base_url.",
    "RESOURCE_NOT_FOUND": "Check the IDs, base_url and api_version.",
    "INVALID_VERSION_DATE": "Choose another api_version; 2025-03-12 is the collection's default.",
    "VERSION_GONE": "Atlas no longer serves this api_version; choose a later one.",
    # OAuth 2.0 error codes.
    "invalid_client": "Check client_id and client_secret, that the secret has not expired, and base_url.",
    "access_denied": (
        "A service account may have 100 live tokens, each for an hour: revoke some, wait,"
        " or mint one and give it to all tasks as access_token."
    ),
}

_ADVICE_BY_STATUS = {
    401: "Check the credentials, and that they belong to this host (base_url).",
    403: "The credentials were recognized, but may not do this: check the roles and access lists.",
    404: "Check the IDs, base_url and api_version.",
    406: "Choose another api_version.",
    407: "The proxy requires credentials: check the proxy's URL in the environment.",
    410: "Choose a later api_version.",
    429: (
        "Too many requests: wait a minute, raise retries, or ask for the list instead of one key at a time."
        " If they were for tokens, let tasks share one (module access_token)."
    ),
    500: "Try again; if it stays so, ask MongoDB's support.",
    502: "Try again later.",
    503: "Try again later.",
    504: "Try again later.",
}

# How much of an unknown response a message shows, in characters.
_EXCERPT = 200


class AtlasError(Exception):
    """A task failed. Its text is the task's ``msg``, without secrets.

    ``partial`` is what the task changed before it failed, as fields of its result.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.partial: dict[str, t.Any] = {}

    def details(self) -> dict[str, t.Any]:
        """Return what the failed task returns in addition to ``msg``, for ``rescue`` and ``failed_when``."""
        return {}

    def keep(self, **fields: t.Any) -> None:
        """Add fields to ``partial``."""
        self.partial.update(fields)

    def amend(self, text: str) -> None:
        """Replace the text. What the error is, and ``details``, stay."""
        self.args = (text,)


class UsageError(AtlasError):
    """An option is wrong. Nothing was sent."""


class TransportError(AtlasError):
    """No response: no connection, a broken one, an untrusted certificate, a time-out, a response that is too large."""


class Interrupted(AtlasError):
    """A signal ended the task. Its token is revoked, as after any other failure."""


class InvalidResponse(AtlasError):
    """A response that Atlas would not send: no JSON, another shape, another resource, a redirect."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status

    def details(self) -> dict[str, t.Any]:
        """Return the HTTP status; nothing else is known."""
        return {"status": self.status}


class APIError(AtlasError):
    """Atlas refused the request. Carries the fields of its error response.

    :param request: method and path, for the message.
    :param status: the HTTP status (or the envelope's).
    :param body: the error response as parsed JSON, without secrets. Only ``error`` and ``errorCode`` are promised,
        older responses lack ``errorCode``, and OAuth responses have ``error`` as a string with ``error_description``.
    """

    def __init__(self, request: str, status: int, body: dict[str, t.Any]) -> None:
        is_oauth = isinstance(body.get("error"), str)
        self.status = status
        self.error_code = _text(body.get("error") if is_oauth else body.get("errorCode"))
        self.reason = _text(body.get("reason"))
        self.detail = _text(body.get("error_description") if is_oauth else body.get("detail"))
        parameters = body.get("parameters")
        self.parameters = parameters if isinstance(parameters, list) else []
        self.bad_request_detail = body.get("badRequestDetail")
        super().__init__(self._message(request))

    @property
    def access_denied(self) -> bool:
        """Whether Atlas knows who asks and does not allow it. Never true for a failed authentication."""
        return self.status in (401, 403) and self.error_code in _ACCESS_DENIED

    def _message(self, request: str) -> str:
        error = " ".join(str(part) for part in (self.status, self.error_code or self.reason) if part)
        sentences = [f"Atlas refused {request}: {error}."]
        if self.detail:
            sentences.append(self.detail if self.detail.endswith(".") else self.detail + ".")
        if other := [str(value) for value in self.parameters if str(value) not in (self.detail or "")]:
            sentences.append(f"Parameters: {', '.join(other)}.")
        if self.bad_request_detail:
            sentences.append(f"Fields: {self.bad_request_detail}.")
        if advice := advice_for(self.status, self.error_code):
            sentences.append(advice)
        # The text comes from a server and is shown in a terminal: no control characters.
        return "".join(char if char.isprintable() else " " for char in " ".join(sentences))

    def details(self) -> dict[str, t.Any]:
        """All fields of Atlas' error response, with their value or null."""
        return {
            "status": self.status,
            "error_code": self.error_code,
            "reason": self.reason,
            "detail": self.detail,
            "parameters": self.parameters,
            "bad_request_detail": self.bad_request_detail,
        }


def advice_for(status: int, error_code: str | None) -> str | None:
    """Return what to do about an API error: by its code, else by its HTTP status."""
    return _ADVICE_BY_CODE.get(error_code or "") or _ADVICE_BY_STATUS.get(status)


def excerpt(text: str) -> str:
    """Return the beginning of TEXT on one line, short enough for a message. Mask secrets in TEXT before."""
    line = " ".join(text.split())
    return repr(line if len(line) <= _EXCERPT else line[:_EXCERPT] + "…")


def _text(value: t.Any) -> str | None:
    return None if value is None else str(value)
