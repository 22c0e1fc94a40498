# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The access list of an API key in an organization that does not always do what it says."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_access_list
from ansible_collections.mongodb_atlas.admin.tests.robustness.plausible_atlas import (
    CLAIMS,
    DOES,
    DROPPED_AFTER,
    DROPPED_BEFORE,
    EMPTY,
    ERROR_AFTER,
    ERROR_BEFORE,
    HALF,
    NOTHING,
    ORG,
    REFUSED,
    SOMETHING_ELSE,
    PlausibleAtlas,
)

Json = dict[str, t.Any]

OFFICE, HOME = "192.0.2.0/24", "198.51.100.7/32"
USED = {"lastUsed": "2026-08-10T03:02:57Z"}


@pytest.fixture
def key(atlas: PlausibleAtlas) -> str:
    return atlas.add_key("ci", entries=[OFFICE, HOME])


def run(atlas: PlausibleAtlas, key: str, *entries: str, check_mode: bool = False, **options: t.Any) -> Json:
    options = {"org_id": ORG, "api_user_id": key, "entries": list(entries), **options}
    return atlas.run(org_api_key_access_list, check_mode=check_mode, **options)


def failed(atlas: PlausibleAtlas, key: str, entries: t.Sequence[str], *texts: str, **options: t.Any) -> Json:
    """Return the result of a task that must fail with all these texts in its message."""
    result = run(atlas, key, *entries, **options)
    assert result.get("failed"), result
    assert not [text for text in texts if text not in result["msg"]], result["msg"]
    return result


def happen(atlas: PlausibleAtlas, method: str, how: str) -> None:
    atlas.outcome = lambda request: how if request.startswith(method) else DOES


def use(atlas: PlausibleAtlas, key: str, **addresses: t.Any) -> None:
    """Note a use of the key with each of its entries: its position to an address, or an address and a time."""
    for position, use in addresses.items():
        address, time = use if isinstance(use, tuple) else (use, "2026-08-10T03:02:57Z")
        atlas.entries[key][int(position[1:])].update(lastUsed=time, lastUsedAddress=address)
    atlas._remember()


def steps(atlas: PlausibleAtlas) -> list[str]:
    return [request.split()[0] for request in atlas.requests]


@pytest.mark.parametrize("entry", [OFFICE, "198.51.100.7", HOME])
def test_entry_that_exists_in_another_form_changes_nothing(atlas: PlausibleAtlas, key: str, entry: str) -> None:
    assert not run(atlas, key, entry)["changed"]
    assert steps(atlas) == ["GET"]


def test_additions_are_one_request_and_come_first(atlas: PlausibleAtlas, key: str) -> None:
    use(atlas, key, _0="192.0.2.7")
    result = run(atlas, key, OFFICE, "203.0.113.9", "2001:DB8::/32", purge=True)
    assert steps(atlas) == ["GET", "POST", "GET", "DELETE", "GET"]
    (body,) = [body for request, body in atlas.bodies.items() if request.startswith("POST")]
    assert body == [{"ipAddress": "203.0.113.9"}, {"cidrBlock": "2001:db8::/32"}]
    assert result["diff"]["before"] == {"access_list": [OFFICE, HOME]}
    assert result["diff"]["after"] == {"access_list": [OFFICE, "203.0.113.9/32", "2001:db8::/32"]}


def test_absent_removes_what_is_there(atlas: PlausibleAtlas, key: str) -> None:
    assert run(atlas, key, "198.51.100.7", "203.0.113.9", state="absent")["changed"]
    assert atlas.blocks(key) == [OFFICE]


def test_check_mode_only_reads_and_predicts(atlas: PlausibleAtlas, key: str) -> None:
    planned = run(atlas, key, "203.0.113.9", check_mode=True)
    assert steps(atlas) == ["GET"]
    assert {"cidr_block": "203.0.113.9/32"} in planned["access_list"]
    assert run(atlas, key, "203.0.113.9")["diff"] == planned["diff"]


