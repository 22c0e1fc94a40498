# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Eight organizations by one command from an inventory: one report, regardless of what some of the hosts did."""

from __future__ import annotations

import json
import pathlib
import re
import typing as t

import pytest
import yaml

from atlas_emulator.dataset import read
from atlas_emulator.model import Dataset
from atlas_emulator.server import Emulator
from harness import Atlas, Finished, Shell, leaks

ORGS, KEYS = 8, 20


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return read({"generate_orgs": {"orgs": ORGS, "api_keys": KEYS}})


@pytest.fixture
def atlas(dataset: Dataset) -> t.Iterator[Atlas]:
    with Emulator(dataset) as emulator:
        yield Atlas(emulator.url)


@pytest.fixture
def hosts(dataset: Dataset) -> dict[str, dict[str, t.Any]]:
    """A host for each organization, with credentials that read everything in it."""
    found = {}
    for number, org in enumerate(dataset.orgs):
        owner = next(key for key in org.api_keys if not key.access_list and key.roles[0].role_name == "ORG_OWNER")
        credentials = {"atlas_public_key": owner.public_key, "atlas_private_key": owner.private_key}
        found[f"org{number:02}"] = {"audit_org_id": org.id, **credentials}
    return found


def audit(shell: Shell, atlas: Atlas, hosts: dict[str, dict[str, t.Any]], *flags: str) -> Finished:
    text = yaml.safe_dump({"orgs": {"hosts": hosts}})
    (shell.home / "inventory.yml").write_text(text, encoding="utf-8")
    variables = {
        "atlas_hosts": "orgs",
        "atlas_base_url": atlas.url,
        "audit_formats": ["html", "json", "csv"],
        "audit_directory": str(shell.home / "reports"),
    }
    return shell.packaged("audit", variables, "-i", "inventory.yml", "--forks", "4", *flags)


def report(shell: Shell) -> dict[str, t.Any]:
    text = (shell.home / "reports" / "audit.json").read_text(encoding="utf-8")
    return t.cast("dict[str, t.Any]", json.loads(text))


def failures(shell: Shell) -> dict[str, str]:
    """Why organizations were not audited, by their names."""
    return {row["name"]: row["error"] for row in report(shell)["organizations"] if row["state"] == "not_audited"}


def test_one_report_of_all_organizations(
    shell: Shell, atlas: Atlas, dataset: Dataset, hosts: dict[str, dict[str, t.Any]]
) -> None:
    done = audit(shell, atlas, hosts)
    assert done.code == 0, done.output
    assert not leaks(done.output, *(str(variables["atlas_private_key"]) for variables in hosts.values()))
    files = {path.name for path in (shell.home / "reports").iterdir()}
    tables = {f"audit_{name}.csv" for name in ("findings", "credentials", "organizations")}
    assert files == {"audit.html", "audit.json", *tables}
    document = report(shell)
    assert {row["id"] for row in document["organizations"]} == {org.id for org in dataset.orgs}
    keys = {(row["org_id"], row["id"]) for row in document["credentials"] if row["kind"] == "api_key"}
    assert keys == {(org.id, key.id) for org in dataset.orgs for key in org.api_keys}
    assert done.stats()["atlas_audit"]["summary"] == document["summary"]
    assert done.output.count("SEVERITY") == 1


def test_a_failed_organization_does_not_hide_the_others(
    shell: Shell, atlas: Atlas, hosts: dict[str, dict[str, t.Any]]
) -> None:
    """Failed by Atlas, by its own variables, by its connection, by sharing an organization with another host."""
    hosts["org00"]["atlas_private_key"] = "wrong-private-key"
    hosts["org01"]["audit_unused_day"] = 1
    hosts["org02"].update(ansible_connection="ssh", ansible_host="127.0.0.1", ansible_port=9)
    hosts["org03"] = hosts["org04"]
    hosts["org05"]["audit_org_id"] = ""
    done = audit(shell, atlas, hosts)
    assert done.code in (2, 4, 6), done.output
    assert not leaks(done.output, "wrong-private-key")
    reasons = failures(shell)
    assert reasons.keys() == {"org00", "org01", "org02", "org04", "org05"}
    assert "401" in reasons["org00"]
    assert "The play's output has more." in reasons["org01"]
    assert reasons["org02"]
    assert "The hosts org03 and org04 have the same organization" in reasons["org04"]
    assert "Set the variable audit_org_id" in reasons["org05"]
    assert report(shell)["summary"]["not_audited"] == len(reasons)
    assert report(shell)["summary"]["api_keys"] == (ORGS - len(reasons)) * KEYS
    assert (shell.home / "reports" / "audit.html").is_file()
    assert re.search(r"(?m)^not audited +org00 ", done.output)
    assert "The organization of org04 was not audited. The report has the reason." in done.text


@pytest.mark.full
def test_report_of_organizations_that_all_failed(
    shell: Shell, atlas: Atlas, hosts: dict[str, dict[str, t.Any]]
) -> None:
    for variables in hosts.values():
        variables["atlas_private_key"] = "wrong-private-key"
    done = audit(shell, atlas, hosts)
    assert done.code == 2
    assert failures(shell).keys() == hosts.keys()
    assert report(shell)["credentials"] == []


def test_output_that_is_json_stays_json(
    shell: Shell, atlas: Atlas, hosts: dict[str, dict[str, t.Any]], tmp_path: pathlib.Path
) -> None:
    callbacks = tmp_path / "callbacks"
    callbacks.mkdir()
    (callbacks / "json_lines.py").write_text(CALLBACK)
    shell.environ |= {"ANSIBLE_CALLBACK_PLUGINS": str(callbacks), "ANSIBLE_STDOUT_CALLBACK": "json_lines"}
    done = audit(shell, atlas, dict(list(hosts.items())[:1]))
    assert done.code == 0, done.output
    assert "SEVERITY" not in done.output
    assert report(shell)["summary"]["organizations"] == 1


CALLBACK = """
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = '''
name: json_lines
type: stdout
short_description: Shows nothing
description: As ansible.posix.json, it is for programs.
'''


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "json_lines"
"""
