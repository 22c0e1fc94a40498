# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Part W: what only a write can tell, in an organization that was made to be thrown away."""

from __future__ import annotations

import datetime
import pathlib
import time
import typing as t

from answers import Answer, shape
from wire import Seen, Wire
from workshop import Workshop, throwaway

MAX_WAIT = 60.0  # seconds for a new credential to work, or an old one to stop
STEP = 1.0
DAY = 86400


class Writer:
    """Asks the questions, and collects the answers."""

    def __init__(self, wire: Wire, workshop: Workshop, project: str | None, step: float = STEP) -> None:
        self.wire, self.workshop, self.project, self.step = wire, workshop, project, step
        self.org = f"/orgs/{workshop.org}"
        self.answers: list[Answer] = []

    def ask(self, question: str, expected: t.Any, seen: t.Any) -> None:
        """Note what was expected and what was seen."""
        self.answers.append(Answer(question, expected, seen))

    def until(self, happened: t.Callable[[], bool]) -> str:
        """Wait for something, and return after how long it happened, in steps that hide the network's own delay."""
        start = time.monotonic()
        while time.monotonic() - start < MAX_WAIT:
            if happened():
                return f"within {max(5, 5 * round((time.monotonic() - start) / 5 + 0.5))} s"
            time.sleep(self.step)
        return f"not within {MAX_WAIT:g} s"


def write(wire: Wire, typed: str, directory: pathlib.Path, step: float = STEP) -> list[Answer]:
    """Ask all questions, and remove all that was created.

    :param typed: the name of the organization, as the user typed it.
    :param step: seconds between two looks.
    :raises Refused: if the organization is not one to experiment with.
    """
    org, project = throwaway(wire, typed)
    directory.mkdir(parents=True, exist_ok=True)
    workshop = Workshop(wire, org, directory / "journal.jsonl")
    workshop.sweep()
    writer = Writer(wire, workshop, project, step)
    try:
        for part in (keys, entries, key_in_project, accounts, secrets, account_in_project, feeds):
            part(writer)
    finally:
        leftovers = workshop.remove()
        writer.ask("Everything that was created is gone", [], leftovers)
    return writer.answers


def keys(writer: Writer) -> None:
    """Create a key, use it, change it, and see how fast it stops to work."""
    made = new_key(writer)
    writer.ask("Create a key: the status", 200, made.status)
    writer.ask("Create a key: the whole private key comes back", False, str(field(made, "privateKey")).startswith("*"))
    writer.ask("Create a key: its fields", None, shape(made.body, 1))
    path = f"{writer.org}/apiKeys/{field(made, 'id')}"
    own = writer.wire.as_key(str(field(made, "publicKey")), str(field(made, "privateKey")))
    writer.ask("A new key works", None, writer.until(lambda: own.get("/orgs").status == 200))
    empty = writer.wire.send("PATCH", path, {"roles": []})
    writer.ask("PATCH with no roles is refused", 400, empty.status)
    unknown = writer.wire.send("PATCH", path, {"roles": ["GROUP_OWNER"]})
    writer.ask("PATCH with a project's role is refused", 400, unknown.status)
    writer.ask("PATCH with a project's role: the code", None, unknown.code)
    writer.ask("May a key delete itself?", None, own.send("DELETE", path).refusal)
    writer.wire.send("DELETE", path)
    writer.ask("A deleted key stops to work", None, writer.until(lambda: own.get("/orgs").status == 401))


