# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold before a change lands: `make check` runs it, `nox -s NAME` one part, `nox -l` lists the parts."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap
import zlib

import antsibull_nox
import nox

ROOT = pathlib.Path(__file__).parent
CACHE = ROOT / ".cache"

# Which Pythons the controller of an ansible-core line runs on, the preferred one first.
CONTROLLERS = {
    "2.16": ["3.10", "3.11", "3.12"],
    "2.17": ["3.11", "3.10", "3.12"],
    "2.18": ["3.12", "3.11", "3.13"],
    "2.19": ["3.12", "3.11", "3.13"],
    "2.20": ["3.12", "3.13", "3.14"],
    "2.21": ["3.12", "3.13", "3.14"],
    "next": ["3.14", "3.13", "3.12"],  # a release candidate of the line after the newest
}
# A matrix of jobs has one job for each Python, so it chooses.
CHOSEN = os.environ.get("CONTROLLER_PYTHON")
LINES = [line for line in CONTROLLERS if line != "next"]
OLDEST, MIDDLE, NEWEST = LINES[0], "2.18", LINES[-1]

# The oldest requests and urllib3 that the collection supports, as Automation Platform's images carry them. They go with
# the oldest line.
LOWEST = ["requests==2.28.*", "urllib3==1.26.*"]

nox.options.default_venv_backend = "venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False  # the session interpreters says which of them are an error
nox.options.envdir = str(CACHE / "nox")
nox.options.sessions = [
    "interpreters",
    "lint",
    "extra-checks",
    "license-check",
    "changelog",
    "docs-check",
    "docs",
    "ansible-lint",
    "galaxy-importer",
    "execution-environment",
    f"sanity({OLDEST})",
    f"sanity({NEWEST})",
    *(f"{kind}({line})" for line in (OLDEST, MIDDLE, NEWEST) for kind in ("units", "integration")),
]

antsibull_nox.load_antsibull_nox_toml()


def _put_interpreters_first() -> None:
    """Name the real interpreters on the PATH: pyenv's shims answer for any version, and then fail."""
    versions = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    found = [str(path) for path in sorted(versions.glob("*/bin"), reverse=True)]
    os.environ["PATH"] = os.pathsep.join([*found, os.environ["PATH"]])


_put_interpreters_first()

# What tools keep for the next time stays in here, too.
os.environ["ANSIBLE_HOME"] = str(CACHE / "home" / ".ansible")
os.environ["MYPY_CACHE_DIR"] = str(CACHE / "mypy")
os.environ["RUFF_CACHE_DIR"] = str(CACHE / "ruff")


def _wanted(line: str) -> list[str]:
    return [CHOSEN] if CHOSEN in CONTROLLERS[line] else CONTROLLERS[line]


def _found(line: str) -> list[str]:
    return [version for version in _wanted(line) if shutil.which(f"python{version}")]


def _python_for(line: str) -> str:
    """The interpreter for an ansible-core line, or the first one that would do, for nox to say that it is missing."""
    return (_found(line) or _wanted(line))[0]


def _lay_out(root: pathlib.Path) -> pathlib.Path:
    command = [sys.executable, str(ROOT / "tests" / "tools" / "lay_out.py"), str(root)]
    return pathlib.Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def _fresh(name: str) -> pathlib.Path:
    """The collection laid out in a folder of its own, which holds nothing else."""
    shutil.rmtree(CACHE / name, ignore_errors=True)
    return _lay_out(CACHE / name)


def _requirements(name: str) -> list[str]:
    return ["-r", str(ROOT / "tests" / "requirements" / f"{name}.txt")]


def _fresh_for_galaxy(session: nox.Session, name: str) -> pathlib.Path:
    """The same with what Galaxy demands and only the collection's public home can give."""
    tree = _fresh(name)
    galaxy = tree / "galaxy.yml"
    if "\nrepository:" not in (text := galaxy.read_text(encoding="utf-8")):
        session.warn("galaxy.yml has no repository yet. To publish the collection, give it one.")
        galaxy.write_text(text + "repository: https://example.com/mongodb_atlas.admin\n", encoding="utf-8")
    return tree


def _build(session: nox.Session, name: str) -> pathlib.Path:
    """Build the artifact in .cache/NAME."""
    tree = _fresh_for_galaxy(session, name)
    session.run("ansible-galaxy", "collection", "build", str(tree), "--output-path", str(CACHE / name), silent=True)
    (artifact,) = (CACHE / name).glob("*.tar.gz")
    return artifact


