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
  - Additions are made in one request, before anything is removed.
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
  idempotent:
    support: full
options:
  state:
    description:
      - V(present) adds O(entries). V(absent) removes them.
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
      - IPv4 or IPv6 addresses and blocks. An address is the same as its /32 or /128 block.
      - A block with bits beyond its prefix is an error, whose message has the block that may be meant.
    type: list
    elements: str
    required: true
  purge:
    description:
      - Whether to remove all other entries, so that the list is exactly O(entries). For O(state=present).
    type: bool
    default: false
  allow_empty:
    description:
      - Allow that the list has no entry in the end. In an organization that does not require access lists, such a key
        may be used from anywhere. In one that does, it cannot be used at all.
    type: bool
    default: false
  allow_anywhere:
    description:
      - Allow entries that together are all of IPv4 or all of IPv6.
    type: bool
    default: false
  allow_self:
    description:
      - Allow a change after which the key that the task uses may not be usable from here.
      - Without it the task fails if the key is its own and the new list does not have the address from which Atlas has
        last seen the key, or if that address is not known.
    type: bool
    default: false
notes:
  - This module has been tried against the collection's emulator of Atlas only, not against Atlas itself.
  - No write is repeated, except after a 429, which says that nothing was done. If the response to a write is lost, the
    task looks up what happened.
seealso:
  - module: mongodb_atlas.admin.org_api_key
    description: Create, change and delete API keys.
"""

EXAMPLES = r"""
- name: Let an API key be used from one more block of addresses
  mongodb_atlas.admin.org_api_key_access_list:
    org_id: a0123456789abcdef012345a
    api_user_id: 6a793f752c88faeba59bba49
    entries: [198.51.100.0/24]

- name: Let it be used from exactly these
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
    - The entries, as M(mongodb_atlas.admin.org_api_key_info) returns them. In check mode, those that there would be.
  returned: success
  type: list
  elements: dict
  sample:
    - cidr_block: 198.51.100.0/24
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
