# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read an API key five times, with this collection and with ansible.builtin.uri, and print the times.

Both playbooks run in turn, once each, with the same emulator: one sample. `make bench` measures.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import tempfile
import time

ITEMS = 5
KEY = {"api_user_id": "6a793f752c88faeba59bba50"}
URL, ORG, PUBLIC, PRIVATE = (
    os.environ[f"MONGODB_ATLAS_{name}"] for name in ("BASE_URL", "ORG_ID", "PUBLIC_API_KEY", "PRIVATE_API_KEY")
)

LOOP = {"loop": list(range(ITEMS)), "register": "found"}
TASKS = {
    "this collection": {"mongodb_atlas.admin.org_api_key_info": KEY},
    "ansible.builtin.uri": {
        "ansible.builtin.uri": {
            "url": f"{URL}/api/atlas/v2/orgs/{ORG}/apiKeys/{KEY['api_user_id']}",
            "url_username": PUBLIC,
            "url_password": PRIVATE,
            "headers": {"Accept": "application/vnd.atlas.2025-03-12+json"},
        },
    },
}


def seconds(task: dict[str, object]) -> float:
    """How long a playbook with this task takes, from its start to its end."""
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [{**task, **LOOP}]}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "play.yml"
        path.write_text(json.dumps([play]), encoding="utf-8")
        started = time.monotonic()
        interpreter = ("-e", "ansible_python_interpreter={{ ansible_playbook_python }}")
        command = ["ansible-playbook", *interpreter, str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return time.monotonic() - started


for name, task in TASKS.items():
    print(f"{name:<20} {seconds(task):5.1f} s for a playbook that reads {ITEMS} keys in a loop")
