# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that tests and gates install is in a lock file, with a hash."""

from __future__ import annotations

import pathlib
import re

import pytest

TREE = pathlib.Path(__file__).resolve().parents[3]
REQUIREMENTS = sorted((TREE / "tests" / "requirements").glob("*.in"))


def _pins(text: str) -> set[str]:
    found: list[tuple[str, str]] = re.findall(r"(?m)^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ *\n]+)( |$)", text)
    return {f"{found[0].lower().replace('_', '-')}=={found[1]}" for found in found}


@pytest.mark.parametrize("requirements", REQUIREMENTS, ids=[path.stem for path in REQUIREMENTS])
def test_lock_file_is_up_to_date(requirements: pathlib.Path) -> None:
    lock = requirements.with_suffix(".txt").read_text(encoding="utf-8")
    missing = _pins(requirements.read_text(encoding="utf-8")) - _pins(lock)
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
