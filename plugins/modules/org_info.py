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

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import organizations
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options import SHARED_OPTIONS, object_id

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": object_id(),
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read one organization, or all that can be seen."""
    if params["org_id"] is None:
        orgs, complete = organizations.list_all(client)
    else:
        orgs, complete = [organizations.get(client, params["org_id"])], True
    return {"changed": False, "orgs": [to_snake_case(org) for org in orgs], "complete": complete}


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
