# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible as people start it, and an emulated Atlas for it to talk to."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import subprocess
import typing as t

import requests

TREE = pathlib.Path(__file__).parents[2]
DATASETS = TREE / "tests" / "emulator" / "datasets"


@dataclasses.dataclass
class Atlas:
    """The emulator, as a test looks at it."""

    url: str

    def journal(self) -> list[dict[str, t.Any]]:
        """The requests since the last reset."""
        return t.cast("list[dict[str, t.Any]]", self.control("GET", "journal")["requests"])

    def live_tokens(self) -> list[dict[str, t.Any]]:
        """The tokens that were minted and neither revoked nor at their end."""
        return t.cast("list[dict[str, t.Any]]", self.control("GET", "tokens")["live"])

    def control(self, method: str, path: str, body: t.Any = None) -> t.Any:
        """Ask the emulator's control path."""
        response = requests.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=10)
        response.raise_for_status()
        return response.json() if response.content else None


@dataclasses.dataclass
class Finished:
    """What a command printed, and how it ended."""

    code: int
    output: str

    @property
    def text(self) -> str:
        """The output on one line: older Ansible breaks warnings after 79 columns, whatever COLUMNS says."""
        return " ".join(self.output.split())

    def result(self) -> dict[str, t.Any]:
        """The task's result in the output of an ad-hoc call."""
        start = self.output.index("=> {") + 3
        return t.cast("dict[str, t.Any]", json.JSONDecoder().raw_decode(self.output[start:])[0])


class Shell:
    """Runs commands with nothing of the developer's own settings in their environment."""

    def __init__(self, home: pathlib.Path) -> None:
        self.home = home
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MONGODB_"))}
        self.environ = {
            **kept,
            "HOME": str(home),
            "ANSIBLE_HOME": str(home / ".ansible"),
            "ANSIBLE_REMOTE_TEMP": str(home / ".ansible" / "tmp"),
            "ANSIBLE_ASYNC_DIR": str(home / ".ansible_async"),
            "ANSIBLE_COLLECTIONS_PATH": str(TREE.parents[2]),
            "ANSIBLE_NOCOLOR": "1",
            "COLUMNS": "1000",  # a warning stays on one line
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        }

    def run(self, *command: str, cwd: pathlib.Path | None = None, **environ: str) -> Finished:
        """Run COMMAND with ENVIRON added to the environment; standard error is part of the output."""
        done = subprocess.run(
            command,
            check=False,
            cwd=cwd or self.home,
            env={**self.environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        return Finished(done.returncode, done.stdout)

    def ad_hoc(self, module: str, options: dict[str, t.Any], *flags: str, **environ: str) -> Finished:
        """Run a module ad hoc on the implicit localhost."""
        name = f"mongodb_atlas.admin.{module}"
        return self.run("ansible", "localhost", "-m", name, "-a", json.dumps(options), *flags, **environ)

    def playbook(self, text: str, *flags: str, **environ: str) -> Finished:
        """Run a playbook that is given as text."""
        path = self.home / "playbook.yml"
        path.write_text(text, encoding="utf-8")
        return self.run("ansible-playbook", str(path), *flags, **environ)
