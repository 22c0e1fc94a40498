# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ansible as people start it, and an emulated Atlas for it to talk to."""

from __future__ import annotations

import base64
import dataclasses
import functools
import json
import os
import pathlib
import subprocess
import typing as t
import urllib.parse

import pytest
import requests

T = t.TypeVar("T")

TREE = pathlib.Path(__file__).parents[2]
DATASETS = TREE / "tests" / "emulator" / "datasets"


def some(values: t.Iterable[T], *kept: T) -> list[t.Any]:
    """Return the parameters of a test: VALUES, of which `make test` runs only those KEPT."""
    return [value if value in kept else pytest.param(value, marks=pytest.mark.full) for value in values]


@functools.cache
def forms(secret: str) -> frozenset[str]:
    """SECRET as it could be written down."""
    raw = secret.encode()
    return frozenset(
        {
            secret,
            urllib.parse.quote(secret),
            urllib.parse.quote(secret, safe=""),
            urllib.parse.quote_plus(secret),
            base64.b64encode(raw).decode(),
            base64.urlsafe_b64encode(raw).decode(),
            json.dumps(secret)[1:-1],
        }
    )


def basic(user: str, password: str) -> str:
    """The credentials of HTTP Basic."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


def leaks(text: str, *secrets: str) -> list[str]:
    """The forms of SECRETS in TEXT; twice over, for JSON that holds JSON."""
    return [form for form, in_json in _searched(secrets) if form in text or in_json in text]


@functools.cache
def _searched(secrets: tuple[str, ...]) -> list[tuple[str, str]]:
    """All forms of SECRETS, each with itself as part of a JSON string."""
    return [(form, json.dumps(form)[1:-1]) for form in sorted(set().union(*map(forms, secrets)))]


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
        """The output on one line: older Ansible breaks warnings after 79 columns, regardless of COLUMNS."""
        return " ".join(self.output.split())

    def result(self) -> dict[str, t.Any]:
        """The task's result in the output of an ad-hoc call."""
        return t.cast("dict[str, t.Any]", self.data_after("=> "))

    def shown(self, task: str) -> t.Any:
        """What a task of a playbook showed with debug."""
        return self.data_after(f"TASK [{task}] *", "=> ")["msg"]

    def stats(self) -> dict[str, t.Any]:
        """What a playbook of the collection handed on by set_stats."""
        return t.cast("dict[str, t.Any]", self.data_after("CUSTOM STATS: ", "RUN: "))

    def data_after(self, *marks: str) -> t.Any:
        """The JSON that comes after MARKS, which come one after the other."""
        rest = self.output
        for mark in marks:
            rest = rest[rest.index(mark) + len(mark) :]
        return json.JSONDecoder().raw_decode(rest)[0]


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
            timeout=900,
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

    def packaged(self, name: str, variables: dict[str, t.Any], *flags: str, **environ: str) -> Finished:
        """Run a playbook of the collection by its name."""
        path = self.home / "variables.json"
        path.write_text(json.dumps(variables), encoding="utf-8")
        command = ["ansible-playbook", f"mongodb_atlas.admin.{name}", "-e", f"@{path}", *flags]
        return self.run(*command, ANSIBLE_SHOW_CUSTOM_STATS="true", **environ)
