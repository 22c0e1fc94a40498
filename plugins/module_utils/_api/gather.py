# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Parts of resources that take a request of their own, such as access lists, and what if Atlas refuses some of them.

What could not be read is null. An empty list means that Atlas' list is empty.
"""

from __future__ import annotations

import collections
import functools
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, advice_for

Resource = dict[str, t.Any]


class Part(t.NamedTuple):
    """A part that each of several resources has.

    :param field: the field of the resource that gets it.
    :param what: what these parts are, in the plural.
    :param read: reads the part of the resource with an identifier.
    :param id_field: the field of the resource, in snake_case, that holds the identifier.
    """

    field: str
    what: str
    read: t.Callable[[str], Listing | Resource]
    id_field: str = "id"


def gather(
    client: AtlasClient, resources: list[Resource], parts: t.Iterable[Part], *, ignore_access_denied: bool
) -> bool:
    """Add PARTS to each of RESOURCES, which are in snake_case. Whether all lists among them are complete.

    A part that could not be read is null, and there is one warning for all of these.

    :param ignore_access_denied: whether a part may be refused. Other errors always end the task.
    :raises APIError: if Atlas refuses a part.
    """
    complete = True
    missing: list[str] = []
    for part in parts:
        read = client.map(functools.partial(_read, part, ignore_access_denied), resources, part.what)
        for resource, value in zip(resources, read):
            resource[part.field] = _converted(value)
        for listing in read:
            if isinstance(listing, Listing):
                complete &= client.warn_if_incomplete(listing)
        missing += _missing(part, read)
    if missing:
        client.warnings.append(f"Parts of the result are null, because they could not be read. {' '.join(missing)}")
    return complete


def _read(part: Part, ignore_access_denied: bool, resource: Resource) -> Listing | Resource | APIError | None:
    identifier = resource.get(part.id_field)
    if identifier is None:
        return None  # Atlas guarantees no field, not even the identifier
    try:
        return part.read(identifier)
    except APIError as error:
        if ignore_access_denied and error.access_denied:
            return error
        raise


def _converted(value: Listing | Resource | APIError | None) -> t.Any:
    if isinstance(value, Listing):
        return [to_snake_case(item) for item in value.items]
    return to_snake_case(value) if isinstance(value, dict) else None


def _missing(part: Part, read: t.Sequence[object]) -> t.Iterator[str]:
    """Why some of what was READ is missing, with counts and Atlas error codes."""
    without_id = sum(value is None for value in read)
    if without_id:
        yield f"{part.what}: {without_id} of {len(read)} belong to something that came without {part.id_field}."
    refused = collections.Counter((value.status, value.error_code) for value in read if isinstance(value, APIError))
    for (status, code), count in sorted(refused.items(), key=str):
        advice = advice_for(status, code)
        yield f"{part.what}: Atlas refused {count} of {len(read)} ({status} {code}). {advice or ''}".rstrip()
