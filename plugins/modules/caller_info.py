#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: caller_info
short_description: Find out whether the credentials of a task work
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Authenticates, reads the organizations that the credentials can see, and returns what that proves. With a service
    account it mints a token and revokes it.
  - Credentials that do not work are a result, not a failure. Use RV(works) in C(failed_when) or C(assert).
  - Delegated to the host that uses the credentials, it proves that they work there. An access list binds the use of
    a token, so credentials may work on one host and not on another.
extends_documentation_fragment:
  - mongodb_atlas.admin._auth
  - mongodb_atlas.admin._connection
  - mongodb_atlas.admin._attributes
  - mongodb_atlas.admin._attributes.info_module
options:
  org_id:
    description:
      - The ID of the organization that the credentials must belong to, 24 hexadecimal digits in lower case.
      - Unlike in the other modules, the environment variable E(MONGODB_ATLAS_ORG_ID) is not used.
    type: str
  wait:
    description:
      - For how many seconds to try again if Atlas does not accept the credentials. How soon a new API key or secret
        works is not known.
      - Only a failed authentication is tried again, at least two seconds later. An address that is not allowed is not.
    type: float
    default: 0
seealso:
  - module: mongodb_atlas.admin.org_info
    description: Read the organizations that the credentials can see.
"""

EXAMPLES = r"""
- name: Check the credentials of the environment
  mongodb_atlas.admin.caller_info:
  register: caller
  failed_when: not caller.works

- name: Check a new secret, which may take a moment to work
  mongodb_atlas.admin.caller_info:
    client_id: mdb_sa_id_0123456789abcdef01234567
    client_secret: "{{ vault_atlas_client_secret }}"
    org_id: a0123456789abcdef012345a
    wait: 60
  register: caller

- name: Show the result
  ansible.builtin.debug:
    msg: "{{ 'works' if caller.works else caller.problem }}"
"""

RETURN = r"""
works:
  description:
    - Whether the credentials are accepted, from this address, and belong to O(org_id) if that is given.
  returned: success
  type: bool
  sample: true
authenticated:
  description:
    - Whether Atlas accepted the credentials. V(null) if the response does not tell, or there was none.
  returned: success
  type: bool
  sample: true
address_allowed:
  description:
    - Whether the credentials may be used from the address of this host. V(null) if that is not known.
  returned: success
  type: bool
  sample: true
address:
  description:
    - The address of this host as Atlas sees it, if Atlas refused it and named it.
  returned: success
  type: str
  sample: 192.0.2.7
organizations:
  description:
    - The organizations that the credentials can see, with every field that Atlas returns, named in snake case.
      V(null) if they could not be read.
  returned: success
  type: list
  elements: dict
  sample:
    - id: a0123456789abcdef012345a
      name: Production
kind:
  description:
    - What authenticated, V(api_key), V(service_account) or V(access_token).
  returned: success
  type: str
  sample: service_account
id:
  description:
    - The public key of the API key, or the client ID of the service account. V(null) for an access token.
  returned: success
  type: str
  sample: mdb_sa_id_0123456789abcdef01234567
attempts:
  description:
    - How often the credentials were tried.
  returned: success
  type: int
  sample: 1
problem:
  description:
    - Why the credentials do not work, and what to do. V(null) if they do.
  returned: success
  type: str
  sample: null
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

import ipaddress
import time
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import organizations
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    InvalidResponse,
    TransportError,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "org_id": object_id(),
    "wait": {"type": "float", "default": 0},
}

MAX_WAIT = 600  # seconds
PAUSE = 2.0  # seconds between two tries

# Atlas has authenticated the caller, and does not accept the address of the request.
ADDRESS_REFUSED = ("IP_ADDRESS_NOT_ON_ACCESS_LIST", "ORG_REQUIRES_ACCESS_LIST")


def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Try the credentials, and again while Atlas does not accept them and there is time."""
    if not 0 <= params["wait"] <= MAX_WAIT:
        raise UsageError(f"wait is {params['wait']:g}; it must be from 0 to {MAX_WAIT} seconds.")
    last_start = time.monotonic() + params["wait"] - PAUSE
    attempts = 1
    found = try_once(client, params["org_id"])
    while found["authenticated"] is False and time.monotonic() <= last_start:
        time.sleep(PAUSE)
        attempts += 1
        found = try_once(client, params["org_id"])
    kind, identifier = client.caller
    return {"changed": False, **found, "kind": kind, "id": identifier, "attempts": attempts}


def try_once(client: AtlasClient, org_id: str | None) -> dict[str, t.Any]:
    """Read the organizations, which any role allows, and say what that proves."""
    try:
        listing = organizations.list_all(client)
    except APIError as error:
        return refused(error)
    except (TransportError, InvalidResponse) as error:
        return verdict(authenticated=None, address_allowed=None, problem=str(error))
    orgs = [to_snake_case(org) for org in listing.items]
    problem = None
    if org_id is not None and org_id not in [org.get("id") for org in orgs]:
        problem = f"The credentials are valid, and cannot see the organization {org_id}."
    return verdict(authenticated=True, address_allowed=True, orgs=orgs, problem=problem)


def refused(error: APIError) -> dict[str, t.Any]:
    """Say what a refusal proves. A server fault and a rate limit prove nothing."""
    if error.error_code in ADDRESS_REFUSED:
        return verdict(authenticated=True, address_allowed=False, address=address_in(error), problem=str(error))
    if error.access_denied:
        return verdict(authenticated=True, address_allowed=None, problem=str(error))
    return verdict(authenticated=False if error.status == 401 else None, address_allowed=None, problem=str(error))


def address_in(error: APIError) -> str | None:
    """Return the address of the caller, which Atlas names in the parameters or in the text."""
    words = [str(parameter) for parameter in error.parameters] + (error.detail or "").split()
    for word in words:
        try:
            return str(ipaddress.ip_address(word.strip(".,")))
        except ValueError:
            continue
    return None


def verdict(
    *,
    authenticated: bool | None,
    address_allowed: bool | None,
    address: str | None = None,
    orgs: list[dict[str, t.Any]] | None = None,
    problem: str | None,
) -> dict[str, t.Any]:
    """Return the part of the result that a try decides."""
    return {
        "works": bool(authenticated and address_allowed and problem is None),
        "authenticated": authenticated,
        "address_allowed": address_allowed,
        "address": address,
        "organizations": orgs,
        "problem": problem,
    }


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
