# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault of writes with each operation that writes."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from atlas_emulator.app import make_app
from atlas_emulator.dataset import read
from atlas_emulator.fault_injection import CUT
from atlas_emulator.faults import parse_fault
from atlas_emulator.resources import RESOURCES
from atlas_emulator.server import Emulator
from atlas_emulator.state import State
from emulator_client import V2, Bearer, Client
from operations import DATA, EXAMPLES, KEY, ORG, OTHER_KEY, ids, path_of, snapshot, write_operations

KEYS = f"/orgs/{ORG}/apiKeys"
OPERATIONS = pytest.mark.parametrize("operation", write_operations(), ids=" ".join)


@pytest.fixture(scope="module")
def running() -> Iterator[Emulator]:
    with Emulator(read(DATA)) as emulator:
        yield emulator


@pytest.fixture
def client(running: Emulator) -> Client:
    running.state.reset()
    return Client(running.url)


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    url = f"{client.url}/api/atlas/v2{path}"
    return client.session.request(method, url, json=body, auth=Bearer("owner"), headers=V2, timeout=10)


class Local:
    """Sends requests to the application without a socket, so that many of them take no time."""

    def __init__(self) -> None:
        self.state = State(read(DATA), RESOURCES)
        self._client = make_app(self.state).test_client()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """Return the response, or None if it was cut at its start. A body of bytes is sent unchanged."""
        cuts: list[str] = []
        response = self._client.open(
            f"/api/atlas/v2{path}",
            method=method,
            data=body if isinstance(body, bytes) else json.dumps(body),
            headers=V2 | {"Authorization": "Bearer owner"},
            environ_overrides={CUT: cuts.append},
        )
        return None if cuts == ["start"] else response

    def add_fault(self, **fault: Any) -> None:
        """Add a fault."""
        self.state.faults.add(parse_fault(fault))


@pytest.fixture(scope="module")
def local() -> Local:
    return Local()


class Run:
    """An operation that is done with a fault: its response, and the state before and after it."""

    def __init__(self, local: Local, operation: tuple[str, str], **fault: Any) -> None:
        local.state.reset()
        example = EXAMPLES[operation]
        self.before = snapshot(local.state)
        before = ids(local.state)
        if fault:
            local.add_fault(path="/api/", **fault)
        self.response = local.send(operation[0], path_of(operation[1], example), example.body)
        self.after = snapshot(local.state)
        self.created = ids(local.state) - before
        feeds = [path_of(path, example) for path in ("/orgs/<org_id>/events", "/groups/<project_id>/events")]
        events = [event for feed in feeds for event in local.send("GET", feed).json["results"]]
        self.events = sorted(event["eventTypeName"] for event in events)


def test_every_operation_has_an_example() -> None:
    assert set(write_operations()) == set(EXAMPLES)


@OPERATIONS
def test_it_is_done_and_has_its_events(local: Local, operation: tuple[str, str]) -> None:
    run = Run(local, operation)
    assert 200 <= run.response.status_code < 300, run.response.text
    assert run.after != run.before
    assert run.events == sorted(EXAMPLES[operation].events)


@OPERATIONS
def test_a_bad_body_is_refused(local: Local, operation: tuple[str, str]) -> None:
    example = EXAMPLES[operation]
    if operation[0] == "DELETE":
        assert example.bad is None
        return
    local.state.reset()
    before = snapshot(local.state)
    for body in (example.bad, None, "text", 1, b"", b"{", b"\xff"):
        response = local.send(operation[0], path_of(operation[1], example), body)
        assert (response.status_code, response.json["errorCode"]) == (400, "VALIDATION_ERROR"), body
        assert {"detail", "error", "errorCode", "parameters", "reason"} <= set(response.json)
    assert snapshot(local.state) == before


