# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import access_token

ABSENT = {"state": "absent", "access_token": "aa.bb.cc"}


@pytest.fixture(autouse=True)
def _responses(client: t.Any) -> None:
    minted = {"access_token": "aa.bb.cc", "token_type": "Bearer", "expires_in": 3600, "scope": "not returned"}
    client.responses = {"mint": minted, "revoke aa.bb.cc": None}


def test_mint(client: t.Any) -> None:
    result = client.run(access_token)
    assert client.requests == ["mint"]
    assert result.pop("expires_at").endswith("Z")
    assert result == {
        "changed": True,
        "msg": f"Minted a token of the service account {client.client_id}.",
        "client_id": client.client_id,
        "access_token": "aa.bb.cc",
        "token_type": "Bearer",
        "expires_in": 3600,
        "diff": result["diff"],
    }
    assert "aa.bb.cc" not in str(result["diff"])


@pytest.mark.parametrize("expires_in", [None, "soon", [], 1e300, float("inf"), -1])
def test_lifetime_that_is_missing_or_makes_no_sense(client: t.Any, expires_in: t.Any) -> None:
    client.responses["mint"] = {"access_token": "aa.bb.cc", "expires_in": expires_in}
    assert not {"expires_in", "expires_at", "token_type"} & client.run(access_token).keys()


def test_revoke(client: t.Any) -> None:
    result = client.run(access_token, **ABSENT)
    assert result["msg"] == f"Revoked a token of the service account {client.client_id}."
    assert client.requests == ["revoke aa.bb.cc"]


@pytest.mark.parametrize(
    ("options", "message"), [({}, "Would mint a token of"), (ABSENT, "Would revoke a token of")], ids=["mint", "revoke"]
)
def test_check_mode_sends_nothing(client: t.Any, options: dict[str, t.Any], message: str) -> None:
    result = client.run(access_token, check_mode=True, **options)
    assert result["msg"] == f"{message} the service account {client.client_id}."
    assert result["changed"] is True
    assert client.requests == []


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("wrong", [{**ABSENT, "state": "present"}, {**ABSENT, "access_token": ""}])
def test_token_in_the_wrong_place(client: t.Any, check_mode: bool, wrong: dict[str, t.Any]) -> None:
    with pytest.raises(UsageError, match="access_token is"):
        client.run(access_token, check_mode=check_mode, **wrong)
    assert client.requests == []
