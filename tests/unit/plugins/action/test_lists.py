# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every list option of every module, action and role takes what a survey of AWX makes of a list: text."""

from __future__ import annotations

import importlib
import pathlib
import typing as t

import pytest
import yaml

from ansible.module_utils import basic
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import AtlasModule
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.checked import check_values
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.lists import split_lists
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import NetworkListOption
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.roles import RoleListOption

ROOT = pathlib.Path(__file__).parents[4]
PACKAGE = "ansible_collections.mongodb_atlas.admin.plugins"

Spec = dict[str, t.Any]


def find_specs() -> dict[str, Spec]:
    """Return the argument specs of all modules and actions that have one, by the name of the file."""
    found: dict[str, Spec] = {}
    for kind, attribute in (("modules", "ARGUMENT_SPEC"), ("action", "_SPEC"), ("action", "_POLICY")):
        for path in sorted((ROOT / "plugins" / kind).glob("*.py")):
            file = importlib.import_module(f"{PACKAGE}.{kind}.{path.stem}")
            if hasattr(file, attribute):
                found.setdefault(path.stem, {}).update(getattr(file, attribute))
    return found


def find_lists(spec: Spec, *parents: str) -> t.Iterator[tuple[str, ...]]:
    """Yield the list options in a spec, each with the options that it is a suboption of."""
    for option, each in spec.items():
        if each["type"] == "list":
            yield (*parents, option)
        if "options" in each:
            yield from find_lists(each["options"], *parents, option)


SPECS = find_specs()
LISTS = [(name, *path) for name, spec in SPECS.items() for path in find_lists(spec)]


def spec_of(path: tuple[str, ...]) -> Spec:
    """Return the spec of a list option, by the name of its module or action and those of the options."""
    spec: t.Any = {"options": SPECS[path[0]]}
    for option in path[1:]:
        spec = spec["options"][option]
    return t.cast(Spec, spec)


def two_items(spec: Spec) -> tuple[str, str]:
    """Return two items that the option accepts."""
    if isinstance(spec, RoleListOption):
        return f"{spec._prefix}READ_ONLY", f"{spec._prefix}OWNER"
    if isinstance(spec, NetworkListOption):
        return "10.0.0.3/32", "2001:db8::/32"
    return tuple((spec.get("choices") or ["FIRST", "SECOND"])[:2])


def validate(path: tuple[str, ...], value: t.Any) -> t.Any:
    """Return what becomes of a value of a list option when its module or action is run with it."""
    name, *parents, option = path
    spec = {option: {**spec_of(path)}}
    if isinstance(spec_of(path), (RoleListOption, NetworkListOption)):
        spec = {option: spec_of(path)}
    arguments: dict[str, t.Any] = {option: value}
    for parent in reversed(parents):
        outer = spec_of((name, parent))
        spec = {parent: {**outer, "options": spec}}
        arguments = {parent: [arguments] if outer["type"] == "list" else arguments}
    result = ArgumentSpecValidator(spec).validate(split_lists(spec, arguments))
    assert not result.error_messages
    check_values(spec, result.validated_parameters)
    found = result.validated_parameters
    for parent in parents:
        found = found[parent][0] if isinstance(found[parent], list) else found[parent]
    return found[option]


def test_there_are_lists() -> None:
    assert {path[0] for path in LISTS} >= {"org_api_key", "org_api_keys", "org_event_info", "audit_report"}
    assert ("org_api_keys", "api_keys", "access_list") in LISTS


@pytest.mark.parametrize(
    "text", ["{0}\n{1}\n", "{0}\r\n{1}", "{0}, {1}", "{0},{1}", "\n  {0} ,\n\n {1} ,", " {0}\n, {1}"]
)
@pytest.mark.parametrize("path", [path for path in LISTS if spec_of(path)["elements"] == "str"], ids=".".join)
def test_text_is_the_list_that_is_meant(path: tuple[str, ...], text: str) -> None:
    items = two_items(spec_of(path))
    assert validate(path, text.format(*items)) == list(items)


