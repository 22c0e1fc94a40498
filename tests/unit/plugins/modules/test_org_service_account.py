# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_service_account

ORG, ID, OTHER = "a0123456789abcdef012345a", "mdb_sa_id_6a793f752c88faeba59bba49", "mdb_sa_id_6a793f752c88faeba59bba50"
ACCOUNTS = f"/orgs/{ORG}/serviceAccounts"
ACCOUNT, SETTINGS = f"{ACCOUNTS}/{ID}", f"/orgs/{ORG}/settings"
SECRET_ID, SECRET = "6a793f752c88faeba59bba60", "mdb_sa_sk_0123456789abcdef"
CI = {
    "clientId": ID,
    "createdAt": "2026-08-10T03:02:57Z",
    "name": "ci",
    "description": "Deploys",
    "roles": ["ORG_MEMBER"],
    "secrets": [{"id": SECRET_ID, "createdAt": "2026-08-10T03:02:57Z", "expiresAt": "2026-11-08T03:02:57Z"}],
}
CREATED = {**CI, "secrets": [{**CI["secrets"][0], "secret": SECRET}]}  # type: ignore[index]
NEW = {"name": "ci", "description": "Deploys", "roles": ["ORG_MEMBER"], "secret_expires_after_hours": 2160}
EMPTY = {**CI, "secrets": []}
BARE = {"name": "ci", "description": "Deploys", "roles": ["ORG_MEMBER"], "without_secret": True}


@pytest.fixture(autouse=True)
def _responses(client: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change, "LOOK_AGAIN_AFTER", 0)
    client.responses = {
        ACCOUNTS: [],
        ACCOUNT: CI,
        SETTINGS: {"maxServiceAccountSecretValidityInHours": 8760},
        f"POST {ACCOUNTS}": create(client, CREATED, CI),
        f"POST {ACCOUNT}/accessList": {"results": [{"cidrBlock": "192.0.2.0/24"}]},
        f"PATCH {ACCOUNT}": CI,
        f"DELETE {ACCOUNT}": {},
        f"DELETE {ACCOUNT}/secrets/{SECRET_ID}": {},
    }


def create(client: t.Any, response: dict[str, t.Any], account: dict[str, t.Any]) -> t.Callable[[], dict[str, t.Any]]:
    """Return what answers a creation: after it, the organization has an account."""

    def answer() -> dict[str, t.Any]:
        client.responses.update({ACCOUNTS: [account], ACCOUNT: account})
        return response

    return answer


