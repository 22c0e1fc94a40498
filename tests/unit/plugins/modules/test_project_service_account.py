# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs from the assignment of API keys, with a fake client. The rest is the same code."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.modules import project_api_key, project_service_account

ORG, ID = "a0123456789abcdef012345a", "mdb_sa_id_6a793f752c88faeba59bba49"
PROJECT, OTHER = "b0123456789abcdef012345b", "b0123456789abcdef012345c"
ACCOUNT = f"/orgs/{ORG}/serviceAccounts/{ID}"
PROJECTS = f"/orgs/{ORG}/groups"
HERE = f"/groups/{PROJECT}/serviceAccounts/{ID}"
ASSIGNED = [{"groupId": OTHER, "roles": ["GROUP_OWNER"]}, {"groupId": PROJECT, "roles": ["GROUP_READ_ONLY"]}]
DENIED = APIError("a request", 401, {"errorCode": "USER_UNAUTHORIZED"})


@pytest.fixture(autouse=True)
def _responses(client: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "LOOK_AGAIN_AFTER", 0)
    client.responses = {
        f"/groups/{PROJECT}": {"id": PROJECT, "orgId": ORG},
        PROJECTS: [{"id": PROJECT, "name": "web shop"}, {"id": OTHER, "name": "web shop 2"}],
        ACCOUNT: lambda: {"clientId": ID, "name": "ci", "roles": ["ORG_MEMBER"]},
        f"{ACCOUNT}/groups": ASSIGNED,
        f"PATCH {HERE}": {},
        f"DELETE {HERE}": {},
    }


def run(client: t.Any, check_mode: bool = False, module: t.Any = project_service_account, **options: t.Any) -> t.Any:
    where = {} if "project_name" in options else {"project_id": PROJECT}
    return client.run(module, check_mode=check_mode, service_account_id=ID, **{**where, **options})


def test_assigned(client: t.Any) -> None:
    client.responses[f"{ACCOUNT}/groups"] = ASSIGNED[:1]

    def invite() -> dict[str, t.Any]:
        client.responses[f"{ACCOUNT}/groups"] = ASSIGNED
        return {}

    client.responses[f"POST {HERE}:invite"] = invite
    predicted = run(client, True, roles=["GROUP_READ_ONLY"])
    assert not any(" " in request for request in client.requests)
    result = run(client, roles=["GROUP_READ_ONLY"])
    assert client.bodies[f"POST {HERE}:invite"] == {"roles": ["GROUP_READ_ONLY"]}
    assert predicted == result
    assert result["service_account"]["projects"] == [
        {"group_id": OTHER, "roles": ["GROUP_OWNER"]},
        {"group_id": PROJECT, "roles": ["GROUP_READ_ONLY"]},
    ]
    assert {"group_id": PROJECT, "role_name": "GROUP_READ_ONLY"} in result["service_account"]["role_assignments"]
    assert not run(client, roles=["GROUP_READ_ONLY"])["changed"]


class TestAssignedConcurrently:
    def fail(self, client: t.Any, detail: str) -> None:
        client.responses[f"{ACCOUNT}/groups"] = []

        def invite() -> APIError:
            client.responses[f"{ACCOUNT}/groups"] = ASSIGNED
            return APIError("a request", 400, {"errorCode": "INVALID_ROLE_ASSIGNMENT", "detail": detail})

        client.responses[f"POST {HERE}:invite"] = invite

    def test_is_read_again(self, client: t.Any) -> None:
        self.fail(client, "SERVICE_ACCOUNT_ALREADY_IN_GROUP")
        result = run(client, roles=["GROUP_READ_ONLY"])
        assert result["diff"]["after"] == {"roles": ["GROUP_READ_ONLY"]}
        assert f"PATCH {HERE}" not in client.requests

    def test_gets_its_roles(self, client: t.Any) -> None:
        self.fail(client, "SERVICE_ACCOUNT_ALREADY_IN_GROUP")

        def set_roles() -> dict[str, t.Any]:
            client.responses[f"{ACCOUNT}/groups"] = [{"groupId": PROJECT, "roles": ["GROUP_OWNER"]}]
            return {}

        client.responses[f"PATCH {HERE}"] = set_roles
        run(client, roles=["GROUP_OWNER"])
        assert client.bodies[f"PATCH {HERE}"] == {"roles": ["GROUP_OWNER"]}

    @pytest.mark.parametrize("roles", [["GROUP_OWNER"], ["GROUP_CLUSTER_MANAGER"]])
    def test_or_has_them_already(self, client: t.Any, roles: list[str]) -> None:
        """Atlas refuses roles that are there already."""

        def set_roles() -> APIError:
            client.responses[f"{ACCOUNT}/groups"] = [{"groupId": PROJECT, "roles": ["GROUP_OWNER"]}]
            return APIError("a request", 400, {"errorCode": "INVALID_ROLE_ASSIGNMENT"})

        client.responses[f"PATCH {HERE}"] = set_roles
        if roles == ["GROUP_OWNER"]:
            assert run(client, roles=roles)["diff"]["after"] == {"roles": roles}
            return
        with pytest.raises(APIError, match="INVALID_ROLE_ASSIGNMENT"):
            run(client, roles=roles)

    def test_other_role_assignment_fails(self, client: t.Any) -> None:
        self.fail(client, "The role does not exist.")
        with pytest.raises(APIError, match="INVALID_ROLE_ASSIGNMENT"):
            run(client, roles=["GROUP_READ_ONLY"])


