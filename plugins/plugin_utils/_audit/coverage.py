# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""What this audit could check: whether a finding that is not there is gone, or may still be true."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import OFF, FindingRow
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.judge import LISTS, Verdict
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import Credential, Organization
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.reading import not_readable

# What a finding of not_readable about a credential may name, and what must be known for it to be gone.
_PARTS: t.Final = {
    "access_list": "access_list",
    "created_at": "age",
    "projects": "projects",
    "reach": "reach",
    "roles": "roles",
}


class Coverage:
    """Says whether checks were made.

    :param public_keys: the public keys of API keys by organization and ID.
    """

    def __init__(
        self,
        organizations: list[Organization],
        verdict: Verdict,
        policy: Policy,
        public_keys: t.Mapping[tuple[str, str], str],
    ) -> None:
        self._uncertain, self._severities = verdict.uncertain, policy.severities
        self._organizations = {organization.id: organization for organization in organizations}
        self._credentials = {
            (organization.id, credential.id): credential
            for organization in organizations
            for credential in organization.credentials
        }
        self._places: dict[str, list[tuple[str, str]]] = {}
        for place in self._credentials:
            for name in dict.fromkeys((place[1], public_keys.get(place, place[1]))):
                self._places.setdefault(name, []).append(place)

    def is_in_effect(self, rule_id: str) -> bool:
        """Return whether a rule exists and is switched on."""
        return self._severities.get(rule_id, OFF) != OFF

    def is_audited(self, org_id: str) -> bool:
        """Return whether an organization is one of this audit, even if it could not be read."""
        return org_id in self._organizations

    def was_checked(self, finding: FindingRow, kind: str | None) -> bool:
        """Return whether a finding of an earlier report would be in this one if it were still true.

        :param kind: of the credential at that time, if it is known.
        """
        organization = self._organizations.get(finding["org_id"])
        if organization is None or organization.error is not None:
            return False
        part = (finding["detail"] or "").partition(".")[0]
        if finding["credential_id"] is None:
            key = finding["rule"], organization.id, None
            return part not in organization.unread and key not in self._uncertain
        credential = self._credentials.get((organization.id, finding["credential_id"]))
        if credential is None:
            return _is_gone(organization, kind)
        if finding["rule"] == not_readable.id:
            return _was_read(credential, part)
        return (finding["rule"], organization.id, credential.id) not in self._uncertain

    def may_be_hidden(self, rule_id: str, target: str) -> bool:
        """Return whether a finding that an exception names may be there, and could not be checked."""
        if target in self._organizations:
            organization = self._organizations[target]
            return organization.error is not None or any(key[:2] == (rule_id, target) for key in self._uncertain)
        places = self._places.get(target, [])
        if places:
            return any((rule_id, *place) in self._uncertain for place in places)
        return any(
            organization.error is not None or bool(set(LISTS.values()) & set(organization.unknown))
            for organization in self._organizations.values()
        )


def _is_gone(organization: Organization, kind: str | None) -> bool:
    """Return whether a credential that was not found does not exist any more: its list was read, and was complete."""
    names = [LISTS[kind]] if kind in LISTS else list(LISTS.values())
    return not set(names) & set(organization.unknown)


def _was_read(credential: Credential, part: str) -> bool:
    """Return whether a part of a credential was read. A part that is not known is a secret."""
    return _PARTS.get(part, "secrets") not in credential.unknown
