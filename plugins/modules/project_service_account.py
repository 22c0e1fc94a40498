#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: project_service_account
short_description: Assign a service account to a project of MongoDB Atlas
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Assigns a service account of the organization to a project with exactly the given roles, changes its roles there, or
    removes it from the project. Its roles elsewhere are not changed.
  - Assigning requires the role Organization Owner. Changing roles and removing require Project Owner in the project. To
    read the present state, Organization Read Only is required.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) assigns the account, and changes its roles in the project if they differ.
      - V(absent) removes it from the project. If the project or the account does not exist, nothing is changed.
    type: str
    choices: [present, absent]
    default: present
  project_id:
    description:
      - The ID of the project, 24 hexadecimal digits in lower case. Atlas' API calls projects groups.
      - Either this or O(project_name) is required.
    type: str
    aliases: [group_id]
  project_name:
    description:
      - The name of the project in the organization O(org_id), including upper and lower case.
    type: str
  org_id:
    description:
      - The ID of the organization, for O(project_name).
      - The environment variable E(MONGODB_ATLAS_ORG_ID) is used if the option is not set.
    type: str
  service_account_id:
    description:
      - The client ID of the service account, C(mdb_sa_id_) and 24 hexadecimal digits.
    type: str
    required: true
  roles:
    description:
      - The roles in the project, exactly these, such as V(GROUP_READ_ONLY). Required for O(state=present).
    type: list
    elements: str
  allow_self:
    description:
      - Allow the task to take roles in the project from the account that it uses.
    type: bool
    default: false
notes:
  - What Atlas does with service accounts is known from its reference and its official clients only. This module was
    tested with the emulator of this collection, not with Atlas itself. So it reads back what it has changed.
seealso:
  - module: mongodb_atlas.admin.org_service_account
    description: Create, change and delete service accounts.
"""

EXAMPLES = r"""
- name: Let a service account read a project
  mongodb_atlas.admin.project_service_account:
    org_id: a0123456789abcdef012345a
    project_name: web shop
    service_account_id: mdb_sa_id_0123456789abcdef01234567
    roles: [GROUP_READ_ONLY]

- name: Remove it from the project
  mongodb_atlas.admin.project_service_account:
    project_id: b0123456789abcdef012345b
    service_account_id: mdb_sa_id_0123456789abcdef01234567
    state: absent
"""

RETURN = r"""
service_account:
  description:
    - The account, as RV(mongodb_atlas.admin.org_service_account_info#module:service_account) describes, with its
      C(projects). In check mode, with the roles that it would have.
  returned: success, with O(state=present)
  type: dict
  sample:
    client_id: mdb_sa_id_0123456789abcdef01234567
    name: dashboard
    roles: [ORG_READ_ONLY]
    projects:
      - group_id: b0123456789abcdef012345b
        roles: [GROUP_READ_ONLY]
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
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.project_roles import (
    PROJECT_OPTIONS,
    plan,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.service_account import ServiceAccount
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import service_account_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.roles import project_role_list
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **PROJECT_OPTIONS,
    "service_account_id": service_account_id(required=True),
    "roles": project_role_list(
        other_module="org_service_account", if_empty="To remove the account from the project, set state: absent."
    ),
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Assign a service account to a project, change its roles there, or remove it."""
    return plan(ServiceAccount(client), params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
