# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import datetime
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_event_info

ORG = "a0123456789abcdef012345a"
EVENTS = f"/orgs/{ORG}/events"
PROJECT = "b0123456789abcdef012345b"


def event(number: int) -> dict[str, t.Any]:
    return {"id": str(number), "created": f"2026-08-{number:02}T00:00:00Z", "eventTypeName": "API_KEY_CREATED"}


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    client.responses = {EVENTS: [event(2), event(3), event(1)]}


def run(client: t.Any, **options: t.Any) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", client.run(org_event_info, org_id=ORG, **options))


def ids(found: dict[str, t.Any]) -> list[str]:
    return [each["id"] for each in found["events"]]


def test_newest_first(client: t.Any) -> None:
    found = run(client)
    assert ids(found) == ["3", "2", "1"]
    assert found["events"][0]["event_type_name"] == "API_KEY_CREATED"
    assert (found["changed"], found["complete"], client.warnings) == (False, True, [])
    assert client.queries == {EVENTS: {}}


def test_query(client: t.Any) -> None:
    run(client, event_types=["API_KEY_CREATED", "NEW"], since="2026-08-01", until="2026-08-02T12:00:00+02:00")
    assert client.queries[EVENTS] == {
        "eventType": ["API_KEY_CREATED", "NEW"],
        "minDate": "2026-08-01T00:00:00Z",
        "maxDate": "2026-08-02T10:00:00Z",
    }


def test_durations_end_now(client: t.Any) -> None:
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    run(client, since="90d")
    sent = datetime.datetime.fromisoformat(client.queries[EVENTS]["minDate"].replace("Z", "+00:00"))
    assert before <= sent + datetime.timedelta(days=90) <= datetime.datetime.now(datetime.timezone.utc)


def test_more_events_than_wanted(client: t.Any) -> None:
    found = run(client, max_events=2)
    assert ids(found) == ["3", "2"]
    assert found["complete"] is False
    (warning,) = client.warnings
    assert warning.startswith(f"There are more than 2 events of the organization {ORG}; the newest 2 were returned.")


def test_just_as_many_events_as_wanted(client: t.Any) -> None:
    assert run(client, max_events=3)["complete"] is True
    assert client.warnings == []


def test_incomplete_list(client: t.Any) -> None:
    client.responses[EVENTS] = Listing([event(1)], "The list may be incomplete.")
    assert run(client)["complete"] is False
    assert client.warnings == ["The list may be incomplete."]


def test_events_of_a_project_come_from_its_own_feed(client: t.Any) -> None:
    feed = f"/groups/{PROJECT}/events"
    recorded = {
        **event(1),
        "groupId": PROJECT,
        "isGlobalAdmin": False,
        "whitelistEntry": "192.0.2.7",
        "delegatePrincipal": {"id": "d", "name": "n", "onBehalfOf": None},
    }
    client.responses = {feed: [recorded]}
    found = run(client, project_id=PROJECT, event_types=["API_KEY_ROLES_CHANGED"])
    assert client.requests == [feed]
    assert client.queries[feed] == {"eventType": ["API_KEY_ROLES_CHANGED"]}
    assert found["events"][0]["is_global_admin"] is False
    assert found["events"][0]["delegate_principal"]["on_behalf_of"] is None
    assert found["events"][0]["whitelist_entry"] == "192.0.2.7"


def test_organization_is_not_needed_with_a_project(client: t.Any) -> None:
    client.responses = {f"/groups/{PROJECT}/events": []}
    assert client.run(org_event_info, project_id=PROJECT)["events"] == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_events": 0}, "max_events is 0; it must be from 1"),
        ({"max_events": 50001}, "max_events is 50001"),
        ({"since": "yesterday"}, "since is 'yesterday'; it must be a date"),
        ({"until": "12"}, "until is '12'; it must be a date"),
        ({"since": "1d", "until": "2d"}, "is later than until"),
    ],
)
def test_wrong_options_send_nothing(client: t.Any, options: dict[str, t.Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        run(client, **options)
    assert client.requests == []
