# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job as AWX runs it: by ansible-runner, in three steps, from a private data directory.

What AWX does stands in its awx/main/tasks. jobs.py writes the directory, and gives the environment and the answers to
prompts as parameters. receptor.py has ansible-runner transmit all that to where a worker runs it, and process what
comes back.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import sys
import typing as t

import jinja2.sandbox
import yaml

from harness import TREE, Finished, Shell, leaks

# The streams, which AWX sends through sockets, are files without a name. The worker has a directory of its own, as on
# another node.
STEPS = """
import json, pathlib, sys, tempfile
import ansible_runner

given, control, worker = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
parameters = json.loads(given.read_text())
given.unlink()
there, back = tempfile.TemporaryFile(), tempfile.TemporaryFile()
ansible_runner.run(streamer="transmit", _output=there, private_data_dir=control, **parameters)
there.seek(0)
ansible_runner.run(streamer="worker", _input=there, _output=back, private_data_dir=worker)
back.seek(0)
done = ansible_runner.run(streamer="process", _input=back, private_data_dir=control, quiet=True, **parameters)
sys.exit(done.status != "successful")
"""

Json = dict[str, t.Any]

# The host of the inventory that AWX brings along.
LOCALHOST: Json = {
    "localhost": {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
}


CREDENTIAL_TYPES: dict[str, Json] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((TREE / "playbooks" / "files" / "awx_credential_types").glob("*.yml"))
}


def credential(kind: str, inputs: dict[str, str]) -> dict[str, str]:
    """The environment that a credential of the type KIND gives to a job.

    AWX renders the injectors in a sandbox, with the fields that are filled in. (awx/main/models/credential)
    """
    sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment()
    filled_in = {field: value for field, value in inputs.items() if value}
    templates = CREDENTIAL_TYPES[kind]["injectors"]["env"]
    return {name: sandbox.from_string(template).render(**filled_in) for name, template in templates.items()}


@dataclasses.dataclass
class Job:
    """A job that is over, and what it left."""

    control: pathlib.Path
    worker: pathlib.Path
    finished: Finished  # the three steps; the output of Ansible is in the events

    @property
    def artifacts(self) -> pathlib.Path:
        """What came back from the worker."""
        return self.control / "artifacts" / "1"

    @property
    def status(self) -> tuple[str, str]:
        """How it ended, in ansible-runner's words, and the exit code of Ansible."""
        return (self.artifacts / "status").read_text(), (self.artifacts / "rc").read_text()

    def events(self) -> list[Json]:
        """What AWX shows and stores of the job."""
        paths = sorted(self.artifacts.glob("job_events/*.json"), key=lambda path: int(path.name.partition("-")[0]))
        return [json.loads(path.read_text(encoding="utf-8")) for path in paths]

    def output(self) -> str:
        """What AWX shows as the output."""
        return "\n".join(event["stdout"] for event in self.events())

    def handed_on(self) -> Json:
        """What the next jobs of a workflow get as extra variables."""
        (stats,) = (event for event in self.events() if event["event"] == "playbook_on_stats")
        return t.cast(Json, stats["event_data"]["artifact_data"])

    def leaky(self, secrets: list[str]) -> set[str]:
        """The files on either side, of all that there are, with one of SECRETS in them."""
        files = [path for folder in (self.control, self.worker) for path in folder.rglob("*") if path.is_file()]
        assert any(path.parent.name == "job_events" for path in files)
        found = [path for path in files if leaks(path.read_text(encoding="utf-8", errors="replace"), *secrets)]
        return {path.relative_to(self.control.parent).as_posix() for path in found}


@dataclasses.dataclass
class Template:
    """What a job is made of.

    PLAYBOOK is the name of one of the collection's, or the text of another.
    """

    playbook: str
    environ: dict[str, str]
    variables: Json = dataclasses.field(default_factory=dict)
    hosts: Json = dataclasses.field(default_factory=lambda: LOCALHOST)
    arguments: str = "-vvv"
    passwords: dict[str, str] = dataclasses.field(default_factory=dict)

    def slice(self, number: int, count: int) -> Template:
        """The job of one slice: its inventory has every COUNTth host by name, from the NUMBERth on."""
        names = sorted(self.hosts)[number - 1 :: count]
        return dataclasses.replace(self, hosts={name: self.hosts[name] for name in names})

    def launch(self, shell: Shell, folder: pathlib.Path) -> Job:
        """Run it, with its directories in FOLDER.

        AWX names the inventory's path, which is the same on the worker. Here it is not, so ansible-runner's default
        has to do: what lies in the folder inventory.
        """
        control, worker, given = folder / "control", folder / "worker", folder / "parameters.json"
        self._write(control)
        parameters = {
            "ident": 1,
            "playbook": "job.yml",
            "passwords": self.passwords,
            "suppress_env_files": True,
            "envvars": self.environ,
        }
        given.write_text(json.dumps(parameters), encoding="utf-8")
        return Job(control, worker, shell.run(sys.executable, "-c", STEPS, str(given), str(control), str(worker)))

    def _project(self) -> str:
        named = self.playbook.isidentifier()
        return f"- import_playbook: mongodb_atlas.admin.{self.playbook}\n" if named else self.playbook

    def _write(self, control: pathlib.Path) -> None:
        inventory = {"_meta": {"hostvars": self.hosts}, "orgs": {"hosts": list(self.hosts)}}
        settings = {"suppress_ansible_output": True, "suppress_output_file": True}
        files = {
            "project/job.yml": self._project(),
            "inventory/hosts": f"#! /usr/bin/env python3\nprint({json.dumps(inventory)!r})\n",
            "env/extravars": json.dumps(self.variables),
            # AWX names a user for SSH, also where SSH is not used.
            "env/cmdline": f"-u root {self.arguments}",
            "env/settings": json.dumps(settings),
        }
        for name, text in files.items():
            path = control / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (control / "inventory" / "hosts").chmod(0o700)
