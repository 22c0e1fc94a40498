# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Create a credential: its secret is kept, or nothing is left, or the error names what is left.

Only an identifier in the response to the task's own request proves that a credential is the task's own. Nothing else is
deleted.
"""

from __future__ import annotations

import typing as t
import unicodedata

from dataclasses import dataclass

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import access_list
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import is_lost, settle
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.delete import delete
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.difference import (
    describe_difference,
    wider_roles,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Creatable,
    Credential,
    Kind,
    Managed,
    Params,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    Interrupted,
    InvalidResponse,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import (
    critical_section,
    hold_signals,
    raise_if_interrupted,
)


class CredentialMayExist(AtlasError):
    """A credential exists, or may exist, that nobody can use. The message says what is known, and what to do.

    :param cause: the error because of which this is so. ``status`` and ``error_code`` are its own.
    """

    def __init__(self, message: str, cause: BaseException) -> None:
        super().__init__(message)
        self.cause = cause

    def details(self) -> dict[str, t.Any]:
        """Return those of the cause."""
        return self.cause.details() if isinstance(self.cause, AtlasError) else {}


class Created(t.NamedTuple):
    """A credential that was created.

    :param response: Atlas' response, which contains the secret.
    :param managed: its state as Atlas returned it.
    :param entries: its access list as Atlas returned it.
    """

    response: Credential
    managed: Managed
    entries: list[str]


@dataclass
class Creation:
    """One credential that is to be created.

    :param params: the options. They ask for a name that no credential has yet.
    :param networks: the entries of its access list.
    :param file: takes the secret; None if the result does.
    :param known: the identifiers that existed before. None of these can be the new one.
    """

    kind: Creatable
    params: Params
    networks: t.Sequence[Network]
    file: SecretFile | None
    known: t.Collection[str]

    def __post_init__(self) -> None:
        self._own: Credential | None = None  # once a response proves that the credential is the task's own
        self._org_id: str = self.params["org_id"]
        self._wanted = self.kind.wanted(self.params)
        self._name: str = self._wanted[self.kind.words.name_option]

    def carry_out(self) -> Created:
        """Create the credential, restrict it to its access list, and keep its secret, in this order.

        :raises AtlasError: if that failed. Its message names a credential that may exist all the same.
        """
        with critical_section():
            try:
                if self.file:
                    self.file.reserve()
                return self._create_or_undo()
            finally:
                if self.file:
                    self.file.discard()

    def _create_or_undo(self) -> Created:
        try:
            created = self._create()
            if self.file:
                self.file.write(self.kind.secret_fields(created.response, self._org_id))
            return created
        except BaseException as error:  # also the interruption by a signal or by Ansible's own time-out
            if self._own:
                self.undo(error)
            elif not _is_refusal(error):
                self._name_candidates(error)
            raise

    def _create(self) -> Created:
        try:
            with hold_signals():  # a response that arrives says what to undo
                response = self.kind.create(self.params)
                self._identify(response)
        finally:
            raise_if_interrupted()  # also if the request failed: what is done about it must not be interrupted
        if self.kind.has_secret(self.params) and not self.kind.secret_of(response):
            raise InvalidResponse(f"The response to the creation lacks the {self.kind.words.secret}.", 200)
        managed = self._check(response)
        self.kind.finish_creation(self.params, response)
        return Created(response, managed, self._restrict(response))

    def _identify(self, response: Credential) -> None:
        """Refuse a response that is not about the new credential: it would be taken for the one to keep, or to delete.

        :raises InvalidResponse: with what the response contains.
        """
        words, identifier = self.kind.words, self.kind.id_of(response)
        if identifier is None or identifier in self.known:
            what = f"is about {self.kind.describe(response)}, which existed before" if identifier else "lacks its ID"
            raise InvalidResponse(f"The response to the creation of the {words.one} {what}.", 200)
        name = response.get(words.name_option, self._name)
        if _normalize(name) == _normalize(self._name):
            self._own = response
        if name != self._name:
            raise InvalidResponse(
                f"The response to the creation of the {words.one} is about {self.kind.describe(response)}, which has"
                f" the {words.name_option} {shown(str(name))} instead of {shown(self._name)}.",
                200,
            )

    def _check(self, response: Credential) -> Managed:
        """Compare what was created with what was asked for, and return it.

        :raises AtlasError: if access is wider.
        """
        found, managed = response, self.kind.managed(response, self._org_id)
        if None in managed.values():
            found = self.kind.get(self._org_id, self._id)
            managed = self.kind.managed(found, self._org_id)
        wanted = {**managed, **{field: value for field, value in self._wanted.items() if value is not None}}
        if wider := wider_roles(managed, wanted):
            raise AtlasError(f"Atlas created the {self.kind.words.one} with more roles than given: {wider}.")
        if in_projects := self.kind.project_roles(found):
            raise AtlasError(f"Atlas created it with roles in projects: {', '.join(sorted(in_projects))}.")
        if difference := describe_difference(managed, wanted):
            self.kind.client.warnings.append(
                f"Atlas created the {self.kind.words.one} {self._id}, but not as asked: {difference}."
            )
        return managed

    def _restrict(self, response: Credential) -> list[str]:
        if not self.networks:
            return []
        # Only a kind that can be restricted is created with entries.
        entries = access_list.add(t.cast(Kind, self.kind), self._org_id, self._id, self.networks, see=False)
        unexpected = entries.keys() - set(self.networks)
        if unexpected:
            raise AtlasError(
                f"Atlas stored entries on the access list of {self.kind.describe(response)} that were not given:"
                f" {access_list.join(unexpected)}."
            )
        return [str(each) for each in access_list.ordered(entries)]

    @property
    def _id(self) -> str:
        return t.cast(str, self.kind.id_of(self._own or {}))

    # What is done about a creation that failed

    def undo(self, error: BaseException) -> None:
        """Delete the credential and the file with its secret, so that the task can fail with its error.

        :raises CredentialMayExist: if that is not possible, or it was not there.
        """
        own = t.cast(Credential, self._own)
        try:
            was_there = delete(self.kind, self._org_id, self._id)
        except AtlasError as second:
            words = self.kind.words
            failure = CredentialMayExist(
                f"{_reason(error)} The {words.one} {self.kind.describe(own)} was created, and deleting it failed:"
                f" {second} {self._where()} Delete it with state: absent and {words.id_option}: {self._id}.",
                error,
            )
            failure.keep(changed=True, left_behind=[self.kind.summary(own)])
            raise self._tell(failure, error) from None
        if self.file:
            self.file.remove()
        if not was_there:  # so the response may have been about something else than what was created
            self._name_candidates(error)
        if isinstance(error, AtlasError):
            error.amend(f"{error} The {self.kind.words.one} {self.kind.describe(own)} was deleted again.")
            error.partial.pop("changed", None)  # of what was read back before

    def _where(self) -> str:
        """Return where the secret is, as a sentence."""
        secret = self.kind.words.secret
        if self.file and self.file.is_written():
            return f"Its {secret} is in {self.file.path}."
        return f"Nobody has its {secret}."

    def _name_candidates(self, error: BaseException) -> t.NoReturn:
        """Say what may exist. None of it is deleted: another task may have created it at the same time.

        :raises CredentialMayExist: always.
        """
        words = self.kind.words
        failure = (
            f"{_reason(error)} Atlas may have created the {words.one} with the {words.name_option} {shown(self._name)}"
            f" in the organization {self._org_id}; then nobody has its {words.secret}. Nothing was deleted, and"
            " nothing is created again."
        )
        candidates: list[Credential] = []
        try:
            candidates = self._look_for_candidates(in_a_hurry=is_interruption(error))
        except AtlasError as second:
            failure += f" Looking for it failed: {second}"
        if candidates:
            listed = ", ".join(map(self.kind.describe, candidates))
            failure += (
                f" With this {words.name_option}, and not there before: {listed}. Delete the one that nobody uses, with"
                f" state: absent and its {words.id_option}, and run the task again."
            )
        else:
            failure += (
                f" It was not found; it may still appear. Look for it, delete it with state: absent and its"
                f" {words.id_option} if it is there and nobody uses it, and run the task again."
            )
        raised = CredentialMayExist(failure, error)
        raised.keep(candidates=[self.kind.summary(each) for each in candidates])
        raise self._tell(raised, error) from None

    def _look_for_candidates(self, in_a_hurry: bool) -> list[Credential]:
        """Return what may be the new credential.

        :param in_a_hurry: whether to stop at the first one. Otherwise, the list may show another one later.
        """
        option = self.kind.words.name_option

        def read() -> list[Credential]:
            return [
                each
                for each in self.kind.list_all(self._org_id).items
                if each.get(option) == self._name and self.kind.id_of(each) not in self.known
            ]

        return settle(read, bool, looks=2) if in_a_hurry else settle(read, lambda _found: False)

    def _tell(self, failure: CredentialMayExist, error: BaseException) -> CredentialMayExist:
        """Show the failure at once if the task may be ended before it returns its result."""
        if is_interruption(error):
            self.kind.client.show(str(failure))
        return failure


def _is_refusal(error: BaseException) -> bool:
    """Return whether an error says for certain that nothing was created."""
    return isinstance(error, (APIError, UsageError)) and not is_lost(error)


def is_interruption(error: BaseException) -> bool:
    """Return whether a signal or Ansible's own time-out ends the task, also if that is why a credential may exist."""
    if isinstance(error, CredentialMayExist):
        error = error.cause
    return isinstance(error, Interrupted) or not isinstance(error, AtlasError)


def _normalize(name: object) -> str:
    """Return a name as a server may store it: trimmed, and in one of the Unicode normalization forms."""
    return unicodedata.normalize("NFKC", str(name)).strip()


def _reason(error: BaseException) -> str:
    return str(error) or f"The task was interrupted ({type(error).__name__})."
