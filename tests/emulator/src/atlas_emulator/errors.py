# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's errors. A route raises one, and the application turns it into a response.

Status and code are those that Atlas is known to use. The `detail` texts are the emulator's own unless a source is
named, because Atlas' wording is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from atlas_emulator.parser import Json
from atlas_emulator.settings import BucketSize


class APIError(Exception):
    """An error response in Atlas' format (reference)."""

    def __init__(self, status: int, code: str | None, detail: str, parameters: Sequence[str | float] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.parameters = list(parameters)
        self.headers: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        """Return the body as Atlas writes it; without a code if the one that Atlas uses is not known."""
        body = {"detail": self.detail, "error": self.status, "parameters": self.parameters}
        if self.code:
            body["errorCode"] = self.code
        return body | {"reason": HTTPStatus(self.status).phrase}


class NotAuthenticated(Exception):
    """The 401 of an unknown caller, which is also the first response of every digest exchange (wire).

    It has a format of its own: the order of its keys, no parameters, and no ``X-Error-Code``.
    """

    BODY = {
        "error": 401,
        "reason": "Unauthorized",
        "detail": "You are not authorized for this resource.",
        "errorCode": "UNEXPECTED_ERROR",
    }

    def __init__(self, challenge: str | None) -> None:
        super().__init__("You are not authorized for this resource.")
        self.headers = {"Vary": "Accept-Encoding"}
        if challenge:
            self.headers["WWW-Authenticate"] = challenge


class RateLimited(APIError):
    """The 429 of an empty bucket (docs). `wait` is in seconds."""

    def __init__(self, path: str, wait: int, size: BucketSize) -> None:
        seconds = int(size.seconds) if size.seconds == int(size.seconds) else size.seconds
        detail = (
            f"Rate limit exceeded for {path}. Please retry after {wait} seconds. "
            f"Request capacity: {size.capacity}. Refill rate: {size.refill} per {seconds} seconds."
        )
        parameters: list[str | float] = [path, wait, size.capacity, size.refill, seconds]
        super().__init__(429, "RATE_LIMITED_TOKEN_BUCKET", detail, parameters)
        self.headers["Retry-After"] = str(wait)


class BadQuery(APIError):
    """A query parameter has a wrong value. Atlas' error code for it is not known, so there is none."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(400, None, f"Invalid query parameter {name}: {problem}", [name])
        self._field = {"field": name, "description": problem}

    def body(self) -> dict[str, Any]:
        """Return the body, which names the field (reference)."""
        return super().body() | {"badRequestDetail": {"fields": [self._field]}}


class InvalidBody(APIError):
    """A request has a wrong body. The code is one of the reference's examples; which one Atlas uses is not known."""

    def __init__(self, problem: str) -> None:
        super().__init__(400, "VALIDATION_ERROR", f"Invalid request body: {problem}", [problem])


class OAuthError(Exception):
    """An error of the token endpoint, which has a format of its own (client)."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self._body = {"error": error, "error_description": description}

    def body(self) -> Json:
        """Return the body as the token endpoint writes it."""
        return self._body
