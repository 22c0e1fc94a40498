# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts of a playbook: all that were asked for, or an error."""

from __future__ import annotations

import pathlib

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._variables.hosts import (
    HostsError,
    check_skipped_tags,
    select_hosts,
)

GROUPS = {
    "all": ["prod", "stage", "web1", "web2"],
    "orgs": ["prod", "stage"],
    "web": ["web1", "web2"],
    "empty": [],
    "ungrouped": [],
}


@pytest.mark.parametrize(
    ("pattern", "limit", "hosts"),
    [
        ("localhost", None, ["localhost"]),
        ("orgs", None, ["prod", "stage"]),
        ("prod,stage", None, ["prod", "stage"]),
        ("orgs:web1", None, ["prod", "stage", "web1"]),
        ("orgs,!stage", None, ["prod"]),
        ("all:&orgs", None, ["prod", "stage"]),
        ("web[1]", None, ["web2"]),
        ("~web.", None, ["web1", "web2"]),
        ("orgs,", None, ["prod", "stage"]),
        ("orgs", "prod", ["prod"]),
        ("orgs", "prod,web1", ["prod"]),
        ("orgs", "all:!prod", ["stage"]),
        ("localhost", "localhost", ["localhost"]),
    ],
)
def test_hosts_of_a_pattern(pattern: str, limit: str | None, hosts: list[str]) -> None:
    assert select_hosts(pattern, limit, GROUPS) == hosts


@pytest.mark.parametrize(
    ("pattern", "limit", "message"),
    [
        ("no_such_group", None, "is no_such_group, and no host of the inventory matches no_such_group."),
        ("empty", None, "is empty, and no host of the inventory matches empty."),
        ("orgs,stagng", None, "is orgs,stagng, and no host of the inventory matches stagng."),
        ("orgs:!stagng", None, "matches !stagng."),
        ("prod,stagng,tset", None, "matches stagng or tset."),
        ("orgs:!prod:!stage", None, "is orgs:!prod:!stage, and no host is left."),
        ("orgs", "web", "is orgs, and --limit web leaves none of these hosts."),
        ("localhost", "prod", "is localhost, and --limit prod leaves none of these hosts."),
        ("localhost", "all", "and --limit all leaves none of these hosts."),
        ("orgs", "prod,stagng", "--limit is prod,stagng, and no host of the inventory matches stagng."),
        ("", None, "names no host."),
        (" , ", None, "names no host."),
    ],
)
def test_what_leaves_hosts_out_is_an_error(pattern: str, limit: str | None, message: str) -> None:
    with pytest.raises(HostsError) as caught:
        select_hosts(pattern, limit, GROUPS)
    assert message in str(caught.value)


def test_limit_may_be_a_file(tmp_path: pathlib.Path) -> None:
    (tmp_path / "audit.retry").write_text("stage\n")
    assert select_hosts("orgs", f"@{tmp_path}/audit.retry", GROUPS) == ["stage"]
    (tmp_path / "audit.retry").write_text("web1\n")
    with pytest.raises(HostsError, match="leaves none"):
        select_hosts("orgs", f"@{tmp_path}/audit.retry", GROUPS)


@pytest.mark.parametrize("tags", [[], ["audit"], ["all"], ["untagged"]])
def test_tags_that_do_not_skip_everything(tags: list[str]) -> None:
    check_skipped_tags(tags)


@pytest.mark.parametrize("tags", [["always"], ["audit", "tagged"]])
def test_tags_that_skip_everything(tags: list[str]) -> None:
    with pytest.raises(HostsError, match="skips all tasks"):
        check_skipped_tags(tags)
