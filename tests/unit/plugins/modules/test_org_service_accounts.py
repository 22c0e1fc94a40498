# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What differs from many API keys, with a fake client. The rest is the same code."""

from __future__ import annotations

import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_service_accounts

ORG = "a0123456789abcdef012345a"
IDS = [f"mdb_sa_id_6a793f752c88faeba59bba{number}" for number in (49, 50, 51)]
ACCOUNTS, SETTINGS = f"/orgs/{ORG}/serviceAccounts", f"/orgs/{ORG}/settings"
SECRET = "mdb_sa_sk_0123456789abcdef"
SPEC = org_service_accounts.ARGUMENT_SPEC["service_accounts"]["options"]


def account(number: int, name: str, description: str = "x", **fields: t.Any) -> dict[str, t.Any]:
    return {"clientId": IDS[number], "name": name, "description": description, "roles": ["ORG_MEMBER"], **fields}


def item(name: str, **options: t.Any) -> dict[str, t.Any]:
    defaults = {option: spec.get("default") for option, spec in SPEC.items()}
    return {**defaults, "name": name, "description": "x", "roles": ["ORG_MEMBER"], **options}


@pytest.fixture(autouse=True)
def _responses(client: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "LOOK_AGAIN_AFTER", 0)
    state = {0: account(0, "ci-old"), 1: account(1, "ci-kept", "old")}

    def create() -> dict[str, t.Any]:
        state[2] = account(2, "ci-new")
        secret = {"id": "6a793f752c88faeba59bba60", "secret": SECRET}
        return {**state[2], "secrets": [] if "withoutInitialSecret" in client.bodies[f"POST {ACCOUNTS}"] else [secret]}

    def update() -> dict[str, t.Any]:
        state[1] = account(1, "ci-kept")
        return state[1]

    client.responses = {
        ACCOUNTS: lambda: list(state.values()),
        SETTINGS: {"maxServiceAccountSecretValidityInHours": 8760},
        **{f"{ACCOUNTS}/{each}": lambda number=number: state[number] for number, each in enumerate(IDS)},
        f"POST {ACCOUNTS}": create,
        f"PATCH {ACCOUNTS}/{IDS[1]}": update,
        f"DELETE {ACCOUNTS}/{IDS[0]}": lambda: state.pop(0),
    }


def run(client: t.Any, check_mode: bool, items: list[dict[str, t.Any]], **options: t.Any) -> dict[str, t.Any]:
    given = {"org_id": ORG, "service_accounts": items, **options}
    return t.cast("dict[str, t.Any]", client.run(org_service_accounts, check_mode=check_mode, **given))


@pytest.mark.parametrize("check_mode", [True, False])
def test_applied(client: t.Any, check_mode: bool, tmp_path: pathlib.Path) -> None:
    new = item("ci-new", secret_expires_after_hours=100, secret_file=f"{tmp_path}/new")
    result = run(client, check_mode, [new, item("ci-kept", secret_file=str(tmp_path))], purge=True, purge_prefix="ci-")
    assert (result["created"], result["updated"]) == (["ci-new"], ["ci-kept"])
    assert result["deleted_service_account_ids"] == [IDS[0]]
    assert [each["name"] for each in result["service_accounts"]] == ["ci-new", "ci-kept"]
    assert SECRET not in str(result)
    writes = [request for request in client.requests if " " in request]
    made = [f"POST {ACCOUNTS}", f"PATCH {ACCOUNTS}/{IDS[1]}", f"DELETE {ACCOUNTS}/{IDS[0]}"]
    assert writes == ([] if check_mode else made)
    assert (tmp_path / "new").exists() is not check_mode


def test_account_without_a_secret_needs_no_place_for_one(client: t.Any) -> None:
    result = run(client, False, [item("ci-new", without_secret=True)])
    assert result["created"] == ["ci-new"]
    assert SETTINGS not in client.requests


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"name": "ci/new", "secret_file": "x"}, r"service_accounts\[0\] .*character 3 is '/'"),
        ({"secret_expires_after_hours": 7, "secret_file": "x"}, "it must be from 8 to 8760"),
        ({"secret_expires_after_hours": 100}, "would be lost: give secret_file"),
        ({"without_secret": True, "secret_file": "x"}, "secret_file is given, and without_secret is true"),
    ],
)
def test_refused_before_anything_is_sent(client: t.Any, options: dict[str, t.Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        run(client, False, [{**item("ci-new"), **options}])
    assert not client.requests


def test_settings_are_read_once(client: t.Any, tmp_path: pathlib.Path) -> None:
    items = [item(f"new {each}", secret_expires_after_hours=100, secret_file=f"{tmp_path}/{each}") for each in range(3)]
    run(client, True, items)
    assert client.requests == [ACCOUNTS, SETTINGS]
