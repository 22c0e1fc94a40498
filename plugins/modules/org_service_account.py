#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_service_account
short_description: Create, change and delete a service account of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Creates a service account and keeps its first secret, which Atlas shows once. Changes its name, its description and
    its roles in the organization. Deletes it.
  - M(mongodb_atlas.admin.org_service_account_secret) adds and deletes secrets of an existing account, and
    M(mongodb_atlas.admin.project_service_account) assigns it to projects. This module leaves both alone.
  - The requesting API key or service account needs the role Organization Owner.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._secret
  - mongodb_atlas.admin._attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - The diff contains no secret.
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) creates the account if it does not exist, and changes what differs from the given options.
      - V(absent) deletes it, with its secrets.
    type: str
    choices: [present, absent]
    default: present
  org_id:
    description:
      - The ID of the organization, 24 hexadecimal digits in lower case.
      - The environment variable E(MONGODB_ATLAS_ORG_ID) is used if the option is not set.
    type: str
    required: true
  service_account_id:
    description:
      - The client ID of an existing account, C(mdb_sa_id_) and 24 hexadecimal digits. With O(state=present), the task
        fails if no account has it.
      - Either this or O(name) identifies the account. With both, O(state=present) renames the account, and
        O(state=absent) fails if the account has another name.
    type: str
  name:
    description:
      - The name, 1 to 64 letters, digits, spaces and the characters C(- _ . , '). Atlas allows no others.
      - Without O(service_account_id), it identifies the account. Atlas does not keep names unique. If several accounts
        have the name, the task fails and lists them.
    type: str
  description:
    description:
      - What the account is for, 1 to 250 of the characters that O(name) allows. Required to create an account.
    type: str
  roles:
    description:
      - The roles in the organization, exactly these, such as V(ORG_READ_ONLY). Required to create an account.
      - If the option is not set, the roles of an existing account stay as they are.
    type: list
    elements: str
  access_list:
    description:
      - IPv4 and IPv6 addresses and blocks from which the account may be used. The task adds them right after the
        creation, and delivers the secret only when Atlas lists them.
      - The access list of an existing account is not changed. The task warns if it differs. Use
        M(mongodb_atlas.admin.org_service_account_access_list).
    type: list
    elements: str
    default: []
  secret_expires_after_hours:
    description:
      - After how many hours the first secret expires, 8 to 8760, and at most the maximum of the organization.
      - To create an account, give either this option with O(secret_file) or O(return_secret), or O(without_secret).
    type: int
  without_secret:
    description:
      - Create the account without a secret. M(mongodb_atlas.admin.org_service_account_secret) can add one later.
      - Atlas introduced this in 2026. If Atlas refuses it, the task fails. If Atlas creates a secret nevertheless, the
        task deletes that secret and warns.
    type: bool
    default: false
  allow_self:
    description:
      - Allow deletion of the account that the task uses, or the removal of its role Organization Owner.
    type: bool
    default: false
  allow_anywhere:
    description:
      - Allow an O(access_list) that contains all addresses.
    type: bool
    default: false
notes:
  - What Atlas does with service accounts is known from its reference and its official clients only. This module was
    tested with the emulator of this collection, not with Atlas itself. So it reads back what it has changed.
  - The guide "Service accounts as code" describes what happens at each failure.
seealso:
  - module: mongodb_atlas.admin.org_service_account_info
    description: Read service accounts.
  - module: mongodb_atlas.admin.org_service_account_secret
    description: Add and delete secrets of a service account.
  - module: mongodb_atlas.admin.org_service_account_access_list
    description: Change the access list of a service account.
  - module: mongodb_atlas.admin.project_service_account
    description: Assign a service account to a project.
"""

EXAMPLES = r"""
- name: Create a service account that may read the organization from one block of addresses
  mongodb_atlas.admin.org_service_account:
    org_id: a0123456789abcdef012345a
    name: dashboard
    description: Reads for the dashboard
    roles: [ORG_READ_ONLY]
    access_list: [192.0.2.0/24]
    secret_expires_after_hours: 2160
    secret_file: ~/dashboard-atlas-account.json

- name: Change the roles of an existing account
  mongodb_atlas.admin.org_service_account:
    org_id: a0123456789abcdef012345a
    service_account_id: mdb_sa_id_0123456789abcdef01234567
    roles: [ORG_READ_ONLY, ORG_BILLING_READ_ONLY]

- name: Create an account that gets its secret later
  mongodb_atlas.admin.org_service_account:
    org_id: a0123456789abcdef012345a
    name: importer
    description: Imports orders
    roles: [ORG_MEMBER]
    without_secret: true

- name: Delete an account
  mongodb_atlas.admin.org_service_account:
    org_id: a0123456789abcdef012345a
    name: importer
    state: absent
"""

RETURN = r"""
service_account:
  description:
    - The account, as RV(mongodb_atlas.admin.org_service_account_info#module:service_account) describes. In check mode,
      with the fields that it would have.
  returned: success, with O(state=present)
  type: dict
  sample:
    client_id: mdb_sa_id_0123456789abcdef01234567
    name: dashboard
    roles: [ORG_READ_ONLY]
client_secret:
  description:
    - The first secret. Registered, and not shown.
  returned: when an account was created with O(return_secret)
  type: str
  sample: mdb_sa_sk_0123456789abcdef0123456789abcdef01234567
secret_file:
  description:
    - The absolute path of the file that was written, or would be written in check mode.
  returned: when an account was created with O(secret_file)
  type: str
  sample: /home/ci/dashboard-atlas-account.json
secret_id:
  description:
    - The ID of the first secret.
  returned: when an account was created with a secret
  type: str
  sample: 6a793f752c88faeba59bba60
secret_expires_at:
  description:
    - When the first secret expires, as Atlas says.
  returned: when an account was created with a secret
  type: str
  sample: '2026-11-08T03:02:57Z'
deleted_service_account_id:
  description:
    - The client ID of the account that was deleted, or would be deleted in check mode.
  returned: when an account was deleted
  type: str
  sample: mdb_sa_id_0123456789abcdef01234567
candidates:
  description:
    - If the response to the creation was lost, the accounts that it may have created. They have the name, and did not
      exist before. None of them was deleted, because another task may have created them.
  returned: failure, if the response to the creation was lost
  type: list
  elements: dict
  sample:
    - client_id: mdb_sa_id_0123456789abcdef01234567
      name: dashboard
      created_at: '2026-08-10T03:02:57Z'
left_behind:
  description:
    - An account that this task created and could not delete again, with the fields of RV(candidates). Nobody has its
      secret.
  returned: failure, if a new account could not be deleted again
  type: list
  elements: dict
  sample:
    - client_id: mdb_sa_id_0123456789abcdef01234567
      name: dashboard
      created_at: '2026-08-10T03:02:57Z'
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
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.credential import (
    CREATION_OPTIONS,
    PERMISSION_OPTIONS,
    plan,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.service_account import (
    ACCOUNT_OPTIONS,
    ServiceAccount,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **CREATION_OPTIONS,
    **PERMISSION_OPTIONS,
    **ACCOUNT_OPTIONS,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "org_id": org_id(required=True),
    "return_secret": {"type": "bool", "default": False, "no_log": False},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Create, change or delete a service account."""
    return plan(ServiceAccount(client), params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
