# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing and generating datasets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from atlas_emulator import resources
from atlas_emulator.dataset import load, read
from atlas_emulator.parser import EntryError
from atlas_emulator.resources import api_keys
from atlas_emulator.store import Store
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
