# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make check` runs what is asked for, and fails if one gate fails or does not run."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

import pytest

TREE = pathlib.Path(__file__).resolve().parents[3]

# In place of nox: it lists and runs the sessions good, bad and lost; lost ends without a report.
NOX = """
import json, pathlib, sys
SESSIONS = ["good", "bad", "lost", "sanity(2.16)"]
arguments = sys.argv[1:]
named = arguments[arguments.index("--sessions") + 1:] if "--sessions" in arguments else SESSIONS
if "--json" in arguments:
    print(json.dumps([{"session": name, "description": "A gate."} for name in named]))
elif "--list" in arguments:
    print("* good -> A gate.\\n- other -> A gate.\\n- all -> Meta session for all.")
elif named == ["interpreters"]:
    print("nox > ansible-core 2.16: SKIPPED, no Python 3.10")
else:
    print(f"output of {named[0]}")
    if named != ["lost"]:
        report = pathlib.Path(arguments[arguments.index("--report") + 1])
        result = {"bad": "failed", "sanity(2.16)": "skipped"}.get(named[0], "success")
        report.write_text(json.dumps({"sessions": [{"result": result}]}))
    sys.exit(named == ["bad"])
"""


@pytest.fixture
def checkout(tmp_path: pathlib.Path) -> pathlib.Path:
    """A checkout with gates.py, and a nox that runs nothing."""
    tools = tmp_path / "tests" / "tools"
    tools.mkdir(parents=True)
    tools.joinpath("gates.py").write_bytes((TREE / "tests" / "tools" / "gates.py").read_bytes())
    tools.joinpath("lay_out.py").write_text("", encoding="utf-8")
    tmp_path.joinpath("nox.py").write_text(NOX, encoding="utf-8")
    return tmp_path


def _check(checkout: pathlib.Path, *gates: str) -> tuple[int, list[str]]:
    command = [sys.executable, "tests/tools/gates.py", *gates]
    ended = subprocess.run(command, cwd=checkout, check=False, capture_output=True, text=True)
    assert not ended.stderr
    return ended.returncode, ended.stdout.splitlines()


def test_all_gates_pass(checkout: pathlib.Path) -> None:
    code, lines = _check(checkout, "good", "sanity(2.16)")
    assert code == 0
    rows = [line.split()[:-1] for line in lines[-3:-1]]  # without the time
    assert rows == [["sanity", "2.16", "SKIPPED"], ["good", "passed"]]


@pytest.mark.parametrize("gate", ["bad", "lost"])
def test_one_gate_fails(checkout: pathlib.Path, gate: str) -> None:
    code, lines = _check(checkout, "good", gate)
    assert code == 1
    assert [line.split()[:2] for line in lines[-3:-1]] == [["good", "passed"], [gate, "FAILED"]]
    assert f"output of {gate}" in lines


def test_what_is_skipped_comes_first(checkout: pathlib.Path) -> None:
    _code, lines = _check(checkout)
    assert lines[:3] == [
        "4 gates. Pythons for ansible-core's lines:",
        "ansible-core 2.16: SKIPPED, no Python 3.10",
        "Not run by default, but by name: other",
    ]


def test_report_of_an_earlier_run_does_not_count(checkout: pathlib.Path) -> None:
    reports = checkout / ".cache" / "reports"
    reports.mkdir(parents=True)
    (reports / "lost.json").write_text(json.dumps({"sessions": [{"result": "success"}]}), encoding="utf-8")
    assert _check(checkout, "lost")[0] == 1
