# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What CONTRIBUTING promises: layers, short functions, what every module must have. All is derived from the files."""

from __future__ import annotations

import ast
import importlib
import inspect
import pathlib
import re
import statistics
import sys
import typing as t

import pytest
import yaml

ROOT = pathlib.Path(__file__).parents[3]
PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.mongodb_atlas.admin.plugins"

FILES = sorted(path for path in PLUGINS.rglob("*.py") if path.name != "__init__.py")
# What asks Atlas for something. The rest only documents an action plugin.
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py") if "ARGUMENT_SPEC" in path.read_text("utf-8"))

sys.path.insert(0, str(ROOT / "tests" / "tools"))
failure_fields = importlib.import_module("failure_fields")
sys.path.pop(0)

# The layers, the upper ones first: a folder each, or the files that stand directly in one. A file may import from its
# own layer and from those below. A new folder belongs to no layer until it is named here, and fails until then.
LAYERS = (
    "action",
    "filter",
    "lookup",
    "plugin_utils/_variables",
    "plugin_utils/_reports",
    "plugin_utils/_audit",
    "plugin_utils/_execution",
    "modules",
    "module_utils/_module.py",
    "module_utils/_credentials",
    "module_utils/_options",
    "module_utils/_api",
    "module_utils/_http",
    "module_utils/_auth",
    "module_utils",
    "doc_fragments",
)


def layer_name(path: pathlib.Path) -> str:
    """Return the first one or two folders of a plugin; the edge is a layer of one file."""
    inside = path.relative_to(PLUGINS)
    if inside.as_posix() == "module_utils/_module.py":
        return inside.as_posix()
    return "/".join(inside.parts[:-1][:2])


def layer(path: pathlib.Path) -> int:
    return LAYERS.index(layer_name(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PLUGINS).as_posix())
def test_each_folder_is_a_layer(path: pathlib.Path) -> None:
    assert layer_name(path) in LAYERS


def layer_rows() -> dict[str, str]:
    """Return the table of layers in CONTRIBUTING.md: the files that each row names, in the order of the rows."""
    table = text("CONTRIBUTING.md").partition("## The layers")[2].partition("\n## ")[0]
    return dict(re.findall(r"(?m)^\| `([^`]+)` \| (.+) \|$", table))


def test_contributing_lists_the_layers_in_order() -> None:
    assert tuple(layer_rows()) == LAYERS


# Files of one shape, each named after a plugin: the row says what they are.
ALIKE = ("action", "modules", "module_utils/_module.py")


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in ALIKE])
def test_contributing_names_each_file_and_folder_of_a_layer(name: str) -> None:
    inside = [path.relative_to(PLUGINS / name) for path in FILES if layer_name(path) == name]
    wanted = {f"{path.parts[0]}/" if len(path.parts) > 1 else path.name for path in inside}
    named = set(re.findall(r"`([a-z_]+(?:\.py|/))`", layer_rows()[name]))
    assert named == wanted


