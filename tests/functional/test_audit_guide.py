# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide on the audit: what other tests do not run of it works."""

from __future__ import annotations

import json
import re
import textwrap

import yaml

from harness import TREE, Atlas, Shell

GUIDE = (TREE / "docs" / "docsite" / "rst" / "guide_audit.rst").read_text(encoding="utf-8")
ENVIRONMENT = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": "mqzhrtab",
    "MONGODB_ATLAS_PRIVATE_API_KEY": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6",
    "MONGODB_ATLAS_ORG_ID": "a0123456789abcdef012345a",
}
# Stands in for the module of community.general: it writes down what it would send.
MAIL = """
import json
import pathlib
from ansible.module_utils.basic import AnsibleModule

names = ("host", "sender", "to", "subject", "body", "attach")
module = AnsibleModule({name: {"type": "str", "required": True} for name in names})
assert pathlib.Path(module.params["attach"]).is_file()
pathlib.Path("SENT").write_text(json.dumps(module.params))
module.exit_json(changed=True)
"""


def test_report_is_sent_by_mail_although_the_audit_fails(atlas: Atlas, shell: Shell) -> None:
    (code,) = re.findall(r"(?m)^  \.\. code-block:: text\n\n((?:(?:      .*)?\n)+)", GUIDE)
    (play,) = yaml.safe_load(textwrap.dedent(code).replace("/tmp/audit", str(shell.home / "audit")))
    sent = shell.home / "sent.json"
    modules = shell.home / "collections" / "ansible_collections" / "community" / "general" / "plugins" / "modules"
    modules.mkdir(parents=True)
    (modules / "mail.py").write_text(MAIL.replace("SENT", str(sent)))
    path = f"{shell.environ['ANSIBLE_COLLECTIONS_PATH']}:{shell.home / 'collections'}"
    interpreter = ("-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
    environ = {**ENVIRONMENT, "MONGODB_ATLAS_BASE_URL": atlas.url, "ANSIBLE_COLLECTIONS_PATH": path}
    done = shell.playbook(yaml.safe_dump([play], sort_keys=False), *interpreter, **environ)
    assert done.code == 2
    assert "The audit failed, because audit_fail_on is high." in done.text
    mail = json.loads(sent.read_text())
    assert mail["subject"] == "Atlas audit: failed", done.output
    assert re.match(r"\d+ critical, \d+ high findings\.", mail["body"])
