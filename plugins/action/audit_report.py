# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json
import pathlib
import typing as t

from ansible.errors import AnsibleActionFail

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.lists import split_lists
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.audit import audit as make_report
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.baseline import read_baseline
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import SEVERITIES, Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import (
    MAX_COLUMNS,
    SCREEN,
    read_columns,
    render,
    write,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.text import MIN_WIDTH as MIN_COLUMNS
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.gate import read_gate
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports import output
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.registered import (
    VARIABLES,
    Read,
    organizations,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.report_action import ReportAction, given

# The names of the renderers of each format, by the name of the file.
_FILES: dict[str, dict[str, str]] = {
    "html": {"audit.html": "html"},
    "json": {"audit.json": "json"},
    "csv": {
        "audit_findings.csv": "csv_findings",
        "audit_credentials.csv": "csv_credentials",
        "audit_organizations.csv": "csv_organizations",
    },
    "markdown": {"audit.md": "markdown"},
    "junit": {"audit.xml": "junit"},
    "ocsf": {"audit.ocsf.jsonl": "ocsf"},
}

# What the next job of a workflow needs: AWX stores it in its database. The files contain everything.
_MAX_ROWS = 1000
_FINDING = (
    "rule",
    "severity",
    "org_id",
    "credential_id",
    "detail",
    "subject",
    "evidence",
    "status",
    "first_seen",
    "fails_gate",
    "accepted",
)
_NOT_CHECKED = ("rule", "severity", "org_id", "kind", "checks", "credentials", "part", "cause", "role", "fails_gate")

_SPEC: dict[str, t.Any] = {
    "variables": {"type": "dict", "default": {}, "options": {name: {"type": "str"} for name in VARIABLES}},
    "policy": {"type": "dict", "default": {}},
    "exceptions": {"type": "list", "elements": "dict", "default": []},
    "baseline": {"type": "path"},
    "baseline_required": {"type": "bool", "default": False},
    "formats": {"type": "list", "elements": "str", "choices": list(_FILES), "default": []},
    "directory": {"type": "path"},
    "columns": {"type": "int"},
    "fail_on": {"type": "str", "choices": ["none", *SEVERITIES], "default": "none"},
    "fail_on_new_only": {"type": "bool", "default": False},
    "fail_on_not_checked": {"type": "bool"},
    "acknowledge": {"type": "bool", "default": False},
    "check_only": {"type": "bool", "default": False},
}

# A survey returns lists as text here as well.
_POLICY: dict[str, t.Any] = {"privileged_roles": {"type": "list", "elements": "str"}}

_Arguments = dict[str, t.Any]


class ActionModule(ReportAction):
    """Audits what the hosts of the play have read, and makes one report for all of them."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the result of the task."""
        result = super().run(tmp, task_vars)
        arguments = self.arguments(_SPEC)
        arguments["policy"] = split_lists(_POLICY, given(arguments["policy"]))
        _check(arguments)
        if arguments["check_only"]:
            _audit([], {**arguments, "baseline": None})
            _read_baseline(arguments, _now())
            return {**result, "changed": False}
        found = organizations(task_vars or {}, arguments["variables"])
        document = _audit([one.read for one in found], arguments)
        names = {file: name for chosen in arguments["formats"] for file, name in _FILES[chosen].items()}
        texts = {file: write(document, name) for file, name in names.items()}
        output.show(render(document, SCREEN, _columns(arguments)).rstrip("\n"))
        return {**result, **self.write(arguments["directory"], texts), **_result(document, found)}


def _result(document: Document, found: list[Read]) -> dict[str, t.Any]:
    """Return what the next tasks and jobs need. Rows of reports have text that nobody needs twice."""
    findings, not_checked = document["findings"], document["not_checked"]
    return {
        "summary": document["summary"],
        "gate": document["gate"],
        "notices": [notice["text"] for notice in document["notices"]],
        "findings": [{name: row.get(name) for name in _FINDING} for row in findings[:_MAX_ROWS]],
        "findings_left_out": max(len(findings) - _MAX_ROWS, 0),
        "not_checked": [{name: row.get(name) for name in _NOT_CHECKED} for row in not_checked[:_MAX_ROWS]],
        "not_checked_left_out": max(len(not_checked) - _MAX_ROWS, 0),
        "not_audited": {one.host: one.read["error"] for one in found if one.read["error"]},
        "partly_read": {one.host: one.failed_reads for one in found if one.failed_reads},
    }


def _check(arguments: _Arguments) -> None:
    """Check what no single option tells."""
    if arguments["fail_on_new_only"] and arguments["fail_on"] == "none":
        raise AnsibleActionFail("fail_on_new_only is true and fail_on is none. Set fail_on to a severity.")
    if arguments["fail_on_not_checked"] and arguments["fail_on"] == "none":
        raise AnsibleActionFail("fail_on_not_checked is true and fail_on is none. Set fail_on to a severity.")
    if arguments["baseline_required"] and arguments["baseline"] is None:
        raise AnsibleActionFail("baseline_required is true and baseline is not given. Give the path of a report.")
    if arguments["acknowledge"] and "json" not in arguments["formats"]:
        raise AnsibleActionFail(
            "acknowledge is true, and no JSON report is written that the next audit could compare with. Add json to "
            "formats."
        )
    try:
        read_columns(arguments["columns"])
    except AuditError as error:
        raise AnsibleActionFail(str(error)) from None


def _columns(arguments: _Arguments) -> int | None:
    """Return the width of the screen, or None if it is not known."""
    terminal = output.TERMINAL_COLUMNS
    known = max(MIN_COLUMNS, min(terminal, MAX_COLUMNS)) if terminal else None
    return t.cast("int | None", arguments["columns"]) or known


def _audit(read: list[dict[str, t.Any]], arguments: _Arguments) -> Document:
    now = _now()
    options = (arguments[name] for name in ("fail_on", "fail_on_new_only", "fail_on_not_checked", "acknowledge"))
    baseline = _read_baseline(arguments, now)
    first_run = arguments["baseline"] is not None and baseline is None
    policy, exceptions = arguments["policy"], arguments["exceptions"]
    try:
        return make_report(read, now, policy, exceptions, baseline, read_gate(*options), first_run=first_run)
    except AuditError as error:
        raise AnsibleActionFail(str(error)) from None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def _read_baseline(arguments: _Arguments, now: datetime.datetime) -> object:
    """Return the earlier report. None if there is none, or not yet.

    :raises AnsibleActionFail: if it cannot be used, or if it is required and does not exist.
    """
    path, hint = arguments["baseline"], "Remove or replace it, or audit without a baseline."
    if path is None:
        return None
    try:
        baseline: object = json.loads(pathlib.Path(path).read_bytes())
        read_baseline(baseline, now)
    except FileNotFoundError:
        if not arguments["baseline_required"]:
            return None
        raise AnsibleActionFail(f"The baseline {path} is required, and there is no such file.") from None
    except OSError as error:
        raise AnsibleActionFail(f"The baseline {path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise AnsibleActionFail(f"The baseline {path} is not JSON: {error}. {hint}") from None
    except AuditError as error:
        raise AnsibleActionFail(f"The baseline {path} cannot be used. {error} {hint}") from None
    return baseline
