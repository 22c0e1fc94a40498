# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What attacks need: a shell, and a table to hold them against."""

from __future__ import annotations

import os
import pathlib
import typing as t

import pytest

import table

from harness import Shell

_seen: dict[str, str] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-faults", metavar="FILE", help="write the table of faults, instead of checking it (-n 0)")


def pytest_sessionfinish(session: pytest.Session) -> None:
    target = session.config.getoption("--write-faults")
    if target:
        table.write(_seen, pathlib.Path(target))


@pytest.fixture
def happened(request: pytest.FixtureRequest) -> t.Callable[[str, str], None]:
    """Report that a fault was tried, and what happened; it must stand so in the table."""

    def report(fault: str, what: str) -> None:
        _seen[fault] = what
        if not request.config.getoption("--write-faults"):
            assert table.read().get(fault) == what, "the table of faults is not current; see its head"

    return report


@pytest.fixture(autouse=True)
def _nothing_of_the_developers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.lower().endswith("_proxy") or name.startswith(("MONGODB_", "REQUESTS_CA", "CURL_CA")):
            monkeypatch.delenv(name)


@pytest.fixture
def shell(tmp_path: pathlib.Path) -> Shell:
    return Shell(tmp_path)
