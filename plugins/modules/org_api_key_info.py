#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_api_key_info
short_description: Read an API key of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Returns one programmatic API key of an organization as the Atlas Administration API gives it, with the roles that it
    has in the organization and in its projects.
  - The private key comes redacted. Atlas shows it whole only once, when the key is created.
  - The requesting API key or service account needs the role Organization Member in the organization.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._attributes
  - mongodb_atlas.admin._attributes.info_module
options:
  org_id:
    description:
      - The ID of the organization, 24 hexadecimal digits in lower case.
      - If it is not given, the environment variable E(MONGODB_ATLAS_ORG_ID) is used.
    type: str
    required: true
  api_user_id:
    description:
      - The ID of the API key, 24 hexadecimal digits in lower case. It is not the public key, which has eight letters.
    type: str
    required: true
    aliases:
      - api_key_id
"""

EXAMPLES = r"""
- name: Read a key, with another API key
  mongodb_atlas.admin.org_api_key_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49
  register: result

- name: Show what it may do in the organization
  ansible.builtin.debug:
    msg: "{{ result.api_key.roles | selectattr('org_id', 'defined') | map(attribute='role_name') | list }}"

- name: Read a key, with a service account
  mongodb_atlas.admin.org_api_key_info:
    client_id: mdb_sa_id_0123456789abcdef01234567
    client_secret: "{{ vault_atlas_client_secret }}"
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49

- name: Read a key, with a token that was minted elsewhere
  mongodb_atlas.admin.org_api_key_info:
    access_token: "{{ atlas_token }}"
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49

# In an AWX job template, a credential type puts the credentials and the organization's ID into the environment, under
# the names that the options document. The same task works in a shell that has exported them.
- name: Read a key, with the credentials and the organization of the environment
  mongodb_atlas.admin.org_api_key_info:
    api_user_id: 6a793f752c88faeba59bba49

- name: Say once what several tasks share
  module_defaults:
    group/mongodb_atlas.admin.atlas:
      public_key: gswvkocq
      private_key: "{{ vault_atlas_private_key }}"
      org_id: a0123456789abcdef012345a
  block:
    - name: Read a key
      mongodb_atlas.admin.org_api_key_info:
        api_user_id: 6a793f752c88faeba59bba49

- name: Go on where there is no such key, and only then
  block:
    - name: Read a key
      mongodb_atlas.admin.org_api_key_info:
        org_id: a0123456789abcdef012345a
        api_user_id: 6a793f752c88faeba59bba40
      register: result
  rescue:
    - name: Fail again for any other reason
      ansible.builtin.fail:
        msg: "{{ ansible_failed_result.msg }}"
      when: ansible_failed_result.error_code | default('') != 'API_KEY_NOT_FOUND'

# Ad hoc:
# ansible localhost -m mongodb_atlas.admin.org_api_key_info
#   -a '{"org_id": "a0123456789abcdef012345a", "api_user_id": "6a793f752c88faeba59bba49"}'
"""

RETURN = r"""
api_key:
  description:
    - The API key, with every field that Atlas returns, named in snake case. Atlas promises none of them, and may add
      more.
  returned: success
  type: dict
  contains:
    id:
      description: The ID of the API key.
      type: str
      sample: 6a793f752c88faeba59bba49
    desc:
      description: What its owner wrote about it.
      type: str
      sample: e2e
    public_key:
      description: The public key, which serves as user name.
      type: str
      sample: gswvkocq
    private_key:
      description: The private key, redacted but for its last twelve digits.
      type: str
      sample: '********-****-****-01bdd56c8977'
    roles:
      description: What the key may do, in the organization and in projects, in no order.
      type: list
      elements: dict
      contains:
        org_id:
          description: The organization, for a role in the organization.
          type: str
          sample: a0123456789abcdef012345a
        group_id:
          description: The project, for a role in a project.
          type: str
          sample: b0123456789abcdef012345b
        role_name:
          description: The name of the role, such as V(ORG_OWNER) or V(GROUP_READ_ONLY). Atlas may add names.
          type: str
          sample: ORG_READ_ONLY
    links:
      description: Addresses of the key, and of what belongs to it, in the API.
      type: list
      elements: dict
      contains:
        href:
          description: The address.
          type: str
          sample: https://cloud.mongodb.com/api/atlas/v2/orgs/a0123456789abcdef012345a/apiKeys/6a793f752c88faeba59bba49
        rel:
          description: What is found there.
          type: str
          sample: self
status:
  description:
    - The HTTP status of the answer.
  returned: when Atlas refused, or something else answered
  type: int
  sample: 404
error_code:
  description:
    - Atlas' word for what is wrong, for C(rescue) and C(failed_when). In older answers there is none.
  returned: when Atlas refused
  type: str
  sample: API_KEY_NOT_FOUND
reason:
  description:
    - The meaning of the status.
  returned: when Atlas refused
  type: str
  sample: Not Found
detail:
  description:
    - What Atlas says about it.
  returned: when Atlas refused
  type: str
  sample: There is no such API key in this organization.
parameters:
  description:
    - What the detail speaks of, strings and numbers.
  returned: when Atlas refused
  type: list
  elements: raw
  sample: ['6a793f752c88faeba59bba40']
bad_request_detail:
  description:
    - Which fields of the request were wrong, where Atlas says.
  returned: when Atlas refused
  type: dict
  sample:
    fields:
      - field: apiUserId
        description: must be 24 hexadecimal digits
"""

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._argspec import ORG_ID, SHARED_OPTIONS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._facts import facts
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": {**ORG_ID, "required": True},
    "api_user_id": {"type": "str", "aliases": ["api_key_id"], "required": True},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read one API key."""
    return {"changed": False, "api_key": facts(client.get_org_api_key(params["org_id"], params["api_user_id"]))}


def main() -> None:
    """Run as an ordinary module."""
    run_module(ARGUMENT_SPEC, run)


if __name__ == "__main__":
    main()
