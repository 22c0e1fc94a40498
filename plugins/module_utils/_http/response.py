# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""A response, and whether it is one that Atlas would send."""

from __future__ import annotations

import json
import math
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    advice_for,
    excerpt,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import mask_response, mask_values

# Bounds that Atlas never comes near. A few bytes of JSON become hundreds in memory: values are counted before parsing.
_MAX_VALUES = 500_000
_DEEPEST = 32
_MAX_DIGITS = 100  # digits; parsing a number takes time with their square
_MAX_ERROR = 64 * 1024  # bytes

# Half of a surrogate pair, as JSON escapes it; on its own it is not a character, and cannot be written.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

# The statuses of a successful write. Recorded responses differ from the reference, so all of them are accepted. With
# others, as 207, only a part may have been written.
_WRITTEN = frozenset((200, 201, 202, 204))

_ANY_SUCCESS = frozenset(range(200, 300))

Mask = t.Callable[[str], str]


class Response:
    """A response, without its envelope.

    :param request: method and path, for messages.
    :param status: the HTTP status.
    :param mask: removes the session's secrets from a text.
    :param enveloped: whether an envelope was requested. Then the HTTP status may be 200 while the one in the envelope
        is an error; ``status`` is that of the envelope. A success is one only if both statuses say so.
    """

    def __init__(
        self,
        request: str,
        status: int,
        headers: t.Mapping[str, str],
        content: bytes,
        mask: Mask = str,
        enveloped: bool = False,
    ) -> None:
        self.request = request
        self.headers = headers
        self._content = content
        self._mask = mask
        self.status = self._http_status = status
        self._body, self._flaw = _json_object(content)
        if enveloped and self._body is not None and not 300 <= status < 400:
            self.status, self._body, self._flaw = _opened(status, self._body)

    def resource(self) -> dict[str, t.Any]:
        """Return the JSON object of a successful read.

        :raises AtlasError: Atlas' error, regardless of the HTTP status; for anything but status 200 with a JSON object,
            an error that shows the beginning of the response.
        """
        self._raise_errors()
        if not self.status == self._http_status == 200:
            raise self.invalid("a status that is neither success nor an error")
        if self._body is None:
            raise self.invalid(self._flaw)
        return self._body

    def written(self) -> dict[str, t.Any]:
        """Return the JSON object of a successful write; empty if the response is.

        :raises AtlasError: as ``resource`` does.
        """
        self._raise_errors()
        self._check_status(_WRITTEN)
        if self._body is None and self._content.strip():
            raise self.invalid(self._flaw)
        return self._body or {}

    def minted(self) -> dict[str, t.Any]:
        """Return the JSON object of any 2xx: a token that was minted must not be lost.

        :raises AtlasError: as ``resource`` does.
        """
        self._raise_errors()
        self._check_status(_ANY_SUCCESS)
        if self._body is None:
            raise self.invalid(self._flaw)
        return self._body

    def _check_status(self, expected: frozenset[int]) -> None:
        if not {self.status, self._http_status} <= expected:
            raise self.invalid("a status that is neither success nor an error")

    @property
    def unauthenticated(self) -> bool:
        """Whether the authentication failed: a 401 with the error code of a digest challenge, or none.

        With the other error codes of a 401 the authentication succeeded, and the access is denied.
        """
        return self.status == 401 and (self._body or {}).get("errorCode") in (None, "UNEXPECTED_ERROR")

    def invalid(self, problem: str) -> InvalidResponse:
        """Return the error that names the PROBLEM and shows the beginning of the response."""
        text = self._mask(mask_response(self._content.strip().decode("utf-8", "replace")))
        problem = f"{problem}: {excerpt(text)}" if text else "nothing in it"
        content_type = excerpt(self._mask(self.headers.get("Content-Type", "unknown")))[1:-1]
        advice = advice_for(self.status, None) if self.status >= 400 else None
        in_envelope = "" if self.status == self._http_status else f" ({self.status} in its envelope)"
        return InvalidResponse(
            f"The response to {self.request} had status {self._http_status}{in_envelope}, content type {content_type}"
            f" and {problem}. Is base_url Atlas itself, or does a proxy answer in its place? {advice or ''}".rstrip(),
            self.status,
        )

    def _raise_errors(self) -> None:
        if 300 <= self.status < 400:
            raise self._redirect()
        body = self._body
        if body is not None and (self.status >= 400 or "errorCode" in body or "error" in body):
            if len(self._content) > _MAX_ERROR:
                raise self.invalid("an error that is longer than those of Atlas")
            raise APIError(self.request, _error_status(self.status, body), _masked(body, self._mask))
        if self.status >= 400:
            raise self.invalid(self._flaw)

    def _redirect(self) -> AtlasError:
        return InvalidResponse(
            f"{self.request} was redirected ({self.status}) to"
            f" {excerpt(self._mask(self.headers.get('Location', 'nowhere')))}."
            " No redirect is followed, because it would carry the credentials along."
            " If you trust the address, make it base_url.",
            self.status,
        )


def _error_status(status: int, body: dict[str, t.Any]) -> int:
    """Return the status of an error: the HTTP status, or that of the body if HTTP claims success."""
    error = body.get("error")
    return error if status < 400 and isinstance(error, int) and 400 <= error < 600 else status


def _masked(body: dict[str, t.Any], mask: Mask) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", mask_values(body, mask))


def _json_object(content: bytes) -> tuple[dict[str, t.Any] | None, str]:
    """Return the JSON object in CONTENT, or none and why."""
    if len(content) > _MAX_VALUES and sum(content.count(char) for char in (b",", b"[", b"{")) > _MAX_VALUES:
        return None, "JSON with more values than Atlas would send"
    try:
        text = content.decode("utf-8-sig")
        body = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None, "no JSON object"
    if not isinstance(body, dict):
        return None, "no JSON object"
    if _too_deep(body):
        return None, "JSON that is nested too deeply"
    return (_without_surrogates(body) if _SURROGATE.search(text) else body), "no JSON object"


def _too_deep(body: dict[str, t.Any]) -> bool:
    layer: list[t.Any] = [body]
    for _level in range(_DEEPEST):
        layer = [inner for outer in layer for inner in _items(outer) if inner.__class__ in _NESTING]
        if not layer:
            return False
    return True


_NESTING = {dict, list}  # the types that JSON is parsed to, compared without subclasses: that takes a third of the time


def _items(value: t.Any) -> t.Iterable[t.Any]:
    return value.values() if isinstance(value, dict) else value


def _without_surrogates(body: dict[str, t.Any]) -> t.Any:
    """BODY with a question mark for each half of a surrogate pair that has lost the other."""
    return json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))


def _refuse_constant(constant: str) -> t.NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError("too long a number")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("too large a number")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_integer, parse_float=_finite)


def _opened(status: int, envelope: dict[str, t.Any]) -> tuple[int, dict[str, t.Any] | None, str]:
    """Return the status in the envelope, its content, and what is wrong if there is none.

    A single resource is in ``content``, or ``envelope`` in some older prose; a page contains its status next to
    ``results``. It is not known whether errors are wrapped or stand next to their status: both are understood.
    """
    inner = envelope.get("content", envelope.get("envelope"))
    inner_status = envelope.get("status", status)
    if isinstance(inner_status, bool) or not isinstance(inner_status, int) or not 100 <= inner_status < 600:
        return status, None, "an envelope without a valid status"
    if isinstance(inner, dict):
        return inner_status, inner, ""
    if "results" in envelope or inner_status >= 300 or "errorCode" in envelope:
        return inner_status, envelope, ""
    return inner_status, None, "an envelope without content"
