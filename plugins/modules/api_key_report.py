#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This is documentation only: the action plugin of the same name does everything on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: api_key_report
short_description: Show the API keys that were read as a table, and write them to files
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Shows the API keys of an organization on the screen, those with the role C(ORG_OWNER) first, and on request writes
    them to files. The role P(mongodb_atlas.admin.list_api_keys#role) ends with this.
  - It takes results that tasks have registered, from the variables of the host, without passing them through
    templates, which would take long for many API keys.
  - The table is printed as it is, and not as JSON as M(ansible.builtin.debug) would print it. It is not printed if the
    output of Ansible is JSON.
attributes:
  action:
    description: Has a corresponding action plugin, so that some parts of the options can be executed on the controller.
    support: full
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: full
    details:
      - The table is shown, and no file is written.
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: none
options:
  org_id:
    description:
      - The ID of the organization.
    type: str
    required: true
  variables:
    description:
      - The names of the variables that the tasks have registered. It is required without O(check_only).
    type: dict
    default: {}
    suboptions:
      api_keys:
        description: The result of M(mongodb_atlas.admin.org_api_key_info).
        type: str
      org:
        description: The result of M(mongodb_atlas.admin.org_info), for the name of the organization.
        type: str
      projects:
        description: The result of M(mongodb_atlas.admin.project_info), for the names of projects.
        type: str
  with_access_lists:
    description:
      - Whether to show and write the access lists as well.
    type: bool
    default: false
  formats:
    description:
      - The formats of the files, which are C(api_keys_ORG_ID.json) and C(api_keys_ORG_ID.csv).
    type: list
    elements: str
    choices: [json, csv]
    default: []
  directory:
    description:
      - The directory on the controller for the files. Only their owner can read them; on a file system that does not
        keep modes, this fails. If the directory does not exist, it is created.
      - It is required with O(formats), and must not be given without it.
    type: path
  check_only:
    description:
      - Only check the other options, before anything is read. Nothing is shown or written.
    type: bool
    default: false
seealso:
  - module: mongodb_atlas.admin.org_api_key_info
    description: Read API keys.
"""

EXAMPLES = r"""
- name: Read the API keys
  mongodb_atlas.admin.org_api_key_info:
    org_id: a0123456789abcdef012345a
  register: my_api_keys

- name: Show them
  mongodb_atlas.admin.api_key_report:
    org_id: a0123456789abcdef012345a
    variables:
      api_keys: my_api_keys
"""

RETURN = r"""
api_keys:
  description: The API keys as Atlas returned them, without their C(links).
  returned: success
  type: list
  elements: dict
files:
  description: The paths of the files.
  returned: success
  type: list
  elements: str
  sample: [/home/me/keys/api_keys_a0123456789abcdef012345a.csv]
"""
