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

TREE = pathlib.Path(__file__).resolve().parents[3]
REQUIREMENTS = sorted((TREE / "tests" / "requirements").glob("*.in"))


def _pins(text: str) -> set[str]:
    found: list[tuple[str, str]] = re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ *\n]+)( |$)", text)
    return {f"{found[0].lower().replace('_', '-')}=={found[1]}" for found in found}


def _with_included(requirements: pathlib.Path) -> str:
    text = requirements.read_text(encoding="utf-8")
    included = re.findall(r"(?m)^-r (\S+)$", text)
    return "\n".join([text, *(_with_included(requirements.parent / name) for name in included)])


@pytest.mark.parametrize("requirements", REQUIREMENTS, ids=[path.stem for path in REQUIREMENTS])
def test_lock_file_is_up_to_date(requirements: pathlib.Path) -> None:
    lock = requirements.with_suffix(".txt").read_text(encoding="utf-8")
    missing = _pins(_with_included(requirements)) - _pins(lock)
    assert not missing, "Run: make lock"


@pytest.mark.parametrize("requirements", REQUIREMENTS, ids=[path.stem for path in REQUIREMENTS])
def test_every_locked_package_has_a_hash(requirements: pathlib.Path) -> None:
    lock = requirements.with_suffix(".txt").read_text(encoding="utf-8")
    packages = re.findall(r"(?m)^[^#\s](?:.*\\\n)*.*$", lock)
    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_every_lock_file_has_its_requirements() -> None:
    locks = {path.stem for path in (TREE / "tests" / "requirements").glob("*.txt")}
    assert locks == {path.stem for path in REQUIREMENTS}


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
    lock = (TREE / "tests" / "requirements" / "test.txt").read_text(encoding="utf-8")
    locked = {}
    for name, extras in re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[([^]]*)\])?==", lock):
        locked[canonicalize_name(name)] = set(extras.split(",")) - {""}
    required = {name: extras for name, extras in _extras_that_are_required().items() if name in locked}
    assert required, "pytest-cov requires coverage[toml]"
    assert {name: extras - locked[name] for name, extras in required.items() if extras - locked[name]} == {}
