# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing and generating datasets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from atlas_emulator import resources
from atlas_emulator.dataset import load, read
from atlas_emulator.parser import EntryError
from atlas_emulator.resources import api_keys
from atlas_emulator.store import Store
from atlas_emulator.times import now, parse_time
from emulator_client import ORG

KEY: dict[str, Any] = {
    "id": "1" * 24,
    "desc": "one",
    "public_key": "abcdefgh",
    "private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977",
}


def org(**changes: Any) -> dict[str, Any]:
    """Return a dataset of one organization."""
    return {"orgs": [{"id": ORG, "name": "one"} | changes]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "dataset: a mapping is needed here"),
        ({"org": []}, "dataset: unknown: org"),
        ({"settings": {"nonce_lifetime": "long"}}, "dataset.settings.nonce_lifetime: a number"),
        ({"orgs": [{"name": "one"}]}, "dataset.orgs[0]: id is missing"),
        (org(id="ABC"), "dataset.orgs[0].id: 'ABC' does not match"),
        (org(id=12), "dataset.orgs[0].id: text is needed, not 12"),
        (org(api_keys=[KEY | {"colour": "red"}]), "dataset.orgs[0].api_keys[0]: unknown: colour"),
        (org(api_keys=[KEY | {"roles": [{"role_name": "X"}]}]), "dataset.orgs[0].api_keys[0].roles[0]: a role has"),
        (org(api_keys=[KEY | {"access_list": [{"ip_address": "1.2"}]}]), "dataset.orgs[0].api_keys[0].access_list[0]"),
        (
            org(api_keys=[KEY | {"access_list": [{"ip_address": "192.0.2.1", "last_used": "soon"}]}]),
            "dataset.orgs[0].api_keys[0].access_list[0].last_used: a time",
        ),
        (
            org(api_keys=[KEY | {"roles": [{"org_id": ORG, "role_name": "GROUP_OWNER"}]}]),
            "dataset.orgs[0].api_keys[0].roles[0].role_name: GROUP_OWNER is no role in an organization",
        ),
        (
            org(access_tokens=[{"token": "a", "roles": [{"group_id": ORG, "role_name": "ORG_OWNER"}]}]),
            "dataset.orgs[0].access_tokens[0].roles[0].role_name: ORG_OWNER is no role in a project",
        ),
        ({"settings": {"api_key_not_found_status": 500}}, "dataset.settings.api_key_not_found_status: 400 or 404"),
        ({"settings": {"without_initial_secret": "no"}}, "dataset.settings.without_initial_secret: 'no' is none of"),
        (org(api_keys=[KEY, KEY]), "dataset: API key id 111111111111111111111111 is there twice"),
        (org(access_tokens=[{"token": "a", "state": "new"}]), "dataset.orgs[0].access_tokens[0].state: 'new' is none"),
        (org(generate={"api_keys": -1}), "dataset.orgs[0].generate.api_keys: a whole number"),
    ],
)
def test_wrong_datasets(data: Any, message: str) -> None:
    with pytest.raises(EntryError) as error:
        read(data)
    assert str(error.value).startswith(message)


def test_the_demo() -> None:
    demo = load(str(Path(__file__).parent.parent / "datasets" / "demo.yml"))
    assert [len(org.api_keys) for org in demo.orgs] == [22, 1]
    assert sum(len(key.access_list) for key in demo.orgs[0].api_keys if key.desc == "administration") == 2


def test_generated_items_are_the_same_every_time() -> None:
    data = org(generate={"api_keys": 10_000, "access_list": 3})
    keys = read(data).orgs[0].api_keys
    assert keys == read(data).orgs[0].api_keys
    assert len({key.id for key in keys}) == len({key.public_key for key in keys}) == 10_000
    assert {len(key.access_list) for key in keys} == {0, 3}
    assert {entry.last_used is None for key in keys for entry in key.access_list} == {True, False}
    assert {role.role_name for key in keys for role in key.roles} > {"ORG_OWNER", "ORG_MEMBER", "GROUP_OWNER"}


def test_relative_times_of_an_access_list() -> None:
    entry = {"ip_address": "192.0.2.1", "created": "-30d", "last_used": "-2h"}
    (key,) = read(org(api_keys=[KEY | {"access_list": [entry]}])).orgs[0].api_keys
    (found,) = key.access_list
    assert timedelta(days=29) < now() - parse_time(found.created) < timedelta(days=31)
    assert timedelta(hours=1) < now() - parse_time(found.last_used) < timedelta(hours=3)


def test_generated_ids_carry_their_time() -> None:
    (one,) = read(org(generate={"api_keys": 100, "service_accounts": 100, "projects": 20})).orgs

    def seconds(text: str) -> int:
        return int(parse_time(text).timestamp())

    created = {event.target_public_key: event.created for event in one.events if "CREATED" in event.event_type_name}
    assert all(int(key.id[:8], 16) == seconds(created[key.public_key]) for key in one.api_keys)
    assert all(1 <= seconds(project.created) - int(project.id[:8], 16) <= 4 for project in one.projects)
    for account in one.service_accounts:
        assert int(account.client_id.removeprefix("mdb_sa_id_")[:8], 16) == seconds(account.created_at)
        assert all(int(secret.id[:8], 16) == seconds(secret.created_at) for secret in account.secrets)
    assert all(int(event.id[:8], 16) == seconds(event.created) for event in one.events)
    assert {role.group_id for key in one.api_keys for role in key.roles} - {None} <= {each.id for each in one.projects}


def test_many_organizations() -> None:
    orgs = read({"generate_orgs": {"orgs": 50, "api_keys": 200}}).orgs
    assert len({key.id for org in orgs for key in org.api_keys}) == 10_000
    assert len({account.client_id for org in orgs for account in org.service_accounts}) == 50


def test_a_resource_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = 'from atlas_emulator.resource import Resource\nRESOURCE = Resource("widgets")\n'
    (tmp_path / "widgets.py").write_text(source, encoding="utf-8")
    monkeypatch.setattr(resources, "__path__", [*resources.__path__, str(tmp_path)])
    names = [resource.name for resource in resources.discover()]
    assert set(names) == {resource.name for resource in resources.RESOURCES} | {"widgets"}


def test_the_store_changes_and_the_dataset_does_not() -> None:
    dataset = read(org(api_keys=[KEY]))
    store = Store(dataset, resources.RESOURCES)
    keys = store.table(api_keys.RESOURCE)
    (key,) = keys.list(ORG)
    keys.put(ORG, replace(key, public_key="abcdefga", desc="two"))
    assert [one.desc for one in keys.list(ORG)] == ["two"]
    assert keys.find("public key", "abcdefgh") is None
    keys.remove(key.id)
    assert (list(keys.list(ORG)), keys.get(ORG, key.id)) == ([], None)
    assert [one.desc for one in dataset.orgs[0].api_keys] == ["one"]
