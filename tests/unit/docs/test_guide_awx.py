# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide on AWX: AWX and the playbooks accept what it shows."""

from __future__ import annotations

import json
import pathlib
import re
import textwrap
import typing as t

import pytest
import yaml

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._variables.spelling import SHARED

TREE = pathlib.Path(__file__).parents[3]
GUIDE = (TREE / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text(encoding="utf-8")

# AWX offers a file as a playbook if it has a line like this (awx/main/utils/ansible.py; the long name since 2022).
LISTED = re.compile(r"\s*-?\s*(hosts|include|(ansible\.builtin\.)?import_playbook):")

PLAYBOOK_VARIABLES = {
    "atlas_hosts",
    "atlas_public_key",
    "atlas_private_key",
    "atlas_access_token",
    "atlas_client_id",
    "atlas_client_secret",
    "atlas_base_url",
}
STATISTICS = {"atlas_api_key", "atlas_api_keys"}


def blocks(language: str) -> list[str]:
    found = re.findall(rf"(?m)^\.\. code-block:: {re.escape(language)}\n\n((?:(?:    .*)?\n)+)", GUIDE)
    return [textwrap.dedent(code) for code in found]


def role_variables() -> set[str]:
    """The variables of the roles that this guide is about. The audit has a guide of its own."""
    names: set[str] = set()
    for role in ("list_api_keys", "show_api_key"):
        path = TREE / "roles" / role / "meta" / "argument_specs.yml"
        specs = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]
        names.update(name for entry in specs.values() for name in entry["options"])
    return names


def survey() -> dict[str, t.Any]:
    (code,) = blocks("json")
    return t.cast("dict[str, t.Any]", json.loads(code))


def test_table_has_each_credential_type_with_its_variables() -> None:
    for path in (TREE / "playbooks" / "files" / "awx_credential_types").glob("*.yml"):
        credential_type = yaml.safe_load(path.read_text(encoding="utf-8"))
        row = GUIDE.partition(f"   * - {credential_type['name']}\n     - ``{path.name}``\n")[2].partition("* -")[0]
        own = [name for name in credential_type["injectors"]["env"] if not name.endswith(("_ORG_ID", "_BASE_URL"))]
        assert re.findall(r"``(\w+)``", row) == own


def test_awx_offers_the_playbook() -> None:
    playbooks = [code for code in blocks("yaml+jinja") if "import_playbook" in code]
    assert playbooks
    for code in playbooks:
        assert any(LISTED.match(line) for line in code.splitlines())


def test_imported_playbooks_exist() -> None:
    for name in re.findall(r"``?mongodb_atlas\.admin\.(\w+)|mongodb_atlas\.admin\.(\w+)\n", GUIDE):
        assert (TREE / "playbooks" / f"{name[0] or name[1]}.yml").is_file()


def test_variables_are_those_of_playbooks_and_roles() -> None:
    named = set(re.findall(r"\b(?:atlas|(?:list_api_keys|show_api_key)(?=_[a-z]))_[a-z_]*[a-z]\b", GUIDE))
    assert named - {"atlas_organizations"} == PLAYBOOK_VARIABLES | STATISTICS | role_variables()
    for name in ("list_api_keys", "show_api_key", "audit"):
        files = [TREE / "playbooks" / f"{name}.yml", TREE / "roles" / name / "vars" / "main.yml"]
        text = "".join(path.read_text(encoding="utf-8") for path in files)
        assert set(re.findall(r"\batlas_[a-z_]*[a-z]\b", text)) - {"atlas_org_variable"} == PLAYBOOK_VARIABLES
    assert set(SHARED) == PLAYBOOK_VARIABLES, "these are the names that are compared with misspelled ones"


def test_awx_accepts_the_survey() -> None:
    assert survey().keys() == {"name", "description", "spec"}
    for question in survey()["spec"]:
        assert question.keys() >= {"type", "question_name", "question_description", "variable", "required", "default"}
        assert question["type"] in ("text", "multiplechoice")
        assert question["default"] in question.get("choices", [""])
        assert question["variable"] in role_variables()
        # AWX' API refuses an answer that is shorter, also an empty one.
        assert question["required"] or question["min"] == 0


@pytest.mark.parametrize("link", re.findall(r"<(https?://[^>]+)>", GUIDE))
def test_links_point_to_public_documentation(link: str) -> None:
    assert link.startswith(("https://docs.ansible.com/projects/", "https://github.com/ansible/awx/issues/"))
