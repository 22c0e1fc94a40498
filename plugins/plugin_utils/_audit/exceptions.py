# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Exceptions: findings that people have accepted, with a reason and until a date."""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import FindingRow
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import (
    is_date_only,
    parse_time,
    time_text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import dicts, text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import (
    BY_ID,
    EXCEPTION_EXPIRED,
    EXCEPTION_UNMATCHED,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Problem, Rule

_NAMES = ("rule", "id", "reason", "until")


@dataclasses.dataclass(frozen=True)
class AuditException:
    """It holds before the moment `until`. `until_text` is what its author wrote."""

    rule: str
    id: str
    reason: str
    until: datetime.datetime
    until_text: str


def read_exceptions(value: object) -> list[AuditException]:
    """Raises AuditError for an exception that lacks something, or that no finding could ever match."""
    raws = dicts([] if value is None else value)
    if raws is None:
        raise AuditError("The exceptions must be a list of dictionaries with rule, id, reason and until.")
    found: dict[tuple[str, str], AuditException] = {}
    for number, raw in enumerate(raws, start=1):
        exception = _read(raw, f"Exception {number}")
        if found.setdefault((exception.rule, exception.id), exception) is not exception:
            raise AuditError(f"Exception {number}: there is another one for {exception.rule} and {exception.id}.")
    return [found[key] for key in sorted(found)]


def _read(raw: t.Mapping[str, t.Any], what: str) -> AuditException:
    if unknown := sorted(str(name) for name in raw if name not in _NAMES):
        raise AuditError(f"{what} has {', '.join(unknown)}. An exception has {', '.join(_NAMES)}.")
    rule, finding_id, reason = ((text(raw.get(name)) or "").strip() for name in _NAMES[:3])
    for name, given in (("rule", rule), ("id", finding_id), ("reason", reason)):
        if not given:
            raise AuditError(f"{what} needs {name}.")
    if rule not in BY_ID or BY_ID[rule] in (EXCEPTION_EXPIRED, EXCEPTION_UNMATCHED):
        raise AuditError(f"{what} is for the rule {rule}, which does not exist or cannot be accepted.")
    until = parse_time(raw.get("until"))
    if until is None:
        raise AuditError(f"{what} needs until, a date such as 2027-03-31.")
    if not is_date_only(raw["until"]):
        return AuditException(rule, finding_id, reason, until, time_text(until) or "")
    # The day itself is included. The day after it may be one that Python does not have: 9999-12-31 stands for always.
    end = until.replace(hour=23, minute=59, second=59, microsecond=999999)
    return AuditException(rule, finding_id, reason, end, until.date().isoformat())


class ExceptionProblem(t.NamedTuple):
    """A problem with an exception itself."""

    rule: Rule
    exception: AuditException
    problem: Problem


def accept(
    findings: t.Iterable[FindingRow], exceptions: list[AuditException], now: datetime.datetime
) -> list[ExceptionProblem]:
    """Mark the findings that an exception accepts, and return what is wrong with the exceptions.

    The ID of a credential accepts the rule's findings for it; the ID of an organization those for the organization and
    for all credentials in it.
    """
    valid = {(exception.rule, exception.id): exception for exception in exceptions if now < exception.until}
    matched: set[tuple[str, str]] = set()
    for finding in findings:
        for finding_id in (finding["credential_id"], finding["org_id"]):
            key = (finding["rule"], finding_id or "")
            if key not in valid:
                continue
            matched.add(key)
            if finding["accepted"] is None:
                finding["accepted"] = {"reason": valid[key].reason, "until": valid[key].until_text}
    return [problem for exception in exceptions if (problem := _problem(exception, now, matched))]


def _problem(
    exception: AuditException, now: datetime.datetime, matched: set[tuple[str, str]]
) -> ExceptionProblem | None:
    detail = f"{exception.rule} {exception.id}"
    if exception.until <= now:
        evidence = (
            f"The exception from {exception.rule} ended on {exception.until_text}. Its reason: {exception.reason}"
        )
        return ExceptionProblem(EXCEPTION_EXPIRED, exception, Problem(evidence, detail))
    if (exception.rule, exception.id) not in matched:
        evidence = f"There is no finding of {exception.rule} for {exception.id}. Its reason: {exception.reason}"
        return ExceptionProblem(EXCEPTION_UNMATCHED, exception, Problem(evidence, detail))
    return None
