# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The pictures of the HTML report: horizontal bars as inline SVG, each with the table that has the same numbers.

A picture of data that was not read says so.
"""

from __future__ import annotations

import datetime
import typing as t

from markupsafe import Markup

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    AUDITED,
    NOT_AUDITED,
    SEVERITIES,
    CredentialRow,
    Document,
    OrganizationRow,
    Summary,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.html.text import clean
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import fit
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import number, state_text
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import days_between, parse_time

MAX_ORGANIZATIONS = 10  # bars in the picture of organizations

_WIDTH = 360
_ROW = 38
_BAR = 12
_MIN_WIDTH = 4  # of a segment that is not zero
_LABEL_COLUMNS = 32  # next to the number
# Information is no risk: there may be one for each API key, and it would make all other segments invisible.
_DRAWN = SEVERITIES[:-1]

_LAST_USE = (
    (7, "Up to 7 days ago"),
    (30, "8 to 30 days ago"),
    (90, "31 to 90 days ago"),
    (180, "91 to 180 days ago"),
    (365, "181 to 365 days ago"),
)
_EXPIRY = ((30, "In up to 30 days"), (90, "In 31 to 90 days"), (180, "In 91 to 180 days"), (365, "In 181 to 365 days"))


class Bar(t.NamedTuple):
    """A bar: its label, the counts of its parts by the name of a style, and what is printed in place of their sum."""

    label: str
    parts: dict[str, int]
    note: str = ""


class Chart(t.NamedTuple):
    """A picture and its numbers. COLUMNS names the parts for the table and the legend; without BARS, NOTE says why."""

    title: str
    columns: dict[str, str]
    bars: list[Bar]
    note: str
    svg: Markup


def draw(title: str, bars: list[Bar]) -> Markup:
    """Return the SVG of the bars, one below the other, all on one scale."""
    most = max((sum(row.parts.values()) for row in bars), default=0)
    rows = Markup("").join(_draw_bar(row, index * _ROW, most) for index, row in enumerate(bars))
    pattern = '<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    return Markup(pattern).format(_WIDTH, len(bars) * _ROW, f"{title}. The table below has the same numbers.", rows)


def _draw_bar(row: Bar, top: int, most: int) -> Markup:
    total = sum(row.parts.values())
    text = '<text x="0" y="{0}">{1}</text><text x="{2}" y="{0}" class="count">{3}</text>'
    printed = row.note or f"{total:,}"
    label = fit(clean(row.label), _LABEL_COLUMNS + 4 - len(printed)).rstrip()
    drawn = [Markup(text).format(top + 13, label, _WIDTH, printed)]
    rect = '<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>'
    drawn.append(Markup(rect).format("track", 0, top + 19, _WIDTH, _BAR))
    left = 0.0
    shown = [(style, count) for style, count in row.parts.items() if count]
    for style, count in shown:
        width = max(_MIN_WIDTH, count / most * (_WIDTH - _MIN_WIDTH * len(shown)))
        drawn.append(Markup(rect).format(f"fill-{style}", left, top + 19, width, _BAR))
        left += width
    return Markup("").join(drawn)


def by_organization(organizations: t.Sequence[OrganizationRow]) -> Chart:
    """Return findings by severity, without information, of the organizations with the largest printed numbers.

    :param organizations: of the report. Those that were not audited come first, and take half of the space at most.
    """
    failed = [row for row in organizations if row["state"] == NOT_AUDITED]
    read = sorted((row for row in organizations if row["state"] != NOT_AUDITED), key=_total, reverse=True)
    shown = failed[: MAX_ORGANIZATIONS // 2]
    shown += read[: MAX_ORGANIZATIONS - len(shown)]
    bars = [_organization_bar(row) for row in shown]
    notes = ["Information is not counted."]
    if more := len(organizations) - len(bars):
        notes.append(f"{more:,} more in the table of organizations.")
    columns = {severity: severity.title() for severity in _DRAWN}
    return _chart("Findings by severity and organization", columns, bars, notes, "There is no organization.")


def _organization_bar(row: OrganizationRow) -> Bar:
    parts = {severity: row["findings"][severity] for severity in _DRAWN}
    label = row["name"] or row["id"] or "no name"
    if row["state"] == NOT_AUDITED:
        return Bar(label, parts, state_text(row))
    return Bar(label, parts, "" if row["state"] == AUDITED else f"{_total(row):,}, {state_text(row)}")


def _total(row: OrganizationRow) -> int:
    """Return the number that the picture prints."""
    return sum(row["findings"][severity] for severity in _DRAWN)


def by_last_use(document: Document, now: datetime.datetime) -> Chart:
    """Return credentials by the time since their last use."""
    counts = {label: 0 for _days, label in _LAST_USE}
    counts.update({"More than 365 days ago": 0, "No use recorded": 0, "Unknown": 0})
    for credential in document["credentials"]:
        counts[_last_use(credential, now)] += 1
    styles = {"More than 365 days ago": "stale", "No use recorded": "stale", "Unknown": "unknown"}
    summary = document["summary"]
    notes = [*_api_keys_not_read(summary), *_service_accounts_not_read(summary)]
    return _counted("Credentials by last use", "Credentials", counts, styles, notes, "There are no credentials.")


def _last_use(credential: CredentialRow, now: datetime.datetime) -> str:
    used = parse_time(credential["last_used_at"])
    if used is not None:
        return _bucket(days_between(used, now), _LAST_USE, "More than 365 days ago")
    return "No use recorded" if credential["usage"] == "unused" else "Unknown"


def by_expiry(document: Document, now: datetime.datetime) -> Chart:
    """Return secrets of service accounts by the time until they expire."""
    counts = {"Expired": 0, **{label: 0 for _days, label in _EXPIRY}, "In more than 365 days": 0, "Unknown": 0}
    unread = 0
    for credential in document["credentials"]:
        if credential["kind"] == "service_account" and credential["secrets"] is None:
            unread += 1
        for secret in credential["secrets"] or ():
            counts[_expiry(parse_time(secret["expires_at"]), now)] += 1
    styles = {"Expired": "unknown", "In up to 30 days": "stale", "Unknown": "unknown"}
    notes = _service_accounts_not_read(document["summary"])
    if unread:
        notes.append(f"The secrets of {number(unread, 'service account')} were not read.")
    return _counted(
        "Service account secrets by expiry",
        "Secrets",
        counts,
        styles,
        notes,
        "There are no secrets of service accounts.",
    )


def _api_keys_not_read(summary: Summary) -> list[str]:
    count = summary["api_keys_not_read"]
    return [f"The API keys of {number(count, 'organization')} were not read."] if count else []


def _service_accounts_not_read(summary: Summary) -> list[str]:
    count = summary["service_accounts_not_read"]
    return [f"The service accounts of {number(count, 'organization')} were not read."] if count else []


def _expiry(expires: datetime.datetime | None, now: datetime.datetime) -> str:
    if expires is None:
        return "Unknown"
    if expires <= now:
        return "Expired"
    return _bucket(days_between(now, expires), _EXPIRY, "In more than 365 days")


def _bucket(days: int, buckets: t.Iterable[tuple[int, str]], beyond: str) -> str:
    return next((label for most, label in buckets if days <= most), beyond)


def _counted(
    title: str, what: str, counts: dict[str, int], styles: dict[str, str], notes: list[str], empty: str
) -> Chart:
    bars = [Bar(label, {styles.get(label, "plain"): count}) for label, count in counts.items()]
    if not any(counts.values()):
        bars = []
    return _chart(title, {"": what}, bars, notes, "" if notes else empty)


def _chart(title: str, columns: dict[str, str], bars: list[Bar], notes: list[str], empty: str) -> Chart:
    if not bars:
        notes = [empty] if empty else [*notes, "There is nothing to show."]
    return Chart(title, columns, bars, " ".join(notes), draw(title, bars) if bars else Markup(""))
