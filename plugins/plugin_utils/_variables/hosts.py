# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The hosts that a playbook of the collection runs on: all that were asked for, or an error."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager, split_host_pattern
from ansible.parsing.dataloader import DataLoader

# The plays have the tag `always`. These options of ansible-playbook skip it.
_SKIPPING: t.Final = frozenset({"always", "tagged"})


class HostsError(Exception):
    """The play would run on none or on fewer hosts than its user has asked for."""


def select_hosts(pattern: str, limit: str | None, groups: t.Mapping[str, list[str]]) -> list[str]:
    """Return the hosts of a pattern that `--limit` leaves.

    Ansible itself only warns if a part of a pattern matches nothing, and succeeds if no host is left.

    :param pattern: As in `hosts` of a play.
    :param limit: The value of `--limit`, if it was given.
    :param groups: The names of the hosts of each group, as in the variable `groups`.
    :raises HostsError: A part of the pattern or of the limit matches no host, or nothing is left. The message begins
        with a verb: the caller names the variable before it.
    """
    if not pattern.strip(" ,:"):  # Ansible takes this for all hosts
        raise HostsError("names no host. Set it to the hosts or the group to run on.")
    inventory = _inventory(groups)
    _check_parts(inventory, pattern, "is")
    if limit:
        _check_parts(inventory, limit, f"is {pattern}, and --limit is")
        inventory.subset(limit)
    hosts = [host.name for host in inventory.get_hosts(pattern)]
    if not hosts:
        reason = f"--limit {limit} leaves none of these hosts" if limit else "no host is left"
        raise HostsError(f"is {pattern}, and {reason}. Set it to the hosts or the group to run on.")
    return hosts


def check_skipped_tags(tags: t.Iterable[str]) -> None:
    """Check that `--skip-tags` does not skip all tasks, which Ansible takes for a success.

    :raises HostsError: It does.
    """
    if skipping := sorted(_SKIPPING.intersection(tags)):
        raise HostsError(f"--skip-tags {','.join(skipping)} skips all tasks of this playbook. Remove it.")


def _inventory(groups: t.Mapping[str, list[str]]) -> InventoryManager:
    """Return an inventory with these groups alone, on which `--limit` has no effect yet."""
    manager = InventoryManager(DataLoader(), sources=None, parse=False)
    for group, hosts in groups.items():
        manager.add_group(group)
        for host in hosts:
            manager.add_host(host, group=group)
    return manager


def _check_parts(inventory: InventoryManager, pattern: str, verb: str) -> None:
    """Check each part of a pattern on its own: of `orgs,stagng` and of `orgs:!stagng`, the second one."""
    unmatched = [part for part in split_host_pattern(pattern) if part and not _matches(inventory, part)]
    if unmatched:
        raise HostsError(f"{verb} {pattern}, and no host of the inventory matches {' or '.join(unmatched)}.")


def _matches(inventory: InventoryManager, part: str) -> bool:
    if part.startswith("@"):  # a file with hosts, which Ansible reads for --limit
        return True
    try:
        return bool(inventory.get_hosts(part.lstrip("!&")))
    except AnsibleError:  # the setting HOST_PATTERN_MISMATCH is error
        return False
