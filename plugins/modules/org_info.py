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
  - Returns the organizations that the credentials can see, as the Atlas Administration API returns them.
  - An API key or a service account belongs to one organization and can see no other. So this module finds the ID of
    the organization, which other modules require.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._gather
  - mongodb_atlas.admin._attributes
  - mongodb_atlas.admin._attributes.info_module
options:
  org_id:
    description:
      - The ID of one organization, 24 hexadecimal digits in lower case. The task fails if the response is about another
        organization.
      - If it is not given, all organizations that the credentials can see are returned.
      - Unlike in the other modules, the environment variable E(MONGODB_ATLAS_ORG_ID) is not used.
    type: str
  gather_settings:
    description:
      - Whether to read the settings of each organization as well, with one more request an organization.
    type: bool
    default: false
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

- name: Find out whether API keys without an access list can be used at all
  mongodb_atlas.admin.org_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    gather_settings: true
  register: found

- name: Show whether an access list is required
  ansible.builtin.debug:
    msg: "{{ found.orgs[0].settings.api_access_list_required }}"

- name: Read one organization, with the credentials of the environment
  mongodb_atlas.admin.org_info:
    org_id: a0123456789abcdef012345a
"""

RETURN = r"""
orgs:
  description:
    - The organizations, with every field that Atlas returns, named in snake case. Atlas may add fields.
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
      description: Addresses of the organization and of its resources in the API.
      type: list
      elements: dict
      sample:
        - href: https://cloud.mongodb.com/api/atlas/v2/orgs/a0123456789abcdef012345a
          rel: self
    settings:
      description:
        - The settings of the organization, with every field that Atlas returns, named in snake case. Those below are
          from Atlas' reference; there are others. It is V(null) if they could not be read.
      returned: with O(gather_settings)
      type: dict
      contains:
        api_access_list_required:
          description:
            - Whether an API key or service account can be used only from the addresses on its access list. If V(true),
              one without an access list cannot be used at all. If V(false), one without an access list can be used from
              anywhere.
          type: bool
          sample: true
        max_service_account_secret_validity_in_hours:
          description: For how many hours a new secret of a service account may be valid at most.
          type: int
          sample: 8760
        multi_factor_auth_required:
          description: Whether people need a second factor to log in.
          type: bool
          sample: true
        security_contact:
          description: The address that Atlas writes to about security.
          type: str
          sample: security@example.com
complete:
  description:
    - Whether the list holds all organizations, by Atlas' own count.
    - A list that does not match its count is read again. If it still does not, this is V(false), and a warning names
      both numbers. One organization, with O(org_id), is always complete.
  returned: success
  type: bool
  sample: true
caller:
  description:
    - The credential that the requests were authenticated with. It is V(null) for an access token, which does not say
      whose it is.
  returned: success
  type: dict
  contains:
    kind:
      description: V(api_key) or V(service_account).
      type: str
      sample: api_key
    id:
      description: The public key of an API key, or the client ID of a service account.
      type: str
      sample: gswvkocq
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

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import organizations
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.gather import Part, gather
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": object_id(),
    "gather_settings": {"type": "bool", "default": False},
    "ignore_access_denied": {"type": "bool", "default": False},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read one organization, or all that can be seen."""
    if params["org_id"] is None:
        found = organizations.list_all(client)
    else:
        found = Listing([organizations.get(client, params["org_id"])])
    complete = client.warn_if_incomplete(found)
    orgs = [to_snake_case(org) for org in found.items]
    if params["gather_settings"]:
        settings = Part("settings", "Organization settings", functools.partial(organizations.get_settings, client))
        gather(client, orgs, [settings], ignore_access_denied=params["ignore_access_denied"])
    kind, identifier = client.caller
    caller = {"kind": kind, "id": identifier} if identifier else None
    return {"changed": False, "complete": complete, "orgs": orgs, "caller": caller}


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
