# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's refusals, which the routes raise and one place turns into answers.

Status and code are those that Atlas is known to use; the `detail` texts, unless a source is named, are the emulator's
own, for Atlas' wording is not known.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from atlas_emulator.reading import Json


class Refusal(Exception):
    """An answer that is an error, in Atlas' shape (reference)."""

    def __init__(self, status: int, code: str | None, detail: str, parameters: list[str | int] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.parameters = parameters or []
        self.headers: dict[str, str] = {}

    def body(self) -> dict[str, Any]:
        """The error as Atlas writes it; without a code where the one that Atlas uses is not known."""
        body = {"detail": self.detail, "error": self.status, "parameters": self.parameters}
        if self.code:
            body["errorCode"] = self.code
        return body | {"reason": HTTPStatus(self.status).phrase}


class NotAuthenticated(Refusal):
    """The 401 of an unknown caller, which is also the first answer of every digest exchange (wire)."""

    def __init__(self, challenge: str | None) -> None:
        super().__init__(401, "UNEXPECTED_ERROR", "You are not authorized for this resource.")
        if challenge:
            self.headers["WWW-Authenticate"] = challenge

    def body(self) -> dict[str, Any]:
        """This one has no parameters (wire)."""
        body = super().body()
        del body["parameters"]
        return body


class BadQuery(Refusal):
    """A query parameter is out of its range. Atlas' error code for it is not known, so there is none."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(400, None, f"Invalid query parameter {name}: {problem}", [name])
        self._field = {"field": name, "description": problem}

    def body(self) -> dict[str, Any]:
        """Name the field as the reference says."""
        return super().body() | {"badRequestDetail": {"fields": [self._field]}}


class OAuthRefusal(Exception):
    """An error of the token endpoint, whose shape is another one (client)."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self._body = {"error": error, "error_description": description}

    def body(self) -> Json:
        """The error as the token endpoint writes it."""
        return self._body