@nox.session(python=False)
def interpreters(session: nox.Session) -> None:
    """Which Pythons are at hand. In CI the oldest and the newest ansible-core must not go untested."""
    missing = []
    for line in LINES:
        wanted, found = ", ".join(_wanted(line)), ", ".join(_found(line))
        session.log(f"ansible-core {line}: " + (f"Python {found}" if found else f"MISSING, wants one of {wanted}"))
        if not found:
            missing.append(line)
    if os.environ.get("CI") and {OLDEST, NEWEST} & set(missing):
        session.error(f"No Python for ansible-core {', '.join(missing)}.")


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff, mypy and yamllint."""
    session.install(*_requirements("test"), *_requirements("lint"), "-e", "tests/emulator")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("yamllint", "--strict", ".")
    tree = _lay_out(CACHE / "tree")
    session.run("mypy", "--config-file", "tests/emulator/pyproject.toml", "tests/emulator/src")
    session.chdir(tree)
    session.run("mypy", env={"MYPYPATH": str(tree.parents[2])})


@nox.session(name="ansible-lint")
def ansible_lint(session: nox.Session) -> None:
    """ansible-lint with the profile production, on everything; a warning is an error."""
    session.install(*_requirements("ansible-lint"))
    tree = _fresh_for_galaxy(session, "ansible-lint")
    session.chdir(tree)
    # Of its own, or ansible-lint would ask this checkout which files there are.
    session.run("git", "init", "--quiet", external=True)
    session.run("ansible-lint", env={"ANSIBLE_COLLECTIONS_PATH": str(tree.parents[2])})


@nox.session(name="galaxy-importer")
def galaxy_importer(session: nox.Session) -> None:
    """Build the artifact and import it as Galaxy and Automation Hub do; a warning is an error."""
    session.install(*_requirements("galaxy"))
    artifact = _build(session, "galaxy")
    session.chdir(artifact.parent)
    switches = ["CHECK_CHANGELOG", "CHECK_REQUIRED_TAGS", "REQUIRE_V1_OR_GREATER", "RUN_ANSIBLE_LINT", "RUN_FLAKE8"]
    env = {f"GALAXY_IMPORTER_{switch}": "true" for switch in switches}
    said = str(session.run("python", "-m", "galaxy_importer.main", artifact.name, silent=True, env=env))
    session.log(said)
    if re.search("^(WARNING|ERROR)", said, re.MULTILINE) or "completed successfully" not in said:
        session.error("galaxy-importer is not content.")


@nox.session(name="execution-environment")
def execution_environment(session: nox.Session) -> None:
    """ansible-builder finds what the collection needs, and makes the context of an image with it."""
    session.install(*_requirements("builder"))
    artifact = _build(session, "builder")
    root = artifact.parent
    found = session.run("ansible-builder", "introspect", str(root), silent=True)
    if "requests>=2.28" not in str(found):
        session.error(f"ansible-builder does not find that the collection needs requests: {found}")
    definitions = {
        "artifact": "version: 3\n"
        "images: {base_image: {name: 'localhost/base:latest'}}\n"
        f"dependencies: {{galaxy: {{collections: [{{name: '{artifact}', type: file}}]}}}}\n",
        "guide": _definition_in_guide(),
    }
    for name, text in definitions.items():
        definition, context = root / f"{name}.yml", root / name
        definition.write_text(text, encoding="utf-8")
        # Nothing is pulled: to make the context is to write files.
        create = ["ansible-builder", "create", "--output-filename", "Containerfile", "--file", str(definition)]
        session.run(*create, "--context", str(context))
        if not (context / "Containerfile").is_file():
            session.error(f"ansible-builder has made no Containerfile of this:\n{text}")


def _definition_in_guide() -> str:
    """The execution environment that the guide on AWX shows, word for word."""
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text(encoding="utf-8")
    blocks = re.findall(r"(?m)^\.\. code-block:: yaml\n\n((?:(?:    .*)?\n)+)", guide)
    (definition,) = (textwrap.dedent(block) for block in blocks if "base_image" in block)
    return definition


@nox.session
def changelog(session: nox.Session) -> None:
    """The fragments are right, and a release could be prepared now."""
    session.install(*_requirements("changelog"))
    session.run("antsibull-changelog", "lint")
    tree = _fresh("changelog")
    fragments = tree / "changelogs" / "fragments"
    fragments.mkdir(exist_ok=True)
    (fragments / "trial.yml").write_text("trivial: [Just after a release there would be nothing to try.]\n")
    session.run("python", "tests/tools/release.py", "--tree", str(tree), "999.0.0")


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Prepare a release: nox -s release -- VERSION."""
    session.install(*_requirements("changelog"))
    session.run("python", "tests/tools/release.py", *session.posargs)


