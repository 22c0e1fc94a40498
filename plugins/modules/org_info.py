#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_info
short_description: Read the MongoDB Atlas organizations that the credentials can see
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Returns the organizations that the credentials can see, as the Atlas Administration API gives them.
  - An API key or a service account belongs to one organization and sees exactly that. So this module finds the ID of
    the organization that other modules ask for.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._attributes
  - mongodb_atlas.admin._attributes.info_module
options:
  org_id:
    description:
      - The ID of one organization, 24 hexadecimal digits in lower case. Without it, all that can be seen are returned.
      - Other than for the other modules, the environment variable E(MONGODB_ATLAS_ORG_ID) is not used.
    type: str
seealso:
  - module: mongodb_atlas.admin.org_api_key_info
    description: Read the API keys of an organization.
"""

EXAMPLES = r"""
- name: Find the organization of a service account
  mongodb_atlas.admin.org_info:
    client_id: mdb_sa_id_0123456789abcdef01234567
    client_secret: "{{ vault_atlas_client_secret }}"
  register: found

- name: Read its API keys
  mongodb_atlas.admin.org_api_key_info:
    client_id: mdb_sa_id_0123456789abcdef01234567
    client_secret: "{{ vault_atlas_client_secret }}"
    org_id: "{{ found.orgs[0].id }}"

- name: Read one organization, with the credentials of the environment
  mongodb_atlas.admin.org_info:
    org_id: a0123456789abcdef012345a
"""

RETURN = r"""
orgs:
  description:
    - The organizations, with every field that Atlas returns, named in snake case. Atlas may add more.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The ID of the organization.
      type: str
      sample: a0123456789abcdef012345a
    name:
      description: The name of the organization.
      type: str
      sample: Production
    is_deleted:
      description: Whether the organization was deleted.
      type: bool
      sample: false
    links:
      description: Addresses of the organization, and of what belongs to it, in the API.
      type: list
      elements: dict
      sample:
        - href: https://cloud.mongodb.com/api/atlas/v2/orgs/a0123456789abcdef012345a
          rel: self
status:
  description:
    - The HTTP status of the answer.
  returned: when Atlas refused, or something else answered
  type: int
  sample: 401
error_code:
  description:
    - Atlas' word for what is wrong, for C(rescue) and C(failed_when). In older answers there is none.
  returned: when Atlas refused
  type: str
  sample: USER_CANNOT_ACCESS_ORG
reason:
  description:
    - The meaning of the status.
  returned: when Atlas refused
  type: str
  sample: Unauthorized
detail:
  description:
    - What Atlas says about it.
  returned: when Atlas refused
  type: str
  sample: The requesting key may not see this organization.
parameters:
  description:
    - What the detail speaks of, strings and numbers.
  returned: when Atlas refused
  type: list
  elements: raw
  sample: ['a0123456789abcdef012345a']
bad_request_detail:
  description:
    - Which fields of the request were wrong, where Atlas says.
  returned: when Atlas refused
  type: dict
  sample:
    fields:
      - field: orgId
        description: must be 24 hexadecimal digits
"""

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._argspec import SHARED_OPTIONS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._facts import facts
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import Borrow, own_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": {"type": "str"},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read one organization, or all that can be seen."""
    orgs = client.list_orgs() if params["org_id"] is None else [client.get_org(params["org_id"])]
    return {"changed": False, "orgs": [facts(org) for org in orgs]}


def main(borrow: Borrow = own_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, borrow)


if __name__ == "__main__":
    main()
