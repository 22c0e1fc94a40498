# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Report documents for the tests of the HTML report, of any size, always the same for the same arguments."""

from __future__ import annotations

import collections
import datetime
import random
import typing as t

NOW = datetime.datetime(2026, 11, 25, 6, 0, tzinfo=datetime.timezone.utc)
SEVERITIES = ("critical", "high", "medium", "low", "info")

Document = dict[str, t.Any]

RULES = [
    {
        "id": "open_to_internet",
        "severity": "critical",
        "title": "Open to the internet",
        "meaning": "The credential can be used from any address.",
        "remediation": "Replace the access list by the addresses that use the credential.",
    },
    {
        "id": "org_owner",
        "severity": "high",
        "title": "Organization Owner",
        "meaning": "The credential can change everything in the organization.",
        "remediation": "Give it the least role that it needs.",
    },
    {
        "id": "access_list_not_required",
        "severity": "high",
        "title": "Access list not required",
        "meaning": "A credential without an access list works from any address.",
        "remediation": "Turn on the setting that requires an access list.",
    },
    {
        "id": "secret_expires_soon",
        "severity": "high",
        "title": "Secret expires soon",
        "meaning": "What uses the secret stops working on that day.",
        "remediation": "Add a second secret, give it to what uses the first one, then delete the first one.",
    },
    {
        "id": "unused",
        "severity": "medium",
        "title": "Unused",
        "meaning": "The credential was not used for a long time.",
        "remediation": "Ask its owner, then delete it.",
    },
    {
        "id": "old",
        "severity": "medium",
        "title": "Old",
        "meaning": "The credential was created long ago, and its secret never changed.",
        "remediation": "Create a new one, move what uses it, delete the old one.",
    },
    {
        "id": "not_readable",
        "severity": "medium",
        "title": "Not readable",
        "meaning": "A part of the organization could not be read, so it was not checked.",
        "remediation": "Give the auditing credential the role Organization Read Only.",
    },
    {
        "id": "no_access_list",
        "severity": "low",
        "title": "No access list",
        "meaning": "The credential cannot be used if the organization requires a list.",
        "remediation": "Delete it, or add the addresses that need it.",
    },
    {
        "id": "exception_unmatched",
        "severity": "low",
        "title": "Exception matches nothing",
        "meaning": "An exception names a finding that does not exist.",
        "remediation": "Remove the exception.",
    },
    {
        "id": "usage_unknown",
        "severity": "info",
        "title": "Use unknown",
        "meaning": "Atlas shows the use of a credential only by the entries of its access list.",
        "remediation": "Add an access list.",
    },
]
POLICY = {
    "unused_days": 90,
    "old_days": 365,
    "secret_expiry_days": 30,
    "secret_lifetime_days": 365,
    "widest_ipv4": 16,
    "widest_ipv6": 32,
    "rules": {"project_owner": "off", **{rule["id"]: rule["severity"] for rule in RULES}},
}
_RULES = {rule["id"]: rule for rule in RULES}

_PLACES = ("payments", "search", "billing", "ledger", "mobile", "reports", "fraud", "loyalty", "returns", "catalog")
_USES = ("backup", "terraform", "ci-deploy", "metrics-export", "alerts", "data-loader", "migration", "break-glass")


def identifier(number: int) -> str:
    """Return 24 hexadecimal digits."""
    return f"{number + 0x65A1B2C3:08x}{number * 2654435761 % (1 << 64):016x}"


