# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The changes to many API keys of an organization: planned from one list of its keys, then made one after another.

``params`` are the options of ``org_api_keys``.
"""

from __future__ import annotations

import collections
import contextlib
import pathlib
import typing as t

from dataclasses import dataclass

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.api_key import (
    Key,
    all_keys,
    check_desc,
    creation,
    deletion,
    find_by_desc,
    lacks_its_file,
    update,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import parse_networks
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

Item = dict[str, t.Any]

# What is done to keys, in this order.
_KINDS = ("created", "updated", "deleted")


@dataclass
class Job:
    """What is done to one API key.

    :param kind: one of ``created``, ``updated``, ``deleted``.
    :param label: names the item or the key in messages.
    :param desc: the description that the key shall have, or that a key has that is deleted.
    :param own: whether it is the key that the task uses.
    """

    kind: str
    label: str
    desc: str
    own: bool
    change: Change

    def __post_init__(self) -> None:
        self.result = self.change.planned  # until it is carried out


def plan(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """The change of all keys. All that can be checked is checked here, before anything is changed.

    :raises UsageError: with the item that is wrong.
    """
    if params["purge"] and not params["purge_prefix"]:
        raise UsageError(
            "purge is true, so purge_prefix must be given and not be empty: it is the beginning of the descriptions of"
            " the API keys that may be deleted."
        )
    items: list[Item] = params["api_keys"]
    check_items(items)
    keys = all_keys(client, params["org_id"])
    found = match(items, keys)
    jobs = [_job(client, params, label, item, key) for label, item, key in zip(_labels(items), items, found)]
    if lost := [item["secret_file"] for item, key in zip(items, found) if key and lacks_its_file(item)]:
        client.warnings.append(
            f"The files of {len(lost)} API keys that exist do not, {lost[0]} for one. The private keys cannot be read"
            " again."
        )
    described = {key["id"] for key in found if key}
    rest = [key for key in keys if str(key.get("id")) not in described]
    purged = [key for key in rest if params["purge"] and _has_prefix(key, params["purge_prefix"])]
    return combined(jobs, [_deletion_job(client, params, key) for key in purged])


def check_items(items: list[Item]) -> None:
    """Check what needs no request.

    :raises UsageError: with the item that is wrong.
    """
    for label, item in zip(_labels(items), items):
        with _naming(label):
            check_desc(item["desc"])
            parse_networks("access_list", item["access_list"])
            if not item["api_user_id"] and not item["secret_file"]:
                raise UsageError("The private key of a new API key would be lost: give secret_file.")
    for option in ("desc", "api_user_id", "secret_file"):
        first: dict[t.Any, str] = {}
        for label, item in zip(_labels(items), items):
            value = item[option]
            same = pathlib.PurePath(value) if value and option == "secret_file" else value
            if value and first.setdefault(same, label) != label:
                raise UsageError(f"{label}: {option} is {shown(value)}, as that of {first[same]}.")


def match(items: list[Item], keys: list[Key]) -> list[Key | None]:
    """For each item the key that it describes; None if there is none yet.

    :raises UsageError: if that is not certain, or would not be after the change.
    """
    found: list[Key | None] = []
    first: dict[str, str] = {}
    for label, item in zip(_labels(items), items):
        with _naming(label):
            key = _find(item, keys)
            if key and first.setdefault(key["id"], label) != label:
                raise UsageError(f"It describes the API key {key['id']}, as {first[key['id']]} does.")
        found.append(key)
    for label, item in zip(_labels(items), items):
        if others := [key for key in keys if key.get("desc") == item["desc"] and str(key.get("id")) not in first]:
            raise UsageError(f"{label}: another API key has this description: {api_keys.listed(others)}.")
    return found


def combined(jobs: list[Job], deletions: list[Job]) -> Change:
    """One change for all jobs.

    :param jobs: those of the items, in the order of the items.
    """
    # The key that the task uses comes last: changed or deleted, it may not be allowed to do the rest.
    changing = [job for job in (*jobs, *deletions) if job.change.before != job.change.after]
    todo = sorted(changing, key=lambda job: (job.own, _KINDS.index(job.kind)))

    def result() -> dict[str, t.Any]:
        created, updated = ([job.desc for job in todo if job.kind == kind] for kind in ("created", "updated"))
        deleted = [job.result["deleted_api_user_id"] for job in todo if job.kind == "deleted"]
        present = [job.result["api_key"] for job in jobs]
        return {"api_keys": present, "created": created, "updated": updated, "deleted_api_user_ids": deleted}

    def apply() -> dict[str, t.Any]:
        done: collections.Counter[str] = collections.Counter()
        for job in todo:
            before = ", ".join(f"{done[kind]} {kind}" for kind in _KINDS)
            with _naming(job.label, f" Before that, this task has changed other API keys: {before}."):
                job.result = job.change.apply()
            done[job.kind] += 1
        return result()

    return Change(*_diff(todo), apply, planned=result())


def _diff(jobs: list[Job]) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """The keys that change, by description, before and after."""
    before: dict[str, t.Any] = {}
    after: dict[str, t.Any] = {}
    for job in jobs:
        # Several keys that are deleted may have the same description.
        name = job.label if job.desc in before else job.desc
        before.update({name: job.change.before} if job.change.before else {})
        after.update({name: job.change.after} if job.change.after else {})
    return before, after


def _job(client: AtlasClient, params: dict[str, t.Any], label: str, item: Item, key: Key | None) -> Job:
    """Create the key of an item, or change what differs."""
    options = {**item, "org_id": params["org_id"], "allow_self": params["allow_self"], "return_secret": False}
    with _naming(label):
        if key is None:
            return Job("created", label, item["desc"], False, creation(client, options))
        return Job(
            "updated", label, item["desc"], bool(client.is_own(key.get("publicKey"))), update(client, options, key)
        )


def _deletion_job(client: AtlasClient, params: dict[str, t.Any], key: Key) -> Job:
    label = f"API key {api_keys.id_of(key)} ({shown(key['desc'])})"
    with _naming(label):
        return Job(
            "deleted", label, key["desc"], bool(client.is_own(key.get("publicKey"))), deletion(client, params, key)
        )


def _find(item: Item, keys: list[Key]) -> Key | None:
    if item["api_user_id"] is None:
        return find_by_desc(keys, item["desc"])
    for key in keys:
        if key.get("id") == item["api_user_id"]:
            return key
    raise UsageError(f"No API key of the organization has the ID {item['api_user_id']}.")


def _has_prefix(key: Key, prefix: str) -> bool:
    desc = key.get("desc")
    return isinstance(desc, str) and desc.startswith(prefix)


def _labels(items: list[Item]) -> list[str]:
    """What names each item in messages."""
    return [f"api_keys[{number}] ({shown(item['desc'])})" for number, item in enumerate(items)]


@contextlib.contextmanager
def _naming(label: str, more: str = "") -> t.Iterator[None]:
    """Put LABEL before the text of an error, and MORE behind it."""
    try:
        yield
    except AtlasError as error:
        error.amend(f"{label}: {error}{more}")
        raise