@OPERATIONS
def test_it_does_nothing(local: Local, operation: tuple[str, str]) -> None:
    true = Run(local, operation)
    for fault in ({"does": "nothing"}, {"does": "nothing", "says": "truth"}):
        run = Run(local, operation, **fault)
        assert run.response.status_code == true.response.status_code
        assert (run.after, run.events) == (run.before, [])
    run = Run(local, operation, does="nothing", status=202, body={})
    assert (run.response.status_code, run.response.json, run.after) == (202, {}, run.before)


@OPERATIONS
def test_it_claims_what_it_did_not_do(local: Local, operation: tuple[str, str]) -> None:
    true = Run(local, operation)
    run = Run(local, operation, does="nothing")
    if not true.response.data:
        assert run.response.data == b""
        return
    asked, claimed = true.response.json, run.response.json
    assert asked.keys() == claimed.keys()
    assert [asked.get(name) for name in ("desc", "name", "roles")] == [
        claimed.get(name) for name in ("desc", "name", "roles")
    ]
    assert len(asked.get("results", [])) == len(claimed.get("results", []))


@OPERATIONS
def test_it_does_half(local: Local, operation: tuple[str, str]) -> None:
    true = Run(local, operation)
    run = Run(local, operation, does="half")
    assert run.response.status_code == true.response.status_code
    assert run.after != true.after
    assert (run.after != run.before) == EXAMPLES[operation].parts


@OPERATIONS
def test_it_does_something_else(local: Local, operation: tuple[str, str]) -> None:
    true = Run(local, operation)
    for says in ("claim", "truth"):
        run = Run(local, operation, does="something_else", says=says)
        assert run.response.status_code == true.response.status_code
        assert run.after not in (true.after, run.before)


@OPERATIONS
def test_it_is_lost(local: Local, operation: tuple[str, str]) -> None:
    true = Run(local, operation)
    for before in ({"status": 500, "cut": "start"}, {"does": "nothing", "cut": "start"}):
        run = Run(local, operation, **before)
        assert (run.response, run.after) == (None, run.before)
    for after in ({"cut": "start"}, {"does": "all", "cut": "start"}):
        run = Run(local, operation, **after)
        assert (run.response, run.after, run.events) == (None, true.after, true.events)


@OPERATIONS
def test_it_is_a_500(local: Local, operation: tuple[str, str]) -> None:
    true = Run(local, operation)
    run = Run(local, operation, status=500)
    assert (run.response.status_code, run.after) == (500, run.before)
    run = Run(local, operation, does="all", status=500)
    assert (run.response.status_code, run.after, run.events) == (500, true.after, true.events)


@OPERATIONS
def test_half_a_body(local: Local, operation: tuple[str, str]) -> None:
    true = Run(local, operation)
    run = Run(local, operation, says="half")
    assert run.after == true.after
    if run.response.data:
        with pytest.raises(ValueError):
            json.loads(run.response.data)
        assert int(run.response.headers["Content-Length"]) == len(run.response.data) > 0


@OPERATIONS
def test_the_body_of_another(local: Local, operation: tuple[str, str]) -> None:
    true = Run(local, operation)
    run = Run(local, operation, says="another")
    assert run.after == true.after
    if run.response.data:
        named = path_of("<key_id>" if "<key_id>" in operation[1] else "<client_id>", EXAMPLES[operation])
        assert not any(own in run.response.text for own in run.created or {named})
        assert run.response.json.keys() <= true.response.json.keys()


def test_an_alteration_of_choice(client: Client) -> None:
    everything = {"ipAddress": None, "cidrBlock": "0.0.0.0/0"}
    client.fault(path="/accessList$", does="something_else", says="truth", instead=everything)
    response = send(client, "POST", f"{KEYS}/{KEY}/accessList", [{"ipAddress": "0.0.0.0"}])
    assert "0.0.0.0/0" in [entry["cidrBlock"] for entry in response.json()["results"]]
    client.fault(path="/apiKeys", does="something_else", says="claim", instead={"desc": "trimmed"})
    created = send(client, "POST", KEYS, {"desc": " trimmed ", "roles": ["ORG_MEMBER"]}).json()
    assert created["desc"] == " trimmed "
    stored = send(client, "GET", f"{KEYS}/{created['id']}").json()
    assert (stored["desc"], stored["publicKey"]) == ("trimmed", created["publicKey"])


