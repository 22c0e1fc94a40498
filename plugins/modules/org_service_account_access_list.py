#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_service_account_access_list
short_description: Change the access list of a service account of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Adds entries to the access list of a service account, removes entries, or makes the list exactly what is given.
  - Adds all entries with one request, and removes others only when Atlas lists the added ones.
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
      - The environment variable E(MONGODB_ATLAS_ORG_ID) is used if the option is not set.
    type: str
    required: true
  service_account_id:
    description:
      - The client ID of the service account, C(mdb_sa_id_) and 24 hexadecimal digits.
    type: str
    required: true
  entries:
    description:
      - IPv4 and IPv6 addresses and blocks, at most 200. An address is the same as its /32 or /128 block.
      - A block with bits beyond its prefix is an error. The message contains the block that may be meant.
    type: list
    elements: str
    required: true
  purge:
    description:
      - Remove all other entries, so that the list is exactly O(entries). For O(state=present).
    type: bool
    default: false
  allow_empty:
    description:
      - Allow the access list to become empty. In an organization that does not require access lists, such an account
        can be used from anywhere. In one that does, it cannot be used at all.
    type: bool
    default: false
  allow_anywhere:
    description:
      - Allow entries that together contain all addresses.
    type: bool
    default: false
  allow_self:
    description:
      - Allow a change after which the account that the task uses may no longer be usable from here.
    type: bool
    default: false
notes:
  - What Atlas does with service accounts is known from its reference and its official clients only. This module was
    tested with the emulator of this collection, not with Atlas itself. So it reads back what it has changed.
seealso:
  - module: mongodb_atlas.admin.org_service_account
    description: Create, change and delete service accounts.
"""

EXAMPLES = r"""
- name: Let a service account be used from one more block of addresses
  mongodb_atlas.admin.org_service_account_access_list:
    org_id: a0123456789abcdef012345a
    service_account_id: mdb_sa_id_0123456789abcdef01234567
    entries: [198.51.100.0/24]

- name: Let it be used from exactly these
  mongodb_atlas.admin.org_service_account_access_list:
    org_id: a0123456789abcdef012345a
    service_account_id: mdb_sa_id_0123456789abcdef01234567
    entries: [127.0.0.0/8, 192.0.2.0/24]
    purge: true
"""

RETURN = r"""
access_list:
  description:
    - The entries, as M(mongodb_atlas.admin.org_service_account_info) returns them. In check mode, those that there
      would be.
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
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.service_account import ServiceAccount
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import (
    org_id,
    service_account_id,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **ENTRIES_OPTIONS,
    "org_id": org_id(required=True),
    "service_account_id": service_account_id(required=True),
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Change the access list of a service account."""
    return plan(ServiceAccount(client), params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
