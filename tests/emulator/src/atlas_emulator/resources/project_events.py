# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of projects, which no organization's list shows (wire)."""

from __future__ import annotations

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.rate_limits import PROJECT_EVENTS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.resources.events import QUERY, Event, respond_with_events
from atlas_emulator.resources.projects import find_read_project


def list_project_events(call: Call, project_id: str) -> Response:
    """``GET /groups/{groupId}/events``. The role that it needs is not known."""
    return respond_with_events(call, find_read_project(call, project_id), project_id)


RESOURCE: Resource[Event] = Resource(
    name="project_events",
    routes=(Route("/groups/<project_id>/events", list_project_events, PROJECT_EVENTS, query=QUERY),),
)
