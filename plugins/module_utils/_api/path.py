# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The path of a resource. The only place that puts user input into a URL."""

from __future__ import annotations

import ipaddress
import re
import typing as t
import urllib.parse

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

# Atlas' own patterns (reference), matched to the last character. re's \d and $ would match more.
OBJECT_ID = re.compile(r"[a-f0-9]{24}")
CLIENT_ID = re.compile(r"mdb_sa_id_[a-fA-F0-9]{24}")

_LITERAL = re.compile(r"[a-z][A-Za-z]*")


class FreeName(t.NamedTuple):
    """A name that a user chose, as that of a project or a cluster. It is percent-encoded.

    :param text: the name.
    :param below: the literal between the collection and the name: ``FreeName("Team A", below="byName")``.
    """

    text: str
    below: str = ""

    def __str__(self) -> str:
        return self.text


class Action(t.NamedTuple):
    """What is done to the resource with an identifier: ``Action(client_id, "invite")`` is ``<client_id>:invite``."""

    identifier: str
    name: str


# What stands for one resource in a path: an identifier, the address of an access list entry, a name, or an action.
Segment = t.Union[str, ipaddress.IPv4Network, ipaddress.IPv6Network, FreeName, Action]


def is_object_id(value: object) -> bool:
    """Return whether a value could be the ID of an organization, a project or an API key."""
    return isinstance(value, str) and bool(OBJECT_ID.fullmatch(value))


def path(*segments: Segment) -> str:
    """Return the path of a resource.

    For example ``path("orgs", org_id, "apiKeys", api_user_id)``.

    :param segments: literal names of collections, each but the last one followed by what stands for one resource. Text
        in that place must be an identifier: user input never becomes a literal name.
    :raises UsageError: for an identifier that Atlas cannot have given, regardless of the option it came from.
    """
    return "".join(
        "/" + (_format_resource(segment) if position % 2 else _check_literal(segment))
        for position, segment in enumerate(segments)
    )


def _check_literal(segment: Segment) -> str:
    if isinstance(segment, str) and _LITERAL.fullmatch(segment):
        return segment
    raise UsageError(f"{shown(str(segment))} is not the name of a resource. Nothing was sent.")


def _format_resource(segment: Segment) -> str:
    if isinstance(segment, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        # The reference wants a block's slash encoded; a single address stands for itself.
        single = segment.num_addresses == 1
        return urllib.parse.quote(str(segment.network_address if single else segment), safe="")
    if isinstance(segment, FreeName):
        below = _check_literal(segment.below) + "/" if segment.below else ""
        return below + _encode(segment.text)
    if isinstance(segment, Action):
        return f"{_check_identifier(segment.identifier)}:{_check_literal(segment.name)}"
    return _check_identifier(segment)


def _encode(name: str) -> str:
    # A client or a proxy would resolve the names that are only dots, encoded or not: another resource.
    if not name.strip("."):
        raise UsageError(f"{shown(name)} cannot be a name in Atlas. Nothing was sent.")
    try:
        return urllib.parse.quote(name, safe="")
    except UnicodeEncodeError:  # half of a surrogate pair
        raise UsageError(f"{shown(name)} contains what is not a character. Nothing was sent.") from None


def _check_identifier(segment: object) -> str:
    if isinstance(segment, str) and (OBJECT_ID.fullmatch(segment) or CLIENT_ID.fullmatch(segment)):
        return segment
    raise UsageError(f"{shown(str(segment))} is not an identifier of Atlas. Nothing was sent.")
