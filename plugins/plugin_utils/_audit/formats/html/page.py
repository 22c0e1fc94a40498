# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The audit's report as one HTML file that refers to nothing outside of itself."""

from __future__ import annotations

import base64
import datetime
import functools
import hashlib
import pathlib
import typing as t

import jinja2

from markupsafe import Markup

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    SEVERITIES,
    CredentialRow,
    Document,
    OrganizationRow,
    RuleRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import wording
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.html import charts, text, views
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time

# A browser opens this many credentials with all their details in about a second, also on a phone. The worst come
# first; the report says how many more there are, and that the CSV and JSON files have them.
MAX_CREDENTIALS = 2_000
# Some credentials have much to show. With this limit the file stays below 30 MB.
MAX_CREDENTIALS_BYTES = 20_000_000
MAX_DETAILS = 25  # entries of an access list, projects or secrets of one credential
MAX_LISTED = 250  # findings in one list
ROWS_AT_ONCE = 100  # rows that a browser with script shows before it is asked for more

Options = list[tuple[str, str]]

KINDS = {"api_key": "API key", "service_account": "Service account"}
USAGE = {"used": "Used", "unused": "Unused", "unknown": "Unknown"}
REACH = {"anywhere": "Anywhere", "listed": "Listed addresses", "nowhere": "Nowhere", "unknown": "Unknown"}
# Which direction the first click on a column's name sorts in.
COLUMNS = {
    "Severity": "descending",
    "Credential": "ascending",
    "Type": "ascending",
    "Organization": "ascending",
    "Reach": "descending",
    "Last use": "ascending",
    "Created": "ascending",
    "Findings": "descending",
}

_FOLDER = pathlib.Path(__file__).parent
# Says to the style that scripts run, before anything is shown.
_FIRST_SCRIPT = 'document.documentElement.className = "js";'


def render(document: Document) -> str:
    """Return the report as HTML.

    :param document: the report document of the audit, as the JSON report has it.
    :raises AuditError: if it does not say when it was made.
    """
    now = parse_time(document["generated_at"])
    if now is None:
        raise AuditError(f"generated_at in the report must be an ISO 8601 time, and is {document['generated_at']!r}.")
    environment = _environment(now)
    findings = document["findings"]
    groups = views.group(findings)
    rows = views.credential_rows(document["credentials"], groups)
    shown = _credentials(environment, rows)
    organizations = views.organization_rows(document["organizations"], groups)
    quiet = _rules_without_findings(document)
    values = {
        "document": document,
        "now": now,
        "summary": document["summary"],
        "verdict": views.verdict(document["summary"]),
        "charts": _charts([view.organization for view in organizations], document["credentials"], now),
        "rules": views.rule_rows(document["rules"], findings),
        "quiet": quiet,
        "organizations": organizations,
        "elsewhere": views.elsewhere(document, findings),
        "filters": _filters(document, quiet),
        "accepted": [finding for finding in findings if finding["accepted"] is not None],
        "resolved": document["resolved"],
        "not_checked": document["carried"],
        "credentials": Markup("").join(shown),
        "shown": len(shown),
        "left": rows[len(shown) :],
        **_assets(),
    }
    return environment.get_template("report.html.j2").render(values).lstrip()


def _credentials(environment: jinja2.Environment, rows: list[views.CredentialView]) -> list[str]:
    """Return the HTML of the worst credentials, as many as the limits allow."""
    template = t.cast("t.Any", environment.get_template("report_credential.html.j2").module)
    shown: list[str] = []
    size = 0
    for row in rows[:MAX_CREDENTIALS]:
        text = template.credential_row(row)
        size += len(text.encode())
        if size > MAX_CREDENTIALS_BYTES:
            break
        shown.append(text)
    return shown


def _charts(
    organizations: list[OrganizationRow], credentials: list[CredentialRow], now: datetime.datetime
) -> list[charts.Chart]:
    return [
        charts.by_organization(organizations),
        charts.by_last_use(credentials, now),
        charts.by_expiry(credentials, now),
    ]


def _filters(document: Document, quiet: list[RuleRow]) -> list[tuple[str, str, Options]]:
    """Return the choices above the table: the name of a row's attribute, a label, values and their texts.

    :param quiet: the rules that found nothing, which need no choice.
    """
    severities = [(severity, severity.capitalize()) for severity in SEVERITIES]
    status = [("new", "New since baseline"), ("known", "Known in baseline")] if document["summary"]["baseline"] else []
    return [
        ("severity", "Severity of a finding", [*severities, ("none", "No open finding")]),
        ("rule", "Finding", [(rule["id"], rule["title"]) for rule in document["rules"] if rule not in quiet]),
        (
            "organization",
            "Organization",
            [(each["id"], each["name"] or each["id"]) for each in document["organizations"] if each["id"]],
        ),
        ("kind", "Type", list(KINDS.items())),
        ("reach", "Reach", list(REACH.items())),
        ("usage", "Use", list(USAGE.items())),
        ("status", "Status", [*status, ("accepted", "With accepted findings")]),
    ]


def _rules_without_findings(document: Document) -> list[RuleRow]:
    found = {finding["rule"] for finding in document["findings"]}
    return [rule for rule in document["rules"] if rule["id"] not in found]


@functools.lru_cache(maxsize=1)
def _assets() -> dict[str, Markup]:
    """Return the style and the scripts, and the policy that allows them and nothing else."""
    texts = {
        "style": (_FOLDER / "report.css").read_text(encoding="utf-8"),
        "script": (_FOLDER / "report.js").read_text(encoding="utf-8"),
        "first_script": _FIRST_SCRIPT,
    }
    policy = (
        f"default-src 'none'; style-src {_hash(texts['style'])}; "
        f"script-src {_hash(texts['first_script'])} {_hash(texts['script'])}; base-uri 'none'; form-action 'none'"
    )
    return {**{name: Markup(text) for name, text in texts.items()}, "policy": Markup(policy)}


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _environment(now: datetime.datetime) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=text.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        amount=text.amount,
        date=functools.partial(text.date, now=now),
        isolate=text.isolate,
        number=wording.number,
        words=text.words,
    )
    environment.tests["open"] = is_open
    environment.globals.update(
        columns=COLUMNS.items(),
        details=MAX_DETAILS,
        kinds=KINDS,
        listed=MAX_LISTED,
        rows_at_once=ROWS_AT_ONCE,
        severities=SEVERITIES,
        unknown=text.UNKNOWN,
    )
    return environment
