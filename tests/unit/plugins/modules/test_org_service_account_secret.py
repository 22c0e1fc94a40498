# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a fake client whose clock stands at 2026-08-10T03:02:57Z."""

from __future__ import annotations

import datetime
import json
import pathlib
import typing as t

import pytest

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.times import to_atlas
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    Interrupted,
    InvalidResponse,
    TransportError,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_service_account_secret

ORG, ID = "a0123456789abcdef012345a", "mdb_sa_id_6a793f752c88faeba59bba49"
ACCOUNTS = f"/orgs/{ORG}/serviceAccounts"
ACCOUNT, SETTINGS = f"{ACCOUNTS}/{ID}", f"/orgs/{ORG}/settings"
SECRETS = f"{ACCOUNT}/secrets"
OLD, OLDER, NEW, FOREIGN = (f"6a793f752c88faeba59bba{number}" for number in (60, 61, 62, 63))
SECRET = "mdb_sa_sk_0123456789abcdef"

NOW = datetime.datetime(2026, 8, 10, 3, 2, 57, tzinfo=datetime.timezone.utc)
IN_7_DAYS = "2026-08-17T03:02:57Z"
IN_90_DAYS = "2026-11-08T03:02:57Z"

ADD = {"expires_after_hours": 2160, "return_secret": True}


def hours(number: float) -> str:
    """A time that is so many hours from now, as Atlas writes it."""
    return to_atlas(NOW + datetime.timedelta(hours=number))


def secret(identifier: str, expires_in: float, **fields: t.Any) -> dict[str, t.Any]:
    return {"id": identifier, "createdAt": hours(-1), "expiresAt": hours(expires_in), "lastUsedAt": None, **fields}


def account(*secrets: dict[str, t.Any]) -> dict[str, t.Any]:
    return {"clientId": ID, "name": "ci", "createdAt": hours(-100), "secrets": list(secrets)}


ADDED = secret(NEW, 2160, secret=SECRET)


@pytest.fixture(autouse=True)
def _quick(client: t.Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.now() == NOW
    monkeypatch.setattr(change, "LOOK_AGAIN_AFTER", 0)


def prepare(client: t.Any, *secrets: dict[str, t.Any], cut: str = IN_7_DAYS) -> None:
    """Let CLIENT have an account with SECRETS, of which every other one is cut when one is added."""
    state = list(secrets)

    def add() -> dict[str, t.Any]:
        state[:] = [{**each, "expiresAt": min(each["expiresAt"], cut)} for each in state] + [secret(NEW, 2160)]
        return ADDED

    def delete(identifier: str) -> dict[str, t.Any]:
        state[:] = [each for each in state if each["id"] != identifier]
        return {}

    client.responses = {
        ACCOUNTS: [],
        ACCOUNT: lambda: account(*state),
        SETTINGS: {"maxServiceAccountSecretValidityInHours": 8760},
        f"POST {SECRETS}": add,
        **{f"DELETE {SECRETS}/{each}": lambda each=each: delete(each) for each in (OLD, OLDER, NEW, FOREIGN)},
    }


def run(client: t.Any, check_mode: bool = False, **options: t.Any) -> dict[str, t.Any]:
    done = client.run(org_service_account_secret, check_mode=check_mode, org_id=ORG, service_account_id=ID, **options)
    return t.cast("dict[str, t.Any]", done)


def add(client: t.Any, check_mode: bool = False, **options: t.Any) -> dict[str, t.Any]:
    return run(client, check_mode, **{**ADD, **options})


def writes(client: t.Any) -> list[str]:
    return [request for request in client.requests if " " in request]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"expires_after_hours": None}, "expires_after_hours is missing"),
        ({"expires_after_hours": 7}, "expires_after_hours is 7; it must be from 8 to 8760"),
        ({"min_remaining_hours": 2160}, "min_remaining_hours is 2160; .* every run would add a secret"),
        ({"min_remaining_hours": -1}, "min_remaining_hours is -1; it must be at least 0"),
        ({"return_secret": False}, "The client secret of a new secret would be lost"),
        ({"secret_id": OLD}, "secret_id is for state: absent"),
        ({"state": "absent"}, "secret_id is missing"),
    ],
)
def test_refused_before_anything_is_sent(client: t.Any, options: dict[str, t.Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        add(client, **options)
    assert not client.requests


def test_maximum_of_the_organization(client: t.Any) -> None:
    prepare(client)
    client.responses[SETTINGS] = {"maxServiceAccountSecretValidityInHours": 720}
    with pytest.raises(UsageError, match="expires_after_hours is 2160; the organization allows at most 720"):
        add(client)
    assert not writes(client)


class TestDue:
    """A secret is added only when none lives long enough."""

    @pytest.mark.parametrize(
        ("remaining", "least", "due"), [(720, 720, False), (719, 720, True), (1, 0, False), (-1, 0, True)]
    )
    @pytest.mark.parametrize("check_mode", [True, False])
    def test_by_the_longest_life(self, client: t.Any, remaining: int, least: int, due: bool, check_mode: bool) -> None:
        prepare(client, secret(OLD, remaining))
        result = add(client, check_mode, min_remaining_hours=least)
        assert result["changed"] == due
        assert bool(writes(client)) == (due and not check_mode)
        if not due:
            assert result["secret"] == {"id": OLD, "created_at": hours(-1), "expires_at": hours(remaining)}

    def test_by_the_secret_that_the_store_contains(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 10), secret(OLDER, -1))
        options = {"min_remaining_hours": 720, "remove_expired": True}
        assert add(client, True, **options, current_secret_id=OLD)["changed"]
        prepare(client, secret(OLD, 10), secret(OLDER, 5000))
        with pytest.raises(UsageError, match="A new secret is due"):
            add(client, **options, current_secret_id=OLD)
        assert not add(client, **options, current_secret_id=OLDER)["changed"]

    def test_because_the_store_contains_none_of_them(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 5000))
        assert add(client, current_secret_id=OLDER)["changed"]
        assert f"does not have the secret {OLDER}" in client.warnings[0]

    def test_second_run_changes_nothing(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 10))
        assert add(client, min_remaining_hours=720)["changed"]
        assert not add(client, min_remaining_hours=720)["changed"]


