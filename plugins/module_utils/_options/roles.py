# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Options that contain roles. Atlas adds roles, so names are open, and only their form is checked."""

from __future__ import annotations

import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.checked import CheckedOption
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_PLACES = {"ORG_": "in an organization", "GROUP_": "in a project"}


class RoleListOption(CheckedOption):
    """The argument spec of an option that contains the names of roles in one place.

    :param prefix: that of the roles: ``ORG_`` or ``GROUP_``.
    :param other_module: the module that takes the roles of the other place.
    :param if_empty: what to do instead of giving an empty list.
    """

    def __init__(self, prefix: str = "ORG_", other_module: str = "", if_empty: str = "", **spec: t.Any) -> None:
        super().__init__(type="list", elements="str", **spec)
        self._prefix = prefix
        self._other_module = other_module
        self._if_empty = if_empty

    def check(self, option: str, value: t.Any) -> None:
        if not value:
            raise UsageError(f"{option} is empty; it must contain at least one role. {self._if_empty}".rstrip())
        for role in value:
            if problem := self._find_problem(role):
                raise UsageError(f"{option} contains {shown(role)}{problem}")

    def _find_problem(self, role: str) -> str | None:
        if role.lstrip().startswith("{"):
            return ", a dictionary. Give only the names of the roles: map(attribute='role_name')."
        if not _NAME.fullmatch(role):
            return f"; a role is written in capital letters, as {self._prefix}READ_ONLY."
        if role.startswith(self._prefix):
            return None
        for prefix, place in _PLACES.items():
            if role.startswith(prefix):
                return f", which is a role {place}. Use the module {self._other_module} for it."
        return f"; the roles {_PLACES[self._prefix]} begin with {self._prefix}."


def org_role_list(other_module: str, **spec: t.Any) -> RoleListOption:
    """Return the argument spec of an option that contains roles in the organization.

    :param other_module: the module that takes roles in a project.
    """
    return RoleListOption("ORG_", other_module, **spec)


def project_role_list(other_module: str, **spec: t.Any) -> RoleListOption:
    """Return the argument spec of an option that contains roles in a project.

    :param other_module: the module that takes roles in the organization.
    """
    return RoleListOption("GROUP_", other_module, **spec)
