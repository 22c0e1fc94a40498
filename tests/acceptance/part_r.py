# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Part R: what any member of an organization can find out with GET alone, in at most 40 requests."""

from __future__ import annotations

import datetime
import re
import typing as t

from answers import Answer, shape
from wire import Seen, Wire

MAX_REQUESTS = 40
NOBODY = "000000000000000000000000"  # an ID that no organization and no key has
REDACTED = re.compile(r"\*{8}-\*{4}-\*{4}-[0-9a-f]{12}")
# Seconds that an ID may be older than the creation that is recorded; 1 to 4 were seen.
MAX_AGE_OF_ID = 5


class Reader:
    """Asks the questions, and collects the answers."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.answers: list[Answer] = []
        self.org = ""

    def ask(self, question: str, expected: t.Any, seen: t.Any) -> None:
        """Note what was expected and what was seen."""
        self.answers.append(Answer(question, expected, seen))

    def skip(self, question: str, why_not: str) -> None:
        """Note that a question could not be asked."""
        self.answers.append(Answer(question, None, None, why_not))

    def fields(self, question: str, items: list[dict[str, t.Any]], wanted: set[str]) -> None:
        """Ask whether every item has the fields that are known; what else it has is learned."""
        if not items:
            self.skip(question, "There is none.")
            return
        self.ask(question, [], sorted(set().union(*(wanted - item.keys() for item in items))))
        self.ask(f"{question}: other fields", None, sorted(set().union(*(item.keys() for item in items)) - wanted))


def read(wire: Wire) -> list[Answer]:
    """Ask all questions.

    :raises AssertionError: if that took more requests than promised.
    """
    reader = Reader(wire)
    for part in (versions, organization, keys, errors, access_list, limits, projects, events, service_accounts):
        part(reader)
    assert wire.count <= MAX_REQUESTS, f"{wire.count} requests"
    return reader.answers


def versions(reader: Reader) -> None:
    """Which versions of the API are served, and how."""
    orgs = reader.wire.get("/orgs")
    reader.ask("GET /orgs", 200, orgs.status)
    reader.ask("The content type of a success names a version", True, "vnd.atlas." in content_type(orgs))
    first = orgs.results[0] if orgs.results else {}
    reader.org = str(first.get("id", ""))
    reader.fields("The fields of an organization", orgs.results, {"id", "name", "links", "isDeleted"})
    reader.ask("No version in Accept", "406 INVALID_VERSION_DATE", reader.wire.get("/orgs", "application/json").refusal)
    wrong = reader.wire.get("/orgs", "application/vnd.atlas.2025-99-99+json")
    reader.ask("A version that is no date", "406 INVALID_VERSION_DATE", wrong.refusal)
    between = reader.wire.get("/orgs", "application/vnd.atlas.2025-01-01+json")
    reader.ask("A date between two versions", None, between.refusal)
    reader.ask("GET /orgs/, with a slash", None, reader.wire.get("/orgs/").refusal)


def organization(reader: Reader) -> None:
    """One organization and its settings."""
    found = reader.wire.get(f"/orgs/{reader.org}")
    reader.ask("GET /orgs/{orgId}", 200, found.status)
    settings = reader.wire.get(f"/orgs/{reader.org}/settings")
    if settings.status == 200:
        known = {"apiAccessListRequired", "multiFactorAuthRequired"}
        reader.fields("The settings of an organization", [settings.body], known)
    else:
        reader.skip("The settings of an organization", settings.refusal)
    enveloped = reader.wire.get(f"/orgs/{reader.org}", envelope="true")
    reader.ask("envelope=true wraps one resource", ["content", "status"], sorted(shape(enveloped.body) or []))


def keys(reader: Reader) -> None:
    """The list of API keys: pages, counts, shapes, the age in an ID."""
    path = f"/orgs/{reader.org}/apiKeys"
    page = reader.wire.get(path, itemsPerPage="500")
    reader.ask("GET apiKeys", 200, page.status)
    reader.fields("The fields of an API key", page.results, {"desc", "id", "links", "privateKey", "publicKey", "roles"})
    if not page.results:
        return
    reader.ask("totalCount", len(page.results), page.body.get("totalCount")) if not page.has_next else None
    names = [str(key.get("publicKey")) for key in page.results]
    reader.ask("Keys come sorted by public key", True, names == sorted(names))
    reader.ask("A public key has 8 characters", {8}, {len(name) for name in names})
    redacted = all(REDACTED.fullmatch(str(key.get("privateKey"))) for key in page.results)
    reader.ask("Private keys are redacted but for twelve digits", True, redacted)
    roles = [role for key in page.results for role in key.get("roles") or []]
    reader.ask(
        "Each role names an organization or a project", True, all({"orgId", "groupId"} & role.keys() for role in roles)
    )
    if len(page.results) > 1:
        first = reader.wire.get(path, itemsPerPage="1")
        reader.ask("A first page of one item links to the next", True, first.has_next)
        uncounted = reader.wire.get(path, itemsPerPage="1", includeCount="false")
        reader.ask("includeCount=false: totalCount", 0, uncounted.body.get("totalCount"))
        reader.ask("includeCount=false: a full page links to the next", False, uncounted.has_next)
    reader.ask("The IDs of keys hold a time between 2012 and now", True, all(map(plausible, page.results)))


def errors(reader: Reader) -> None:
    """How Atlas refuses."""
    path = f"/orgs/{reader.org}/apiKeys"
    missing = reader.wire.get(f"{path}/{NOBODY}")
    reader.ask("A key that does not exist: the code", "API_KEY_NOT_FOUND", missing.code)
    reader.ask("A key that does not exist: the status", None, missing.status)
    reader.ask(
        "A public key in the ID's place", "400 PATH_PARAM_PARSE_ERROR", reader.wire.get(f"{path}/abcdefgh").refusal
    )
    foreign = reader.wire.get(f"/orgs/{NOBODY}")
    reader.ask("An organization that does not exist, or is not ours", None, foreign.refusal)
    reader.ask("An error is plain JSON", True, content_type(foreign).startswith("application/json"))
    reader.ask("An error repeats its code as X-Error-Code", foreign.code, foreign.headers.get("X-Error-Code"))
    challenge = reader.wire.challenge()
    scheme = challenge.headers.get("WWW-Authenticate", "")
    reader.ask("The challenge of digest", True, 'realm="MMS Public API"' in scheme and "algorithm=MD5" in scheme)
    reader.ask("The challenge has no RateLimit headers", False, "RateLimit-Limit" in challenge.headers)


def access_list(reader: Reader) -> None:
    """The access list of the caller's own key."""
    path = f"/orgs/{reader.org}/apiKeys"
    own = [key for key in reader.wire.get(path, itemsPerPage="500").results if is_own(reader.wire, key)]
    if not own:
        reader.skip("The access list of the caller's own key", f"The caller is a {reader.wire.kind}.")
        return
    entries = reader.wire.get(f"{path}/{own[0].get('id')}/accessList")
    reader.ask("A key may read its own access list", 200, entries.status)
    reader.fields("The fields of an access list entry", entries.results, {"cidrBlock", "count", "created"})


