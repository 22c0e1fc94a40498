# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fifty organizations with two hundred keys each, a host for each of them: complete, and each with its own credentials.

Every other host has a service account and the rest an API key. The secrets are in a vault.
"""

from __future__ import annotations

import concurrent.futures
import pathlib
import re
import typing as t

import pytest
import yaml

from atlas_emulator.dataset import read
from atlas_emulator.model import Dataset, Org
from atlas_emulator.server import Emulator
from awx_job import Template
from harness import Atlas, Shell, leaks, some

pytestmark = pytest.mark.scale

TASKS = 3  # of list_api_keys that ask Atlas: the keys, and the names of the organization and of its projects
PASSWORD = "correct horse battery staple"

Json = dict[str, t.Any]
Keys = set[tuple[str, str]]


@pytest.fixture(scope="module")
def dataset(request: pytest.FixtureRequest) -> Dataset:
    """So many organizations with so many keys each."""
    orgs, keys = request.param
    return read({"generate_orgs": {"orgs": orgs, "api_keys": keys}})


@pytest.fixture
def atlas(dataset: Dataset) -> t.Iterator[Atlas]:
    with Emulator(dataset) as emulator:
        yield Atlas(emulator.url)


def by_account(number: int) -> bool:
    return number % 2 == 0


def credentials(org: Org, number: int) -> dict[str, str]:
    """The variables of a host, the secret one last."""
    if by_account(number):
        account = org.service_accounts[0]
        return {"atlas_client_id": account.client_id, "atlas_client_secret": account.client_secret}
    owner = next(key for key in org.api_keys if not key.access_list and key.roles[0].role_name == "ORG_OWNER")
    return {"atlas_public_key": owner.public_key, "atlas_private_key": owner.private_key}


def encrypted(shell: Shell, secrets: list[str]) -> list[str]:
    """SECRETS as ansible-vault writes them."""
    (shell.home / "password").write_text(PASSWORD)
    done = shell.run("ansible-vault", "encrypt_string", "--vault-password-file", "password", *secrets)
    found = re.findall(r"\$ANSIBLE_VAULT;1.1;AES256\n(?:\s*[0-9a-f]+\n)+", done.output)
    assert len(found) == len(secrets), done.output
    return ["".join(f"{line.strip()}\n" for line in text.splitlines()) for text in found]


def inventory(shell: Shell, dataset: Dataset, **instead: str) -> dict[str, Json]:
    """Hosts with their variables; INSTEAD has other secrets for some of them."""
    hosts = {}
    for number, org in enumerate(dataset.orgs):
        hosts[f"org{number:02}"] = {"list_api_keys_org_id": org.id, **credentials(org, number)}
    secrets = [instead.get(name, list(variables.values())[-1]) for name, variables in hosts.items()]
    for variables, text in zip(hosts.values(), encrypted(shell, secrets)):
        variables[list(variables)[-1]] = {"__ansible_vault": text}
    return hosts


class Dumper(yaml.SafeDumper):
    """Writes what JSON has as __ansible_vault with the tag that YAML has for it."""

    def represent_data(self, data: t.Any) -> yaml.Node:
        if isinstance(data, dict) and "__ansible_vault" in data:
            return self.represent_scalar("!vault", data["__ansible_vault"], style="|")
        return super().represent_data(data)


def write(shell: Shell, hosts: dict[str, Json]) -> None:
    text = yaml.dump({"orgs": {"hosts": hosts}}, Dumper=Dumper)
    (shell.home / "inventory.yml").write_text(text, encoding="utf-8")


def all_of(dataset: Dataset) -> Keys:
    return {(org.id, key.id) for org in dataset.orgs for key in org.api_keys}


def found_in(stats: Json) -> Keys:
    """What was handed on, in which nothing is twice."""
    keys = [(org, key["id"]) for org, keys in stats["atlas_api_keys"].items() for key in keys]
    assert len(set(keys)) == len(keys)
    return set(keys)


def assert_each_asked_for_itself(atlas: Atlas, dataset: Dataset) -> None:
    """No organization answers to the credentials of another, so who was answered came with its own."""
    asked: dict[str, list[tuple[str, int]]] = {}
    for request in atlas.journal():
        if "/orgs/" in request["path"]:
            asked.setdefault(request["path"].split("/")[5], []).append((request["auth"], request["status"]))
    for number, org in enumerate(dataset.orgs):
        each = [("bearer", 200)] if by_account(number) else [("none", 401), ("digest", 200)]
        assert asked[org.id] == TASKS * each
    tokens = atlas.control("GET", "tokens")
    minted = TASKS * len(dataset.orgs) // 2
    assert (tokens["minted"], tokens["revoked"], tokens["live"]) == (minted, minted, [])


# `make test` runs it with fewer organizations.
@pytest.mark.parametrize("dataset", some([(8, 20), (50, 200)], (8, 20)), indirect=True)
def test_every_key_of_every_organization(atlas: Atlas, dataset: Dataset, shell: Shell) -> None:
    write(shell, inventory(shell, dataset))
    variables = {"atlas_hosts": "orgs", "atlas_base_url": atlas.url}
    flags = ["-i", "inventory.yml", "--vault-password-file", "password", "--forks", "10"]
    done = shell.packaged("list_api_keys", variables, *flags)
    assert done.code == 0, done.output
    assert found_in(done.stats()) == all_of(dataset)
    assert_each_asked_for_itself(atlas, dataset)
    assert not leaks(done.output, *(list(credentials(org, n).values())[-1] for n, org in enumerate(dataset.orgs)))


@pytest.mark.parametrize("dataset", some([(8, 10), (50, 10)], (8, 10)), indirect=True)
def test_wrong_secret_of_one_organization_stops_no_other(atlas: Atlas, dataset: Dataset, shell: Shell) -> None:
    write(shell, inventory(shell, dataset, org02="mdb_sa_sk_wrong"))
    variables = {"atlas_hosts": "orgs", "atlas_base_url": atlas.url}
    flags = ["-i", "inventory.yml", "--vault-password-file", "password", "--forks", "1", "-vvv"]
    done = shell.packaged("list_api_keys", variables, *flags)
    assert done.code == 2
    (failed,) = re.findall(r"fatal: \[(\w+)\]: FAILED! => .*", done.output)
    assert failed == "org02"
    assert "Invalid credentials provided." in done.output
    wrong = dataset.orgs[2].id
    assert found_in(done.stats()) == {(org, key) for org, key in all_of(dataset) if org != wrong}
    assert not leaks(done.output, "mdb_sa_sk_wrong")
    assert done.output.count("org_api_key_info runs in process") == len(dataset.orgs)
    assert not atlas.live_tokens()


@pytest.mark.parametrize("dataset", some([(8, 20), (50, 200)], (8, 20)), indirect=True)
def test_slices_of_a_job_are_the_whole(atlas: Atlas, dataset: Dataset, shell: Shell, tmp_path: pathlib.Path) -> None:
    template = Template(
        "list_api_keys",
        {"MONGODB_ATLAS_BASE_URL": atlas.url},
        {"atlas_hosts": "orgs"},
        inventory(shell, dataset),
        "--ask-vault-pass --forks=5",
        {r"Vault password:\s*?$": PASSWORD},
    )
    folders = [tmp_path / "first", tmp_path / "second"]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        jobs = [
            pool.submit(template.slice(number, 2).launch, shell, folder) for number, folder in enumerate(folders, 1)
        ]
    first, second = (job.result() for job in jobs)
    assert first.status == second.status == ("successful", "0"), first.finished.output + second.finished.output
    parts = [found_in(job.handed_on()) for job in (first, second)]
    assert not parts[0] & parts[1]
    assert parts[0] | parts[1] == all_of(dataset)
    assert_each_asked_for_itself(atlas, dataset)
    some = [PASSWORD, *(list(credentials(org, number).values())[-1] for number, org in enumerate(dataset.orgs[:4]))]
    assert not first.leaky(some) | second.leaky(some)
