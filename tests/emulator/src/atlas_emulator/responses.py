# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents to responses: pages, ``envelope``, ``pretty``, content types."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import Response, g, request

from atlas_emulator.errors import APIError, NotAuthenticated, OAuthError
from atlas_emulator.fault_injection import paging_fault
from atlas_emulator.paging import Item, Listing, Page, Serializer, parse_flag
from atlas_emulator.paging_faults import PAGING_FAULTS
from atlas_emulator.parser import Json
from atlas_emulator.versions import content_type


def self_link(url: str) -> list[Json]:
    """Return the links of a resource that has only one, to itself."""
    return [{"href": url, "rel": "self"}]


def _dump(content: Json, pretty: bool, sort_keys: bool = False) -> bytes:
    separators = (",", ": ") if pretty else (",", ":")
    indent = 2 if pretty else None
    return json.dumps(content, indent=indent, separators=separators, ensure_ascii=False, sort_keys=sort_keys).encode()


def _content_type() -> str:
    """The older generations send plain JSON (reference)."""
    return content_type(g.version) if request.blueprint == "v2" else "application/json"


def respond(content: Json, status: int = 200) -> Response:
    """Return the response with one resource."""
    pretty = parse_flag(request.args, "pretty", False)
    if parse_flag(request.args, "envelope", False):
        content = {"status": status, "content": content}
    return Response(_dump(content, pretty), status, content_type=_content_type())


def respond_with_nothing() -> Response:
    """Return the response without a body. It has the resource's content type all the same (wire)."""
    return Response(status=204, content_type=_content_type())


def respond_with_page(items: Sequence[Item], serialize: Serializer[Item], include_count: bool = True) -> Response:
    """Return the response with the requested page of a list.

    `include_count`: the list has the query parameter `includeCount`. Without it the page always has `totalCount`,
    which is an assumption.
    """
    pretty = parse_flag(request.args, "pretty", False)
    page = Page.requested(request.args, include_count, g.query)
    listing = Listing(g.url, items, serialize)
    fault = paging_fault()
    content = PAGING_FAULTS[fault](page, listing) if fault else listing.content(page)
    if parse_flag(request.args, "envelope", False):
        content["status"] = 200
    return Response(_dump(content, pretty), content_type=_content_type())


def respond_with_error(error: APIError) -> Response:
    """Return the response to an error: compact, with sorted keys (wire). An envelope has the true status (docs)."""
    body, status = error.body(), error.status
    if request.args.get("envelope") == "true":
        body, status = {"status": status, "content": body}, 200
    text = _dump(body, request.args.get("pretty") == "true", sort_keys=True)
    response = Response(text, status, content_type="application/json")
    response.headers.update(error.headers)
    if error.code:
        response.headers["X-Error-Code"] = error.code
    return response


def respond_with_challenge(error: NotAuthenticated) -> Response:
    """Return the response to an unauthenticated request: always indented, never in an envelope (wire)."""
    return Response(_dump(error.BODY, True), 401, error.headers, content_type="application/json")


def respond_with_oauth_error(error: OAuthError) -> Response:
    """Return the response to an error of the token endpoint."""
    return Response(_dump(error.body(), False), error.status, content_type="application/json")
