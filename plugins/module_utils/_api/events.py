# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Events of an organization or a project.

Atlas keeps them apart: what happens in a project is in the project's feed alone (recorded).
"""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Items, Listing


def list_of_organization(client: AtlasClient, org_id: str, most: int, query: dict[str, t.Any]) -> Listing:
    """Return events of an organization. See ``_list_newest``."""
    return _list_newest(client, ("orgs", org_id), f"events of the organization {org_id}", most, query)


def list_of_project(client: AtlasClient, project_id: str, most: int, query: dict[str, t.Any]) -> Listing:
    """Return events of a project. See ``_list_newest``."""
    return _list_newest(client, ("groups", project_id), f"events of the project {project_id}", most, query)


def _list_newest(client: AtlasClient, owner: tuple[str, str], what: str, most: int, query: dict[str, t.Any]) -> Listing:
    """Return events, the newest first, and at most so many.

    Atlas is not known to promise an order. If events come newest first, pages are read until there are enough;
    otherwise all pages are read.

    :param query: ``eventType``, ``minDate`` and ``maxDate``, as the API names them.
    """

    def is_enough(events: Items) -> bool:
        return len(events) > most and events == _newest_first(events)

    events = client.list(*owner, "events", what=what, is_enough=is_enough, **query)
    newest = _newest_first(events.items)
    if len(newest) <= most:
        return Listing(newest, events.problem)
    return Listing(
        newest[:most],
        f"There are more than {most} {what}; the newest {most} were returned. Give fewer event_types or a later since,"
        " or raise max_events.",
    )


def _newest_first(events: Items) -> Items:
    # All times are in UTC and in the same form, so that their texts have the same order.
    return sorted(events, key=lambda event: str(event.get("created", "")), reverse=True)
