# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as an response of Atlas, in an envelope and without."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, InvalidResponse
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.response import Response

KEY = {"id": "6a793f752c88faeba59bba49"}
ERROR = {"error": 404, "errorCode": "RESOURCE_NOT_FOUND", "detail": "None."}


def response(body: t.Any, status: int = 200, enveloped: bool = False, kind: str = "application/json") -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": kind, "Location": "https://elsewhere/"}
    return Response("GET /x", status, headers, content, enveloped=enveloped)


@pytest.mark.parametrize(
    "envelope",
    [
        {"status": 200, "content": KEY},
        {"status": 200, "envelope": KEY},
        {"content": KEY},
    ],
)
def test_single_resource_is_unwrapped(envelope: dict[str, t.Any]) -> None:
    assert response(envelope, enveloped=True).resource() == KEY


@pytest.mark.parametrize("status", [202, 206, 500])
def test_envelope_makes_no_success_of_another_status(status: int) -> None:
    with pytest.raises(InvalidResponse, match=f"status {status} .200 in its envelope."):
        response({"status": 200, "content": KEY}, status, enveloped=True).resource()


@pytest.mark.parametrize("status", [201, 202, 204])
def test_read_is_a_success_with_200_alone(status: int) -> None:
    assert response(KEY, status).written() == KEY
    with pytest.raises(InvalidResponse, match=f"status {status}, .* neither success nor an error"):
        response(KEY, status).resource()


def test_page_has_its_status_beside_the_results() -> None:
    assert response({"status": 200, "results": [KEY]}, enveloped=True).resource()["results"] == [KEY]


@pytest.mark.parametrize(
    "envelope", [{"status": 404, "content": ERROR}, {"status": 404, "envelope": ERROR}, {"status": 404, **ERROR}]
)
def test_envelope_tells_the_true_status(envelope: dict[str, t.Any]) -> None:
    wrapped = response(envelope, enveloped=True)
    assert wrapped.status == 404
    with pytest.raises(APIError) as caught:
        wrapped.resource()
    assert caught.value.details()["error_code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"status": 200},
        {"status": 200, "content": [KEY]},
        {"status": True, "content": 1},
        {"status": "200", "content": KEY},
        {"status": "404", "content": KEY},
        {"status": 4040, "content": KEY},
        {"status": None, "content": KEY},
    ],
)
def test_envelope_without_content_or_status_is_invalid(envelope: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidResponse):
        response(envelope, enveloped=True).resource()


def test_without_an_envelope_nothing_is_unwrapped() -> None:
    assert response({"status": 404, "content": KEY}).resource() == {"status": 404, "content": KEY}


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
def test_anything_else_is_invalid_and_shown_in_short(content: bytes, shown: str, status: int) -> None:
    with pytest.raises(InvalidResponse) as caught:
        response(content, status, kind="text/html").resource()
    message = str(caught.value)
    assert f"status {status}, content type text/html" in message
    assert shown in message
    assert len(message) < 700
    assert caught.value.details() == {"status": status}


def test_redirect_is_not_followed() -> None:
    with pytest.raises(InvalidResponse, match="redirected \\(302\\) to 'https://elsewhere/'.*No redirect is followed"):
        response(KEY, 302).resource()


@pytest.mark.parametrize("status", [200, 201, 202, 204])
@pytest.mark.parametrize(("content", "result"), [(b"", {}), (b"{}", {}), (b" ", {}), (b'{"id": "6a"}', {"id": "6a"})])
def test_write_is_successful_with_any_of_four_statuses(status: int, content: bytes, result: dict[str, str]) -> None:
    assert response(content, status).written() == result


@pytest.mark.parametrize("status", [203, 206, 207, 299])
def test_write_with_another_status_is_invalid(status: int) -> None:
    with pytest.raises(InvalidResponse):
        response(b"", status).written()


def test_write_that_is_refused_or_answered_by_something_else_is_an_error() -> None:
    with pytest.raises(APIError):
        response(ERROR, 404).written()
    with pytest.raises(InvalidResponse):
        response(b"<html>", 200).written()


@pytest.mark.parametrize("status", [201, 202, 203, 204, 206, 207])
def test_read_is_successful_with_status_200_alone(status: int) -> None:
    with pytest.raises(InvalidResponse, match=f"status {status}"):
        response(KEY, status).resource()


@pytest.mark.parametrize("enveloped", [False, True])
def test_body_of_an_error_is_one_whatever_the_status(enveloped: bool) -> None:
    body = {"error": 404, "errorCode": "API_KEY_NOT_FOUND"}
    content = {"status": 200, "content": body} if enveloped else body
    with pytest.raises(APIError, match="404 API_KEY_NOT_FOUND") as caught:
        response(content, 200, enveloped=enveloped).resource()
    assert caught.value.status == 404


def test_what_a_server_said_is_masked_before_it_is_shortened() -> None:
    token = "eyJ" + "x" * 190 + "end-of-token"
    headers = {"Content-Type": token, "Location": f"https://elsewhere/?{token}"}

    def mask(text: str) -> str:
        return text.replace(token, "********")

    for status, content in ((502, f"<html> {token}".encode()), (302, b"{}"), (200, b"")):
        with pytest.raises(InvalidResponse) as caught:
            Response("GET /x", status, headers, content, mask).resource()
        assert "eyJ" not in str(caught.value)
    error = {"errorCode": "X", "detail": token, "parameters": [token], "badRequestDetail": {"fields": [{token: token}]}}
    with pytest.raises(APIError) as refused:
        Response("GET /x", 400, headers, json.dumps(error).encode(), mask).resource()
    assert "eyJ" not in f"{refused.value} {refused.value.details()}"


NEW = {
    "privateKey": "9f1c0c9e-5d0e-4f5e-9a53-01bdd56c9999",
    "access_token": "opaque-token-123456",
    "client_secret": 'an "opaque" secret',
    "id": "6a793f752c88faeba59bba49",
}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(NEW),
        json.dumps(NEW)[:-1],
        json.dumps(NEW).replace(" ", "")[:40],
        "Here it is: " + json.dumps(NEW),
        "<key><privateKey>9f1c0c9e-5d0e-4f5e-9a53-01bdd56c9999</privateKey></key>",
        "access_token=opaque-token-123456&token_type=Bearer",
        "{'client_secret': 'opaque-token-123456'}",
    ],
)
def test_new_secret_is_not_quoted(content: str) -> None:
    """A response that is not understood may be that to a creation, whose secret nobody knows yet."""
    with pytest.raises(InvalidResponse) as caught:
        response(content.encode(), 203).written()
    message = str(caught.value)
    assert "********" in message
    for secret in ("9f1c0c9e", "4f5e", "opaque", "01bdd56c9999"):
        assert secret not in message
