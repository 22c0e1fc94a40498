# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Organizations with thousands of keys: complete, in few requests, and within Atlas' rate limits."""

from __future__ import annotations

import concurrent.futures
import contextlib
import re
import time
import typing as t

import pytest

from atlas_emulator.dataset import read
from atlas_emulator.server import Emulator
from harness import Atlas, Finished, Shell, some

pytestmark = pytest.mark.scale

ORG = "a0123456789abcdef012345a"
THREADS = 8  # that ask Atlas at the same time
OWNER = {
    "id": "f" * 24,
    "desc": "owner",
    "public_key": "zzzzzzzz",
    "private_key": "0b7c1d2e-3f40-4152-8637-48596a7b8c9d",
}
ACCOUNT = {"client_id": "mdb_sa_id_0123456789abcdef01234567", "client_secret": "mdb_sa_sk_0123456789abcdef"}
AUTH_METHODS: dict[str, dict[str, str]] = {
    "digest": {"public_key": OWNER["public_key"], "private_key": OWNER["private_key"]},
    "bearer": {"access_token": "token-of-the-owner"},
    "service account": ACCOUNT,
}


@contextlib.contextmanager
def organization(keys: int, **settings: t.Any) -> t.Iterator[Atlas]:
    """An emulated organization with so many keys."""
    roles = [{"org_id": ORG, "role_name": "ORG_OWNER"}]
    org = {
        "id": ORG,
        "name": "Production",
        "api_keys": [{**OWNER, "roles": roles}],
        "service_accounts": [{**ACCOUNT, "roles": roles}],
        "access_tokens": [{"token": "token-of-the-owner", "state": "live", "roles": roles}],
        "generate": {"api_keys": keys - 1, "access_list": 2},
    }
    with Emulator(read({"settings": settings, "orgs": [org]})) as emulator:
        yield Atlas(emulator.url)


def read_all(shell: Shell, atlas: Atlas, auth: str, **options: t.Any) -> Finished:
    return shell.ad_hoc("org_api_key_info", {"base_url": atlas.url, "org_id": ORG, **AUTH_METHODS[auth], **options})


def paths(atlas: Atlas, end: str) -> list[str]:
    return [request["path"] for request in atlas.journal() if request["path"].endswith(end)]


def refused(atlas: Atlas) -> int:
    return sum(request["status"] == 429 for request in atlas.journal())


@pytest.mark.parametrize(("auth", "extra"), [("digest", 1), ("bearer", 0), ("service account", 2)])
@pytest.mark.parametrize(("keys", "pages"), [(1234, 3), pytest.param(10_000, 20, marks=pytest.mark.full)])
def test_every_key_once_in_few_pages(shell: Shell, auth: str, extra: int, keys: int, pages: int) -> None:
    with organization(keys) as atlas:
        done = read_all(shell, atlas, auth)
        assert done.code == 0, done.output
        found = done.result()["api_keys"]
        assert len({key["id"] for key in found}) == len(found) == keys
        assert [key["public_key"] for key in found] == sorted(key["public_key"] for key in found)
        assert len(atlas.journal()) == pages + extra
        assert not atlas.live_tokens()


@pytest.mark.parametrize("auth", some(["digest", "bearer"], "digest"))
def test_access_lists_are_read_side_by_side(shell: Shell, auth: str) -> None:
    keys, at_once = 2 * THREADS, 0
    with organization(keys, rate_limits=False) as atlas, concurrent.futures.ThreadPoolExecutor() as pool:
        atlas.control("POST", "faults", {"path": "accessList", "delay": 2, "times": None})
        task = pool.submit(read_all, shell, atlas, auth, gather_access_list=True)
        while not task.done():
            at_once = max(at_once, sum(request["status"] is None for request in atlas.journal()))
            time.sleep(0.1)
        done = task.result()
        assert done.code == 0, done.output
        assert at_once == THREADS
        found = done.result()["api_keys"]
        assert {len(key["access_list"]) for key in found} == {0, 2}
        assert any("last_used" in entry for key in found for entry in key["access_list"])
        # Digest: one handshake for the list, and one for each thread.
        assert len(atlas.journal()) <= keys + 1 + (THREADS + 1 if auth == "digest" else 0)


@pytest.mark.parametrize(
    "headers", [{}, {"RateLimit-Remaining": None, "RateLimit-Limit": None}], ids=["reported", "not reported"]
)
def test_rate_limit_is_waited_out_with_few_refusals(shell: Shell, headers: dict[str, None]) -> None:
    """61 requests against 20, and 20 more every 2 seconds: 6 seconds at least."""
    with organization(60, org_bucket={"capacity": 20, "refill": 20, "seconds": 2}) as atlas:
        if headers:
            atlas.control("POST", "faults", {"path": "accessList", "headers": headers, "times": None})
        done = read_all(shell, atlas, "bearer", gather_access_list=True)
        assert done.code == 0, done.output
        found = done.result()
        assert found["complete"] is True
        assert all("access_list" in key for key in found["api_keys"])
        assert re.search(r"waited \d+ time\(s\), \d+\.\d seconds in all", done.text)
        assert refused(atlas) <= 30