def imported(path: pathlib.Path) -> set[pathlib.Path]:
    """The collection's own files that PATH imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE):
            base = PLUGINS.joinpath(*node.module[len(PACKAGE) :].split(".")[1:])
            for candidate in (base.with_suffix(".py"), *(base / f"{alias.name}.py" for alias in node.names)):
                if candidate.is_file():
                    found.add(candidate)
    return found


IMPORTS = {path: imported(path) for path in FILES}


def name(path: pathlib.Path) -> str:
    return path.relative_to(PLUGINS).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_point_down(path: pathlib.Path) -> None:
    assert not [name(other) for other in IMPORTS[path] if layer(other) < layer(path)]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_imports_itself_by_way_of_others(path: pathlib.Path) -> None:
    reached: set[pathlib.Path] = set()
    following = set(IMPORTS[path])
    while following:
        reached |= following
        following = set().union(*(IMPORTS[each] for each in following)) - reached
    assert path not in reached


@pytest.mark.parametrize("path", [path for path in FILES if "module_utils" in path.parts], ids=name)
def test_module_utils_know_little_of_ansible(path: pathlib.Path) -> None:
    """They run where Ansible's controller is not installed; below the edge, only its common helpers are used."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    used = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ansible = {module for module in used if module.partition(".")[0] == "ansible"}
    if path.name == "_module.py":
        assert ansible == {"ansible.module_utils.basic"}
        return
    allowed = ("ansible.module_utils.common.", "ansible.module_utils.errors")
    assert all(module.startswith(allowed) for module in ansible - {"ansible.module_utils.basic"})
    helpers = [
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "ansible.module_utils.basic"
        for alias in node.names
    ]
    assert set(helpers) <= {"missing_required_lib"}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_functions_are_short(path: pathlib.Path) -> None:
    functions = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    assert not [each.name for each in functions if _length(each) > 40]


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its docstring."""
    documented = ast.get_docstring(function, clean=False)
    docstring = function.body[0] if documented is not None else None
    skipped = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - skipped


def _is_documentation(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and "\n" in str(node.value.value)


def code_lines(module: str) -> int:
    """The lines of a module below its documentation, without blank ones and imports."""
    source = (PLUGINS / "modules" / f"{module}.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    used: set[int] = set()
    for node in tree.body:
        if not _is_documentation(node) and not isinstance(node, (ast.Import, ast.ImportFrom)):
            used.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = source.splitlines()
    return len([number for number in used if lines[number - 1].strip()])


def test_modules_are_short() -> None:
    assert statistics.median(code_lines(module) for module in MODULES) <= 45


# Where API keys may be named: in their kind and their resource, where they authenticate, where an error is explained,
# and where identifiers must not be mistaken for each other.
NAMES_KINDS = ("_api/api_keys.py", "_auth/", "_credentials/api_key.py", "_errors.py", "_options/")
KIND = re.compile(r"api[ _]?keys?(?![a-z])|api_user_id", re.IGNORECASE)


def code_words(path: pathlib.Path) -> t.Iterator[str]:
    """Yield the names and the texts of a file, without docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented) and _has_docstring(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def _has_docstring(node: t.Any) -> bool:
    return ast.get_docstring(node, clean=False) is not None


@pytest.mark.parametrize("path", [path for path in FILES if "module_utils" in path.parts], ids=name)
def test_kinds_of_credentials_are_named_in_their_own_files(path: pathlib.Path) -> None:
    inside = path.relative_to(PLUGINS / "module_utils").as_posix()
    if not inside.startswith(NAMES_KINDS):
        assert not [word for word in code_words(path) if KIND.search(word)]


# No field of a response is guaranteed, so none is read by a bare subscript. These names are those of responses.
RESPONSES = {
    "account",
    "credential",
    "each",
    "entry",
    "key",
    "project",
    "response",
    "role",
    "found",
    "existing",
    "minted",
}


@pytest.mark.parametrize(
    "path", [path for path in FILES if "_credentials" in path.parts or path.name == "api_keys.py"], ids=name
)
def test_no_field_of_a_response_is_taken_for_granted(path: pathlib.Path) -> None:
    subscripts = [
        f"{ast.unparse(node)} in line {node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id in RESPONSES
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ]
    assert not subscripts


# What every module must have. CONTRIBUTING tells how to add one; this finds what was forgotten.


def text(*names: str) -> str:
    return ROOT.joinpath(*names).read_text(encoding="utf-8")


def texts_of_tests(folder: str) -> str:
    files = [path for path in (ROOT / "tests" / folder).rglob("*") if path.suffix in (".py", ".yml")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def names(module: str, text: str) -> bool:
    """Whether a text names the module, and not only one whose name begins or ends alike."""
    return bool(re.search(rf"(?<![a-z0-9_]){module}(?![a-z0-9_])", text))


def documentation(module: str) -> dict[str, t.Any]:
    found = importlib.import_module(f"{PACKAGE}.modules.{module}").DOCUMENTATION
    return t.cast("dict[str, t.Any]", yaml.safe_load(found))


@pytest.mark.parametrize("module", MODULES)
class TestModule:
    def test_action_plugin(self, module: str) -> None:
        action = importlib.import_module(f"{PACKAGE}.action.{module}")
        assert action.ActionModule.__mro__[1].__module__.startswith(f"{PACKAGE}.plugin_utils")

    def test_action_group(self, module: str) -> None:
        assert module in yaml.safe_load(text("meta", "runtime.yml"))["action_groups"]["atlas"]

    def test_unit_test(self, module: str) -> None:
        assert (ROOT / "tests" / "unit" / "plugins" / "modules" / f"test_{module}.py").is_file()

    def test_functional_test(self, module: str) -> None:
        assert names(module, texts_of_tests("functional"))

    def test_row_in_readme(self, module: str) -> None:
        assert f"`{module}`" in text("README.md")

    def test_documentation_fragments_and_version(self, module: str) -> None:
        described = documentation(module)
        wanted = {f"mongodb_atlas.admin.{fragment}" for fragment in ("_auth", "_connection", "_attributes")}
        assert wanted <= set(described["extends_documentation_fragment"])
        # By it, antsibull-changelog lists a new module by itself, without a fragment.
        released = yaml.safe_load(text("galaxy.yml"))["version"]
        assert [int(number) for number in described["version_added"].split(".")] <= [
            int(number) for number in released.split("-")[0].split(".")
        ]

    def test_info_module_says_so(self, module: str) -> None:
        fragments = documentation(module)["extends_documentation_fragment"]
        assert ("mongodb_atlas.admin._attributes.info_module" in fragments) == module.endswith("_info")

    def test_what_a_failure_returns(self, module: str) -> None:
        source = text("plugins", "modules", f"{module}.py")
        assert failure_fields.with_failure_fields(source) == source, "run python tests/tools/failure_fields.py"

    def test_shared_options(self, module: str) -> None:
        options = importlib.import_module(f"{PACKAGE}.module_utils._options.shared")
        spec = importlib.import_module(f"{PACKAGE}.modules.{module}").ARGUMENT_SPEC
        assert options.SHARED_OPTIONS.items() <= spec.items()

    def test_option_whose_name_says_what_it_contains_is_checked(self, module: str) -> None:
        checked = importlib.import_module(f"{PACKAGE}.module_utils._options.checked")
        shared = importlib.import_module(f"{PACKAGE}.module_utils._options.shared")
        spec = importlib.import_module(f"{PACKAGE}.modules.{module}").ARGUMENT_SPEC
        # A vault ID is Ansible's, not Atlas': it may be any text.
        exempt = shared.SHARED_OPTIONS.keys() | {"secret_vault_id"}
        specs = [spec, *(each["options"] for each in spec.values() if "options" in each)]
        names = re.compile(r".*_id|roles|entries|access_list")
        named = [(each, option) for each in specs for option in each if names.fullmatch(option)]
        unchecked = {option for each, option in named if not isinstance(each[option], checked.CheckedOption)}
        assert not unchecked - exempt

    def test_main_takes_a_session_factory(self, module: str) -> None:
        main = importlib.import_module(f"{PACKAGE}.modules.{module}").main
        assert list(inspect.signature(main).parameters) == ["session_factory"]
