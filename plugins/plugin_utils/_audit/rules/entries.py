# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about single entries of an access list."""

from __future__ import annotations

import datetime

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Credential, Entry
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import (
    AddressSet,
    covers,
    is_private,
    parse_address,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules import tasks
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    ago,
    credential_rule,
)


@credential_rule(
    "medium",
    title="Used from outside its access list",
    meaning="Atlas recorded a use of an entry from an address that no entry of the access list contains: the list was"
    " changed, or something else lets the credential in.",
    remediation="Find out who used the credential from there. If nobody knows, replace its secret.",
    needs=("access_list", "entry_address"),
)
def used_from_outside(credential: Credential, context: Context) -> Problems:
    """Find an entry whose last address is in no block of the list."""
    entries = credential.access_list or []
    blocks = [entry.block for entry in entries if entry.block]
    for text in sorted({entry.last_used_address or "" for entry in entries if not _is_own(entry)}):
        address = parse_address(text)
        has_all = address is not None and address.version == 4 and AddressSet.of(blocks).ipv4 == 2**32  # with ::/0, too
        if address and not has_all and not covers(blocks, address):
            yield Problem(f"It was used from {text}, which its access list does not contain.", text)


def _is_own(entry: Entry) -> bool:
    """Return whether an entry was used last from an address of its own, as nearly every entry was."""
    address = parse_address(entry.last_used_address) if entry.last_used_address else None
    return address is None or (entry.block is not None and covers([entry.block], address))


@credential_rule(
    "low",
    title="Entry that is not used",
    meaning="The credential is in use, and an entry of its access list was not used in the last {unused_days} days.",
    remediation="Ask the owner whether the entry is still needed, and remove it if not.",
    needs=("access_list", "entry_use", "usage"),
)
def stale_entry(credential: Credential, context: Context) -> Problems:
    """Find an entry that has existed for long enough, and was last used too long ago or never."""
    if credential.usage.kind != "used":
        return
    limit = context.now - datetime.timedelta(days=context.policy.unused_days)
    for entry in credential.access_list or []:
        if not entry.block or not entry.use_known:
            continue
        block = entry.block.text
        if entry.last_used_at and entry.last_used_at < limit:
            evidence = f"{block} was used last {ago(entry.last_used_at, context.now)}."
        elif not entry.last_used_at and entry.created_at and entry.created_at < limit:
            evidence = f"{block} was added {ago(entry.created_at, context.now)}, and never used."
        else:
            continue
        yield Problem(evidence, block, task=tasks.remove_entries(credential, context.organization.id, [block]))


@credential_rule(
    "info",
    title="Private network on the access list",
    meaning="All addresses of an entry are those of private networks. No request that reaches Atlas over the internet"
    " comes from them, so the entry probably does not do what its author meant.",
    remediation="Remove the entry, or replace it with the public addresses behind which the network is.",
    needs=("access_list",),
)
def private_network(credential: Credential, context: Context) -> Problems:
    """All addresses of an entry are private."""
    for block in sorted({entry.block for entry in credential.access_list or [] if entry.block}):
        if is_private(block):
            task = tasks.remove_entries(credential, context.organization.id, [block.text])
            yield Problem(f"{block.text} is not routed on the internet.", block.text, task=task)
