# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses about something else than what was asked for."""

from __future__ import annotations

import re
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import Outcome, execute
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_info
from atlas_like import KEY, ORG, PAGE, TOKEN, ask
from raw_server import Asked, RawServer, Reply, reply

OTHER = "c0123456789abcdef012345c"
FOREIGN = {**KEY, "roles": [{"orgId": OTHER, "roleName": "ORG_OWNER"}]}
WHOLE = "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"

ANOTHER, INVALID, NO_SUCCESS = "not the resource that was asked for", "no ", "neither success nor an error"
NOT_FOUND = {"error": 404, "errorCode": "API_KEY_NOT_FOUND"}


def read_one(server: RawServer, **options: t.Any) -> Outcome:
    return ask(server, "bearer", api_user_id=KEY["id"], **options)


# What comes instead of one key, whether an envelope was asked for, and what the message says.
ONE: dict[str, tuple[bytes, bool, str]] = {
    "an error of Atlas with status 200": (reply(NOT_FOUND), False, "404 API_KEY_NOT_FOUND"),
    "an empty object instead of a key": (reply({}), False, f"no id.*{ANOTHER}"),
    "an object of a portal instead of a key": (reply({"message": "Please sign in"}), False, f"no id.*{ANOTHER}"),
    "a page instead of a key": (reply(PAGE), False, ANOTHER),
    "an envelope that was not asked for": (reply({"status": 200, "content": KEY}), False, ANOTHER),
    "status 202 for a key": (reply(KEY, "202 Accepted"), False, NO_SUCCESS),
    "status 203 for a key": (reply(KEY, "203 Non-Authoritative"), False, NO_SUCCESS),
    "status 206 for a key": (reply(KEY, "206 Partial Content"), False, NO_SUCCESS),
    "status 207 for a key": (reply(KEY, "207 Multi-Status"), False, NO_SUCCESS),
    "another key than the one asked for": (reply({**KEY, "id": "f" * 24}), False, ANOTHER),
    "a key whose ID is asked for and null": (reply({**KEY, "id": None}), False, f"no id.*{ANOTHER}"),
    "a key of another organization": (reply(FOREIGN), False, f"another organization.*{OTHER}"),
    "an envelope with the status '404'": (reply({"status": "404", "content": KEY}), True, "without a valid status"),
    "an envelope with the status 4040": (reply({"status": 4040, "content": KEY}), True, "without a valid status"),
    "an envelope with the status null": (reply({"status": None, "content": KEY}), True, "without a valid status"),
    "an envelope with the status true": (reply({"status": True, "content": KEY}), True, "without a valid status"),
    "an envelope with an error inside": (reply({"status": 404, "content": NOT_FOUND}), True, "404 API_KEY_NOT_FOUND"),
    "an error in an envelope with status 200": (reply({"status": 200, "content": NOT_FOUND}), True, "API_KEY_NOT_F"),
    "a field twice, in camelCase and snake_case": (reply({**KEY, "public_key": "other"}), False, "same field twice"),
    "a field of a role twice": (
        reply({**KEY, "roles": [{"orgId": ORG, "org_id": OTHER, "roleName": "ORG_OWNER"}]}),
        False,
        "same field twice",
    ),
}


@pytest.mark.parametrize("fault", ONE)
def test_one_key_is_the_one_asked_for(fault: str, happened: t.Callable[[str, str], None]) -> None:
    sent, envelope, says = ONE[fault]
    with RawServer(lambda asked: sent) as server:
        outcome = read_one(server, envelope=envelope, gather_access_list=True)
        assert len(server.asked) <= 1 or "twice" in says  # no access list of something else is read
    assert outcome.failed, outcome.result
    assert re.search(says, outcome.result["msg"]), outcome.result
    happened(fault, f"fails: …{says.replace('.*', '…').replace(OTHER, '')}…")


