# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Report documents for the tests of the HTML report, of any size, always the same for the same arguments."""

from __future__ import annotations

import collections
import datetime
import hashlib
import random
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import (
    Order,
    by_severity,
    count,
    credential_key,
    is_open,
    organization_key,
    worst,
)

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
    "rotation_days": 14,
    "widest_ipv4": 16,
    "widest_ipv6": 32,
    "most_addresses": 1_048_576,
    "most_owners": 3,
    "privileged_roles": ["ORG_BILLING_ADMIN", "GROUP_CLUSTER_MANAGER"],
    "rules": {"project_owner": "off", **{rule["id"]: rule["severity"] for rule in RULES}},
}
LEAST_PRIVILEGE = {"framework": "NIST SP 800-53 rev. 5", "id": "AC-6", "title": "Least Privilege"}
_CONTROLS = {"org_owner": [LEAST_PRIVILEGE]}
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
    """Return an audited organization. `document` counts what is in it."""
    return {
        "id": identifier(number),
        "name": f"{_PLACES[number % len(_PLACES)]}-{'prod' if number % 2 else 'test'}-{number}",
        "state": "audited",
        "error": None,
        "unread": [],
        "settings": {
            "api_access_list_required": number % 3 != 0,
            "max_service_account_secret_validity_in_hours": None if number % 4 == 0 else 8760,
            "multi_factor_auth_required": True,
            "security_contact": "security@example.com",
        },
        "projects": 2,
        "events": 40,
        "caller": None,
        "owners": {"api_key": [], "service_account": []},
        **values,
    }


def failed_organization(number: int, error: str = "401", **values: t.Any) -> Document:
    """Return an organization of which nothing was read."""
    nothing = dict.fromkeys(("settings", "projects", "events", "api_keys", "service_accounts"))
    return organization(number, state="not_audited", error=error, **{**nothing, **values})


def part(name: str, **values: t.Any) -> Document:
    """Return a part of an organization that the reader may not read."""
    return {
        "part": name,
        "cause": "access_denied",
        "reason": "Atlas denied access.",
        "role": "Organization Owner",
        "remediation": "Give the reader the role.",
        **values,
    }


def credential(number: int, owner: Document, **values: t.Any) -> Document:
    """Return an API key of the organization, of which everything is known."""
    return {
        "rank": 0,
        "kind": "api_key",
        "id": identifier(10_000 + number),
        "name": f"{_USES[number % len(_USES)]} {number}",
        "description": None,
        "org_id": owner["id"],
        "org_name": owner["name"],
        "public_key": f"k{number:07d}",
        "is_caller": False,
        "created_at": moment(100),
        "age_source": "event",
        "created_by": "ada@example.com",
        "created_from": None,
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
        "not_checked": [],
        **values,
    }


def finding(rule: str, owner: Document | None, about: Document | None = None, **values: t.Any) -> Document:
    """Return a finding about a credential, or about the organization itself."""
    org_id, credential_id = owner["id"] if owner else "", about["id"] if about else None
    identity = f"{rule} {org_id} {credential_id}".encode("utf-8", "replace")
    return {
        "fingerprint": hashlib.sha256(identity).hexdigest()[:32],
        "rule": rule,
        "severity": _RULES[rule]["severity"],
        "title": _RULES[rule]["title"],
        "org_id": org_id,
        "credential_id": credential_id,
        "detail": None,
        "subject": f"{about['name'] if about else owner['name'] if owner else 'exceptions'}",
        "evidence": "What was seen.",
        "remediation": _RULES[rule]["remediation"],
        "addresses": None,
        "status": None,
        "worse": None,
        "first_seen": moment(3),
        "fails_gate": False,
        "failed_gate": False,
        "accepted": None,
        "task": None,
        "exception": f"- rule: {rule}\n  id: {credential_id or org_id}\n  reason: ''\n  until: 2027-03-31\n",
        **values,
    }


