# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about the addresses that a credential can be used from."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import OFF
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Credential, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import AddressSet, Block
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules import controls, tasks
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    credential_rule,
    organization_rule,
    some,
)

WHOLE_LIST = "access_list"  # the detail of a finding about all entries together


@credential_rule(
    "critical",
    title="Can be used from the whole internet",
    meaning="The blocks of the access list together cover all IPv4 or all IPv6 addresses that can be routed, or"
    " nearly all, however they are written; or the list is empty and the organization does not require one. A leaked"
    " secret works from anywhere.",
    remediation="Replace the access list with the addresses that use the credential, and require access lists in the"
    " settings of the organization.",
    needs=("reach",),
    controls=controls.NETWORK,
)
def open_to_internet(credential: Credential, context: Context) -> Problems:
    """Reach is anywhere."""
    if credential.reach.kind != "anywhere":
        return
    task = tasks.restrict(credential, context.organization.id, _used(credential))
    if not credential.access_list:
        yield Problem("Its access list is empty, and the requirement for access lists is off.", task=task)
        return
    entries = sorted(credential.access_list, key=lambda entry: entry.block.prefix if entry.block else 999)
    yield Problem(f"It can be used from all addresses: {some([entry.text for entry in entries])}.", task=task)


def _used(credential: Credential) -> list[str]:
    """Return the blocks that a credential needs as far as its access list shows: narrow ones, and last addresses."""
    blocks = [entry.block for entry in credential.access_list or [] if entry.block and entry.block.prefix >= 24]
    addresses = [f"{entry.last_used_address}/32" for entry in credential.access_list or [] if _is_ipv4_use(entry)]
    return sorted({*(block.text for block in blocks if block.version == 4), *addresses})


def _is_ipv4_use(entry: object) -> bool:
    address = getattr(entry, "last_used_address", None)
    return isinstance(address, str) and "." in address and ":" not in address


def _open_is_on(context: Context) -> bool:
    return context.policy.severities[open_to_internet.id] != OFF


@credential_rule(
    "medium",
    title="Wide network on the access list",
    meaning="An entry of the access list is wider than a /{widest_ipv4} of IPv4 or a /{widest_ipv6} of IPv6, or the"
    " other entries together allow more than {most_addresses:,} IPv4 addresses. If the list allows everything, that is"
    " open_to_internet instead, unless that rule is off.",
    remediation="Replace the entries with the smaller blocks or the addresses that use the credential.",
    needs=("access_list",),
    controls=controls.NETWORK,
    applies=lambda credential, context: credential.reach.kind != "anywhere" or not _open_is_on(context),
)
def wide_network(credential: Credential, context: Context) -> Problems:
    """Find an entry that is wider than the policy's prefix, or all others if they are so together."""
    blocks = [entry.block for entry in credential.access_list or [] if entry.block]
    wide = {block for block in blocks if block.prefix < _widest(block, context.policy)}
    for block in sorted(wide):
        size = f"{block.size:,}" if block.version == 4 else f"2^{128 - block.prefix}"
        most = _widest(block, context.policy)
        task = tasks.remove_entries(credential, context.organization.id, [block.text])
        evidence = f"{block.text} allows {size} addresses, more than a /{most}."
        yield Problem(evidence, block.text, addresses=block.size, task=task)
    limit = context.policy.most_addresses
    if credential.reach.ipv4 <= limit and not wide:
        return
    together = AddressSet.of(block for block in blocks if block not in wide).ipv4
    if together > limit:
        evidence = f"Its entries together allow {together:,} IPv4 addresses, more than {limit:,}."
        yield Problem(evidence, WHOLE_LIST, addresses=together)


@credential_rule(
    "low",
    title="No access list where one is required",
    meaning="The access list is empty and the organization requires one: Atlas rejects every request of the"
    " credential.",
    remediation="Delete the credential, or add the addresses that are to use it to its access list.",
    needs=("reach",),
)
def no_access_list(credential: Credential, context: Context) -> Problems:
    """Reach is nowhere."""
    if credential.reach.kind == "nowhere":
        task = tasks.delete(credential, context.organization.id)
        yield Problem("Its access list is empty, and the organization requires one.", task=task)


@organization_rule(
    "high",
    title="Access lists are not required",
    meaning="The requirement for access lists is off in the settings of the organization: a new API key or service"
    " account without an access list can be used from anywhere.",
    remediation="Turn the requirement on in the settings of the organization, after each credential in use has a list.",
    needs=("settings.api_access_list_required",),
    controls=controls.NETWORK,
)
def access_list_not_required(organization: Organization, context: Context) -> Problems:
    """Find a setting that is known and off."""
    if organization.setting.access_list_required is False:
        yield Problem("The requirement for access lists is off.")


def _widest(block: Block, policy: Policy) -> int:
    return policy.widest_ipv4 if block.version == 4 else policy.widest_ipv6