LISTS: dict[str, tuple[bytes, bool, str]] = {
    "keys of another organization": (reply({**PAGE, "results": [FOREIGN]}), False, "another organization"),
    "an error of Atlas instead of a page, with status 200": (reply(NOT_FOUND), False, "404 API_KEY_NOT_FOUND"),
    "status 206 for a page": (reply(PAGE, "206 Partial Content"), False, NO_SUCCESS),
    "a page with the status '404'": (reply({**PAGE, "status": "404"}), True, "without a valid status"),
    "a page with an error code": (reply({**PAGE, "errorCode": "X"}), False, "Atlas refused"),
}


@pytest.mark.parametrize("fault", LISTS)
def test_list_is_the_one_asked_for(fault: str, happened: t.Callable[[str, str], None]) -> None:
    sent, envelope, says = LISTS[fault]
    with RawServer(lambda asked: sent) as server:
        outcome = ask(server, "bearer", envelope=envelope, gather_access_list=True)
        assert len(server.asked) == 1
    assert outcome.failed, outcome.result
    assert says in outcome.result["msg"]
    happened(fault, f"fails: …{says}…")


def test_organization_is_the_one_asked_for(happened: t.Callable[[str, str], None]) -> None:
    with RawServer(lambda asked: reply({"id": OTHER, "name": "Another"})) as server:
        params = {option: spec.get("default") for option, spec in org_info.ARGUMENT_SPEC.items()}
        params.update(base_url=server.url, access_token=TOKEN, org_id=ORG)
        outcome = execute(org_info.ARGUMENT_SPEC, org_info.run, params, {})
    assert outcome.failed
    assert ANOTHER in outcome.result["msg"]
    happened("another organization than the one asked for", f"fails: …{ANOTHER}…")


@pytest.mark.parametrize("sent", [{}, {"message": "Please sign in"}, PAGE, {"status": 200, "content": {}}])
def test_settings_are_settings(sent: dict[str, t.Any], happened: t.Callable[[str, str], None]) -> None:
    """They have no ID by which they could be recognized."""

    def answer(asked: Asked) -> Reply:
        return reply(sent if "/settings" in asked.path else {"id": ORG, "name": "Production"})

    with RawServer(answer) as server:
        params = {option: spec.get("default") for option, spec in org_info.ARGUMENT_SPEC.items()}
        params.update(base_url=server.url, access_token=TOKEN, org_id=ORG, gather_settings=True)
        outcome = execute(org_info.ARGUMENT_SPEC, org_info.run, params, {})
    assert outcome.failed, outcome.result
    assert ANOTHER in outcome.result["msg"]
    happened("something else than an organization's settings", f"fails: …{ANOTHER}…")


@pytest.mark.parametrize("one", [True, False], ids=["one key", "a list"])
def test_whole_private_key_is_redacted_as_atlas_does_it(one: bool, happened: t.Callable[[str, str], None]) -> None:
    key = {**KEY, "privateKey": WHOLE}
    with RawServer(lambda asked: reply(key if one else {**PAGE, "results": [key]})) as server:
        outcome = read_one(server) if one else ask(server, "bearer")
    found = outcome.result["api_key"] if one else outcome.result["api_keys"][0]
    assert found["private_key"] == "********-****-****-01bdd56c8977"
    happened("a private key that comes whole", "succeeds: it is redacted")


def test_caches_are_asked_not_to_answer(happened: t.Callable[[str, str], None]) -> None:
    with RawServer(lambda asked: reply(PAGE, Age="3600")) as server:
        outcome = ask(server, "bearer")
        assert all(asked.headers["cache-control"] == "no-cache" for asked in server.asked)
    assert not outcome.failed
    assert "3600 seconds old" in outcome.warnings[0]
    happened("a response that a cache has kept for an hour", "succeeds, with a warning")


@pytest.mark.parametrize("age", ["60", "0", "", "soon", "-1", "١٢٣٤"])
def test_other_ages_are_no_warning(age: str) -> None:
    with RawServer(lambda asked: reply(PAGE, Age=age.encode().decode("latin-1"))) as server:
        assert not ask(server, "bearer").warnings
