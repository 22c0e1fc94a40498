#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This is documentation only: the action plugin of the same name does everything on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: audit_report
short_description: Audit what the hosts of a play have read, and report it
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Makes one report about the organizations of all hosts of the play, shows it on the screen, and on request writes it
    to files. The role P(mongodb_atlas.admin.audit#role) ends with this.
  - It takes results that tasks of the hosts have registered, from their variables, without passing them through
    templates. That is much faster than the filter P(mongodb_atlas.admin.audit#filter) for many thousands of API
    keys.
  - The table is printed as it is, other than what M(ansible.builtin.debug) shows. It is not printed if the output of
    Ansible is JSON.
  - A host that has failed is in the report, as an organization that was not audited.
  - Run it with C(run_once), and in a play without C(serial).
attributes:
  action:
    description: Has a corresponding action plugin, so that some parts of the options can be executed on the controller.
    support: full
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: full
    details:
      - The report is made and shown, and no file is written.
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: none
options:
  variables:
    description:
      - The names of the variables that each host has. What is not named, or not set, was not read.
    type: dict
    required: true
    suboptions:
      org_id:
        description: The ID of the organization.
        type: str
      error:
        description: Why the organization could not be read; empty otherwise.
        type: str
      org:
        description: The result of M(mongodb_atlas.admin.org_info) with C(gather_settings).
        type: str
      api_keys:
        description: The result of M(mongodb_atlas.admin.org_api_key_info) with C(gather_access_list).
        type: str
      service_accounts:
        description:
          - The result of M(mongodb_atlas.admin.org_service_account_info) with C(gather_access_list) and
            C(gather_projects).
        type: str
      projects:
        description: The result of M(mongodb_atlas.admin.project_info).
        type: str
      events:
        description: The result of M(mongodb_atlas.admin.org_event_info).
        type: str
  policy:
    description:
      - What the rules compare with, as P(mongodb_atlas.admin.audit#filter) describes it.
    type: dict
    default: {}
  exceptions:
    description:
      - Findings that are accepted, as P(mongodb_atlas.admin.audit#filter) describes them.
    type: list
    elements: dict
    default: []
  baseline:
    description:
      - The path of an earlier report in JSON.
    type: path
  formats:
    description:
      - The formats of the files.
    type: list
    elements: str
    choices: [html, json, csv, markdown, junit]
    default: []
  directory:
    description:
      - The directory on the controller for the files, which is made if there is none. Only their owner may read them.
      - It must be given with O(formats), and only then.
    type: path
  fail_on:
    description:
      - The severity from which on findings are in RV(above_threshold).
    type: str
    choices: [none, critical, high, medium, low, info]
    default: none
  fail_on_new_only:
    description:
      - Leave findings that the baseline has, too, out of RV(above_threshold).
    type: bool
    default: false
seealso:
  - plugin: mongodb_atlas.admin.audit
    plugin_type: filter
    description: The same audit of what is passed to it.
"""

EXAMPLES = r"""
- name: Read the API keys
  mongodb_atlas.admin.org_api_key_info:
    org_id: a0123456789abcdef012345a
    gather_access_list: true
    ignore_access_denied: true
  register: my_api_keys

- name: Keep the ID of the organization
  ansible.builtin.set_fact:
    my_org_id: a0123456789abcdef012345a

- name: Report what is wrong with them
  mongodb_atlas.admin.audit_report:
    variables:
      org_id: my_org_id
      api_keys: my_api_keys
    formats: [html]
    directory: reports
  run_once: true
"""

RETURN = r"""
summary:
  description: How many organizations, credentials and findings there are, as in the report.
  returned: success
  type: dict
findings:
  description:
    - The worst 1000 findings, the worst first, without their titles and what to do about them. The files have all.
  returned: success
  type: list
  elements: dict
findings_left_out:
  description: How many findings are not in RV(findings).
  returned: success
  type: int
  sample: 0
files:
  description: The paths of the files.
  returned: success
  type: list
  elements: str
  sample: [/home/me/reports/audit.html]
not_audited:
  description: Why organizations were not audited, by the names of their hosts.
  returned: success
  type: dict
  sample:
    staging: The request was not authenticated.
above_threshold:
  description: The numbers of findings that are as severe as O(fail_on) or worse; V(null) if there are none.
  returned: success
  type: str
  sample: 2 critical, 5 high
"""
