#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_service_account_secret
short_description: Add and delete secrets of a MongoDB Atlas service account
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Adds a secret to a service account when its secrets expire soon, and keeps it. Atlas shows a secret once.
  - Deletes one secret of a service account.
  - B(Adding a secret shortens the life of every other secret of the account) to seven days, or to what is left of it if
    that is less. No request is known to undo this. The result and every message after the addition contain the
    new deadlines.
  - The requesting API key or service account needs the role Organization Owner.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._secret
  - mongodb_atlas.admin._attributes
attributes:
  check_mode:
    support: full
    details:
      - The shortened lives of the other secrets are predicted from MongoDB's documentation.
  diff_mode:
    support: full
    details:
      - The diff contains the IDs and the expiry of the secrets, and no secret.
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) adds a secret if none lives long enough, see O(min_remaining_hours).
      - V(absent) deletes the secret with the ID O(secret_id). Tokens that were minted with it end at once.
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
      - The client ID of the service account, C(mdb_sa_id_) and 24 hexadecimal digits.
    type: str
    required: true
  expires_after_hours:
    description:
      - After how many hours a new secret expires, 8 to 8760, and at most the maximum of the organization. Required for
        O(state=present).
    type: int
  min_remaining_hours:
    description:
      - A secret is added only if no secret lives for at least this many more hours. So a scheduled play adds one when
        it is due, and changes nothing otherwise. It must be less than O(expires_after_hours).
      - V(0) means that any secret that has not expired is sufficient.
    type: int
    default: 0
  current_secret_id:
    description:
      - The ID of the secret that your store contains. Only this secret decides whether a new one is due. If it no
        longer exists, a new one is due.
      - Without it, the secret that expires last decides, although nobody may know that secret.
    type: str
  remove_expired:
    description:
      - Delete expired secrets before a secret is added. An account has two slots for secrets, and an expired secret
        occupies its slot until it is deleted.
      - Without it, the task fails if an expired secret occupies the slot that it needs.
    type: bool
    default: false
  secret_id:
    description:
      - The ID of the secret to delete. Required for O(state=absent).
    type: str
  allow_last:
    description:
      - Allow deletion of the last secret that has not expired. The account can mint no tokens without it.
    type: bool
    default: false
  allow_self:
    description:
      - Allow deletion of a secret of the account that the task uses. If it is the secret that the task uses, Atlas
        revokes the token of the task.
    type: bool
    default: false
notes:
  - What Atlas does with service accounts is known from its reference and its official clients only. This module was
    tested with the emulator of this collection, not with Atlas itself.
  - If both slots contain secrets that have not expired, the task fails and lists the secrets with expiry and last use.
    It never chooses one to delete.
  - Whether a secret has expired is judged by the time in Atlas' own responses, not by the clock of the host.
  - Whether the other secrets get their time back if the new one is deleted is not known.
  - How soon a new secret works is not known.
seealso:
  - module: mongodb_atlas.admin.org_service_account
    description: Create service accounts.
  - module: mongodb_atlas.admin.org_service_account_info
    description: Read service accounts, with the expiry of their secrets.
"""

EXAMPLES = r"""
- name: Add a secret if no secret lives for another 30 days
  mongodb_atlas.admin.org_service_account_secret:
    org_id: a0123456789abcdef012345a
    service_account_id: mdb_sa_id_1123456789abcdef01234567
    expires_after_hours: 2160
    min_remaining_hours: 720
    remove_expired: true
    secret_file: ~/auditor-atlas-secret.json
  register: result

- name: Show until when the old secrets work
  ansible.builtin.debug:
    msg: "{{ result.shortened | default([]) | items2dict(key_name='id', value_name='expires_at_after') }}"

- name: Delete a secret that is no longer used
  mongodb_atlas.admin.org_service_account_secret:
    org_id: a0123456789abcdef012345a
    service_account_id: mdb_sa_id_1123456789abcdef01234567
    secret_id: 6a793f752c88faeba59bba60
    state: absent
"""

RETURN = r"""
secret:
  description:
    - The secret that was added, or the secret because of which none was due. In check mode, a secret that would be
      added has no ID.
  returned: success, with O(state=present)
  type: dict
  contains:
    id:
      description: The ID of the secret.
      type: str
      sample: 6a793f752c88faeba59bba60
    created_at:
      description: When it was created.
      type: str
      sample: '2026-08-10T03:02:57Z'
    expires_at:
      description: When it expires.
      type: str
      sample: '2026-11-08T03:02:57Z'
client_secret:
  description:
    - The new secret. Registered, and not shown.
  returned: when a secret was added with O(return_secret)
  type: str
  sample: mdb_sa_sk_0123456789abcdef0123456789abcdef01234567
secret_file:
  description:
    - The absolute path of the file that was written, or would be written in check mode.
  returned: when a secret was added with O(secret_file)
  type: str
  sample: /home/ci/auditor-atlas-secret.json
shortened:
  description:
    - The other secrets of the account, with the expiry that Atlas returned before and after the addition. In check
      mode, the second is predicted.
  returned: when a secret was added, also if the task failed afterwards
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the secret.
      type: str
      sample: 6a793f752c88faeba59bba61
    expires_at_before:
      description: When it would have expired.
      type: str
      sample: '2026-09-08T03:02:57Z'
    expires_at_after:
      description: When it expires now. It is V(null) if Atlas did not say.
      type: str
      sample: '2026-08-17T03:02:57Z'
deleted_secret_ids:
  description:
    - The IDs of the secrets that were deleted, or would be deleted in check mode.
  returned: success
  type: list
  elements: str
  sample: [6a793f752c88faeba59bba62]
candidates:
  description:
    - If the response to the addition was lost, the secrets that it may have added. They did not exist before. None of
      them was deleted, because another task may have added them.
  returned: failure, if the response to the addition was lost
  type: list
  elements: dict
  sample:
    - id: 6a793f752c88faeba59bba60
      created_at: '2026-08-10T03:02:57Z'
      expires_at: '2026-11-08T03:02:57Z'
left_behind:
  description:
    - A secret that this task added and could not delete again, with the fields of RV(candidates). Nobody has it.
  returned: failure, if a new secret could not be deleted again
  type: list
  elements: dict
  sample:
    - id: 6a793f752c88faeba59bba60
      created_at: '2026-08-10T03:02:57Z'
      expires_at: '2026-11-08T03:02:57Z'
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
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.account_secret import plan
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.credential import SECRET_OPTIONS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import (
    object_id,
    org_id,
    service_account_id,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **SECRET_OPTIONS,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "org_id": org_id(required=True),
    "service_account_id": service_account_id(required=True),
    "expires_after_hours": {"type": "int"},
    "min_remaining_hours": {"type": "int", "default": 0},
    "current_secret_id": object_id(no_log=False),
    "remove_expired": {"type": "bool", "default": False},
    "secret_id": object_id(no_log=False),
    "allow_last": {"type": "bool", "default": False},
    "allow_self": {"type": "bool", "default": False},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Add or delete a secret of a service account."""
    return plan(client, params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
