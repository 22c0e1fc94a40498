#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_api_key
short_description: Create, change and delete an API key of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Creates an API key and keeps its private key, which Atlas shows once. Changes its description and its roles in the
    organization. Deletes it.
  - Does not compare or change roles in projects. Use M(mongodb_atlas.admin.project_api_key) for them.
  - The requesting API key or service account needs the role Organization Owner.
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
      - The diff shows what was read back after a change, and never a private key.
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) creates the key if it does not exist, and changes what differs from the options that are given.
      - V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  org_id:
    description:
      - The ID of the organization, 24 hexadecimal digits in lower case.
      - If it is not given, the environment variable E(MONGODB_ATLAS_ORG_ID) is used.
    type: str
    required: true
  api_user_id:
    description:
      - The ID of an existing API key. If no key has it, O(state=present) fails.
      - Either this or O(desc) identifies the key. With both, O(state=present) gives the key the description O(desc),
        and O(state=absent) fails if its description is another one.
    type: str
    aliases:
      - api_key_id
  desc:
    description:
      - The description of the key, at most 250 characters, without white space at its beginning or end. Without
        O(api_user_id), it identifies the key.
      - Atlas does not keep descriptions unique. If several keys have it, the task fails and names them.
    type: str
  roles:
    description:
      - The roles in the organization, such as V(ORG_READ_ONLY), exactly these. Required to create a key.
      - If it is not given, the roles of an existing key are not changed.
    type: list
    elements: str
  access_list:
    description:
      - IPv4 or IPv6 addresses and blocks from which a new key may be used. The task adds them right after the creation.
        It hands over the private key once Atlas' response, or the list, shows all of them; otherwise it deletes the key
        again.
      - The access list of an existing key is not changed. The task warns if it differs. Use
        M(mongodb_atlas.admin.org_api_key_access_list) to change it.
    type: list
    elements: str
    default: []
  secret_file:
    description:
      - A file for the private key of a new key, on the host where the task runs. It is written with mode 0600, whole or
        not at all, and must not exist before. If it cannot be written, the key is deleted again.
      - On the controller, a relative path is relative to the directory of the playbook. On any other host, the path
        must be absolute.
      - A file system that does not keep the mode 0600 is refused before the key is created.
      - Check mode tests whether the file could be written.
    type: path
  secret_format:
    description:
      - V(json) is an object with C(kind), C(org_id), C(api_user_id), C(public_key), C(private_key), C(desc) and
        C(created_at).
      - V(env) is a line for each of the environment variables that this collection reads.
    type: str
    choices: [json, env]
    default: json
  secret_vault_id:
    description:
      - Encrypt the file with Ansible Vault, using the password of this vault ID, which must be given to the run.
      - It needs in-process execution on the controller.
    type: str
  return_secret:
    description:
      - Return the private key of a new key as RV(private_key). Ansible hides the result of the task, but registers it
        whole. The task must have C(register), and must not have C(until), C(retries) or C(async).
      - If a signal or the C(timeout) of the task ends it after the creation, the private key is lost with the result,
        and the key exists. A file is safer.
    type: bool
    default: false
  on_missing_secret:
    description:
      - What to do if the key exists, and O(secret_file) or O(return_secret) asks for its private key, which cannot be
        read again. A file that exists is not an issue.
      - V(warn) warns, every time. The file may have been moved to a secret store on purpose.
      - V(fail) fails, and names the key and how to replace it.
    type: str
    choices: [warn, fail]
    default: warn
  allow_anywhere:
    description:
      - Allow an O(access_list) that covers all addresses of IPv4 or of IPv6.
    type: bool
    default: false
  allow_self:
    description:
      - Allow deleting the key that the task uses, and removing the role Organization Owner from it.
    type: bool
    default: false