@pytest.mark.parametrize(
    ("entries", "options", "problem"),
    [
        (["192.0.2.7/24"], {}, "Write 192.0.2.0/24"),
        ([OFFICE], {"state": "absent", "purge": True}, "purge is true with state: absent"),
    ],
)
def test_refused_before_anything_is_sent(
    atlas: PlausibleAtlas, key: str, entries: list[str], options: Json, problem: str
) -> None:
    failed(atlas, key, entries, problem, **options)
    assert not atlas.requests


# Additions are seen before anything is removed


@pytest.mark.parametrize("how", [NOTHING, CLAIMS, SOMETHING_ELSE, HALF, ERROR_BEFORE, DROPPED_BEFORE, REFUSED])
def test_nothing_is_removed_before_the_additions_are_there(atlas: PlausibleAtlas, key: str, how: str) -> None:
    happen(atlas, "POST", how)
    before = atlas.blocks(key)
    result = failed(atlas, key, ["10.0.0.0/8", "203.0.113.0/24"], "Nothing was removed.", purge=True)
    assert set(before) <= set(atlas.blocks(key))
    assert [request for request in atlas.writes() if request.startswith("DELETE")] == []
    added = sorted(set(atlas.blocks(key)) - set(before))
    assert result["changed"] == bool(added)
    assert result.get("added", []) == added
    assert [each in result["msg"] for each in added] == [True] * len(added)


@pytest.mark.parametrize("how", [EMPTY, DROPPED_AFTER, ERROR_AFTER])
def test_additions_are_read_back_if_the_response_does_not_show_them(atlas: PlausibleAtlas, key: str, how: str) -> None:
    happen(atlas, "POST", how)
    assert run(atlas, key, "203.0.113.0/24", purge=True)["changed"]
    assert atlas.blocks(key) == ["203.0.113.0/24"]


def test_additions_in_a_list_that_lags(atlas: PlausibleAtlas, key: str) -> None:
    happen(atlas, "POST", EMPTY)
    atlas.now += 60
    atlas.lag = 2
    assert run(atlas, key, "203.0.113.0/24")["diff"]["after"]["access_list"] == [OFFICE, HOME, "203.0.113.0/24"]


@pytest.mark.parametrize("how", [NOTHING, CLAIMS, HALF])
def test_removal_that_is_not_made_is_a_failure(atlas: PlausibleAtlas, key: str, how: str) -> None:
    happen(atlas, "DELETE", how)
    result = failed(atlas, key, [OFFICE, "203.0.113.0/24"], HOME, "still contains", purge=True)
    assert (result["changed"], result["added"], result["removed"]) == (True, ["203.0.113.0/24"], [])


def test_removal_that_removes_something_else_is_a_failure(atlas: PlausibleAtlas, key: str) -> None:
    happen(atlas, "DELETE", SOMETHING_ELSE)
    result = failed(atlas, key, ["198.51.100.7"], "still contains", state="absent")
    assert (result["changed"], result["removed"]) == (True, [OFFICE])


def test_removal_that_is_refused_tells_what_was_done(atlas: PlausibleAtlas, key: str) -> None:
    seen: list[str] = []
    atlas.outcome = lambda request: (seen.append(request), REFUSED if "DELETE" in request and len(seen) == 3 else DOES)[
        1
    ]
    result = failed(atlas, key, ["203.0.113.0/24"], "403", "203.0.113.0/24", purge=True)
    assert (result["changed"], result["added"], len(result["removed"])) == (True, ["203.0.113.0/24"], 1)
    assert result["removed"][0] in result["msg"]


def test_entry_of_a_concurrent_task_is_a_warning(atlas: PlausibleAtlas, key: str) -> None:
    atlas.before_response = lambda _request: (
        atlas._add(key, [{"cidrBlock": "203.0.113.0/24"}], DOES) and atlas._remember()
    )
    result = run(atlas, key, "10.0.0.0/8")
    assert sorted(result["diff"]["after"]["access_list"]) == atlas.blocks(key)
    assert "203.0.113.0/24" in atlas.warnings[0]


