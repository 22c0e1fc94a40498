# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What a kind of credential has to tell, so that all else in this folder works on any kind and never names one."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, UsageError

# A credential as Atlas returns it. No field of it is guaranteed.
Credential = dict[str, t.Any]

# The options of a module, or of one item of a module that works on many; ``org_id`` is among them.
Params = t.Mapping[str, t.Any]

# The state of a credential that a module compares and shows in ``diff``. ``roles`` are the names of its roles in the
# organization, sorted.
Managed = dict[str, t.Any]


class Words(t.NamedTuple):
    """How a kind is called in messages, options and results.

    :param one: ``API key``.
    :param many: ``API keys``.
    :param kind: ``api_key``; also the result with one credential, and with an ``s`` the option and result with many.
    :param id_option: the option with its identifier, ``api_user_id``.
    :param name_option: the option with what people call it, and the field of ``Managed``: ``desc``.
    :param secret: what it authenticates with, ``private key``.
    :param secret_result: the result with the secret, ``private_key``.
    """

    one: str
    many: str
    kind: str
    id_option: str
    name_option: str
    secret: str
    secret_result: str

    @property
    def deleted(self) -> str:
        """Return the result with the identifier of a deleted credential."""
        return f"deleted_{self.id_option}"


class Creatable(t.Protocol):
    """What can be created, with a secret that is shown once, and deleted: its requests, and what their responses mean.

    Reading raises AtlasError as the client does. Writing does the same and promises nothing about the outcome.
    """

    client: AtlasClient
    words: Words
    # How many of them an organization may have (documentation).
    max_per_org: int
    # Environment variable to the field of ``secret_fields`` that it contains.
    environment: t.Mapping[str, str]

    # Reading

    def get(self, org_id: str, identifier: str) -> Credential:
        """Read one credential."""

    def list_all(self, org_id: str) -> Listing:
        """Read every credential of the organization."""

    def is_missing(self, error: APIError) -> bool:
        """Return whether Atlas says that there is no such credential."""

    # What a response says

    def id_of(self, credential: Credential) -> str | None:
        """Return the identifier; None if it is missing or is none that Atlas can have given."""

    def describe(self, credential: Credential) -> str:
        """Return what a person identifies a credential by, its creation time included, for messages."""

    def summary(self, credential: Credential) -> dict[str, t.Any]:
        """Return the same as fields of a result: identifiers, name and ``created_at``; null for what is not known."""

    def managed(self, credential: Credential, org_id: str) -> Managed:
        """Return the state that is compared; null for a field that the response lacks."""

    def project_roles(self, credential: Credential) -> set[str]:
        """Return its roles in projects, for messages, as far as the response tells."""

    def is_own(self, credential: Credential) -> bool | None:
        """Return whether the task uses this credential; None if that is not known."""

    def result(self, credential: Credential) -> dict[str, t.Any]:
        """Return it in snake_case for the task's result, without a secret."""

    # Options

    def wanted(self, params: Params) -> Managed:
        """Return the state that the options ask for; null for what is not managed."""

    def has_secret(self, params: Params) -> bool:
        """Return whether a credential that is created with these options has a secret."""

    # Writing

    def create(self, params: Params) -> Credential:
        """Create a credential. This response alone contains the secret."""

    def finish_creation(self, params: Params, response: Credential) -> None:
        """Correct what Atlas created in addition to what was asked for, there and in its response.

        :raises AtlasError: if that is not possible.
        """

    def secret_of(self, response: Credential) -> str | None:
        """Return the whole secret in the response to a creation; None if there is none."""

    def secret_fields(self, response: Credential, org_id: str) -> dict[str, str | None]:
        """Return what the file with the secret contains."""

    def creation_result(self, response: Credential) -> dict[str, t.Any]:
        """Return what the result of a creation contains in addition, such as when the secret expires."""

    def delete(self, org_id: str, identifier: str) -> None:
        """Delete a credential."""


