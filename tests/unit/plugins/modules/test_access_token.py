# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a client that is none."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import access_token

ABSENT = {"state": "absent", "access_token": "aa.bb.cc"}
PRESENT = {"state": "present", "access_token": None}


class FakeClient:
    """A service account that notes what it is asked for."""

    client_id = "mdb_sa_id_0"

    def __init__(self, **answer: t.Any) -> None:
        self.answer = {"access_token": "aa.bb.cc", **answer}
        self.asked: list[str] = []

    def mint_token(self) -> dict[str, t.Any]:
        self.asked.append("mint")
        return self.answer

    def revoke_token(self, token: str) -> None:
        self.asked.append(f"revoke {token}")


def run(client: FakeClient, params: dict[str, t.Any]) -> dict[str, t.Any]:
    return access_token.run(t.cast(t.Any, client), params)


def test_mint() -> None:
    client = FakeClient(token_type="Bearer", expires_in=3600, scope="not ours to show")
    result = run(client, PRESENT)
    assert client.asked == ["mint"]
    assert result.pop("expires_at").endswith("Z")
    assert result == {
        "changed": True,
        "msg": "Minted a token for the service account mdb_sa_id_0.",
        "client_id": "mdb_sa_id_0",
        "access_token": "aa.bb.cc",
        "token_type": "Bearer",
        "expires_in": 3600,
    }


@pytest.mark.parametrize("expires_in", [None, "soon", [], 1e300, float("inf")])
def test_lifetime_that_is_not_said_or_makes_no_sense(expires_in: t.Any) -> None:
    result = run(FakeClient(expires_in=expires_in), PRESENT)
    assert not {"expires_in", "expires_at", "token_type"} & result.keys()


def test_revoke() -> None:
    client = FakeClient()
    assert run(client, ABSENT)["msg"] == "Revoked a token of the service account mdb_sa_id_0."
    assert client.asked == ["revoke aa.bb.cc"]


@pytest.mark.parametrize(("params", "says"), [(PRESENT, "Would mint a token for"), (ABSENT, "Would revoke a token of")])
def test_check_mode_only_says(params: dict[str, t.Any], says: str) -> None:
    client = FakeClient()
    result = access_token.foresee(t.cast(t.Any, client), params)
    assert result["msg"] == f"{says} the service account mdb_sa_id_0."
    assert result["changed"] is True
    assert client.asked == []


@pytest.mark.parametrize("do", [access_token.run, access_token.foresee])
@pytest.mark.parametrize("wrong", [{**ABSENT, "state": "present"}, {**ABSENT, "access_token": ""}])
def test_token_in_the_wrong_place(do: t.Any, wrong: dict[str, t.Any]) -> None:
    client = FakeClient()
    with pytest.raises(UsageError, match="access_token is"):
        do(client, wrong)
    assert client.asked == []