def entries(writer: Writer) -> None:
    """How access list entries come back, and what a second one of the same address gets."""
    path = f"{writer.org}/apiKeys/{field(new_key(writer), 'id')}/accessList"
    first = writer.wire.send("POST", path, [{"ipAddress": "192.0.2.7"}])
    writer.ask("Add an entry: the status", 200, first.status)
    writer.ask("Add an entry: the whole list comes back", ["192.0.2.7/32"], blocks(first))
    writer.ask("Add the same entry again", None, writer.wire.send("POST", path, [{"ipAddress": "192.0.2.7"}]).refusal)
    for name, entry in (
        ("an IPv6 address", {"ipAddress": "2001:db8::1"}),
        ("a block with host bits", {"cidrBlock": "198.51.100.7/24"}),
        ("0.0.0.0 alone", {"ipAddress": "0.0.0.0"}),
        ("a private address", {"ipAddress": "10.0.0.1"}),
    ):
        before = set(blocks(writer.wire.get(path)))
        added = writer.wire.send("POST", path, [entry])
        after = set(blocks(writer.wire.get(path)))
        writer.ask(f"Add {name}", None, f"{added.refusal}, stored as {sorted(after - before)}")
    gone = writer.wire.send("DELETE", f"{path}/192.0.2.7")
    writer.ask("Delete an entry by its address", 204, gone.status)


def key_in_project(writer: Writer) -> None:
    """Assign a key to a project, twice, and change its organization's roles."""
    if not writer.project:
        writer.answers.append(Answer("A key in a project", None, None, "The organization has no project."))
        return
    identifier = str(field(new_key(writer), "id"))
    path, own = f"/groups/{writer.project}/apiKeys/{identifier}", f"{writer.org}/apiKeys/{identifier}"
    first = writer.wire.send("POST", path, [{"roles": ["GROUP_READ_ONLY"]}])
    writer.ask("Assign a key to a project", True, 200 <= first.status < 300)
    again = writer.wire.send("POST", path, [{"roles": ["GROUP_READ_ONLY"]}])
    writer.ask("Assign it again", "400 API_KEY_ALREADY_IN_GROUP", again.refusal)
    writer.wire.send("PATCH", own, {"roles": ["ORG_MEMBER"]})
    roles = field(writer.wire.get(own), "roles") or []
    kept = any(role.get("groupId") == writer.project for role in roles)
    writer.ask("PATCH of organization roles leaves project roles alone", None, kept)
    writer.ask("Unassign it", 204, writer.wire.send("DELETE", path).status)


def accounts(writer: Writer) -> None:
    """Create service accounts in both ways, and see what names are refused."""
    made = new_account(writer)
    writer.ask("Create an account: the status", 201, made.status)
    secret = first_secret(made)
    writer.ask("Create an account: the secret comes back", True, bool(secret.get("secret")))
    writer.ask("Create an account: its fields", None, shape(made.body, 1))
    account = writer.wire.as_account(str(field(made, "clientId")), str(secret.get("secret")))
    writer.ask("A new secret works", None, writer.until(account.works))
    bare = writer.workshop.create(
        "serviceAccounts", {**ACCOUNT, "name": writer.workshop.name(), "withoutInitialSecret": True}, "clientId"
    )
    writer.ask("withoutInitialSecret: the status", None, bare.refusal)
    writer.ask("withoutInitialSecret: the number of secrets", None, len(field(bare, "secrets") or []))
    long = {**ACCOUNT, "name": writer.workshop.name(), "secretExpiresAfterHours": 9000}
    writer.ask("9000 hours are refused", 400, writer.workshop.create("serviceAccounts", long, "clientId").status)


def secrets(writer: Writer) -> None:
    """Two slots, the cut to seven days, and what deleting a secret does."""
    made = new_account(writer)
    path = f"{writer.org}/serviceAccounts/{field(made, 'clientId')}"
    old = first_secret(made)
    added = writer.wire.send("POST", f"{path}/secrets", {"secretExpiresAfterHours": 2160})
    writer.ask("Add a secret: the status", 201, added.status)
    writer.ask("Adding cuts the other secret to seven days", True, days_left(writer, path, old) <= 7.01)
    third = writer.wire.send("POST", f"{path}/secrets", {"secretExpiresAfterHours": 2160})
    writer.ask("A third secret is refused", True, 400 <= third.status < 500)
    writer.ask("A third secret: the code", None, third.refusal)
    writer.ask("Delete the new secret", 204, writer.wire.send("DELETE", f"{path}/secrets/{field(added, 'id')}").status)
    writer.ask("Deleting the new secret gives the time back", None, days_left(writer, path, old) > 8)
    user = writer.wire.as_account(str(field(made, "clientId")), str(old.get("secret")))
    user.works()
    moved = writer.until(lambda: bool(secret_of(writer, path, old).get("lastUsedAt")))
    writer.ask("last_used_at moves after a mint", None, moved)


