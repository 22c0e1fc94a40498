# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports import output
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.api_key_list import (
    FORMATS,
    listing,
    render_table,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.report_action import (
    ReportAction,
    registered,
    variables_of,
)

_VARIABLES = ("api_keys", "org", "projects")
_SPEC: dict[str, t.Any] = {
    "org_id": {"type": "str", "required": True},
    "variables": {"type": "dict", "default": {}, "options": {name: {"type": "str"} for name in _VARIABLES}},
    "with_access_lists": {"type": "bool", "default": False},
    "formats": {"type": "list", "elements": "str", "choices": list(FORMATS), "default": []},
    "directory": {"type": "path"},
    "check_only": {"type": "bool", "default": False},
}


class ActionModule(ReportAction):
    """Shows and writes the API keys that a host has read."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Return the result of the task."""
        result = super().run(tmp, task_vars)
        arguments = self.arguments(_SPEC)
        if arguments["check_only"]:
            return {**result, "changed": False}
        variables = variables_of((task_vars or {})["inventory_hostname"], task_vars or {})
        read = {name: registered(variables, arguments["variables"].get(name) or "") for name in _VARIABLES}
        keys = read["api_keys"].get("api_keys") or []
        orgs = read["org"].get("orgs") or [None]
        org_id = arguments["org_id"]
        found = listing(org_id, keys, orgs[0], read["projects"].get("projects"), arguments["with_access_lists"])
        output.show(render_table(found))
        texts = {f"api_keys_{org_id}.{name}": [FORMATS[name](found)] for name in arguments["formats"]}
        return {**result, **self.write(arguments["directory"], texts), "api_keys": without_links(keys)}


def without_links(value: t.Any) -> t.Any:
    """Return what Atlas returned without its addresses in the API, which are most of its size."""
    if isinstance(value, dict):
        return {name: without_links(element) for name, element in value.items() if name != "links"}
    return [without_links(element) for element in value] if isinstance(value, list) else value
