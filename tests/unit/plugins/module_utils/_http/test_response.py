# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as an answer of Atlas, in an envelope and without."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, InvalidResponse
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.response import Response

KEY = {"id": "6a793f752c88faeba59bba49"}
ERROR = {"error": 404, "errorCode": "RESOURCE_NOT_FOUND", "detail": "None."}


def answer(body: t.Any, status: int = 200, enveloped: bool = False, kind: str = "application/json") -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response("GET /x", status, {"Content-Type": kind, "Location": "https://elsewhere/"}, content, enveloped)


@pytest.mark.parametrize(
    "envelope",
    [
        {"status": 200, "content": KEY},
        {"status": 200, "envelope": KEY},
        {"status": "200", "content": KEY},
        {"content": KEY},
    ],
)
def test_single_resource_is_unwrapped(envelope: dict[str, t.Any]) -> None:
    assert answer(envelope, enveloped=True).resource() == KEY


def test_page_has_its_status_beside_the_results() -> None:
    assert answer({"status": 200, "results": [KEY]}, enveloped=True).resource()["results"] == [KEY]


@pytest.mark.parametrize(
    "envelope", [{"status": 404, "content": ERROR}, {"status": 404, "envelope": ERROR}, {"status": 404, **ERROR}]
)
def test_envelope_tells_the_true_status(envelope: dict[str, t.Any]) -> None:
    wrapped = answer(envelope, enveloped=True)
    assert wrapped.status == 404
    with pytest.raises(APIError) as caught:
        wrapped.resource()
    assert caught.value.details()["error_code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    "envelope", [{}, {"status": 200}, {"status": 200, "content": [KEY]}, {"status": True, "content": 1}]
)
def test_envelope_without_content_is_said(envelope: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidResponse):
        answer(envelope, enveloped=True).resource()


def test_without_an_envelope_nothing_is_unwrapped() -> None:
    assert answer({"status": 404, "content": KEY}).resource() == {"status": 404, "content": KEY}


@pytest.mark.parametrize("status", [200, 401, 404, 503])
@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"", "nothing in it"),
        (b" \n", "nothing in it"),
        (b"<html><h1>Sign in</h1>", "<html><h1>Sign in</h1>"),
        (b'{"id": "6a79', '{"id": "6a79'),
        (b"[1]", "[1]"),
        (b'"text"', "text"),
        (b'{"a": NaN}', "NaN"),
        (b"\xff\xfe\x00", "\ufffd"),
        (b"[" * 100_000, "[[[["),
        (b'{"a": ' + b"9" * 10_000 + b"}", "999"),
    ],
)
def test_anything_else_is_said_and_shown_in_short(content: bytes, shown: str, status: int) -> None:
    with pytest.raises(InvalidResponse) as caught:
        answer(content, status, kind="text/html").resource()
    message = str(caught.value)
    assert f"status {status}, content type text/html" in message
    assert shown in message
    assert len(message) < 700
    assert caught.value.details() == {"status": status}


def test_redirect_is_not_followed_but_told() -> None:
    with pytest.raises(InvalidResponse, match="redirected \\(302\\) to 'https://elsewhere/'.*No redirect is followed"):
        answer(KEY, 302).resource()


def test_check_asks_for_success_alone() -> None:
    answer(b"").written()
    with pytest.raises(APIError):
        answer(ERROR, 404).written()
