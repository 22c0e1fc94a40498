# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The message of an API error, and what rescue can use."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils import _errors

# Every error of Atlas that the collection knows, with what its advice must speak of.
ADVICE = [
    (400, "PATH_PARAM_PARSE_ERROR", "public key is not its ID"),
    (400, "API_KEY_NOT_FOUND", "api_user_id"),
    (404, "API_KEY_NOT_FOUND", "api_user_id"),
    (401, "UNEXPECTED_ERROR", "credentials"),
    (401, None, "credentials"),
    (401, "USER_UNAUTHORIZED", "Organization Member"),
    (401, "USER_CANNOT_ACCESS_ORG", "Organization Member"),
    (401, "NOT_ORG_GROUP_CREATOR", "Organization Member"),
    (401, "NOT_IN_GROUP", "role in this project"),
    (401, "API_KEY_ACCESS_LIST_ACCESS_DENIED", "Organization Owner"),
    (403, "ORG_REQUIRES_ACCESS_LIST", "access list"),
    (403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", "access list"),
    (404, "ORG_NOT_FOUND", "org_id"),
    (404, "INVALID_ORG_ID", "org_id"),
    (404, "NOT_ATLAS_ORG", "org_id"),
    (404, "RESOURCE_NOT_FOUND", "base_url"),
    (406, "INVALID_VERSION_DATE", "api_version"),
    (410, "VERSION_GONE", "api_version"),
    (429, "RATE_LIMITED", "wait"),
    (429, "RATE_LIMITED_TOKEN_BUCKET", "wait"),
    (500, "UNEXPECTED_ERROR", "support"),
    (503, None, "later"),
]


@pytest.mark.parametrize(("status", "code", "advice"), ADVICE)
def test_refusal_names_the_code_and_gives_advice(status: int, code: str | None, advice: str) -> None:
    error = _errors.APIError("GET /x", status, {"error": status, "errorCode": code, "detail": "What Atlas says"})
    assert str(error).startswith(f"Atlas refused GET /x: {status}{' ' + code if code else ''}. What Atlas says. ")
    assert advice in str(error)


# The shapes of the four examples in the public reference; the texts are ours.
BODIES = [
    (401, "NOT_ORG_GROUP_CREATOR", "Unauthorized"),
    (403, "CANNOT_CHANGE_GROUP_NAME", "Forbidden"),
    (404, "RESOURCE_NOT_FOUND", "Not Found"),
    (500, "UNEXPECTED_ERROR", "Internal Server Error"),
]


@pytest.mark.parametrize(("status", "code", "reason"), BODIES)
def test_error_answer_arrives_whole(status: int, code: str, reason: str) -> None:
    fields = {"fields": [{"field": "orgId", "description": "is wrong"}]}
    body = {
        "error": status,
        "errorCode": code,
        "reason": reason,
        "detail": "It is so.",
        "parameters": ["/a", 50],
        "badRequestDetail": fields,
    }
    error = _errors.APIError("GET /x", status, body)
    assert error.details() == {
        "status": status,
        "error_code": code,
        "reason": reason,
        "detail": "It is so.",
        "parameters": ["/a", 50],
        "bad_request_detail": fields,
    }
    assert all(part in str(error) for part in (code, "It is so.", "/a, 50", "orgId"))


def test_address_in_parameters_reaches_the_message_once() -> None:
    said = _errors.APIError(
        "GET /x", 403, {"errorCode": "X", "detail": "192.0.2.1 may not.", "parameters": ["192.0.2.1"]}
    )
    unsaid = _errors.APIError("GET /x", 403, {"errorCode": "X", "detail": "You may not.", "parameters": ["192.0.2.1"]})
    assert str(said).count("192.0.2.1") == str(unsaid).count("192.0.2.1") == 1


def test_oauth_answers_in_words() -> None:
    error = _errors.APIError("POST /t", 401, {"error": "invalid_client", "error_description": "Invalid."})
    assert error.error_code == "invalid_client"
    assert error.detail == "Invalid."
    assert "client_secret" in str(error)


@pytest.mark.parametrize(
    "body", [{}, {"error": 404}, {"parameters": "x", "detail": 7, "errorCode": ["a"]}, {"error": None}]
)
def test_any_shape_is_a_refusal(body: dict[str, t.Any]) -> None:
    error = _errors.APIError("GET /x", 404, body)
    assert error.details()["status"] == 404
    assert error.details()["parameters"] == []


def test_excerpt_is_one_short_line() -> None:
    assert _errors.excerpt("<html>\n <b>" + "x" * 1000) == repr("<html> <b>" + "x" * 190 + "\u2026")
