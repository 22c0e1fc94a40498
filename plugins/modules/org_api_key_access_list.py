#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_api_key_access_list
short_description: Change the access list of an API key of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Adds entries to the access list of an API key, removes entries, or makes the list exactly what is given.
  - All additions are made in one request, and the task sees them on the list before it removes anything.
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
      - The diff shows what was read back after a change.
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) adds O(entries). V(absent) removes them. With V(absent), a key that does not exist is success.
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
      - The ID of the API key.
    type: str
    required: true
    aliases:
      - api_key_id
  entries:
    description:
      - IPv4 or IPv6 addresses and blocks. An address is the same as its /32 or /128 block, except that V(0.0.0.0) and
        V(::) alone are all addresses.
      - A block with bits beyond its prefix is an error, whose message shows the block that may be meant.
      - An entry on the list that is neither an address nor a block is left alone, unless O(purge=true).
    type: list
    elements: str
    required: true
  purge:
    description:
      - Whether to remove all other entries, so that the list is exactly O(entries). Not with O(state=absent).
    type: bool
    default: false
  allow_empty:
    description:
      - Allow the access list to become empty. In an organization that does not require access lists, such a key can be
        used from anywhere. In one that does, it cannot be used at all.
    type: bool
    default: false
  allow_anywhere:
    description:
      - Allow a list that covers all addresses of IPv4 or of IPv6, or all but a small part of those that are routed on
        the internet, however they are written. Each family is judged by itself.
    type: bool
    default: false
  allow_self:
    description:
      - Allow a change after which the key that the task uses may not be usable from here.
      - Without it, the task fails if the key is its own and the new list lacks an address from which Atlas has recently
        seen the key, or if no such address is known. Several hosts may use the key, so each of these addresses may be
        that of this host.
      - Adding entries to a list that is not empty locks nobody out and needs no permission.
    type: bool
    default: false
notes:
  - This module has been tried against the collection's emulator of Atlas only, not against Atlas itself.
  - No write is repeated, except after a 429, which says that nothing was done. If the response to a write is lost, the
    task looks up what happened.
  - If an addition cannot be seen on the list within a few seconds, the task fails and removes nothing. If a removed
    entry is still there, or the list has become open to everybody or empty against the options, the task fails as well.
    It warns about any other difference, such as the entry of a concurrent task.
  - The entries that cover recently seen addresses are removed last.
  - If O(state=absent) removes a block and a wider one stays on the list, the task warns that the addresses can still
    use the key.
seealso:
  - module: mongodb_atlas.admin.org_api_key
    description: Create, change and delete API keys.
"""

EXAMPLES = r"""
- name: Allow one more block of addresses to use an API key
  mongodb_atlas.admin.org_api_key_access_list:
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49
    entries: [198.51.100.0/24]

- name: Allow exactly these
  mongodb_atlas.admin.org_api_key_access_list:
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49
    entries: [127.0.0.0/8, 192.0.2.0/24]
    purge: true
    allow_self: true
"""

RETURN = r"""
access_list:
  description:
    - The entries as they were read back, in the form of M(mongodb_atlas.admin.org_api_key_info). In check mode, those
      that there would be.
  returned: success
  type: list
  elements: dict
  sample:
    - cidr_block: 198.51.100.0/24
added:
  description:
    - The entries that the failed task has added.
  returned: failure, if the list was changed
  type: list
  elements: str
  sample: [198.51.100.0/24]
removed:
  description:
    - The entries that the failed task has removed.
  returned: failure, if the list was changed
  type: list
  elements: str
  sample: [192.0.2.0/24]
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
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.access_list import ENTRIES_OPTIONS, plan
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.api_key import ApiKey
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id, org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **ENTRIES_OPTIONS,
    "org_id": org_id(required=True),
    "api_user_id": object_id(required=True, aliases=["api_key_id"]),
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Change the access list of an API key."""
    return plan(ApiKey(client), params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
