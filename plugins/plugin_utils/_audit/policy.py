# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The policy: the limits that the rules compare with, and how severe each rule is."""

from __future__ import annotations

import dataclasses
import functools
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import OFF, SEVERITIES, PolicyRow
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError

MAX_DAYS = 36500
# From and to which number each limit may be.
_RANGES = {
    "unused_days": (1, MAX_DAYS),
    "old_days": (1, MAX_DAYS),
    "secret_expiry_days": (1, MAX_DAYS),
    "secret_lifetime_days": (1, MAX_DAYS),
    "widest_ipv4": (0, 32),
    "widest_ipv6": (0, 128),
    "rotation_days": (1, MAX_DAYS),
    "most_addresses": (1, 2**32),
    "most_owners": (0, 10_000),
}


# Roles that reach data, database users, clusters, backups, projects or billing, without being an owner's.
PRIVILEGED_ROLES: t.Final = (
    "ORG_BILLING_ADMIN",
    "ORG_GROUP_CREATOR",
    "GROUP_BACKUP_MANAGER",
    "GROUP_CLUSTER_MANAGER",
    "GROUP_DATABASE_ACCESS_ADMIN",
    "GROUP_DATA_ACCESS_ADMIN",
    "GROUP_DATA_ACCESS_READ_WRITE",
)


_ROLE = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclasses.dataclass(frozen=True)
class Policy:
    """Days, prefix lengths and numbers. ``severities`` contains that of each rule, or ``off``."""

    severities: t.Mapping[str, str]
    unused_days: int = 90
    old_days: int = 365
    secret_expiry_days: int = 30
    secret_lifetime_days: int = 365
    widest_ipv4: int = 16
    widest_ipv6: int = 32
    rotation_days: int = 14
    most_addresses: int = 1_048_576
    most_owners: int = 3
    privileged_roles: tuple[str, ...] = PRIVILEGED_ROLES

    @functools.cached_property
    def privileged(self) -> frozenset[str]:
        """Return the roles that are reported as privileged."""
        return frozenset(self.privileged_roles)

    def explain(self, text: str) -> str:
        """Return the meaning of a rule with the limits of the policy in place of their names."""
        return text.format_map({**self.row(), "privileged_roles": ", ".join(self.privileged_roles) or "none"})

    def row(self) -> PolicyRow:
        """Return it as the report contains it."""
        return {
            "unused_days": self.unused_days,
            "old_days": self.old_days,
            "secret_expiry_days": self.secret_expiry_days,
            "secret_lifetime_days": self.secret_lifetime_days,
            "rotation_days": self.rotation_days,
            "widest_ipv4": self.widest_ipv4,
            "widest_ipv6": self.widest_ipv6,
            "most_addresses": self.most_addresses,
            "most_owners": self.most_owners,
            "privileged_roles": list(self.privileged_roles),
            "rules": dict(self.severities),
        }


def read_policy(value: object, severities: t.Mapping[str, str]) -> Policy:
    """Return the policy with the defaults for what is not given.

    :param severities: those of the rules themselves.
    :raises AuditError: for a name, a number or a severity that does not exist: a misspelled limit must not pass for
        one.
    """
    given = {} if value is None else value
    if not isinstance(given, dict):
        raise AuditError("The policy must be a dictionary.")
    names = [*_RANGES, "privileged_roles", "rules"]
    if unknown := sorted(str(name) for name in given if name not in names):
        raise AuditError(f"The policy has no {', '.join(unknown)}. It may have {', '.join(names)}.")
    limits = {name: _limit(name, given[name]) for name in _RANGES if given.get(name) is not None}
    roles = _roles(given.get("privileged_roles"))
    return Policy({**severities, **_severities(given.get("rules"), severities)}, privileged_roles=roles, **limits)


def _limit(name: str, value: object) -> int:
    # A survey of AWX and the templates of older Ansible hand numbers over as text.
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    least, most = _RANGES[name]
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise AuditError(f"The policy's {name} must be a whole number from {least} to {most}, and is {value!r}.")
    return int(number)


def _roles(value: object) -> tuple[str, ...]:
    if value is None:
        return PRIVILEGED_ROLES
    if not isinstance(value, list) or not all(isinstance(role, str) and _ROLE.fullmatch(role) for role in value):
        raise AuditError(f"The policy's privileged_roles must be a list of role names, and is {value!r}.")
    return tuple(dict.fromkeys(value))


def _severities(value: object, known: t.Mapping[str, str]) -> dict[str, str]:
    given = {} if value is None else value
    if not isinstance(given, dict):
        raise AuditError("The policy's rules must be a dictionary from the ID of a rule to a severity.")
    if unknown := sorted(str(rule) for rule in given if rule not in known):
        raise AuditError(f"There is no rule {', '.join(unknown)}. The rules are {', '.join(known)}.")
    return {str(rule): _severity(str(rule), severity) for rule, severity in given.items()}


def _severity(rule: str, value: object) -> str:
    if value is False:  # what YAML makes of an unquoted off
        return OFF
    if value not in (*SEVERITIES, OFF):
        known = ", ".join((*SEVERITIES, OFF))
        raise AuditError(f"The policy's severity of {rule} must be one of {known}, and is {value!r}.")
    return str(value)
