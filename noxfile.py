# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gates: checks that must pass before a change is merged.

`make check` runs them, `make check ONLY=NAME` one of them, `.cache/gates/bin/nox -l` lists them. antsibull-nox.toml
configures those that antsibull-nox has, and says why the others are here.
"""

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

# The Pythons that the controller of an ansible-core line runs on, the preferred one first.
CONTROLLERS = {
    "2.16": ["3.10", "3.11", "3.12"],
    "2.17": ["3.11", "3.10", "3.12"],
    "2.18": ["3.12", "3.11", "3.13"],
    "2.19": ["3.12", "3.11", "3.13"],
    "2.20": ["3.12", "3.13", "3.14"],
    "2.21": ["3.12", "3.13", "3.14"],
    "2.22": ["3.13", "3.14"],  # release candidates
}
# A matrix of jobs has one job for each Python, and sets this.
CHOSEN = os.environ.get("CONTROLLER_PYTHON")
OLDEST, MIDDLE, NEWEST, CANDIDATE = "2.16", "2.18", "2.21", "2.22"
# Many tests wait, for a rate limit or a time-out: so each of two gates side by side has two processes for pytest.
# A worker that is done takes over tests of another one: some take a hundred times as long as most.
PYTEST = ["pytest", "-n", "2", "--dist", "worksteal", "-q"]

# uv takes a second to make an environment for which pip takes half a minute. It does not read pip's configuration: if
# that is needed to reach a registry, set NOX_DEFAULT_VENV_BACKEND=venv.
nox.options.default_venv_backend = os.environ.get("NOX_DEFAULT_VENV_BACKEND", "uv")
nox.options.download_python = "never"  # `make setup` says how to install one
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False  # the session interpreters decides which of them are an error
nox.options.envdir = str(CACHE / "nox")
nox.options.sessions = [
    "interpreters",
    "python-lint",
    "lint",
    "extra-checks",
    "license-check",
    "changelog",
    "docs-check",
    "docs",
    "ansible-lint",
    "galaxy-importer",
    "execution-environment",
    "full",
    # Not sanity of the candidate: its pylint needs a package that is only on a Git host. Without it, by name:
    # nox -s "sanity(2.22)" -- --skip-test pylint
    *(f"sanity({line})" for line in (OLDEST, NEWEST)),
    *(f"units({line})" for line in (OLDEST, MIDDLE, NEWEST, CANDIDATE)),
    # `make test` and `full` run the same tests on a line in between; others run by name.
    *(f"integration({line})" for line in (OLDEST, NEWEST)),
]

antsibull_nox.load_antsibull_nox_toml()


def _put_interpreters_first() -> None:
    """Put the real interpreters first on the PATH: pyenv's shims exist for every version, and fail for most."""
    versions = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    found = [str(path) for path in sorted(versions.glob("*/bin"), reverse=True)]
    installed_by_uv = str(pathlib.Path.home() / ".local" / "bin")
    os.environ["PATH"] = os.pathsep.join([*found, os.environ["PATH"], installed_by_uv])


_put_interpreters_first()

# uv compiles nothing by default, and nor does Python if PYTHONDONTWRITEBYTECODE is set, as in many containers: each of
# Ansible's commands would compile ansible-core again, and take three times as long.
os.environ["UV_COMPILE_BYTECODE"] = "1"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# The caches of tools stay inside the checkout as well.
os.environ["ANSIBLE_HOME"] = str(CACHE / "home" / ".ansible")
os.environ["MYPY_CACHE_DIR"] = str(CACHE / "mypy")
os.environ["RUFF_CACHE_DIR"] = str(CACHE / "ruff")


def _wanted(line: str) -> list[str]:
    return [CHOSEN] if CHOSEN in CONTROLLERS[line] else CONTROLLERS[line]


def _found(line: str) -> list[str]:
    return [version for version in _wanted(line) if shutil.which(f"python{version}")]


def _python_for(line: str) -> str:
    """Return the interpreter for an ansible-core line; if there is none, the preferred one, which nox then reports."""
    return (_found(line) or _wanted(line))[0]


def _lay_out(root: pathlib.Path, *options: str) -> pathlib.Path:
    command = [sys.executable, str(ROOT / "tests" / "tools" / "lay_out.py"), *options, str(root)]
    return pathlib.Path(subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip())


def _requirements(name: str) -> list[str]:
    """Return pip's options to install what a lock file has, and nothing else."""
    return ["--require-hashes", "-r", str(ROOT / "tests" / "requirements" / f"{name}.txt")]


def _install_with_emulator(session: nox.Session, name: str) -> None:
    session.install(*_requirements(name))
    # Its dependencies and its build backend are in the lock file.
    session.install("--no-deps", "--no-build-isolation", "-e", "tests/emulator")


