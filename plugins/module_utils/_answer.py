# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What came back for a request, and whether it is something that Atlas would say."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    AtlasError,
    Refusal,
    UnexpectedAnswer,
    advice_for,
    excerpt,
)


class Answer:
    """An answer, out of its envelope.

    :param request: method and path, for messages.
    :param status: the HTTP status.
    :param enveloped: whether an envelope was asked for. Then the HTTP status may be 200 while the one inside tells the
        truth; C(status) is the true one.
    """

    def __init__(
        self, request: str, status: int, headers: t.Mapping[str, str], content: bytes, enveloped: bool = False
    ) -> None:
        self.request = request
        self.headers = headers
        self._content = content
        body = _json_object(content)
        self.status, self._body = _opened(status, body) if enveloped and body is not None else (status, body)

    def object(self) -> dict[str, t.Any]:
        """The JSON object in the answer.

        :raises AtlasError: the refusal, or for anything else than a JSON object an error that shows its beginning.
        """
        if 300 <= self.status < 400:
            raise self._redirect()
        if self._body is None:
            raise self.unexpected("no JSON object")
        if self.status >= 400:
            raise Refusal(self.request, self.status, self._body)
        return self._body

    @property
    def unauthenticated(self) -> bool:
        """Whether Atlas does not know who asks: 401 with the code of the first answer of a digest exchange, or none.

        The other codes of a 401 say that it knows, and does not allow.
        """
        return self.status == 401 and (self._body or {}).get("errorCode") in (None, "UNEXPECTED_ERROR")

    def check(self) -> None:
        """For answers whose body does not matter.

        :raises AtlasError: when the status is not one of success.
        """
        if self.status >= 300:
            self.object()

    def unexpected(self, what: str) -> UnexpectedAnswer:
        """The error that says WHAT came, and shows its beginning."""
        text = self._content.decode("utf-8", "replace")
        came = f"{what}: {excerpt(text)}" if text.strip() else "nothing in it"
        kind = self.headers.get("Content-Type", "unknown")
        advice = advice_for(self.status, None) if self.status >= 400 else None
        return UnexpectedAnswer(
            f"The answer to {self.request} had status {self.status}, content type {kind} and {came}."
            f" Is base_url Atlas itself, or does a proxy answer in its place? {advice or ''}".rstrip(),
            self.status,
        )

    def _redirect(self) -> AtlasError:
        return UnexpectedAnswer(
            f"{self.request} was redirected ({self.status}) to {excerpt(self.headers.get('Location', 'nowhere'))}."
            " No redirect is followed, for it would carry the credentials along."
            " If you trust the place, make it base_url.",
            self.status,
        )


def _json_object(content: bytes) -> dict[str, t.Any] | None:
    try:
        body = json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _refuse_constant(constant: str) -> t.NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _opened(status: int, envelope: dict[str, t.Any]) -> tuple[int, dict[str, t.Any] | None]:
    """The true status and what the envelope holds.

    A single resource stands in C(content), or C(envelope) in some older prose; a page has its status beside C(results),
    and it is not known whether errors are wrapped or stand beside theirs: both are understood.
    """
    told = envelope.get("status")
    true_status = told if isinstance(told, int) and 100 <= told < 600 else status
    inner = envelope.get("content", envelope.get("envelope"))
    if isinstance(inner, dict):
        return true_status, inner
    if "results" in envelope or true_status >= 300:
        return true_status, envelope
    return true_status, None