class TestRolesThatAreMissing:
    """The list of an account's projects may come without roles. That is not the same as no roles."""

    @pytest.fixture(autouse=True)
    def _without_roles(self, client: t.Any) -> None:
        client.responses[f"{ACCOUNT}/groups"] = [{"groupId": PROJECT}]

    def test_are_read_from_the_project(self, client: t.Any) -> None:
        client.responses[HERE] = {"clientId": ID, "roles": ["GROUP_READ_ONLY"]}
        assert not run(client, roles=["GROUP_READ_ONLY"])["changed"]

    @pytest.mark.parametrize("options", [{"roles": ["GROUP_READ_ONLY"]}, {"state": "absent"}])
    def test_are_not_known_if_they_are_missing_there_as_well(self, client: t.Any, options: dict[str, t.Any]) -> None:
        client.responses[HERE] = {"clientId": ID}
        with pytest.raises(InvalidResponse, match="did not return the roles .* That does not mean that it has none"):
            run(client, **options)
        assert not any(" " in request for request in client.requests)


@pytest.mark.parametrize(("roles", "changed"), [(["GROUP_READ_ONLY"], False), (["GROUP_OWNER"], True)])
def test_who_may_not_read_the_organization_reads_the_project(client: t.Any, roles: list[str], changed: bool) -> None:
    client.responses[ACCOUNT] = DENIED
    listed = [{"clientId": ID, "name": "ci", "roles": ["GROUP_READ_ONLY"]}]
    client.responses[f"/groups/{PROJECT}/serviceAccounts"] = listed
    result = run(client, True, roles=roles)
    assert result["changed"] == changed
    assert result["service_account"]["projects"] == [{"group_id": PROJECT, "roles": roles}]


def test_incomplete_list_of_projects(client: t.Any) -> None:
    client.responses[f"{ACCOUNT}/groups"] = Listing([], "Received 0 of 1 items.")
    with pytest.raises(AtlasError, match="not certain what would change"):
        run(client, roles=["GROUP_READ_ONLY"])


def test_own_roles_are_protected(client: t.Any) -> None:
    client.public_key = ID  # what the fake client takes for its own credential
    with pytest.raises(UsageError, match="take from it GROUP_READ_ONLY in this project, set allow_self: true"):
        run(client, state="absent")


# Both kinds find a project by its name, with the same code.


@pytest.mark.parametrize("module", [project_service_account, project_api_key])
class TestProjectName:
    def run(self, client: t.Any, module: t.Any, **options: t.Any) -> t.Any:
        key = "6a793f752c88faeba59bba49"
        identifier = {"service_account_id": ID} if module is project_service_account else {"api_user_id": key}
        roles = [{"groupId": PROJECT, "roleName": "GROUP_READ_ONLY"}]
        client.responses[f"/orgs/{ORG}/apiKeys/{key}"] = {"id": key, "publicKey": "gswvkocq", "roles": roles}
        return client.run(module, **identifier, **options)

    def test_identifies_the_project(self, client: t.Any, module: t.Any) -> None:
        result = self.run(client, module, org_id=ORG, project_name="web shop", roles=["GROUP_READ_ONLY"])
        assert not result["changed"]
        assert client.requests[0] == PROJECTS
        assert client.queries[PROJECTS] == {"name": "web shop"}
        assert f"/groups/{PROJECT}" not in client.requests  # the organization is known

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ({}, "Give either project_id, or project_name with org_id"),
            ({"project_id": PROJECT, "project_name": "web shop"}, "Give either project_id, or project_name"),
            ({"project_name": "web shop"}, "org_id is missing"),
        ],
    )
    def test_refused_before_anything_is_sent(
        self, client: t.Any, module: t.Any, options: dict[str, t.Any], problem: str
    ) -> None:
        with pytest.raises(UsageError, match=problem):
            self.run(client, module, **options, roles=["GROUP_READ_ONLY"])
        assert not client.requests

    def test_name_that_no_project_has(self, client: t.Any, module: t.Any) -> None:
        with pytest.raises(UsageError, match=f"The organization {ORG} has no project with the name 'web'"):
            self.run(client, module, org_id=ORG, project_name="web", roles=["GROUP_READ_ONLY"])
        assert not client.warnings
        gone = self.run(client, module, org_id=ORG, project_name="web", state="absent")
        assert "has no project with the name 'web' that the task can see. Check project_name" in client.warnings[0]
        assert (gone["changed"], client.requests) == (False, [PROJECTS, PROJECTS])

    def test_name_that_several_projects_have(self, client: t.Any, module: t.Any) -> None:
        client.responses[PROJECTS] = [{"id": PROJECT, "name": "web"}, {"id": OTHER, "name": "web"}]
        with pytest.raises(UsageError, match=f"Several projects .*: {PROJECT}, {OTHER}"):
            self.run(client, module, org_id=ORG, project_name="web", state="absent")

    def test_absence_needs_a_complete_list(self, client: t.Any, module: t.Any) -> None:
        client.responses[PROJECTS] = Listing([], "Received 0 of 1 items.")
        with pytest.raises(AtlasError, match="not certain which projects exist"):
            self.run(client, module, org_id=ORG, project_name="web", state="absent")


@pytest.mark.parametrize("where", [f"/groups/{PROJECT}", f"{ACCOUNT}/groups"])
def test_404_that_is_not_about_the_account_is_no_absence(client: t.Any, where: str) -> None:
    client.responses[where] = APIError("GET", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
    with pytest.raises(AtlasError, match="Atlas refused GET: 404"):
        run(client, state="absent")


def test_removal_is_not_proven_by_a_404_of_another_list(client: t.Any) -> None:
    unknown = APIError("GET", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
    client.responses[f"DELETE {HERE}"] = lambda: client.responses.update({f"{ACCOUNT}/groups": unknown}) or {}
    with pytest.raises(AtlasError, match="404 .* Atlas has accepted the change before") as caught:
        run(client, state="absent")
    assert caught.value.partial == {"changed": True}
