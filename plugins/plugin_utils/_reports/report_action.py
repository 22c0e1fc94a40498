# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""An action that makes a report of results that tasks have registered, and shows and writes it.

The results are read from the variables as they are. Passing them through a template would take minutes for tens of
thousands of API keys, and ansible-core looks at every string in them.
"""

from __future__ import annotations

import pathlib
import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.lists import split_lists
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports import output

ArgumentSpec = dict[str, t.Any]
Variables = t.Mapping[str, t.Any]


class ReportAction(ActionBase):
    """Reads variables of hosts, and writes files on the controller."""

    _requires_connection = False

    def arguments(self, spec: ArgumentSpec) -> dict[str, t.Any]:
        """Return the task's arguments as the specification says. What a survey of AWX leaves empty is not given.

        :raises AnsibleActionFail: if they do not go together.
        """
        self._task.args = split_lists(spec, given(self._task.args))
        _result, arguments = self.validate_argument_spec(argument_spec=spec)
        if not arguments["variables"] and not arguments["check_only"]:
            raise AnsibleActionFail("variables is missing. It must name the variables that tasks have registered.")
        if (arguments["directory"] is None) != (not arguments["formats"]):
            raise AnsibleActionFail("formats and directory need each other: give both of them, or none.")
        return t.cast("dict[str, t.Any]", arguments)

    def write(self, directory: str | None, texts: t.Mapping[str, t.Iterable[str]]) -> dict[str, t.Any]:
        """Write files, by their names in the directory, and show their paths on the screen.

        :param texts: the text of each file in pieces, which are made one file after the other.

        :raises AnsibleActionFail: if a file cannot be written.
        """
        changed, paths = False, [pathlib.Path(directory or ".").absolute() / name for name in texts]
        for path, text in zip(paths, texts.values()):
            try:
                changed = (True if self._task.check_mode else output.write(path, text)) or changed
            except OSError as error:
                raise AnsibleActionFail(f"The report cannot be written to {path}: {error.strerror}.") from None
            output.show(f"{'Would be written' if self._task.check_mode else 'Written'}: {path}")
        return {"changed": changed, "files": [str(path) for path in paths]}


def given(options: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Return the options without those that are empty: a survey of AWX returns what was not answered as empty text."""
    return {name: value for name, value in options.items() if value not in ("", None)}


def variables_of(host: str, task_vars: dict[str, t.Any]) -> Variables:
    """Return the variables of a host without any templating, which registered results do not need."""
    return t.cast(Variables, task_vars["hostvars"].raw_get(host))


def registered(variables: Variables, name: str) -> Variables:
    """Return the result that a task has registered; an empty one if the task was not run, or has failed."""
    result = variables.get(name)
    return result if isinstance(result, dict) and not result.get("failed") else {}
