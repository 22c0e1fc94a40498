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
  - Returns the programmatic API keys of an organization, or one of them, as the Atlas Administration API returns them,
    with the roles that they have in the organization and in its projects.
  - With O(gather_access_list), each key has its access list, with the addresses that it may be used from and the time
    of the last request from each.
  - The private key is always redacted. Atlas returns it whole only once, when the key is created. If a response
    contains a whole one nevertheless, the module redacts it.
  - The requesting API key or service account needs the role Organization Member in the organization. To read the
    access lists of other keys it needs more, see O(gather_access_list).
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._gather
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
      - The ID of one API key, 24 hexadecimal digits in lower case. It is not the public key, which has eight letters
        and belongs in O(target_public_key). The task fails if the response is about another key.
      - If none of O(api_user_id), O(desc), and O(target_public_key) is given, every key of the organization is
        returned. They are mutually exclusive.
    type: str
    aliases:
      - api_key_id
  desc:
    description:
      - The description of one API key, including upper and lower case. The task fails if no key has this description.
        Atlas does not keep descriptions unique. If several keys have it, the task fails and lists their IDs and public
        keys.
      - Atlas has no such filter, so the list of all keys is read.
    type: str
  target_public_key:
    description:
      - The public key of one API key that is read, in contrast to O(public_key), which is that of the key that reads.
        The task fails if no key has it.
      - Atlas has no such filter, so the list of all keys is read.
    type: str
  gather_access_list:
    description:
      - Whether to read the access list of each key as well. It takes one more request for each key, and one for each
        further 500 entries. For many keys the requests run side by side.
      - A key's use can be read from its access list only, see RV(api_key.access_list).
      - Atlas' reference requires the role Organization Member. In practice, Atlas has refused Organization Read Only
        with C(API_KEY_ACCESS_LIST_ACCESS_DENIED), unless the list was that of the requesting key. Use an API key or a
        service account with the role Organization Owner.
    type: bool
    default: false
notes:
  - Atlas has no filters for API keys. The examples show how to filter the result.
  - Keys are read in pages of 500. If keys are created or deleted in the meantime, others move from page to page. A key
    that is on two pages is returned once. If the number of keys does not match Atlas' count, see RV(complete).
  - Atlas limits the number of requests for each organization (at the time of writing 500 at once, and 250 more each
    minute). With O(gather_access_list) a large organization exceeds the limit. The task then waits as Atlas requests,
    and a warning has the time.
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

- name: Show its roles in the organization
  ansible.builtin.debug:
    msg: "{{ result.api_key.roles | selectattr('org_id', 'defined') | map(attribute='role_name') | list }}"

- name: Read every key of the organization with its access list
  mongodb_atlas.admin.org_api_key_info:
    public_key: mqzhrtab
    private_key: "{{ vault_atlas_owner_private_key }}"
    org_id: a0123456789abcdef012345a
    gather_access_list: true
  register: result

- name: Show the keys with the role Organization Owner
  ansible.builtin.debug:
    msg: >-
      {{ result.api_keys | subelements('roles', skip_missing=true) | selectattr('1.role_name', 'equalto', 'ORG_OWNER')
      | map(attribute='0.desc') | list }}

# If the organization requires access lists, Atlas refuses these keys. If not, they may be used from any address. In
# both cases the time of their last use is not known.
- name: Show the keys with an empty access list
  ansible.builtin.debug:
    msg: >-
      {{ result.api_keys | selectattr('access_list', 'defined') | selectattr('access_list', 'equalto', [])
      | map(attribute='desc') | list }}

# Keys with an empty access list are not among them, because their use is not known.
- name: Show the keys that were not used for 90 days from any address on their access list
  ansible.builtin.debug:
    msg: >-
      {{ with_entries | map(attribute='0')
      | rejectattr('id', 'in', in_use) | map(attribute='desc') | unique | list }}
  vars:
    since: "{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(now().timestamp() - 90 * 86400, utc=true) }}"
    in_use: >-
      {{ with_entries | selectattr('1.last_used', 'defined') | selectattr('1.last_used')
      | selectattr('1.last_used', '>=', since) | map(attribute='0.id') | list }}
    with_entries: >-
      {{ result.api_keys | selectattr('access_list', 'defined') | selectattr('access_list')
      | subelements('access_list') }}

- name: Read every key with an API key that may not read the access lists of others, which are then null
  mongodb_atlas.admin.org_api_key_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
    gather_access_list: true
    ignore_access_denied: true

- name: Read the key with a given public key, for example to learn its ID
  mongodb_atlas.admin.org_api_key_info:
    public_key: mqzhrtab
    private_key: "{{ vault_atlas_owner_private_key }}"
    org_id: a0123456789abcdef012345a
    target_public_key: gswvkocq

- name: Read the key with a given description
  mongodb_atlas.admin.org_api_key_info:
    public_key: mqzhrtab
    private_key: "{{ vault_atlas_owner_private_key }}"
    org_id: a0123456789abcdef012345a
    desc: administration

- name: Read a key, with a service account
  mongodb_atlas.admin.org_api_key_info:
    client_id: mdb_sa_id_0123456789abcdef01234567
    client_secret: "{{ vault_atlas_client_secret }}"
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49

- name: Read a key, with an access token
  mongodb_atlas.admin.org_api_key_info:
    access_token: "{{ atlas_token }}"
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49

# In an AWX job template, a credential sets the environment variables that the options name. The same task works in a
# shell that has exported them.
- name: Read a key, with the credentials and the organization of the environment
  mongodb_atlas.admin.org_api_key_info:
    api_user_id: 6a793f752c88faeba59bba49

