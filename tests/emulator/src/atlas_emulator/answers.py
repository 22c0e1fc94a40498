# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents to answers: pages, ``envelope``, ``pretty``, content types."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from flask import Response, request

from atlas_emulator.errors import OAuthRefusal, Refusal
from atlas_emulator.paging import Page, read_flag
from atlas_emulator.reading import Json
from atlas_emulator.strike import paging_fault
from atlas_emulator.versions import RESOURCE_TYPE

Thing = TypeVar("Thing")

Shape = Callable[[Thing, str], Json]
"""Shows a thing of a list, given the address of the list."""


def _dump(content: Json, pretty: bool) -> bytes:
    return json.dumps(content, indent=2 if pretty else None, ensure_ascii=False).encode()


def _content_type() -> str:
    """The older generations answer with plain JSON (reference)."""
    return RESOURCE_TYPE if request.blueprint == "v2" else "application/json"


def show(content: Json) -> Response:
    """The answer that holds one thing."""
    pretty = read_flag(request.args, "pretty", False)
    if read_flag(request.args, "envelope", False):
        content = {"status": 200, "content": content}
    return Response(_dump(content, pretty), content_type=_content_type())


def show_page(things: Sequence[Thing], shape: Shape[Thing]) -> Response:
    """The answer that holds the page of a list that was asked for."""
    pretty = read_flag(request.args, "pretty", False)
    page = Page.asked(request.args)
    content = _page(page, things, shape)
    if read_flag(request.args, "envelope", False):
        content["status"] = 200
    return Response(_dump(content, pretty), content_type=_content_type())


def _page(page: Page, things: Sequence[Thing], shape: Shape[Thing]) -> dict[str, Json]:
    url = request.base_url
    fault = paging_fault()
    if fault == "never_ends" and things:
        return _endless_page(page, things, shape)
    if fault == "ignore_page_num":
        page = replace(page, number=1)
    served = replace(page, number=page.number - 1) if fault == "repeat" and page.number > 1 else page
    content: dict[str, Json] = {
        "links": page.links(url, len(things)),
        "results": [shape(thing, url) for thing in things[served.slice()]],
    }
    if page.counted:
        content["totalCount"] = len(things)
    return content


def _endless_page(page: Page, things: Sequence[Thing], shape: Shape[Thing]) -> dict[str, Json]:
    """A full page of things that were on no page before, with a link to the next one."""
    url = request.base_url
    shapes = [shape(thing, url) for thing in things]
    numbers = range((page.number - 1) * page.size, page.number * page.size)
    results = [shapes[number % len(shapes)] | {"id": _made_up_id(number)} for number in numbers]
    return {"links": page.links(url, page.number * page.size + 1), "results": results}


def _made_up_id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:24]


def show_refusal(refusal: Refusal) -> Response:
    """The answer that is an error. With an envelope the status is inside (docs), but not before authentication:
    the challenge of digest is in the HTTP status and its header."""
    body, status = refusal.body(), refusal.status
    if request.args.get("envelope") == "true" and "WWW-Authenticate" not in refusal.headers:
        body, status = {"status": status, "content": body}, 200
    response = Response(_dump(body, request.args.get("pretty") == "true"), status, content_type="application/json")
    response.headers.update(refusal.headers)
    if refusal.code:
        response.headers["X-Error-Code"] = refusal.code
    return response


def show_oauth_refusal(refusal: OAuthRefusal) -> Response:
    """The answer that is an error of the token endpoint."""
    return Response(_dump(refusal.body(), False), refusal.status, content_type="application/json")
