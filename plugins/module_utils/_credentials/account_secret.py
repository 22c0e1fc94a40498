# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The secrets of one service account: when a new one is due, and what adding one does to the others.

Adding a secret cuts every other secret to what it had left or seven days, whichever is less (documentation). So the
addition is the point of no return: all that can be checked is checked before it, and every message after it contains
the new deadline of the other secrets.
"""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api import service_accounts
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import is_object_id
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.times import from_atlas, to_atlas
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import (
    Change,
    Done,
    is_lost,
    settle,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.create import Creation
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.credential import (
    check_secret_is_kept,
    lacks_secret,
    open_file,
    report_missing_secrets,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.delete import delete
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Credential,
    Managed,
    Params,
    Words,
    check_own,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.service_account import (
    ServiceAccount,
    check_hours,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import (
    APIError,
    AtlasError,
    Interrupted,
    InvalidResponse,
    UsageError,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

MAX_SECRETS = 2  # of an account; an expired one counts until it is deleted (documentation)

# What is left of the other secrets at most when one is added (documentation).
_CUT = datetime.timedelta(days=7)


class Secret(t.NamedTuple):
    """What is known of a secret.

    :param fields: as Atlas returned them, without the secret itself.
    """

    id: str
    expires_at: datetime.datetime
    fields: dict[str, t.Any]

    @classmethod
    def parse(cls, fields: dict[str, t.Any]) -> Secret:
        """Return the secret in a response.

        :raises InvalidResponse: if its ID or its expiry is missing: then it cannot be judged.
        """
        identifier, expires_at = fields.get("id"), from_atlas(fields.get("expiresAt"))
        if not is_object_id(identifier) or expires_at is None:
            raise InvalidResponse("Atlas returned a secret of the service account without its ID or its expiry.", 200)
        return cls(t.cast(str, identifier), expires_at, service_accounts.without_secret(fields))

    def describe(self) -> str:
        """Return what a person needs to know to decide about it, for messages."""
        used = self.fields.get("lastUsedAt") or "never or not known"
        return f"{self.id} (expires {to_atlas(self.expires_at)}, last used {used})"

    def cut(self, now: datetime.datetime) -> Secret:
        """Return the secret as it is if another one is added now."""
        return self._replace(expires_at=min(self.expires_at, now + _CUT))


Secrets = dict[str, Secret]


class AccountSecret:
    """The kind ``secret of a service account``: it is created and deleted like a credential. See ``Creatable``.

    A secret has no name: its account, the option ``service_account_id``, stands for it.

    :param org_id: the organization of the account.
    :param service_account_id: the account.
    """

    words = Words(
        one="secret",
        many="secrets",
        kind="secret",
        id_option="secret_id",
        name_option="service_account_id",
        secret="client secret",
        secret_result="client_secret",
    )
    max_per_org = MAX_SECRETS
    environment = ServiceAccount.environment

    def __init__(self, client: AtlasClient, org_id: str, service_account_id: str) -> None:
        self.client = client
        self.account = ServiceAccount(client)
        self._org_id = org_id
        self._id = service_account_id
        self._owner: Credential = {}  # the account, as it was read last
        self.seen: Secrets | None = None  # its secrets, as they were read last; None if that failed
        self._before: Secrets = {}  # its secrets before an addition
        self._added_at: datetime.datetime | None = None  # when an addition was sent that Atlas has not refused
        self._told = False  # whether the error of an addition contains the deadlines already

    # Reading

    def read(self) -> Secrets:
        """Return the secrets of the account as they are now.

        :raises AtlasError: if Atlas does not return them: that does not mean that there are none.
        """
        self.seen = None
        self._owner = self.account.get(self._org_id, self._id)
        secrets = service_accounts.secrets_of(self._owner)
        if secrets is None:
            raise InvalidResponse(f"Atlas did not return the secrets of the service account {self._id}.", 200)
        self.seen = {each.id: each for each in map(Secret.parse, secrets)}
        return self.seen

    def get(self, org_id: str, identifier: str) -> Credential:
        secret = self.read().get(identifier)
        if secret is None:
            # As Atlas answers for what does not exist: a secret cannot be read by itself.
            raise APIError(f"the secret {identifier}", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
        return secret.fields

    def list_all(self, org_id: str) -> Listing:
        return Listing([{**each.fields, self.words.name_option: self._id} for each in self.read().values()])

    def is_missing(self, error: APIError) -> bool:
        return self.account.is_missing(error)

    # What a response says

    def id_of(self, credential: Credential) -> str | None:
        identifier = credential.get("id")
        return t.cast(str, identifier) if is_object_id(identifier) else None

    def describe(self, credential: Credential) -> str:
        return f"{credential.get('id')} (created {credential.get('createdAt')}, expires {credential.get('expiresAt')})"

    def summary(self, credential: Credential) -> dict[str, t.Any]:
        fields = {"id": "id", "created_at": "createdAt", "expires_at": "expiresAt"}
        return {name: credential.get(field) for name, field in fields.items()}

    def managed(self, credential: Credential, org_id: str) -> Managed:
        return {self.words.name_option: self._id, "roles": []}  # nothing of a secret can be changed

    def project_roles(self, credential: Credential) -> set[str]:
        return set()  # a secret has no roles of its own

    def is_own(self, credential: Credential) -> bool | None:
        # Which of the account's secrets the task uses is not known.
        return self.client.is_own(self._id)

    def result(self, credential: Credential) -> dict[str, t.Any]:
        return self.summary(credential)

    # Options

    def wanted(self, params: Params) -> Managed:
        return {self.words.name_option: self._id, "roles": None}

    def has_secret(self, params: Params) -> bool:
        return True

    # Writing

    def create(self, params: Params) -> Credential:
        self._before, self._added_at = dict(self.seen or {}), self.client.now()
        self.seen = None  # an addition shortens their lives
        try:
            response = service_accounts.add_secret(self.client, self._org_id, self._id, params["expires_after_hours"])
        except AtlasError as error:
            if isinstance(error, Interrupted):  # it may be shown before ``explain`` sees it
                self._tell(error)
            elif not is_lost(error):
                self._added_at = None
            if isinstance(error, APIError) and error.status == 409:
                self._name_concurrent(error)
            raise
        self._added_at = self.client.now()
        found = service_accounts.new_secrets(response)
        secret = found[0] if len(found) == 1 else response
        self._read_back(secret.get("id"))
        return secret

    def _name_concurrent(self, error: APIError) -> None:
        """Say what another task did at the same time: Atlas makes only one change of an account's secrets at a time."""
        new = [secret for identifier, secret in self.read().items() if identifier not in self._before]
        what = f"It has added {describe_secrets(new)}." if new else "No new secret can be seen."
        error.amend(
            f"{error} Another task is changing the secrets of the service account {self._id}. {what} This task has"
            " added none. Run it again."
        )

    def _read_back(self, identifier: t.Any) -> None:
        """See that a new secret belongs to the account, and what became of the others.

        :raises InvalidResponse: if it does not: the response is about something else.
        """
        try:
            secrets = settle(self.read, lambda found: identifier in found)
        except Interrupted:
            raise
        except AtlasError as error:
            # The response has proven the addition. Its secret is not given up because of this.
            self.client.warnings.append(
                f"The secrets of the service account could not be read after the addition. {error}{self._deadlines()}"
            )
            return
        if identifier not in secrets:
            raise InvalidResponse(
                f"The response to the addition of a secret is about {shown(str(identifier))}, which the service account"
                f" {self._id} does not have.",
                200,
            )

    def finish_creation(self, params: Params, response: Credential) -> None:
        pass

    def secret_of(self, response: Credential) -> str | None:
        secret = response.get("secret")
        return secret if isinstance(secret, str) and secret else None

    def secret_fields(self, response: Credential, org_id: str) -> dict[str, str | None]:
        # The same document as at the creation of the account.
        return self.account.secret_fields({**self._owner, "clientId": self._id, "secrets": [response]}, org_id)

    def creation_result(self, response: Credential) -> dict[str, t.Any]:
        return {}

    def delete(self, org_id: str, identifier: str) -> None:
        service_accounts.delete_secret(self.client, org_id, self._id, identifier)

    # What an addition does to the others

    def shortened(self) -> list[dict[str, t.Any]]:
        """Return each other secret with its expiry before and after the addition; null for what is not known."""
        seen = self.seen or {}
        return [_compare(each, seen.get(each.id)) for each in self._before.values()]

    def state_with(self, new: Credential) -> dict[str, t.Any]:
        """Return what is compared, after an addition; null for what is not known."""
        if self.seen is not None:
            return _state(self.seen)
        return {"secrets": {**dict.fromkeys(self._before), new.get("id"): new.get("expiresAt")}}

    def explain(self, error: AtlasError) -> None:
        """Tell with the error of an addition what it has done to the other secrets."""
        if self._added_at is None:
            return
        if self.seen is None or _state(self.seen) != _state(self._before):
            error.keep(changed=True, shortened=self.shortened())
        if not self._told:
            self._tell(error)

    def _tell(self, error: AtlasError) -> None:
        self._told = True
        error.amend(f"{error}{self._deadlines()}")

    def _deadlines(self) -> str:
        """Return the deadlines of the other secrets for a message: as they were read, or as they are at the latest."""
        now, seen = t.cast(datetime.datetime, self._added_at), self.seen or {}
        live = [each for each in self._before.values() if each.expires_at > now]
        told = [
            f"{each.id} expires {to_atlas(seen[each.id].expires_at)}"
            if each.id in seen
            else f"{each.id} expires about {to_atlas(each.cut(now).expires_at)} at the latest"
            for each in live
        ]
        return f" Adding a secret shortens the life of the others: {', '.join(told)}." if told else ""


