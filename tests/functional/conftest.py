# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A shell and an emulated Atlas for every test."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from atlas_emulator.dataset import load
from atlas_emulator.server import Emulator
from harness import DATASETS, Atlas, Shell


@pytest.fixture(scope="session")
def _emulator() -> t.Iterator[Atlas]:
    with Emulator(load(DATASETS / "demo.yml")) as emulator:
        yield Atlas(emulator.url)


@pytest.fixture
def atlas(_emulator: Atlas) -> Atlas:
    """An emulator that has not been asked for anything yet."""
    _emulator.control("POST", "reset")
    return _emulator


@pytest.fixture
def shell(tmp_path: pathlib.Path) -> Shell:
    return Shell(tmp_path)
