# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.modules import project_info

ORG, PROJECT = "a0123456789abcdef012345a", "b0123456789abcdef012345b"
PROJECTS = f"/orgs/{ORG}/groups"


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    project = {"id": PROJECT, "orgId": ORG, "clusterCount": 0, "newThing": [{"deepThing": 1}]}
    client.responses = {f"/groups/{PROJECT}": project, PROJECTS: [project], "/groups": [project, {"id": "other"}]}


RESULT = {"id": PROJECT, "org_id": ORG, "cluster_count": 0, "new_thing": [{"deep_thing": 1}]}


def test_one(client: t.Any) -> None:
    found = client.run(project_info, project_id=PROJECT, org_id=ORG)
    assert found == {"changed": False, "complete": True, "project": RESULT}
    assert client.requests == [f"/groups/{PROJECT}"]


def test_all_of_an_organization(client: t.Any) -> None:
    found = client.run(project_info, org_id=ORG)
    assert found == {"changed": False, "complete": True, "projects": [RESULT]}
    assert client.queries == {PROJECTS: {}}


def test_name_is_filtered_by_the_server(client: t.Any) -> None:
    client.run(project_info, org_id=ORG, name="bill&ing")
    assert client.queries == {PROJECTS: {"name": "bill&ing"}}


def test_all_that_can_be_seen(client: t.Any) -> None:
    assert client.run(project_info)["projects"] == [RESULT, {"id": "other"}]
    assert client.requests == ["/groups"]
