# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages show values and words, not the names of variables and fields.

The names are derived from the policy, the settings of an organization and the parts of the document. IDs of rules and
names of roles are no such names: people write them into exceptions and read them in Atlas.
"""

from __future__ import annotations

import json
import re
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import (
    CAUSES,
    STATES,
    CredentialRow,
    Document,
    FindingRow,
    OrganizationRow,
    PolicyRow,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import FORMATS, render
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.rules.registry import RULES
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.cases import FOUND, report
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    account,
    audited,
    key,
    organization,
    settings,
)

# What a page may show although it looks like a name: the columns of a CSV table, and keys that are part of a format.
ALLOWED = {rule.id for rule in RULES}


def camel(name: str) -> str:
    """Return a name as Atlas writes it."""
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def variables() -> set[str]:
    """Return the names that no page may show: each has an underscore, or is written in camel case."""
    snake = {name for name in (*PolicyRow.__annotations__, *settings()) if "_" in name}
    return (snake | {camel(name) for name in snake}) - ALLOWED


def fields() -> set[str]:
    """Return the names of fields of the document, and values that stand for words."""
    rows = (OrganizationRow, CredentialRow, FindingRow)
    names = {name for row in rows for name in row.__annotations__} | {*CAUSES, *STATES}
    return {name for name in names if "_" in name} - ALLOWED


def documents() -> t.Iterator[Document]:
    """Yield reports in which each rule found something, and in which much could not be checked."""
    for cases in FOUND.values():
        yield report(cases[0])
    yield audited(organization(api_keys=None, service_accounts=None, settings=None, events=None, projects=None))
    yield audited(organization(api_keys=[key(access_list=None, roles=None)], service_accounts=[account(secrets=None)]))
    yield audited({"org_id": "b" * 24, "name": "Beta", "error": "401"})


def shown(name: str, document: Document) -> str:
    """Return what a person reads: without the names of columns, attributes, styles and keys."""
    text = render(document, name)
    if name == "json":
        return "\n".join(_values(json.loads(text)))
    if name == "ocsf":
        return "\n".join(value for line in text.splitlines() for value in _values(json.loads(line)))
    if name.startswith("csv_"):
        return text.partition("\r\n")[2]
    if name == "html":
        text = re.sub("(?s)<(script|style)>.*?</\\1>|<pre>.*?</pre>", "", text)
        return re.sub("<[^>]*>", "\n", text)
    if name == "junit":
        return re.sub(' (type|name)="[^"]*"', "", text)
    return text


def _values(value: object) -> t.Iterator[str]:
    if isinstance(value, dict):
        for name, element in value.items():
            # Fields whose values are for programs.
            if name not in (
                "part",
                "parts",
                "cause",
                "kind",
                "state",
                "detail",
                "status_code",
                "task",
                "exception",
                "unknown",
            ):
                yield from _values(element)
    elif isinstance(value, list):
        for element in value:
            yield from _values(element)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("name", FORMATS)
def test_no_page_shows_a_name_of_the_policy_or_of_the_settings(name: str) -> None:
    pattern = re.compile(rf"\b({'|'.join(sorted(variables()))})\b")
    found = {match for document in documents() for match in pattern.findall(shown(name, document))}
    assert found == set()


@pytest.mark.parametrize("name", ["text", "markdown", "html", "junit"])
def test_no_page_shows_a_name_of_a_field(name: str) -> None:
    pattern = re.compile(rf"\b({'|'.join(sorted(fields()))})\b")
    found = {match for document in documents() for match in pattern.findall(shown(name, document))}
    assert found == set()


def test_the_names_are_derived() -> None:
    assert {"secret_expiry_days", "widest_ipv4", "api_access_list_required", "apiAccessListRequired"} <= variables()
    assert {"service_accounts", "partly_audited", "access_list"} <= fields()


@pytest.mark.parametrize("name", ["markdown", "junit", "text", "csv_organizations", "html"])
def test_organizations_of_one_name_can_be_told_apart(name: str) -> None:
    org_ids = ("a" * 24, "b" * 24)
    read = [organization(org_id=org_id) for org_id in org_ids]
    text = render(audited(*read), name)
    assert all(org_id in text for org_id in org_ids)


@pytest.mark.parametrize("name", ["markdown", "ocsf", "csv_findings", "html"])
def test_a_list_that_is_not_complete_was_read(name: str) -> None:
    text = render(audited(organization(api_keys=[key()], incomplete=["api_keys"])), name)
    assert "all API keys (not read)" not in text
    assert "an unknown number of API keys (list not complete)" in text