def limits(reader: Reader) -> None:
    """Rate limits, as headers and as a resource."""
    page = reader.wire.get(f"/orgs/{reader.org}/apiKeys", itemsPerPage="1")
    reader.ask("RateLimit-Limit of API keys", "500", page.headers.get("RateLimit-Limit"))
    reader.ask("RateLimit-Remaining comes with it", True, "RateLimit-Remaining" in page.headers)
    buckets = reader.wire.get("/rateLimits", orgId=reader.org)
    reader.ask("GET /rateLimits", 200, buckets.status)
    known = {
        "endpointSetId",
        "endpointSetName",
        "scope",
        "capacity",
        "refillRate",
        "refillDurationSeconds",
        "endpoints",
    }
    reader.fields("The fields of a rate limit", buckets.results, known)


def projects(reader: Reader) -> None:
    """The projects of the organization, and the time in their IDs."""
    page = reader.wire.get(f"/orgs/{reader.org}/groups", itemsPerPage="100")
    known = {"clusterCount", "created", "id", "links", "name", "orgId"}
    reader.fields("The fields of a project", page.results, known)
    ages = [time_of(item["created"]) - time_in(item["id"]) for item in page.results if {"created", "id"} <= item.keys()]
    if ages:
        reader.ask("IDs of projects hold their creation", True, all(0 <= age <= MAX_AGE_OF_ID for age in ages))
    if page.results:
        feed = reader.wire.get(f"/groups/{page.results[0].get('id')}/events", itemsPerPage="1")
        reader.ask("A project has a feed of events", None, feed.refusal)


