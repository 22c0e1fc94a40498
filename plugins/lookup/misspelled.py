# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: misspelled
short_description: Return a message for each variable whose name is nearly that of a known one
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Ansible ignores variables that nothing uses, so a misspelled variable of a role has no effect and no error. The
    roles of this collection use this lookup to find it.
  - A variable with the same prefix and an unrelated name belongs to somebody else, and is not reported.
options:
  _terms:
    description:
      - The names of the variables that have a meaning, one by one or in lists. The variables of the playbooks of this
        collection, such as C(atlas_hosts), are always among them.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Check the variables
  ansible.builtin.assert:
    that: mistakes | length == 0
    fail_msg: "{{ mistakes | join(' ') }}"
  vars:
    mistakes: "{{ query('mongodb_atlas.admin.misspelled', 'audit_unused_days', 'audit_old_days') }}"
"""

RETURN = r"""
_list:
  description: The messages, an empty list if there is no such variable.
  type: list
  elements: str
  sample: ["There is no variable audit_unused_day. Did you mean audit_unused_days?"]
"""

import typing as t

from ansible.plugins.lookup import LookupBase

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._variables.spelling import (
    RETURNED,
    SHARED,
    misspelled,
)


class LookupModule(LookupBase):
    """Compares the names of all variables with the known ones."""

    def run(self, terms: list[t.Any], variables: t.Mapping[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:
        """Return the messages."""
        given = [name for term in terms for name in (term if isinstance(term, list) else [term])]
        known = [*map(str, given), *SHARED, *RETURNED]
        found = misspelled(variables or {}, known)
        return [f"There is no variable {name}. Did you mean {meant}?" for name, meant in found.items()]