def plan(client: AtlasClient, params: Params) -> Change:
    """Return the change of an account's secrets.

    :param params: the options of the module.
    :raises UsageError: if the options contradict each other, or what would happen needs an option to be allowed.
    """
    kind = AccountSecret(client, params["org_id"], params["service_account_id"])
    return _plan_removal(kind, params) if params["state"] == "absent" else _Addition(kind, params).plan()


def _plan_removal(kind: AccountSecret, params: Params) -> Change:
    identifier = params["secret_id"]
    if identifier is None:
        raise UsageError("state is absent, and secret_id is missing. Give the ID of the secret to delete.")
    try:
        before = kind.read()
    except APIError as error:
        if not kind.is_missing(error):
            raise
        before = {}
    after = {each.id: each for each in before.values() if each.id != identifier}
    own = kind.is_own({})
    if identifier in before:
        _check_removal(kind, params, before[identifier], after)

    def apply() -> Done:
        try:
            delete(kind, params["org_id"], identifier, see=not own)
        except AtlasError as error:
            if gone := sorted(before.keys() - kind.seen.keys()) if kind.seen is not None else []:
                error.keep(changed=True, deleted_secret_ids=gone)
                error.amend(f"{error} Secrets that are gone since the task began: {', '.join(gone)}.")
            raise
        found = after if own or kind.seen is None else kind.seen
        if lost := sorted(after.keys() - found.keys()):
            kind.client.warnings.append(f"Other secrets are gone as well: {', '.join(lost)}.")
        return Done(result, _state(found))

    result = {"deleted_secret_ids": [identifier] if identifier in before else []}
    return Change(_state(before), _state(after), apply, planned=result)


