# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Exceptions: findings that people have accepted, with a reason and until a date.

An exception accepts what was decided, not what came later. With a detail it accepts that one finding, unless that
allows more addresses than when it was first accepted. Without one it accepts what is there when it is first used. The
report remembers what that was; with that report as the baseline, a finding that comes later is not accepted until the
exception is renewed (with another date or reason) or the run is acknowledged.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import json
import re
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    OFF,
    AcceptedRow,
    ExceptionRow,
    FindingRow,
    NoticeRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.findings import (
    Identity,
    Subject,
    big_number,
    identity,
    make_finding,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import parse_block
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
    OF_EXCEPTIONS,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.rule import Problem

_NAMES = ("rule", "id", "detail", "reason", "until")
_REQUIRED = ("rule", "id", "reason")
NOTICE_DAYS: t.Final = 14  # before the end of an exception

Key = tuple[str, str, t.Optional[str]]  # rule, ID, detail
Accepted = dict[str, t.Optional[int]]  # by fingerprint: how many addresses the finding allowed


@dataclasses.dataclass(frozen=True)
class AuditException:
    """It holds before the moment ``until``. ``until_text`` is what its author wrote."""

    rule: str
    id: str
    detail: str | None
    reason: str
    until: datetime.datetime
    until_text: str

    @property
    def key(self) -> Key:
        """Return what distinguishes it from the others."""
        return self.rule, self.id, self.detail

    @property
    def name(self) -> str:
        """Return how findings about it name it."""
        return f"{self.rule} {self.id}{f' {self.detail}' if self.detail else ''}"


class Memory(t.NamedTuple):
    """What an exception accepted at the baseline, and its reason and date then: with others it was renewed."""

    reason: str
    until: str
    accepts: Accepted | None


@dataclasses.dataclass
class Use:
    """What an exception did in this audit."""

    exception: AuditException
    accepts: Accepted | None  # None: nothing was ever there
    is_first: bool  # it accepts all that is there
    matched: int = 0
    refused: int = 0
    state: str = "in_effect"


def read_exceptions(value: object) -> list[AuditException]:
    """Return the exceptions.

    :raises AuditError: for one that lacks something, or that no finding could ever match.
    """
    raws = dicts([] if value is None else value)
    if raws is None:
        raise AuditError("The exceptions must be a list of dictionaries with rule, id, reason and until.")
    found: dict[Key, AuditException] = {}
    for number, raw in enumerate(raws, start=1):
        exception = _read(raw, f"Exception {number}")
        if found.setdefault(exception.key, exception) is not exception:
            what = " and ".join(filter(None, exception.key))
            raise AuditError(f"Exception {number}: there is another one for {what}.")
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1], key[2] or ""))]


def _read(raw: t.Mapping[str, t.Any], what: str) -> AuditException:
    if unknown := sorted(str(name) for name in raw if name not in _NAMES):
        raise AuditError(f"{what} contains {', '.join(unknown)}. An exception may contain {', '.join(_NAMES)}.")
    given = {name: (text(raw.get(name)) or "").strip() for name in _REQUIRED}
    for name, value in given.items():
        if not value:
            raise AuditError(f"{what} needs {name}.")
    rule, finding_id, reason = given.values()
    if rule not in BY_ID or rule in OF_EXCEPTIONS:
        raise AuditError(f"{what} is for the rule {rule}, which does not exist or cannot be accepted.")
    detail = raw.get("detail")
    if detail is not None and not (isinstance(detail, str) and detail.strip()):
        raise AuditError(f"{what} has the detail {detail!r}. It must be text, such as 10.0.0.0/8, or be left out.")
    until = parse_time(raw.get("until"))
    if until is None:
        raise AuditError(f"{what} needs until, a date such as 2027-03-31.")
    detail = _normalize(text(detail) or "") if detail else None
    if not is_date_only(raw["until"]):
        return AuditException(rule, finding_id, detail, reason, until, time_text(until) or "")
    # The day itself is included. The day after it may be one that Python does not have: 9999-12-31 stands for always.
    end = until.replace(hour=23, minute=59, second=59, microsecond=999999)
    return AuditException(rule, finding_id, detail, reason, end, until.date().isoformat())


def _normalize(detail: str) -> str:
    """Return a detail as findings have it: a block of addresses in the usual notation."""
    block = parse_block(detail) if "." in detail or ":" in detail else None
    return block.text if block else detail.strip()