class TestSlots:
    @pytest.mark.parametrize("check_mode", [True, False])
    def test_two_live_secrets_are_an_error_that_lists_them(self, client: t.Any, check_mode: bool) -> None:
        prepare(client, secret(OLD, 10, lastUsedAt="2026-08-09T00:00:00Z"), secret(OLDER, 20))
        with pytest.raises(UsageError) as refused:
            add(client, check_mode, min_remaining_hours=720, remove_expired=True)
        assert f"{OLD} (expires {hours(10)}, last used 2026-08-09T00:00:00Z)" in str(refused.value)
        assert f"{OLDER} (expires {hours(20)}, last used never or not known)" in str(refused.value)
        assert "Delete the one that nobody uses" in str(refused.value)
        assert not writes(client)

    def test_expired_secret_occupies_its_slot(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 10), secret(OLDER, -1))
        with pytest.raises(UsageError, match=rf"To delete what has expired \({OLDER}\), set remove_expired: true"):
            add(client, min_remaining_hours=720)
        assert not writes(client)

    @pytest.mark.parametrize("check_mode", [True, False])
    def test_expired_secret_is_removed_before_the_addition(self, client: t.Any, check_mode: bool) -> None:
        prepare(client, secret(OLD, 10), secret(OLDER, -1))
        result = add(client, check_mode, min_remaining_hours=720, remove_expired=True)
        assert result["deleted_secret_ids"] == [OLDER]
        assert writes(client) == ([] if check_mode else [f"DELETE {SECRETS}/{OLDER}", f"POST {SECRETS}"])

    def test_expired_secret_is_removed_although_no_secret_is_due(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 5000), secret(OLDER, -1))
        result = add(client, remove_expired=True)
        assert (result["deleted_secret_ids"], result["secret"]["id"]) == ([OLDER], OLD)
        assert writes(client) == [f"DELETE {SECRETS}/{OLDER}"]
        assert result["diff"]["after"] == {"secrets": {OLD: hours(5000)}}

    def test_expiry_is_judged_by_the_time_of_atlas(self, client: t.Any) -> None:
        """The clock of the fake client is months behind that of this host."""
        prepare(client, secret(OLD, 1))
        assert not add(client, remove_expired=True)["changed"]


def test_check_mode_predicts_the_real_run(client: t.Any) -> None:
    @given(
        st.lists(st.integers(-1000, 9000), max_size=2),
        st.integers(8, 8760),
        st.integers(0, 8759),
        st.sampled_from([None, OLD, OLDER, FOREIGN]),
        st.booleans(),
    )
    def check(lives: list[int], expires: int, least: int, current: str | None, remove_expired: bool) -> None:
        options = {"expires_after_hours": expires, "min_remaining_hours": least, "remove_expired": remove_expired}
        results = []
        for check_mode in (True, False):
            fresh = type(client)()
            prepare(fresh, *(secret(identifier, life) for identifier, life in zip((OLD, OLDER), lives)))
            try:
                results.append(add(fresh, check_mode, **options, current_secret_id=current))
            except UsageError as error:
                results.append({"msg": str(error)})
            assert not check_mode or not writes(fresh)
        predicted, real = results
        for field in ("msg", "changed", "shortened", "deleted_secret_ids"):
            assert predicted.get(field) == real.get(field)
        if real.get("changed") is False:
            assert predicted == real

    check()


