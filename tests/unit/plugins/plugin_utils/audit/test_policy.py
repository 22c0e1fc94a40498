# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policy: defaults, changes, and what is not one."""

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    account,
    account_entry,
    audited,
    days_ago,
    found,
    key,
    organization,
    secret,
)

DEFAULTS = {
    "unused_days": 90,
    "old_days": 365,
    "secret_expiry_days": 30,
    "secret_lifetime_days": 365,
    "widest_ipv4": 16,
    "widest_ipv6": 32,
}


@pytest.mark.parametrize("policy", [None, {}, {"rules": None}, {"rules": {}}, {"unused_days": None}])
def test_defaults(policy: object) -> None:
    row = audited(policy=policy)["policy"]
    assert {name: row[name] for name in DEFAULTS} == DEFAULTS
    assert row["rules"]["open_to_internet"] == "critical"
    assert row["rules"]["legacy_api_key"] == "info"


@pytest.mark.parametrize(
    ("policy", "rule", "credential"),
    [
        (
            {"unused_days": 10},
            "unused",
            account(
                secrets=[secret(last_used_at=days_ago(11))],
                access_list=[account_entry(last_used_at=None, request_count=0, created_at=days_ago(9))],
            ),
        ),
        ({"old_days": 99}, "old", account()),
        ({"secret_expiry_days": 100}, "secret_expires_soon", account()),
        ({"secret_lifetime_days": 199}, "secret_lives_too_long", account()),
        ({"widest_ipv4": 17}, "wide_network", account(access_list=[account_entry("198.18.0.0/16")])),
        ({"widest_ipv6": 33}, "wide_network", account(access_list=[account_entry("2001:db8::/32")])),
    ],
)
def test_each_limit_is_used(policy: dict[str, int], rule: str, credential: dict[str, object]) -> None:
    read = organization(service_accounts=[credential])
    ((name, value),) = policy.items()
    assert found(audited(read)) == []
    assert found(audited(read, policy=policy)) == [rule]
    assert found(audited(read, policy={name: str(value)})) == [rule]  # as AWX hands it over
    assert audited(policy={name: str(value)})["policy"][name] == value


def test_a_severity_can_be_changed() -> None:
    document = audited(organization(api_keys=[key(desc="")]), policy={"rules": {"no_description": "critical"}})
    assert document["findings"][0]["severity"] == "critical"
    assert document["summary"]["findings"] == {"critical": 1, "high": 0, "medium": 0, "low": 0, "info": 1}
    assert document["credentials"][0]["severity"] == "critical"
    assert {rule["id"]: rule["severity"] for rule in document["rules"]}["no_description"] == "critical"


@pytest.mark.parametrize("off", ["off", False])
def test_a_rule_can_be_switched_off(off: object) -> None:
    document = audited(organization(api_keys=[key()]), policy={"rules": {"legacy_api_key": off}})
    assert document["findings"] == []
    assert document["credentials"][0]["severity"] is None
    assert "legacy_api_key" not in {rule["id"] for rule in document["rules"]}
    assert document["policy"]["rules"]["legacy_api_key"] == "off"


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ([], "must be a dictionary"),
        ({"unused_day": 1}, "The policy has no unused_day. It may have unused_days, old_days,"),
        ({"unused_days": 0}, "unused_days must be a whole number from 1 to 36500, and is 0"),
        ({"unused_days": "ninety"}, "and is 'ninety'"),
        ({"unused_days": True}, "and is True"),
        ({"unused_days": 1.5}, "and is 1.5"),
        ({"old_days": 10**9}, "from 1 to 36500"),
        ({"widest_ipv4": 33}, "from 0 to 32"),
        ({"widest_ipv6": -1}, "from 0 to 128"),
        ({"rules": ["unused"]}, "rules must be a dictionary"),
        ({"rules": {"unusde": "low"}}, "There is no rule unusde. The rules are open_to_internet,"),
        ({"rules": {"unused": "sever"}}, "severity of unused must be one of critical, high, medium, low, info, off"),
        ({"rules": {"unused": None}}, "and is None"),
        ({"rules": {"unused": True}}, "and is True"),
        ({"rules": {"unused": []}}, "must be one of"),
    ],
)
def test_what_is_no_policy_is_an_error(policy: object, message: str) -> None:
    with pytest.raises(AuditError) as error:
        audited(policy=policy)
    assert message in str(error.value)