def not_checked(rule: str, owner: Document, *about: Document, **values: t.Any) -> Document:
    """Return checks of a rule that could not be made: of credentials, or of the organization itself."""
    for each in about:
        each["not_checked"] = sorted({*each["not_checked"], rule})
    return {
        "rule": rule,
        "severity": _RULES[rule]["severity"],
        "title": _RULES[rule]["title"],
        "org_id": owner["id"],
        "kind": about[0]["kind"] if about else "organization",
        "checks": len(about) or 1,
        "credentials": len(about),
        "credential_ids": sorted(each["id"] for each in about),
        "part": "access_list" if about else "settings",
        "cause": "access_denied",
        "reason": "The reader may not read the access list." if about else "The reader may not read the settings.",
        "role": "Organization Owner",
        "remediation": "Give the reader the role.",
        "fails_gate": False,
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
    carried: t.Sequence[Document] = (),
    unmade: t.Sequence[Document] = (),
    baseline: bool = False,
) -> Document:
    """Return the report document in its order, with its counts.

    :param unmade: checks that could not be made.
    """
    order = Order(_RULES, {each["id"]: each["name"] for each in organizations})
    findings = sorted(findings, key=order.finding)
    _count_credentials(credentials, findings)
    _count_organizations(organizations, credentials, findings, unmade, baseline)
    rules = [_rule_row(rule, len(credentials), findings, unmade) for rule in RULES]
    ordered = sorted(
        credentials,
        key=lambda row: credential_key(row, by_severity(_RULES[rule]["severity"] for rule in row["not_checked"])),
    )
    for rank, row in enumerate(ordered, start=1):
        row["rank"] = rank
    return {
        "schema_version": "2.0",
        "generated_at": moment(0),
        "policy": POLICY,
        "summary": _summary(organizations, credentials, findings, unmade, rules)
        | {"baseline": _compared(findings, resolved, carried) if baseline else None},
        "gate": {
            "fail_on": "none",
            "new_only": False,
            "fail_on_not_checked": False,
            "acknowledged": False,
            "failed": False,
            "findings": [],
            "not_checked": [],
            "message": None,
        },
        "baseline": _baseline(organizations) if baseline else None,
        "notices": [],
        "rules": sorted(rules, key=lambda row: order.rule(row["id"], row["severity"])),
        "organizations": sorted(organizations, key=organization_key),
        "credentials": ordered,
        "findings": findings,
        "not_checked": sorted(unmade, key=order.not_checked),
        "resolved": list(resolved),
        "carried": list(carried),
        "exceptions": [],
    }


def _count_credentials(credentials: t.Sequence[Document], findings: t.Sequence[Document]) -> None:
    found = collections.defaultdict(list)
    for each in findings:
        found[each["org_id"], each["credential_id"]].append(each)
    for row in credentials:
        own = found[row["org_id"], row["id"]]
        row.update(findings=count(own), severity=worst(own))


def _count_organizations(
    organizations: t.Sequence[Document],
    credentials: t.Sequence[Document],
    findings: t.Sequence[Document],
    unmade: t.Sequence[Document],
    compared: bool,
) -> None:
    kinds = collections.Counter((each["org_id"], each["kind"]) for each in credentials)
    found = collections.defaultdict(list)
    for each in findings:
        found[each["org_id"]].append(each)
    for row in organizations:
        own = found[row["id"]]
        new = sum(is_open(each) and each["status"] == "new" for each in own)
        missed = [each for each in unmade if each["org_id"] == row["id"]]
        row.setdefault("api_keys", kinds[row["id"], "api_key"])
        row.setdefault("service_accounts", kinds[row["id"], "service_account"])
        row.update(
            findings=count(own),
            accepted=sum(not is_open(each) for each in own),
            new=new if compared else None,
            checks_not_made=_unmade(missed),
        )


def _unmade(rows: t.Iterable[Document]) -> dict[str, int]:
    pairs = [(row["severity"], row["checks"]) for row in rows]
    return by_severity((severity for severity, _checks in pairs), (checks for _severity, checks in pairs))


def _rule_row(rule: Document, subjects: int, findings: t.Sequence[Document], unmade: t.Sequence[Document]) -> Document:
    own = [each for each in findings if each["rule"] == rule["id"]]
    found = len({(each["org_id"], each["credential_id"]) for each in own})
    missed = sum(each["checks"] for each in unmade if each["rule"] == rule["id"])
    return {
        **rule,
        "controls": _CONTROLS.get(rule["id"], []),
        "applied": subjects > missed,
        "found": found,
        "not_found": max(subjects - found - missed, 0),
        "not_checked": missed,
        "findings": sum(map(is_open, own)),
        "accepted": sum(not is_open(each) for each in own),
    }


