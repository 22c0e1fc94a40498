# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report as JSON lines of the Open Cybersecurity Schema Framework, for SIEMs: Compliance Finding, class 2003.

Each line is an event: one for each organization, one for each finding, one for the checks of a rule that could not be
made for one reason, and one for each rule that found nothing in an organization. The schema defines a compliance status
of *Warning* as "did not yield a result due to missing information", which is what "not checked" means here.

Source: the classes ``compliance_finding`` and ``finding`` and the objects that they contain, at schema.ocsf.io, version
1.5.0.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    Acceptance,
    CredentialRow,
    Document,
    FindingRow,
    NotCheckedRow,
    OrganizationRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import (
    KINDS,
    not_checked_text,
    number,
    state_text,
    why_not_checked,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time

_VERSION: t.Final = "1.5.0"  # of the schema
_PRODUCT: t.Final = {"name": "mongodb_atlas.admin", "vendor_name": "Contributors to the mongodb_atlas.admin collection"}
_CLASS: t.Final = 2003
_CREATE, _UPDATE, _CLOSE = (1, "Create"), (2, "Update"), (3, "Close")
_PASS, _WARNING, _FAIL = (1, "Pass"), (2, "Warning"), (3, "Fail")
_NEW, _SUPPRESSED, _RESOLVED, _KNOWN = (1, "New"), (3, "Suppressed"), (4, "Resolved"), (99, "Known")
_SEVERITIES: t.Final = {
    "critical": (5, "Critical"),
    "high": (4, "High"),
    "medium": (3, "Medium"),
    "low": (2, "Low"),
    "info": (1, "Informational"),
}
_OWN_STANDARD: t.Final = "mongodb_atlas.admin audit"  # the schema requires one; not every rule has a control
_ORGANIZATION_AUDITED: t.Final = "organization_audited"  # the check behind the event of an organization

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def render(document: Document) -> str:
    """Return one event a line."""
    return "".join(write_events(document))


def write_events(document: Document) -> t.Iterator[str]:
    """Yield one event a line. There may be more than 100,000."""
    events = _Events(document)
    lines = itertools.chain(
        map(events.organization, document["organizations"]),
        map(events.finding, document["findings"]),
        map(events.resolved, document["resolved"]),
        map(events.carried, document["carried"]),
        map(events.not_checked, document["not_checked"]),
        events.passed(document),
    )
    return (f"{_on_one_line(line)}\n" for line in lines)


def _on_one_line(line: str) -> str:
    """Escape what JSON may contain as it is and programs take for the end of a line (Unicode Standard, 5.8)."""
    return line if line.isascii() else line.translate(_LINE_ENDS)


_LINE_ENDS: t.Final = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}


