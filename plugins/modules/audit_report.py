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
    to files. The role P(mongodb_atlas.admin.audit#role) uses it.
  - It takes results that tasks of the hosts have registered, from their variables, without passing them through
    templates. That is much faster than the filter P(mongodb_atlas.admin.audit#filter) for many thousands of API
    keys.
  - The table is printed as it is, and not as JSON as M(ansible.builtin.debug) would print it. It is not printed if the
    output of Ansible is JSON.
  - A host that has failed, or for which nothing was read, is in the report as an organization that was not audited.
  - The task succeeds regardless of what the audit finds. RV(gate) says whether the play should fail.
  - Run it with C(run_once), and in a play without C(serial) and with the strategy C(linear).
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
      - The names of the variables that the tasks of each host have registered. What is not named, or not set, was not
        read. It is required without O(check_only).
    type: dict
    default: {}
    suboptions:
      org_id:
        description: The ID of the organization.
        type: str
      error:
        description:
          - Why reading ended early; empty otherwise. What was read before that is audited.
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
      - The path of an earlier report in JSON. If there is no such file, this is the first run, and RV(notices) says so.
      - A report of another organization, or from the future, is an error.
    type: path
  baseline_required:
    description:
      - Whether it is an error if the file O(baseline) does not exist.
    type: bool
    default: false
  formats:
    description:
      - The formats of the files.
    type: list
    elements: str
    choices: [html, json, csv, markdown, junit, ocsf]
    default: []
  directory:
    description:
      - The directory on the controller for the files. Only their owner can read them; on a file system that does not
        keep modes, this fails. If the directory does not exist, it is created.
      - It is required with O(formats), and must not be given without it.
    type: path
  columns:
    description:
      - The width of the tables on the screen, from 40 to 1000. By default, it is the width of the terminal, or 100 if
        the output is not a terminal.
    type: int
  fail_on:
    description:
      - The gate fails if there is a finding of this severity or a worse one.
    type: str
    choices: [none, critical, high, medium, low, info]
    default: none
  fail_on_new_only:
    description:
      - Whether only findings count that are not in the baseline.
    type: bool
    default: false
  fail_on_not_checked:
    description:
      - Whether the gate also fails if a rule of the severity O(fail_on) or a worse one could not be checked. By
        default, this is V(true) if O(fail_on) is not V(none).
    type: bool
  acknowledge:
    description:
      - Whether to take everything that is found as known. O(formats) must contain V(json).
    type: bool
    default: false
  check_only:
    description:
      - Only check the other options, before anything is read. Nothing is shown or written.
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
  description: How many organizations, credentials, checks and findings there are, as in the report.
  returned: success
  type: dict
gate:
  description:
    - Whether the play should fail, in C(failed), and why, in C(message). C(findings) and C(not_checked) have the rules
      that are the reason.
  returned: success
  type: dict
  sample:
    failed: true
    fail_on: high
    new_only: false
    fail_on_not_checked: true
    acknowledged: false
    message: 2 critical findings.
    findings:
      - rule: open_to_internet
        severity: critical
        title: Can be used from the whole internet
        findings: 2
        carried: 0
    not_checked: []
notices:
  description: What a reader should know that is no finding, for example that an exception ends soon.
  returned: success
  type: list
  elements: str
  sample: []
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
not_checked:
  description:
    - The checks that could not be made, the worst first, a row for each rule, organization and cause, at most 1000.
      C(credentials) is their number, and C(role) is the role that the credentials of the audit lack.
  returned: success
  type: list
  elements: dict
not_checked_left_out:
  description: How many rows are not in RV(not_checked).
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
partly_read:
  description:
    - Which lists could not be read, by the names of the hosts, if that has another reason than a missing role.
  returned: success
  type: dict
  sample: {}
"""
