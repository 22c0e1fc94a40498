# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An earlier report, and what has changed since: which findings are new, known, resolved, or could not be checked.

A finding is known if the baseline contains it, with these exceptions, which are new: it was accepted and is not any
more; it got worse (a higher severity, a wider network); or it made the gate fail. So a baseline that advances by itself
stays red until the cause is fixed, accepted or acknowledged.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.coverage import Coverage
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    OFF,
    SEVERITIES,
    Acceptance,
    BaselineRow,
    BigNumber,
    FindingRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.exceptions import Key as ExceptionKey
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.exceptions import Memory
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.findings import (
    Identity,
    fingerprint,
    identity,
    identity_of,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    SERVICE_ACCOUNT,
    AuditError,
    Organization,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import RANK, is_open
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import (
    days_between,
    parse_time,
    time_text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import (
    MAX_CLOCK_SKEW,
    Raw,
    dicts,
    text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.roles import ORG_OWNER, PROJECT_OWNER
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.inventory import legacy_api_key
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.reading import not_readable
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import OF_EXCEPTIONS
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.roles import new_owner, project_owner
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Owners

_VERSIONS: t.Final = ("1", "2")
_KINDS: t.Final = (API_KEY, SERVICE_ACCOUNT)


@dataclasses.dataclass(frozen=True)
class Baseline:
    """What is used of an earlier report.

    :param findings: what it found, and what it carried from the one before.
    :param carried: which of them it carried.
    :param kinds: of credentials, by organization and ID.
    :param owners: by organization and kind; a kind is missing whose list was not read.
    """

    generated_at: datetime.datetime
    failed: bool
    findings: dict[Identity, FindingRow]
    carried: frozenset[Identity]
    organizations: frozenset[str]
    kinds: dict[tuple[str, str], str]
    owners: dict[str, dict[str, frozenset[str]]]
    memories: dict[ExceptionKey, Memory]

    def known_owners(self) -> dict[str, Owners]:
        """Return the owners by organization, with those that were new and that nobody has accepted or acknowledged."""
        still_new = {
            (row["org_id"], f"{row['credential_id']} {row['detail']}")
            for row in self.findings.values()
            if row["rule"] == new_owner.id and row["status"] == "new" and is_open(row)
        }
        return {
            org_id: Owners(by_kind, frozenset(owner for place, owner in still_new if place == org_id))
            for org_id, by_kind in self.owners.items()
        }

    def row(self, organizations: list[Organization], now: datetime.datetime) -> BaselineRow:
        """Return it as the report contains it."""
        org_ids = {organization.id for organization in organizations}
        return {
            "generated_at": time_text(self.generated_at) or "",
            "age_days": max(0, days_between(self.generated_at, now)),
            "organizations": sorted(org_ids & self.organizations),
            "missing": sorted(self.organizations - org_ids),
            "added": sorted(org_ids - self.organizations),
            "failed": self.failed,
        }


def read_baseline(value: object, now: datetime.datetime) -> Baseline | None:
    """Return the report that an earlier audit wrote as JSON.

    What that audit could not check was found by one before it, and is compared as well. Otherwise it would be new as
    soon as it can be checked again. If a finding is in both lists, what that audit has found itself counts.

    :raises AuditError: if it is anything else, or from the future.
    """
    if value is None:
        return None
    document: Raw = value if isinstance(value, dict) else {}
    version = (text(document.get("schema_version")) or "").split(".")[0]
    lists = {
        name: dicts(document.get(name, default))
        for name, default in (("findings", None), ("credentials", None), (_carried(version), []), ("organizations", []))
    }
    if version not in _VERSIONS or None in lists.values():
        raise AuditError("The baseline must be a JSON report of an earlier audit, with schema_version 1 or 2.")
    findings, credentials, carried, organizations = (found or [] for found in lists.values())
    generated_at = parse_time(document.get("generated_at"))
    if generated_at is None:
        raise AuditError("The baseline must say in generated_at when it was made.")
    if generated_at - now > MAX_CLOCK_SKEW:
        raise AuditError(f"The baseline is from the future: it was made at {time_text(generated_at)}.")
    carried_rows = [row for row in _rows(carried, generated_at) if not _is_of_whole_organization(row)]
    rows = {identity_of(row): row for row in carried_rows}
    found = {identity_of(row): row for row in _rows(findings, generated_at)}
    gate = document.get("gate")
    baseline = Baseline(
        generated_at,
        isinstance(gate, dict) and gate.get("failed") is True,
        {**rows, **found},
        frozenset(rows.keys() - found.keys()),
        frozenset(text(row.get("id")) or "" for row in organizations),
        {(str(row.get("org_id")), str(row.get("id"))): str(row.get("kind")) for row in credentials},
        {},
        _memories(document.get("exceptions")),
    )
    if version == "1":
        return _upgrade(baseline, credentials)
    return dataclasses.replace(baseline, owners={str(row.get("id")): _owners(row) for row in organizations})


def _carried(version: str) -> str:
    return "not_checked" if version == "1" else "carried"


def _rows(raws: list[Raw], generated_at: datetime.datetime) -> list[FindingRow]:
    return [_finding(raw, time_text(generated_at) or "") for raw in raws]


def _is_of_whole_organization(row: FindingRow) -> bool:
    """Return whether the organization was not audited. Its ID may be a host's name, which would be carried forever."""
    return row["rule"] == not_readable.id and row["detail"] == "organization"


def _finding(raw: Raw, generated_at: str) -> FindingRow:
    if not text(raw.get("rule")) or raw.get("severity") not in SEVERITIES:
        raise AuditError("The baseline contains a finding without a rule or with an unknown severity.")
    rule, org_id = text(raw["rule"]) or "", text(raw.get("org_id")) or ""
    credential_id, detail = text(raw.get("credential_id")), text(raw.get("detail"))
    return {
        "fingerprint": fingerprint(identity(rule, org_id, credential_id, detail)),
        "rule": rule,
        "severity": raw["severity"],
        "title": text(raw.get("title")) or "",
        "org_id": org_id,
        "credential_id": credential_id,
        "detail": detail,
        "subject": text(raw.get("subject")) or "",
        "evidence": text(raw.get("evidence")) or "",
        "remediation": text(raw.get("remediation")) or "",
        "addresses": _number(raw.get("addresses")),
        "status": "new" if raw.get("status") == "new" else "known",
        "worse": text(raw.get("worse")),
        "first_seen": time_text(parse_time(raw.get("first_seen"))) or generated_at,
        "fails_gate": raw.get("fails_gate") is True,
        "failed_gate": raw.get("failed_gate", raw.get("fails_gate")) is True,
        "accepted": _accepted(raw.get("accepted")),
        "task": text(raw.get("task")),
        "exception": text(raw.get("exception")),
    }


def _number(raw: object) -> BigNumber | None:
    is_number = isinstance(raw, int) and not isinstance(raw, bool)
    return t.cast(BigNumber, raw) if is_number or (isinstance(raw, str) and raw.isdecimal() and raw.isascii()) else None


def _accepted(raw: object) -> Acceptance | None:
    if not isinstance(raw, dict):
        return None
    return {"reason": text(raw.get("reason")) or "", "until": text(raw.get("until")) or ""}


def _memories(raw: object) -> dict[ExceptionKey, Memory]:
    found: dict[ExceptionKey, Memory] = {}
    for row in dicts(raw) or []:
        key = (text(row.get("rule")) or "", text(row.get("id")) or "", text(row.get("detail")))
        accepts = dicts(row.get("accepts"))
        remembered = None
        if accepts is not None:
            numbers = ((text(one.get("fingerprint")) or "", _number(one.get("addresses"))) for one in accepts)
            remembered = {name: None if number is None else int(number) for name, number in numbers}
        found[key] = Memory(text(row.get("reason")) or "", text(row.get("until")) or "", remembered)
    return found


def _owners(organization: Raw) -> dict[str, frozenset[str]]:
    owners = organization.get("owners")
    given = owners if isinstance(owners, dict) else {}
    return {
        kind: frozenset(owner for owner in map(text, given[kind]) if owner)
        for kind in _KINDS
        if isinstance(given.get(kind), list)
    }


def _upgrade(baseline: Baseline, credentials: list[Raw]) -> Baseline:
    """Return a baseline of version 1 as the same audit would have written it in version 2."""
    projects: dict[tuple[str, str], list[str]] = {}
    owners: dict[str, dict[str, frozenset[str]]] = {org_id: {} for org_id in baseline.organizations}
    for row in credentials:
        org_id, credential_id, kind = str(row.get("org_id")), str(row.get("id")), str(row.get("kind"))
        owned = [str(each.get("id")) for each in dicts(row.get("projects")) or [] if _contains(each, PROJECT_OWNER)]
        projects[org_id, credential_id] = owned
        roles = row.get("org_roles")
        details = [*owned, *([ORG_OWNER] if isinstance(roles, list) and ORG_OWNER in roles else [])]
        by_kind = owners.setdefault(org_id, {})
        by_kind[kind] = by_kind.get(kind, frozenset()) | {f"{credential_id} {detail}" for detail in details}
    findings: dict[Identity, FindingRow] = {}
    carried = set()
    for key, finding in baseline.findings.items():
        for row in _upgrade_finding(finding, projects):
            findings[identity_of(row)] = row
            if key in baseline.carried:
                carried.add(identity_of(row))
    for org_id, by_kind in owners.items():
        for kind, part in ((API_KEY, "api_keys"), (SERVICE_ACCOUNT, "service_accounts")):
            if identity(not_readable.id, org_id, None, part) in findings:
                by_kind.pop(kind, None)
            else:
                by_kind.setdefault(kind, frozenset())
    return dataclasses.replace(baseline, findings=findings, carried=frozenset(carried), owners=owners)


def _contains(project: Raw, role: str) -> bool:
    return isinstance(project.get("roles"), list) and role in project["roles"]


def _upgrade_finding(finding: FindingRow, projects: t.Mapping[tuple[str, str], list[str]]) -> list[FindingRow]:
    """Return what a finding of version 1 is now: one for each project, or one for all API keys of an organization."""
    if finding["rule"] == project_owner.id and not finding["detail"]:
        details: list[str | None] = [*projects.get((finding["org_id"], finding["credential_id"] or ""), [])]
        return [_with(finding, finding["credential_id"], detail) for detail in details or [None]]
    if finding["rule"] == legacy_api_key.id:
        return [_with(finding, None, None)]
    return [finding]


def _with(finding: FindingRow, credential_id: str | None, detail: str | None) -> FindingRow:
    key = identity(finding["rule"], finding["org_id"], credential_id, detail)
    return {**finding, "fingerprint": fingerprint(key), "credential_id": credential_id, "detail": detail}


def check_organizations(baseline: Baseline, organizations: list[Organization]) -> None:
    """Check that the baseline is about at least one of the organizations.

    One that was not audited says nothing about that: its ID may be the name of a host.

    :raises AuditError: if it is about others.
    """
    org_ids = {organization.id for organization in organizations if organization.error is None}
    if org_ids and baseline.organizations and not org_ids & baseline.organizations:
        there, here = sorted(baseline.organizations)[0], sorted(org_ids)[0]
        raise AuditError(f"The baseline is about other organizations: it contains {there}, and not {here}.")


def split(
    baseline: Baseline, findings: list[FindingRow], coverage: Coverage, policy: Policy, *, acknowledge: bool
) -> tuple[list[FindingRow], list[FindingRow]]:
    """Return the findings of the baseline that are gone: those that are resolved, and those that could not be checked.

    A finding of a rule that is switched off, or does not exist, is neither. Findings about exceptions come later.

    :param acknowledge: whether findings of organizations that are not part of this audit are forgotten.
    """
    present = {identity_of(finding) for finding in findings}
    resolved, carried = [], []
    for key, finding in baseline.findings.items():
        if key in present or finding["rule"] in OF_EXCEPTIONS or not coverage.is_in_effect(finding["rule"]):
            continue
        if coverage.was_checked(finding, baseline.kinds.get((finding["org_id"], key[2]))):
            resolved.append(finding)
        elif coverage.is_audited(finding["org_id"]) or not acknowledge:
            carried.append(_carry(finding, policy))
    return resolved, carried


def split_exceptions(
    baseline: Baseline, findings: list[FindingRow], hidden: t.Collection[Identity], policy: Policy
) -> tuple[list[FindingRow], list[FindingRow]]:
    """Return the same for findings about exceptions.

    :param hidden: those of which it could not be checked whether they are true.
    """
    present = {identity_of(finding) for finding in findings}
    gone = [
        (key, finding)
        for key, finding in baseline.findings.items()
        if finding["rule"] in OF_EXCEPTIONS and key not in present and policy.severities[finding["rule"]] != OFF
    ]
    resolved = [finding for key, finding in gone if key not in hidden]
    return resolved, [_carry(finding, policy) for key, finding in gone if key in hidden]


def _carry(finding: FindingRow, policy: Policy) -> FindingRow:
    """Return a finding with the severity of today, to be accepted and compared again."""
    return {**finding, "severity": policy.severities[finding["rule"]], "accepted": None, "fails_gate": False}


def set_status(findings: t.Iterable[FindingRow], baseline: Baseline, *, acknowledge: bool) -> None:
    """Set status and age of findings of this audit, or of those that it could not check.

    :param acknowledge: whether all are taken as known.
    """
    for finding in findings:
        _set_status(finding, baseline, acknowledge)


def _set_status(finding: FindingRow, baseline: Baseline, acknowledge: bool) -> None:
    key = identity_of(finding)
    before = baseline.findings.get(key)
    if before is None:
        finding["status"] = "known" if acknowledge else "new"
        return
    finding["first_seen"] = before["first_seen"]
    was_accepted = not is_open(before) and is_open(finding)
    was_carried = key in baseline.carried and before["status"] == "new"
    worse = _worse(finding, before) or (before["worse"] if before["failed_gate"] else None)
    if acknowledge or not (was_accepted or was_carried or worse or before["failed_gate"]):
        finding["status"], finding["worse"], finding["failed_gate"] = "known", None, False
    else:
        finding["status"], finding["worse"], finding["failed_gate"] = "new", worse, before["failed_gate"]


def _worse(finding: FindingRow, before: FindingRow) -> str | None:
    if RANK[finding["severity"]] < RANK[before["severity"]]:
        return f"Its severity was {before['severity']}."
    now, then = finding["addresses"], before["addresses"]
    if now is not None and then is not None and int(now) > int(then):
        return f"It allowed {int(then):,} addresses."
    return None
