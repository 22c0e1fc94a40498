# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filters as Ansible calls them, and their documentation."""

from __future__ import annotations

import datetime
import inspect
import pathlib

import pytest
import yaml

from ansible.errors import AnsibleFilterError

from ansible_collections.mongodb_atlas.admin.plugins.filter import audit as plugin
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import FORMATS
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.policy import Policy

FILTERS = plugin.FilterModule().filters()
FAILED = {"org_id": "a" * 24, "error": "401 USER_UNAUTHORIZED"}


def documentation(name: str) -> dict:
    return yaml.safe_load((pathlib.Path(plugin.__file__).parent / f"{name}.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "now",
    [
        "2026-11-25T06:00:00Z",
        "2026-11-25T07:00:00+01:00",
        datetime.datetime(2026, 11, 25, 6),
    ],
)
def test_the_time_is_an_argument(now: object) -> None:
    assert FILTERS["audit"]([FAILED], now=now)["generated_at"] == "2026-11-25T06:00:00Z"


def test_without_a_time_it_is_now() -> None:
    before = datetime.datetime.now(datetime.timezone.utc)
    made = datetime.datetime.strptime(FILTERS["audit"]([FAILED])["generated_at"] + "+0000", "%Y-%m-%dT%H:%M:%SZ%z")
    assert abs(made - before) < datetime.timedelta(minutes=10)


def test_a_report_and_its_text() -> None:
    report = FILTERS["audit"]([FAILED], {"rules": {"not_readable": "high"}}, "2026-11-25", [], None)
    assert report["summary"]["findings"]["high"] == 1
    assert "NOT AUDITED: aaaaaaaaaaaaaaaaaaaaaaaa: 401 USER_UNAUTHORIZED" in FILTERS["audit_report"](report, "text")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"now": "soon"}, "now must be a point in time such as 2026-11-25T06:00:00Z, and is 'soon'"),
        ({"policy": {"days": 1}}, "The policy has no days"),
        ({"exceptions": [{}]}, "Exception 1 needs rule"),
        ({"baseline": {}}, "The baseline must be"),
    ],
)
def test_errors_are_ansibles(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=message):
        FILTERS["audit"]([FAILED], **arguments)


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(AnsibleFilterError, match="The format must be one of text,"):
        FILTERS["audit_report"](FILTERS["audit"]([FAILED]), "pdf")


@pytest.mark.parametrize("name", FILTERS)
def test_the_documentation_has_the_arguments(name: str) -> None:
    _input, *arguments = inspect.signature(FILTERS[name]).parameters
    described = documentation(name)["DOCUMENTATION"]
    assert described["positional"].split(", ") == arguments
    assert list(described["options"]) == ["_input", *arguments]


def test_the_documentation_has_the_policy_the_formats_and_the_report() -> None:
    policy = documentation("audit")["DOCUMENTATION"]["options"]["policy"]["suboptions"]
    defaults = {name: option["default"] for name, option in policy.items()}
    assert defaults == {**Policy({}).row(), "rules": {}}
    assert list(documentation("audit_report")["DOCUMENTATION"]["options"]["format"]["choices"]) == list(FORMATS)
    assert list(documentation("audit")["RETURN"]["_value"]["contains"]) == list(Document.__annotations__)