class Kind(Creatable, t.Protocol):
    """A kind of credential that can also be changed, restricted and assigned to projects."""

    # How many entries an access list may have (documentation); None if that is not known.
    max_entries: int | None

    def check(self, params: Params) -> None:
        """Refuse options that Atlas would not take, before anything is sent.

        :raises UsageError: with the option, the value and what to do.
        """

    def check_creation(self, params: Params) -> None:
        """Refuse options with which Atlas would create nothing, before it is asked.

        :raises UsageError: with the option that is missing or wrong.
        """

    def planned(self, credential: Credential, after: Managed, org_id: str) -> dict[str, t.Any]:
        """Return the result that a change would have.

        :param credential: what exists; empty if it would be created.
        """

    def update(self, org_id: str, identifier: str, changes: Managed) -> Credential:
        """Change fields of ``Managed``."""

    # Access list. An entry is Atlas' JSON with ``cidrBlock``, ``ipAddress`` or both.

    def list_entries(self, org_id: str, identifier: str) -> Listing:
        """Read the access list."""

    def add_entries(self, org_id: str, identifier: str, networks: t.Sequence[Network]) -> dict[str, t.Any]:
        """Add all entries in one request, and return Atlas' response: a page of the whole list, or nothing."""

    def remove_entry(self, org_id: str, identifier: str, text: str) -> None:
        """Remove one entry.

        :param text: the address or block as Atlas wrote it.
        """

    def last_use(self, entry: dict[str, t.Any]) -> tuple[str, str] | None:
        """Return the time and the address of the last use of an entry; None if it was never used."""

    # Projects

    def list_of_project(self, project_id: str) -> Listing:
        """Read every credential that is assigned to a project."""

    def roles_in_project(self, credential: Credential, org_id: str, project_id: str) -> list[str] | None:
        """Return the roles of an existing credential in a project, sorted; None if it is not assigned to it.

        :param credential: as ``get`` returned it. What it does not tell is read.
        """

    def listed_roles(self, credential: Credential, project_id: str) -> list[str] | None:
        """Return the same of an item of ``list_of_project``."""

    def planned_in_project(self, credential: Credential, project_id: str, roles: t.Sequence[str]) -> dict[str, t.Any]:
        """Return the result that a change of the roles in a project would have."""

    def assign(self, project_id: str, identifier: str, roles: t.Sequence[str]) -> None:
        """Assign a credential to a project that it is not assigned to."""

    def is_assigned_already(self, error: APIError) -> bool:
        """Return whether Atlas refused an assignment because there is one."""

    def set_project_roles(self, project_id: str, identifier: str, roles: t.Sequence[str]) -> None:
        """Replace the roles of a credential in one project."""

    def unassign(self, project_id: str, identifier: str) -> None:
        """Remove a credential from a project; it stays in the organization."""


def get_if_exists(kind: Creatable, org_id: str, identifier: str) -> Credential | None:
    """Return the credential with this identifier; None if there is none."""
    try:
        return kind.get(org_id, identifier)
    except APIError as error:
        if kind.is_missing(error):
            return None
        raise


def check_own(client: AtlasClient, own: bool | None, described: str, allow_self: bool, refusal: str) -> None:
    """Refuse what could lock out the operator of the task's own credential, unless that is allowed.

    If it is not known whether the credential is the task's own, which an access token does not tell, the task warns.

    :param own: what ``is_own`` of the kind returned.
    :param described: what the credential is, such as ``6a79… is the API key``.
    :param refusal: what to say in addition, with the option that allows it.
    :raises UsageError: if it is the task's own.
    """
    if allow_self:
        return
    if own:
        raise UsageError(f"{described} that this task uses. {refusal}")
    if own is None:
        client.warnings.append(
            f"It is not known whether {described} that this task uses. If it is, the task may be refused before it has"
            " seen what it changed."
        )


def describe_all(kind: Creatable, credentials: t.Iterable[Credential]) -> str:
    """Return several credentials for a message."""
    return ", ".join(kind.describe(each) for each in credentials)
