# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The pictures of the HTML report: horizontal bars as inline SVG, each with the table that has the same numbers."""

from __future__ import annotations

import datetime
import typing as t

from markupsafe import Markup

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    CredentialRow,
    OrganizationRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.html.text import clean
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import fit
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import days_between, parse_time

MAX_ORGANIZATIONS = 10  # bars in the picture of organizations

_WIDTH = 360
_ROW = 38
_BAR = 12
_MIN_WIDTH = 4  # of a part that is not zero: it must be seen beside a large one
_LABEL_COLUMNS = 34  # beside its count

_LAST_USE = (
    (7, "Up to 7 days ago"),
    (30, "8 to 30 days ago"),
    (90, "31 to 90 days ago"),
    (180, "91 to 180 days ago"),
    (365, "181 to 365 days ago"),
)
_EXPIRY = ((30, "In up to 30 days"), (90, "In 31 to 90 days"), (180, "In 91 to 180 days"), (365, "In 181 to 365 days"))


class Bar(t.NamedTuple):
    """A bar: its label, the counts of its parts by the name of a style, and a note in place of their sum."""

    label: str
    parts: dict[str, int]
    note: str = ""


class Chart(t.NamedTuple):
    """A picture and its numbers. COLUMNS names the parts for the table and the legend."""

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
    drawn = [
        Markup(text).format(top + 13, fit(clean(row.label), _LABEL_COLUMNS).rstrip(), _WIDTH, row.note or f"{total:,}")
    ]
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
    """Findings by severity of the worst organizations; those that were not audited come first.

    :param organizations: of the report, in the order to show.
    """
    title = "Findings by severity and organization"
    failed = [organization for organization in organizations if organization["state"] == "not_audited"]
    audited = [organization for organization in organizations if organization["state"] != "not_audited"]
    shown = failed[: MAX_ORGANIZATIONS // 2]
    shown += audited[: MAX_ORGANIZATIONS - len(shown)]
    bars = [
        Bar(
            organization["name"] or organization["id"] or "no name",
            {severity: organization["findings"][severity] for severity in SEVERITIES},
            "" if organization["state"] != "not_audited" else "not audited",
        )
        for organization in shown
    ]
    more = len(organizations) - len(bars)
    note = f"{more:,} more in the table of organizations." if more else ""
    return Chart(title, {severity: severity.title() for severity in SEVERITIES}, bars, note, draw(title, bars))


def by_last_use(credentials: t.Iterable[CredentialRow], now: datetime.datetime) -> Chart:
    """Credentials by the time since their last use."""
    counts = {label: 0 for _days, label in _LAST_USE}
    counts.update({"More than 365 days ago": 0, "No use recorded": 0, "Unknown": 0})
    for credential in credentials:
        used = parse_time(credential["last_used_at"])
        if used is not None:
            counts[_bucket(days_between(used, now), _LAST_USE, "More than 365 days ago")] += 1
        else:
            counts["No use recorded" if credential["usage"] == "unused" else "Unknown"] += 1
    styles = {"More than 365 days ago": "stale", "No use recorded": "stale", "Unknown": "unknown"}
    return _counted("Credentials by last use", "Credentials", counts, styles, "")


def by_expiry(credentials: t.Iterable[CredentialRow], now: datetime.datetime) -> Chart:
    """Secrets of service accounts by the time until they expire."""
    counts = {"Expired": 0, **{label: 0 for _days, label in _EXPIRY}, "In more than 365 days": 0, "Unknown": 0}
    unread = 0
    for credential in credentials:
        if credential["kind"] == "service_account" and credential["secrets"] is None:
            unread += 1
        for secret in credential["secrets"] or ():
            counts[_expiry(parse_time(secret["expires_at"]), now)] += 1
    styles = {"Expired": "unknown", "In up to 30 days": "stale", "Unknown": "unknown"}
    note = f"Service accounts with secrets that could not be read: {unread:,}." if unread else ""
    return _counted("Service account secrets by expiry", "Secrets", counts, styles, note)


def _expiry(expires: datetime.datetime | None, now: datetime.datetime) -> str:
    if expires is None:
        return "Unknown"
    if expires <= now:
        return "Expired"
    return _bucket(days_between(now, expires), _EXPIRY, "In more than 365 days")


def _bucket(days: int, buckets: t.Iterable[tuple[int, str]], beyond: str) -> str:
    return next((label for most, label in buckets if days <= most), beyond)


def _counted(title: str, what: str, counts: dict[str, int], styles: dict[str, str], note: str) -> Chart:
    bars = [Bar(label, {styles.get(label, "plain"): count}) for label, count in counts.items()]
    return Chart(title, {"": what}, bars, note, draw(title, bars))
