# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Token buckets."""

from __future__ import annotations

from atlas_emulator.rate_limits import Buckets
from atlas_emulator.settings import BucketSize
from emulator_client import KEY, OWNER, READER, Bearer, Client


def test_a_bucket_fills_steadily() -> None:
    now = 0.0
    buckets = Buckets(lambda: BucketSize(capacity=2, refill=60, seconds=120), lambda: now)
    assert [buckets.take("a").remaining for _attempt in range(2)] == [1, 0]
    assert buckets.take("a").headers() == {
        "RateLimit-Limit": "2",
        "RateLimit-Remaining": "0",
        "Retry-After": "2",
    }
    now = 1.5
    assert buckets.take("a").wait == 1
    now = 2.0
    assert buckets.take("a").wait == 0
    assert buckets.take("b").wait == 0
    now = 1000.0
    assert buckets.take("a").remaining == 1


def test_the_organizations_bucket(client: Client) -> None:
    client.settings(org_bucket={"capacity": 2, "refill": 1, "seconds": 60})
    responses = [client.digest(KEY, pair) for pair in (READER, OWNER, READER)]
    assert [response.status_code for response in responses] == [200, 200, 429]
    assert [response.headers["RateLimit-Remaining"] for response in responses] == ["1", "0", "0"]
    assert responses[2].json()["errorCode"] == "RATE_LIMITED_TOKEN_BUCKET"
    assert int(responses[2].headers["Retry-After"]) in (59, 60)
    assert client.get("/orgs").status_code == 200


def test_the_users_bucket(client: Client) -> None:
    client.settings(user_bucket={"capacity": 1, "refill": 1, "seconds": 60})
    assert [client.digest("/orgs", READER).status_code for _attempt in range(2)] == [200, 429]
    assert client.digest("/orgs", OWNER).status_code == 200


def test_unauthenticated_requests_are_not_counted(client: Client) -> None:
    for _attempt in range(3):
        client.get(KEY, Bearer("unknown"))
    assert client.get(KEY).headers["RateLimit-Remaining"] == "499"


def test_without_limits(client: Client) -> None:
    client.settings(org_bucket={"capacity": 1, "refill": 1, "seconds": 60}, rate_limits=False)
    assert [client.get(KEY).status_code for _attempt in range(3)] == [200, 200, 200]


def test_new_settings_fill_the_buckets(client: Client) -> None:
    empty = {"capacity": 1, "refill": 1, "seconds": 60}
    for _attempt in range(2):
        client.settings(org_bucket=empty, user_bucket=empty)
        assert [client.get(path).status_code for path in (KEY, "/orgs")] == [200, 200]
