# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Environment variables: the code, its documentation, the guides and the credential types have the same ones."""

from __future__ import annotations

import ast
import collections
import contextlib
import importlib
import os
import pathlib
import re
import ssl
import typing as t

import pytest
import trustme
import yaml

from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.select import AUTH_METHODS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.transport import Request, Transport

TREE = pathlib.Path(__file__).parents[3]
GUIDES = TREE / "docs" / "docsite" / "rst"
AUTHENTICATION = (GUIDES / "guide_authentication.rst").read_text(encoding="utf-8")
AWX = (GUIDES / "guide_awx.rst").read_text(encoding="utf-8")

OURS = re.compile(r"\bMONGODB_[A-Z_]*[A-Z]\b")

# The second names of the same options. A credential type needs only one.
SPELLINGS = {"MONGODB_ATLAS_PUBLIC_KEY", "MONGODB_ATLAS_PRIVATE_KEY"}

# The variables that requests and Python read when a request is sent. A proxy's is recognized by the end of its name.
PROXIES = {"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"}
OTHERS = {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE"}
CGI = {"REQUEST_METHOD"}  # if it is set, Python ignores HTTP_PROXY, which may be a header of a request


def fallbacks() -> set[str]:
    """The variables that options of modules fall back to."""
    names = set()
    for path in (TREE / "plugins" / "modules").glob("*.py"):
        module = importlib.import_module(f"ansible_collections.mongodb_atlas.admin.plugins.modules.{path.stem}")
        for option in getattr(module, "ARGUMENT_SPEC", {}).values():
            names.update(option["fallback"][1] if "fallback" in option else [])
    return names


READ = fallbacks() | {name for method in AUTH_METHODS for names in method.environment.values() for name in names}


def injected() -> set[str]:
    """The variables that credential types set."""
    files = (TREE / "playbooks" / "files" / "awx_credential_types").glob("*.yml")
    return {name for path in files for name in yaml.safe_load(path.read_text(encoding="utf-8"))["injectors"]["env"]}


def sources(*kinds: str) -> list[pathlib.Path]:
    """The files of plugins, playbooks and roles."""
    folders = [TREE / folder for folder in ("plugins", "playbooks", "roles")]
    return [path for folder in folders for kind in kinds for path in sorted(folder.rglob(f"*.{kind}"))]


def test_every_variable_is_in_a_credential_type_or_a_second_spelling() -> None:
    assert injected() | SPELLINGS == READ
    assert not injected() & SPELLINGS


def test_sources_name_no_other_variable() -> None:
    """Plugins, playbooks and roles name no variable that is missing in the tables of the code."""
    named = {name for path in sources("py", "yml") for name in OURS.findall(path.read_text(encoding="utf-8"))}
    assert named == READ


def test_environment_is_read_in_three_places() -> None:
    """By the fallbacks of options, by the edge, which passes it on, and for advice about a variable of requests."""
    readers = set()
    for path in sources("py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            imported = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
            used = {node.attr} if isinstance(node, ast.Attribute) else set()
            if {"environ", "environb", "getenv", "getenvb"} & (imported | used):
                readers.add(path.name)
    assert readers == {"shared.py", "_module.py", "failures.py"}


def test_guide_on_authentication_describes_each() -> None:
    entries = re.findall(r"(?m)^\.\. envvar:: (\w+)\n((?: {12}\w+\n)*)", AUTHENTICATION)
    assert sorted(name for first, more in entries for name in (first, *more.split())) == sorted(READ)
    assert set(OURS.findall(AUTHENTICATION)) == READ
    config = yaml.safe_load((TREE / "docs" / "docsite" / "config.yml").read_text(encoding="utf-8"))
    assert set(config["envvar_directives"]) == READ


def test_guide_on_awx_names_what_credential_types_set() -> None:
    assert set(OURS.findall(AWX)) == injected()


def test_guide_on_authentication_names_what_requests_reads() -> None:
    section = AUTHENTICATION.partition("Other environment variables\n")[2].partition(".. _")[0]
    section = section.partition("Set credentials once in a play\n")[0]
    assert set(re.findall(r"``([A-Z_]+)``", section)) == PROXIES | OTHERS


class Recorded(collections.UserDict[str, str]):
    """An environment that records which variables are read."""

    def __init__(self, environ: t.Mapping[str, str]) -> None:
        self.read: set[str] = set()
        super().__init__(environ)

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.read.add(str(name))
        return super().__contains__(name)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> t.Iterator[HTTPServer]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    with HTTPServer(ssl_context=context) as server:
        server.expect_request("/").respond_with_json({})
        yield server


@pytest.mark.parametrize("bundle", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_requests_reads_what_is_described_and_nothing_else(
    bundle: str, server: HTTPServer, authority: trustme.CA, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
    environ = Recorded({**kept, "NO_PROXY": "localhost", bundle: str(tmp_path / "ca.pem")})
    monkeypatch.setattr(os, "environ", environ)
    transport = Transport(server.url_for("").rstrip("/"), 10, 0, verify=True)
    request = Request("GET", "/", lambda: contextlib.nullcontext(lambda prepared: prepared), {}, idempotent=True)
    assert transport.send(request).status == 200  # it trusts the authority of the bundle
    transport.close()
    assert {name.upper() for name in environ.read} - CGI <= PROXIES | OTHERS
    assert "NO_PROXY" in environ.read
