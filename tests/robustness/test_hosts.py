# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts where something is missing, broken, forbidden or replaced."""

from __future__ import annotations

import json
import pathlib
import sys
import typing as t

import ansible_mitogen
import pytest
import yaml

from atlas_like import AUTH_METHODS, MINTED, ORG, ask, behave
from harness import Finished, Shell, some
from raw_server import RawServer

READ: dict[str, t.Any] = {"mongodb_atlas.admin.org_api_key_info": {"org_id": ORG}}


def play(*tasks: dict[str, t.Any], **keywords: t.Any) -> str:
    return yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": list(tasks), **keywords}])


def run(shell: Shell, server: RawServer, text: str, *flags: str, auth: str = "bearer", **environ: str) -> Finished:
    """Run a playbook with the credentials of an auth method as module_defaults."""
    (given,) = yaml.safe_load(text)
    given["module_defaults"] = {"group/mongodb_atlas.admin.atlas": {**AUTH_METHODS[auth], "base_url": server.url}}
    return shell.playbook(yaml.safe_dump([given]), *flags, **environ)


# Libraries that raise when they are imported: what the file requests/__init__.py or urllib3/__init__.py holds.
BROKEN: dict[str, tuple[str, str, str]] = {
    "requests that raises AttributeError": (
        "requests",
        "raise AttributeError('module has no attribute X509_V_FLAG')",
        "AttributeError: module has no attribute X509_V_FLAG",
    ),
    "urllib3 that raises ImportError with a text": (
        "urllib3",
        "raise ImportError('first line\\nurllib3 v2 only supports OpenSSL 1.1.1+')",
        "ImportError: urllib3 v2 only supports OpenSSL 1.1.1+",
    ),
    "requests that exits": ("requests", "raise SystemExit(3)", "SystemExit: 3"),
    "requests with a syntax error": ("requests", "def", "SyntaxError: "),
    "requests that is not there": (
        "requests",
        "raise ModuleNotFoundError(\"No module named 'requests'\", name='requests')",
        "Failed to import the required Python library (requests)",
    ),
}


