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
    Atlas shows once. Changes the descriptions and the roles in the organization of those that differ. Deletes those
    that are not in the list, if O(purge=true).
  - The keys of the organization are read once for all items, at 500 keys for each request. A loop over
    M(mongodb_atlas.admin.org_api_key) reads them for each item.
  - Roles in projects are neither compared nor changed. Use M(mongodb_atlas.admin.project_api_key) for them.
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
      - The diff has the keys that differ, by their descriptions. The private keys are not part of it.
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
        then deleted. The key that the task uses comes last.
    type: list
    elements: dict
    required: true
    suboptions:
      desc:
        description:
          - The description of the key, at most 250 characters. Without O(api_keys[].api_user_id), it identifies the
            key.
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
          - IPv4 or IPv6 addresses and blocks from which the key may be used. They are added right after it was created.
          - The access list of an existing key is not changed. Use M(mongodb_atlas.admin.org_api_key_access_list) for
            that.
        type: list
        elements: str
        default: []
      secret_file:
        description:
          - A file for the private key of a key that is created, on the host where the task runs. It is written with
            mode 0600, whole or not at all, and must not exist then. If it cannot be written, the key is deleted again.
          - Required without O(api_keys[].api_user_id), because the key may have to be created.
          - Check mode tests whether it could be written.
        type: path
      secret_format:
        description:
          - V(json) is an object with C(org_id), C(api_user_id), C(public_key) and C(private_key).
          - V(env) is a line for each of the environment variables that this collection reads.
        type: str
        choices: [json, env]
        default: json
      secret_vault_id:
        description:
          - Encrypt the file with Ansible's vault, by the secret of this vault ID, which the run must have been given.
          - It needs in-process execution on the controller.
        type: str
  purge:
    description:
      - Delete the API keys whose description begins with O(purge_prefix) and that no item describes. If O(api_keys) is
        empty, these are all with that beginning.
      - If the list of keys may be incomplete, nothing is deleted and the task fails.
    type: bool
    default: false
  purge_prefix:
    description:
      - The beginning of the descriptions of the keys that may be deleted, for example the name of a team and a hyphen.
        Upper and lower case differ.
      - Required with O(purge=true), and must not be empty then.
    type: str
  allow_self:
    description:
      - Allow to delete the key that the task uses, or to take the role Organization Owner from it.
    type: bool
    default: false
notes:
  - This module has been tried against the collection's emulator of Atlas only, not against Atlas itself.
  - If the change of a key fails, the task fails and changes no further key. The message has the item, and how many keys
    were created, changed and deleted before. These changes are not undone, and the private keys of the keys that were
    created are in their files. Run the task again for the rest.
  - No write is repeated, except after a 429, which says that nothing was done. If the response to a write is lost, the
    task looks up what happened, for each key as M(mongodb_atlas.admin.org_api_key) does.
  - It sends one request for each 500 keys of the organization, two for each key that is created with an access list,
    and one for any other key that is created, changed or deleted. Atlas limits requests for API keys to 250 in a minute
    after the first 500, so the creation of 500 keys takes minutes.
  - Whether Atlas leaves roles in projects alone when roles in the organization are changed is not known. The task warns
    if some are missing afterwards.
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
- name: Have exactly these API keys of a team
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

- name: Change the description and the roles of a key that exists
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
    - The keys, in the order of O(api_keys), as M(mongodb_atlas.admin.org_api_key_info) returns them.
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
  returned: success
  type: list
  elements: str
  sample: [payments-deploy]
updated:
  description:
    - The descriptions of the keys that were changed, or would be in check mode. A key whose description was changed is
      here with the new one.
  returned: success
  type: list
  elements: str
  sample: [payments-report]
deleted_api_user_ids:
  description:
    - The IDs of the keys that were deleted, or would be in check mode.
  returned: success
  type: list
  elements: str
  sample: [6a793f752c88faeba59bba49]
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
