#!/usr/bin/python

# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This is documentation only: the action plugin of the same name does everything on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: store_secret
short_description: Run a module that stores a secret, and mask the secret in all that comes back
version_added: 1.0.0
author:
  - Contributors to the mongodb_atlas.admin collection (!UNKNOWN)
description:
  - Runs a module or an action of your choice, such as one that writes to HashiCorp Vault or AWS Secrets Manager, and
    masks the given secrets in its result, its messages, its warnings and its error. The message of a failure stays
    readable.
  - C(no_log) does not protect such a task. With ansible-core 2.19 and newer, the message of a failed task is shown in
    spite of it, and some store modules return the old or the new value.
  - The secrets are masked as they are, and as they look in URLs, forms, JSON and base64, also inside a longer text that
    is in base64.
  - The field C(invocation) with the arguments is dropped from the result, and the task's own arguments are cleared for
    callbacks and for C(ansible_failed_task).
attributes:
  action:
    description: Has a corresponding action plugin, so that some parts of the options can be executed on the controller.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: none
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
    support: partial
    details:
      - The module runs in check mode and supports it as documented for that module.
  diff_mode:
    description: Returns details on what has changed when in diff mode.
    support: partial
    details:
      - As documented for that module, with the secrets masked.
options:
  module:
    description:
      - The full name of the module or action to run. C(module_defaults) for it do not apply.
    type: str
    required: true
  args:
    description:
      - Its options.
    type: dict
    default: {}
  secrets:
    description:
      - What to mask, at least eight characters each. Give the old secret as well if the module may return it.
    type: list
    elements: str
    required: true
notes:
  - In a loop whose item holds a secret, Ansible hides the whole result of the item on the screen. It is registered.
  - Write the secrets as templates of variables. Callbacks that show the arguments of a task before it runs show what is
    written into the playbook itself.
  - The log of the target host and the store itself are beyond its reach.
seealso:
  - module: mongodb_atlas.admin.caller_info
    description: Find out whether credentials work.
"""

EXAMPLES = r"""
# For HashiCorp Vault, module is community.hashi_vault.vault_kv2_write, with path and data among the args.
- name: Store the credentials of a service account in a file
  mongodb_atlas.admin.store_secret:
    module: ansible.builtin.copy
    args:
      content: "{{ document | to_json }}"
      dest: ~/ci-atlas-account.json
      mode: "0600"
    secrets: ["{{ document.client_secret }}"]
  vars:
    document:
      client_id: mdb_sa_id_0123456789abcdef01234567
      client_secret: "{{ vault_atlas_client_secret }}"
"""

RETURN = r"""
msg:
  description:
    - The message of the module, if it returned one, with the secrets masked.
  returned: depends on the module
  type: str
  sample: "permission denied: ********"
"""
