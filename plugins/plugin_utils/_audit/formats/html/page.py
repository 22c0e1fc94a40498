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

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import SEVERITIES, STATES, Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import wording
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.html import charts, text, views
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import is_open
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.dates import parse_time

# A browser opens this many credentials with all their details in about a second, also on a phone. The worst come
# first; the report says how many more there are, and that the CSV and JSON files contain them.
MAX_CREDENTIALS = 2_000
# Some credentials have much to show. With this limit the file stays below 30 MB.
MAX_CREDENTIALS_BYTES = 20_000_000
MAX_DETAILS = 25  # entries of an access list, projects or secrets of one credential
MAX_LISTED = 250  # findings in one list
MAX_NAMED = 10  # organizations in an alert
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
# What each limit of the policy means, with its value.
POLICY = {
    "unused_days": "A credential is in use if it was used in the last {} days.",
    "old_days": "A credential is old after {} days.",
    "secret_expiry_days": "A secret expires soon if it expires within {} days.",
    "secret_lifetime_days": "A secret may be valid for {} days from its creation.",
    "rotation_days": "A rotation of secrets may take {} days.",
    "widest_ipv4": "The widest IPv4 block on an access list is a /{}.",
    "widest_ipv6": "The widest IPv6 block on an access list is a /{}.",
    "most_addresses": "An access list may allow {} addresses in all.",
    "most_owners": "An organization may have {} credentials with the role Organization Owner.",
    "privileged_roles": "Privileged roles: {}.",
}

_FOLDER = pathlib.Path(__file__).parent
# Says to the style that scripts run, before anything is shown.
_FIRST_SCRIPT = 'document.documentElement.className = "js";'


def render(document: Document) -> str:
    """Return the report as HTML.

    :param document: the report document of the audit, as the JSON report contains it.
    :raises AuditError: if it does not say when it was made.
    """
    now = parse_time(document["generated_at"])
    if now is None:
        raise AuditError(f"generated_at in the report must be an ISO 8601 time, and is {document['generated_at']!r}.")
    environment = _environment(now)
    findings = document["findings"]
    groups = views.group(findings)
    shown = _credentials(environment, document, views.credential_rows(document, groups, MAX_CREDENTIALS))
    values = {
        "document": document,
        "now": now,
        "summary": document["summary"],
        "headline": wording.headline(document),
        "charts": [
            charts.by_organization(document["organizations"]),
            charts.by_last_use(document, now),
            charts.by_expiry(document, now),
        ],
        "rules": views.rule_rows(document),
        "controls": views.control_choices(document["rules"]),
        "unsure": [rule for rule in document["rules"] if rule["not_checked"] and not rule["found"]],
        "quiet": wording.rules_without_findings(document),
        "unused": [rule for rule in document["rules"] if not (rule["applied"] or rule["found"] or rule["not_checked"])],
        "organizations": views.organization_rows(document, groups),
        "elsewhere": views.elsewhere(document, findings),
        "filters": _filters(document),
        "accepted": [finding for finding in findings if not is_open(finding)],
        "not_checked": views.not_checked_rows(document),
        "policy": _policy(document),
        "credentials": Markup("").join(shown),
        "shown": len(shown),
        "left": document["credentials"][len(shown) :],
        **_assets(),
    }
    return environment.get_template("report.html.j2").render(values).lstrip()


def _credentials(environment: jinja2.Environment, document: Document, rows: list[views.CredentialView]) -> list[str]:
    """Return the HTML of the worst credentials, as many as the limits allow."""
    # Templates that are imported with a context see the values of this render only.
    template = t.cast("t.Any", environment.get_template("report_credential.html.j2").module)
    titles = {rule["id"]: rule["title"] for rule in document["rules"]}
    shown: list[str] = []
    size = 0
    for row in rows:
        html = template.credential_row(row, titles)
        size += len(html.encode())
        if size > MAX_CREDENTIALS_BYTES:
            break
        shown.append(html)
    return shown


def _filters(document: Document) -> list[tuple[str, str, Options]]:
    """Return the choices above the table: the name of a row's attribute, a label, values and their texts."""
    severities = [(severity, severity.capitalize()) for severity in SEVERITIES]
    compared = document["summary"]["baseline"] is not None
    status = [("new", "New since baseline"), ("known", "Known in baseline")] if compared else []
    status += [("accepted", "With accepted findings"), ("not_checked", "Not checked in full")]
    found = [rule for rule in document["rules"] if rule["found"]]
    return [
        ("severity", "Severity of a finding", [*severities, ("none", "No open finding")]),
        ("rule", "Finding", [(rule["id"], rule["title"]) for rule in found]),
        (
            "organization",
            "Organization",
            [(each["id"], each["name"] or each["id"]) for each in document["organizations"] if each["id"]],
        ),
        ("kind", "Type", list(KINDS.items())),
        ("reach", "Reach", list(REACH.items())),
        ("usage", "Use", list(USAGE.items())),
        ("status", "Status", status),
        ("control", "Control of a framework", views.control_choices(found)),
    ]


def _policy(document: Document) -> list[str]:
    """Return the limits of the policy as sentences."""
    values = t.cast("dict[str, t.Any]", document["policy"])
    return [
        sentence.format(", ".join(values[name]) or "none" if isinstance(values[name], list) else f"{values[name]:,}")
        for name, sentence in POLICY.items()
        if name in values
    ]


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
    return {**{name: Markup(text) for name, text in texts.items()}, "content_policy": Markup(policy)}


def _hash(asset: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(asset.encode()).digest()).decode()}'"


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
        count_text=wording.count_text,
        date=functools.partial(text.date, now=now),
        isolate=text.isolate,
        number=wording.number,
        words=wording.words,
    )
    environment.tests["open"] = is_open
    environment.globals.update(
        columns=COLUMNS.items(),
        credentials_text=wording.credentials_text,
        details=MAX_DETAILS,
        kinds=KINDS,
        listed=MAX_LISTED,
        named=MAX_NAMED,
        organizations_text=wording.organizations_text,
        orientation=wording.ORIENTATION,
        rows_at_once=ROWS_AT_ONCE,
        severities=SEVERITIES,
        states=STATES,
        state_text=wording.state_text,
        unknown=text.UNKNOWN,
    )
    return environment