class _Events:
    """Makes events. What many of them share is encoded once: there may be 100,000."""

    def __init__(self, document: Document) -> None:
        time = parse_time(document["generated_at"])
        self._time = int(time.timestamp() * 1000) if time else 0
        self._rules = {rule["id"]: rule for rule in document["rules"]}
        self._organizations = {row["id"]: row for row in document["organizations"]}
        self._credentials = {(row["org_id"], row["id"]): row for row in document["credentials"]}
        self._resources: dict[tuple[str, str | None], str] = {}
        self._heads: dict[t.Any, str] = {}

    def finding(self, row: FindingRow) -> str:
        """Return the event of a finding that is there."""
        activity = _UPDATE if row["status"] == "known" else _CREATE
        status = _SUPPRESSED if not is_open(row) else _KNOWN if row["status"] == "known" else _NEW
        return self._finding(row, activity, status, _FAIL)

    def resolved(self, row: FindingRow) -> str:
        """Return the event of a finding of the baseline that is gone."""
        return self._finding(row, _CLOSE, _RESOLVED, _PASS)

    def carried(self, row: FindingRow) -> str:
        """Return the event of a finding of the baseline that could not be checked again."""
        return self._finding(row, _UPDATE, _KNOWN, _WARNING, "It could not be checked again.")

    def _finding(
        self,
        row: FindingRow,
        activity: tuple[int, str],
        status: tuple[int, str],
        compliance: tuple[int, str],
        *details: str,
    ) -> str:
        head = self._head(row["rule"], row["severity"], activity, status, compliance, *details)
        info: dict[str, t.Any] = {
            "uid": row["fingerprint"],
            "title": row["title"],
            "desc": row["evidence"],
            "types": [row["rule"]],
        }
        if first_seen := parse_time(row["first_seen"]):
            info["first_seen_time"] = int(first_seen.timestamp() * 1000)
        accepted = row["accepted"]
        comment = f',"comment":{_encode(_acceptance(accepted))}' if accepted else ""
        resources = self._resource(row["org_id"], row["credential_id"], row["subject"])
        remediation = _encode({"desc": row["remediation"]})
        message = _encode(f"{row['subject']}: {row['evidence']}")
        return (
            f'{head},"finding_info":{_encode(info)},"remediation":{remediation},"resources":[{resources}]'
            f',"message":{message}{comment}}}'
        )

    def not_checked(self, row: NotCheckedRow) -> str:
        """Return the event of checks of one rule that could not be made."""
        detail = why_not_checked(row)
        what = not_checked_text(row)
        identity = ("not_checked", row["rule"], row["org_id"], row["kind"], row["part"], row["cause"], row["reason"])
        head = self._head(row["rule"], row["severity"], _CREATE, None, _WARNING, detail)
        title = f"Not checked: {row['title']}"
        return self._plain(head, row["rule"], row["org_id"], identity, title, f"{what}: {detail}", row["remediation"])

    def organization(self, row: OrganizationRow) -> str:
        """Return the event that says whether an organization was audited."""
        state = state_text(row)
        checks = sum(row["checks_not_made"].values())
        detail = row["error"] or (f"{number(checks, 'check')} could not be made." if checks else "Everything was read.")
        severity = "info" if row["state"] == AUDITED else "high" if row["state"] == NOT_AUDITED else "medium"
        compliance = _PASS if row["state"] == AUDITED else _WARNING
        head = self._head(_ORGANIZATION_AUDITED, severity, _CREATE, None, compliance, detail, row["state"])
        identity = (_ORGANIZATION_AUDITED, row["id"])
        return self._plain(head, _ORGANIZATION_AUDITED, row["id"], identity, f"Organization {state}", detail, None)

    def passed(self, document: Document) -> t.Iterator[str]:
        """Yield the events of the rules that were checked in an organization and found nothing there."""
        seen = {(row["org_id"], row["rule"]) for row in (*document["findings"], *document["not_checked"])}
        for organization in document["organizations"]:
            if organization["state"] == NOT_AUDITED:
                continue
            for rule in document["rules"]:
                if rule["applied"] and (organization["id"], rule["id"]) not in seen:
                    identity = ("passed", rule["id"], organization["id"])
                    head = self._head(rule["id"], "info", _CREATE, None, _PASS)
                    text = "Nothing was found."
                    yield self._plain(head, rule["id"], organization["id"], identity, rule["title"], text, None)

    def _plain(
        self,
        head: str,
        rule: str,
        org_id: str,
        identity: tuple[str, ...],
        title: str,
        desc: str,
        remediation: str | None,
    ) -> str:
        uid = hashlib.sha256("\0".join(identity).encode("utf-8", "replace")).hexdigest()[:32]
        info = _encode({"uid": uid, "title": title, "desc": desc, "types": [rule]})
        todo = f',"remediation":{_encode({"desc": remediation})}' if remediation else ""
        resource = self._resource(org_id, None, "")
        return f'{head},"finding_info":{info}{todo},"resources":[{resource}],"message":{_encode(f"{title}: {desc}")}}}'

    def _head(
        self,
        rule: str,
        severity: str,
        activity: tuple[int, str],
        status: tuple[int, str] | None,
        compliance: tuple[int, str],
        *details: str,
    ) -> str:
        """Return the beginning of an event, without the brace that closes it.

        :param details: the reason in words, then a code of ours, if there is one.
        """
        key = rule, severity, activity, status, compliance, details
        if key not in self._heads:
            self._heads[key] = _encode(self._event(*key)).removesuffix("}")
        return self._heads[key]

    def _event(
        self,
        rule: str,
        severity: str,
        activity: tuple[int, str],
        status: tuple[int, str] | None,
        compliance: tuple[int, str],
        details: tuple[str, ...],
    ) -> dict[str, t.Any]:
        controls = self._rules[rule]["controls"] if rule in self._rules else []
        standards = list(dict.fromkeys(control["framework"] for control in controls))
        return {
            "activity_id": activity[0],
            "activity_name": activity[1],
            "category_uid": 2,
            "category_name": "Findings",
            "class_uid": _CLASS,
            "class_name": "Compliance Finding",
            "type_uid": _CLASS * 100 + activity[0],
            "type_name": f"Compliance Finding: {activity[1]}",
            "time": self._time,
            "severity_id": _SEVERITIES[severity][0],
            "severity": _SEVERITIES[severity][1],
            **({"status_id": status[0], "status": status[1]} if status else {}),
            "metadata": {"version": _VERSION, "product": _PRODUCT},
            "compliance": {
                "control": rule,
                "standards": standards or [_OWN_STANDARD],
                "requirements": [f"{one['framework']} {one['id']} {one['title']}" for one in controls],
                "status_id": compliance[0],
                "status": compliance[1],
                **dict(zip(("status_detail", "status_code"), details)),
            },
        }

    def _resource(self, org_id: str, credential_id: str | None, subject: str) -> str:
        """Return what an event is about."""
        if not org_id:
            return _encode({"type": "Exception", "name": subject})
        key = org_id, credential_id
        if key not in self._resources:
            credential = self._credentials.get((org_id, credential_id or ""))
            self._resources[key] = _encode(self._describe(org_id, credential_id, credential, subject))
        return self._resources[key]

    def _describe(
        self, org_id: str, credential_id: str | None, credential: CredentialRow | None, subject: str
    ) -> dict[str, t.Any]:
        organization = self._organizations.get(org_id)
        name = organization["name"] if organization else org_id
        if credential_id is None:
            return {"type": "Organization", "uid": org_id, "name": name}
        kind = KINDS.get(credential["kind"], credential["kind"]) if credential else "Credential"
        group = {"type": "Organization", "uid": org_id, "name": name}
        return {"type": f"{kind[:1].upper()}{kind[1:]}", "uid": credential_id, "name": subject, "group": group}


def _acceptance(accepted: Acceptance) -> str:
    return f"Accepted until {accepted['until']}: {accepted['reason']}"
