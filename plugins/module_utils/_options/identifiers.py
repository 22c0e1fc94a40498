# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Options that contain an identifier of Atlas."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import CLIENT_ID, OBJECT_ID
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.checked import CheckedOption
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import environment
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

# What people pass instead of an identifier, and how to recognize it. The first that matches is named.
Hints = tuple[tuple[re.Pattern[str], str], ...]
_MISTAKEN_FOR: Hints = (
    (re.compile(r"[a-z]{8}"), "It looks like a public key. Use the key's ID; org_api_key_info returns both."),
    (re.compile(r"mdb_sa_id_.*"), "It is a service account's client ID: use it for client_id or service_account_id."),
    (re.compile(r"\s*[a-f0-9]{24}\s*"), "There is white space or a line break around it."),
    (re.compile(r"[a-fA-F0-9]{24}"), "Write it in lower case."),
    (re.compile(r"[0-9]+"), "Quote it in YAML: an ID of digits alone is read as a number there."),
)
_MISTAKEN_FOR_CLIENT_ID: Hints = (
    (re.compile(r"[a-z]{8}"), "It looks like the public key of an API key."),
    (re.compile(r"\s*mdb_sa_id_[a-fA-F0-9]{24}\s*"), "There is white space or a line break around it."),
)


class IdentifierOption(CheckedOption):
    """The argument spec of an option that contains an identifier.

    :param pattern: what the identifier must match to the last character.
    :param description: the same in words.
    """

    def __init__(self, pattern: t.Any = re.compile(""), description: str = "", mistaken_for: Hints = (), **spec: t.Any):
        super().__init__(type="str", **spec)
        self._pattern = pattern
        self._description = description
        self._mistaken_for = mistaken_for

    def check(self, option: str, value: t.Any) -> None:
        if not self._pattern.fullmatch(value):
            hint = next((hint for pattern, hint in self._mistaken_for if pattern.fullmatch(value)), "")
            raise UsageError(f"{option} is {shown(value)}; it must be {self._description}. {hint}".rstrip())


def object_id(**spec: t.Any) -> IdentifierOption:
    """Return the argument spec of an option for the ID of an organization, a project, an API key or a secret."""
    return IdentifierOption(OBJECT_ID, "24 hexadecimal digits in lower case", _MISTAKEN_FOR, **spec)


def org_id(**spec: t.Any) -> IdentifierOption:
    """Return the argument spec of the organization's ID, which the environment may contain."""
    return object_id(fallback=(environment, ["MONGODB_ATLAS_ORG_ID"]), **spec)


def service_account_id(**spec: t.Any) -> IdentifierOption:
    """Return the argument spec of an option for the client ID of a service account that is managed or read."""
    return IdentifierOption(CLIENT_ID, "mdb_sa_id_ and 24 hexadecimal digits", _MISTAKEN_FOR_CLIENT_ID, **spec)