def run(client: t.Any, check_mode: bool = False, **options: t.Any) -> dict[str, t.Any]:
    return t.cast("dict[str, t.Any]", client.run(org_service_account, check_mode=check_mode, org_id=ORG, **options))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"state": "absent"}, "Neither service_account_id nor name"),
        ({**NEW, "name": "ci/deploy (prod)", "return_secret": True}, "name is .* character 3 is '/'"),
        ({**NEW, "name": "x" * 65, "return_secret": True}, "name is 65 characters long; it must be 1 to 64"),
        ({**NEW, "description": "a@b", "return_secret": True}, "description is 'a@b'; character 2 is '@'"),
        ({**NEW, "description": "x" * 251, "return_secret": True}, "description is 251 characters long"),
        ({**NEW, "secret_expires_after_hours": 7, "return_secret": True}, "is 7; it must be from 8 to 8760 hours"),
        ({**NEW, "secret_expires_after_hours": 8761, "return_secret": True}, "is 8761; it must be from 8 to 8760"),
        (NEW, "The client secret of a new service account would be lost: give secret_file, or return_secret: true"),
        ({**BARE, "secret_expires_after_hours": 8}, "secret_expires_after_hours is given, and without_secret is true"),
        ({**BARE, "return_secret": True}, "return_secret is given, and without_secret is true"),
        ({**BARE, "secret_file": "/tmp/x"}, "secret_file is given, and without_secret is true"),
    ],
)
def test_refused_before_anything_is_sent(client: t.Any, options: dict[str, t.Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        run(client, **options)
    assert not client.requests


@pytest.mark.parametrize("check_mode", [True, False])
@pytest.mark.parametrize(
    ("missing", "problem"),
    [
        ("roles", "To create one, give roles"),
        ("description", "To create one, give description"),
        ("secret_expires_after_hours", "give secret_expires_after_hours, or without_secret: true"),
    ],
)
def test_what_a_creation_needs(client: t.Any, missing: str, problem: str, check_mode: bool) -> None:
    options = {option: value for option, value in NEW.items() if option != missing}
    with pytest.raises(UsageError, match=problem):
        run(client, check_mode, **options, return_secret=True)
    assert client.requests == [ACCOUNTS]


def test_created_account_is_restricted_before_its_secret_is_delivered(client: t.Any, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "secret.json"

    def add() -> dict[str, t.Any]:
        assert not file.exists()
        return {"results": [{"cidrBlock": "192.0.2.0/24"}]}

    client.responses[f"POST {ACCOUNT}/accessList"] = add
    result = run(client, **NEW, access_list=["192.0.2.0/24"], secret_file=str(file))
    assert client.requests == [ACCOUNTS, SETTINGS, f"POST {ACCOUNTS}", f"POST {ACCOUNT}/accessList", ACCOUNTS]
    assert client.bodies[f"POST {ACCOUNTS}"] == {
        "name": "ci",
        "description": "Deploys",
        "roles": ["ORG_MEMBER"],
        "secretExpiresAfterHours": 2160,
    }
    assert json.loads(file.read_text()) == {
        "kind": "service_account",
        "org_id": ORG,
        "client_id": ID,
        "client_secret": SECRET,
        "secret_id": SECRET_ID,
        "secret_expires_at": "2026-11-08T03:02:57Z",
        "name": "ci",
        "created_at": "2026-08-10T03:02:57Z",
    }
    assert (result["secret_id"], result["secret_expires_at"]) == (SECRET_ID, "2026-11-08T03:02:57Z")
    assert result["service_account"]["role_assignments"] == [{"org_id": ORG, "role_name": "ORG_MEMBER"}]
    assert SECRET not in str(result)


def test_secret_in_the_format_of_an_environment(client: t.Any, tmp_path: pathlib.Path) -> None:
    run(client, **NEW, secret_file=f"{tmp_path}/env", secret_format="env")
    assert (tmp_path / "env").read_text() == (
        f"MONGODB_ATLAS_CLIENT_ID={ID}\nMONGODB_ATLAS_CLIENT_SECRET={SECRET}\nMONGODB_ATLAS_ORG_ID={ORG}\n"
    )


def test_returned_secret_is_in_one_field_only(client: t.Any) -> None:
    result = run(client, **NEW, return_secret=True)
    assert result.pop("client_secret") == SECRET
    assert SECRET not in str(result)


def test_check_mode_only_reads(client: t.Any) -> None:
    result = run(client, check_mode=True, **NEW, return_secret=True)
    assert result["changed"]
    assert client.requests == [ACCOUNTS, SETTINGS]
    assert "client_secret" not in result


def test_maximum_of_the_organization(client: t.Any) -> None:
    client.responses[SETTINGS] = {"maxServiceAccountSecretValidityInHours": 2159}
    with pytest.raises(UsageError, match="is 2160; the organization allows at most 2159 hours"):
        run(client, **NEW, return_secret=True)
    assert client.requests == [ACCOUNTS, SETTINGS]


def test_settings_that_may_not_be_read_are_for_atlas_to_judge(client: t.Any) -> None:
    client.responses[SETTINGS] = APIError("a request", 401, {"errorCode": "USER_UNAUTHORIZED"})
    assert run(client, **NEW, return_secret=True)["client_secret"] == SECRET


@pytest.mark.parametrize(
    "response", [EMPTY, {**CI, "secrets": None}, {**CI, "secrets": [{"secret": "a" * 9}, {"secret": "b" * 9}]}]
)
def test_account_without_one_secret_is_deleted_again(client: t.Any, response: dict[str, t.Any]) -> None:
    client.responses[f"POST {ACCOUNTS}"] = response
    client.responses[ACCOUNT] = APIError("a request", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
    with pytest.raises(AtlasError, match=rf"lacks the client secret. The service account {ID} .* was deleted again"):
        run(client, **NEW, return_secret=True)
    assert f"DELETE {ACCOUNT}" in client.requests


class TestWithoutSecret:
    def test_none_is_asked_for(self, client: t.Any) -> None:
        client.responses[f"POST {ACCOUNTS}"] = create(client, EMPTY, EMPTY)
        result = run(client, **BARE)
        body = client.bodies[f"POST {ACCOUNTS}"]
        assert (body["withoutInitialSecret"], "secretExpiresAfterHours" in body) == (True, False)
        assert client.requests == [ACCOUNTS, f"POST {ACCOUNTS}", ACCOUNT, ACCOUNTS]
        assert "secret_id" not in result
        assert not client.warnings

    def test_400_says_what_to_do(self, client: t.Any) -> None:
        client.responses[f"POST {ACCOUNTS}"] = APIError("a request", 400, {"errorCode": "INVALID_ATTRIBUTE"})
        with pytest.raises(APIError, match="Atlas may not support service accounts without a secret"):
            run(client, **BARE)

    def test_secret_that_came_is_deleted(self, client: t.Any) -> None:
        client.responses[f"POST {ACCOUNTS}"] = create(client, CREATED, EMPTY)
        result = run(client, **BARE)
        assert f"DELETE {ACCOUNT}/secrets/{SECRET_ID}" in client.requests
        (warning,) = client.warnings
        assert f"{ID} with the secret {SECRET_ID}, although without_secret is true. That secret was deleted." in warning
        assert result["service_account"]["secrets"] == []
        assert "secret_id" not in result

    def test_secret_that_stays_fails(self, client: t.Any) -> None:
        """Also a secret that the response to the creation did not show."""
        client.responses[f"POST {ACCOUNTS}"] = EMPTY

        def delete() -> dict[str, t.Any]:
            client.responses[ACCOUNT] = APIError("a request", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
            return {}

        client.responses[f"DELETE {ACCOUNT}"] = delete
        with pytest.raises(AtlasError, match=f"has a secret, although without_secret is true: {SECRET_ID}"):
            run(client, **BARE)
        assert f"DELETE {ACCOUNT}/secrets/{SECRET_ID}" not in client.requests
        assert client.requests.count(f"DELETE {ACCOUNT}") == 1


def test_several_accounts_with_the_name_are_listed(client: t.Any) -> None:
    client.responses[ACCOUNTS] = [CI, {**CI, "clientId": OTHER}]
    client.responses[f"{ACCOUNTS}/{OTHER}"] = {**CI, "clientId": OTHER}
    with pytest.raises(UsageError, match=rf"Several service accounts .*: {ID} \(name 'ci', created .*{OTHER} \(name"):
        run(client, name="ci", state="absent")


def test_only_what_differs_is_sent(client: t.Any) -> None:
    client.responses[f"PATCH {ACCOUNT}"] = create(client, {**CI, "name": "new"}, {**CI, "name": "new"})
    result = run(client, service_account_id=ID, name="new", roles=["ORG_MEMBER"])
    assert client.bodies[f"PATCH {ACCOUNT}"] == {"name": "new"}
    assert result["diff"]["after"] == {"name": "new", "description": "Deploys", "roles": ["ORG_MEMBER"]}


def test_roles_in_the_form_of_api_keys_are_understood(client: t.Any) -> None:
    client.responses[ACCOUNT] = {**CI, "roles": [{"orgId": ORG, "roleName": "ORG_MEMBER"}]}
    assert not run(client, service_account_id=ID, roles=["ORG_MEMBER"])["changed"]


@pytest.mark.parametrize("options", [{"state": "absent"}, {"roles": ["ORG_MEMBER"]}])
@pytest.mark.parametrize("check_mode", [True, False])
def test_own_account_is_protected(client: t.Any, options: dict[str, t.Any], check_mode: bool) -> None:
    client.public_key = ID  # what the fake client takes for its own credential
    owner = {**CI, "roles": ["ORG_OWNER"]}
    client.responses.update({ACCOUNT: owner, f"PATCH {ACCOUNT}": CI})
    with pytest.raises(UsageError, match="allow_self: true"):
        run(client, check_mode, service_account_id=ID, **options)
    assert client.requests == [ACCOUNT]
    assert run(client, check_mode, service_account_id=ID, **options, allow_self=True)["changed"]


class TestMissingAccount:
    """Atlas' code for an account that does not exist is not known."""

    MISSING = APIError("a request", 404, {"errorCode": "SOMETHING_NOT_FOUND"})

    def test_absent(self, client: t.Any) -> None:
        client.responses[ACCOUNT] = self.MISSING
        assert not run(client, service_account_id=ID, state="absent")["changed"]
        assert client.requests == [ACCOUNT, ACCOUNTS]

    def test_present(self, client: t.Any) -> None:
        client.responses[ACCOUNT] = self.MISSING
        with pytest.raises(APIError, match="SOMETHING_NOT_FOUND"):
            run(client, service_account_id=ID, roles=["ORG_MEMBER"])

    @pytest.mark.parametrize("code", ["ORG_NOT_FOUND", None])
    def test_other_404_says_nothing_about_the_account(self, client: t.Any, code: str | None) -> None:
        client.responses[ACCOUNT] = APIError("a request", 404, {"errorCode": code})
        with pytest.raises(APIError):
            run(client, service_account_id=ID, state="absent")

    def test_404_for_all_accounts_says_nothing_about_one(self, client: t.Any) -> None:
        client.responses.update({ACCOUNT: self.MISSING, ACCOUNTS: self.MISSING})
        with pytest.raises(AtlasError, match="Whether the service account exists is not known"):
            run(client, service_account_id=ID, state="absent")


def test_task_warns_if_the_account_may_be_its_own(client: t.Any) -> None:
    """An access token does not tell which account has minted it."""
    assert run(client, True, service_account_id=ID, state="absent")["changed"]
    (warning,) = client.warnings
    assert f"It is not known whether {ID} is the service account that this task uses." in warning
    client.warnings.clear()
    assert run(client, True, service_account_id=ID, state="absent", allow_self=True)["changed"]
    assert not client.warnings


def test_access_list_has_at_most_200_entries(client: t.Any) -> None:
    entries = [f"192.0.2.{number}" for number in range(201)]
    with pytest.raises(UsageError, match="would contain 201 entries .* Atlas allows 200"):
        run(client, **NEW, return_secret=True, access_list=entries)
    assert not any("POST" in request for request in client.requests)


def test_deletion_answered_with_404_of_an_account_that_is_there(client: t.Any) -> None:
    client.responses[f"DELETE {ACCOUNT}"] = APIError("DELETE", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
    with pytest.raises(AtlasError, match="Atlas refused DELETE: 404"):
        run(client, service_account_id=ID, state="absent")
