# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import json
import pathlib
import typing as t

from ansible.errors import AnsibleActionFail

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.audit import audit as make_report
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import SEVERITIES, Document, GateRow
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import render
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.wording import by_severity
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.gate import read_gate
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.order import by_severity as count_by_severity
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports import output
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.registered import VARIABLES, organizations
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.report_action import ReportAction

# What each format is called among the renderers, by the name of its file.
_FILES: dict[str, dict[str, str]] = {
    "html": {"audit.html": "html"},
    "json": {"audit.json": "json"},
    "csv": {"audit_findings.csv": "csv_findings", "audit_credentials.csv": "csv_credentials"},
    "markdown": {"audit.md": "markdown"},
    "junit": {"audit.xml": "junit"},
}

# What the next job of a workflow needs: AWX keeps it in its database. The files have everything.
_MAX_FINDINGS = 1000
_FIELDS = (
    "rule",
    "severity",
    "org_id",
    "credential_id",
    "detail",
    "subject",
    "evidence",
    "status",
    "accepted",
)

_SPEC: dict[str, t.Any] = {
    "variables": {"type": "dict", "required": True, "options": {name: {"type": "str"} for name in VARIABLES}},
    "policy": {"type": "dict", "default": {}},
    "exceptions": {"type": "list", "elements": "dict", "default": []},
    "baseline": {"type": "path"},
    "formats": {"type": "list", "elements": "str", "choices": list(_FILES), "default": []},
    "directory": {"type": "path"},
    "fail_on": {"type": "str", "choices": ["none", *SEVERITIES], "default": "none"},
    "fail_on_new_only": {"type": "bool", "default": False},
}


class ActionModule(ReportAction):
    """Audits what the hosts of the play have read, and makes one report for all of them."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        arguments = self.arguments(_SPEC)
        found = organizations(task_vars or {}, arguments["variables"])
        document = _audit([one.read for one in found], arguments)
        names = {file: name for chosen in arguments["formats"] for file, name in _FILES[chosen].items()}
        texts = {file: render(document, name) for file, name in names.items()}
        output.show(render(document, "text").rstrip("\n"))
        return {
            **result,
            **self.write(arguments["directory"], texts),
            "summary": document["summary"],
            **_worst(document),
            "not_audited": {one.host: one.read["error"] for one in found if one.read["error"]},
            "gate": document["gate"],
            "above_threshold": _above_threshold(document["gate"]),
        }


def _above_threshold(gate: GateRow) -> str | None:
    rows = gate["findings"]
    counts = count_by_severity((row["severity"] for row in rows), (row["findings"] + row["carried"] for row in rows))
    return by_severity(counts) if rows else None


def _worst(document: Document) -> dict[str, t.Any]:
    findings = document["findings"]
    return {
        "findings": [{name: finding.get(name) for name in _FIELDS} for finding in findings[:_MAX_FINDINGS]],
        "findings_left_out": max(len(findings) - _MAX_FINDINGS, 0),
    }


def _audit(read: list[dict[str, t.Any]], arguments: dict[str, t.Any]) -> Document:
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    try:
        baseline = _baseline(arguments["baseline"])
        gate = read_gate(arguments["fail_on"], arguments["fail_on_new_only"])
        return make_report(read, now, arguments["policy"], arguments["exceptions"], baseline, gate)
    except AuditError as error:
        raise AnsibleActionFail(str(error)) from error


def _baseline(path: str | None) -> object:
    if path is None:
        return None
    try:
        return json.loads(pathlib.Path(path).read_bytes())
    except OSError as error:
        raise AnsibleActionFail(f"The baseline {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise AnsibleActionFail(f"The baseline {path} is not JSON: {error}.") from error