def events(reader: Reader) -> None:
    """The events of the organization: their fields, their order, and the creation of keys."""
    path = f"/orgs/{reader.org}/events"
    page = reader.wire.get(path, itemsPerPage="500")
    reader.fields("The fields of an event", page.results, {"id", "created", "eventTypeName", "isGlobalAdmin", "links"})
    times = [str(event.get("created")) for event in page.results]
    reader.ask("Events come newest first", True, times == sorted(times, reverse=True))
    in_project = [event for event in page.results if str(event.get("eventTypeName")).endswith("_GROUP")]
    reader.ask("The organization's feed has events of projects", False, bool(in_project))
    created = {
        str(each.get("targetPublicKey")): each
        for each in page.results
        if each.get("eventTypeName") == "API_KEY_CREATED"
    }
    listed = reader.wire.get(f"/orgs/{reader.org}/apiKeys", itemsPerPage="500").results
    pairs = [(key, created[str(key.get("publicKey"))]) for key in listed if str(key.get("publicKey")) in created]
    if pairs:
        gaps = [time_of(event["created"]) - time_in(key["id"]) for key, event in pairs]
        reader.ask("IDs of keys hold their creation", True, all(0 <= gap <= MAX_AGE_OF_ID for gap in gaps))
    else:
        reader.skip("IDs of keys hold their creation", "The feed shows no creation of a key that still exists.")


def service_accounts(reader: Reader) -> None:
    """Service accounts, their secrets, projects and access lists: nothing of this was ever recorded."""
    path = f"/orgs/{reader.org}/serviceAccounts"
    page = reader.wire.get(path, itemsPerPage="100")
    if page.status != 200:
        reader.skip("Service accounts", page.refusal)
        return
    reader.fields(
        "The fields of a service account", page.results, {"clientId", "name", "roles", "createdAt", "secrets"}
    )
    if not page.results:
        return
    account = page.results[0]
    secrets = [secret for each in page.results for secret in each.get("secrets") or []]
    reader.fields("The fields of a secret", secrets, {"id", "createdAt", "expiresAt", "maskedSecretValue"})
    reader.ask(
        "Roles of an account are strings", True, all(isinstance(role, str) for role in account.get("roles") or [])
    )
    ages = [
        time_of(each["createdAt"]) - time_in(str(each["clientId"])[-24:])
        for each in page.results
        if each.get("createdAt")
    ]
    reader.ask("Client IDs hold the creation", None, all(0 <= age <= MAX_AGE_OF_ID for age in ages))
    one = f"{path}/{account.get('clientId')}"
    entries = reader.wire.get(f"{one}/accessList")
    known = {"createdAt", "lastUsedAt", "lastUsedAddress", "requestCount"}
    reader.fields("The fields of an entry of an account", entries.results, known)
    assigned = reader.wire.get(f"{one}/groups")
    reader.fields("The fields of an account's project", assigned.results, {"groupId"})


def content_type(seen: Seen) -> str:
    """Return the content type of a response."""
    return seen.headers.get("Content-Type", "")


def is_own(wire: Wire, key: dict[str, t.Any]) -> bool:
    """Whether a key is the one that the caller uses."""
    return wire.kind == "API key" and key.get("publicKey") == wire.public_key


def time_in(identifier: str) -> float:
    """Return the seconds since 1970 in the first eight digits of an ID."""
    return float(int(str(identifier)[:8], 16))


def time_of(text: str) -> float:
    """Return a time that Atlas wrote as seconds since 1970."""
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def plausible(resource: dict[str, t.Any]) -> bool:
    """Whether the ID of a resource holds a time between 2012 and now, a minute of clock drift included."""
    now = datetime.datetime.now(datetime.timezone.utc).timestamp()
    try:
        return (
            datetime.datetime(2012, 1, 1, tzinfo=datetime.timezone.utc).timestamp()
            <= time_in(resource["id"])
            <= now + 60
        )
    except (KeyError, ValueError):
        return False
