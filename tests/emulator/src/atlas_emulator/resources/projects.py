# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, which Atlas' paths and fields call groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.generator import Plan, project_created, project_id
from atlas_emulator.parser import Entry, Json
from atlas_emulator.permissions import ORG_OWNERS, ORG_READERS, check_role
from atlas_emulator.rate_limits import PROJECT, PROJECTS, other_limit
from atlas_emulator.resource import Resource, Route
from atlas_emulator.responses import respond, respond_with_page, self_link
from atlas_emulator.store import Found
from atlas_emulator.times import entry_time


@dataclass(frozen=True)
class Project:
    """A project; `tags` are names and values."""

    id: str
    name: str
    created: str
    cluster_count: int = 0
    tags: dict[str, str] = field(default_factory=dict)
    with_default_alerts_settings: bool = True
    fields: dict[str, Json] = field(default_factory=dict)


def parse_projects(entry: Entry, org_id: str) -> list[Project]:
    """Return the projects of an organization's entry."""
    return [_parse_project(project) for project in entry.entries("projects")]


def _parse_project(entry: Entry) -> Project:
    tags = entry.entry("tags")
    project = Project(
        id=entry.text("id", pattern="[a-f0-9]{24}"),
        name=entry.text("name", pattern=".+"),
        created=entry_time(entry, "created", "2026-08-10T03:05:16Z"),
        cluster_count=entry.whole("cluster_count", 0),
        tags={name: tags.text(name) for name in entry.fields("tags")},
        with_default_alerts_settings=entry.flag("with_default_alerts_settings", True),
        fields=entry.fields("fields"),
    )
    entry.finish()
    return project


def generate_projects(plan: Plan) -> None:
    """Add projects to a plan. The roles of generated keys and accounts are in these projects."""
    for number in range(plan.counts["projects"]):
        project = Project(
            id=project_id(plan.org_id, number),
            name=f"project {number + 1:03}",
            created=project_created(number),
            cluster_count=number % 3,
            tags={"environment": "production"} if number % 4 == 0 else {},
        )
        plan.items["projects"].append(project)


def serialize_project(project: Project, org_id: str, url: str) -> Json:
    """Return a project as Atlas writes it (wire). Which links one has alone, in addition to `self`, is not known."""
    return {
        "clusterCount": project.cluster_count,
        "created": project.created,
        "id": project.id,
        "links": self_link(url),
        "name": project.name,
        "orgId": org_id,
        "tags": [{"key": key, "value": value} for key, value in project.tags.items()],
        "withDefaultAlertsSettings": project.with_default_alerts_settings,
        **project.fields,
    }


def find_project(call: Call, project_id: str) -> Found[Project]:
    """Return the project in the path if the caller has a role in it or in its organization.

    A project that does not exist is a 404 (wire); that another organization's is a 401 is an assumption.
    """
    call.check_id(project_id)
    call.check_address()
    found = call.table(RESOURCE).find("project id", project_id)
    if found is None:
        raise APIError(404, "GROUP_NOT_FOUND", f"There is no project {project_id}.", [project_id])
    caller = call.caller
    if found.org_id != caller.org.id or not (caller.org_roles() or caller.project_roles(project_id)):
        raise APIError(401, "NOT_IN_GROUP", "The caller has no role in this project.", [project_id])
    return found


def find_read_project(call: Call, project_id: str) -> str:
    """Return the organization of the project in the path if the caller may read what is in the project.

    It may with any role in the project, or as a reader of the organization.
    """
    found = find_project(call, project_id)
    if not call.caller.project_roles(project_id):
        check_role(call.caller, ORG_READERS)
    return found.org_id


def find_managed_project(call: Call, project_id: str) -> str:
    """Return the organization of the project in the path if the caller is an owner of either of them."""
    found = find_project(call, project_id)
    if "GROUP_OWNER" not in call.caller.project_roles(project_id):
        check_role(call.caller, ORG_OWNERS)
    return found.org_id


def list_org_projects(call: Call, org_id: str) -> Response:
    """``GET /orgs/{orgId}/groups``; `name` is the beginning of a name (reference), here without regard to case."""
    prefix = call.query.get("name", "").casefold()
    projects = call.table(RESOURCE).list(call.org(org_id).id)
    return _respond_with_projects(call, [one for one in projects if one.name.casefold().startswith(prefix)])


def list_projects(call: Call) -> Response:
    """``GET /groups``: all of the caller's organization, or those in which the caller has a role."""
    call.check_address()
    projects = call.table(RESOURCE).list(call.caller.org.id)
    if not call.caller.org_roles():
        projects = [project for project in projects if call.caller.project_roles(project.id)]
    return _respond_with_projects(call, projects)


def _respond_with_projects(call: Call, projects: Sequence[Project]) -> Response:
    org_id, url = call.caller.org.id, f"{call.root}/groups"
    return respond_with_page(projects, lambda project, _url: serialize_project(project, org_id, f"{url}/{project.id}"))


def get_project(call: Call, project_id: str) -> Response:
    """``GET /groups/{groupId}``."""
    found = find_project(call, project_id)
    return respond(serialize_project(found.item, found.org_id, call.url))


def get_project_by_name(call: Call, name: str) -> Response:
    """``GET /groups/byName/{name}``: the whole name (reference). The error for an unknown one is an assumption.

    The address in its link is that of the project's ID, which is an assumption as well.
    """
    call.check_address()
    named = [project for project in call.table(RESOURCE).list(call.caller.org.id) if project.name == name]
    if not named:
        raise APIError(404, "GROUP_NOT_FOUND", f"There is no project {name}.", [name])
    found = find_project(call, named[0].id)
    return respond(serialize_project(found.item, found.org_id, f"{call.root}/groups/{found.item.id}"))


RESOURCE: Resource[Project] = Resource(
    name="projects",
    routes=(
        Route("/orgs/<org_id>/groups", list_org_projects, other_limit("orgs/{orgId}/groups"), query=("name",)),
        Route("/groups", list_projects, PROJECTS),
        Route("/groups/", list_projects, PROJECTS),  # as a published client sends it
        Route("/groups/byName/<name>", get_project_by_name, other_limit("groups/byName/{groupName}")),
        Route("/groups/<project_id>", get_project, PROJECT),
    ),
    parse=parse_projects,
    generate=generate_projects,
    counts={"projects": 7},
    identifiers={"project id": lambda project: project.id},
)