class TestShortened:
    @pytest.mark.parametrize("check_mode", [True, False])
    def test_other_secret_is_shown_before_and_after(self, client: t.Any, check_mode: bool) -> None:
        prepare(client, secret(OLD, 500))
        result = add(client, check_mode, min_remaining_hours=720)
        wanted = {"id": OLD, "expires_at_before": hours(500), "expires_at_after": IN_7_DAYS}
        assert result["shortened"] == [wanted]
        assert result["diff"]["before"] == {"secrets": {OLD: hours(500)}}
        name = "new" if check_mode else NEW
        assert result["diff"]["after"] == {"secrets": {OLD: IN_7_DAYS, name: IN_90_DAYS}}

    def test_what_was_read_counts_and_not_the_documentation(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 500), cut=hours(24))
        assert add(client, min_remaining_hours=720)["shortened"][0]["expires_at_after"] == hours(24)

    def test_not_known_if_it_cannot_be_read(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 500))

        def add_and_break() -> dict[str, t.Any]:
            client.responses[ACCOUNT] = TransportError("No connection.")
            return ADDED

        client.responses[f"POST {SECRETS}"] = add_and_break
        result = add(client, min_remaining_hours=720)
        assert result["client_secret"] == SECRET  # it is not given up because of this
        assert result["shortened"][0]["expires_at_after"] is None
        assert result["diff"]["after"] == {"secrets": {OLD: None, NEW: IN_90_DAYS}}
        (warning,) = client.warnings
        assert "could not be read after the addition. No connection." in warning
        assert f"{OLD} expires about {IN_7_DAYS} at the latest" in warning


