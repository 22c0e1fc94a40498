# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Atlas accepts a write, and nothing can be read afterwards: the failed task says that it has changed something."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError
from ansible_collections.mongodb_atlas.admin.plugins.modules import (
    org_api_key,
    org_api_key_access_list,
    project_api_key,
)
from ansible_collections.mongodb_atlas.admin.tests.robustness.plausible_atlas import (
    DOES,
    EMPTY,
    ORG,
    PROJECT,
    REFUSED,
    PlausibleAtlas,
)


@pytest.fixture
def key(atlas: PlausibleAtlas, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the ID of a key of an organization that refuses to be read once it has accepted a write."""
    real = {"get": atlas.get, "list": atlas.list}

    def reading(method: str) -> t.Callable[..., t.Any]:
        def read(*segments: t.Any, **options: t.Any) -> t.Any:
            if atlas.writes():
                raise APIError("GET", 403, {"errorCode": "IP_ADDRESS_NOT_ON_ACCESS_LIST"})
            return real[method](*segments, **options)

        return read

    for method in real:
        monkeypatch.setattr(atlas, method, reading(method))
    return atlas.add_key("ci", "ORG_OWNER", entries=["10.0.0.0/8", "172.16.0.0/12"], project_roles=["GROUP_OWNER"])


@pytest.mark.parametrize(
    ("module", "options"),
    [
        (org_api_key, {"org_id": ORG, "state": "absent"}),
        (org_api_key, {"org_id": ORG, "desc": "new"}),
        (org_api_key_access_list, {"org_id": ORG, "entries": ["192.0.2.1"], "purge": True}),
        (org_api_key_access_list, {"org_id": ORG, "entries": ["10.0.0.0/8"], "state": "absent"}),
        (project_api_key, {"project_id": PROJECT, "roles": ["GROUP_READ_ONLY"]}),
        (project_api_key, {"project_id": PROJECT, "state": "absent"}),
    ],
)
def test_accepted_and_unreadable(atlas: PlausibleAtlas, key: str, module: t.Any, options: dict[str, t.Any]) -> None:
    result = atlas.run(module, api_user_id=key, **options)
    assert (result["failed"], result["changed"], result["status"]) == (True, True, 403)
    assert "Atlas has accepted the change before" in result["msg"]


def test_refused_and_unreadable(atlas: PlausibleAtlas, key: str) -> None:
    atlas.outcome = lambda _request: REFUSED
    result = atlas.run(org_api_key, api_user_id=key, org_id=ORG, desc="new")
    assert (result["failed"], result["changed"]) == (True, False)
    assert "accepted" not in result["msg"]


def test_creation_that_is_undone_has_changed_nothing(atlas: PlausibleAtlas, monkeypatch: pytest.MonkeyPatch) -> None:
    real = atlas.list

    def read(*segments: t.Any, **options: t.Any) -> t.Any:
        if segments[-1] == "accessList":
            raise APIError("GET", 503, {})
        return real(*segments, **options)

    monkeypatch.setattr(atlas, "list", read)
    atlas.outcome = lambda request: EMPTY if request.endswith("accessList") else DOES
    new = {"desc": "ci", "roles": ["ORG_MEMBER"], "return_secret": True, "access_list": ["192.0.2.1"]}
    result = atlas.run(org_api_key, org_id=ORG, **new)
    assert (result["failed"], result["changed"], atlas.keys) == (True, False, {})
    assert "was deleted again" in result["msg"]
