# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The path of a resource. The only place that puts what a user gave into a URL."""

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

_NAME = re.compile(r"[a-z][A-Za-z]*")

# What is put into a path: a name, an identifier, or the address of an access list entry.
Segment = t.Union[str, ipaddress.IPv4Network, ipaddress.IPv6Network]


def is_object_id(value: object) -> bool:
    """Whether VALUE could be the ID of an organization, a project or an API key."""
    return isinstance(value, str) and bool(OBJECT_ID.fullmatch(value))


def path(*segments: Segment) -> str:
    """The path of SEGMENTS: names of resources, each but the last one followed by an identifier.

    For example ``path("orgs", org_id, "apiKeys", api_user_id)``.

    :raises UsageError: for an identifier that Atlas cannot have given, whichever option it came from.
    """
    return "".join(
        "/" + (_identifier(segment) if position % 2 else _name(segment)) for position, segment in enumerate(segments)
    )


def _name(segment: Segment) -> str:
    if isinstance(segment, str) and _NAME.fullmatch(segment):
        return segment
    raise UsageError(f"{shown(str(segment))} is not the name of a resource. Nothing was sent.")


def _identifier(segment: Segment) -> str:
    if isinstance(segment, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        # The reference wants a block's slash encoded; a single address stands for itself.
        single = segment.num_addresses == 1
        return urllib.parse.quote(str(segment.network_address if single else segment), safe="")
    if isinstance(segment, str) and (OBJECT_ID.fullmatch(segment) or CLIENT_ID.fullmatch(segment)):
        return segment
    raise UsageError(f"{shown(str(segment))} is not an identifier of Atlas. Nothing was sent.")
