# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each rule finds what it must find, and nothing else."""

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import (
    OF_EXCEPTIONS,
    RULES,
)
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.cases import FOUND, NEAR_MISS, Case
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    account,
    account_entry,
    audited,
    found,
    organization,
)


def _parameters(table: dict[str, list[Case]]) -> list:
    return [pytest.param(rule, case, id=f"{rule}: {case.why}") for rule, cases in table.items() for case in cases]


def report(case: Case) -> Document:
    return audited(case.organization, baseline=audited(case.before) if case.before else None)


@pytest.mark.parametrize(("rule", "case"), _parameters(FOUND))
def test_finds(rule: str, case: Case) -> None:
    assert found(report(case)) == sorted([rule, *case.also])


@pytest.mark.parametrize(("rule", "case"), _parameters(NEAR_MISS))
def test_does_not_find(rule: str, case: Case) -> None:
    assert rule not in case.also
    assert found(report(case)) == sorted(case.also)


def test_every_rule_has_cases() -> None:
    rules = {rule.id for rule in RULES} - OF_EXCEPTIONS  # see test_exceptions.py
    assert set(FOUND) == rules
    assert set(NEAR_MISS) == rules
    assert all(FOUND.values())
    assert all(NEAR_MISS.values())


def test_a_wide_network_is_found_in_a_list_that_allows_everything_if_open_to_internet_is_off() -> None:
    read = organization(service_accounts=[account(access_list=[account_entry("0.0.0.0/0")])])
    assert found(audited(read)) == ["open_to_internet"]
    assert found(audited(read, policy={"rules": {"open_to_internet": "off"}})) == ["wide_network"]
    assert found(audited(read, policy={"rules": {"open_to_internet": "info"}})) == ["open_to_internet"]


def test_one_report_on_the_whole_data_set() -> None:
    expected, organizations, before = [], [], []
    for table in (FOUND, NEAR_MISS):
        for rule, cases in table.items():
            for case in cases:
                org_id = f"{len(organizations):024x}"
                organizations.append({**case.organization, "org_id": org_id})
                before += [{**case.before, "org_id": org_id}] if case.before else []
                rules = [rule, *case.also] if table is FOUND else case.also
                expected += [(org_id, rule) for rule in rules]
    document = audited(*organizations, baseline=audited(*before))
    assert sorted((row["org_id"], row["rule"]) for row in document["findings"]) == sorted(expected)
    assert document["summary"]["organizations"] == len(organizations)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_meaning_and_a_remediation(rule: object) -> None:
    for text in (rule.title, rule.meaning, rule.remediation):
        assert text == text.strip()
        assert "\n" not in text
    assert rule.meaning.endswith(".")
    assert rule.remediation.endswith(".")
