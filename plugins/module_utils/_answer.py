# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What came back for a request, and whether it is something that Atlas would say."""

from __future__ import annotations

import json
import math
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    AtlasError,
    Refusal,
    UnexpectedAnswer,
    advice_for,
    excerpt,
)

# What Atlas never comes near. A few bytes of JSON become hundreds in memory: values are counted before they are read.
_MOST_VALUES = 500_000
_DEEPEST = 32
_LONGEST_NUMBER = 100  # digits; reading a number takes time with their square
_LONGEST_REFUSAL = 64 * 1024  # bytes

# Half of a character beyond the first 65,536, as JSON escapes it; on its own it is no text, and cannot be written.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


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
        body, self._flaw = _json_object(content)
        self.status, self._body = _opened(status, body) if enveloped and body is not None else (status, body)

    def object(self) -> dict[str, t.Any]:
        """The JSON object in the answer.

        :raises AtlasError: the refusal, or for anything else than a JSON object an error that shows its beginning.
        """
        if 300 <= self.status < 400:
            raise self._redirect()
        if self._body is None:
            raise self.unexpected(self._flaw)
        if self.status >= 400:
            if len(self._content) > _LONGEST_REFUSAL:
                raise self.unexpected("an error of more bytes than Atlas would spend")
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
        text = self._content.strip()[:1000].decode("utf-8", "replace")
        came = f"{what}: {excerpt(text)}" if text else "nothing in it"
        kind = excerpt(self.headers.get("Content-Type", "unknown"))[1:-1]
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


def _json_object(content: bytes) -> tuple[dict[str, t.Any] | None, str]:
    """The JSON object in CONTENT, or none and why."""
    if len(content) > _MOST_VALUES and sum(content.count(sign) for sign in (b",", b"[", b"{")) > _MOST_VALUES:
        return None, "JSON of more values than Atlas would send"
    try:
        text = content.decode("utf-8-sig")
        body = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None, "no JSON object"
    if not isinstance(body, dict):
        return None, "no JSON object"
    if _too_deep(body):
        return None, "JSON nested deeper than Atlas' is"
    return (_whole_characters(body) if _HALF.search(text) else body), "no JSON object"


def _too_deep(body: dict[str, t.Any]) -> bool:
    layer: list[t.Any] = [body]
    for _level in range(_DEEPEST):
        layer = [inner for outer in layer for inner in _items(outer) if inner.__class__ in _NESTING]
        if not layer:
            return False
    return True


_NESTING = {dict, list}  # what JSON is read as, and no kind of them: so the test takes a third of the time


def _items(value: t.Any) -> t.Iterable[t.Any]:
    return value.values() if isinstance(value, dict) else value


def _whole_characters(body: dict[str, t.Any]) -> t.Any:
    """BODY with a question mark for each half of a character that has lost the other."""
    return json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))


def _refuse_constant(constant: str) -> t.NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError("too long a number")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("too large a number")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_integer, parse_float=_finite)


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
