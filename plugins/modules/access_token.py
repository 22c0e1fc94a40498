#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: access_token
short_description: Mint and revoke access tokens of a MongoDB Atlas service account
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Mints a token for many tasks, and revokes it after them.
  - Other modules mint a token for each task and revoke it themselves, and with in-process execution a loop has one for
    all its items. So this module is needed only if many tasks of a play use a service account. Atlas allows a service
    account to mint 50 tokens a minute, and to have 100 live tokens.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._attributes
attributes:
  check_mode:
    support: full
    details:
      - Nothing is minted or revoked. RV(msg) has what would be done.
      - Tasks that use the token need it in check mode as well. For them set C(check_mode=false) on the tasks that mint
        and revoke.
  diff_mode:
    support: full
    details:
      - The diff has the client ID, and whether there is a token. It never has the token.
  idempotent:
    support: none
    details:
      - Every token is a new one. Whether Atlas reports that a token to revoke was not alive is not known.
options:
  state:
    description:
      - V(present) mints a token. It stays alive for an hour, or until it is revoked.
      - V(absent) revokes O(access_token).
    type: str
    choices: [present, absent]
    default: present
  access_token:
    description:
      - With O(state=absent), the token to revoke. With O(state=present), it must not be given.
      - In this module it is not a credential, and the environment variable E(MONGODB_ATLAS_ACCESS_TOKEN) is ignored.
  public_key:
    description:
      - Must not be given. Only a service account mints tokens.
  private_key:
    description:
      - Must not be given. Only a service account mints tokens.
  client_id:
    description:
      - The client ID of the service account, with O(client_secret).
      - If the task gives neither, the environment variable E(MONGODB_ATLAS_CLIENT_ID) is used.
  client_secret:
    description:
      - The secret of the service account.
      - If the task gives neither, the environment variable E(MONGODB_ATLAS_CLIENT_SECRET) is used.
notes:
  - Ansible hides the result of a task that has minted a token, as if the task had C(no_log), and registers it whole.
    Do not show the registered variable, for example with C(ansible.builtin.debug).
  - A token that is not registered can neither be used nor revoked, so O(state=present) requires C(register). It
    refuses C(async), because Ansible would show the result.
  - Ansible does not run C(always) if it is ended itself, for example if a job is canceled. The token then stays alive
    until it expires.
seealso:
  - ref: ansible_collections.mongodb_atlas.admin.docsite.guide_authentication
    description: When many tasks should share a token, and the alternatives.
  - module: mongodb_atlas.admin.org_api_key_info
    description: Read the API keys of an organization.
"""

EXAMPLES = r"""
- name: Mint one token for many tasks
  mongodb_atlas.admin.access_token:
    client_id: mdb_sa_id_0123456789abcdef01234567
    client_secret: "{{ vault_atlas_client_secret }}"
  register: minted
  check_mode: false

- name: Use it for several tasks
  module_defaults:
    group/mongodb_atlas.admin.atlas:
      access_token: "{{ minted.access_token }}"
  block:
    - name: Find the organization
      mongodb_atlas.admin.org_info:
      register: found

    - name: Read its API keys
      mongodb_atlas.admin.org_api_key_info:
        org_id: "{{ found.orgs[0].id }}"

  always:
    - name: Revoke it, also if a task has failed
      mongodb_atlas.admin.access_token:
        state: absent
        client_id: mdb_sa_id_0123456789abcdef01234567
        client_secret: "{{ vault_atlas_client_secret }}"
      check_mode: false
"""

RETURN = r"""
access_token:
  description:
    - The token. It is registered, and not shown.
  returned: if a token was minted
  type: str
  sample: eyJhbGciOiJFUzUxMiJ9.eyJzdWIiOiJ4In0.c2lnbmVk
token_type:
  description:
    - The type of the token.
  returned: if a token was minted
  type: str
  sample: Bearer
expires_in:
  description:
    - The lifetime of the token in seconds.
  returned: if a token was minted, and the response has its lifetime
  type: int
  sample: 3600
expires_at:
  description:
    - The time when the token expires, in UTC, from the time of the host where the task ran.
  returned: if a token was minted, and the response has its lifetime
  type: str
  sample: '2026-11-22T04:30:00Z'
client_id:
  description:
    - The client ID of the service account.
  returned: success
  type: str
  sample: mdb_sa_id_0123456789abcdef01234567
msg:
  description:
    - What was done or, in check mode, would be done. If the task failed, what happened and what to do.
  returned: always
  type: str
  sample: Minted a token of the service account mdb_sa_id_0123456789abcdef01234567.
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

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.select import select_service_account
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.service_account import parse_lifetime
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change, Done
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Mint a token, or revoke one. Every token is a new one, so there is always something to change."""
    account = client.client_id
    dead, live = {"client_id": account, "token": "none"}, {"client_id": account, "token": "live"}
    if params["state"] == "absent":
        if not params["access_token"]:
            raise UsageError("access_token is empty. Give the token that state=absent revokes.")
        return Change(
            live, dead, lambda: Done(revoke(client, params["access_token"]), dead), planned("Would revoke", account)
        )
    if params["access_token"] is not None:
        raise UsageError(
            "access_token is given, by the task or module_defaults, but state=present mints a new one."
            " To revoke it, set state=absent."
        )
    return Change(dead, live, lambda: Done(mint(client), live), planned("Would mint", account))


def planned(action: str, account: str) -> dict[str, t.Any]:
    """Return the result in check mode."""
    return {"msg": f"{action} a token of the service account {account}.", "client_id": account}


def mint(client: AtlasClient) -> dict[str, t.Any]:
    """Mint a token."""
    minted = client.mint_token()
    token: dict[str, t.Any] = {name: minted[name] for name in ("access_token", "token_type") if name in minted}
    msg = f"Minted a token of the service account {client.client_id}."
    return {"msg": msg, "client_id": client.client_id, **token, **lifetime(parse_lifetime(minted))}


def revoke(client: AtlasClient, token: str) -> dict[str, t.Any]:
    """Revoke a token."""
    client.revoke_token(token)
    return {"msg": f"Revoked a token of the service account {client.client_id}.", "client_id": client.client_id}


def lifetime(seconds: float | None) -> dict[str, t.Any]:
    """Return how long a token lives and when it expires, if that is known."""
    if seconds is None:
        return {}
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"expires_in": seconds, "expires_at": f"{now + datetime.timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"}


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    needs = [("state", "absent", ["access_token"])]
    run_module(ARGUMENT_SPEC, run, session_factory, select_auth=select_service_account, required_if=needs)


if __name__ == "__main__":
    main()
