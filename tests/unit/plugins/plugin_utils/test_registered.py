# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The organizations of the hosts of a play."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.audit import audit
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._reports.registered import VARIABLES, organizations

NOW = datetime.datetime(2026, 11, 25, 6, 0, 0, tzinfo=datetime.timezone.utc)
FIRST, SECOND = "a" * 24, "b" * 24


class HostVars(dict):
    """As Ansible's, which has the variables of a host without templating."""

    def raw_get(self, host: str) -> dict[str, t.Any]:
        return self[host]


def host(org_id: str, error: str = "") -> dict[str, t.Any]:
    """The variables of a host that has read its organization."""
    lists = {name: {name: []} for name in ("api_keys", "service_accounts", "projects", "events")}
    return {"org_id": org_id, "error": error, "org": {"orgs": [{"id": org_id, "name": "Acme"}]}, **lists}


def audited(hosts: dict[str, dict[str, t.Any]], gone: t.Collection[str] = ()) -> dict[str, tuple[str, bool]]:
    """The name and whether it was audited, of each organization by its ID."""
    play = {"ansible_play_hosts_all": list(hosts), "ansible_play_hosts": [name for name in hosts if name not in gone]}
    read = organizations({**play, "hostvars": HostVars(hosts)}, {name: name for name in VARIABLES})
    assert [one.host for one in read] == list(hosts)
    document = audit([one.read for one in read], NOW)
    return {row["id"]: (row["name"], row["state"] != "not_audited") for row in document["organizations"]}


def test_a_host_is_an_organization() -> None:
    found = audited({"prod": host(FIRST), "stage": host(SECOND)})
    assert found == {FIRST: ("Acme", True), SECOND: ("Acme", True)}


def test_a_host_that_is_gone_has_its_own_name() -> None:
    assert audited({"prod": host(FIRST), "stage": host(SECOND)}, gone=["stage"])["stage"] == ("stage", False)


def test_a_failed_host_may_have_the_id_of_the_organization_of_another_as_its_name() -> None:
    expected = {FIRST: ("Acme", True), f"host {FIRST}": (f"host {FIRST}", False)}
    assert audited({"prod": host(FIRST), FIRST: host(FIRST)}) == expected
    assert audited({"prod": host(FIRST), FIRST: host(SECOND)}, gone=[FIRST]) == expected
    assert audited({FIRST: host("", "no organization"), "prod": host(FIRST)}) == expected


def test_a_host_with_the_id_of_its_own_organization_as_its_name() -> None:
    assert audited({FIRST: host(FIRST), "prod": host(SECOND)}) == {FIRST: ("Acme", True), SECOND: ("Acme", True)}
