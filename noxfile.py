# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold before a change lands: `make check` runs all of it, `nox -s NAME` one part."""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys

import nox

ROOT = pathlib.Path(__file__).parent

# Which Pythons the controller of an ansible-core line runs on, the preferred one first.
CONTROLLERS = {
    "2.16": ["3.10", "3.11", "3.12"],
    "2.17": ["3.11", "3.10", "3.12"],
    "2.18": ["3.12", "3.11", "3.13"],
    "2.19": ["3.12", "3.11", "3.13"],
    "2.20": ["3.12", "3.13", "3.14"],
    "2.21": ["3.12", "3.13", "3.14"],
}
OLDEST, NEWEST = "2.16", "2.21"

nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.envdir = str(ROOT / ".cache" / "nox")
nox.options.sessions = ["lint", f"sanity({OLDEST})", f"sanity({NEWEST})", f"tests({OLDEST})", f"tests({NEWEST})"]


def _put_interpreters_first() -> None:
    """Name the real interpreters on the PATH: pyenv's shims answer for any version, and then fail."""
    versions = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    found = [str(path) for path in sorted(versions.glob("*/bin"), reverse=True)]
    os.environ["PATH"] = os.pathsep.join([*found, os.environ["PATH"]])


def _python_for(line: str) -> str:
    """The interpreter for an ansible-core line, or the first one that would do, for nox to say that it is missing."""
    for version in CONTROLLERS[line]:
        if shutil.which(f"python{version}"):
            return version
    return CONTROLLERS[line][0]


def _lay_out(root: pathlib.Path) -> pathlib.Path:
    command = [sys.executable, str(ROOT / "tests" / "tools" / "lay_out.py"), str(root)]
    return pathlib.Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


_put_interpreters_first()


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff, mypy and yamllint."""
    session.install("-r", "tests/requirements.txt", "-r", "tests/requirements-lint.txt", "-e", "tests/emulator")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("yamllint", ".")
    tree = _lay_out(ROOT / ".cache" / "tree")
    session.chdir(tree)
    session.run("mypy", env={"MYPYPATH": str(tree.parents[2])})


def _install_line(session: nox.Session, line: str, *more: str) -> None:
    session.install(f"ansible-core~={line}.0", *more)


def _stand_in_for_pip_bootstrap() -> None:
    """Spare ansible-test a download: it installs pip by a script of its own host, where ensurepip would do."""
    cache = pathlib.Path.home() / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in ("23_1_2", "24_2", "25_2"):
        script = cache / f"get_pip_{version}.py"
        if not script.exists():
            script.write_text("import ensurepip\n\nensurepip.bootstrap()\n", encoding="utf-8")


LINES = nox.parametrize("python,line", [(_python_for(line), line) for line in CONTROLLERS], ids=list(CONTROLLERS))


@nox.session
@LINES
def sanity(session: nox.Session, line: str) -> None:
    """All of ansible-test sanity, with no exception."""
    _install_line(session, line)
    _stand_in_for_pip_bootstrap()
    session.chdir(_lay_out(ROOT / ".cache" / f"sanity-{line}"))
    # Of its own, or ansible-test would take this checkout for the collection, in which .cache is ignored.
    session.run("git", "init", "--quiet", external=True)
    said = session.run("ansible-test", "sanity", "--venv", "--allow-disabled", "--color", "no", silent=True)
    session.log(said)
    if "All targets skipped" in str(said):
        session.error("ansible-test has found nothing to check.")


@nox.session
@LINES
def tests(session: nox.Session, line: str) -> None:
    """All tests; the oldest line with the oldest requests and urllib3 that the collection supports."""
    lowest = ["requests==2.28.*", "urllib3==1.26.*"] if line == OLDEST else []
    _install_line(session, line, *lowest, "-r", "tests/requirements.txt", "-e", "tests/emulator")
    session.chdir(_lay_out(ROOT / ".cache" / "tree"))
    session.run("pytest", "-n", "2", "-q", *session.posargs)
