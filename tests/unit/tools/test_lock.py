# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that tests and gates install is in a lock file, with a hash."""

from __future__ import annotations

import importlib.metadata
import pathlib
import re

import pytest

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ansible_collections.mongodb_atlas.admin.tests.tools import lock

TREE = pathlib.Path(__file__).resolve().parents[3]
LOCKS = TREE / "tests" / "requirements"
REQUIREMENTS = sorted(LOCKS.glob("*.in"))


def _pins(text: str) -> set[str]:
    found: list[tuple[str, str]] = re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ *\n]+)( |$)", text)
    return {f"{found[0].lower().replace('_', '-')}=={found[1]}" for found in found}


def _with_included(path: pathlib.Path) -> str:
    """Return the text of a file of requirements, or of a lock file, with that of the files that it includes."""
    text = path.read_text(encoding="utf-8")
    included = re.findall(r"(?m)^-r (\S+)$", text)
    return "\n".join([text, *(_with_included(path.parent / name) for name in included)])


def _locked(text: str) -> list[Requirement]:
    return [Requirement(found) for found in re.findall(r"(?m)^([A-Za-z0-9][^\\\n]*?) *\\$", text)]


def _pythons(requirements: pathlib.Path) -> list[str]:
    """Return the Pythons that a lock file is for."""
    lowest = re.search(r"(?m)^# python >= 3\.(\d+)$", requirements.read_text(encoding="utf-8"))
    return [f"3.{minor}" for minor in range(int(lowest[1]) if lowest else 10, 15)]


EACH = pytest.mark.parametrize("requirements", REQUIREMENTS, ids=[path.stem for path in REQUIREMENTS])


@EACH
def test_lock_file_is_up_to_date(requirements: pathlib.Path) -> None:
    text = _with_included(requirements.with_suffix(".txt"))
    missing = _pins(requirements.read_text(encoding="utf-8")) - _pins(text)
    assert not missing, "Run: make lock"


@EACH
def test_lock_file_includes_what_its_requirements_include(requirements: pathlib.Path) -> None:
    wanted, locked = (path.read_text(encoding="utf-8") for path in (requirements, requirements.with_suffix(".txt")))
    assert re.findall(r"(?m)^-r .*$", locked) == re.findall(r"(?m)^-r .*$", wanted), "Run: make lock"


@EACH
def test_every_locked_package_has_a_hash(requirements: pathlib.Path) -> None:
    text = requirements.with_suffix(".txt").read_text(encoding="utf-8")
    packages = re.findall(r"(?m)^[^#\s-](?:.*\\\n)*.*$", text)
    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []


@EACH
def test_every_python_gets_one_version_of_a_package(requirements: pathlib.Path) -> None:
    """A lock file and those that it includes do not contradict each other."""
    locked = _locked(_with_included(requirements.with_suffix(".txt")))
    assert locked
    for python in _pythons(requirements):
        environment = {"python_version": python, "python_full_version": f"{python}.1"}
        pins = {
            (each.name, str(each.specifier)) for each in locked if not each.marker or each.marker.evaluate(environment)
        }
        assert len(pins) == len({name for name, _version in pins}), python


@EACH
def test_lock_file_works_with_any_index(requirements: pathlib.Path) -> None:
    """It names no server: pip takes the index, or the mirror of it, that the user has configured."""
    text = requirements.with_suffix(".txt").read_text(encoding="utf-8")
    assert not re.search(r"://|^--?(i|f|index|extra|find|trusted)\b", text, re.MULTILINE)


def test_oldest_line_has_the_lowest_versions_that_are_supported() -> None:
    locked = {each.name: str(each.specifier) for each in _locked(_with_included(LOCKS / "core-2.16.txt"))}
    assert locked["ansible-core"].startswith("==2.16.")
    assert locked["requests"].startswith("==2.28.")
    assert locked["urllib3"].startswith("==1.26.")


def test_every_lock_file_has_its_requirements() -> None:
    assert {path.stem for path in LOCKS.glob("*.txt")} == {path.stem for path in REQUIREMENTS}


def _extras_that_are_required() -> dict[str, set[str]]:
    """The extras of packages that another installed package requires, and that its marker does not exclude here."""
    extras: dict[str, set[str]] = {}
    for distribution in importlib.metadata.distributions():
        for requirement in map(Requirement, distribution.requires or []):
            if requirement.extras and (not requirement.marker or requirement.marker.evaluate({"extra": ""})):
                extras.setdefault(canonicalize_name(requirement.name), set()).update(requirement.extras)
    return extras


def test_lock_file_has_the_extras_that_are_required() -> None:
    """Or pip 23 takes the newest version for NAME[EXTRA], which has no hash here as soon as there is a newer one."""
    text = _with_included(LOCKS / "test.txt")
    locked = {}
    for name, extras in re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[([^]]*)\])?==", text):
        locked[canonicalize_name(name)] = set(extras.split(",")) - {""}
    required = {name: extras for name, extras in _extras_that_are_required().items() if name in locked}
    assert required, "pytest-cov requires coverage[toml]"
    assert {name: extras - locked[name] for name, extras in required.items() if extras - locked[name]} == {}


WANTED = "a==1 ; python_full_version < '3.13'"


@pytest.mark.parametrize(
    ("have", "lowest", "covered"),
    [
        (["a==1"], "3.10", True),
        (["a==1 ; python_full_version < '3.11'", "a==1 ; python_full_version >= '3.11'"], "3.10", True),
        (["a==1 ; python_full_version < '3.11'"], "3.10", False),
        (["a==1 ; python_full_version >= '3.12'"], "3.12", True),
        (["a==1 ; sys_platform == 'win32'"], "3.10", False),
        (["a[extra]==1"], "3.10", False),
        (["a==2", "b==1"], "3.10", False),
        ([], "3.13", True),
    ],
)
def test_included_lock_file_covers_a_package_only_where_it_installs_it(
    have: list[str], lowest: str, covered: bool
) -> None:
    """A package that an included file has for some Pythons must not be missing for the others."""
    assert lock.covers([Requirement(each) for each in have], Requirement(WANTED), lowest) is covered
