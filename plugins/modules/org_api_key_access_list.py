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

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import api_keys
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.networks import Network, covers, newly_open
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._case import to_snake_case
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change, confirm
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import SessionFactory, open_session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import main as run_module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import object_id, org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import (
    NetworkListOption,
    network_of,
    parse_networks,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

ARGUMENT_SPEC = {
    **SHARED_OPTIONS,
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "org_id": org_id(required=True),
    "api_user_id": object_id(required=True, aliases=["api_key_id"]),
    "entries": NetworkListOption(required=True),
    "purge": {"type": "bool", "default": False},
    "allow_empty": {"type": "bool", "default": False},
    "allow_anywhere": {"type": "bool", "default": False},
    "allow_self": {"type": "bool", "default": False},
}

Entries = dict[Network, dict[str, t.Any]]


def run(client: AtlasClient, params: dict[str, t.Any]) -> Change:
    """Change the access list of an API key."""
    given = parse_networks("entries", params["entries"])
    entries = read(client, params)
    before = set(entries)
    present = given if params["purge"] else before | given
    after = present if params["state"] == "present" else before - given
    if after != before:
        check(client, params, entries, after)
    planned = [entries.get(each) or {"cidrBlock": str(each)} for each in ordered(after)]
    return Change(
        {"access_list": [str(each) for each in ordered(before)]},
        {"access_list": [str(each) for each in ordered(after)]},
        lambda: apply(client, params, ordered(after - before), ordered(before - after)),
        planned={"access_list": [to_snake_case(entry) for entry in planned]},
    )


def read(client: AtlasClient, params: dict[str, t.Any]) -> Entries:
    """The entries as they are now."""
    entries = api_keys.list_access_list(client, params["org_id"], params["api_user_id"])
    return {network_of(entry): entry for entry in entries.require_complete("what would change")}


def check(client: AtlasClient, params: dict[str, t.Any], entries: Entries, after: set[Network]) -> None:
    """Refuse what would open the key to everybody, or lock out its operator.

    :raises UsageError: with the option that allows it.
    """
    if not after and not params["allow_empty"]:
        raise UsageError("The access list would be empty. If that is meant, set allow_empty: true.")
    opened = " and ".join(newly_open(entries, after))
    if opened and not params["allow_anywhere"]:
        raise UsageError(
            f"The access list would allow all addresses of {opened}. If that is meant, set allow_anywhere: true."
        )
    # Whose a bearer token is is not known for any key, so there is no need to read this one.
    if params["allow_self"] or client.is_own("") is None:
        return
    own = client.is_own(api_keys.get(client, params["org_id"], params["api_user_id"]).get("publicKey"))
    address = last_seen(entries.values()) if own else None
    if own and not (after and address and covers(after, address)):
        raise UsageError(
            f"{params['api_user_id']} is the API key that this task uses. The new access list may not have the address"
            f" that the task is run from (seen last by Atlas: {address or 'not known'}). If it has, set allow_self:"
            " true."
        )


def last_seen(entries: t.Iterable[dict[str, t.Any]]) -> str | None:
    """The address of the newest request with the key, as its entries tell."""
    used = [(str(each["lastUsed"]), str(each["lastUsedAddress"])) for each in entries if each.get("lastUsedAddress")]
    return max(used)[1] if used else None


def apply(
    client: AtlasClient, params: dict[str, t.Any], added: list[Network], removed: list[Network]
) -> dict[str, t.Any]:
    """Add first, then remove, then read."""
    key = params["org_id"], params["api_user_id"]
    if added:
        try:
            confirm(
                lambda: api_keys.add_to_access_list(client, *key, added),
                lambda: set(added) <= read(client, params).keys(),
            )
        except APIError as error:
            # 409: another one was quicker. What Atlas answers for an entry that exists is not known.
            if error.status != 409 or not set(added) <= read(client, params).keys():
                raise
    for entry in removed:
        remove(client, params, entry)
    return {"access_list": [to_snake_case(entry) for entry in read(client, params).values()]}


def remove(client: AtlasClient, params: dict[str, t.Any], entry: Network) -> None:
    """Remove one entry. One that is gone meanwhile is success."""
    key = params["org_id"], params["api_user_id"]
    try:
        confirm(
            lambda: api_keys.remove_from_access_list(client, *key, entry),
            lambda: entry not in read(client, params),
        )
    except APIError as error:
        if error.status != 404 or entry in read(client, params):
            raise


def ordered(networks: t.Iterable[Network]) -> list[Network]:
    """NETWORKS in an order that does not depend on Atlas."""
    return sorted(networks, key=lambda each: (each.version, each.network_address.packed, each.prefixlen))


def main(session_factory: SessionFactory = open_session) -> None:
    """Run as a module."""
    run_module(ARGUMENT_SPEC, run, session_factory)


if __name__ == "__main__":
    main()