# Places in Ansible's documentation that our own refers to, as Sphinx' inventory names them. In here, because the
# inventory itself would have to be downloaded with each build.
_ELSEWHERE = {
    "action_plugins": "plugins/action.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def _inventory() -> bytes:
    labels = "".join(f"{label} std:label -1 {place} {label}\n" for label, place in _ELSEWHERE.items())
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: \n# The rest is compressed using zlib.\n"
    return head.encode() + zlib.compress(labels.encode())


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as HTML, in .cache/docs/build/html; a warning is an error."""
    session.install(*_requirements("docs"))
    root = _lay_out(CACHE / "tree").parents[2]
    site = CACHE / "docs"
    shutil.rmtree(site, ignore_errors=True)
    (site / "rst").mkdir(parents=True, mode=0o755)  # antsibull-docs wants it closed to others' writing
    name = "mongodb_atlas.admin"
    shared = ["--use-current", "--squash-hierarchy", "--fail-on-error"]
    env = {"ANSIBLE_COLLECTIONS_PATH": str(root)}
    described = ["--project", name, "--title", name, "--copyright", f"Contributors to the {name} collection"]
    session.run("antsibull-docs", "sphinx-init", *shared, *described, "--dest-dir", str(site), name, env=env)
    (site / "ansible.inv").write_bytes(_inventory())
    with (site / "conf.py").open("a", encoding="utf-8") as conf:
        ansible = "https://docs.ansible.com/projects/ansible/latest/"
        conf.write(f"\nintersphinx_mapping = {{'ansible': ({ansible!r}, '../ansible.inv')}}\n")
    session.chdir(site)
    made = ["--config-file", "antsibull-docs.cfg", "collection", "--cleanup", "everything", *shared]
    session.run("antsibull-docs", *made, "--dest-dir", "rst", name, env=env)
    # It knows only the variables that plugins declare, and would say that there are none. Modules cannot declare any.
    (site / "rst" / "environment_variables.rst").unlink()
    session.run("sphinx-build", "-M", "html", "rst", "build", "-q", "-c", ".", "-W", "--keep-going")
    session.log(f"Open {site / 'build' / 'html' / 'index.html'}")


def _install_line(session: nox.Session, line: str, *more: str) -> None:
    if line != "next":
        session.install(f"ansible-core~={line}.0", *more)
        return
    try:
        session.install("--pre", f"ansible-core>{NEWEST}.9999", *more)
    except nox.command.CommandFailed:
        session.skip(f"There is nothing yet after ansible-core {NEWEST} for Python {session.python}.")


def _install_tests(session: nox.Session, line: str) -> None:
    lowest = LOWEST if line == OLDEST else []
    _install_line(session, line, *lowest, *_requirements("test"), "-e", "tests/emulator")


def _home() -> str:
    """A home directory inside the checkout, for tools that keep what they download and make there.

    pip's own settings are linked to: they may be what makes downloads possible.
    """
    home = CACHE / "home"
    for name in (".config/pip", ".pip"):
        real, link = pathlib.Path.home() / name, home / name
        link.parent.mkdir(parents=True, exist_ok=True)
        if real.is_dir() and not link.exists():
            link.symlink_to(real)
    return str(home)


def _stand_in_for_pip_bootstrap(home: str) -> None:
    """Spare ansible-test a download: it installs pip by a script of its own host, where ensurepip would do."""
    cache = pathlib.Path(home, ".ansible", "test", "cache")
    cache.mkdir(parents=True, exist_ok=True)
    for version in ("23_1_2", "24_2", "25_2"):
        (cache / f"get_pip_{version}.py").write_text("import ensurepip\n\nensurepip.bootstrap()\n", encoding="utf-8")


def _ansible_test(session: nox.Session, tree: pathlib.Path, *arguments: str) -> str:
    """Run ansible-test in TREE, and return what it printed."""
    home = _home()
    _stand_in_for_pip_bootstrap(home)
    session.chdir(tree)
    # Of its own, or ansible-test would take this checkout for the collection, in which .cache is ignored.
    session.run("git", "init", "--quiet", external=True)
    said = str(session.run("ansible-test", *arguments, "--color", "no", silent=True, env={"HOME": home}))
    session.log(said)
    return said


EACH_LINE = nox.parametrize("python,line", [(_python_for(line), line) for line in CONTROLLERS], ids=list(CONTROLLERS))


@nox.session
@EACH_LINE
def sanity(session: nox.Session, line: str) -> None:
    """All of ansible-test sanity, with no exception, on every Python that is found."""
    _install_line(session, line, *_requirements("sanity"))
    tree = _lay_out(CACHE / f"sanity-{line}")
    if ignored := sorted(path.name for path in tree.glob("tests/sanity/ignore-*.txt")):
        session.error(f"There is nothing to ignore, yet there are {', '.join(ignored)}.")
    said = _ansible_test(session, tree, "sanity", "--venv", "--allow-disabled")
    if "All targets skipped" in said:
        session.error("ansible-test has found nothing to check.")


@nox.session
@EACH_LINE
def units(session: nox.Session, line: str) -> None:
    """The unit tests, as we run them and as ansible-test does; the oldest line with the lowest versions."""
    _install_tests(session, line)
    session.chdir(_lay_out(CACHE / "tree"))
    session.run("pytest", "-n", "2", "-q", "tests/unit", *session.posargs)
    _ansible_test(session, _lay_out(CACHE / f"units-{line}"), "units", "--local", "--python", str(session.python))


@nox.session
@EACH_LINE
def integration(session: nox.Session, line: str) -> None:
    """Ansible as people start it, against the emulator; the oldest line with the lowest versions."""
    _install_tests(session, line)
    session.chdir(_lay_out(CACHE / "tree"))
    # `make test` attacks the newest line, and this the libraries that are most unlike the newest.
    robustness = ["tests/robustness"] if line == OLDEST else []
    session.run("pytest", "-n", "2", "-q", "tests/functional", *robustness, *session.posargs)
    if line == NEWEST:
        # The same targets once more, to know that ansible-test can run them.
        _ansible_test(session, _lay_out(CACHE / "integration"), "integration", "--local")
