#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_api_keys
short_description: Create, change and delete many API keys of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Applies a list of API keys to an organization. Creates those that do not exist and keeps their private keys, which
    Atlas shows once. Changes the descriptions and the roles in the organization of those that differ. With
    O(purge=true), deletes those that are not in the list.
  - Reads the keys of the organization once for all items, at 500 keys for each request. A loop over
    M(mongodb_atlas.admin.org_api_key) reads them for each item.
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
      - The diff shows the keys that differ, by their descriptions, and what was read back after the changes. It never
        shows a private key.
  idempotent:
    support: full
options:
  org_id:
    description:
      - The ID of the organization, 24 hexadecimal digits in lower case.
      - If it is not given, the environment variable E(MONGODB_ATLAS_ORG_ID) is used.
    type: str
    required: true
  api_keys:
    description:
      - The API keys. Two items must not have the same O(api_keys[].desc), O(api_keys[].api_user_id) or
        O(api_keys[].secret_file).
      - All items are checked before anything is changed. Then keys are created in the order of the items, then changed,
        then deleted. A key that gives its description to a new one is changed first. If there would be no room for the
        new keys, the deletions come first. The key that the task uses comes last.
    type: list
    elements: dict
    required: true
    suboptions:
      desc:
        description:
          - The description of the key, at most 250 characters, without white space at its beginning or end. Without
            O(api_keys[].api_user_id), it identifies the key.
          - Atlas does not keep descriptions unique. If several keys have it, the task fails and names them.
        type: str
        required: true
      api_user_id:
        description:
          - The ID of an existing API key, which then gets the description O(api_keys[].desc). If no key has the ID, the
            task fails.
        type: str
        aliases: [api_key_id]
      roles:
        description:
          - The roles in the organization, such as V(ORG_READ_ONLY), exactly these. Required to create a key.
          - If it is not given, the roles of an existing key are not changed.
        type: list
        elements: str
      access_list:
        description:
          - IPv4 or IPv6 addresses and blocks from which a new key may be used. The task adds them right after the
            creation. It writes the private key once Atlas' response, or the list, shows all of them; otherwise it
            deletes the key again.
          - The access list of an existing key is neither compared nor changed, because that takes a request for each
            key. Use M(mongodb_atlas.admin.org_api_key_access_list) for it.
        type: list
        elements: str
        default: []
      secret_file:
        description:
          - A file for the private key of a new key, on the host where the task runs. It is written with mode 0600,
            whole or not at all, and must not exist before. If it cannot be written, the key is deleted again.
          - Required without O(api_keys[].api_user_id), because the key may have to be created.
          - On the controller, a relative path is relative to the directory of the playbook. On any other host, the path
            must be absolute.
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
  purge:
    description:
      - Delete the API keys whose description begins with O(purge_prefix) and that no item describes.
      - If the list of keys may be incomplete, nothing is changed and the task fails.
    type: bool
    default: false
  purge_prefix:
    description:
      - The beginning of the descriptions of the keys that may be deleted, for example the name of a team and a hyphen.
        It is case-sensitive.
      - Required with O(purge=true). It must contain at least three characters that are not blank.
    type: str
  purge_limit:
    description:
      - How many keys O(purge) may delete. If there are more to delete, the task lists them and fails before it changes
        anything.
    type: int
    default: 10
  allow_empty:
    description:
      - Allow O(purge=true) with an empty O(api_keys), which deletes all keys with the prefix. An undefined variable
        with a default often ends in an empty list.
    type: bool
    default: false
  on_missing_secret:
    description:
      - What to do about keys that exist and whose O(api_keys[].secret_file) does not. Their private keys cannot be read
        again.
      - V(warn) warns, every time. The files may have been moved to a secret store on purpose.
      - V(fail) fails before anything is changed, and names the keys and how to replace them.
    type: str
    choices: [warn, fail]
    default: warn
  allow_anywhere:
    description:
      - Allow an O(api_keys[].access_list) that covers all addresses of IPv4 or of IPv6.
    type: bool
    default: false
  allow_self:
    description:
      - Allow deleting the key that the task uses, and removing the role Organization Owner from it.
    type: bool
    default: false