def test_entry_that_another_task_added_by_now_is_success(atlas: PlausibleAtlas, key: str) -> None:
    def add(identifier: str, body: list[Json], how: str) -> Json:
        real(identifier, body, how)
        raise APIError("POST", 409, {})

    real, atlas._add = atlas._add, add  # type: ignore[method-assign]
    assert run(atlas, key, "203.0.113.0/24")["changed"]


def test_entry_that_is_gone_by_now_is_success(atlas: PlausibleAtlas, key: str) -> None:
    def remove(identifier: str, text: str, how: str) -> Json:
        real(identifier, text, how)
        return real(identifier, text, how)

    real, atlas._remove = atlas._remove, remove  # type: ignore[method-assign]
    assert run(atlas, key, "198.51.100.7", state="absent")["changed"]


def test_incomplete_list_changes_nothing(atlas: PlausibleAtlas, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atlas, "list", lambda *a, **k: Listing([], "The list may be incomplete."))
    failed(atlas, key, [OFFICE], "The list may be incomplete.", "not certain what would change", purge=True)
    assert not atlas.writes()
    assert not atlas.warnings


@pytest.mark.parametrize("check_mode", [True, False])
def test_key_that_is_gone(atlas: PlausibleAtlas, check_mode: bool) -> None:
    gone = run(atlas, "f" * 24, OFFICE, state="absent", check_mode=check_mode)
    assert (gone["changed"], gone["access_list"]) == (False, [])
    failed(atlas, "f" * 24, [OFFICE], "API_KEY_NOT_FOUND", check_mode=check_mode)


# Entries in a form of their own


@pytest.mark.parametrize("text", ["192.0.2.7/24", "192.0.2.007/32", "office"])
def test_entry_that_cannot_be_parsed_blocks_nothing(atlas: PlausibleAtlas, key: str, text: str) -> None:
    atlas.entries[key].append({"cidrBlock": text})
    atlas._remember()
    result = run(atlas, key, "203.0.113.0/24")
    assert text in result["diff"]["after"]["access_list"]
    run(atlas, key, "203.0.113.0/24", purge=True)
    assert atlas.blocks(key) == ["203.0.113.0/24"]


def test_removal_sends_the_text_of_atlas_and_tries_the_other_form(atlas: PlausibleAtlas, key: str) -> None:
    atlas.entries[key] += [
        {"cidrBlock": "2001:0DB8:0::/32"},
        {"cidrBlock": "203.0.113.9/32", "ipAddress": "203.0.113.9"},
    ]
    atlas._remember()
    remove = atlas._remove

    def only_blocks(identifier: str, text: str, how: str) -> Json:
        return remove(identifier, text if "/" in text else "none", how)

    atlas._remove = only_blocks  # type: ignore[method-assign]
    run(atlas, key, "2001:db8::/32", "203.0.113.9", state="absent")
    assert atlas.blocks(key) == [OFFICE, HOME]
    sent = [request.rpartition("/")[2] for request in atlas.writes()]
    assert sent == ["203.0.113.9", "203.0.113.9%2F32", "2001%3A0DB8%3A0%3A%3A%2F32"]


# Guards


@pytest.mark.parametrize(
    ("entries", "options", "option"),
    [
        ([], {"purge": True}, "allow_empty"),
        ([OFFICE, "198.51.100.7"], {"state": "absent"}, "allow_empty"),
        (["0.0.0.0/0"], {}, "allow_anywhere"),
        (["0.0.0.0/1", "128.0.0.0/1"], {}, "allow_anywhere"),
        (["::/0"], {}, "allow_anywhere"),
    ],
)
@pytest.mark.parametrize("check_mode", [True, False])
def test_dangerous_lists_need_an_option(
    atlas: PlausibleAtlas, key: str, entries: list[str], options: Json, option: str, check_mode: bool
) -> None:
    failed(atlas, key, entries, f"set {option}: true", check_mode=check_mode, **options)
    assert steps(atlas) == ["GET"]
    assert run(atlas, key, *entries, check_mode=True, **options, **{option: True})["changed"]


