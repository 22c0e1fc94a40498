# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Create an API key: in the end there is the key with its private key kept, or no key, or an error that names it."""

from __future__ import annotations

import time
import typing as t

from dataclasses import dataclass

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import is_object_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    InvalidResponse,
    TransportError,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._signals import critical_section

# Seconds between two looks for a key whose creation was not confirmed, and how many of them there are: how soon a list
# shows a new key is not known.
_LOOK_AGAIN_AFTER, _LOOKS = 1.0, 3


class KeyMayExist(AtlasError):
    """A key may exist whose private key is lost. The message has what is known of it, and what to do."""


@dataclass
class Creation:
    """One API key that is to be created.

    :param desc: its description, which no key has yet.
    :param file: takes the private key; None if the result does.
    """

    client: AtlasClient
    org_id: str
    desc: str
    roles: t.Sequence[str]
    access_list: t.Sequence[Network]
    file: SecretFile | None

    def __post_init__(self) -> None:
        self._key: dict[str, t.Any] | None = None  # once its creation is confirmed

    def carry_out(self) -> dict[str, t.Any]:
        """Create the key, keep its private key, and add the entries of its access list.

        If the response to the creation is lost, the key that it was about is deleted, and created once more.

        :returns: the key as Atlas returns it, with the whole private key.
        :raises AtlasError: if that failed. Its message names a key that may exist all the same.
        """
        with critical_section():
            try:
                if self.file:
                    self.file.reserve()
                return self._create_or_undo()
            finally:
                if self.file:
                    self.file.discard()

    def _create_or_undo(self) -> dict[str, t.Any]:
        try:
            try:
                return self._create()
            except (TransportError, InvalidResponse) as error:
                if self._key:
                    raise
                self._undo(error)
            return self._create()
        except BaseException as error:  # the interruption by a signal or by Ansible's own time-out, too
            if not isinstance(error, KeyMayExist) and (self._key or not _is_refusal(error)):
                self._undo(error)
            raise

    def _create(self) -> dict[str, t.Any]:
        key = api_keys.create(self.client, self.org_id, self.desc, self.roles)
        self._check(key)
        self._key = key
        if self.file:
            fields = {"api_user_id": "id", "public_key": "publicKey", "private_key": "privateKey"}
            self.file.write({"org_id": self.org_id, **{name: key[field] for name, field in fields.items()}})
        if self.access_list:
            api_keys.add_to_access_list(self.client, self.org_id, key["id"], self.access_list)
        return key

    def _check(self, key: dict[str, t.Any]) -> None:
        """Refuse a response that is not about the new key: it would be taken for the key to keep, or to delete.

        :raises InvalidResponse: if it is about another key, or lacks something.
        """
        whole = is_object_id(key.get("id")) and all(
            isinstance(key.get(name), str) for name in ("publicKey", "privateKey")
        )
        if not whole or key["privateKey"].startswith("*") or key.get("desc") != self.desc:
            raise InvalidResponse(
                "The response to the creation of the API key lacks its ID, its public key or its private key, or is"
                " about another API key.",
                200,
            )

    def _undo(self, error: BaseException) -> None:
        """Delete the key, so that the task can fail with ERROR, or try again.

        :raises KeyMayExist: if that is not possible.
        """
        reason = str(error) or type(error).__name__
        if self._key:
            self._delete(self._key, reason)
            if self.file:
                self.file.remove()
            return
        may_exist = (
            f"{reason} Atlas may have created an API key with the description {self.desc!r} in the organization"
            f" {self.org_id}, whose private key is lost."
        )
        try:
            created = self._look_for_created()
        except AtlasError as second:
            raise KeyMayExist(f"{may_exist} Looking for it failed, too: {second} Delete it if it is there.") from None
        if not created:
            raise KeyMayExist(
                f"{may_exist} It was not found within {_LOOKS * _LOOK_AGAIN_AFTER:g} seconds. Look for it before you"
                " run the task again, and delete it if it is there."
            )
        if len(created) > 1:  # somebody else has created one meanwhile
            listed = api_keys.listed(created)
            raise KeyMayExist(f"{may_exist} Several have it now: {listed}. Delete the one that nobody uses.")
        self._delete(created[0], f"{reason} The private key is lost.")

    def _look_for_created(self) -> list[dict[str, t.Any]]:
        for look in range(_LOOKS):
            if look:
                time.sleep(_LOOK_AGAIN_AFTER)
            keys = api_keys.list_all(self.client, self.org_id).items
            if created := [key for key in keys if key.get("desc") == self.desc]:
                return created
        return []

    def _delete(self, key: dict[str, t.Any], reason: str) -> None:
        try:
            api_keys.delete(self.client, self.org_id, api_keys.id_of(key))
        except AtlasError as error:
            raise KeyMayExist(
                f"{reason} The API key {api_keys.listed([key])} exists, and deleting it failed: {error} Delete it."
            ) from None


def _is_refusal(error: BaseException) -> bool:
    """Whether ERROR says for certain that no key was created."""
    return isinstance(error, UsageError) or (isinstance(error, APIError) and error.status < 500)
