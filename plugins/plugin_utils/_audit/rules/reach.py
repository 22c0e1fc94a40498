# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about the addresses that a credential can be used from."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import OFF
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Credential, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import Block
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    credential_rule,
    organization_rule,
    some,
)


@credential_rule(
    "critical",
    title="Can be used from the whole internet",
    meaning="The blocks of the access list together cover all IPv4 or all IPv6 addresses, however they are written, or"
    " the list is empty and the organization does not require one. A leaked secret works from anywhere.",
    remediation="Replace the access list with the addresses that use the credential, and require access lists in the"
    " settings of the organization.",
    needs=["reach"],
)
def open_to_internet(credential: Credential, context: Context) -> Problems:
    """Reach is anywhere."""
    if credential.reach.kind != "anywhere":
        return
    if not credential.access_list:
        yield Problem("Empty access list, and none is required.")
        return
    entries = sorted(credential.access_list, key=lambda entry: entry.block.prefix if entry.block else 999)
    yield Problem(f"All addresses: {some([entry.text for entry in entries])}.")


@credential_rule(
    "medium",
    title="Wide network on the access list",
    meaning="An entry of the access list allows more addresses than the policy (widest_ipv4, widest_ipv6) accepts."
    " If the list allows everything, that is open_to_internet instead, unless that rule is off.",
    remediation="Replace the entry with the smaller blocks or the addresses that use the credential.",
    needs=["access_list"],
)
def wide_network(credential: Credential, context: Context) -> Problems:
    """An entry wider than the policy's prefix. A list that covers everything is open_to_internet, if that is on."""
    if credential.reach.kind == "anywhere" and context.policy.severities[open_to_internet.id] != OFF:
        return
    blocks = [entry.block for entry in credential.access_list or [] if entry.block]
    wide = [block for block in blocks if block.prefix < _widest(block, context.policy)]
    for block in dict.fromkeys(wide):
        size = f"{block.size:,}" if block.version == 4 else f"2^{128 - block.prefix}"
        most = _widest(block, context.policy)
        yield Problem(f"{block.text} allows {size} addresses, more than a /{most}.", block.text)


@credential_rule(
    "low",
    title="No access list where one is required",
    meaning="The access list is empty and the organization requires one: Atlas rejects every request of the"
    " credential.",
    remediation="Delete the credential, or add the addresses that are to use it to its access list.",
    needs=["reach"],
)
def no_access_list(credential: Credential, context: Context) -> Problems:
    """Reach is nowhere."""
    if credential.reach.kind == "nowhere":
        yield Problem("Empty access list, and one is required.")


@organization_rule(
    "high",
    title="Access lists are not required",
    meaning="The organization's setting apiAccessListRequired is off: a new API key or service account without an"
    " access list can be used from anywhere.",
    remediation="Turn the requirement on in the settings of the organization, after each credential in use has a list.",
    needs=["settings"],
)
def access_list_not_required(organization: Organization, context: Context) -> Problems:
    """The setting is known and off."""
    if organization.access_list_required is False:
        yield Problem("api_access_list_required is false.")


def _widest(block: Block, policy: Policy) -> int:
    return policy.widest_ipv4 if block.version == 4 else policy.widest_ipv6