def _check_removal(kind: AccountSecret, params: Params, secret: Secret, others: Secrets) -> None:
    now = kind.client.now()
    is_last = secret.expires_at > now and not any(each.expires_at > now for each in others.values())
    if is_last and not params["allow_last"]:
        raise UsageError(
            f"The service account {params['service_account_id']} has no other secret that has not expired than"
            f" {secret.describe()}. To delete it, set allow_last: true."
        )
    refusal = "It may use this secret. To delete the secret, set allow_self: true."
    described = f"{params['service_account_id']} is the service account"
    check_own(kind.client, kind.is_own({}), described, params["allow_self"], refusal)


class _Addition:
    """A secret that is added if none lives long enough."""

    def __init__(self, kind: AccountSecret, params: Params) -> None:
        self._kind = kind
        self._params = params
        self._org_id: str = params["org_id"]
        self._hours: int = params["expires_after_hours"]

    def plan(self) -> Change:
        self._check()
        before = self._kind.read()
        now = self._kind.client.now()
        expired = [each.id for each in before.values() if each.expires_at <= now]
        doomed = expired if self._params["remove_expired"] else []
        left = {each.id: each for each in before.values() if each.id not in doomed}
        sufficient = self._find_sufficient(before, now)
        if sufficient:
            self._report_missing(sufficient)
            result = {"secret": self._kind.summary(sufficient.fields), "deleted_secret_ids": doomed}
            return Change(_state(before), _state(left), lambda: self._remove_only(doomed, result), planned=result)
        self._check_slots(left, expired)
        self._kind.account.check_max_hours(self._org_id, "expires_after_hours", self._hours)
        file = open_file(self._kind, self._params)
        if file:
            file.check()
        cut = {each.id: each.cut(now) for each in left.values()}
        expires_at = now + datetime.timedelta(hours=self._hours)
        planned = {
            "secret": {"expires_at": to_atlas(expires_at)},
            "shortened": [_compare(each, cut[each.id]) for each in left.values()],
            "deleted_secret_ids": doomed,
            **self._written(),
        }
        after = _state({**cut, "new": Secret("new", expires_at, {})})
        return Change(_state(before), after, lambda: self._add(frozenset(before), doomed, file), planned=planned)

    def _check(self) -> None:
        least = self._params["min_remaining_hours"]
        if self._hours is None:
            raise UsageError("state is present, and expires_after_hours is missing. Give the lifetime of a new secret.")
        check_hours("expires_after_hours", self._hours)
        if not 0 <= least < self._hours:
            raise UsageError(
                f"min_remaining_hours is {least}; it must be at least 0 and less than expires_after_hours, which is"
                f" {self._hours}. Otherwise every run would add a secret."
            )
        if self._params["secret_id"] is not None:
            raise UsageError("secret_id is for state: absent. Atlas chooses the ID of a new secret.")
        check_secret_is_kept(self._kind, self._params)

    def _find_sufficient(self, secrets: Secrets, now: datetime.datetime) -> Secret | None:
        """Return the secret because of which no other is due; None if one is due."""
        current = self._params["current_secret_id"]
        if current is not None and current not in secrets:
            self._kind.client.warnings.append(
                f"The service account {self._params['service_account_id']} does not have the secret {current}"
                " (current_secret_id). So a new one is due."
            )
        candidates = [each for each in secrets.values() if current in (None, each.id)]
        best = max(candidates, key=lambda each: each.expires_at, default=None)
        needed = now + datetime.timedelta(hours=self._params["min_remaining_hours"])
        return best if best and best.expires_at > now and best.expires_at >= needed else None

    def _report_missing(self, sufficient: Secret) -> None:
        # With current_secret_id, the caller's store contains the secret.
        if self._params["current_secret_id"] is None and lacks_secret(self._params):
            report_missing_secrets(self._kind, self._params, [sufficient.fields])

    def _check_slots(self, left: Secrets, expired: list[str]) -> None:
        if len(left) < MAX_SECRETS:
            return
        hint = "Delete the one that nobody uses, with state: absent and its secret_id."
        if expired:
            hint = f"To delete what has expired ({', '.join(expired)}), set remove_expired: true."
        raise UsageError(
            f"A new secret is due, and the service account {self._params['service_account_id']} has {len(left)}"
            f" secrets, of {MAX_SECRETS} that Atlas allows: {describe_secrets(left.values())}. {hint}"
        )

    def _written(self) -> dict[str, t.Any]:
        path = self._params["secret_file"]
        return {"secret_file": path} if path else {}

    def _remove_only(self, doomed: list[str], result: dict[str, t.Any]) -> Done:
        self._remove(doomed)
        return Done(result, _state(self._kind.seen or {}))

    def _remove(self, doomed: list[str]) -> None:
        """Delete secrets that have expired.

        :raises AtlasError: with those that were deleted.
        """
        for number, identifier in enumerate(doomed):
            try:
                delete(self._kind, self._org_id, identifier)
            except AtlasError as error:
                if number:
                    error.keep(changed=True, deleted_secret_ids=doomed[:number])
                raise

    def _add(self, known: frozenset[str], doomed: list[str], file: SecretFile | None) -> Done:
        self._remove(doomed)
        try:
            new = Creation(self._kind, self._params, (), file, known).carry_out().response
        except AtlasError as error:
            if doomed:
                error.keep(changed=True, deleted_secret_ids=doomed)
            self._kind.explain(error)
            raise
        result = {
            "secret": self._kind.summary(new),
            "shortened": self._kind.shortened(),
            "deleted_secret_ids": doomed,
            **self._written(),
            **({"client_secret": self._kind.secret_of(new)} if self._params["return_secret"] else {}),
        }
        return Done(result, self._kind.state_with(new))


def describe_secrets(secrets: t.Iterable[Secret]) -> str:
    """Return several secrets for a message."""
    return ", ".join(each.describe() for each in secrets)


def _state(secrets: Secrets) -> dict[str, t.Any]:
    """Return what is compared: the expiry of each secret."""
    return {"secrets": {each.id: to_atlas(each.expires_at) for each in secrets.values()}}


def _compare(before: Secret, after: Secret | None) -> dict[str, t.Any]:
    return {
        "id": before.id,
        "expires_at_before": to_atlas(before.expires_at),
        "expires_at_after": to_atlas(after.expires_at) if after else None,
    }
