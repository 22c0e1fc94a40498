# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What a rule is. A rule is a function that yields problems; the decorators make a `Rule` of it.

The name of the function is the ID of the rule. `needs` names what must be known for a verdict, as `Credential.unknown`
and `Organization.unknown` name it: without it, a check that finds nothing was not made.
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
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy


class Problem(t.NamedTuple):
    """What a rule has found.

    :param detail: distinguishes several problems of one subject, and never changes as long as it is the same problem.
    :param addresses: how many addresses are allowed, if that is the problem: more is worse.
    :param remediation: what to do, if that is something else than what the rule says in general.
    :param task: a task in YAML that solves it.
    """

    evidence: str
    detail: str | None = None
    addresses: int | None = None
    remediation: str | None = None
    task: str | None = None


class Owners(t.NamedTuple):
    """The owners of an organization at the baseline: ``CREDENTIAL_ID ORG_OWNER`` or ``CREDENTIAL_ID PROJECT_ID``.

    :param by_kind: of each kind of credential; a kind is missing whose list was not read.
    :param still_new: those that were new, and that nobody has accepted or acknowledged.
    """

    by_kind: t.Mapping[str, frozenset[str]]
    still_new: frozenset[str]


@dataclasses.dataclass(frozen=True)
class Context:
    """What a rule may look at next to the credential.

    :param owners: None without a baseline that contains the organization.
    :param unknown: what is not known of all credentials of a kind, in addition to what each of them says.
    """

    organization: Organization
    policy: Policy
    now: datetime.datetime
    owners: Owners | None = None
    unknown: t.Mapping[str, t.Mapping[str, Unknown]] = dataclasses.field(default_factory=dict)


Problems = t.Iterable[Problem]
CredentialCheck = t.Callable[[Credential, Context], Problems]
OrganizationCheck = t.Callable[[Organization, Context], Problems]
Applies = t.Callable[[Credential, Context], bool]

BOTH: t.Final = frozenset({API_KEY, SERVICE_ACCOUNT})


@dataclasses.dataclass(frozen=True)
class Rule:
    """A rule without a check is one that the audit itself applies, to exceptions.

    :param meaning: may contain limits of the policy, such as ``{unused_days}``.
    :param kinds: the kinds of credentials that it applies to.
    :param applies: whether it applies to one of them; always by default.
    """

    id: str
    severity: str
    title: str
    meaning: str
    remediation: str
    needs: tuple[str, ...] = ()
    controls: tuple[ControlRow, ...] = ()
    kinds: frozenset[str] = BOTH
    applies: Applies | None = None
    check_credential: CredentialCheck | None = None
    check_organization: OrganizationCheck | None = None


def credential_rule(severity: str, **parts: t.Any) -> t.Callable[[CredentialCheck], Rule]:
    """Make a rule of a function that judges one credential. The parts are those of `Rule`."""

    def make(check: CredentialCheck) -> Rule:
        return Rule(check.__name__, severity, check_credential=check, **parts)

    return make


def organization_rule(severity: str, **parts: t.Any) -> t.Callable[[OrganizationCheck], Rule]:
    """Make a rule of a function that judges one organization, without its credentials."""

    def make(check: OrganizationCheck) -> Rule:
        return Rule(check.__name__, severity, check_organization=check, **parts)

    return make


def some(names: t.Sequence[str], most: int = 5) -> str:
    """Return the first of many names, and how many more there are."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def days(count: int) -> str:
    """Return a number of days in words."""
    return f"{count:,} {'day' if count == 1 else 'days'}"


def ago(time: datetime.datetime, now: datetime.datetime) -> str:
    """Return a date, and how long ago it was."""
    return f"on {time.date().isoformat()}, {days(max(0, (now - time).days))} ago"