notes:
  - This module has been tried against the collection's emulator of Atlas only, not against Atlas itself.
  - No write is repeated, except after a 429, which says that nothing was done. If the response to a change or a
    deletion is lost, the task looks up what happened.
  - If the response to the creation is lost, the task fails and names the keys that it may have created, see
    RV(candidates). It deletes none of them, because another task may have created a key with the same description at
    the same time. Delete the key that nobody uses with O(state=absent) and its O(api_user_id), and run the task again.
  - After a change the task compares what was read back with what was asked for. It fails if the key has more roles than
    asked for, and warns about any other difference.
  - After a creation the task reads the list of keys once more, and warns if a concurrent task has created a key with
    the same description.
  - A list may lag behind. Before the task says that a key with the description exists, it reads this key itself.
  - Without O(api_user_id), O(state=present) may create a key. So it requires O(secret_file) or O(return_secret), before
    anything is sent.
  - It is not known whether Atlas leaves roles in projects alone when roles in the organization are changed. The task
    warns if some are missing afterwards.
seealso:
  - module: mongodb_atlas.admin.org_api_keys
    description: Create, change and delete many API keys with few requests.
  - module: mongodb_atlas.admin.org_api_key_info
    description: Read API keys.
  - module: mongodb_atlas.admin.org_api_key_access_list
    description: Change the access list of an API key.
  - module: mongodb_atlas.admin.project_api_key
    description: Assign an API key to a project.
"""

EXAMPLES = r"""
- name: Ensure an API key that may read the organization from one block of addresses
  mongodb_atlas.admin.org_api_key:
    org_id: a0123456789abcdef012345a
    desc: ci
    roles: [ORG_READ_ONLY]
    access_list: [192.0.2.0/24]
    secret_file: ~/ci-atlas-key.json

- name: Change the roles of an existing key
  mongodb_atlas.admin.org_api_key:
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49
    roles: [ORG_READ_ONLY, ORG_BILLING_READ_ONLY]

- name: Delete a key
  mongodb_atlas.admin.org_api_key:
    org_id: a0123456789abcdef012345a
    desc: ci
    state: absent
"""

RETURN = r"""
api_key:
  description:
    - The key as it was read back, in the form of M(mongodb_atlas.admin.org_api_key_info). In check mode, with the
      fields that it would have.
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
        - org_id: a0123456789abcdef012345a
          role_name: ORG_READ_ONLY
private_key:
  description:
    - The whole private key. Registered, and not shown.
  returned: when a key was created with O(return_secret)
  type: str
  sample: 3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977
secret_file:
  description:
    - The absolute path of the file that was written, or would be in check mode.
  returned: when a key was created with O(secret_file)
  type: str
  sample: /home/ci/ci-atlas-key.json
deleted_api_user_id:
  description:
    - The ID of the key that was deleted, or would be in check mode.
  returned: when a key was deleted
  type: str
  sample: 6a793f752c88faeba59bba49
candidates:
  description:
    - If the response to a creation was lost, the keys that may have been created by it. They have the description, and
      did not exist before. None of them was deleted, because another task may have created them.
    - Each has C(id), C(public_key), C(desc) and C(created_at), which is the time in its ID. V(null) means not known.
  returned: failure, if the response to a creation was lost
  type: list
  elements: dict
  sample:
    - id: 6a793f752c88faeba59bba49
      public_key: gswvkocq
      desc: ci
      created_at: '2026-08-10T03:03:17Z'
left_behind:
  description:
    - A key that this task created and could not delete again, with the same fields as RV(candidates). Nobody has its
      private key.
  returned: failure, if a new key could not be deleted again
  type: list
  elements: dict
  sample:
    - id: 6a793f752c88faeba59bba49
      public_key: gswvkocq
      desc: ci
      created_at: '2026-08-10T03:03:17Z'
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
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.credential import (
    CREATION_OPTIONS,
    PERMISSION_OPTIONS,
    plan,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id, org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.roles import org_role_list
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **CREATION_OPTIONS,
    **PERMISSION_OPTIONS,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "org_id": org_id(required=True),
    "api_user_id": object_id(aliases=["api_key_id"]),
    "desc": {"type": "str"},
    "roles": org_role_list(other_module="project_api_key"),
    "return_secret": {"type": "bool", "default": False, "no_log": False},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Create, change or delete an API key."""
    return plan(ApiKey(client), params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
