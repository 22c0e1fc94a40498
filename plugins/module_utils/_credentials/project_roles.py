# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The roles of a credential in a project."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import projects
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import is_object_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import (
    Change,
    Done,
    confirm,
    reading_back,
    settle,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Credential,
    Kind,
    Params,
    check_own,
    get_if_exists,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options import identifiers
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

# The options of each module that assigns a credential, in addition to its identifier and to the roles.
PROJECT_OPTIONS: dict[str, dict[str, t.Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "project_id": identifiers.object_id(aliases=["group_id"]),
    "project_name": {"type": "str"},
    "org_id": identifiers.org_id(),
    "allow_self": {"type": "bool", "default": False},
}

Roles = t.Union["list[str]", None]  # None: not assigned to the project


class Assignment(t.NamedTuple):
    """A credential, and its roles in the project.

    :param credential: None if it is not known to exist.
    """

    credential: Credential | None
    roles: Roles


def plan(kind: Kind, params: Params) -> Change:
    """Return the change of an assignment.

    :param params: ``PROJECT_OPTIONS``, the kind's identifier and ``roles``.
    :raises UsageError: if roles are missing, or what would happen needs an option to be allowed.
    """
    words, present = kind.words, params["state"] == "present"
    if present and not params["roles"]:
        raise UsageError(f"roles is missing or empty. To remove the {words.one} from the project, set state: absent.")
    project_id, org_id = _find_project(kind, params)
    if project_id is None:
        return Change({"roles": None}, {"roles": None}, lambda: Done({}, {"roles": None}))
    project = _Project(kind, project_id, params[words.id_option], org_id)
    found = project.read(absence_is_known=not present)
    after = sorted(set(params["roles"])) if present else None
    _check_self(kind, params, found, after)
    planned = {}
    if after is not None:
        planned = {words.kind: kind.planned_in_project(found.credential or {}, project_id, after)}
    return Change(
        {"roles": found.roles}, {"roles": after}, lambda: project.carry_out(found.roles, after), planned=planned
    )


def _find_project(kind: Kind, params: Params) -> tuple[str | None, str | None]:
    """Return the IDs of the project and of its organization; None for what is not known.

    With ``state=absent``, a project that does not exist has no ID.

    :raises UsageError: if the options do not identify one project.
    """
    project_id, name, org_id = params["project_id"], params["project_name"], params["org_id"]
    if bool(project_id) == bool(name):
        raise UsageError("Give either project_id, or project_name with org_id.")
    if project_id:
        return project_id, None
    if not org_id:
        raise UsageError("project_name is given, and org_id is missing. Names are unique in one organization only.")
    listing = projects.list_all(kind.client, org_id, name)
    found = [project.get("id") for project in listing.items if project.get("name") == name]
    if len(found) == 1 and is_object_id(found[0]):
        return found[0], org_id
    if found:
        listed = ", ".join(map(str, found))
        raise UsageError(
            f"Several projects of the organization have the name {shown(name)}: {listed}. Give project_id."
        )
    listing.require_complete("which projects exist")
    problem = f"The organization {org_id} has no project with the name {shown(name)} that the task can see."
    if params["state"] == "present":
        raise UsageError(problem)
    kind.client.warnings.append(f"{problem} Check project_name: if the project exists, nothing was removed from it.")
    return None, org_id


def _check_self(kind: Kind, params: Params, found: Assignment, after: Roles) -> None:
    lost = set(found.roles or ()) - set(after or ())
    if lost and found.credential:
        refusal = f"To take from it {', '.join(sorted(lost))} in this project, set allow_self: true."
        described = f"{params[kind.words.id_option]} is the {kind.words.one}"
        check_own(kind.client, kind.is_own(found.credential), described, params["allow_self"], refusal)


class _Project:
    """One credential in one project."""

    def __init__(self, kind: Kind, project_id: str, identifier: str, org_id: str | None) -> None:
        self._kind = kind
        self._project_id = project_id
        self._identifier = identifier
        self._org_id = org_id  # None until the project was read
        self._is_gone = False  # the project, once Atlas has said so

    def read(self, *, absence_is_known: bool) -> Assignment:
        """Return the assignment as it is now.

        It is read from the credential itself, because a list may lag. Where Atlas does not allow that, from the list of
        the project.

        :param absence_is_known: whether a project or credential that does not exist is an assignment that does not.
        :raises APIError: if not, and one of them does not exist.
        """
        try:
            if self._org_id is None:
                org_id = projects.get(self._kind.client, self._project_id).get("orgId")
                self._org_id = org_id if isinstance(org_id, str) else ""
            if self._org_id:
                credential = self._kind.get(self._org_id, self._identifier)
                return Assignment(credential, self._kind.roles_in_project(credential, self._org_id, self._project_id))
        except APIError as error:
            # Not any 404: one of a proxy, or for a wrong api_version, says nothing about the project.
            if absence_is_known and (error.error_code == "GROUP_NOT_FOUND" or self._credential_is_missing(error)):
                return Assignment(None, None)
            if not error.access_denied:
                raise
            self._org_id = ""
        return self._read_from_list()

    def _credential_is_missing(self, error: APIError) -> bool:
        """Return whether an error of any of the requests means that the credential does not exist."""
        if not self._org_id or not self._kind.is_missing(error):
            return False
        return get_if_exists(self._kind, self._org_id, self._identifier) is None

    def _read_from_list(self) -> Assignment:
        listing = self._kind.list_of_project(self._project_id)
        for each in listing.items:
            if self._kind.id_of(each) == self._identifier:
                return Assignment(each, self._kind.listed_roles(each, self._project_id))
        listing.require_complete("what would change")
        return Assignment(None, None)

    def carry_out(self, before: Roles, after: Roles) -> Done:
        """Make the change, and compare what was read back.

        :raises AtlasError: if access is wider than asked for, or the credential is not assigned.
        """
        if after is None:
            self._unassign()
        else:
            current = self._assign(after) if before is None else before
            if current != after:
                self._set_roles(after)
        with reading_back():
            found = settle(self._read_after, lambda each: each.roles == after)
        return self._compare(found, before, after)

    def _compare(self, found: Assignment, before: Roles, after: Roles) -> Done:
        words = self._kind.words
        what = f"The {words.one} {self._identifier}"
        result = {words.kind: self._kind.result(found.credential)} if after is not None and found.credential else {}
        wider = sorted(set(found.roles or ()) - set(after or ()))
        failure = ""
        if after is None and found.roles is not None:
            failure = f"{what} is still assigned to the project, although Atlas accepted the removal: {found.roles}."
        elif wider:
            failure = f"{what} has more roles in the project than asked for: {', '.join(wider)}. Remove them."
        elif after is not None and found.roles is None:
            failure = (
                f"{what} is not assigned to the project, although Atlas accepted the assignment. Run the task again."
            )
        if failure:
            error = AtlasError(failure)
            if found.roles != before:
                error.keep(changed=True, **result)
            raise error
        if found.roles != after:
            self._kind.client.warnings.append(
                f"{what} is not as asked for: its roles in the project are {found.roles} instead of {after}."
            )
        return Done(result, {"roles": found.roles})

    def _read_after(self) -> Assignment:
        if self._is_gone:
            return Assignment(None, None)
        return self.read(absence_is_known=True)

    def _assign(self, wanted: list[str]) -> Roles:
        """Assign the credential, and return the roles that it has then: other ones, if another task was faster."""
        try:
            confirm(
                lambda: self._kind.assign(self._project_id, self._identifier, wanted),
                lambda: self._read_after().roles == wanted,
            )
        except APIError as error:
            if not self._kind.is_assigned_already(error):
                raise
            return settle(self._read_after, lambda each: each.roles is not None).roles
        return wanted

    def _set_roles(self, wanted: list[str]) -> None:
        try:
            confirm(
                lambda: self._kind.set_project_roles(self._project_id, self._identifier, wanted),
                lambda: self._read_after().roles == wanted,
            )
        except APIError as error:
            # Roles that are there already may be refused (client): another task was faster.
            if error.status != 400 or self._read_after().roles != wanted:
                raise

    def _unassign(self) -> None:
        """Remove the credential. A project or credential that is gone already is success."""
        try:
            confirm(
                lambda: self._kind.unassign(self._project_id, self._identifier),
                lambda: self._read_after().roles is None,
            )
        except APIError as error:
            self._is_gone = error.error_code == "GROUP_NOT_FOUND"
            if error.status != 404 or self._read_after().roles is not None:
                raise
