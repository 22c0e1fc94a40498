# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""One look at credentials that were created, changed or deleted, with few requests for many of them."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import settle
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Credential,
    Kind,
    Managed,
    get_if_exists,
)

# Credentials that are read one by one, because the list does not show them as expected. For more of them, the list is
# read again first: it may lag.
_MAX_SINGLE = 20

# Identifier to the state that is expected; None if the credential is to be gone. Only the fields of the kind's
# ``managed`` are compared.
Expected = t.Mapping[str, t.Optional[Managed]]


class Seen(t.NamedTuple):
    """What a look has shown.

    :param found: identifier to the credential; None if it does not exist.
    :param listed: all credentials of the organization, as the list shows them.
    """

    found: dict[str, Credential | None]
    listed: list[Credential]


def look(kind: Kind, org_id: str, expected: Expected) -> Seen:
    """Return how credentials really are. A list that shows what is expected is believed; it may lag otherwise.

    :raises AtlasError: if that cannot be read.
    """

    def doubtful(listing: Listing) -> list[str]:
        found = _by_id(kind, listing)

        def is_doubtful(identifier: str, managed: Managed | None) -> bool:
            may_be_left_out = bool(listing.problem) and identifier not in found
            return may_be_left_out or not _is_as_expected(kind, org_id, found.get(identifier), managed)

        return [identifier for identifier, managed in expected.items() if is_doubtful(identifier, managed)]

    listing = settle(lambda: kind.list_all(org_id), lambda each: len(doubtful(each)) <= _MAX_SINGLE)
    found: dict[str, Credential | None] = {identifier: _by_id(kind, listing).get(identifier) for identifier in expected}
    for identifier in doubtful(listing):
        found[identifier] = see(kind, org_id, identifier, expected[identifier])
    return Seen(found, listing.items)


def see(kind: Kind, org_id: str, identifier: str, managed: Managed | None) -> Credential | None:
    """Return one credential as it is, once it is as expected or after a bounded number of looks."""
    return settle(
        lambda: get_if_exists(kind, org_id, identifier), lambda found: _is_as_expected(kind, org_id, found, managed)
    )


def _is_as_expected(kind: Kind, org_id: str, found: Credential | None, managed: Managed | None) -> bool:
    if found is None or managed is None:
        return found is managed
    state = kind.managed(found, org_id)
    return state == {field: managed.get(field) for field in state}


def _by_id(kind: Kind, listing: Listing) -> dict[str, Credential]:
    return {identifier: each for each in listing.items if (identifier := kind.id_of(each))}