@pytest.mark.parametrize(("there", "added"), [("::/0", "0.0.0.0/0"), ("0.0.0.0/0", "::/0")])
def test_each_family_of_addresses_is_judged_by_itself(atlas: PlausibleAtlas, there: str, added: str) -> None:
    key = atlas.add_key("ci", entries=[there])
    failed(atlas, key, [added], "allow_anywhere: true")
    assert run(atlas, key, OFFICE)["changed"]


def test_list_that_would_be_open_only_while_it_is_changed(atlas: PlausibleAtlas) -> None:
    """If the removal failed, it would stay open."""
    key = atlas.add_key("half", entries=["0.0.0.0/1"])
    failed(atlas, key, ["128.0.0.0/1"], "While it is changed, the access list would allow all", purge=True)
    assert not atlas.writes()
    assert run(atlas, key, "128.0.0.0/1", purge=True, allow_anywhere=True)["changed"]


def test_block_inside_one_that_stays_is_a_warning(atlas: PlausibleAtlas) -> None:
    key = atlas.add_key("ci", entries=["10.0.0.0/8", "10.1.0.0/16"])
    run(atlas, key, "10.1.0.0/16", state="absent")
    assert atlas.warnings == [
        f"10.1.0.0/16 can still use the API key {key}, because 10.0.0.0/8 stays on its access list."
    ]
    atlas.warnings.clear()
    assert not run(atlas, key, "10.2.0.0/16", state="absent")["changed"]
    assert len(atlas.warnings) == 1


@pytest.mark.parametrize("address", ["192.0.2.7", "not an address", None])
@pytest.mark.parametrize("check_mode", [True, False])
def test_own_address_is_protected(atlas: PlausibleAtlas, key: str, address: str | None, check_mode: bool) -> None:
    atlas.own = "key00001"
    if address:
        use(atlas, key, _0=address)
    failed(atlas, key, [OFFICE], "allow_self: true", address or "not known", state="absent", check_mode=check_mode)
    assert not atlas.writes()
    assert run(atlas, key, OFFICE, state="absent", allow_self=True)["changed"]


def test_each_recent_address_is_protected(atlas: PlausibleAtlas, key: str) -> None:
    """Two hosts use the key; the newest use is by the other one."""
    atlas.own = "key00001"
    use(atlas, key, _0=("192.0.2.7", "2026-08-09T00:00:00Z"), _1=("198.51.100.7", "2026-08-10T00:00:00Z"))
    failed(atlas, key, [OFFICE], "192.0.2.7", "allow_self: true", state="absent")
    failed(atlas, key, ["198.51.100.7"], "192.0.2.7", "allow_self: true", purge=True)


def test_address_of_long_ago_is_not_the_callers(atlas: PlausibleAtlas, key: str) -> None:
    atlas.own = "key00001"
    use(atlas, key, _0=("192.0.2.7", "2026-01-01T00:00:00Z"), _1=("198.51.100.7", "2026-08-10T00:00:00Z"))
    assert run(atlas, key, OFFICE, state="absent")["changed"]


def test_pure_addition_cannot_lock_anybody_out(atlas: PlausibleAtlas, key: str) -> None:
    atlas.own = "key00001"
    assert run(atlas, key, "203.0.113.0/24")["changed"]
    assert steps(atlas) == ["GET", "POST", "GET"]


def test_addition_to_an_empty_list_restricts(atlas: PlausibleAtlas) -> None:
    key = atlas.add_key("ci")
    atlas.own = "key00001"
    failed(atlas, key, [OFFICE], "allow_self: true")


def test_entry_that_covers_the_caller_is_removed_last(atlas: PlausibleAtlas) -> None:
    key = atlas.add_key("ci", entries=["10.0.0.0/8", OFFICE, HOME])
    atlas.own = "key00001"
    use(atlas, key, _0="10.1.2.3")
    run(atlas, key, "10.0.0.0/9", purge=True)
    removed = [request.rpartition("/")[2] for request in atlas.writes() if "DELETE" in request]
    assert removed[-1] == "10.0.0.0%2F8"
