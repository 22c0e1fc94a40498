# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Where a secret goes that Atlas shows once.
    DOCUMENTATION = r"""
options:
  secret_file:
    description:
      - A file for the new secret, on the host where the task runs. It must not exist. The task writes it with mode
        0600, completely or not at all, and checks before the creation that it can be written.
      - A relative path starts at the directory of the playbook. With a remote host, give an absolute path.
    type: path
  secret_format:
    description:
      - V(json) is an object with the kind of credential, the organization, the identifiers and the secret.
      - V(env) contains one line for each environment variable that this collection reads.
    type: str
    choices: [json, env]
    default: json
  secret_vault_id:
    description:
      - Encrypt the file with Ansible Vault and the password of this vault ID, which the run must know.
      - This requires in-process execution on the controller.
    type: str
  return_secret:
    description:
      - Return the new secret. Ansible hides the result of the task and registers it completely, so the task must use
        C(register). The task must not use C(until), C(retries) or C(async), which would lose or show the
        secret.
      - If a signal or the C(timeout) of the task ends the task after the creation, the secret is lost with the result.
        A file is safer.
    type: bool
    default: false
  on_missing_secret:
    description:
      - What to do if the credential exists, and the task can therefore not deliver its secret to O(secret_file) or with
        O(return_secret). Atlas shows a secret only once.
      - V(warn) is for secrets that were moved to a store after their creation.
      - V(fail) fails the task. The message names the credential and says how to replace it.
    type: str
    choices: [warn, fail]
    default: warn
"""
