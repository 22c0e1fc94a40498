#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_service_account_info
short_description: Read the service accounts of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Returns the service accounts of an organization, or one of them, as the Atlas Administration API gives them, with
    their roles and with when each of their secrets expires and was last used.
  - On request each account comes with the projects that it is assigned to, and with its access list, which says from
    where it may be used.
  - The secrets themselves are never returned. Atlas shows a secret only once, when it is created.
  - The requesting API key or service account needs the role Organization Read Only in the organization.
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
  service_account_id:
    description:
      - The client ID of one service account, C(mdb_sa_id_) and 24 hexadecimal digits. It is the account that is read;
        the credentials of the account that reads are O(client_id) and O(client_secret).
      - Without it, every service account of the organization is returned.
    type: str
  include_system_managed:
    description:
      - Whether to list service accounts that Atlas manages itself as well. It is ignored with O(service_account_id).
    type: bool
    default: false
  gather_access_list:
    description:
      - Whether to read the access list of each account as well, with one more request an account.
      - Whether an account without an access list may be used from anywhere or not at all depends on the organization,
        see RV(mongodb_atlas.admin.org_info#module:orgs[].settings.api_access_list_required).
    type: bool
    default: false
  gather_projects:
    description:
      - Whether to read the projects that each account is assigned to as well, with its roles there, with one more
        request an account.
    type: bool
    default: false
notes:
  - Service accounts exist since O(api_version=2024-08-05).
  - What is said here of service accounts comes from Atlas' reference and was not tried with the real Atlas. All fields
    that come are returned, with a whole secret as the one exception.
  - How many requests Atlas allows for service accounts is not known. The task waits as Atlas asks.
seealso:
  - module: mongodb_atlas.admin.org_api_key_info
    description: Read the API keys of an organization.
  - module: mongodb_atlas.admin.project_info
    description: Find the names of projects.
"""

EXAMPLES = r"""
- name: Read every service account of the organization, with its projects and its access list
  mongodb_atlas.admin.org_service_account_info:
    public_key: mqzhrtab
    private_key: "{{ vault_atlas_owner_private_key }}"
    org_id: a0123456789abcdef012345a
    gather_projects: true
    gather_access_list: true
  register: result

- name: Show the service accounts that own the organization
  ansible.builtin.debug:
    msg: >-
      {{ result.service_accounts | subelements('role_assignments')
      | selectattr('1.role_name', 'equalto', 'ORG_OWNER') | map(attribute='0.name') | list }}

- name: Show the secrets that expire within 30 days or have expired
  ansible.builtin.debug:
    msg: >-
      {{ result.service_accounts | subelements('secrets') | selectattr('1.expires_at', '<', soon)
      | map(attribute='0.name') | unique | list }}
  vars:
    soon: "{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(now().timestamp() + 30 * 86400, utc=true) }}"

- name: Read one service account
  mongodb_atlas.admin.org_service_account_info:
    public_key: gswvkocq
    private_key: "{{ vault_atlas_private_key }}"
    org_id: a0123456789abcdef012345a
    service_account_id: mdb_sa_id_0123456789abcdef01234567
"""

RETURN = r"""
service_accounts:
  description:
    - Every service account of the organization, in Atlas' order. Each is as RV(service_account) describes.
  returned: success, without O(service_account_id)
  type: list
  elements: dict
service_account:
  description:
    - The service account, with every field that Atlas returns, named in snake case. Atlas promises none of them, and
      may add more.
  returned: success, with O(service_account_id)
  type: dict
  contains:
    client_id:
      description: The client ID of the service account, by which it is identified.
      type: str
      sample: mdb_sa_id_0123456789abcdef01234567
    name:
      description: The name of the service account. It is not unique.
      type: str
      sample: reader
    description:
      description: What it is for.
      type: str
      sample: Reads for the dashboard
    roles:
      description: Its roles in the organization, as Atlas returns them.
      type: list
      elements: str
      sample: [ORG_READ_ONLY]
    role_assignments:
      description:
        - Its roles in the form that API keys have, made from RV(service_account.roles) and
          RV(service_account.projects). So its roles in projects are among them with O(gather_projects) only, and only
          if its projects could be read.
        - It is C(null) if roles did not come.
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
    created_at:
      description: When the service account was created.
      type: str
      sample: '2026-03-01T08:00:00Z'
    system_managed:
      description: Whether Atlas manages it itself. Older responses do not have it.
      type: bool
      sample: false
    secrets:
      description: What is known of its secrets. The secrets themselves are never returned.
      type: list
      elements: dict
      contains:
        id:
          description: The ID of the secret.
          type: str
          sample: 6a793f752c88faeba59bba60
        created_at:
          description: When it was created.
          type: str
          sample: '2026-03-01T08:00:00Z'
        expires_at:
          description: When it expires.
          type: str
          sample: '2027-03-01T08:00:00Z'
        last_used_at:
          description: When it was last used; V(null) if it never was.
          type: str
          sample: '2026-08-10T03:02:57Z'
        masked_secret_value:
          description: The secret as Atlas masks it, to recognize it by.
          type: str
          sample: mdb_sa_sk_********4567
    projects:
      description: The projects that the account is assigned to. It is V(null) if they could not be read.
      returned: with O(gather_projects)
      type: list
      elements: dict
      contains:
        group_id:
          description: The ID of the project.
          type: str
          sample: b0123456789abcdef012345b
        roles:
          description: The roles of the account in this project.
          type: list
          elements: str
          sample: [GROUP_READ_ONLY]
    access_list:
      description: The addresses from which the account may be used. It is V(null) if they could not be read.
      returned: with O(gather_access_list)
      type: list
      elements: dict
      contains:
        cidr_block:
          description: The addresses of the entry.
          type: str
          sample: 192.0.2.7/32
        ip_address:
          description: The address of the entry, if it is one.
          type: str
          sample: 192.0.2.7
        request_count:
          description: How many requests have come from there.
          type: int
          sample: 12
        created_at:
          description: When the entry was created.
          type: str
          sample: '2026-08-10T03:02:57Z'
        last_used_at:
          description: When the last request came from there, up to five minutes late. It is V(null) if none has.
          type: str
          sample: '2026-08-11T09:30:00Z'
        last_used_address:
          description: The address of that request.
          type: str
          sample: 192.0.2.7
complete:
  description:
    - Whether these are all, and all of the lists that were gathered. It is V(false), with a warning, if fewer came than
      Atlas counts, even when asked again. Parts that are V(null) have no influence on it.
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

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import service_accounts
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.gather import Part, gather
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import org_id, service_account_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": org_id(required=True),
    "service_account_id": service_account_id(),
    "include_system_managed": {"type": "bool", "default": False},
    "gather_access_list": {"type": "bool", "default": False},
    "gather_projects": {"type": "bool", "default": False},
    "ignore_access_denied": {"type": "bool", "default": False},
}

# The field of an account that is gathered, what it holds for messages, and how it is read.
PARTS = {
    "projects": ("Service account projects", service_accounts.list_projects),
    "access_list": ("Service account access lists", service_accounts.list_access_list),
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read one service account, or all."""
    org, one = params["org_id"], params["service_account_id"]
    if one is None:
        found = service_accounts.list_all(client, org, params["include_system_managed"])
    else:
        found = Listing([service_accounts.get(client, org, one)])
    complete = client.warn_if_incomplete(found)
    accounts = [to_snake_case(account) for account in found.items]
    parts = [
        Part(field, what, functools.partial(read, client, org), id_field="client_id")
        for field, (what, read) in PARTS.items()
        if params[f"gather_{field}"]
    ]
    complete = gather(client, accounts, parts, ignore_access_denied=params["ignore_access_denied"]) and complete
    for account in accounts:
        account["role_assignments"] = service_accounts.role_assignments(org, account)
    result = {"service_accounts": accounts} if one is None else {"service_account": accounts[0]}
    return {"changed": False, "complete": complete, **result}


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
