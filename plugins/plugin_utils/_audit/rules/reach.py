# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about the addresses that a credential can be used from."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import OFF
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Credential, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import (
    AddressSet,
    Block,
    covers,
    parse_address,
    parse_block,
)
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
    task = tasks.restrict(credential, context.organization.id, _used(credential, context.policy))
    if not credential.access_list:
        yield Problem("Its access list is empty, and the requirement for access lists is off.", task=task)
        return
    entries = sorted(credential.access_list, key=lambda entry: entry.block.prefix if entry.block else 999)
    yield Problem(f"It can be used from all addresses: {some([entry.text for entry in entries])}.", task=task)


def _used(credential: Credential, policy: Policy) -> list[str]:
    """Return the blocks that a credential needs as far as its access list shows.

    These are the entries that the policy allows, and the last addresses of the others. Empty if an entry is or may be
    in use from an address that is not known: without it, the list would lock somebody out.
    """
    blocks = [entry.block for entry in credential.access_list or [] if entry.block]
    kept = [block for block in blocks if block.prefix >= _widest(block, policy)]
    for entry in credential.access_list or []:
        if entry.block in kept or (entry.use_known and not entry.last_used_at):
            continue
        address = parse_address(entry.last_used_address or "")
        if address is None or parse_block(address.text) != address:  # 0.0.0.0 is everything on an access list
            return []
        if not covers(kept, address):
            kept.append(address)
    together = AddressSet.of(kept)
    is_wide = together.is_everything or together.ipv4 > policy.most_addresses
    return [] if is_wide else sorted({block.text for block in kept})


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
        task = None
        if not _is_needed(block, credential):
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


def _is_needed(block: Block, credential: Credential) -> bool:
    """Return whether a block is or may be in use from an address that no other entry contains."""
    entries = credential.access_list or []
    others = [entry.block for entry in entries if entry.block and entry.block != block]
    for entry in entries:
        if entry.block == block and (entry.last_used_at or not entry.use_known):
            address = parse_address(entry.last_used_address or "")
            if address is None or not covers(others, address):
                return True
    return False


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
