# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on demand: wrong responses, delayed responses, responses cut short."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from typing import Any

from flask import Response

from atlas_emulator.paging_faults import PAGING_FAULTS
from atlas_emulator.parser import Entry, Json
from atlas_emulator.write_faults import DOES, SAYS

CUTS = ("start", "headers", "body")
HOP_BY_HOP = frozenset({"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length"})
"""The headers that only the server sets."""


@dataclass
class Fault:
    """One fault, and how many matching requests it has seen.

    It skips the first `skip` requests that match and applies to the next `times` ones (None: all of them). `delay`,
    `delay_after` and `lag` are in seconds. Without `status` and `body` the true response is sent, with `headers` set on
    it (None: removed). A fault with `does` applies to writes only, one with `lag` to reads only.
    """

    path: re.Pattern[str]
    method: str | None
    skip: int
    times: int | None
    status: int | None
    headers: dict[str, str | None]
    body: bytes | None
    content_type: str
    delay: float
    delay_after: float
    lag: float
    does: str | None
    says: str
    instead: dict[str, Json]
    cut: str | None
    paging: str | None
    before_auth: bool
    written: Json
    seen: int = 0

    def applies(self, method: str, path: str) -> bool:
        """Count a request if it matches, and return whether the fault applies to it."""
        if (self.method and self.method != method) or not self.path.search(path):
            return False
        if (self.does and method == "GET") or (self.lag and method != "GET"):
            return False
        self.seen += 1
        return self.seen > self.skip and (self.times is None or self.seen <= self.skip + self.times)

    @property
    def is_last(self) -> bool:
        """Whether no further fault applies to the request, because this one decides on the response."""
        return self.status is not None or self.does is not None

    def response(self) -> Response | None:
        """Return the response that replaces the true one; None if that is sent."""
        if self.status is None:
            return None
        return Response(self.body, self.status, content_type=self.content_type)

    def set_headers(self, response: Response) -> None:
        """Set this fault's headers on a response."""
        for name, value in self.headers.items():
            if value is None:
                response.headers.pop(name, None)
            else:
                response.headers[name] = value

    def as_json(self) -> Json:
        """Return the fault as it was given, and how many requests it was applied to."""
        struck = max(0, self.seen - self.skip)
        return self.written | {"struck": struck if self.times is None else min(struck, self.times)}


class Faults:
    """The active faults, in the order in which they were added."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        with self._lock:
            self._faults.append(fault)

    def match(self, method: str, path: str, before_auth: bool | None) -> list[Fault]:
        """Return the faults that apply to a request now: those before or after authentication, or both (None).

        Several may apply, so that a response can be both slow and wrong, but only the last of them replaces it.
        """
        applied: list[Fault] = []
        with self._lock:
            for fault in self._faults:
                if before_auth not in (None, fault.before_auth) or not fault.applies(method, path):
                    continue
                applied.append(fault)
                if fault.is_last:
                    break
        return applied

    def as_json(self) -> Json:
        """Return the faults as the control path shows them."""
        with self._lock:
            return [fault.as_json() for fault in self._faults]

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._faults.clear()


def parse_fault(data: Json) -> Fault:
    """Return the fault that JSON describes; raise EntryError if it is wrong."""
    entry = Entry("fault", data)
    status = _parse_status(entry)
    content_type, body = _parse_body(entry, status)
    headers = _parse_headers(entry)
    fault = Fault(
        path=_parse_pattern(entry),
        method=entry.text_or_none("method"),
        skip=entry.whole("skip", 0),
        times=None if entry.value("times", 1) is None else entry.whole("times", 1, least=1),
        status=status,
        headers=headers,
        body=body,
        content_type=content_type,
        delay=entry.number("delay", 0),
        delay_after=entry.number("delay_after", 0),
        lag=entry.number("lag", 0),
        does=_parse_does(entry),
        says=entry.choice("says", "claim", tuple(SAYS)),
        instead=entry.fields("instead"),
        cut=entry.choice("cut", "", CUTS) if "cut" in entry else None,
        paging=entry.choice("paging", "", tuple(PAGING_FAULTS)) if "paging" in entry else None,
        before_auth=entry.flag("before_auth", False),
        written=data,
    )
    entry.finish()
    _check_write(entry, fault)
    return fault


def _parse_does(entry: Entry) -> str | None:
    """Return what a write does; with `says` alone it is done."""
    if "does" in entry or "says" in entry:
        return entry.choice("does", "all", tuple(DOES))
    return None


def _check_write(entry: Entry, fault: Fault) -> None:
    """Refuse what contradicts itself in a fault of writes."""
    if fault.instead and fault.does != "something_else":
        raise entry.error("instead", "it needs does: something_else")
    if fault.does and fault.before_auth:
        raise entry.error("before_auth", "a write is done after authentication")
    if "says" in entry and fault.status is not None:
        raise entry.error("says", "the fault has a response of its own")


def _parse_pattern(entry: Entry) -> re.Pattern[str]:
    try:
        return re.compile(entry.text("path"))
    except re.error as error:
        raise entry.error("path", f"not a regular expression: {error}") from error


def _parse_status(entry: Entry) -> int | None:
    """Return the status; a body without one comes with 200."""
    default = 200 if "body" in entry else None
    if entry.value("status", default) is None:
        return None
    status = entry.whole("status", default or 0)
    if not 200 <= status <= 599:
        raise entry.error("status", f"a number from 200 to 599 is needed, not {status}")
    return status


def _parse_body(entry: Entry, status: int | None) -> tuple[str, bytes]:
    """Return content type and bytes: text unchanged, other values as JSON; an error without a body gets a plain one."""
    body = entry.value("body", _plain_error(status))
    if isinstance(body, str):
        return "text/html", body.encode()
    return "application/json", json.dumps(body).encode()


def _plain_error(status: int | None) -> Json:
    if status is None or status < 400:
        return ""
    known = status in {known.value for known in HTTPStatus}
    return {"error": status, "reason": HTTPStatus(status).phrase if known else "Unknown"}


def _parse_headers(entry: Entry) -> dict[str, str | None]:
    """Return the headers, with ``X-Error-Code`` first if the body is an error in Atlas' format (wire)."""
    headers: dict[str, str | None] = {}
    body: Any = entry.value("body", None)
    if isinstance(body, dict) and "errorCode" in body:
        headers["X-Error-Code"] = str(body["errorCode"])
    for name, value in entry.fields("headers").items():
        if not re.fullmatch("[A-Za-z0-9-]+", name) or name.lower() in HOP_BY_HOP:
            raise entry.error("headers", f"{name!r} cannot be set")
        if value is not None and not re.fullmatch("[\x20-\x7e\xa0-\xff]*", str(value)):
            raise entry.error("headers", f"{value!r} cannot be a header's value")
        headers[name] = None if value is None else str(value)
    return headers
