# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Many credentials of an organization: planned from one list, then changed one after another."""

from __future__ import annotations

import contextlib
import pathlib
import typing as t

from dataclasses import dataclass

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change, Done
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.create import is_interruption
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.credential import (
    check_secret_is_kept,
    creation,
    deletion,
    find_by_name,
    identifiers,
    identify,
    judge_created,
    lacks_secret,
    list_all,
    report_missing_secrets,
    update,
    warn_of_missing_look,
    warn_of_twins,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.kind import (
    Credential,
    Kind,
    Params,
    describe_all,
    get_if_exists,
)
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.look import look
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.networks import parse_networks
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

Item = dict[str, t.Any]
What = t.Literal["created", "updated", "deleted"]

# The options of each module that works on many credentials, in addition to those for one.
PURGE_OPTIONS: dict[str, dict[str, t.Any]] = {
    "purge": {"type": "bool", "default": False},
    "purge_prefix": {"type": "str"},
    "purge_limit": {"type": "int", "default": 10},
    "allow_empty": {"type": "bool", "default": False},
}

# Characters that are not blank: a shorter beginning is that of too many names.
_MIN_PREFIX = 3

# Names in one message; the result contains all.
_MAX_NAMES = 20

_FREES_A_NAME, _CREATES, _UPDATES, _DELETES = range(4)


@dataclass
class Job:
    """What is done to one credential.

    :param what: ``created``, ``updated`` or ``deleted``.
    :param label: names the item or the credential in messages.
    :param name: the name that the credential shall have, or the name of the one to delete.
    :param own: whether it is the credential that the task uses.
    :param found: the credential as it was found; None if it is created.
    """

    what: What
    label: str
    name: str
    own: bool
    change: Change
    found: Credential | None = None

    def __post_init__(self) -> None:
        self.done = Done(self.change.planned, self.change.after)  # until it is carried out

    @property
    def changed(self) -> bool:
        """Return whether it has changed something, or would."""
        return self.done.after != self.change.before


def plan(kind: Kind, params: Params) -> Change:
    """Return the change of all credentials. All that can be checked is checked before anything is changed.

    :raises UsageError: with the item that is wrong.
    """
    items = [
        {**item, **{option: params[option] for option in ("org_id", "allow_self", "allow_anywhere")}}
        for item in params[f"{kind.words.kind}s"]
    ]
    check_purge(kind, params, items)
    check_items(kind, items)
    existing = list_all(kind, params["org_id"])
    found = match(kind, items, existing)
    return _Batch(kind, params, items, existing, found).plan()


def check_purge(kind: Kind, params: Params, items: list[Item]) -> None:
    """Refuse a purge that may delete more than is meant.

    :raises UsageError: with the option that is wrong, or that allows it.
    """
    if not params["purge"]:
        return
    words, prefix = kind.words, params["purge_prefix"] or ""
    if len("".join(prefix.split())) < _MIN_PREFIX:
        raise UsageError(
            f"purge is true and purge_prefix is {shown(prefix)}; it must contain at least {_MIN_PREFIX} characters that"
            f" are not blank: it is the beginning of the {words.name_option} of the {words.many} that may be deleted."
        )
    if params["purge_limit"] < 0:
        raise UsageError(f"purge_limit is {params['purge_limit']}; it must be at least 0.")
    if not items and not params["allow_empty"]:
        raise UsageError(
            f"purge is true and {words.kind}s is empty: all {words.many} with the prefix {shown(prefix)} would be"
            " deleted. If that is meant, set allow_empty: true."
        )


def check_items(kind: Kind, items: list[Item]) -> None:
    """Check what needs no request.

    :raises UsageError: with the item that is wrong.
    """
    words, labels = kind.words, _labels(kind, items)
    for label, item in zip(labels, items):
        with _naming(label):
            kind.check(item)
            parse_networks("access_list", item["access_list"])
            check_secret_is_kept(kind, item)
    for option in (words.name_option, words.id_option, "secret_file"):
        first: dict[t.Any, str] = {}
        for label, item in zip(labels, items):
            value = item[option]
            same = pathlib.PurePath(value) if value and option == "secret_file" else value
            if value and first.setdefault(same, label) != label:
                raise UsageError(f"{label}: {option} is {shown(value)}, as that of {first[same]}.")


def match(kind: Kind, items: list[Item], existing: list[Credential]) -> list[Credential | None]:
    """Return the credential that each item describes; None if there is none yet.

    Identifiers come first: an item may rename a credential whose name another item then uses for a new one.

    :raises UsageError: if that is not certain, or would not be after the change.
    """
    words, labels = kind.words, _labels(kind, items)
    found: list[Credential | None] = [None] * len(items)
    first: dict[str, str] = {}
    for by_id in (True, False):
        for number, (label, item) in enumerate(zip(labels, items)):
            if (item[words.id_option] is not None) is not by_id:
                continue
            with _naming(label):
                free = existing if by_id else [each for each in existing if kind.id_of(each) not in first]
                found[number] = one = _find(kind, item, free)
                identifier = kind.id_of(one) if one else None
                if identifier and first.setdefault(identifier, label) != label:
                    raise UsageError(f"It describes the {words.one} {identifier}, as {first[identifier]} does.")
    for label, item in zip(labels, items):
        same = [each for each in existing if each.get(words.name_option) == item[words.name_option]]
        if others := [each for each in same if kind.id_of(each) not in first]:
            raise UsageError(
                f"{label}: another {words.one} has this {words.name_option}: {describe_all(kind, others)}."
            )
    return found


def _find(kind: Kind, item: Item, existing: list[Credential]) -> Credential | None:
    identifier = item[kind.words.id_option]
    if identifier is None:
        return find_by_name(kind, existing, item[kind.words.name_option])
    for each in existing:
        if kind.id_of(each) == identifier:
            return each
    raise UsageError(f"No {kind.words.one} of the organization has the ID {identifier}.")


class _Batch(t.NamedTuple):
    """All that one task does."""

    kind: Kind
    params: Params
    items: list[Item]
    existing: list[Credential]
    found: list[Credential | None]

    def plan(self) -> Change:
        self._report_missing_secrets()
        known = identifiers(self.kind, self.existing)
        labels = _labels(self.kind, self.items)
        jobs = [self._job(label, item, found, known) for label, item, found in zip(labels, self.items, self.found)]
        deletions = [self._deletion(each) for each in self._purged()]
        todo = self._order([job for job in (*jobs, *deletions) if job.change.needed])

        def apply() -> Done:
            done: list[Job] = []
            # The credential that the task uses may not be allowed to look afterwards.
            self._carry_out([job for job in todo if not job.own], done, known)
            self._see(done, known)
            self._carry_out([job for job in todo if job.own], done, known)
            return Done(self._result(jobs, todo), _diff(todo)[1])

        return Change(*_diff(todo), apply, planned=self._result(jobs, todo))

    def _report_missing_secrets(self) -> None:
        pairs = [(item, found) for item, found in zip(self.items, self.found) if found]
        lost = [
            found for item, found in pairs if self.kind.has_secret(item) and lacks_secret(item, self.kind.id_of(found))
        ]
        if lost:
            report_missing_secrets(self.kind, self.params, lost)

    def _purged(self) -> list[Credential]:
        """Return the credentials that no item describes and that are to be deleted.

        Each is read: a list may lag, and show one that was renamed since with the prefix.

        :raises UsageError: if these are more than ``purge_limit``.
        """
        if not self.params["purge"]:
            return []
        words, limit = self.kind.words, self.params["purge_limit"]
        described = {self.kind.id_of(found) for found in self.found if found}
        others = [each for each in self.existing if self.kind.id_of(each) not in described]
        purged = self._with_prefix(others)
        if len(purged) > limit:
            raise UsageError(
                f"{len(purged)} {words.many} would be deleted, and purge_limit is {limit}:"
                f" {describe_all(self.kind, purged)}. If that is meant, raise purge_limit. Nothing was changed."
            )
        org_id = self.params["org_id"]
        current = [get_if_exists(self.kind, org_id, identify(self.kind, each)) for each in purged]
        return self._with_prefix(filter(None, current))

    def _with_prefix(self, credentials: t.Iterable[Credential]) -> list[Credential]:
        option, prefix = self.kind.words.name_option, self.params["purge_prefix"]
        return [each for each in credentials if str(each.get(option) or "").startswith(prefix)]

    def _job(self, label: str, item: Item, found: Credential | None, known: frozenset[str]) -> Job:
        name = item[self.kind.words.name_option]
        with _naming(label):
            if found is None:
                return Job("created", label, name, False, creation(self.kind, item, known, see=False))
            change = update(self.kind, item, found, see=False)
            return Job("updated", label, name, bool(self.kind.is_own(found)), change, found)

    def _deletion(self, found: Credential) -> Job:
        words, name = self.kind.words, str(found.get(self.kind.words.name_option))
        label = f"{words.one} {self.kind.id_of(found)} ({shown(name)})"
        with _naming(label):
            change = deletion(self.kind, self.params, found, see=False)
        return Job("deleted", label, name, bool(self.kind.is_own(found)), change, found)

    def _order(self, jobs: list[Job]) -> list[Job]:
        """Return the order in which jobs are done.

        The credential that the task uses comes last: changed or deleted, it may not be allowed to do the rest. A name
        is freed before a new credential takes it. Deletions come last, unless there would be no room.
        """
        new_names = {job.name for job in jobs if job.what == "created"}
        count = len(self.existing) + sum(job.what == "created" for job in jobs)
        no_room = count > self.kind.max_per_org

        def step(job: Job) -> int:
            if job.what == "deleted":
                return -1 if no_room else _DELETES
            if job.what == "created":
                return _CREATES
            old = (job.found or {}).get(self.kind.words.name_option)
            return _FREES_A_NAME if old in new_names else _UPDATES

        return sorted(jobs, key=lambda job: (job.own, step(job)))

    def _carry_out(self, jobs: list[Job], done: list[Job], known: frozenset[str]) -> None:
        """Do jobs one after another. If one fails, the error tells what the task has really changed.

        :param done: gets the jobs that are done.
        """
        for job in jobs:
            try:
                with _naming(job.label):
                    job.done = job.change.apply()
            except AtlasError as error:
                changed = done + [job] * bool(error.partial.get("changed") and job.what != "created")
                if not is_interruption(error):
                    with contextlib.suppress(AtlasError):
                        error.amend(" ".join([str(error), *self._look(done, known)]))
                self._keep_what_changed(error, changed)
                raise
            done.append(job)

    def _see(self, done: list[Job], known: frozenset[str]) -> None:
        """See that all is as Atlas has claimed.

        :raises AtlasError: if something is not, and must not be so.
        """
        try:
            failures = self._look(done, known)
        except AtlasError as error:
            if all(job.what == "created" for job in done):
                warn_of_missing_look(self.kind, error)
                return
            many = self.kind.words.many
            error.amend(f"Whether the changed and deleted {many} are as asked for is not known: {error}")
            self._keep_what_changed(error, done)
            raise
        if failures:
            failure = AtlasError(" ".join(failures))
            self._keep_what_changed(failure, done)
            raise failure

    def _look(self, done: list[Job], known: frozenset[str]) -> list[str]:
        """Look once at all that was created, changed and deleted, except for the task's own credential.

        :returns: why the task fails, for each job whose outcome must not be so.
        :raises AtlasError: if that cannot be read.
        """
        jobs = {self._id_of(job): job for job in done if not job.own}
        if not jobs:
            return []
        expected = {each: job.done.after if job.what != "deleted" else None for each, job in jobs.items()}
        seen = look(self.kind, self.params["org_id"], expected)
        created = [job.done.credential for job in jobs.values() if job.what == "created" and job.done.credential]
        warn_of_twins(self.kind, seen.listed, created, known)
        return list(filter(None, (self._judge(job, seen.found[identifier]) for identifier, job in jobs.items())))

    def _judge(self, job: Job, found: Credential | None) -> str:
        """Return why the task fails about one credential, as it was found; empty if it does not."""
        one, org_id = self.kind.words.one, self.params["org_id"]
        if job.what == "created":
            job.done, failure = judge_created(self.kind, org_id, job.done, found)
            return failure and f"{job.label}: {failure}"
        if job.what == "deleted":
            if found is None:
                return ""
            job.done = Done({}, self.kind.managed(found, org_id))
            return (
                f"Atlas accepted the deletion of {job.label}, and it is still there. Whether parts of it are gone, such"
                " as its access list, is not known. Run the task again."
            )
        if found is None:
            return f"{job.label}: the {one} {self._id_of(job)} is gone."
        if self.kind.managed(found, org_id) == job.done.after or not job.change.judge:
            return ""
        job.done, failure = job.change.judge(found)
        return failure and f"{job.label}: {failure}"

    def _keep_what_changed(self, error: AtlasError, done: list[Job]) -> None:
        """Tell with the error what the task has changed."""
        changed = [job for job in done if job.changed]
        changes = self._changes(changed)
        error.keep(**changes)
        for field in ("left_behind", "candidates"):
            if named := [each for job in done for each in job.done.result.get(field, ())]:
                error.keep(**{field: [*error.partial.get(field, ()), *named]})
        if changed or error.partial.get("left_behind"):
            error.keep(changed=True)
        if any(changes.values()):
            described = "; ".join(f"{what}: {_shorten(names)}" for what, names in changes.items() if names)
            error.amend(f"{error} Before that, this task has changed {self.kind.words.many}. {described}.")

    def _result(self, jobs: list[Job], todo: list[Job]) -> dict[str, t.Any]:
        present = [job.done.result.get(self.kind.words.kind) for job in jobs]
        return {f"{self.kind.words.kind}s": present, **self._changes([job for job in todo if job.changed])}

    def _changes(self, jobs: list[Job]) -> dict[str, list[str]]:
        """Return what is changed, as fields of the result."""
        deleted = f"{self.kind.words.deleted}s"
        changes: dict[str, list[str]] = {"created": [], "updated": [], deleted: []}
        for job in jobs:
            if job.what == "deleted":
                changes[deleted] += [] if job.done.after else [self._id_of(job)]
            else:
                changes[job.what].append(job.name)
        return changes

    def _id_of(self, job: Job) -> str:
        return str(self.kind.id_of(job.found or job.done.credential or {}))


def _diff(jobs: list[Job]) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """Return the credentials that change, by name, before and after."""
    before: dict[str, t.Any] = {}
    after: dict[str, t.Any] = {}
    for job in jobs:
        # Several credentials that are deleted may have the same name.
        name = job.label if job.name in before else job.name
        before.update({name: job.change.before} if job.change.before else {})
        after.update({name: job.done.after} if job.done.after else {})
    return before, after


def _labels(kind: Kind, items: list[Item]) -> list[str]:
    """Return what names each item in messages."""
    words = kind.words
    return [f"{words.kind}s[{number}] ({shown(str(item[words.name_option]))})" for number, item in enumerate(items)]


def _shorten(names: list[str]) -> str:
    rest = len(names) - _MAX_NAMES
    return ", ".join(names[:_MAX_NAMES]) + (f" and {rest} more" if rest > 0 else "")


@contextlib.contextmanager
def _naming(label: str) -> t.Iterator[None]:
    """Put a label in front of the text of an error."""
    try:
        yield
    except AtlasError as error:
        error.amend(f"{label}: {error}")
        raise