def moment(days_ago: float) -> str:
    """Return a time as Atlas writes it."""
    return (NOW - datetime.timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def organization(number: int, **values: t.Any) -> Document:
    """Return an audited organization."""
    return {
        "id": identifier(number),
        "name": f"{_PLACES[number % len(_PLACES)]}-{'prod' if number % 2 else 'test'}-{number}",
        "audited": True,
        "error": None,
        "settings": {
            "api_access_list_required": number % 3 != 0,
            "max_service_account_secret_validity_in_hours": None if number % 4 == 0 else 8760,
            "multi_factor_auth_required": True,
            "security_contact": "security@example.com",
        },
        "findings": {},
        **values,
    }


def credential(number: int, owner: Document, **values: t.Any) -> Document:
    """Return an API key of the organization, of which everything is known."""
    return {
        "kind": "api_key",
        "id": identifier(10_000 + number),
        "name": f"{_USES[number % len(_USES)]} {number}",
        "org_id": owner["id"],
        "org_name": owner["name"],
        "public_key": f"k{number:07d}",
        "created_at": moment(100),
        "created_by": "ada@example.com",
        "org_roles": ["ORG_READ_ONLY"],
        "projects": [],
        "access_list": [],
        "reach": "nowhere",
        "addresses": 0,
        "usage": "used",
        "last_used_at": moment(1),
        "known_since": None,
        "system_managed": None,
        "secrets": None,
        "unknown": [],
        "severity": None,
        **values,
    }


def finding(rule: str, owner: Document | None, about: Document | None = None, **values: t.Any) -> Document:
    """Return a finding about a credential, or about the organization itself."""
    return {
        "rule": rule,
        "severity": _RULES[rule]["severity"],
        "title": _RULES[rule]["title"],
        "org_id": owner["id"] if owner else "",
        "credential_id": about["id"] if about else None,
        "detail": None,
        "subject": f"{about['name'] if about else owner['name'] if owner else 'exceptions'}",
        "evidence": "What was seen.",
        "remediation": _RULES[rule]["remediation"],
        "status": None,
        "accepted": None,
        **values,
    }


def entry(cidr: str, **values: t.Any) -> Document:
    """Return an entry of an access list."""
    nothing = {"created_at": moment(300), "last_used_at": None, "last_used_address": None, "requests": None}
    return {"cidr": cidr, **nothing, **values}


def document(
    organizations: t.Sequence[Document],
    credentials: t.Sequence[Document],
    findings: t.Sequence[Document],
    *,
    resolved: t.Sequence[Document] = (),
    not_checked: t.Sequence[Document] = (),
    baseline: bool = False,
) -> Document:
    """Return the report document with its counts."""
    kinds = collections.Counter(each["kind"] for each in credentials)
    counted = [each for each in findings if each["accepted"] is None]
    severities = collections.Counter(each["severity"] for each in counted)
    status = collections.Counter(each["status"] for each in counted)
    compared = {
        "new": status["new"],
        "known": status["known"],
        "resolved": len(resolved),
        "not_checked": len(not_checked),
    }
    by_organization = collections.Counter((each["org_id"], each["severity"]) for each in counted)
    for each in organizations:
        each["findings"] = {severity: by_organization[each["id"], severity] for severity in SEVERITIES}
    return {
        "schema_version": "1.0",
        "generated_at": moment(0),
        "policy": POLICY,
        "summary": {
            "organizations": len(organizations),
            "not_audited": sum(not each["audited"] for each in organizations),
            "credentials": len(credentials),
            "api_keys": kinds["api_key"],
            "service_accounts": kinds["service_account"],
            "findings": {severity: severities[severity] for severity in SEVERITIES},
            "accepted": len(findings) - len(counted),
            "baseline": compared if baseline else None,
        },
        "rules": RULES,
        "organizations": list(organizations),
        "credentials": list(credentials),
        "findings": list(findings),
        "resolved": list(resolved),
        "not_checked": list(not_checked),
    }


def sample(organizations: int = 12, credentials: int = 400) -> Document:
    """Return a report as a company may get it: mixed findings, two organizations that failed, a baseline."""
    chance = random.Random(14)
    owners = [organization(number) for number in range(organizations)]
    owners[1].update(
        audited=False,
        settings=None,
        error="403: the key has no access to this organization (IP_ADDRESS_NOT_ON_ACCESS_LIST).",
    )
    if organizations > 4:
        owners[4].update(audited=False, settings=None, error="Connection failed: the time to connect (30 s) was over.")
    read = [owner for owner in owners if owner["audited"]]
    made = [_sample_credential(number, read[number % len(read)], chance) for number in range(credentials)]
    findings = [found for each in made for found in _sample_findings(each, chance)]
    for owner in read:
        if not owner["settings"]["api_access_list_required"]:
            evidence = "The setting api_access_list_required is false."
            findings.append(finding("access_list_not_required", owner, evidence=evidence, status="known"))
    for owner in owners:
        if not owner["audited"]:
            findings.append(
                finding("not_readable", owner, evidence=f"It was not audited: {owner['error']}", status="new")
            )
    unmatched = f"The exception for org_owner of {identifier(99_999)} matches nothing."
    findings.append(finding("exception_unmatched", None, evidence=unmatched, status="new"))
    resolved = [finding("unused", read[0], each, evidence="Not used since 2026-01-12.") for each in made[:3]]
    return document(owners, made, findings, resolved=resolved, baseline=True)


def _sample_credential(number: int, owner: Document, chance: random.Random) -> Document:
    created, used = chance.randint(20, 1500), chance.choice([0, 1, 3, 12, 45, 130, 260, 600, None, None])
    used = None if used is None else min(used, created)
    cidr, addresses = chance.choice(
        [("0.0.0.0/0", 1 << 32), ("192.0.2.0/24", 256), ("198.51.100.7/32", 1), ("2001:db8::/32", 1 << 96)]
    )
    reach = "anywhere" if cidr == "0.0.0.0/0" else "listed"
    seen = (
        {"last_used_at": moment(used), "last_used_address": "192.0.2.17", "requests": chance.randint(1, 90_000)}
        if used is not None
        else {}
    )
    values: Document = {
        "created_at": chance.choice([moment(created), moment(created), None]),
        "created_by": chance.choice(["ada@example.com", "grace@example.com", None]),
        "org_roles": chance.choice(
            [["ORG_OWNER"], ["ORG_READ_ONLY"], ["ORG_MEMBER"], ["ORG_MEMBER", "ORG_BILLING_ADMIN"]]
        ),
        "projects": [
            {"id": identifier(500 + number), "name": "core", "roles": ["GROUP_OWNER"]},
            {"id": identifier(600 + number), "name": None, "roles": ["GROUP_READ_ONLY"]},
        ],
        "access_list": [entry(cidr, **seen), entry("203.0.113.9/32")],
        "reach": reach,
        "addresses": addresses,
        "usage": "unused" if used is None or used > 90 else "used",
        "last_used_at": None if used is None else moment(used),
    }
    if number % 11 == 0:
        values.update(access_list=None, reach="unknown", addresses=None, usage="unknown", last_used_at=None)
    if number % 4 == 0:
        expires = chance.choice([-40, -3, 5, 20, 60, 120, 300, 700])
        secret = {
            "id": identifier(700 + number),
            "created_at": moment(200),
            "expires_at": moment(-expires),
            "last_used_at": None,
            "masked_secret_value": "mdb_sa_sk_...abc",
        }
        values.update(
            kind="service_account",
            id=f"mdb_sa_id_{identifier(number)}",
            public_key=None,
            secrets=[secret] if number % 3 else None,
        )
    return credential(number, owner, **values)


def _sample_findings(about: Document, chance: random.Random) -> list[Document]:
    owner = {"id": about["org_id"], "name": about["org_name"]}
    found: list[tuple[str, str]] = []
    if about["reach"] == "anywhere" and chance.random() < 0.2:
        found.append(("open_to_internet", "The access list has 0.0.0.0/0, which is all of IPv4."))
    if "ORG_OWNER" in about["org_roles"] and chance.random() < 0.4:
        found.append(("org_owner", "It has the role ORG_OWNER."))
    if about["usage"] == "unused":
        found.append(("unused", f"Last use: {about['last_used_at'] or 'none recorded'}. The policy allows 90 days."))
    if about["created_at"] and about["created_at"] < moment(365):
        found.append(("old", f"Created at {about['created_at']}. The policy allows 365 days."))
    if about["usage"] == "unknown":
        found.append(("usage_unknown", "The access list could not be read."))
    if any(
        secret["expires_at"] < moment(-30) and secret["expires_at"] > moment(0) for secret in about["secrets"] or ()
    ):
        found.append(("secret_expires_soon", f"The secret expires at {about['secrets'][0]['expires_at']}."))
    accepted = {"reason": "Break-glass key, kept in the safe. Ticket SEC-481.", "until": "2027-03-31"}
    return [
        finding(
            rule,
            owner,
            about,
            evidence=evidence,
            status=chance.choice(["known", "known", "known", "new"]),
            accepted=accepted if chance.random() < 0.05 else None,
        )
        for rule, evidence in found
    ]
