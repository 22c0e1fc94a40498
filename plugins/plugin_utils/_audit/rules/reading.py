# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Rules about the reading itself: what was not read is never counted as good."""

from __future__ import annotations

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    Credential,
    Organization,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.reasons import list_name
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import (
    Context,
    Problem,
    Problems,
    Rule,
    organization_rule,
)


def _organization_not_readable(organization: Organization, context: Context) -> Problems:
    for part, unknown in sorted(organization.unread.items()):
        if organization.error is not None and part != "organization":
            continue  # the error says it all
        if part == "events" and not any(credential.kind == API_KEY for credential in organization.credentials):
            continue  # only API keys need them
        if part == "projects" and not any(credential.projects for credential in organization.credentials):
            continue  # only roles in projects need their names
        yield _problem(unknown, part)


def _credential_not_readable(credential: Credential, context: Context) -> Problems:
    for unknown in dict.fromkeys(credential.unread):
        yield _problem(unknown, unknown.part)


def _problem(unknown: Unknown, detail: str) -> Problem:
    return Problem(unknown.reason, detail, remediation=unknown.remediation)


not_readable = Rule(
    "not_readable",
    "medium",
    title="Could not be checked",
    meaning="Something was not read, or not in a form that is known: the organization, one of its lists or settings, or"
    " a part of a credential. The checks that need it could not be made.",
    remediation="Give the reader the role that it needs (the access lists of API keys need Organization Owner, most"
    " of the rest Organization Read Only), and audit again.",
    check_credential=_credential_not_readable,
    check_organization=_organization_not_readable,
)


@organization_rule(
    "high",
    title="List is not complete",
    meaning="Atlas counted more elements than it sent, even when asked again. What is missing was not audited.",
    remediation="Audit again. If it stays so, compare with the list in Atlas' own interface and report it to MongoDB.",
)
def incomplete(organization: Organization, context: Context) -> Problems:
    """Find a list that is not complete."""
    for name in organization.incomplete:
        yield Problem(f"The list of {list_name(name)} is not complete.", name)