def _build(session: nox.Session, name: str) -> pathlib.Path | None:
    """Build the artifact in .cache/NAME, with the address that Galaxy requires and only a release has.

    None with --install-only, which runs no command.
    """
    shutil.rmtree(CACHE / name, ignore_errors=True)
    tree = _lay_out(CACHE / name, "--tracked")
    galaxy = tree / "galaxy.yml"
    if "\nrepository:" not in (text := galaxy.read_text(encoding="utf-8")):
        galaxy.write_text(text + "repository: https://example.com/mongodb_atlas.admin\n", encoding="utf-8")
    build = ["ansible-galaxy", "collection", "build", str(tree), "--output-path", str(CACHE / name)]
    if session.run(*build, silent=True) is None:
        return None
    (artifact,) = (CACHE / name).glob("*.tar.gz")
    return artifact


@nox.session(python=False)
def interpreters(session: nox.Session) -> None:
    """Report which Pythons are found. In CI it is an error if the oldest or newest ansible-core cannot be tested."""
    missing = []
    for line in CONTROLLERS:
        wanted, found = ", ".join(_wanted(line)), ", ".join(_found(line))
        session.log(f"ansible-core {line}: " + (f"Python {found}" if found else f"SKIPPED, no Python {wanted}"))
        if not found:
            missing.append(line)
    if missing:
        versions = " ".join(sorted({_wanted(line)[0] for line in missing}))
        session.log(f"To install what is missing: {pathlib.Path(sys.prefix) / 'bin' / 'uv'} python install {versions}")
    if os.environ.get("CI") and {OLDEST, NEWEST} & set(missing):
        session.error(f"No Python for ansible-core {', '.join(missing)}.")