def account_in_project(writer: Writer) -> None:
    """Invite an account to a project, twice."""
    if not writer.project:
        writer.answers.append(Answer("An account in a project", None, None, "The organization has no project."))
        return
    path = f"/groups/{writer.project}/serviceAccounts/{field(new_account(writer), 'clientId')}"
    first = writer.wire.send("POST", f"{path}:invite", {"roles": ["GROUP_READ_ONLY"]})
    writer.ask("Invite an account", 200, first.status)
    again = writer.wire.send("POST", f"{path}:invite", {"roles": ["GROUP_READ_ONLY"]})
    writer.ask("Invite it again", "400 INVALID_ROLE_ASSIGNMENT", again.refusal)
    writer.ask("Remove it from the project", 204, writer.wire.send("DELETE", path).status)


def feeds(writer: Writer) -> None:
    """Which feed has which of the events that this run has made."""
    since = datetime.datetime.fromtimestamp(int(writer.workshop.run, 16) - 60, datetime.timezone.utc)
    query = {"minDate": since.strftime("%Y-%m-%dT%H:%M:%SZ"), "itemsPerPage": "500"}
    feeds = {"organization": f"{writer.org}/events"}
    if writer.project:
        feeds["project"] = f"/groups/{writer.project}/events"
    for name, path in feeds.items():
        found = writer.wire.get(path, **query)
        types = sorted({str(event.get("eventTypeName")) for event in found.results})
        writer.ask(f"Types of events in the feed of the {name}", None, types or found.refusal)


ACCOUNT = {"description": "made by an acceptance test", "roles": ["ORG_MEMBER"]}


def new_key(writer: Writer) -> Seen:
    """Create a key that may do little."""
    return writer.workshop.create("apiKeys", {"desc": writer.workshop.name(), "roles": ["ORG_MEMBER"]}, "id")


def new_account(writer: Writer) -> Seen:
    """Create an account that may do little, with a secret of thirty days."""
    body = {**ACCOUNT, "name": writer.workshop.name(), "secretExpiresAfterHours": 720}
    return writer.workshop.create("serviceAccounts", body, "clientId")


def field(seen: Seen, name: str) -> t.Any:
    """Return a field of a response; None if it is not there."""
    return seen.body.get(name) if isinstance(seen.body, dict) else None


def blocks(seen: Seen) -> list[str]:
    """Return the blocks of a page of an access list."""
    return sorted(str(entry.get("cidrBlock")) for entry in seen.results)


def first_secret(seen: Seen) -> dict[str, t.Any]:
    """Return the first secret of an account."""
    found = field(seen, "secrets")
    return dict(found[0]) if found else {}


def secret_of(writer: Writer, path: str, secret: dict[str, t.Any]) -> dict[str, t.Any]:
    """Read an account, and return one of its secrets."""
    found = field(writer.wire.get(path), "secrets") or []
    return next((dict(each) for each in found if each.get("id") == secret.get("id")), {})


def days_left(writer: Writer, path: str, secret: dict[str, t.Any]) -> float:
    """Return for how many days a secret is still valid; -1 if that cannot be read."""
    expires = secret_of(writer, path, secret).get("expiresAt")
    if not expires:
        return -1
    return (datetime.datetime.fromisoformat(str(expires).replace("Z", "+00:00")).timestamp() - time.time()) / DAY