- name: Set the options that several tasks share
  module_defaults:
    group/mongodb_atlas.admin.atlas:
      public_key: gswvkocq
      private_key: "{{ vault_atlas_private_key }}"
      org_id: a0123456789abcdef012345a
  block:
    - name: Read a key
      mongodb_atlas.admin.org_api_key_info:
        api_user_id: 6a793f752c88faeba59bba49

- name: Continue if there is no such key, and fail for any other reason
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
    - Every API key of the organization, in Atlas' order. RV(api_key) describes the fields.
  returned: success, without O(api_user_id), O(desc), and O(target_public_key)
  type: list
  elements: dict
api_key:
  description:
    - The API key, with every field that Atlas returns, named in snake case. Atlas guarantees none of them, and may
      add fields.
  returned: success, with O(api_user_id), O(desc), or O(target_public_key)
  type: dict
  contains:
    id:
      description: The ID of the API key.
      type: str
      sample: 6a793f752c88faeba59bba49
    desc:
      description: The description of the API key.
      type: str
      sample: e2e
    public_key:
      description: The public key, which is the user name of HTTP digest authentication.
      type: str
      sample: gswvkocq
    private_key:
      description: The private key. All but its last twelve digits are redacted.
      type: str
      sample: '********-****-****-01bdd56c8977'
    roles:
      description: The roles of the key in the organization and in projects, in no particular order.
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
          description: The name of the role, such as V(ORG_OWNER) or V(GROUP_READ_ONLY). Atlas may add roles.
          type: str
          sample: ORG_READ_ONLY
    links:
      description: Addresses of the key and of its resources in the API.
      type: list
      elements: dict
      contains:
        href:
          description: The address.
          type: str
          sample: https://cloud.mongodb.com/api/atlas/v2/orgs/a0123456789abcdef012345a/apiKeys/6a793f752c88faeba59bba49
        rel:
          description: The relation of the address to the key.
          type: str
          sample: self
    access_list:
      description:
        - The addresses that the key may be used from.
        - If it is empty, the organization's settings decide. If the organization requires an access list, Atlas refuses
          the key (C(ORG_REQUIRES_ACCESS_LIST)); organizations that were created in the Atlas UI require one by default.
          If it does not, the key may be used from any address.
        - Whether the key is in use cannot be read from an empty list.
      returned: with O(gather_access_list)
      type: list
      elements: dict
      contains:
        cidr_block:
          description: The addresses that are allowed, as a block.
          type: str
          sample: 192.0.2.7/32
        ip_address:
          description: The address that is allowed, if it is a single one.
          type: str
          sample: 192.0.2.7
        count:
          description: The number of requests from these addresses.
          type: int
          sample: 12
        created:
          description: The time when the entry was created.
          type: str
          sample: '2026-08-10T03:02:57Z'
        last_used:
          description: The time of the last request from these addresses. It is absent if there was none.
          type: str
          sample: '2026-08-11T09:30:00Z'
        last_used_address:
          description: The address of the last request.
          type: str
          sample: 192.0.2.7
complete:
  description:
    - Whether the result holds all keys and, with O(gather_access_list), all entries of their access lists, by Atlas'
      own counts.
    - A list that does not match its count is read again. If it still does not, this is V(false), and a warning names
      both numbers. Atlas calls its counts estimates, so the task does not fail. Access lists that are V(null) have no
      influence on it.
  returned: success
  type: bool
  sample: true
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

import functools
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.gather import Part, gather
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import is_object_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id, org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": org_id(required=True),
    "api_user_id": object_id(aliases=["api_key_id"]),
    "desc": {"type": "str"},
    "target_public_key": {"type": "str"},
    "gather_access_list": {"type": "bool", "default": False},
    "ignore_access_denied": {"type": "bool", "default": False},
}


# Options that select one key by a field of Atlas.
FIELDS = {"desc": "desc", "target_public_key": "publicKey"}
SELECTORS = ("api_user_id", *FIELDS)


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read one API key, or all."""
    keys = read(client, params)
    complete = client.warn_if_incomplete(keys)
    results = [to_snake_case(key) for key in keys.items]
    if params["gather_access_list"]:
        read_list = functools.partial(api_keys.list_access_list, client, params["org_id"])
        parts = [Part("access_list", "API key access lists", read_list)]
        complete = gather(client, results, parts, ignore_access_denied=params["ignore_access_denied"]) and complete
    found = (
        {"api_key": results[0]} if any(params[option] is not None for option in SELECTORS) else {"api_keys": results}
    )
    return {"changed": False, "complete": complete, **found}


def read(client: AtlasClient, params: dict[str, t.Any]) -> Listing:
    """Read the key that the options select, or all."""
    if params["api_user_id"] is not None:
        return Listing([api_keys.get(client, params["org_id"], params["api_user_id"])])
    keys = api_keys.list_all(client, params["org_id"])
    for option, field in FIELDS.items():
        if params[option] is not None:
            return Listing([find(keys.require_complete("which API keys exist"), option, field, params[option])])
    return keys


def find(keys: list[dict[str, t.Any]], option: str, field: str, value: str) -> dict[str, t.Any]:
    """Return the one key with a value in a field.

    :raises UsageError: if there is none, or several.
    """
    same = [key for key in keys if key.get(field) == value]
    if len(same) == 1:
        return same[0]
    if same:
        listed = ", ".join(f"{key.get('id')} (public key {key.get('publicKey')})" for key in same)
        raise UsageError(f"Several API keys have the {option} {shown(value)}: {listed}. Give api_user_id.")
    hint = " It looks like an ID: give it as api_user_id." if is_object_id(value) else ""
    raise UsageError(f"No API key of the organization has the {option} {shown(value)}.{hint}")


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory, mutually_exclusive=[SELECTORS])


if __name__ == "__main__":
    main()