@pytest.mark.parametrize("fault", some(BROKEN, "requests that exits", "requests that is not there"))
def test_broken_library_ends_a_task_and_not_the_run(
    fault: str, shell: Shell, happened: t.Callable[[str, str], None]
) -> None:
    library, code, says = BROKEN[fault]
    package = shell.home / "broken" / library
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(code + "\n")
    sound = shell.home / "sound"
    sound.write_text(f'#!/bin/sh\nunset PYTHONPATH\nexec {sys.executable} "$@"\n')
    sound.chmod(0o700)
    delegated = {**READ, "delegate_to": "other", "vars": {"ansible_connection": "local"}}
    add = {"ansible.builtin.add_host": {"name": "other", "ansible_python_interpreter": str(sound)}}
    rescued = {"ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}, "name": "rescued"}
    always = {"ansible.builtin.debug": {"msg": "always runs"}}
    block = {"block": [READ], "rescue": [rescued], "always": [always]}
    with RawServer(behave) as server:
        done = run(shell, server, play(block, add, delegated), PYTHONPATH=str(package.parent))
        assert len(server.asked) == 1  # from the host where the library is sound
    assert done.code == 0, done.output
    assert says in done.shown("rescued")
    assert "always runs" in done.output
    assert "Unexpected Exception" not in done.output
    assert "Traceback" not in done.output
    happened(fault, "fails: the last line of the reason; rescue, always and other hosts work")


# What a host in FIPS mode does to hashlib, as a file that Python reads at its start.
FIPS = """
import hashlib
md5 = hashlib.md5
def refuse(data=b"", *, usedforsecurity=True):
    if usedforsecurity or {always}:
        raise ValueError("[digital envelope routines] unsupported")
    return md5(data, usedforsecurity=False)
hashlib.md5 = refuse
"""


@pytest.mark.parametrize("always", [False, True], ids=["marked MD5 allowed", "no MD5"])
@pytest.mark.parametrize("in_process", some(["true", "false"], "true"))
def test_fips_mode(in_process: str, always: bool, shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    (shell.home / "sitecustomize.py").write_text(FIPS.format(always=always))
    flags = ("-e", f"mongodb_atlas_admin_in_process={in_process}")
    with RawServer(behave) as server:
        done = run(shell, server, play(READ), *flags, auth="digest", PYTHONPATH=str(shell.home))
    assert "Traceback" not in done.output
    if always:
        assert done.code == 2, done.output
        assert "This host does not allow MD5" in done.text
        assert "Use a service account" in done.text
        happened("a host that refuses MD5 altogether", "fails: …Use a service account…")
    else:
        assert done.code == 0, done.output
        happened("a host in FIPS mode, for digest", "succeeds: MD5 is marked as not for security")


@pytest.mark.parametrize("error", [ValueError, RuntimeError, KeyError, TypeError, AssertionError])
def test_no_exception_escapes_from_authenticating(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, happened: t.Callable[[str, str], None]
) -> None:
    import requests.auth

    def broken(*_args: object) -> t.NoReturn:
        raise error("broken")

    monkeypatch.setattr(requests.auth.hashlib, "sha1", broken)  # what requests makes its own nonce with
    with RawServer(behave) as server:
        outcome = ask(server, "digest")
    assert outcome.failed
    assert "cannot be answered" in outcome.result["msg"]
    happened("an exception in computing a digest", "fails: …cannot be answered…")


def mitogen() -> dict[str, str]:
    folder = pathlib.Path(ansible_mitogen.__file__).parent / "plugins" / "strategy"
    return {"ANSIBLE_STRATEGY_PLUGINS": str(folder), "ANSIBLE_STRATEGY": "mitogen_linear"}


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "not registered"])
def test_mitogen_does_not_show_a_token(registered: bool, shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    """It replaces ``_execute_module`` of every action plugin."""
    mint: dict[str, t.Any] = {"mongodb_atlas.admin.access_token": {}, **({"register": "minted"} if registered else {})}
    use = {"ansible.builtin.debug": {"msg": "{{ minted.access_token | length }} characters"}, "name": "length"}
    text = play(mint, *([use] if registered else []))
    with RawServer(behave) as server:
        done = run(shell, server, text, "-vvv", auth="service account", **mitogen())
        minted = [asked for asked in server.asked if asked.path.endswith("/token")]
    assert MINTED not in done.output
    assert json.dumps(MINTED)[1:-1] not in done.output
    assert "mitogen" in done.output.lower()
    if registered:
        assert done.code == 0, done.output
        assert f"{len(MINTED)} characters" in done.output
        assert len(minted) == 1
        happened("a token that is minted with Mitogen", "succeeds: registered and not shown")
    else:
        assert done.code == 2, done.output
        assert not minted
        happened("a token that is minted with Mitogen and not registered", "fails before anything is sent")


# A callback plugin that makes the collection, and nothing else, believe that the controller is a Mac.
DARWIN = """
import sys
import types
from ansible.plugins.callback import CallbackBase

class CallbackModule(CallbackBase):
    CALLBACK_NAME = "darwin"

    def v2_playbook_on_task_start(self, task, is_conditional):
        from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._execution import in_process
        in_process.sys = types.SimpleNamespace(**{**vars(sys), "platform": "darwin"})
"""


@pytest.mark.parametrize(("wanted", "mode"), [(None, "runs as an ordinary module"), ("true", "runs in process")])
def test_macos(wanted: str | None, mode: str, shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    """There a forked process that asks the system for its proxies may be killed."""
    (shell.home / "darwin.py").write_text(DARWIN)
    flags = ("-vvv", *(("-e", f"mongodb_atlas_admin_in_process={wanted}") if wanted else ()))
    with RawServer(behave) as server:
        done = run(shell, server, play(READ), *flags, ANSIBLE_CALLBACK_PLUGINS=str(shell.home))
    assert done.code == 0, done.output
    assert mode in done.output
    assert ("not the default on macOS" in done.output) == (wanted is None)
    happened("a controller with macOS", "succeeds as an ordinary module, and in process if it is asked for")


def test_environment_does_not_choose_another_python(shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    """With ``auto`` Ansible would find the Python of the system, where requests may be missing."""
    decoy = shell.home / "bin"
    decoy.mkdir()
    for name in ("python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9"):
        (decoy / name).write_text("#!/bin/sh\nexit 7\n")
        (decoy / name).chmod(0o700)
    task = {**READ, "environment": {"PATH": f"{decoy}:/usr/bin:/bin"}}
    with RawServer(behave) as server:
        done = run(shell, server, play(task), "-vvv")
    assert done.code == 0, done.output
    assert "environment is set" in done.output
    assert sys.executable in done.output
    happened("environment on a task, with the interpreter auto", "succeeds: the controller's Python is used")


def test_warning_of_requests_is_not_printed(shell: Shell, happened: t.Callable[[str, str], None]) -> None:
    (shell.home / "chardet").mkdir()
    (shell.home / "chardet" / "__init__.py").write_text("__version__ = '99.0.0'\n")
    for in_process in ("true", "false"):
        with RawServer(behave) as server:
            flags = ("-e", f"mongodb_atlas_admin_in_process={in_process}")
            done = run(shell, server, play(READ), *flags, PYTHONPATH=str(shell.home))
        assert done.code == 0, done.output
        assert "RequestsDependencyWarning" not in done.output
    happened("RequestsDependencyWarning", "succeeds: nothing is printed")


def test_socks_proxy_without_pysocks(monkeypatch: pytest.MonkeyPatch, happened: t.Callable[[str, str], None]) -> None:
    import requests.adapters

    def missing(*_args: object, **_kwargs: object) -> t.NoReturn:
        raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")

    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", missing)
    monkeypatch.setenv("HTTPS_PROXY", "socks5h://127.0.0.1:9")
    with RawServer(behave) as server:
        outcome = ask(server, "bearer", base_url="https://127.0.0.1:9")
    assert "HTTPS_PROXY" in outcome.result["msg"]
    assert "install PySocks" in outcome.result["msg"]
    happened("a SOCKS proxy without PySocks", "fails: …HTTPS_PROXY…install PySocks…")


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_bundle_that_does_not_exist(
    variable: str, monkeypatch: pytest.MonkeyPatch, happened: t.Callable[[str, str], None]
) -> None:
    monkeypatch.setenv(variable, "/nowhere/ca.pem")
    with RawServer(behave) as server:
        outcome = ask(server, "bearer", base_url="https://127.0.0.1:9")
    assert f"The environment variable {variable} names it" in outcome.result["msg"], outcome.result
    assert "unset it, or give ca_path" in outcome.result["msg"]
    happened("a bundle of certificates in the environment that does not exist", "fails: …names it…give ca_path…")


@pytest.mark.parametrize("identifier", ["12345678901234567890123", "44505", "0"])
def test_number_as_an_identifier(identifier: str, happened: t.Callable[[str, str], None]) -> None:
    with RawServer(behave) as server:
        outcome = ask(server, "bearer", org_id=identifier)
        assert not server.asked
    assert "Quote it in YAML" in outcome.result["msg"]
    happened("an ID of digits alone and of a wrong length", "fails before anything is sent: …Quote it in YAML…")