class Exceptions:
    """The exceptions of an audit.

    :param memories: what the baseline remembers of each of them.
    :param public_keys: the public keys of API keys by organization and ID: they stand for the ID.
    :param renew_all: whether each accepts what is there now, as if it were used for the first time.
    """

    def __init__(
        self,
        exceptions: list[AuditException],
        memories: t.Mapping[Key, Memory],
        public_keys: t.Mapping[tuple[str, str], str],
        now: datetime.datetime,
        *,
        renew_all: bool,
    ) -> None:
        self._now, self._public_keys = now, public_keys
        self.uses = [self._use(exception, memories.get(exception.key), renew_all) for exception in exceptions]
        self._by_target: dict[tuple[str, str], list[Use]] = collections.defaultdict(list)
        for use in self.uses:
            self._by_target[use.exception.rule, use.exception.id].append(use)

    def _use(self, exception: AuditException, memory: Memory | None, renew_all: bool) -> Use:
        is_same = memory is not None and (memory.reason, memory.until) == (exception.reason, exception.until_text)
        accepts = dict(memory.accepts) if memory and is_same and memory.accepts is not None else None
        use = Use(exception, accepts, is_first=renew_all or accepts is None)
        if exception.until <= self._now:
            use.state = "expired"
        return use

    def accept(self, findings: t.Iterable[FindingRow]) -> None:
        """Mark the findings that an exception accepts.

        The ID of a credential accepts the rule's findings for it; the ID of an organization those for the organization
        and for all credentials in it.
        """
        if not self.uses:
            return
        for finding in findings:
            for use in self._of(finding):
                if not self._accepts(use, finding):
                    use.refused += 1
                    continue
                use.matched += 1
                if finding["accepted"] is None:
                    finding["accepted"] = {"reason": use.exception.reason, "until": use.exception.until_text}

    def _of(self, finding: FindingRow) -> t.Iterator[Use]:
        credential_id, org_id = finding["credential_id"], finding["org_id"]
        for target in (credential_id, self._public_keys.get((org_id, credential_id or "")), org_id):
            for use in self._by_target.get((finding["rule"], target or ""), ()):
                is_meant = use.exception.detail in (None, _normalize(finding["detail"] or ""))
                if is_meant and use.state != "expired":
                    yield use

    def _accepts(self, use: Use, finding: FindingRow) -> bool:
        addresses = None if finding["addresses"] is None else int(finding["addresses"])
        accepts = use.accepts or {}
        is_known = finding["fingerprint"] in accepts
        if use.is_first or (use.exception.detail and not is_known):
            use.accepts = {**accepts, finding["fingerprint"]: addresses}
            return True
        if not is_known:
            return False
        before = accepts[finding["fingerprint"]]
        return before is None or addresses is None or addresses <= before

    def problems(
        self, subjects: t.Mapping[str, Subject], policy: Policy, may_be_hidden: t.Callable[[str, str], bool]
    ) -> list[FindingRow]:
        """Return findings about exceptions that have expired, or that match nothing although that could be checked.

        :param subjects: what the IDs are of. An exception with an unknown ID belongs to no organization.
        """
        found = []
        for use in self.uses:
            one = use.exception
            if use.state == "expired":
                rule = EXCEPTION_EXPIRED
                evidence = f"The exception for {one.name} ended on {one.until_text}. Its reason: {one.reason}"
            elif use.matched or use.refused:
                continue
            else:
                use.state = "not_checked" if may_be_hidden(one.rule, one.id) else "unmatched"
                rule = EXCEPTION_UNMATCHED
                evidence = f"There is no finding of {one.name}. Its reason: {one.reason}"
            if use.state != "not_checked" and policy.severities[rule.id] != OFF:
                subject = subjects.get(one.id, Subject("", None, one.id))
                found.append(make_finding(rule, policy.severities[rule.id], subject, Problem(evidence, one.name)))
        return found

    def hidden(self) -> set[Identity]:
        """Return the identities of findings about exceptions of which it could not be checked whether they match."""
        names = [use.exception.name for use in self.uses if use.state == "not_checked"]
        return {identity(EXCEPTION_UNMATCHED.id, "", None, name) for name in names}

    def rows(self) -> list[ExceptionRow]:
        """Return the exceptions, with what they accept, for the next audit."""
        return [
            {
                "rule": use.exception.rule,
                "id": use.exception.id,
                "detail": use.exception.detail,
                "reason": use.exception.reason,
                "until": use.exception.until_text,
                "state": use.state,
                "matched": use.matched,
                "refused": use.refused,
                "accepts": None if use.accepts is None else _accepted_rows(use.accepts),
            }
            for use in self.uses
        ]

    def notices(self) -> list[NoticeRow]:
        """Return which exceptions end soon."""
        return [
            {
                "kind": "exception_ends_soon",
                "text": f"The exception for {use.exception.name} ends on {use.exception.until_text}.",
                "org_id": None,
                "rule": use.exception.rule,
                "id": use.exception.id,
            }
            for use in self.uses
            if use.state != "expired" and (use.exception.until.date() - self._now.date()).days <= NOTICE_DAYS
        ]


def _accepted_rows(accepts: Accepted) -> list[AcceptedRow]:
    return [{"fingerprint": key, "addresses": big_number(accepts[key])} for key in sorted(accepts)]


# Words that YAML 1.1 reads as something else than text.
_WORDS = frozenset(["y", "yes", "n", "no", "true", "false", "on", "off", "null"])
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_READY_DAYS: t.Final = 90


def ready_item(finding: FindingRow, until: str) -> str | None:
    """Return an item for `audit_exceptions` in YAML that accepts a finding; None if it cannot be accepted."""
    finding_id = finding["credential_id"] or finding["org_id"]
    if finding["rule"] in OF_EXCEPTIONS or not finding_id:
        return None
    detail = f"  detail: {_scalar(finding['detail'])}\n" if finding["detail"] else ""
    return (
        f"- rule: {finding['rule']}\n  id: {_scalar(finding_id)}\n{detail}"
        f'  reason: Say why it is accepted, and who decided it.\n  until: "{until}"\n'
    )


def ready_until(now: datetime.datetime) -> str:
    """Return the date that ready items contain."""
    try:
        return (now + datetime.timedelta(days=_READY_DAYS)).date().isoformat()
    except OverflowError:
        return "9999-12-31"


def _scalar(value: str) -> str:
    """Return text for YAML: as it is if nothing else can be read from it, otherwise in double quotes."""
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    if quoted.isprintable():
        return quoted
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
