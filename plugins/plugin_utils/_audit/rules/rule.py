# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What a rule is: a small function that yields the problems it finds, and what people must know about it.

The name of the function is the ID of the rule. `needs` names what must be known for a verdict, as
`Credential.unknown` and `Organization.unknown` name it: a problem of an earlier report is solved only if the rule
could be checked and does not find it any more.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import ControlRow
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Credential,
    Organization,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy


class Problem(t.NamedTuple):
    """What a rule has found. `detail` distinguishes several problems of one credential, and never changes."""

    evidence: str
    detail: str | None = None


@dataclasses.dataclass(frozen=True)
class Context:
    """What a rule may look at beside the credential."""

    organization: Organization
    policy: Policy
    now: datetime.datetime


Problems = t.Iterable[Problem]
CredentialCheck = t.Callable[[Credential, Context], Problems]
OrganizationCheck = t.Callable[[Organization, Context], Problems]


@dataclasses.dataclass(frozen=True)
class Rule:
    """A rule without a check is one that the audit itself applies, to exceptions."""

    id: str
    severity: str
    title: str
    meaning: str
    remediation: str
    needs: frozenset[str] = frozenset()
    check_credential: CredentialCheck | None = None
    check_organization: OrganizationCheck | None = None
    kinds: frozenset[str] = frozenset({API_KEY, SERVICE_ACCOUNT})
    controls: tuple[ControlRow, ...] = ()


def credential_rule(
    severity: str, title: str, meaning: str, remediation: str, needs: t.Iterable[str] = ()
) -> t.Callable[[CredentialCheck], Rule]:
    """Make a rule of a function that judges one credential."""

    def make(check: CredentialCheck) -> Rule:
        return Rule(check.__name__, severity, title, meaning, remediation, frozenset(needs), check_credential=check)

    return make


def organization_rule(
    severity: str, title: str, meaning: str, remediation: str, needs: t.Iterable[str] = ()
) -> t.Callable[[OrganizationCheck], Rule]:
    """Make a rule of a function that judges one organization, without its credentials."""

    def make(check: OrganizationCheck) -> Rule:
        return Rule(check.__name__, severity, title, meaning, remediation, frozenset(needs), check_organization=check)

    return make


def some(names: t.Sequence[str], most: int = 5) -> str:
    """The first of many names, and how many there are beside."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown
