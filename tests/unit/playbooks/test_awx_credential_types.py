# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential types: AWX accepts them as they are, and the modules read the variables that they set.

The behavior of AWX is that of its public source code: which types it accepts (awx/main/fields.py,
awx/api/serializers.py) and how it sets the environment of a job (awx/main/models/credential/__init__.py).
"""

from __future__ import annotations

import pathlib
import re
import typing as t

import jinja2
import jinja2.sandbox
import pytest
import yaml

from ansible.module_utils.errors import AnsibleFallbackNotFound

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.bearer import BearerToken
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.digest import DigestAuth
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.method import AuthMethod
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.select import select_auth
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.service_account import ServiceAccount
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules.org_api_key_info import ARGUMENT_SPEC

TREE = pathlib.Path(__file__).parents[3]
FILES = sorted((TREE / "playbooks" / "files" / "awx_credential_types").glob("*.yml"))
TYPES: dict[str, dict[str, t.Any]] = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}

# The auth method of each, and values that users fill in.
AUTH_METHODS: dict[str, type[AuthMethod]] = {
    "api_key": DigestAuth,
    "access_token": BearerToken,
    "service_account": ServiceAccount,
}
FILLED_IN = {
    "api_key": {"public_key": "gswvkocq", "private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977"},
    "access_token": {"access_token": "demo-live-token"},
    "service_account": {"client_id": "mdb_sa_id_0123456789abcdef01234567", "client_secret": "mdb_sa_sk_x{{y}}%7"},
}
MORE = {"org_id": "a0123456789abcdef012345a", "base_url": "https://cloud.example.com"}

NAME = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*")


def injected(name: str, inputs: dict[str, str]) -> dict[str, str]:
    """The environment of a job with such a credential: AWX omits empty fields, so their variables are empty."""
    sandbox = jinja2.sandbox.ImmutableSandboxedEnvironment()
    namespace = {field: value for field, value in inputs.items() if value}
    return {
        variable: sandbox.from_string(template).render(**namespace)
        for variable, template in TYPES[name]["injectors"]["env"].items()
    }


def option(name: str, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The value of the fallback of an option."""
    for variable in environ:
        monkeypatch.setenv(variable, environ[variable])
    fallback, names = ARGUMENT_SPEC[name]["fallback"]
    return t.cast(str, fallback(*names))


def test_each_auth_method_has_one() -> None:
    assert TYPES.keys() == AUTH_METHODS.keys() == FILLED_IN.keys()
    assert len({each["name"] for each in TYPES.values()}) == len(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_awx_accepts_the_type(name: str) -> None:
    assert TYPES[name].keys() == {"name", "description", "kind", "inputs", "injectors"}
    assert TYPES[name]["kind"] in ("cloud", "net")  # the kinds that users can create
    assert len(TYPES[name]["name"]) <= 512


@pytest.mark.parametrize("name", TYPES)
def test_awx_accepts_the_inputs(name: str) -> None:
    inputs = TYPES[name]["inputs"]
    assert inputs.keys() == {"fields", "required"}
    ids = [field["id"] for field in inputs["fields"]]
    assert len(set(ids)) == len(ids)
    assert set(inputs["required"]) < set(ids)
    for field in inputs["fields"]:
        assert NAME.fullmatch(field["id"])
        assert field["id"] not in ("tower", "awx")
        assert field["type"] == "string"
        # AWX has further keys, which are not for these fields; ask_at_runtime is not for types of users.
        assert field.keys() - {"secret"} == {"id", "label", "type", "help_text"}
        assert all(isinstance(field[key], str) for key in ("label", "help_text"))
        assert field.get("secret", True) is True


@pytest.mark.parametrize("name", TYPES)
def test_awx_accepts_the_injectors(name: str) -> None:
    assert TYPES[name]["injectors"].keys() == {"env"}
    strict = jinja2.sandbox.ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined)
    fields = {field["id"]: "EXAMPLE" for field in TYPES[name]["inputs"]["fields"]}
    for variable, template in TYPES[name]["injectors"]["env"].items():
        assert NAME.fullmatch(variable)
        assert variable.startswith("MONGODB_ATLAS_")  # AWX refuses ANSIBLE_… and its own variables, such as PATH
        assert template.isascii()
        assert strict.from_string(template).render(fields) == "EXAMPLE"


@pytest.mark.parametrize("name", TYPES)
def test_secrets_are_marked(name: str) -> None:
    marked = {field["id"] for field in TYPES[name]["inputs"]["fields"] if field.get("secret")}
    assert marked == {AUTH_METHODS[name].secret_option}
    assert marked == {field for field in FILLED_IN[name] if ARGUMENT_SPEC[field].get("no_log")}


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("rest", [{}, {"org_id": "", "base_url": ""}], ids=["left out", "empty"])
def test_credential_selects_the_auth_method_and_empty_fields_are_ignored(
    name: str, rest: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = injected(name, {**FILLED_IN[name], **rest})
    auth = select_auth({}, environ)
    assert isinstance(auth, AUTH_METHODS[name])
    assert auth.values == FILLED_IN[name]
    assert TYPES[name]["inputs"]["required"] == list(AUTH_METHODS[name].environment)
    for each in MORE:
        with pytest.raises(AnsibleFallbackNotFound):
            option(each, environ, monkeypatch)


@pytest.mark.parametrize("name", TYPES)
def test_organization_and_base_url_are_values_of_their_options(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = injected(name, {**FILLED_IN[name], **MORE})
    assert {each: option(each, environ, monkeypatch) for each in MORE} == MORE
    assert select_auth({}, environ).values == FILLED_IN[name]


@pytest.mark.parametrize("name", TYPES)
def test_empty_credential_is_an_error(name: str) -> None:
    with pytest.raises(UsageError, match="No credentials"):
        select_auth({}, injected(name, {}))
