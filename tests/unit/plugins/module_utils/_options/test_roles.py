# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles in options: open names of a known form, in the place that they belong to."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.checked import check_values
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.roles import (
    RoleListOption,
    org_role_list,
    project_role_list,
)

ORG = org_role_list("project_api_key")
PROJECT = project_role_list("org_api_key", if_empty="Set state: absent.")


@pytest.mark.parametrize(
    ("spec", "roles"),
    [
        (ORG, ["ORG_OWNER", "ORG_MEMBER"]),
        (ORG, ["ORG_A_ROLE_OF_2030"]),
        (PROJECT, ["GROUP_OWNER"]),
    ],
)
def test_good_roles_pass(spec: RoleListOption, roles: list[str]) -> None:
    check_values({"roles": spec}, {"roles": roles})
    check_values({"roles": spec}, {"roles": None})


@pytest.mark.parametrize(
    ("spec", "roles", "message"),
    [
        (ORG, [], "^roles is empty; it must contain at least one role.$"),
        (PROJECT, [], "at least one role. Set state: absent.$"),
        (ORG, [""], "^roles contains ''; a role is written in capital letters, as ORG_READ_ONLY"),
        (ORG, [" ORG_MEMBER"], "^roles contains ' ORG_MEMBER'; a role is written in"),
        (ORG, ["ORG_MEMBER\n"], "a role is written in"),
        (ORG, ["ORG_MEMBER, ORG_READ_ONLY"], "a role is written in"),
        (ORG, ["org_member"], "a role is written in"),
        (ORG, ["ORG_M\u0130MBER"], "a role is written in"),
        (ORG, ["{'org_id': 'a', 'role_name': 'ORG_OWNER'}"], r"a dictionary.* map\(attribute='role_name'\)"),
        (ORG, ["ORG_MEMBER", "GROUP_OWNER"], "GROUP_OWNER', .* role in a project. Use the module project_api_key"),
        (PROJECT, ["ORG_OWNER"], "'ORG_OWNER', which is a role in an organization. Use the module org_api_key"),
        (ORG, ["OWNER"], "the roles in an organization begin with ORG_"),
        (PROJECT, ["OWNER"], "the roles in a project begin with GROUP_"),
    ],
)
def test_bad_roles_are_refused_by_name(spec: RoleListOption, roles: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        check_values({"roles": spec}, {"roles": roles})


def test_roles_in_suboptions_are_checked_and_named_by_their_place() -> None:
    spec = {"keys": {"type": "list", "elements": "dict", "options": {"roles": ORG}}}
    params: dict[str, t.Any] = {"keys": [{"roles": None}, {"roles": ["GROUP_OWNER"]}]}
    with pytest.raises(UsageError, match=r"^keys\[1\]\.roles contains 'GROUP_OWNER'"):
        check_values(spec, params)


def test_spec_can_be_copied_by_its_class() -> None:
    copied = type(ORG)()
    copied.update(ORG)
    assert copied == ORG
