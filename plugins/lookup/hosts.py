# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: hosts
short_description: Return the hosts of a pattern, or fail if a part of it matches no host
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Return the hosts of the inventory that match a pattern and C(--limit). The playbooks of this collection use it in
    C(hosts), with the variable C(atlas_hosts) as the pattern.
  - Ansible only warns if a pattern matches no host, and the run succeeds without having done anything. This lookup
    fails instead, so that a misspelled group does not leave organizations out of an audit.
  - It fails if a part of the pattern or of C(--limit) matches no host, if no host is left, if C(--skip-tags) skips
    tasks with the tag C(always), or if there is a variable whose name is nearly that of O(variable).
options:
  _terms:
    description:
      - The pattern, as in C(hosts) of a play. Several terms are parts of one pattern.
    type: list
    elements: str
    required: true
  variable:
    description:
      - The name of the variable that contains the pattern, for messages.
    type: str
    default: atlas_hosts
seealso:
  - plugin: ansible.builtin.inventory_hostnames
    plugin_type: lookup
    description: Return the hosts of a pattern without these checks.
"""

EXAMPLES = r"""
- name: Audit organizations
  hosts: "{{ query('mongodb_atlas.admin.hosts', atlas_hosts | default('localhost', true)) }}"
  connection: local
  gather_facts: false
  tags: always
  roles:
    - role: mongodb_atlas.admin.audit
"""

RETURN = r"""
_list:
  description: The names of the hosts.
  type: list
  elements: str
  sample: [production, staging]
"""

import typing as t

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._variables.hosts import (
    HostsError,
    check_skipped_tags,
    select_hosts,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._variables.spelling import misspelled


class LookupModule(LookupBase):
    """Returns the hosts that a playbook runs on."""

    def run(self, terms: list[t.Any], variables: t.Mapping[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:
        """Return the names of the hosts."""
        found: t.Mapping[str, t.Any] = variables or {}
        self.set_options(var_options=found, direct=kwargs)
        name = self.get_option("variable")
        for wrong, meant in misspelled(found, [name]).items():
            raise AnsibleLookupError(f"There is no variable {wrong}. Did you mean {meant}?")
        try:
            check_skipped_tags(found.get("ansible_skip_tags") or ())
        except HostsError as error:
            raise AnsibleLookupError(str(error)) from error
        try:
            return select_hosts(_pattern(terms), found.get("ansible_limit"), found["groups"])
        except HostsError as error:
            raise AnsibleLookupError(f"{name} {error}") from error


def _pattern(terms: t.Iterable[t.Any]) -> str:
    """Return one pattern of terms that may be lists, or text with a part on each line as a survey returns it."""
    parts = [str(part) for term in terms for part in (term if isinstance(term, list) else [term])]
    return ",".join(line.strip() for part in parts for line in part.splitlines() if line.strip())