@pytest.mark.parametrize("path", [path for path in LISTS if spec_of(path)["elements"] == "str"], ids=".".join)
def test_items_of_a_list_may_end_with_a_line_break(path: tuple[str, ...]) -> None:
    first, second = two_items(spec_of(path))
    assert validate(path, [first + "\n", "", f" {second}"]) == [first, second]
    assert validate(path, f"{first}\n") == [first]


@pytest.mark.parametrize("value", ["", " ", "\n"])
@pytest.mark.parametrize("path", LISTS, ids=".".join)
def test_empty_answer_is_an_empty_list_or_refused_by_name(path: tuple[str, ...], value: str) -> None:
    if isinstance(spec_of(path), RoleListOption):
        with pytest.raises(UsageError, match=f"{path[-1]} is empty"):
            validate(path, value)
    else:
        assert validate(path, value) == []


@pytest.mark.parametrize("path", LISTS, ids=".".join)
def test_null_is_the_default_and_never_null_where_a_list_is_needed(path: tuple[str, ...]) -> None:
    spec = spec_of(path)
    needed = spec.get("required") or spec.get("default") is not None
    assert validate(path, None) == ((spec.get("default") or []) if needed else None)


@given(st.lists(st.text(st.characters(blacklist_characters=",\r\n", blacklist_categories=["Cs"]))))
def test_no_item_is_lost_or_changed_but_for_white_space_around_it(items: list[str]) -> None:
    expected = [item.strip() for item in items if item.strip()]
    spec = {"names": {"type": "list", "elements": "str"}}
    for text in ("\n".join(items), ", ".join(items), "\r\n".join(items) + "\n", list(items)):
        assert split_lists(spec, {"names": text}) == {"names": expected}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_value_is_left_to_the_validation(value: t.Any) -> None:
    spec = {
        "names": {"type": "list", "elements": "str", "default": []},
        "keys": {"type": "list", "elements": "dict", "options": {"names": {"type": "list", "elements": "str"}}},
        "place": {"type": "dict", "options": {"names": {"type": "list", "elements": "str"}}},
    }
    for option in spec:
        found = split_lists(spec, {option: value, "other": value})
        assert found.keys() == {option, "other"}
        assert found["other"] is value
        if not isinstance(value, (str, list, dict)) and value is not None:
            assert found[option] is value


def test_aliases_are_lists_as_well() -> None:
    spec = {"names": {"type": "list", "elements": "str", "aliases": ["name"]}}
    assert split_lists(spec, {"name": "a\nb"}) == {"name": ["a", "b"]}


def test_modules_validate_what_was_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", b'{"ANSIBLE_MODULE_ARGS": {"names": "a\\nb\\n"}}')
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    assert AtlasModule({"names": {"type": "list", "elements": "str"}}).params["names"] == ["a", "b"]


def find_role_lists() -> t.Iterator[tuple[str, str, Spec]]:
    """Yield the variables of roles that are lists, each with its role and spec."""
    for path in sorted((ROOT / "roles").glob("*/meta/argument_specs.yml")):
        for option, spec in yaml.safe_load(path.read_text("utf-8"))["argument_specs"]["main"]["options"].items():
            if spec["type"] == "list":
                yield path.parts[-3], option, spec


@pytest.mark.parametrize(("role", "option", "spec"), list(find_role_lists()), ids=str)
def test_variable_of_a_role_is_passed_on_as_it_is(role: str, option: str, spec: Spec) -> None:
    """Ansible validates the variables of a role before its first task: choices would refuse what the action accepts."""
    assert "choices" not in spec
    argument = option[len(role) + 1 :]
    assert any(path[1:] == (argument,) for path in LISTS)
    files = [*(ROOT / "roles" / role / "tasks").glob("*.yml"), *(ROOT / "roles" / role / "vars").glob("*.yml")]
    text = "".join(path.read_text("utf-8") for path in files)
    templates = ("{{ %s | default([], true) }}", "{{ %s | default('', true) }}", "{{ _%s }}")
    assert any(f'{argument}: "{template % option}"' in text for template in templates)
