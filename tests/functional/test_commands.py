# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell commands of README and the guides, run as they stand: in bash, in an empty home, with what users type."""

from __future__ import annotations

import io
import pathlib
import re
import shutil
import subprocess
import textwrap

import ansible.release
import pexpect
import pytest

from harness import TREE, Atlas, Shell, some

GUIDES = TREE / "docs" / "docsite" / "rst"
TEXTS = [TREE / "README.md", *sorted(GUIDES.glob("*.rst"))]

# The commands that cannot be run here, by their beginnings, and why.
NOT_RUN = {
    "make ": "runs these tests, or the demo, which the workflow runs",
    "pip install ": "needs a package index; the libraries and the emulator are installed",
    "ansible-builder ": "needs a container engine; the gate execution-environment makes the context",
    "podman ": "needs a container engine",
    "ansible-galaxy collection install awx.awx": "needs Galaxy",
    "ansible-playbook mongodb_atlas.admin.awx_credential_types": "test_awx_credential_types runs it, with a stand-in",
}

PAIR = {"Public key: ": "gswvkocq", "Private key: ": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"}
ACCOUNT = {
    "Client ID: ": "mdb_sa_id_0123456789abcdef01234567",
    "Client secret: ": "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567",
}
VAULT = {
    "New Vault password: ": "vault-password",
    "Variable name (enter for no name): ": "vault_atlas_private_key",
    "String to encrypt (hidden): ": PAIR["Private key: "],
}
AWX = {"Address of AWX: ": "https://awx.example.com", "User: ": "admin", "Password: ": "password"}

# The prompts of each text, with the answers.
ANSWERS = {
    "README.md": ACCOUNT,
    "guide_quick_start.rst": PAIR,
    "guide_authentication.rst": VAULT,
    "guide_awx.rst": {**AWX, **VAULT},
}
# Texts whose commands use credentials that they do not set: those of an Organization Owner.
OWNER = {
    "MONGODB_ATLAS_PUBLIC_API_KEY": "mqzhrtab",
    "MONGODB_ATLAS_PRIVATE_API_KEY": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6",
}
ENVIRONMENT = {"guide_audit.rst": OWNER, "guide_whole_organizations.rst": OWNER}
# The files that users save by the instructions of a text, with a line of their code blocks.
FILES = {
    ("README.md", "requirements.yml"): "type: git",
    ("guide_quick_start.rst", "report.yml"): "- name: Report the API keys of an organization",
    ("guide_emulator.rst", "my-orgs.yml"): "orgs:",
    ("guide_emulator.rst", "site.yml"): "- name: Show what happens if Atlas is busy",
}
# Texts whose commands install the collection themselves.
INSTALLING = {"README.md", "guide_quick_start.rst"}


def blocks(path: pathlib.Path, language: str) -> list[str]:
    """The code blocks of a text in a language."""
    text = path.read_text(encoding="utf-8")
    fenced = rf"(?m)^```{re.escape(language)}\n((?:.*\n)*?)```$"
    indented = rf"(?m)^\.\. code-block:: {re.escape(language)}\n\n((?:(?:    .*)?\n)+)"
    return [textwrap.dedent(code) for code in re.findall(fenced if path.suffix == ".md" else indented, text)]


def commands(path: pathlib.Path) -> list[str]:
    """All commands of a text, each with its further lines."""
    code = "".join(blocks(path, "console"))
    found = re.findall(r"(?m)^\$ ((?:.*\\\n)*.*)$", code)
    assert len(found) == len(re.findall(r"(?m)^\$", code)) > 0 or not code
    return found


def is_run(command: str) -> bool:
    # The guide says that ansible-core 2.16 cannot.
    if ansible.release.__version__.startswith("2.16.") and "encrypt_string --prompt" in command:
        return False
    return not command.startswith(tuple(NOT_RUN))


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a repository with the tracked files."""
    clone = tmp_path_factory.mktemp("repository")
    shutil.copytree(
        TREE, clone, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".git", "__pycache__", ".coverage*", "output")
    )
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    for command in (["init", "-b", "main"], ["add", "."], [*author, "commit", "-m", "Everything"]):
        subprocess.run(["git", *command], cwd=clone, check=True, capture_output=True)
    return clone.as_uri()


def type_in(script: pathlib.Path, environ: dict[str, str], answers: dict[str, str]) -> tuple[int, str]:
    """Run SCRIPT in a terminal, and answer its prompts. Its exit code and output."""
    output = io.StringIO()
    bash = pexpect.spawn(
        "bash", [str(script)], cwd=str(script.parent), env=environ, encoding="utf-8", timeout=300, dimensions=(50, 1000)
    )
    bash.logfile_read = output
    prompts = list(answers)
    while (number := bash.expect_exact([*prompts, pexpect.EOF])) < len(prompts):
        bash.sendline(answers[prompts[number]])
    bash.close()
    return bash.exitstatus, output.getvalue()


def write_script(home: pathlib.Path, text: pathlib.Path, repository: str) -> pathlib.Path:
    """A script with the commands of TEXT in HOME, with the files of its code blocks, and the collection."""
    for (name, file), line in FILES.items():
        if name == text.name:
            (code,) = (code for code in blocks(text, "yaml") + blocks(text, "yaml+jinja") if line in code)
            (home / file).write_text(code.replace("REPOSITORY", repository), encoding="utf-8")
    if text.name not in INSTALLING:
        collections = home / ".ansible" / "collections" / "ansible_collections" / "mongodb_atlas"
        collections.mkdir(parents=True)
        (collections / "admin").symlink_to(TREE)
    lines = [command.replace("REPOSITORY", repository) for command in commands(text) if is_run(command)]
    script = home / "commands.sh"
    script.write_text("\n".join(["set -e", *lines, ""]), encoding="utf-8")
    return script


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # of forkpty; the child starts bash at once
@pytest.mark.parametrize(
    "text",
    some([text for text in TEXTS if any(map(is_run, commands(text)))], TEXTS[0], GUIDES / "guide_authentication.rst"),
    ids=lambda text: text.name,
)
def test_commands_succeed(atlas: Atlas, shell: Shell, repository: str, text: pathlib.Path) -> None:
    script = write_script(shell.home, text, repository)
    environ = {name: value for name, value in shell.environ.items() if name != "ANSIBLE_COLLECTIONS_PATH"}
    environ |= {"MONGODB_ATLAS_BASE_URL": atlas.url, **ENVIRONMENT.get(text.name, {})}
    code, output = type_in(script, environ, ANSWERS.get(text.name, {}))
    assert code == 0, output
    assert not atlas.live_tokens()
    for encrypted in shell.home.rglob("*_vars/*.yml"):
        assert_encrypted(shell, encrypted)


def assert_encrypted(shell: Shell, path: pathlib.Path) -> None:
    """PATH has the private key as it was typed, encrypted, without a line break."""
    (shell.home / "password").write_text("vault-password")
    (name,) = re.findall(r"(?m)^(\w+): !vault", path.read_text(encoding="utf-8"))
    words = ["localhost", "-m", "ansible.builtin.debug", "-a", f"msg='{{{{ {name} | length }}}}'"]
    done = shell.run("ansible", *words, "-e", f"@{path}", "--vault-password-file", str(shell.home / "password"))
    assert int(done.result()["msg"]) == len(PAIR["Private key: "])


def test_every_exception_is_needed() -> None:
    found = [command for text in TEXTS for command in commands(text)]
    assert [start for start in NOT_RUN if not any(command.startswith(start) for command in found)] == []
