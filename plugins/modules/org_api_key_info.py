#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_api_key_info
short_description: Read the API keys of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Returns the programmatic API keys of an organization, or one of them, as the Atlas Administration API gives them,
    with the roles that they have in the organization and in its projects.
  - On request each key comes with its access list, which says from where it may be used and when it was.
  - The private key comes redacted. Atlas shows it whole only once, when the key is created.
  - The requesting API key or service account needs the role Organization Member in the organization. To read the
    access lists of other keys it needs more, see O(gather_access_list).
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
      - The ID of one API key, 24 hexadecimal digits in lower case. It is not the public key, which has eight letters.
      - Without it, every key of the organization is returned.
    type: str
    aliases:
      - api_key_id
  gather_access_list:
    description:
      - Whether to read the access list of each key as well, with one more request a key (and one for each further
        500 entries). For many keys the requests run side by side.
      - The access list is the only place where Atlas tells whether a key is in use.
      - Atlas' reference asks for the role Organization Member. In practice it has been seen to refuse an organization's
        readers with C(API_KEY_ACCESS_LIST_ACCESS_DENIED), unless they ask for their own. Use an Organization Owner.
    type: bool
    default: false
notes:
  - Atlas has no filters for API keys. The examples show how to filter the facts.
  - Keys come in pages of 500. Where keys are created or deleted while the pages are read, others move from page to
    page. One that comes twice is returned once.
  - Atlas allows an organization a limited number of requests (at the time of writing 500 at once, and 250 more each
    minute). With O(gather_access_list) a large organization exceeds that. The task then waits as Atlas asks, and warns
    how long it took.
seealso:
  - module: mongodb_atlas.admin.org_info
    description: Find the ID of the organization that the credentials belong to.
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

- name: Read every key of the organization, and from where each may be used
  mongodb_atlas.admin.org_api_key_info:
    public_key: mqzhrtab
    private_key: "{{ vault_atlas_owner_private_key }}"
    org_id: a0123456789abcdef012345a
    gather_access_list: true
  register: result

- name: Show the keys that own the organization
  ansible.builtin.debug:
    msg: >-
      {{ result.api_keys | subelements('roles') | selectattr('1.role_name', 'equalto', 'ORG_OWNER')
      | map(attribute='0.desc') | list }}

- name: Show the keys that may be used from anywhere, for they have no access list
  ansible.builtin.debug:
    msg: "{{ result.api_keys | selectattr('access_list', 'equalto', []) | map(attribute='desc') | list }}"

- name: Show the keys that were not used for 90 days, or never
  ansible.builtin.debug:
    msg: "{{ result.api_keys | rejectattr('id', 'in', in_use) | map(attribute='desc') | list }}"
  vars:
    since: "{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(now().timestamp() - 90 * 86400, utc=true) }}"
    in_use: >-
      {{ result.api_keys | subelements('access_list') | selectattr('1.last_used', 'defined')
      | selectattr('1.last_used', '>=', since) | map(attribute='0.id') | unique | list }}

- name: Show the key with a certain public key
  ansible.builtin.debug:
    msg: "{{ result.api_keys | selectattr('public_key', 'equalto', 'gswvkocq') | first }}"

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
api_keys:
  description:
    - Every API key of the organization, in Atlas' order. Each is as RV(api_key) describes.
  returned: success, without O(api_user_id)
  type: list
  elements: dict
api_key:
  description:
    - The API key, with every field that Atlas returns, named in snake case. Atlas promises none of them, and may add
      more.
  returned: success, with O(api_user_id)
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
    access_list:
      description: From where the key may be used; empty where that is anywhere.
      returned: with O(gather_access_list)
      type: list
      elements: dict
      contains:
        cidr_block:
          description: The addresses that are let in.
          type: str
          sample: 192.0.2.7/32
        ip_address:
          description: The one address that is let in, where it is one.
          type: str
          sample: 192.0.2.7
        count:
          description: How many requests have come from there.
          type: int
          sample: 12
        created:
          description: When the entry was made.
          type: str
          sample: '2026-08-10T03:02:57Z'
        last_used:
          description: When the last request came from there. It is absent where none ever did.
          type: str
          sample: '2026-08-11T09:30:00Z'
        last_used_address:
          description: The address of that request.
          type: str
          sample: 192.0.2.7
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

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options import SHARED_OPTIONS, object_id, org_id

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": org_id(required=True),
    "api_user_id": object_id(aliases=["api_key_id"]),
    "gather_access_list": {"type": "bool", "default": False},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read one API key, or all."""
    if params["api_user_id"] is None:
        keys, complete = api_keys.list_all(client, params["org_id"])
    else:
        keys, complete = [api_keys.get(client, params["org_id"], params["api_user_id"])], True
    results = [to_snake_case(key) for key in keys]
    if params["gather_access_list"]:
        complete = add_access_lists(client, params["org_id"], results) and complete
    found = {"api_keys": results} if params["api_user_id"] is None else {"api_key": results[0]}
    return {"changed": False, "complete": complete, **found}


def add_access_lists(client: AtlasClient, organization: str, keys: list[dict[str, t.Any]]) -> bool:
    """Add its access list to each of KEYS. Whether all lists are complete."""
    with_id = [key for key in keys if key.get("id")]  # Atlas guarantees no field, not even the ID
    lists = client.map(lambda key: api_keys.list_access_list(client, organization, key["id"]), with_id)
    for key, listing in zip(with_id, lists):
        key["access_list"] = [to_snake_case(entry) for entry in listing.items]
    return all(listing.complete for listing in lists)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
