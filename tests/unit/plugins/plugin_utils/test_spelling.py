# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Misspelled variables of roles: found, without a complaint about the variables of somebody else."""

from __future__ import annotations

import pathlib

import pytest
import yaml

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._variables.spelling import (
    RETURNED,
    SHARED,
    misspelled,
)

ROLES = sorted((pathlib.Path(__file__).parents[4] / "roles").glob("*/meta/argument_specs.yml"))
OPTIONS = [
    name
    for path in ROLES
    for name in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
]
KNOWN = [*OPTIONS, *SHARED, *RETURNED]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("audit_unused_day", "audit_unused_days"),
        ("audit_unused_dyas", "audit_unused_days"),
        ("adit_fail_on", "audit_fail_on"),
        ("audit_fail_new_only", "audit_fail_on_new_only"),
        ("audit_format", "audit_formats"),
        ("audit_rule", "audit_rules"),
        ("audit_org", "audit_org_id"),
        ("audit_fail", "audit_fail_on"),
        ("altas_hosts", "atlas_hosts"),
        ("atlas_privat_key", "atlas_private_key"),
        ("list_api_keys_org", "list_api_keys_org_id"),
        ("list_api_key_formats", "list_api_keys_formats"),
        ("show_api_keys_id", "show_api_key_id"),
    ],
)
def test_misspelled_variable(name: str, meant: str) -> None:
    assert misspelled([name], KNOWN) == {name: meant}


@pytest.mark.parametrize(
    "name",
    [
        "audit_email",
        "_audit_exceptions",
        "audit_owner",
        "audit_log_directory",
        "audit_rules_file",
        "audit_retention_days",
        "audit",
        "atlas",
        "atlas_region",
        "atlas_cluster_name",
        "list_api_keys_owner",
        "ansible_play_hosts",
        "inventory_hostname",
    ],
)
def test_variable_of_somebody_else(name: str) -> None:
    assert misspelled([name], KNOWN) == {}


@given(st.sampled_from(OPTIONS), st.data())
def test_one_wrong_letter_is_always_found(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    wrong = data.draw(st.sampled_from([name[:place] + name[place + 1 :], name[:place] + letter + name[place:]]))
    assert wrong in KNOWN or wrong.startswith("_") or wrong in misspelled([wrong], KNOWN)


def test_known_variables_are_not_misspelled() -> None:
    assert misspelled(KNOWN, KNOWN) == {}
