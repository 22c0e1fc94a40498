# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks as jobs of AWX: that they work, what they hand on, and that no secret is left behind."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
import yaml

from creations import CREATIONS

from awx_job import Template, credential
from harness import Atlas, Shell, leaks, some

ORG, KEY = "a0123456789abcdef012345a", "6a793f752c88faeba59bba49"
CREDENTIALS = {
    "api_key": {"public_key": "gswvkocq", "private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"},
    "service_account": {
        "client_id": "mdb_sa_id_0123456789abcdef01234567",
        "client_secret": "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567",
    },
    "access_token": {"access_token": "demo-live-token"},
}
OWNER = {"public_key": "mqzhrtab", "private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6"}
SECRETS = [list(inputs.values())[-1] for inputs in CREDENTIALS.values()]


# ansible-runner writes the environment of a job into a file, on the worker and, as it sends it back, on the control
# node. Nothing that it takes keeps it from that. AWX removes both directories when the job is over.
COMMANDS = {"control/artifacts/1/command", "worker/artifacts/1/command"}


@pytest.mark.parametrize("kind", some(CREDENTIALS, "service_account"))
@pytest.mark.parametrize("playbook", some(["show_api_key", "list_api_keys"], "list_api_keys"))
def test_job(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path, playbook: str, kind: str) -> None:
    environ = credential(kind, {**CREDENTIALS[kind], "org_id": ORG, "base_url": atlas.url})
    files = {"list_api_keys_formats": ["csv"], "list_api_keys_directory": str(tmp_path / "keys")}
    variables = {"show_api_key_id": KEY, **files}
    job = Template(playbook, environ, variables).launch(shell, tmp_path)
    assert job.status == ("successful", "0"), job.finished.output
    handed_on = job.handed_on()
    if playbook == "show_api_key":
        assert handed_on["atlas_api_key"]["id"] == KEY
    else:
        assert len({key["id"] for key in handed_on["atlas_api_keys"][ORG]}) == 22
        assert len((tmp_path / "keys" / f"api_keys_{ORG}.csv").read_text().splitlines()) == 23
    assert "mongodb_atlas.admin.org_api_key_info runs in process" in job.output()
    assert job.leaky(SECRETS) == COMMANDS
    assert not leaks(job.finished.output, *SECRETS)
    assert not atlas.live_tokens()


def test_failed_job(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    environ = credential("service_account", {**CREDENTIALS["service_account"], "org_id": ORG, "base_url": atlas.url})
    job = Template("show_api_key", environ, {"show_api_key_id": "f" * 24}).launch(shell, tmp_path)
    assert job.status == ("failed", "2"), job.finished.output
    (failed,) = (event["event_data"]["res"] for event in job.events() if event["event"] == "runner_on_failed")
    assert failed["error_code"] == "API_KEY_NOT_FOUND"
    assert not job.handed_on()
    assert job.leaky(SECRETS) == COMMANDS
    assert not atlas.live_tokens()


@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
def test_new_secrets_are_in_no_event_and_no_artifact(
    atlas: Atlas, shell: Shell, tmp_path: pathlib.Path, in_process: str
) -> None:
    """Of each module, one is written to a file, the other is returned and used by the next task."""
    environ = credential("api_key", {**OWNER, "org_id": ORG, "base_url": atlas.url})
    tasks: list[dict[str, t.Any]] = []
    for module, creation in CREATIONS.items():
        name = f"mongodb_atlas.admin.{module}"
        copy = {
            "content": f"{{{{ made.{creation.secret} }}}}",
            "dest": str(tmp_path / f"used-{module}"),
            "mode": "0600",
        }
        tasks += [
            {name: {**creation.options["first"], "secret_file": str(tmp_path / f"kept-{module}")}},
            {name: {**creation.options["second"], "return_secret": True}, "register": "made"},
            {"ansible.builtin.copy": copy, "no_log": True},
            {"ansible.builtin.debug": {"var": "made.changed"}},
        ]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    arguments = f"-vvvv --diff -e mongodb_atlas_admin_in_process={in_process}"
    job = Template(yaml.safe_dump([play]), environ, arguments=arguments).launch(shell, tmp_path)
    assert job.status == ("successful", "0"), job.finished.output + job.output()
    secrets = [path.read_text() for path in tmp_path.glob("used-*")]
    for module, creation in CREATIONS.items():
        secrets.append(json.loads((tmp_path / f"kept-{module}").read_text())[creation.secret])
    assert len(set(secrets)) == 2 * len(CREATIONS)
    assert not job.leaky(secrets)
    assert not leaks(job.finished.output + job.output() + json.dumps(job.events()), *secrets)


@pytest.mark.full
def test_optional_fields_that_are_not_filled_in_do_no_harm(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    environ = credential("api_key", CREDENTIALS["api_key"])
    assert environ["MONGODB_ATLAS_BASE_URL"] == environ["MONGODB_ATLAS_ORG_ID"] == ""
    variables = {"show_api_key_id": KEY, "show_api_key_org_id": ORG, "atlas_base_url": atlas.url}
    job = Template("show_api_key", environ, variables).launch(shell, tmp_path)
    assert job.status == ("successful", "0"), job.finished.output


@pytest.mark.full
def test_the_command_is_where_the_environment_is(atlas: Atlas, shell: Shell, tmp_path: pathlib.Path) -> None:
    """Should a newer ansible-runner no longer do it, the exception above is to go."""
    environ = credential("api_key", {**CREDENTIALS["api_key"], "org_id": ORG, "base_url": atlas.url})
    job = Template("show_api_key", environ, {"show_api_key_id": KEY}).launch(shell, tmp_path)
    for folder in (job.control, job.worker):
        command = folder / "artifacts" / "1" / "command"
        assert json.loads(command.read_text())["env"].items() >= environ.items()
        assert command.stat().st_mode & 0o777 == 0o600
