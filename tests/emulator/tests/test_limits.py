# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Token buckets."""

from __future__ import annotations

import pytest

from atlas_emulator.rate_limits import API_KEYS, Buckets
from atlas_emulator.settings import BucketSize
from emulator_client import KEY, KEYS, ORG, OTHER_ORG, OWNER, READER, Bearer, Client


def test_a_bucket_is_refilled_in_steps_from_its_first_use() -> None:
    now = 100.0
    buckets = Buckets(lambda name: BucketSize(capacity=3, refill=2, seconds=60), lambda: now)

    def take(name: str = "a") -> tuple[int, int]:
        taken = buckets.take(API_KEYS, name)
        assert taken is not None
        return taken.remaining, taken.wait

    assert [take() for _each in range(4)] == [(2, 0), (1, 0), (0, 0), (0, 60)]
    now = 159.0
    assert take() == (0, 1)
    now = 160.0
    assert [take() for _each in range(3)] == [(1, 0), (0, 0), (0, 60)]
    assert take("b") == (2, 0)
    now = 190.0
    assert take() == (0, 30)
    now = 1000.0
    assert take() == (2, 0)


def test_the_limits_of_the_resources(client: Client) -> None:
    key = client.get(KEY)
    limits = [
        (response.headers["RateLimit-Limit"], response.headers["RateLimit-Remaining"])
        for response in (
            key,
            client.get(KEYS),
            client.get(f"{KEY}/accessList"),
            client.get(f"/orgs/{ORG}"),
            client.get("/orgs"),
        )
    ]
    assert limits == [("500", "499"), ("500", "498"), ("500", "497"), ("500", "499"), ("300", "299")]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{KEYS}/{'e' * 24}", 404),
        (f"{KEYS}/wrong", 400),
        (f"/orgs/{OTHER_ORG}/apiKeys", 401),
        (f"{KEYS}?pageNum=x", 400),
    ],
)
def test_refused_requests_are_counted(client: Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert (response.headers["RateLimit-Limit"], response.headers["RateLimit-Remaining"]) == ("500", "499")


def test_the_organizations_bucket(client: Client) -> None:
    client.settings(org_bucket={"capacity": 2, "refill": 1, "seconds": 60})
    responses = [client.digest(KEY, pair) for pair in (READER, OWNER, READER)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert [response.headers["RateLimit-Remaining"] for response in responses] == ["1", "0", "0"]
    wait = int(responses[2].headers["Retry-After"])
    assert wait in range(50, 61)
    path = "api/atlas/v2/orgs/{orgId}/apiKeys"
    assert responses[2].json() == {
        "detail": f"Rate limit exceeded for {path}. Please retry after {wait} seconds. "
        "Request capacity: 2. Refill rate: 1 per 60 seconds.",
        "error": 429,
        "errorCode": "RATE_LIMITED_TOKEN_BUCKET",
        "parameters": [path, wait, 2, 1, 60],
        "reason": "Too Many Requests",
    }
    assert "Retry-After" not in responses[1].headers
    assert client.get("/orgs").status_code == 200


def test_a_limit_can_be_removed(client: Client) -> None:
    client.settings(org_bucket=None)
    assert "RateLimit-Limit" not in client.get(KEY).headers
    assert client.control("GET", "settings").json()["org_bucket"] is None


def test_the_users_bucket(client: Client) -> None:
    client.settings(user_bucket={"capacity": 1, "refill": 1, "seconds": 60})
    assert [client.digest("/orgs", READER).status_code for _attempt in range(2)] == [200, 429]
    assert client.digest("/orgs", OWNER).status_code == 200


def test_unauthenticated_requests_are_not_counted(client: Client) -> None:
    for auth in (Bearer("unknown"), None):
        response = client.get(KEY, auth)
        assert response.status_code == 401
        assert not any(name.startswith("RateLimit") for name in response.headers)
    assert client.get(KEY).headers["RateLimit-Remaining"] == "499"


def test_without_limits(client: Client) -> None:
    client.settings(org_bucket={"capacity": 1, "refill": 1, "seconds": 60}, rate_limits=False)
    assert [client.get(KEY).status_code for _attempt in range(3)] == [200, 200, 200]


def test_new_settings_fill_the_buckets(client: Client) -> None:
    empty = {"capacity": 1, "refill": 1, "seconds": 60}
    for _attempt in range(2):
        client.settings(org_bucket=empty, user_bucket=empty)
        assert [client.get(path).status_code for path in (KEY, "/orgs")] == [200, 200]
