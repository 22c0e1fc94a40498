# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each response proves about the credentials, with a fake client."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    InvalidResponse,
    TransportError,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.modules import caller_info

ORG, OTHER_ORG = "a0123456789abcdef012345a", "c0123456789abcdef012345c"


def run(client: t.Any, response: t.Any = None, **options: t.Any) -> dict[str, t.Any]:
    client.responses["/orgs"] = [{"id": ORG, "isDeleted": False}] if response is None else response
    return t.cast("dict[str, t.Any]", client.run(caller_info, **options))


def refusal(status: int, code: str | None, **fields: t.Any) -> APIError:
    return APIError("GET /orgs", status, {"error": status, "errorCode": code, **fields})


def test_credentials_that_work(client: t.Any) -> None:
    assert run(client, org_id=ORG) == {
        "changed": False,
        "works": True,
        "authenticated": True,
        "address_allowed": True,
        "address": None,
        "organizations": [{"id": ORG, "is_deleted": False}],
        "kind": "service_account",
        "id": client.client_id,
        "attempts": 1,
        "problem": None,
    }


def test_credentials_of_another_organization(client: t.Any) -> None:
    found = run(client, org_id=OTHER_ORG)
    assert (found["works"], found["authenticated"]) == (False, True)
    assert OTHER_ORG in found["problem"]


@pytest.mark.parametrize(
    ("response", "authenticated", "allowed", "address"),
    [
        (refusal(401, "UNEXPECTED_ERROR"), False, None, None),
        (refusal(401, None), False, None, None),
        (APIError("POST", 401, {"error": "invalid_client", "error_description": "Invalid."}), False, None, None),
        (refusal(401, "USER_UNAUTHORIZED"), True, None, None),
        (
            refusal(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST", detail="IP address 192.0.2.9 is not allowed."),
            True,
            False,
            "192.0.2.9",
        ),
        (refusal(403, "ORG_REQUIRES_ACCESS_LIST", parameters=["2001:db8::9"]), True, False, "2001:db8::9"),
        (refusal(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"), True, False, None),
        # Too many live tokens: whether the secret was checked before is not known.
        (APIError("POST", 403, {"error": "access_denied", "error_description": "Limit."}), None, None, None),
        (refusal(429, "RATE_LIMITED"), None, None, None),
        (refusal(500, "UNEXPECTED_ERROR"), None, None, None),
        (TransportError("No connection."), None, None, None),
        (InvalidResponse("No JSON.", 200), None, None, None),
    ],
)
def test_what_a_failure_proves(
    client: t.Any, response: t.Any, authenticated: bool | None, allowed: bool | None, address: str | None
) -> None:
    found = run(client, response)
    assert found["works"] is False
    assert found["problem"]
    assert found["organizations"] is None
    assert (found["authenticated"], found["address_allowed"], found["address"]) == (authenticated, allowed, address)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only sleeping moves. Returns the pauses."""
    pauses: list[float] = []
    monkeypatch.setattr(caller_info.time, "monotonic", lambda: sum(pauses))
    monkeypatch.setattr(caller_info.time, "sleep", pauses.append)
    return pauses


def test_new_credentials_are_tried_again(client: t.Any, clock: list[float]) -> None:
    responses = iter([refusal(401, None), refusal(401, None), [{"id": ORG}]])
    found = run(client, lambda: next(responses), wait=60)
    assert (found["works"], found["attempts"], clock) == (True, 3, [2.0, 2.0])


def test_no_try_starts_after_the_wait(client: t.Any, clock: list[float]) -> None:
    assert run(client, refusal(401, None), wait=5)["attempts"] == 3
    assert sum(clock) <= 5


@pytest.mark.parametrize("response", [refusal(403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"), TransportError("No.")])
def test_what_is_not_about_new_credentials_is_not_tried_again(
    client: t.Any, clock: list[float], response: t.Any
) -> None:
    assert run(client, response, wait=60)["attempts"] == 1
    assert not clock


@pytest.mark.parametrize("wait", [-1, 601, float("nan")])
def test_wait_out_of_bounds(client: t.Any, wait: float) -> None:
    with pytest.raises(UsageError, match="wait is"):
        run(client, wait=wait)
    assert not client.requests