notes:
  - This module has been tried against the collection's emulator of Atlas only, not against Atlas itself.
  - If the change of a key fails, the task fails and changes no further key. The message names the item, and the failed
    result contains RV(created), RV(updated) and RV(deleted_api_user_ids) as far as the task came. These changes are not
    undone, and the private keys of the new keys are in their files. Run the task again for the rest.
  - If the response to a creation is lost, the task fails and names the keys that it may have created, see
    RV(candidates). It deletes none of them, because another task may have created a key with the same description at
    the same time.
  - No write is repeated, except after a 429, which says that nothing was done.
  - After all changes the task reads the list of keys once more. It fails if a key has more roles than asked for, or if
    a deleted one is still there. It warns about any other difference, and about a key with the same description that a
    concurrent task has created.
  - Which keys exist is known from the list of keys alone, which may lag behind. A key that was deleted a few seconds
    ago may still be on it. M(mongodb_atlas.admin.org_api_key) reads a key itself before it says that it exists. So does
    O(purge) before it deletes a key, because the key may have another description now.
  - It sends one request for each 500 keys of the organization, two for each new key with an access list and for each
    key that O(purge) deletes, and one for any other key that is created or changed. If anything was changed, it reads
    the list once more. Atlas limits requests for API keys to 250 in a minute after the first 500, so the creation of
    500 keys takes minutes.
  - It is not known whether Atlas leaves roles in projects alone when roles in the organization are changed. The task
    warns if some are missing afterwards.
seealso:
  - module: mongodb_atlas.admin.org_api_key
    description: Create, change or delete one API key, or return its private key.
  - module: mongodb_atlas.admin.org_api_key_info
    description: Read API keys.
  - module: mongodb_atlas.admin.org_api_key_access_list
    description: Change the access list of an API key.
  - module: mongodb_atlas.admin.project_api_key
    description: Assign an API key to a project.
"""

EXAMPLES = r"""
- name: Ensure that a team has exactly these API keys
  mongodb_atlas.admin.org_api_keys:
    org_id: a0123456789abcdef012345a
    api_keys:
      - desc: payments-deploy
        roles: [ORG_MEMBER]
        access_list: [192.0.2.0/24]
        secret_file: ~/payments-deploy.json
      - desc: payments-report
        roles: [ORG_READ_ONLY]
        access_list: [192.0.2.0/24, 198.51.100.7]
        secret_file: ~/payments-report.json
    purge: true
    purge_prefix: payments-
  register: result

- name: Show the IDs of the keys that were created
  ansible.builtin.debug:
    msg: "{{ result.api_keys | selectattr('desc', 'in', result.created) | map(attribute='id') }}"

- name: Change the description and the roles of an existing key
  mongodb_atlas.admin.org_api_keys:
    org_id: a0123456789abcdef012345a
    api_keys:
      - api_user_id: 6a793f752c88faeba59bba49
        desc: import
        roles: [ORG_READ_ONLY, ORG_BILLING_READ_ONLY]
"""

RETURN = r"""
api_keys:
  description:
    - The keys, in the order of O(api_keys), as they were read back, in the form of
      M(mongodb_atlas.admin.org_api_key_info).
    - In check mode, with the fields that they would have. A key that would be created has no ID then.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the API key.
      type: str
      sample: 6a793f752c88faeba59bba49
    desc:
      description: Its description.
      type: str
      sample: payments-deploy
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
          role_name: ORG_MEMBER
created:
  description:
    - The descriptions of the keys that were created, or would be in check mode.
  returned: success, and failure while the keys were changed
  type: list
  elements: str
  sample: [payments-deploy]
updated:
  description:
    - The descriptions of the keys that were changed, or would be in check mode. A key whose description was changed is
      listed with the new one.
  returned: success, and failure while the keys were changed
  type: list
  elements: str
  sample: [payments-report]
deleted_api_user_ids:
  description:
    - The IDs of the keys that were deleted, or would be in check mode.
  returned: success, and failure while the keys were changed
  type: list
  elements: str
  sample: [6a793f752c88faeba59bba49]
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
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.batch import PURGE_OPTIONS, plan
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.credential import (
    CREATION_OPTIONS,
    PERMISSION_OPTIONS,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id, org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.roles import org_role_list
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

_API_KEY = {
    **CREATION_OPTIONS,
    "desc": {"type": "str", "required": True},
    "api_user_id": object_id(aliases=["api_key_id"]),
    "roles": org_role_list(other_module="project_api_key"),
}

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **PURGE_OPTIONS,
    **PERMISSION_OPTIONS,
    "org_id": org_id(required=True),
    "api_keys": {"type": "list", "elements": "dict", "required": True, "no_log": False, "options": _API_KEY},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Create, change and delete API keys."""
    return plan(ApiKey(client), params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
