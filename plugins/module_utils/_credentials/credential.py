# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""One credential: find it, and plan its creation, its update or its deletion."""

from __future__ import annotations

import contextlib
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import access_list
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import (
    Change,
    Done,
    Verdict,
    confirm,
    reading_back,
    settle,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.create import (
    Creation,
    is_interruption,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.delete import delete
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.difference import (
    describe_difference,
    wider_roles,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Creatable,
    Credential,
    Kind,
    Managed,
    Params,
    check_own,
    describe_all,
    get_if_exists,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.look import look
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import (
    FORMATS,
    SecretFile,
    exists,
    names_another,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, InvalidResponse, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import (
    NetworkListOption,
    parse_networks,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

# The file for a secret. None of these options is a secret, despite its name.
_FILE_OPTIONS: dict[str, dict[str, t.Any]] = {
    "secret_file": {"type": "path", "no_log": False},
    "secret_format": {"type": "str", "choices": list(FORMATS), "default": "json", "no_log": False},
    "secret_vault_id": {"type": "str", "no_log": False},
}

_ON_MISSING_SECRET = {"type": "str", "choices": ["warn", "fail"], "default": "warn", "no_log": False}

# The options that a new credential needs, in each module that creates one.
CREATION_OPTIONS: dict[str, dict[str, t.Any]] = {
    **_FILE_OPTIONS,
    "access_list": NetworkListOption(default=[]),
}

# What a module that creates credentials allows, for all of them.
PERMISSION_OPTIONS: dict[str, dict[str, t.Any]] = {
    "on_missing_secret": _ON_MISSING_SECRET,
    "allow_anywhere": {"type": "bool", "default": False},
    "allow_self": {"type": "bool", "default": False},
}

# Where one secret goes, in a module that creates one.
SECRET_OPTIONS: dict[str, dict[str, t.Any]] = {
    **_FILE_OPTIONS,
    "return_secret": {"type": "bool", "default": False, "no_log": False},
    "on_missing_secret": _ON_MISSING_SECRET,
}

_OWNER = "ORG_OWNER"

# Credentials of the same name that are read again, to see which of them exist; more are an error at once.
_MAX_TWINS = 10


def plan(kind: Kind, params: Params) -> Change:
    """Return the change of one credential.

    :param params: ``state``, ``org_id``, the options of the kind, and ``CREATION_OPTIONS``.
    :raises UsageError: if the options contradict each other, or what would happen needs an option to be allowed.
    """
    check(kind, params)
    if params["state"] == "absent":
        found = find(kind, params).credential
        return deletion(kind, params, found) if found else Change({}, {}, lambda: Done({}, {}))
    found, known = find(kind, params)
    if found is None:
        return creation(kind, params, known)
    if kind.has_secret(params) and lacks_secret(params, kind.id_of(found)):
        report_missing_secrets(kind, params, [found])
    _compare_access_list(kind, params, found)
    return update(kind, params, found)


def check(kind: Kind, params: Params) -> None:
    """See that the credential is identified, and that a secret would be kept.

    :raises UsageError: if not.
    """
    words = kind.words
    if not params[words.id_option] and not params[words.name_option]:
        raise UsageError(
            f"Neither {words.id_option} nor {words.name_option} is given, so which {words.one} is meant is not known."
        )
    kind.check(params)
    check_secret_is_kept(kind, params)


def check_secret_is_kept(kind: Creatable, params: Params) -> None:
    """Refuse a task that may create a credential and has no place for its secret.

    :raises UsageError: with the options.
    """
    words = kind.words
    may_create = params.get("state") != "absent" and not params[words.id_option] and kind.has_secret(params)
    if may_create and not params["secret_file"] and not params.get("return_secret"):
        places = "secret_file, or return_secret: true" if "return_secret" in params else "secret_file"
        raise UsageError(f"The {words.secret} of a new {words.one} would be lost: give {places}.")


class Found(t.NamedTuple):
    """What the options identify.

    :param credential: None if it does not exist.
    :param known: the identifiers of all that the list contains; empty if it was not read.
    """

    credential: Credential | None
    known: frozenset[str]


def find(kind: Kind, params: Params) -> Found:
    """Return the credential that the options identify. With an identifier and ``state=present``, it must exist.

    :raises UsageError: if that is not certain.
    """
    words, org_id, identifier = kind.words, params["org_id"], params[kind.words.id_option]
    name = params[words.name_option]
    if identifier is None:
        everything = list_all(kind, org_id)
        return Found(_find_current(kind, org_id, everything, name), identifiers(kind, everything))
    if params["state"] == "present":
        return Found(kind.get(org_id, identifier), frozenset())
    found = get_if_exists(kind, org_id, identifier)
    if found and name is not None and found.get(words.name_option) != name:
        raise UsageError(
            f"The {words.one} {kind.describe(found)} has the {words.name_option}"
            f" {shown(str(found.get(words.name_option)))}, not {shown(name)}. It was not deleted. Check"
            f" {words.id_option}, or leave out {words.name_option}."
        )
    return Found(found, frozenset())


def list_all(kind: Kind, org_id: str) -> list[Credential]:
    """Return all credentials of the organization.

    :raises AtlasError: if the list may be incomplete: a credential that is not in it may exist.
    """
    return kind.list_all(org_id).require_complete(f"which {kind.words.many} exist")


def identifiers(kind: Kind, credentials: t.Iterable[Credential]) -> frozenset[str]:
    """Return the identifiers of credentials, of those that have one."""
    return frozenset(filter(None, map(kind.id_of, credentials)))


def find_by_name(kind: Kind, credentials: t.Iterable[Credential], name: str) -> Credential | None:
    """Return the one with this name; None if there is none.

    :raises UsageError: if there are several: Atlas does not keep names unique (reference).
    :raises InvalidResponse: if it has no identifier.
    """
    return _only(kind, _named(kind, credentials, name), name)


def _find_current(kind: Kind, org_id: str, credentials: list[Credential], name: str) -> Credential | None:
    """Return the same as it is now. A list may lag, and still contain what was deleted or renamed."""
    named = _named(kind, credentials, name)
    if len(named) <= _MAX_TWINS:
        current = (get_if_exists(kind, org_id, identify(kind, each)) for each in named)
        named = _named(kind, filter(None, current), name)
    return _only(kind, named, name)


def _named(kind: Kind, credentials: t.Iterable[Credential], name: str) -> list[Credential]:
    return [each for each in credentials if each.get(kind.words.name_option) == name]


def _only(kind: Kind, named: list[Credential], name: str) -> Credential | None:
    words = kind.words
    if len(named) > 1:
        raise UsageError(
            f"Several {words.many} have the {words.name_option} {name!r}: {describe_all(kind, named)}. Give"
            f" {words.id_option}."
        )
    for each in named:
        identify(kind, each)
    return named[0] if named else None


def identify(kind: Kind, credential: Credential) -> str:
    """Return the identifier of a credential.

    :raises InvalidResponse: if it has none.
    """
    identifier = kind.id_of(credential)
    if identifier is None:
        name = shown(str(credential.get(kind.words.name_option)))
        raise InvalidResponse(f"An {kind.words.one} with the {kind.words.name_option} {name} has no ID.", 200)
    return identifier


# Creation


def creation(kind: Kind, params: Params, known: frozenset[str], *, see: bool = True) -> Change:
    """Return the creation of a credential. None may have its name.

    :param known: the identifiers that exist.
    :param see: whether to read it back; not if the caller looks at many creations together.
    """
    words, org_id, name = kind.words, params["org_id"], params[kind.words.name_option]
    after = kind.wanted(params)
    if not after["roles"]:
        raise UsageError(f"No {words.one} has the {words.name_option} {name!r}. To create one, give roles.")
    kind.check_creation(params)
    networks = access_list.ordered(parse_networks("access_list", params["access_list"]))
    access_list.check_size(kind, networks)
    if not params["allow_anywhere"]:
        access_list.check_anywhere("access_list", networks)
    file = open_file(kind, params)
    if file:
        file.check()
    written = {"secret_file": params["secret_file"]} if file else {}
    state = {**after, "access_list": [str(each) for each in networks]}

    def apply() -> Done:
        task = Creation(kind, params, networks, file, known)
        new = task.carry_out()
        returned = {words.secret_result: kind.secret_of(new.response)} if params.get("return_secret") else {}
        result = {words.kind: kind.result(new.response), **kind.creation_result(new.response), **written, **returned}
        done = Done(result, {**new.managed, "access_list": new.entries}, new.response, task.undo)
        return _see_created(kind, org_id, done, known, in_result=bool(returned) and not file) if see else done

    planned = {words.kind: kind.planned({}, after, org_id), **written}
    return Change({}, state, apply, planned=planned)


def _see_created(kind: Kind, org_id: str, done: Done, known: frozenset[str], *, in_result: bool) -> Done:
    """Look whether a new credential is there, and whether another task has created one of the same name.

    :param in_result: whether the secret is in the result alone, which reaches nobody if the task is interrupted.
    """
    created = done.credential or {}
    identifier = identify(kind, created)
    try:
        seen = look(kind, org_id, {identifier: done.after})
    except BaseException as error:  # also the interruption by Ansible's own time-out
        if in_result and done.undo and is_interruption(error):
            done.undo(error)
            raise
        if not isinstance(error, AtlasError):
            raise
        warn_of_missing_look(kind, error)
        return done
    warn_of_twins(kind, seen.listed, [created], known)
    verdict = judge_created(kind, org_id, done, seen.found[identifier])
    if verdict.failure:
        raise _failure(verdict)
    return verdict.done


def judge_created(kind: Kind, org_id: str, done: Done, found: Credential | None) -> Verdict:
    """Compare a credential that this task has created, as it was found, with the response to its creation."""
    words, described = kind.words, kind.describe(done.credential or {})
    if found is None:
        error = AtlasError(f"Atlas answered the creation with the {words.one} {described}, which cannot be found.")
        try:
            if done.undo:  # it may appear later
                done.undo(error)
        except AtlasError as second:
            return Verdict(Done(second.partial, {}), str(second))
        return Verdict(Done({}, {}), f"{error} Run the task again.")
    actual = kind.managed(found, org_id)
    expected = {field: done.after[field] for field in actual}
    if actual == expected:
        return Verdict(done)
    seen = done._replace(result={**done.result, words.kind: kind.result(found)}, after={**done.after, **actual})
    return _compare(kind, described, seen, actual, expected)


def _compare(kind: Kind, described: str, seen: Done, actual: Managed, wanted: Managed) -> Verdict:
    """Say how a credential differs from what was asked for: a failure if access is wider, otherwise a warning."""
    if wider := wider_roles(actual, wanted):
        return Verdict(seen, f"The {kind.words.one} {described} has more roles than asked for: {wider}. Remove them.")
    if difference := describe_difference(actual, wanted):
        kind.client.warnings.append(f"The {kind.words.one} {described} is not as asked for: {difference}.")
    return Verdict(seen)


def _failure(verdict: Verdict) -> AtlasError:
    failure = AtlasError(verdict.failure)
    failure.keep(**verdict.done.result)
    if verdict.done.after:
        failure.keep(changed=True)
    return failure


def warn_of_missing_look(kind: Kind, error: AtlasError) -> None:
    """Warn that what was created could not be read back."""
    kind.client.warnings.append(
        f"The new {kind.words.many} could not be read back, so whether a concurrent task has created one of the same"
        f" name is not known. {error}"
    )


def open_file(kind: Creatable, params: Params) -> SecretFile | None:
    """Return the file that takes the secret; None if there is none."""
    path = params["secret_file"]
    if not path or not kind.has_secret(params):
        return None
    return SecretFile(path, params["secret_format"], params["secret_vault_id"], kind.environment)


def warn_of_twins(kind: Kind, listed: list[Credential], created: list[Credential], known: t.Collection[str]) -> None:
    """Warn if another task has created a credential of the same name at the same time.

    :param listed: all credentials, as they are now.
    :param created: what this task has created.
    :param known: the identifiers that existed before.
    """
    words = kind.words
    ours = identifiers(kind, created)
    names = {str(each.get(words.name_option)) for each in created}
    twins = [
        each
        for each in listed
        if str(each.get(words.name_option)) in names and kind.id_of(each) not in known and kind.id_of(each) not in ours
    ]
    if twins:
        kind.client.warnings.append(
            f"A concurrent task has created {words.many} with the same {words.name_option}:"
            f" {describe_all(kind, twins)}. Delete those that nobody uses."
        )


# A credential that exists


def lacks_secret(params: Params, identifier: str | None = None) -> bool:
    """Return whether the secret of a credential that exists should be delivered and cannot be.

    :param identifier: that of the credential, which an existing file must not contradict; None if it is not compared.
    """
    path = params["secret_file"]
    is_kept = path and exists(path) and not (identifier and names_another(path, identifier))
    return bool(params.get("return_secret") or (path and not is_kept))


def report_missing_secrets(kind: Creatable, params: Params, credentials: list[Credential]) -> None:
    """Warn that the secrets of credentials that exist cannot be delivered, or fail if ``on_missing_secret`` says so.

    :raises AtlasError: if it does.
    """
    words = kind.words
    message = (
        f"The {words.secret} cannot be read again, and this task cannot deliver it, of {len(credentials)} existing"
        f" {words.one if len(credentials) == 1 else words.many}: {describe_all(kind, credentials)}. It is"
        " not returned again, and the file does not exist or contains the secret of another one. If it is lost,"
        f" delete the {words.one} with state: absent and its {words.id_option}, and run the task again."
    )
    if params["on_missing_secret"] == "fail":
        raise AtlasError(message)
    kind.client.warnings.append(message)


def _compare_access_list(kind: Kind, params: Params, found: Credential) -> None:
    """Warn if the access list of a credential that exists is not the one that is given: it is not changed."""
    wanted = parse_networks("access_list", params["access_list"])
    if not wanted:
        return
    identifier = identify(kind, found)
    try:
        entries = access_list.read(kind, params["org_id"], identifier)
    except AtlasError as error:
        kind.client.warnings.append(f"Whether the access list of {identifier} is the given one is not known. {error}")
        return
    if entries.keys() != wanted:
        kind.client.warnings.append(
            f"access_list is for a new {kind.words.one}. That of {identifier} is not changed: it contains"
            f" {access_list.join(entries) or 'nothing'} instead of {access_list.join(wanted)}."
        )


def update(kind: Kind, params: Params, found: Credential, *, see: bool = True) -> Change:
    """Return the change of what differs.

    :param see: whether to read it back; not if the caller looks at many changes together.
    """
    words, org_id, identifier = kind.words, params["org_id"], identify(kind, found)
    before = kind.managed(found, org_id)
    after = {**before, **{field: value for field, value in kind.wanted(params).items() if value is not None}}
    own = kind.is_own(found)
    may_be_owner = before["roles"] is None or _OWNER in before["roles"]
    loses_owner = may_be_owner and after["roles"] != before["roles"] and _OWNER not in after["roles"]
    if loses_owner:
        refusal = f"To take the role {_OWNER} from it, set allow_self: true."
        check_own(kind.client, own, f"{identifier} is the {words.one}", params["allow_self"], refusal)
    changes = {field: after[field] for field in after if after[field] != before[field]}

    def judge(changed: Credential) -> Verdict:
        actual = kind.managed(changed, org_id)
        if lost := kind.project_roles(found) - kind.project_roles(changed):
            kind.client.warnings.append(
                f"The {words.one} {identifier} has lost roles in projects: {', '.join(sorted(lost))}."
            )
        return _compare(kind, identifier, Done({words.kind: kind.result(changed)}, actual), actual, after)

    def apply() -> Done:
        verdict = judge(_send_update(kind, org_id, identifier, changes, after, see=see and not own))
        if verdict.failure:
            failure = AtlasError(verdict.failure)
            if verdict.done.after != before:
                failure.keep(changed=True, **verdict.done.result)
            raise failure
        return verdict.done

    return Change(before, after, apply, planned={words.kind: kind.planned(found, after, org_id)}, judge=judge)


def _send_update(
    kind: Kind, org_id: str, identifier: str, changes: Managed, after: Managed, *, see: bool
) -> Credential:
    """Send the changes, and return the credential as it was read back.

    :param see: whether to read it back although the response shows what is wanted.
    """
    responses: list[Credential] = []

    def is_as_wanted(credential: Credential) -> bool:
        return kind.managed(credential, org_id) == after

    confirm(
        lambda: responses.append(kind.update(org_id, identifier, changes)),
        lambda: is_as_wanted(kind.get(org_id, identifier)),
    )
    if not see and responses and kind.id_of(responses[0]) == identifier and is_as_wanted(responses[0]):
        return responses[0]
    with reading_back():
        return settle(lambda: kind.get(org_id, identifier), is_as_wanted)


def deletion(kind: Kind, params: Params, found: Credential, *, see: bool = True) -> Change:
    """Return the deletion of a credential.

    :param see: whether to see that it is gone; not if the caller looks at many deletions together.
    """
    words, org_id, identifier = kind.words, params["org_id"], identify(kind, found)
    own = kind.is_own(found)
    refusal = "To delete it, set allow_self: true."
    check_own(kind.client, own, f"{identifier} is the {words.one}", params["allow_self"], refusal)
    deleted = {words.deleted: identifier}

    def apply() -> Done:
        try:
            delete(kind, org_id, identifier, see=see and not own)
        except AtlasError as error:
            _keep_what_changed(kind, org_id, found, error)
            raise
        return Done(deleted, {})

    return Change(kind.managed(found, org_id), {}, apply, planned=deleted)


def _keep_what_changed(kind: Kind, org_id: str, before: Credential, error: AtlasError) -> None:
    """Tell with the error of a deletion if the credential is there and has changed."""
    with contextlib.suppress(AtlasError):
        found = get_if_exists(kind, org_id, identify(kind, before))
        if found and kind.managed(found, org_id) != kind.managed(before, org_id):
            error.keep(changed=True, **{kind.words.kind: kind.result(found)})