class TestFailure:
    """Every message after the POST contains the deadline of the old secret."""

    @pytest.fixture(autouse=True)
    def _due(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 500))

    def fail(self, client: t.Any, **options: t.Any) -> AtlasError:
        with pytest.raises(AtlasError) as failed:
            add(client, min_remaining_hours=720, **options)
        return failed.value

    def answer(self, client: t.Any, response: t.Any, does: bool) -> None:
        """Let the POST be answered by RESPONSE, and do what it is asked for or not."""
        real = client.responses[f"POST {SECRETS}"]

        def post() -> t.Any:
            if does:
                real()
            return response

        client.responses[f"POST {SECRETS}"] = post

    @pytest.mark.parametrize(
        "response",
        [TransportError("The response is lost."), APIError("a request", 500, {"errorCode": "UNEXPECTED_ERROR"})],
    )
    @pytest.mark.parametrize("does", [True, False])
    def test_lost_response(self, client: t.Any, response: AtlasError, does: bool) -> None:
        self.answer(client, response, does)
        error = self.fail(client)
        assert f"shortens the life of the others: {OLD} expires {IN_7_DAYS if does else hours(500)}." in str(error)
        assert writes(client) == [f"POST {SECRETS}"]  # nothing is deleted, and nothing is sent again
        if does:
            assert f"{NEW} (created {hours(-1)}, expires {IN_90_DAYS})" in str(error)
            assert error.partial["shortened"][0]["expires_at_after"] == IN_7_DAYS
            assert error.partial["candidates"] == [{"id": NEW, "created_at": hours(-1), "expires_at": IN_90_DAYS}]
        assert error.partial.get("changed", False) == does

    def test_interrupted_before_the_new_deadline_is_known(self, client: t.Any) -> None:
        shown: list[str] = []
        client.show = shown.append
        self.answer(client, Interrupted("Stop."), does=True)
        assert f"{OLD} expires about {IN_7_DAYS} at the latest" in str(self.fail(client))
        assert f"{OLD} expires about {IN_7_DAYS} at the latest" in shown[0]

    def test_response_about_another_secret(self, client: t.Any) -> None:
        self.answer(client, {**ADDED, "id": FOREIGN}, does=True)
        error = self.fail(client)
        assert f"about '{FOREIGN}', which the service account {ID} does not have" in str(error)
        assert f"{NEW} (created" in str(error)
        assert not any("DELETE" in request for request in client.requests)

    def test_response_about_a_secret_that_was_there(self, client: t.Any) -> None:
        self.answer(client, {**ADDED, "id": OLD}, does=False)
        assert "which existed before" in str(self.fail(client))
        assert not any("DELETE" in request for request in client.requests)

    def test_response_without_the_secret_itself(self, client: t.Any) -> None:
        self.answer(client, secret(NEW, 2160), does=True)
        error = self.fail(client)
        assert "lacks the client secret" in str(error)
        assert f"The secret {NEW} (created {hours(-1)}, expires {IN_90_DAYS}) was deleted again." in str(error)
        assert f"{OLD} expires {IN_7_DAYS}." in str(error)
        assert error.partial["changed"]  # the old one was cut nevertheless

    def test_file_that_cannot_be_written(
        self, client: t.Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def write(self: SecretFile, fields: t.Any) -> t.NoReturn:
            raise AtlasError("No space left on device.")

        monkeypatch.setattr(SecretFile, "write", write)
        error = self.fail(client, return_secret=False, secret_file=f"{tmp_path}/secret")
        assert "No space left on device." in str(error)
        assert "was deleted again" in str(error)
        assert f"{OLD} expires {IN_7_DAYS}." in str(error)
        assert not list(tmp_path.iterdir())

    def test_undo_that_fails_names_the_secret(self, client: t.Any) -> None:
        self.answer(client, secret(NEW, 2160), does=True)
        client.responses[f"DELETE {SECRETS}/{NEW}"] = APIError("a request", 403, {"errorCode": "X"})
        error = self.fail(client)
        assert f"Delete it with state: absent and secret_id: {NEW}." in str(error)
        assert f"{OLD} expires {IN_7_DAYS}." in str(error)
        assert error.partial["left_behind"] == [{"id": NEW, "created_at": hours(-1), "expires_at": IN_90_DAYS}]

    def test_refusal_shortens_nothing(self, client: t.Any) -> None:
        self.answer(client, APIError("a request", 400, {"errorCode": "X"}), does=False)
        error = self.fail(client)
        assert "shortens" not in str(error)
        assert not error.partial

    @pytest.mark.parametrize("does", [True, False])
    def test_two_at_once(self, client: t.Any, does: bool) -> None:
        """409: another task was faster. Its secret is named."""
        self.answer(client, APIError("a request", 409, {"errorCode": "DATA_CONCURRENCY_ERROR"}), does)
        error = self.fail(client)
        assert "Another task is changing the secrets" in str(error)
        assert (f"It has added {NEW} (expires {IN_90_DAYS}" in str(error)) == does
        assert error.details()["error_code"] == "DATA_CONCURRENCY_ERROR"
        assert writes(client) == [f"POST {SECRETS}"]

    def test_expired_secrets_that_were_deleted_are_told(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 10), secret(OLDER, -1))
        self.answer(client, APIError("a request", 400, {"errorCode": "X"}), does=False)
        error = self.fail(client, remove_expired=True)
        assert error.partial == {"changed": True, "deleted_secret_ids": [OLDER]}


@pytest.mark.parametrize(
    "secrets", [None, "none", [1], [{"id": OLD}], [{"expiresAt": IN_7_DAYS}], [{"id": OLD, "expiresAt": 1}]]
)
def test_secrets_that_are_not_known_are_not_none(client: t.Any, secrets: t.Any) -> None:
    client.responses = {ACCOUNT: {"clientId": ID, "secrets": secrets}}
    with pytest.raises(InvalidResponse):
        add(client)
    with pytest.raises(InvalidResponse):
        run(client, state="absent", secret_id=OLD)


def test_response_in_the_form_of_an_account(client: t.Any) -> None:
    prepare(client, secret(OLD, 10))
    post = client.responses[f"POST {SECRETS}"]
    client.responses[f"POST {SECRETS}"] = lambda: account(secret(OLD, 10), post())
    result = add(client, min_remaining_hours=720)
    assert (result["secret"]["id"], result["client_secret"]) == (NEW, SECRET)


def test_file_is_the_document_of_the_account(client: t.Any, tmp_path: pathlib.Path) -> None:
    prepare(client)
    result = add(client, return_secret=False, secret_file=f"{tmp_path}/secret")
    assert json.loads((tmp_path / "secret").read_text()) == {
        "kind": "service_account",
        "org_id": ORG,
        "client_id": ID,
        "client_secret": SECRET,
        "secret_id": NEW,
        "secret_expires_at": IN_90_DAYS,
        "name": "ci",
        "created_at": hours(-100),
    }
    assert SECRET not in str(result)