@pytest.mark.full
def test_three_tasks_share_a_rate_limit(shell: Shell) -> None:
    with organization(30, org_bucket={"capacity": 20, "refill": 20, "seconds": 2}) as atlas:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            runs = [pool.submit(read_all, shell, atlas, "bearer", gather_access_list=True) for _each in range(3)]
        for done in (each.result() for each in runs):
            assert done.code == 0, done.output
            assert done.result()["complete"] is True
            assert all("access_list" in key for key in done.result()["api_keys"])


def test_other_threads_do_not_hammer_while_one_has_to_wait(shell: Shell) -> None:
    with organization(100, rate_limits=False) as atlas:
        fault = {"path": "accessList", "skip": 30, "status": 429, "headers": {"Retry-After": "2"}}
        atlas.control("POST", "faults", fault)
        started = time.monotonic()
        done = read_all(shell, atlas, "bearer", gather_access_list=True, retries=1)
        assert done.code == 0, done.output
        assert time.monotonic() - started > 2
        assert refused(atlas) == 1


def test_two_waits_of_two_seconds_take_four(shell: Shell) -> None:
    with organization(10) as atlas:
        fault = {"path": "apiKeys", "status": 429, "times": 2, "headers": {"Retry-After": "2"}}
        atlas.control("POST", "faults", fault)
        started = time.monotonic()
        done = read_all(shell, atlas, "bearer")
        assert done.code == 0, done.output
        assert time.monotonic() - started >= 4
        assert "waited 2 time(s), 4." in done.text


def test_without_retries_the_first_answer_stands(shell: Shell) -> None:
    with organization(1000) as atlas:
        atlas.control("POST", "faults", {"path": "apiKeys", "skip": 1, "status": 503})
        done = read_all(shell, atlas, "bearer", retries=0)
        assert done.code == 2
        assert done.result()["status"] == 503
        assert "waited" not in done.text


RETRYABLE: list[dict[str, t.Any]] = [
    {"cut": "start"},
    {"status": 503, "headers": {"Retry-After": "0"}},
    {"status": 502},
]


@pytest.mark.parametrize("fault", some(RETRYABLE, RETRYABLE[0], RETRYABLE[1]))
def test_list_is_read_whole_despite_retryable_failures(shell: Shell, fault: dict[str, t.Any]) -> None:
    with organization(1234) as atlas:
        atlas.control("POST", "faults", {"path": "apiKeys", "skip": 1, **fault})
        done = read_all(shell, atlas, "service account")
        assert done.code == 0, done.output
        assert len(done.result()["api_keys"]) == 1234
        # A connection that was kept open and is closed is no reason to wait.
        assert ("waited 1 time(s)" in done.text) == ("status" in fault)
        assert not atlas.live_tokens()


@pytest.mark.parametrize(
    ("paging", "came"), [("ignore_page_num", 500), pytest.param("repeat", 1234, marks=pytest.mark.full)]
)
def test_list_with_repeated_pages_is_read_whole_or_not_called_complete(shell: Shell, paging: str, came: int) -> None:
    with organization(1234, rate_limits=False) as atlas:
        atlas.control("POST", "faults", {"path": "apiKeys$", "times": None, "paging": paging})
        done = read_all(shell, atlas, "bearer")
        assert done.code == 0, done.output
        found = done.result()
        assert len({key["id"] for key in found["api_keys"]}) == len(found["api_keys"]) == came
        assert found["complete"] is (came == 1234)
        assert (f"received {came} of 1234 items" in done.text) is (came != 1234)


def test_list_without_end_is_an_error(shell: Shell) -> None:
    with organization(1234, rate_limits=False) as atlas:
        atlas.control("POST", "faults", {"path": "apiKeys$", "times": None, "paging": "never_ends"})
        done = read_all(shell, atlas, "bearer")
        assert done.code == 2, done.output
        assert "has not ended after 200 pages" in done.result()["msg"]


def test_one_failure_ends_the_task_and_names_the_key(shell: Shell) -> None:
    with organization(300, rate_limits=False) as atlas:
        body = {"error": 401, "errorCode": "API_KEY_ACCESS_LIST_ACCESS_DENIED"}
        atlas.control("POST", "faults", {"path": "accessList", "skip": 20, "status": 401, "body": body})
        atlas.control("POST", "faults", {"path": "accessList", "skip": 20, "delay": 120, "times": 4})
        started = time.monotonic()
        done = read_all(shell, atlas, "service account", gather_access_list=True)
        assert time.monotonic() - started < 100
        assert done.code == 2
        assert "API_KEY_ACCESS_LIST_ACCESS_DENIED" in done.result()["msg"]
        assert "/accessList" in done.result()["msg"]
        assert "Organization Owner" in done.result()["msg"]
        assert not atlas.live_tokens()


@pytest.mark.parametrize("auth", some(AUTH_METHODS, "service account"))
def test_credentials_find_their_own_organization(shell: Shell, auth: str) -> None:
    with organization(3) as atlas:
        options = {"base_url": atlas.url, **AUTH_METHODS[auth]}
        found = shell.ad_hoc("org_info", options, MONGODB_ATLAS_ORG_ID="0" * 24).result()
        assert [(org["id"], org["name"], org["is_deleted"]) for org in found["orgs"]] == [(ORG, "Production", False)]
        assert found["changed"] is False
        (alone,) = shell.ad_hoc("org_info", {**options, "org_id": ORG}).result()["orgs"]
        # Alone it has more links than in a list.
        assert {**alone, "links": alone["links"][:1]} == found["orgs"][0]
        assert not atlas.live_tokens()