def test_what_is_shown_after_nothing_was_done(client: Client) -> None:
    true = send(client, "GET", f"{KEYS}/{KEY}").json()
    client.fault(path="/apiKeys", does="nothing", says="truth", times=None)
    assert send(client, "PATCH", f"{KEYS}/{KEY}", {"desc": "other"}).json() == true
    assert send(client, "POST", KEYS, {"desc": "new", "roles": ["ORG_MEMBER"]}).json() == {}
    page = send(client, "POST", f"{KEYS}/{KEY}/accessList", [{"ipAddress": "203.0.113.1"}]).json()
    assert page["totalCount"] == 2


def test_what_is_shown_has_the_shape_of_the_response(local: Local) -> None:
    half = {"does": "half", "says": "truth"}
    for operation in write_operations():
        true, run = Run(local, operation), Run(local, operation, **half)
        if operation[0] == "PATCH" or operation[1].endswith(("accessList", ":invite")):
            assert run.response.json.keys() == true.response.json.keys()
            assert run.response.json != true.response.json


def test_a_refusal_stays_one(client: Client) -> None:
    client.fault(path="/apiKeys", does="all", status=500)
    assert send(client, "POST", KEYS, {"desc": "new"}).status_code == 400


def test_a_late_response(client: Client) -> None:
    client.fault(path="/apiKeys", method="DELETE", delay_after=0.2)
    start = time.monotonic()
    assert send(client, "DELETE", f"{KEYS}/{KEY}").status_code == 204
    assert time.monotonic() - start >= 0.2
    url = f"{client.url}/api/atlas/v2{KEYS}/{OTHER_KEY}"
    client.fault(path="/apiKeys", method="DELETE", delay_after=30)
    with pytest.raises(requests.Timeout):
        client.session.delete(url, auth=Bearer("owner"), headers=V2, timeout=0.2)
    assert send(client, "GET", f"{KEYS}/{OTHER_KEY}").status_code == 404


def test_a_list_that_lags(client: Client) -> None:
    client.fault(path="/apiKeys$", lag=1000, times=None)
    client.fault(path="/accessList$", lag=1000, times=None)
    send(client, "POST", f"{KEYS}/{KEY}/accessList", [{"ipAddress": "203.0.113.1"}])
    send(client, "DELETE", f"{KEYS}/{OTHER_KEY}")
    send(client, "POST", KEYS, {"desc": "new", "roles": ["ORG_MEMBER"]})
    assert [key["id"] for key in send(client, "GET", KEYS).json()["results"]] == [KEY, OTHER_KEY]
    assert send(client, "GET", f"{KEYS}/{KEY}/accessList").json()["totalCount"] == 2
    assert send(client, "GET", f"{KEYS}/{OTHER_KEY}").status_code == 404
    client.control("DELETE", "faults")
    assert send(client, "GET", f"{KEYS}/{KEY}/accessList").json()["totalCount"] == 3
    client.fault(path="/apiKeys/", lag=1000)
    assert send(client, "GET", f"{KEYS}/{OTHER_KEY}").status_code == 200


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"does": "much"}, "fault.does: 'much' is none of all, nothing, half, something_else"),
        ({"says": "hello"}, "fault.says: 'hello' is none of claim, truth, half, another"),
        ({"instead": {"desc": "x"}}, "fault.instead: it needs does: something_else"),
        ({"does": "all", "before_auth": True}, "fault.before_auth: a write is done after"),
        ({"says": "truth", "status": 500}, "fault.says: the fault has a response of its own"),
        ({"lag": -1}, "fault.lag: a number"),
    ],
)
def test_wrong_faults(client: Client, fault: dict[str, Any], message: str) -> None:
    response = client.control("POST", "faults", {"path": "/"} | fault)
    assert (response.status_code, response.json()["error"][: len(message)]) == (400, message)
