# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""A finding: what it is about, what identifies it from one report to the next, and how it is written."""

from __future__ import annotations

import hashlib
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    MAX_EXACT_NUMBER,
    BigNumber,
    FindingRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import OF_EXCEPTIONS
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Problem, Rule

Identity = tuple[str, str, str, str]


class Subject(t.NamedTuple):
    """What a finding is about."""

    org_id: str
    credential_id: str | None
    name: str


def identity(rule: str, org_id: str, credential_id: str | None, detail: str | None) -> Identity:
    """Return what makes a finding the same from one report to the next, regardless of its severity and text.

    The detail of a finding about an exception says all; the subject of the exception is not known in every report.
    """
    if rule in OF_EXCEPTIONS:
        return rule, "", "", detail or ""
    return rule, org_id, credential_id or "", detail or ""


def identity_of(finding: FindingRow) -> Identity:
    """Return the identity of a finding."""
    return identity(finding["rule"], finding["org_id"], finding["credential_id"], finding["detail"])


def fingerprint(key: Identity) -> str:
    """Return a short form of an identity."""
    return hashlib.sha256("\x1f".join(key).encode("utf-8", "replace")).hexdigest()[:32]


def big_number(value: int | None) -> BigNumber | None:
    """Return a number that readers of JSON keep exactly: as text if it is too large."""
    return str(value) if value is not None and value > MAX_EXACT_NUMBER else value


def make_finding(rule: Rule, severity: str, subject: Subject, problem: Problem) -> FindingRow:
    """Return a finding that is neither compared nor accepted yet."""
    return {
        "fingerprint": fingerprint(identity(rule.id, subject.org_id, subject.credential_id, problem.detail)),
        "rule": rule.id,
        "severity": severity,
        "title": rule.title,
        "org_id": subject.org_id,
        "credential_id": subject.credential_id,
        "detail": problem.detail,
        "subject": subject.name,
        "evidence": problem.evidence,
        "remediation": problem.remediation or rule.remediation,
        "addresses": big_number(problem.addresses),
        "status": None,
        "worse": None,
        "first_seen": "",
        "fails_gate": False,
        "failed_gate": False,
        "accepted": None,
        "task": problem.task,
        "exception": None,
    }