class TestMissingSecret:
    def test_is_a_warning(self, client: t.Any, tmp_path: pathlib.Path) -> None:
        prepare(client, secret(OLD, 5000))
        add(client, return_secret=False, secret_file=f"{tmp_path}/secret")
        assert f"cannot deliver it, of 1 existing secret: {OLD}" in client.warnings[0]

    def test_fails_on_request(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 5000))
        with pytest.raises(AtlasError, match=f"cannot deliver it, of 1 existing secret: {OLD}"):
            add(client, on_missing_secret="fail")

    def test_secret_of_the_store_is_not_missing(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 5000))
        add(client, on_missing_secret="fail", current_secret_id=OLD)
        assert not client.warnings


class TestAbsent:
    @pytest.mark.parametrize("check_mode", [True, False])
    def test_deleted(self, client: t.Any, check_mode: bool) -> None:
        prepare(client, secret(OLD, 10), secret(OLDER, 20))
        result = run(client, check_mode, state="absent", secret_id=OLD)
        assert result["deleted_secret_ids"] == [OLD]
        assert result["diff"]["after"] == {"secrets": {OLDER: hours(20)}}
        assert writes(client) == ([] if check_mode else [f"DELETE {SECRETS}/{OLD}"])

    def test_gone_already(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 10))
        assert run(client, state="absent", secret_id=OLDER)["changed"] is False
        client.responses[ACCOUNT] = APIError("a request", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
        assert run(client, state="absent", secret_id=OLD)["deleted_secret_ids"] == []

    @pytest.mark.parametrize("check_mode", [True, False])
    def test_last_live_one_is_protected(self, client: t.Any, check_mode: bool) -> None:
        prepare(client, secret(OLD, 10), secret(OLDER, -1))
        with pytest.raises(UsageError, match=rf"no other secret .* than {OLD} .* allow_last: true"):
            run(client, check_mode, state="absent", secret_id=OLD)
        assert run(client, check_mode, state="absent", secret_id=OLDER)["changed"]
        assert run(client, check_mode, state="absent", secret_id=OLD, allow_last=True)["changed"]

    def test_secrets_of_the_own_account_are_protected(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 10), secret(OLDER, 20))
        client.public_key = ID  # what the fake client takes for its own credential
        with pytest.raises(UsageError, match="allow_self: true"):
            run(client, state="absent", secret_id=OLD)
        client.requests.clear()
        assert run(client, state="absent", secret_id=OLD, allow_self=True)["changed"]
        assert client.requests[-1] == f"DELETE {SECRETS}/{OLD}"  # afterwards the own token may be revoked

    def test_deletion_that_did_nothing_fails(self, client: t.Any) -> None:
        prepare(client, secret(OLD, 10), secret(OLDER, 20))
        client.responses[f"DELETE {SECRETS}/{OLD}"] = {}
        with pytest.raises(AtlasError, match=f"accepted the deletion of the secret {OLD}, and it is still there"):
            run(client, state="absent", secret_id=OLD)


def test_deletion_answered_with_404_of_a_secret_that_is_there(client: t.Any) -> None:
    prepare(client, secret(OLD, 100), secret(OLDER, 100))
    client.responses[f"DELETE {SECRETS}/{OLD}"] = APIError("DELETE", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
    with pytest.raises(AtlasError, match="Atlas refused DELETE: 404"):
        run(client, state="absent", secret_id=OLD)


def test_deletion_of_another_secret_is_told(client: t.Any) -> None:
    prepare(client, secret(OLD, 100), secret(OLDER, 100))
    client.responses[f"DELETE {SECRETS}/{OLD}"] = client.responses[f"DELETE {SECRETS}/{OLDER}"]
    with pytest.raises(AtlasError, match=f"it is still there.* gone since the task began: {OLDER}") as caught:
        run(client, state="absent", secret_id=OLD)
    assert caught.value.partial == {"changed": True, "deleted_secret_ids": [OLDER]}


def test_deletion_shows_the_secrets_that_are_left(client: t.Any) -> None:
    prepare(client, secret(OLD, 100), secret(OLDER, 100))
    delete, delete_other = (client.responses[f"DELETE {SECRETS}/{each}"] for each in (OLD, OLDER))
    client.responses[f"DELETE {SECRETS}/{OLD}"] = lambda: {**delete(), **delete_other()}
    assert run(client, state="absent", secret_id=OLD)["diff"]["after"] == {"secrets": {}}
    assert f"Other secrets are gone as well: {OLDER}." in client.warnings
