#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: org_service_accounts
short_description: Create, change and delete many service accounts of a MongoDB Atlas organization
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Applies a list of service accounts to an organization. Creates those that do not exist and keeps their secrets,
    which Atlas shows once. Changes the names, the descriptions and the roles in the organization of those that differ.
    With O(purge=true), deletes those that are not in the list.
  - Reads the accounts of the organization once for all items. A loop over M(mongodb_atlas.admin.org_service_account)
    reads them for each item.
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
      - The diff contains the accounts that differ, by their names, and no secret.
  idempotent:
    support: full
options:
  org_id:
    description:
      - The ID of the organization, 24 hexadecimal digits in lower case.
      - The environment variable E(MONGODB_ATLAS_ORG_ID) is used if the option is not set.
    type: str
    required: true
  service_accounts:
    description:
      - The service accounts. Two items must not have the same O(service_accounts[].name),
        O(service_accounts[].service_account_id) or O(service_accounts[].secret_file).
      - All items are checked before anything is changed. The account that the task uses comes last.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, as in M(mongodb_atlas.admin.org_service_account). Without
            O(service_accounts[].service_account_id), it identifies the account.
        type: str
        required: true
      service_account_id:
        description:
          - The client ID of an existing account, which then gets the name O(service_accounts[].name).
        type: str
      description:
        description:
          - What the account is for. Required to create an account.
        type: str
      roles:
        description:
          - The roles in the organization, exactly these. Required to create an account.
        type: list
        elements: str
      access_list:
        description:
          - IPv4 and IPv6 addresses and blocks from which a new account may be used. The access list of an existing
            account is neither compared nor changed. Use M(mongodb_atlas.admin.org_service_account_access_list).
        type: list
        elements: str
        default: []
      secret_expires_after_hours:
        description:
          - After how many hours the first secret expires, 8 to 8760, and at most the maximum of the organization.
            Required to create an account, unless O(service_accounts[].without_secret) is set.
        type: int
      without_secret:
        description:
          - Create the account without a secret, as in M(mongodb_atlas.admin.org_service_account).
        type: bool
        default: false
      secret_file:
        description:
          - A file for the secret of a new account, as in M(mongodb_atlas.admin.org_service_account). Required unless
            O(service_accounts[].service_account_id) or O(service_accounts[].without_secret) is set.
        type: path
      secret_format:
        description:
          - V(json) is an object. V(env) contains one line for each environment variable that this collection reads.
        type: str
        choices: [json, env]
        default: json
      secret_vault_id:
        description:
          - Encrypt the file with Ansible Vault and the password of this vault ID, which the run must know.
        type: str
  purge:
    description:
      - Delete the accounts whose name begins with O(purge_prefix) and that no item describes.
      - If the list of accounts may be incomplete, the task fails and changes nothing.
    type: bool
    default: false
  purge_prefix:
    description:
      - The beginning of the names of the accounts that may be deleted, at least three characters that are not blank.
        Required with O(purge=true).
    type: str
  purge_limit:
    description:
      - How many accounts O(purge) may delete. If there are more, the task lists them and changes nothing.
    type: int
    default: 10
  allow_empty:
    description:
      - Allow O(purge=true) with an empty O(service_accounts), which deletes all accounts with the prefix.
    type: bool
    default: false
  on_missing_secret:
    description:
      - What to do about existing accounts whose O(service_accounts[].secret_file) is missing. Nobody can read their
        secrets again.
    type: str
    choices: [warn, fail]
    default: warn
  allow_anywhere:
    description:
      - Allow an O(service_accounts[].access_list) that contains all addresses.
    type: bool
    default: false
  allow_self:
    description:
      - Allow deletion of the account that the task uses, or the removal of its role Organization Owner.
    type: bool
    default: false
notes:
  - What Atlas does with service accounts is known from its reference and its official clients only. This module was
    tested with the emulator of this collection, not with Atlas itself.
  - If one account cannot be changed, the task fails and changes no further account. The failed result contains what was
    changed before. Run the task again for the rest.
  - It sends one request for each 500 accounts, one for the settings of the organization if an account is created, two
    for each new account with an access list, and one for each other change. After changes, it reads the list again.
seealso:
  - module: mongodb_atlas.admin.org_service_account
    description: Create, change or delete one service account, or return its secret.
  - module: mongodb_atlas.admin.org_service_account_info
    description: Read service accounts.
"""

EXAMPLES = r"""
- name: Let a team have exactly these service accounts
  mongodb_atlas.admin.org_service_accounts:
    org_id: a0123456789abcdef012345a
    service_accounts:
      - name: payments-deploy
        description: Deploys the payment services
        roles: [ORG_MEMBER]
        access_list: [192.0.2.0/24]
        secret_expires_after_hours: 2160
        secret_file: ~/payments-deploy-account.json
      - name: payments-report
        description: Reads for the monthly report
        roles: [ORG_READ_ONLY]
        without_secret: true
    purge: true
    purge_prefix: payments-
"""

RETURN = r"""
service_accounts:
  description:
    - The accounts, in the order of O(service_accounts), in the form of
      RV(mongodb_atlas.admin.org_service_account_info#module:service_account). In check mode, with the fields that they
      would have.
  returned: success
  type: list
  elements: dict
created:
  description:
    - The names of the accounts that were created, or would be created in check mode.
  returned: always, if anything was changed
  type: list
  elements: str
  sample: [payments-deploy]
updated:
  description:
    - The names of the accounts that were changed, or would be changed in check mode.
  returned: always, if anything was changed
  type: list
  elements: str
  sample: [payments-report]
deleted_service_account_ids:
  description:
    - The client IDs of the accounts that were deleted, or would be deleted in check mode.
  returned: always, if anything was changed
  type: list
  elements: str
  sample: [mdb_sa_id_0123456789abcdef01234567]
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
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.batch import PURGE_OPTIONS, plan
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.credential import (
    CREATION_OPTIONS,
    PERMISSION_OPTIONS,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.service_account import (
    ACCOUNT_OPTIONS,
    ServiceAccount,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

_SERVICE_ACCOUNT = {
    **CREATION_OPTIONS,
    **ACCOUNT_OPTIONS,
    "name": {"type": "str", "required": True},
}

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    **PURGE_OPTIONS,
    **PERMISSION_OPTIONS,
    "org_id": org_id(required=True),
    "service_accounts": {"type": "list", "elements": "dict", "required": True, "options": _SERVICE_ACCOUNT},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Create, change and delete service accounts."""
    return plan(ServiceAccount(client), params)


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
