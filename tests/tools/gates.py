# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run gates, two at a time, and end with a table: gate, ansible-core, result, time.

Run by `make check` and `make setup`, with the Python that has nox. Without arguments it runs the default gates; a gate
that is named must not be skipped.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import json
import pathlib
import re
import resource
import subprocess
import sys
import time

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
REPORTS = CHECKOUT / ".cache" / "reports"
NOX = [sys.executable, "-m", "nox", "--noxfile", str(CHECKOUT / "noxfile.py")]
RESULTS = {"success": "passed", "skipped": "SKIPPED"}
# The kinds of gates that take longest start first: that keeps all processors busy to the end.
LONGEST = ["integration", "full", "sanity", "units"]


@dataclasses.dataclass
class Result:
    """How a gate ended."""

    gate: str
    result: str
    seconds: float
    reason: str = ""

    @property
    def row(self) -> str:
        """The gate's row of the table."""
        # A gate is a name with its interpreter and its ansible-core line: "units-3.12(2.18)".
        name, line = re.fullmatch(r"(.*?)(?:-[\d.]+)?(?:\((.*)\))?", self.gate).groups()  # type: ignore[union-attr]
        return f"{name:22} {line or '':12} {self.result:7} {_clock(self.seconds):>6}  {self.reason}".rstrip()


def main() -> int:
    """Run the gates; 1 if any failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2, help="how many gates run at the same time")
    parser.add_argument("--install-only", action="store_true", help="only make the gates' environments")
    parser.add_argument("gates", nargs="*", metavar="GATE", help="for example lint or 'units(2.18)'")
    arguments = parser.parse_args()
    gates = _listed(arguments.gates)
    jobs = min(arguments.jobs, len(gates))
    REPORTS.mkdir(parents=True, exist_ok=True)
    _announce(gates, everything=not arguments.gates)
    # Gates that use this tree find it complete, and do not write to it at the same time.
    subprocess.run([sys.executable, str(CHECKOUT / "tests" / "tools" / "lay_out.py")], check=True, capture_output=True)
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        options = ["--error-on-missing-interpreters"] if arguments.gates else []
        options += ["--install-only"] if arguments.install_only else []
        results = list(pool.map(lambda gate: _run(gate, options), gates))
    print(f"\n{'gate':22} {'ansible-core':12} {'result':7} {'time':>6}")
    for result in results:
        print(result.row)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{len(results)} gates {_clock(time.monotonic() - started):>42}", end="")
    print(f"  ({_clock(used.ru_utime + used.ru_stime)} of processor time)")
    return 0 if all(result.result in RESULTS.values() for result in results) else 1


def _listed(names: list[str]) -> list[str]:
    """The gates that nox would run, in the order in which they start."""
    command = [*NOX, "--list", "--json", *(["--sessions", *names] if names else [])]
    listed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT).stdout
    # A meta session only requires others, which are listed as well.
    gates = [gate["session"] for gate in json.loads(listed) if not gate["description"].startswith("Meta session")]
    kinds = {kind: place for place, kind in enumerate(LONGEST)}
    return sorted(gates, key=lambda gate: kinds.get(gate.partition("(")[0], len(kinds)))


def _announce(gates: list[str], *, everything: bool) -> None:
    """Print what will not run, before anything runs."""
    command = [*NOX, "--sessions", "interpreters"]
    found = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=CHECKOUT
    ).stdout
    print(f"{len(gates)} gates. Pythons for ansible-core's lines:")
    print("\n".join(re.findall(r"(?m)^nox > ((?:ansible-core|To install).*)$", found)))
    if everything:
        left = [gate for gate in _all() if gate not in gates]
        print(f"Not run by default, but by name: {', '.join(left)}\n", flush=True)


def _all() -> list[str]:
    command = [*NOX, "--list"]
    listed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT).stdout
    return re.findall(r"^- (\S+) -> (?!Meta session)", listed, re.MULTILINE)


def _run(gate: str, options: list[str]) -> Result:
    """Run one gate, then print its output as a whole."""
    report = REPORTS / f"{gate}.json"
    report.unlink(missing_ok=True)
    command = [*NOX, "--report", str(report), *options, "--sessions", gate]
    started = time.monotonic()
    ended = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=CHECKOUT,
    )
    seconds = time.monotonic() - started
    print(f"\n===== {gate}, {_clock(seconds)}\n{ended.stdout}", end="", flush=True)
    sessions = json.loads(report.read_text(encoding="utf-8"))["sessions"] if report.is_file() else []
    if ended.returncode or not sessions:
        return Result(gate, "FAILED", seconds)
    reported = sessions[-1]
    return Result(gate, RESULTS.get(reported["result"], "FAILED"), seconds, reported.get("reason") or "")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


if __name__ == "__main__":
    sys.exit(main())