def _summary(
    organizations: t.Sequence[Document],
    credentials: t.Sequence[Document],
    findings: t.Sequence[Document],
    unmade: t.Sequence[Document],
    rules: t.Sequence[Document],
) -> Document:
    states = collections.Counter(each["state"] for each in organizations)
    kinds = collections.Counter(each["kind"] for each in credentials)
    unread = {kind: sum(each[kind] is None for each in organizations) for kind in ("api_keys", "service_accounts")}
    return {
        "organizations": len(organizations),
        **{state: states[state] for state in ("audited", "partly_audited", "not_audited")},
        "credentials": len(credentials),
        **{
            f"{kind}s": None if organizations and unread[f"{kind}s"] == len(organizations) else kinds[kind]
            for kind in ("api_key", "service_account")
        },
        **{f"{kind}_not_read": unread[kind] for kind in unread},
        "checks": {name: sum(rule[name] for rule in rules) for name in ("found", "not_found", "not_checked")},
        "checks_not_made": _unmade(unmade),
        "findings": count(findings),
        "accepted": sum(not is_open(each) for each in findings),
    }


def _compared(
    findings: t.Sequence[Document], resolved: t.Sequence[Document], carried: t.Sequence[Document]
) -> dict[str, int]:
    status = collections.Counter(each["status"] for each in findings if is_open(each))
    return {"new": status["new"], "known": status["known"], "resolved": len(resolved), "carried": len(carried)}


def _baseline(organizations: t.Sequence[Document]) -> Document:
    ids = [each["id"] for each in organizations]
    return {
        "generated_at": moment(1),
        "age_days": 1,
        "organizations": ids,
        "missing": [],
        "added": [],
        "failed": False,
    }


def sample(organizations: int = 12, credentials: int = 400) -> Document:
    """Return a report as a company may get it: mixed findings, organizations that failed or were partly read."""
    chance = random.Random(14)
    owners = [organization(number) for number in range(organizations)]
    owners[1] = failed_organization(
        1, "403: the key has no access to this organization (IP_ADDRESS_NOT_ON_ACCESS_LIST)."
    )
    if organizations > 4:
        owners[4] = failed_organization(4, "Connection failed: the time to connect (30 s) was over.")
    read = [owner for owner in owners if owner["state"] == "audited"]
    made = [_sample_credential(number, read[number % len(read)], chance) for number in range(credentials)]
    findings = [found for each in made for found in _sample_findings(each, chance)]
    unmade = _sample_unmade(read, made)
    for owner in read:
        if not owner["settings"]["api_access_list_required"]:
            evidence = "The requirement for access lists is off."
            findings.append(finding("access_list_not_required", owner, evidence=evidence, status="known"))
    for owner in owners:
        if owner["state"] == "not_audited":
            findings.append(
                finding("not_readable", owner, evidence=f"It was not audited: {owner['error']}", status="new")
            )
            unmade += [not_checked(rule["id"], owner, part="organization", reason=owner["error"]) for rule in RULES]
    unmatched = f"The exception for org_owner of {identifier(99_999)} matches nothing."
    findings.append(finding("exception_unmatched", None, evidence=unmatched, status="new", exception=None))
    resolved = [finding("unused", read[0], each, evidence="Not used since 2026-01-12.") for each in made[:3]]
    return document(owners, made, findings, resolved=resolved, unmade=unmade, baseline=True)


def _sample_unmade(read: t.Sequence[Document], made: t.Sequence[Document]) -> list[Document]:
    """Return the checks of the credentials whose access lists were not read, and mark their organizations."""
    unmade = []
    for owner in read:
        for kind in ("api_key", "service_account"):
            unread = [
                each
                for each in made
                if each["org_id"] == owner["id"] and each["kind"] == kind and each["access_list"] is None
            ]
            if unread:
                owner["state"] = "partly_audited"
                unmade += [not_checked(rule, owner, *unread) for rule in ("open_to_internet", "unused")]
    return unmade


def _sample_credential(number: int, owner: Document, chance: random.Random) -> Document:
    created, used = chance.randint(20, 1500), chance.choice([0, 1, 3, 12, 45, 130, 260, 600, None, None])
    used = None if used is None else min(used, created)
    cidr, addresses = chance.choice(
        [("0.0.0.0/0", 1 << 32), ("192.0.2.0/24", 256), ("198.51.100.7/32", 1), ("2001:db8::/32", str(1 << 96))]
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


_TASK = """\
- name: Replace the access list
  mongodb_atlas.admin.org_api_key_access_list:
    org_id: "65a1b2c30000000000000000"
    entries:
      - cidr_block: 203.0.113.7/32
    purge: true
"""


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
            task=_TASK if rule == "open_to_internet" else None,
            accepted=accepted if chance.random() < 0.05 else None,
        )
        for rule, evidence in found
    ]
