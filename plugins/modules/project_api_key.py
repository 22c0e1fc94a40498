#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_api_key
short_description: Assign an API key to a project of MongoDB Atlas
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Assigns an API key of the organization to a project, with exactly the roles that are given, or removes it from the
    project. Its other roles are not changed.
  - The requesting API key or service account needs the role Project Owner.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - The diff shows what was read back after a change.
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) assigns the key, and changes its roles in the project if they differ.
      - V(absent) removes it from the project. A project or key that does not exist is success.
    type: str
    choices: [present, absent]
    default: present
  project_id:
    description:
      - The ID of the project, 24 hexadecimal digits in lower case. Atlas' API calls projects groups.
      - Either this or O(project_name) is required.
    type: str
    aliases:
      - group_id
  project_name:
    description:
      - The name of the project in the organization O(org_id), including upper and lower case.
    type: str
  org_id:
    description:
      - The ID of the organization, for O(project_name).
      - The environment variable E(MONGODB_ATLAS_ORG_ID) is used if the option is not set.
    type: str
  api_user_id:
    description:
      - The ID of the API key. If no key of the project's organization has it, O(state=present) fails, in check mode as
        well.
    type: str
    required: true
    aliases:
      - api_key_id
  roles:
    description:
      - The roles in the project, such as V(GROUP_READ_ONLY), exactly these. Required for O(state=present).
    type: list
    elements: str
  allow_self:
    description:
      - Allow removing a role in the project from the key that the task uses.
    type: bool
    default: false
notes:
  - This module has been tried against the collection's emulator of Atlas only, not against Atlas itself.
  - No write is repeated, except after a 429, which says that nothing was done. If the response to a write is lost, the
    task looks up what happened.
  - The task reads the project, to find its organization, and the key itself, because the list of a project's keys may
    lag behind. If the requesting key or service account may not read the key, it uses that list.
  - After a change the task reads the key again, for a few seconds if necessary. It fails if the key is not assigned, or
    has more roles in the project than asked for, and warns about any other difference.
seealso:
  - module: mongodb_atlas.admin.org_api_key
    description: Create, change and delete API keys.
"""

EXAMPLES = r"""
- name: Allow an API key to read a project
  mongodb_atlas.admin.project_api_key:
    project_id: b0123456789abcdef012345b
    api_user_id: 6a793f752c88faeba59bba49
    roles: [GROUP_READ_ONLY]

- name: Remove it from the project
  mongodb_atlas.admin.project_api_key:
    project_id: b0123456789abcdef012345b
    api_user_id: 6a793f752c88faeba59bba49
    state: absent
"""

RETURN = r"""
api_key:
  description:
    - The key as it was read back, in the form of M(mongodb_atlas.admin.org_api_key_info). In check mode, with the roles
      that it would have.
    - A failed task returns it if it changed the key.
  returned: success, with O(state=present)
  type: dict
  contains:
    id:
      description: The ID of the API key.
      type: str
      sample: 6a793f752c88faeba59bba49
    desc:
      description: Its description.
      type: str
      sample: ci
    public_key:
      description: The public key.
      type: str
      sample: gswvkocq
    private_key:
      description: The private key, redacted except for its last twelve digits.
      type: str
      sample: '********-****-****-01bdd56c8977'
    roles:
      description: The roles in the organization and in projects, in no order.
      type: list
      elements: dict
      sample:
        - group_id: b0123456789abcdef012345b
          role_name: GROUP_READ_ONLY
status:
  description:
    - The HTTP status of the response.
  returned: failure, if there was a response
  type: int
  sample: 404
error_code:
  description:
    - The Atlas error code, for C(rescue) and C(failed_when). Older responses have none.
  returned: failure, if Atlas refused the request
  type: str
  sample: API_KEY_NOT_FOUND
reason:
  description:
    - The meaning of the status.
  returned: failure, if Atlas refused the request
  type: str
  sample: Not Found
detail:
  description:
    - Atlas' description of the error.
  returned: failure, if Atlas refused the request
  type: str
  sample: There is no such API key in this organization.
parameters:
  description:
    - The error parameters, strings and numbers.
  returned: failure, if Atlas refused the request
  type: list
  elements: raw
  sample: ['6a793f752c88faeba59bba40']
bad_request_detail:
  description:
    - The fields of the request that are wrong, if Atlas names them.
  returned: failure, if Atlas refused the request
  type: dict
  sample:
    fields:
      - field: apiUserId
        description: must be 24 hexadecimal digits
"""

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.api_key import ApiKey
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.project_roles import (
    PROJECT_OPTIONS,
    plan,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.roles import project_role_list
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **PROJECT_OPTIONS,
    "api_user_id": object_id(required=True, aliases=["api_key_id"]),
    "roles": project_role_list(
        other_module="org_api_key", if_empty="To remove the key from the project, set state: absent."
    ),
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Assign an API key to a project, change its roles there, or remove it."""
    return plan(ApiKey(client), params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
