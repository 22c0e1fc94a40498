# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The edge: what a task returns, warns of and masks."""

from __future__ import annotations

import contextlib
import json
import typing as t

import pytest

from ansible.module_utils import basic
from pytest_httpserver import HTTPServer

from ansible_collections.mongodb_atlas.admin.plugins.module_utils import _module
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import organizations
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.identifiers import org_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import SHARED_OPTIONS

OPTIONS = {**SHARED_OPTIONS, "org_id": org_id()}
PARAMS = {
    **{option: spec.get("default") for option, spec in OPTIONS.items()},
    "access_token": "aa.bb.cc",
    "org_id": "a0123456789abcdef012345a",
}


def give_result(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"changed": False, "org": params["org_id"], "leak": f"<{params['access_token'] or ''}>"}


def refuse(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    client._session.warnings.append("Beware.")
    raise APIError("GET /x", 404, {"error": 404, "errorCode": "RESOURCE_NOT_FOUND"})


def never_reached(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    raise AssertionError


def test_result_and_secrets() -> None:
    outcome = _module.execute(OPTIONS, give_result, PARAMS, {})
    assert not outcome.failed
    assert outcome.result["org"] == PARAMS["org_id"]
    assert "aa.bb.cc" in outcome.secrets


def test_password_of_a_proxy_is_not_masked_in_results() -> None:
    outcome = _module.execute(OPTIONS, give_result, PARAMS, {"HTTPS_PROXY": "http://me:hunter2@proxy.example:3128"})
    assert "hunter2" not in outcome.secrets


def test_password_of_a_proxy_is_masked_in_messages_and_not_in_results() -> None:
    environ = {"HTTPS_PROXY": "http://svc:prod@proxy.example:3128"}

    def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
        client.warnings.append("via svc:prod@proxy.example")
        return {"desc": "production"}

    outcome = _module.execute(OPTIONS, run, PARAMS, environ)
    assert outcome.result == {"desc": "production"}
    assert outcome.warnings == ["via svc:********@proxy.example"]


def test_api_error_becomes_a_failure_with_its_details_and_warnings() -> None:
    outcome = _module.execute(OPTIONS, refuse, PARAMS, {})
    assert outcome.failed
    assert outcome.result["error_code"] == "RESOURCE_NOT_FOUND"
    assert outcome.result["msg"].startswith("Atlas refused GET /x: 404 RESOURCE_NOT_FOUND.")
    assert outcome.warnings == ["Beware."]


def test_failure_returns_what_was_changed_before() -> None:
    """With what is known of the error, for ``rescue``; and masked as any other text."""

    def run(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
        try:
            return refuse(client, params)
        except APIError as error:
            error.keep(changed=True, created=["a"])
            raise

    outcome = _module.execute(OPTIONS, run, PARAMS, {})
    assert (outcome.failed, outcome.result["error_code"]) == (True, "RESOURCE_NOT_FOUND")
    assert (outcome.result["changed"], outcome.result["created"]) == (True, ["a"])


@pytest.mark.parametrize("wrong", [{"org_id": "x"}, {"access_token": None}, {"base_url": "x"}, {"timeout": -1}])
def test_wrong_options_fail_before_anything_is_asked(wrong: dict[str, t.Any]) -> None:
    assert _module.execute(OPTIONS, never_reached, {**PARAMS, **wrong}, {}).failed


def test_waits_become_a_warning(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/api/atlas/v2/orgs").respond_with_json({}, status=503)
    httpserver.expect_ordered_request("/api/atlas/v2/orgs").respond_with_json({"results": [], "totalCount": 0})
    params = {**PARAMS, "base_url": httpserver.url_for("").rstrip("/")}
    outcome = _module.execute(
        OPTIONS, lambda client, params: {"orgs": organizations.list_all(client).items}, params, {}
    )
    assert outcome.result == {"orgs": []}
    assert len(outcome.warnings) == 1
    assert "waited 1 time(s), 0." in outcome.warnings[0]


def test_what_is_not_an_atlas_error_is_a_bug_and_not_hidden() -> None:
    with pytest.raises(AssertionError):
        _module.execute(OPTIONS, never_reached, PARAMS, {})


def run_main(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], run: _module.Run, args: dict[str, t.Any]
) -> dict[str, t.Any]:
    """What the module prints, as Ansible would run it."""
    internal = {"_ansible_check_mode": True, "_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}
    document = json.dumps({"ANSIBLE_MODULE_ARGS": {**args, **internal}}).encode()
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", document)
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    with contextlib.suppress(SystemExit):
        _module.main(OPTIONS, run)
    result = t.cast("dict[str, t.Any]", json.loads(capsys.readouterr().out))
    # From ansible-core 2.22 on a module returns the values of options that are no_log here. The controller removes it.
    result.pop("_ansible_new_secrets", None)
    return result


def test_main_masks_the_arguments_of_a_task_with_wrong_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = run_main(monkeypatch, capsys, never_reached, {"access_token": "aa.bb.cc", "timeout": "soon"})
    assert result["failed"] is True
    assert "aa.bb.cc" not in json.dumps(result)


def test_main_exits_with_the_result_and_masks_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    args = {"access_token": "aa.bb.cc", "org_id": PARAMS["org_id"]}
    result = run_main(monkeypatch, capsys, give_result, args)
    assert result["org"] == PARAMS["org_id"]
    assert result["changed"] is False
    assert "aa.bb.cc" not in json.dumps(result)


def test_main_masks_what_came_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def leak(client: AtlasClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
        raise AtlasError("as it is: env/to+ken, in a URL: env%2Fto%2Bken")

    monkeypatch.setenv("MONGODB_ATLAS_ACCESS_TOKEN", "env/to+ken")
    result = run_main(monkeypatch, capsys, leak, {"org_id": PARAMS["org_id"]})
    assert result["failed"] is True
    assert result["msg"] == "as it is: ********, in a URL: ********"


def test_main_fails_and_warns(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    warned: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda self, warning: warned.append(warning))
    args = {"access_token": "aa.bb.cc", "org_id": PARAMS["org_id"]}
    result = run_main(monkeypatch, capsys, refuse, args)
    assert result["failed"] is True
    assert result["status"] == 404
    assert warned == ["Beware."]
