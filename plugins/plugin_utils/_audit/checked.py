# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Whether a finding of an earlier report could be checked this time. If not, it may still be true."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import OFF, FindingRow
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    Credential,
    Organization,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.reach import wide_network
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.reading import not_readable
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import BY_ID
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Rule

# Which list of an organization a credential is in.
_LISTS: t.Final = {API_KEY: "api_keys", SERVICE_ACCOUNT: "service_accounts"}
# What lists inside that list decide: if it is not complete, one of them may be what is not.
_IN_INNER_LISTS: t.Final = frozenset({"access_list", "projects", "reach", "usage"})
# What a finding of not_readable about a credential may name. Anything else that it names is a secret.
_PARTS: t.Final = frozenset({"access_list", "projects", "reach", "roles", "secrets"})


class Checker:
    """Says of findings of an earlier report whether their rules could be applied this time."""

    def __init__(
        self, kinds: t.Mapping[tuple[str, str], str], organizations: list[Organization], policy: Policy
    ) -> None:
        """`kinds` are those of the credentials of the earlier report, by organization and ID."""
        self._kinds = kinds
        self._severities = policy.severities
        self._organizations = {organization.id: organization for organization in organizations}
        self._credentials = {
            (organization.id, credential.id): credential
            for organization in organizations
            for credential in organization.credentials
        }

    def was_checked(self, finding: FindingRow) -> bool:
        """Whether the finding would be in this report if it were still true."""
        rule = BY_ID.get(finding["rule"])
        if rule is None or self._severities[rule.id] == OFF:
            return False
        if rule.check_credential is None and rule.check_organization is None:
            return True  # of an exception
        organization = self._organizations.get(finding["org_id"])
        if organization is None or organization.error is not None:
            return False
        if finding["credential_id"] is None:
            return _was_organization_checked(rule, finding["detail"], organization)
        credential = self._credentials.get((organization.id, finding["credential_id"]))
        if credential is None:
            return self._is_gone(organization, finding["credential_id"])
        return _was_credential_checked(rule, finding["detail"], credential, organization)

    def _is_gone(self, organization: Organization, credential_id: str) -> bool:
        """Whether a credential that was not found does not exist any more: its list was read, and was complete."""
        kind = self._kinds.get((organization.id, credential_id), "")
        names = [_LISTS[kind]] if kind in _LISTS else list(_LISTS.values())
        return not organization.unread.intersection(names) and not set(organization.incomplete).intersection(names)


def _was_organization_checked(rule: Rule, detail: str | None, organization: Organization) -> bool:
    # Such as settings.api_access_list_required. Rules that need all of a part have no detail.
    part = (detail or "").partition(".")[0]
    return part not in organization.unread and not rule.needs & organization.unknown


def _was_credential_checked(rule: Rule, detail: str | None, credential: Credential, organization: Organization) -> bool:
    # Then the rule leaves the credential to open_to_internet, and its wide blocks may still be there.
    if rule.id == wide_network.id and credential.reach.kind == "anywhere":
        return False
    needs = rule.needs
    if rule.id == not_readable.id:
        needs = frozenset({detail if detail in _PARTS else "secrets"})
    if needs & _IN_INNER_LISTS and _LISTS[credential.kind] in organization.incomplete:
        return False
    return not needs & credential.unknown