@nox.session(name="python-lint")
def python_lint(session: nox.Session) -> None:
    """Ruff and mypy."""
    _install_with_emulator(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy", "--config-file", "tests/emulator/pyproject.toml", "tests/emulator/src")
    tree = _lay_out(CACHE / "tree")
    session.chdir(tree)
    session.run("mypy", env={"MYPYPATH": str(tree.parents[2])})


@nox.session(name="format", default=False)
def format_code(session: nox.Session) -> None:
    """Format the Python code, and correct what ruff can correct."""
    session.install(*_requirements("ruff"))
    session.run("ruff", "check", "--fix", "--exit-zero", "--quiet")
    session.run("ruff", "format")


_YAML_AS_PYTHON = re.compile(r" plugins/(filter|test)/\w+\.yml:\d+:\d+: E999 ")


@nox.session(name="galaxy-importer")
def galaxy_importer(session: nox.Session) -> None:
    """Build the artifact, and import it as Galaxy and Automation Hub do; a warning is an error."""
    session.install(*_requirements("galaxy"))
    if not (artifact := _build(session, "galaxy")):
        return
    session.chdir(artifact.parent)
    switches = ["CHECK_CHANGELOG", "CHECK_REQUIRED_TAGS", "REQUIRE_V1_OR_GREATER", "RUN_ANSIBLE_LINT", "RUN_FLAKE8"]
    env = {f"GALAXY_IMPORTER_{switch}": "true" for switch in switches}
    output = str(session.run("python", "-m", "galaxy_importer.main", artifact.name, silent=True, env=env))
    session.log(output)
    # It also gives flake8 the YAML files that document filters.
    problems = [line for line in re.findall("(?m)^(?:WARNING|ERROR).*", output) if not _YAML_AS_PYTHON.search(line)]
    if problems or "completed successfully" not in output:
        session.error("galaxy-importer reports a warning or an error.")


@nox.session(name="execution-environment")
def execution_environment(session: nox.Session) -> None:
    """ansible-builder finds the collection's dependencies, and writes the build context of an image with it."""
    session.install(*_requirements("builder"))
    if not (artifact := _build(session, "builder")):
        return
    root = artifact.parent
    found = session.run("ansible-builder", "introspect", str(root), silent=True)
    if "requests>=2.28" not in str(found):
        session.error(f"ansible-builder does not find the dependency on requests: {found}")
    definitions = {
        "artifact": "version: 3\n"
        "images: {base_image: {name: 'localhost/base:latest'}}\n"
        f"dependencies: {{galaxy: {{collections: [{{name: '{artifact}', type: file}}]}}}}\n",
        "guide": _definition_in_guide(),
    }
    for name, text in definitions.items():
        definition, context = root / f"{name}.yml", root / name
        definition.write_text(text, encoding="utf-8")
        # This only writes files; it pulls no image.
        create = ["ansible-builder", "create", "--output-filename", "Containerfile", "--file", str(definition)]
        session.run(*create, "--context", str(context))
        if not (context / "Containerfile").is_file():
            session.error(f"ansible-builder has written no Containerfile for this definition:\n{text}")


def _definition_in_guide() -> str:
    """Return the definition of an execution environment in the guide on AWX."""
    guide = (ROOT / "docs" / "docsite" / "rst" / "guide_awx.rst").read_text(encoding="utf-8")
    blocks = re.findall(r"(?m)^\.\. code-block:: yaml\n\n((?:(?:    .*)?\n)+)", guide)
    (definition,) = (textwrap.dedent(block) for block in blocks if "base_image" in block)
    return definition


@nox.session
def changelog(session: nox.Session) -> None:
    """The fragments are valid, and a release can be prepared from them."""
    session.install(*_requirements("changelog"))
    session.run("antsibull-changelog", "lint")
    shutil.rmtree(CACHE / "changelog", ignore_errors=True)
    tree = _lay_out(CACHE / "changelog")
    fragments = tree / "changelogs" / "fragments"
    fragments.mkdir(exist_ok=True)
    (fragments / "trial.yml").write_text("trivial: [Just after a release there is no other fragment.]\n")
    address = "https://example.com/mongodb_atlas.admin"
    session.run("python", "tests/tools/release.py", "--tree", str(tree), "999.0.0", "--repository", address)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Prepare a release; see `make release`."""
    session.install(*_requirements("changelog"))
    session.run("python", "tests/tools/release.py", *session.posargs)


@nox.session(default=False)
def sbom(session: nox.Session) -> None:
    """Build the artifact and its software bill of materials, as they are published."""
    session.install(*_requirements("sbom"))
    session.run("make", "build", external=True)
    (artifact,) = ROOT.glob("mongodb_atlas-admin-*.tar.gz")
    session.run("python", "tests/tools/sbom.py", str(artifact))


@nox.session(default=False)
def vulnerabilities(session: nox.Session) -> None:
    """No package in a lock file has a known vulnerability. Needs the advisories of the Python Package Index.

    The older ansible-core lines are tested with the versions that their users have, vulnerable or not.
    """
    session.install(*_requirements("vulnerabilities"))
    locks = [path for path in sorted((ROOT / "tests" / "requirements").glob("*.txt")) if "core-" not in path.name]
    for lock in [*locks, ROOT / "tests" / "requirements" / f"core-{NEWEST}.txt"]:
        # Strict: a package without an answer from the index has not been audited.
        session.run("pip-audit", "--strict", "--disable-pip", "--require-hashes", "--requirement", str(lock))


# Pages of Ansible's documentation that ours links to, as Sphinx' inventory names them. They are listed here because
# each build would have to download the inventory.
_LINKED = {
    "action_plugins": "plugins/action.html",
    "ansible_collections.ansible.builtin.debug_module": "collections/ansible/builtin/debug_module.html",
    "ansible_collections.ansible.builtin.inventory_hostnames_lookup": (
        "collections/ansible/builtin/inventory_hostnames_lookup.html"
    ),
    "common_return_values": "reference_appendices/common_return_values.html",
}


def _inventory() -> bytes:
    labels = "".join(f"{label} std:label -1 {place} {label}\n" for label, place in _LINKED.items())
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: \n# The rest is compressed using zlib.\n"
    return head.encode() + zlib.compress(labels.encode())


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation as HTML, in .cache/docs/build/html; a warning is an error."""
    session.install(*_requirements("docs"))
    root = _lay_out(CACHE / "tree").parents[2]
    site = CACHE / "docs"
    shutil.rmtree(site, ignore_errors=True)
    (site / "rst").mkdir(parents=True, mode=0o755)  # antsibull-docs requires that others cannot write to it
    name = "mongodb_atlas.admin"
    shared = ["--use-current", "--squash-hierarchy", "--fail-on-error"]
    env = {"ANSIBLE_COLLECTIONS_PATH": str(root)}
    described = ["--project", name, "--title", name, "--copyright", f"Contributors to the {name} collection"]
    session.run("antsibull-docs", "sphinx-init", *shared, *described, "--dest-dir", str(site), name, env=env)
    (site / "ansible.inv").write_bytes(_inventory())
    ours = ROOT / "tests" / "tools" / "sphinx"
    shutil.copytree(ours / "static", site / "static")
    with (site / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write((ours / "conf.py").read_text(encoding="utf-8"))
    session.chdir(site)
    made = ["--config-file", "antsibull-docs.cfg", "collection", "--cleanup", "everything", *shared]
    session.run("antsibull-docs", *made, "--dest-dir", "rst", name, env=env)
    # antsibull-docs copies no pictures.
    guides = root / "ansible_collections" / "mongodb_atlas" / "admin" / "docs" / "docsite" / "rst"
    shutil.copytree(guides / "images", site / "rst" / "docsite" / "images")
    # This page lists the variables that plugins declare. Modules cannot declare any, so it would be empty.
    (site / "rst" / "environment_variables.rst").unlink(missing_ok=True)  # with --install-only nothing is written
    session.run("sphinx-build", "-M", "html", "rst", "build", "-q", "-c", ".", "-W", "--keep-going")
    session.run("python", str(ROOT / "tests" / "tools" / "check_pages.py"), str(site / "build" / "html"))
    session.log(f"Open {site / 'build' / 'html' / 'index.html'}")


def _home(line: str) -> str:
    """Make a home directory for ansible-test, which keeps downloads and environments there.

    It links to pip's configuration, which may be needed to reach a registry, and to a cache that all lines share.
    ansible-test downloads a script that installs pip, from a host of its own; ensurepip does the same without that.
    """
    home = CACHE / "home" / line
    downloads = CACHE / "pip"
    downloads.mkdir(parents=True, exist_ok=True)
    links = {name: pathlib.Path.home() / name for name in (".config/pip", ".pip")}
    for name, target in {**links, ".cache/pip": downloads}.items():
        link = home / name
        link.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir() and not link.exists():
            link.symlink_to(target)
    cache = home / ".ansible" / "test" / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in ("23_1_2", "24_2", "25_2"):
        (cache / f"get_pip_{version}.py").write_text("import ensurepip\n\nensurepip.bootstrap()\n", encoding="utf-8")
    return str(home)


def _ansible_test(session: nox.Session, line: str, command: str, *arguments: str) -> str:
    """Run ansible-test in a tree of its own, and return its output."""
    tree = _lay_out(CACHE / f"{command}-{line}")
    session.chdir(tree)
    # Without a repository here, ansible-test would use the checkout's, which ignores .cache.
    session.run("git", "init", "--quiet", external=True)
    env = {"HOME": _home(line)}
    output = str(session.run("ansible-test", command, *arguments, "--color", "no", silent=True, env=env))
    session.log(output)
    return output


EACH_LINE = nox.parametrize("python,line", [(_python_for(line), line) for line in CONTROLLERS], ids=list(CONTROLLERS))


@nox.session
@EACH_LINE
def sanity(session: nox.Session, line: str) -> None:
    """All of ansible-test sanity, without exceptions, on every Python that is found."""
    session.install(*_requirements(f"core-{line}"))
    if ignored := sorted(path.name for path in ROOT.glob("tests/sanity/ignore-*.txt")):
        session.error(f"Sanity tests must pass without exceptions, but there are {', '.join(ignored)}.")
    output = _ansible_test(session, line, "sanity", "--venv", "--allow-disabled", *session.posargs)
    if "All targets skipped" in output:
        session.error("ansible-test has found nothing to check.")


@nox.session
@EACH_LINE
def units(session: nox.Session, line: str) -> None:
    """The unit tests; on the oldest line with the lowest versions, on the newest by ansible-test as well."""
    _install_with_emulator(session, f"core-{line}")
    session.chdir(_lay_out(CACHE / "tree"))
    session.run(*PYTEST, "tests/unit", *session.posargs)
    if line == NEWEST:
        _ansible_test(session, line, "units", "--local", "--python", str(session.python))


@nox.session
def full(session: nox.Session) -> None:
    """The tests that `make test` leaves out, with the packages of `make test`, and more generated inputs."""
    _install_with_emulator(session, "test")
    session.chdir(_lay_out(CACHE / "tree"))
    session.run(*PYTEST, "-m", "full", *session.posargs)
    session.run(*PYTEST, "tests/robustness/test_any_input.py", *session.posargs)


@nox.session
@EACH_LINE
def integration(session: nox.Session, line: str) -> None:
    """Ansible's commands against the emulator; on the oldest line with the lowest versions.

    Without the tests of scale, which show the same on each line; with them: nox -s "integration(2.18)" -- -m ""
    """
    _install_with_emulator(session, f"core-{line}")
    session.chdir(_lay_out(CACHE / "tree"))
    # `make test` runs the robustness tests with the newest versions. This has the lowest, and fewer generated inputs.
    robustness = ["tests/robustness"] if line == OLDEST else []
    env = {"HYPOTHESIS_PROFILE": "quick"}
    # Where ansible-test runs the targets, pytest need not.
    targets = ["--ignore", "tests/functional/test_targets.py"] if line == NEWEST else []
    selected = ["-m", "not scale", "tests/functional", *robustness, *targets]
    session.run(*PYTEST, *selected, *session.posargs, env=env)
    if line == NEWEST:
        _ansible_test(session, line, "integration", "--local")
