# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Service accounts of an organization, as a kind of credential.

No response of the real service was ever recorded: what is read here accepts more than one shape.
"""

from __future__ import annotations

import types
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import organizations, service_accounts
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import CLIENT_ID
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import settle
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Credential,
    Managed,
    Params,
    Words,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import service_account_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.roles import org_role_list
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.texts import check_text
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

MAX_NAME, MAX_DESCRIPTION = 64, 250  # characters (reference)
MIN_SECRET_HOURS, MAX_SECRET_HOURS = 8, 8760  # hours that a secret may live (reference, documentation)

# A 404 with one of these says nothing about a service account. The code for one that does not exist is not known.
_MISSING_OTHERS = frozenset(("ORG_NOT_FOUND", "INVALID_ORG_ID", "NOT_ATLAS_ORG", "GROUP_NOT_FOUND"))


# The options of each module that creates and changes service accounts, for one of them.
ACCOUNT_OPTIONS: dict[str, dict[str, t.Any]] = {
    "service_account_id": service_account_id(),
    "name": {"type": "str"},
    "description": {"type": "str"},
    "roles": org_role_list(other_module="project_service_account"),
    "secret_expires_after_hours": {"type": "int", "no_log": False},
    "without_secret": {"type": "bool", "default": False, "no_log": False},
}


class ServiceAccount:
    """The kind ``service account``. See ``Kind`` for the methods."""

    words = Words(
        one="service account",
        many="service accounts",
        kind="service_account",
        id_option="service_account_id",
        name_option="name",
        secret="client secret",
        secret_result="client_secret",
    )
    max_per_org = 200
    max_entries: int | None = 200
    environment: t.Mapping[str, str] = types.MappingProxyType(
        {
            "MONGODB_ATLAS_CLIENT_ID": "client_id",
            "MONGODB_ATLAS_CLIENT_SECRET": "client_secret",
            "MONGODB_ATLAS_ORG_ID": "org_id",
        }
    )

    def __init__(self, client: AtlasClient) -> None:
        self.client = client
        # The organization of the last request: an account does not name it, and a result does.
        self._org_id: str | None = None
        self._settings: dict[str, t.Any] | None = None  # of the organization, once they were read
        self._can_be_read = False  # whether this version of the API has shown service accounts

    # Reading

    def get(self, org_id: str, identifier: str) -> Credential:
        self._org_id = org_id
        try:
            account = service_accounts.get(self.client, org_id, identifier)
        except APIError as error:
            if self.is_missing(error) and not self._can_be_read:
                self._check_that_accounts_can_be_read(org_id, error)
            raise
        self._can_be_read = True
        return account

    def _check_that_accounts_can_be_read(self, org_id: str, error: APIError) -> None:
        """See that a 404 is about the account: a wrong ``api_version`` or a proxy answers the same for all of them.

        :raises AtlasError: if that is not certain.
        """
        try:
            self.list_all(org_id)
        except AtlasError as second:
            raise AtlasError(f"{error} Whether the service account exists is not known: {second}") from None

    def list_all(self, org_id: str) -> Listing:
        self._org_id = org_id
        listing = service_accounts.list_all(self.client, org_id)
        self._can_be_read = True
        return listing

    def is_missing(self, error: APIError) -> bool:
        return error.status == 404 and error.error_code is not None and error.error_code not in _MISSING_OTHERS

    # What a response says

    def id_of(self, credential: Credential) -> str | None:
        identifier = credential.get("clientId")
        return identifier if isinstance(identifier, str) and CLIENT_ID.fullmatch(identifier) else None

    def describe(self, credential: Credential) -> str:
        created = credential.get("createdAt")
        details = f"name {shown(str(credential.get('name')))}" + (f", created {created}" if created else "")
        return f"{credential.get('clientId')} ({details})"

    def summary(self, credential: Credential) -> dict[str, t.Any]:
        fields = {"client_id": "clientId", "name": "name", "created_at": "createdAt"}
        return {name: credential.get(field) for name, field in fields.items()}

    def managed(self, credential: Credential, org_id: str) -> Managed:
        roles = _roles_in(credential)
        return {"name": credential.get("name"), "description": credential.get("description"), "roles": roles}

    def project_roles(self, credential: Credential) -> set[str]:
        return set()  # the response does not contain them

    def is_own(self, credential: Credential) -> bool | None:
        return self.client.is_own(credential.get("clientId"))

    def result(self, credential: Credential) -> dict[str, t.Any]:
        account = to_snake_case(service_accounts.without_secrets(credential))
        return {**account, "role_assignments": service_accounts.role_assignments(str(self._org_id), account)}

    # Options

    def check(self, params: Params) -> None:
        for option, max_length in (("name", MAX_NAME), ("description", MAX_DESCRIPTION)):
            if params[option] is not None:
                check_text(option, params[option], max_length)
        hours = params["secret_expires_after_hours"]
        if hours is not None:
            check_hours("secret_expires_after_hours", hours)
        if params["without_secret"]:
            for option in ("secret_expires_after_hours", "secret_file", "return_secret"):
                if params.get(option):
                    raise UsageError(f"{option} is given, and without_secret is true. Give one of them.")

    def check_creation(self, params: Params) -> None:
        hours, name = params["secret_expires_after_hours"], shown(params["name"])
        if params["description"] is None:
            raise UsageError(f"No service account has the name {name}. To create one, give description.")
        if hours is None and not params["without_secret"]:
            raise UsageError(
                f"No service account has the name {name}. To create one, give secret_expires_after_hours, or"
                " without_secret: true."
            )
        if hours is not None:
            self.check_max_hours(params["org_id"], "secret_expires_after_hours", hours)

    def check_max_hours(self, org_id: str, option: str, hours: int) -> None:
        """Refuse a lifetime that the organization does not allow. Where its settings may not be read, Atlas judges.

        :raises UsageError: with the maximum.
        """
        if self._settings is None:
            try:
                self._settings = organizations.get_settings(self.client, org_id)
            except APIError as error:
                if not error.access_denied:
                    raise
                self._settings = {}
        maximum = self._settings.get("maxServiceAccountSecretValidityInHours")
        if isinstance(maximum, int) and hours > maximum:
            raise UsageError(f"{option} is {hours}; the organization allows at most {maximum} hours.")

    def wanted(self, params: Params) -> Managed:
        roles = params["roles"]
        names = None if roles is None else sorted(set(roles))
        return {"name": params["name"], "description": params["description"], "roles": names}

    def has_secret(self, params: Params) -> bool:
        return not params["without_secret"]

    def planned(self, credential: Credential, after: Managed, org_id: str) -> dict[str, t.Any]:
        return self.result({**credential, **after})

    # Writing

    def create(self, params: Params) -> Credential:
        hours = None if params["without_secret"] else params["secret_expires_after_hours"]
        wanted = self.wanted(params)
        try:
            return service_accounts.create(
                self.client, params["org_id"], wanted["name"], wanted["description"], wanted["roles"], hours
            )
        except APIError as error:
            if hours is None and error.status == 400:
                error.amend(
                    f"{error} Atlas may not support service accounts without a secret here. If so, give"
                    " secret_expires_after_hours and a place for the secret instead of without_secret."
                )
            raise

    def finish_creation(self, params: Params, response: Credential) -> None:
        if self.has_secret(params):
            return
        org_id, identifier = params["org_id"], str(self.id_of(response))
        # Only the secrets in the response to our own request are deleted.
        for secret in service_accounts.secrets_of(response) or []:
            secret_id = str(secret.get("id"))
            service_accounts.delete_secret(self.client, org_id, identifier, secret_id)
            self.client.warnings.append(
                f"Atlas created the service account {identifier} with the secret {secret_id}, although without_secret"
                " is true. That secret was deleted."
            )
        left = settle(lambda: service_accounts.secrets_of(self.get(org_id, identifier)), lambda found: not found)
        response["secrets"] = left
        if left is None:
            self.client.warnings.append(f"Whether the service account {identifier} has a secret is not known.")
        if left:
            listed = ", ".join(str(secret.get("id")) for secret in left)
            raise AtlasError(
                f"The service account {identifier} has a secret, although without_secret is true: {listed}."
            )

    def secret_of(self, response: Credential) -> str | None:
        secret = _new_secret(response)
        return None if secret is None else str(secret["secret"])

    def secret_fields(self, response: Credential, org_id: str) -> dict[str, str | None]:
        secret = _new_secret(response) or {}
        return {
            "kind": self.words.kind,
            "org_id": org_id,
            "client_id": response.get("clientId"),
            "client_secret": self.secret_of(response),
            "secret_id": secret.get("id"),
            "secret_expires_at": secret.get("expiresAt"),
            "name": response.get("name"),
            "created_at": response.get("createdAt"),
        }

    def creation_result(self, response: Credential) -> dict[str, t.Any]:
        secret = _new_secret(response)
        return {} if secret is None else {"secret_id": secret.get("id"), "secret_expires_at": secret.get("expiresAt")}

    def update(self, org_id: str, identifier: str, changes: Managed) -> Credential:
        return service_accounts.update(self.client, org_id, identifier, changes)

    def delete(self, org_id: str, identifier: str) -> None:
        service_accounts.delete(self.client, org_id, identifier)

    # Access list

    def list_entries(self, org_id: str, identifier: str) -> Listing:
        return service_accounts.list_access_list(self.client, org_id, identifier)

    def add_entries(self, org_id: str, identifier: str, networks: t.Sequence[Network]) -> dict[str, t.Any]:
        return service_accounts.add_to_access_list(self.client, org_id, identifier, networks)

    def remove_entry(self, org_id: str, identifier: str, text: str) -> None:
        service_accounts.remove_from_access_list(self.client, org_id, identifier, text)

    def last_use(self, entry: dict[str, t.Any]) -> tuple[str, str] | None:
        address = entry.get("lastUsedAddress")
        return (str(entry.get("lastUsedAt") or ""), str(address)) if address else None

    # Projects

    def list_of_project(self, project_id: str) -> Listing:
        # The roles of these are those in the project (reference).
        return service_accounts.list_of_project(self.client, project_id).convert(
            lambda account: {
                **{field: value for field, value in account.items() if field != "roles"},
                "projects": [{"groupId": project_id, "roles": account.get("roles")}],
            }
        )

    def roles_in_project(self, credential: Credential, org_id: str, project_id: str) -> list[str] | None:
        """Return the roles of an account in a project. The projects of the account are added to it, for the result."""
        identifier = str(self.id_of(credential))
        listing = service_accounts.list_projects(self.client, org_id, identifier)
        credential["projects"] = [self._with_roles(each, project_id, identifier) for each in listing.items]
        roles = self.listed_roles(credential, project_id)
        if roles is None:
            listing.require_complete("what would change")
        return roles

    def _with_roles(self, project: dict[str, t.Any], project_id: str, identifier: str) -> dict[str, t.Any]:
        """Return an item of the list of an account's projects. It may come without roles (client)."""
        if project.get("groupId") != project_id or _roles_in(project) is not None:
            return project
        return {**project, "roles": service_accounts.get_in_project(self.client, project_id, identifier).get("roles")}

    def listed_roles(self, credential: Credential, project_id: str) -> list[str] | None:
        for project in credential.get("projects") or []:
            if project.get("groupId") == project_id:
                roles = _roles_in(project)
                if roles is None:
                    raise InvalidResponse(
                        f"Atlas did not return the roles of the service account {self.id_of(credential)} in the project"
                        f" {project_id}. That does not mean that it has none.",
                        200,
                    )
                return roles
        return None

    def planned_in_project(self, credential: Credential, project_id: str, roles: t.Sequence[str]) -> dict[str, t.Any]:
        others = [each for each in credential.get("projects") or [] if each.get("groupId") != project_id]
        return self.result({**credential, "projects": [*others, {"groupId": project_id, "roles": list(roles)}]})

    def assign(self, project_id: str, identifier: str, roles: t.Sequence[str]) -> None:
        service_accounts.assign_to_project(self.client, project_id, identifier, roles)

    def is_assigned_already(self, error: APIError) -> bool:
        # An official client looks for this name in the text. Where it stands in the response is not known.
        return error.error_code == "INVALID_ROLE_ASSIGNMENT" and "SERVICE_ACCOUNT_ALREADY_IN_GROUP" in str(error)

    def set_project_roles(self, project_id: str, identifier: str, roles: t.Sequence[str]) -> None:
        service_accounts.set_project_roles(self.client, project_id, identifier, roles)

    def unassign(self, project_id: str, identifier: str) -> None:
        service_accounts.remove_from_project(self.client, project_id, identifier)


def check_hours(option: str, hours: int) -> None:
    """Refuse a lifetime that no secret may have.

    :raises UsageError: with the option and its value.
    """
    if not MIN_SECRET_HOURS <= hours <= MAX_SECRET_HOURS:
        raise UsageError(f"{option} is {hours}; it must be from {MIN_SECRET_HOURS} to {MAX_SECRET_HOURS} hours.")


def _new_secret(response: Credential) -> dict[str, t.Any] | None:
    """Return the one secret that a response shows; None if it shows none, or several."""
    found = service_accounts.new_secrets(response)
    return found[0] if len(found) == 1 else None


def _roles_in(resource: dict[str, t.Any]) -> list[str] | None:
    """Return the names of the roles in a response, sorted; None if they are missing.

    They are strings (reference). Objects, as API keys have them, are understood as well.
    """
    roles = resource.get("roles")
    if not isinstance(roles, list):
        return None
    return sorted({str(each.get("roleName") if isinstance(each, dict) else each) for each in roles})
