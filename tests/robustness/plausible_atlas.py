# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An organization in memory with the interface of the client, which does not always do what it says.

It is plausible: each response is one that Atlas could send. But a write may be accepted and not done, done otherwise or
by half, its response may claim what was not done or be lost, and lists may lag.
"""

from __future__ import annotations

import contextlib
import copy
import ipaddress
import types
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import Segment, path
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import APIError, AtlasError, TransportError

ORG, PROJECT = "a0123456789abcdef012345a", "b0123456789abcdef012345b"
_FIRST_SECOND = 0x6A793F75  # 2026-08-10: an ID carries its creation time

Json = dict[str, t.Any]

# What happens to a write.
DOES, EMPTY = "does it", "does it, with an empty response"
NOTHING, SOMETHING_ELSE, HALF = "does nothing", "does something else", "does half"
CLAIMS = "claims it, and does nothing"
DROPPED_BEFORE, DROPPED_AFTER = "dropped before", "dropped after"
ERROR_BEFORE, ERROR_AFTER = "500 before", "500 after"
LATE = "late response"
REFUSED = "refused"

OUTCOMES = (
    DOES,
    EMPTY,
    NOTHING,
    CLAIMS,
    SOMETHING_ELSE,
    HALF,
    DROPPED_BEFORE,
    DROPPED_AFTER,
    ERROR_BEFORE,
    ERROR_AFTER,
    LATE,
    REFUSED,
)

_NOT_DONE = (NOTHING, DROPPED_BEFORE, ERROR_BEFORE, LATE, REFUSED)


class PlausibleAtlas:
    """One organization with one project.

    :param outcome: decides what happens to each write; it is given the request. ``DOES`` by default.
    """

    client_id = "mdb_sa_id_0123456789abcdef01234567"

    def __init__(self, outcome: t.Callable[[str], str] | None = None) -> None:
        self.outcome = outcome or (lambda _request: DOES)
        self.keys: dict[str, Json] = {}
        self.entries: dict[str, list[Json]] = {}
        self.projects = {PROJECT}
        self.own: str | None = None  # the public key that the task uses
        self.lag = 0.0  # seconds that every list is behind
        self.now = 100.0
        self.requests: list[str] = []
        self.bodies: dict[str, t.Any] = {}
        self.warnings: list[str] = []
        self.lines: list[str] = []  # shown while the task runs
        self.created: list[str] = []  # IDs, in order
        self.deleted: list[str] = []
        self.before_response: t.Callable[[str], None] = lambda _request: None
        self._count = 0
        self._late: list[t.Callable[[], object]] = []
        self._history: list[tuple[float, dict[str, Json], dict[str, list[Json]]]] = [(0.0, {}, {})]

    # What a test does

    def add_key(
        self, desc: str, *roles: str, entries: t.Sequence[str] = (), project_roles: t.Sequence[str] = ()
    ) -> str:
        """Add a key as somebody else would, and return its ID."""
        identifier = self._new_key(desc, list(roles) or ["ORG_MEMBER"])["id"]
        self.keys[identifier]["roles"] += [{"groupId": PROJECT, "roleName": role} for role in project_roles]
        self.entries[identifier] = [_entry(ipaddress.ip_network(each)) for each in entries]
        self.created.remove(identifier)
        self._remember()
        return str(identifier)

    def run(self, module: types.ModuleType, *, check_mode: bool = False, **options: t.Any) -> Json:
        """Return the result of a module as the edge would, a failure included."""
        defaults = {option: spec.get("default") for option, spec in module.ARGUMENT_SPEC.items()}
        assert options.keys() <= defaults.keys()
        try:
            result = module.run(t.cast(AtlasClient, self), {**defaults, **options})
            return result.carry_out(check_mode) if isinstance(result, Change) else t.cast("Json", result)
        except AtlasError as error:
            return {"failed": True, "changed": False, "msg": str(error), **error.details(), **error.partial}

    def sleep(self, seconds: float) -> None:
        """Let time pass, as the code under test would."""
        self.now += seconds

    def settle(self) -> None:
        """Let a minute pass: what is late arrives."""
        self.now += 60
        for late in self._late:
            late()
        self._late = []
        self._remember()

    def named(self, desc: str) -> list[str]:
        """Return the IDs of the keys with a description."""
        return [identifier for identifier, key in self.keys.items() if key["desc"] == desc]

    def roles(self, identifier: str, where: str = ORG) -> list[str]:
        """Return the roles of a key in the organization or the project, sorted."""
        return sorted({role["roleName"] for role in self.keys[identifier]["roles"] if where in role.values()})

    def blocks(self, identifier: str) -> list[str]:
        """Return the access list of a key, sorted."""
        return sorted(entry["cidrBlock"] for entry in self.entries[identifier])

    def writes(self) -> list[str]:
        """Return the requests that could change something."""
        return [request for request in self.requests if not request.startswith("GET ")]

    # The interface of the client

    def get(self, *segments: str, id_field: str = "id", known_fields: t.Sequence[str] = (), **query: t.Any) -> Json:
        self._request("GET", segments)
        if segments[0] == "groups":
            self._require_project(segments[1])
            return {"id": segments[1], "orgId": ORG, "name": "Project"}
        return _redacted(self._key(segments[3]))

    def list(self, *segments: str, what: str, is_enough: t.Any = None, **query: t.Any) -> Listing:
        self._request("GET", segments)
        _time, keys, entries = next(each for each in reversed(self._history) if each[0] <= self.now - self.lag)
        if segments[-1] == "accessList":
            self._key(segments[3])
            return Listing(copy.deepcopy(entries.get(segments[3], [])))
        if segments[0] == "groups":
            self._require_project(segments[1])
            return Listing([_redacted(key) for key in keys.values() if _is_in_project(key)])
        return Listing([_redacted(key) for key in keys.values()])

    def warn_if_incomplete(self, listing: Listing) -> bool:
        return listing.complete

    def show(self, line: str) -> None:
        self.lines.append(line)

    def is_own(self, identifier: t.Any) -> bool | None:
        return None if self.own is None else identifier == self.own

    def post(self, *segments: Segment, json: t.Any, idempotent: bool) -> Json:
        names = [str(each) for each in segments]
        if names[-1] == "accessList":
            return self._write("POST", segments, idempotent, json, lambda how: self._add(names[3], json, how))
        if names[0] == "groups":
            return self._write("POST", segments, idempotent, json, lambda how: self._assign(names[3], json, how))
        return self._write("POST", segments, idempotent, json, lambda how: self._create(json, how))

    def patch(self, *segments: Segment, json: t.Any, idempotent: bool) -> Json:
        names = [str(each) for each in segments]
        if names[0] == "groups":
            roles = json["roles"]
            return self._write("PATCH", segments, idempotent, json, lambda how: self._set_roles(names[3], roles, how))
        return self._write("PATCH", segments, idempotent, json, lambda how: self._update(names[3], json, how))

    def delete(self, *segments: Segment, idempotent: bool) -> Json:
        names = [str(each) for each in segments]
        if len(names) > 4:
            return self._write("DELETE", segments, idempotent, None, lambda how: self._remove(names[3], names[5], how))
        if names[0] == "groups":
            return self._write("DELETE", segments, idempotent, None, lambda how: self._unassign(names[3], how))
        return self._write("DELETE", segments, idempotent, None, lambda how: self._delete(names[3], how))

    # How a write ends

    def _write(
        self,
        method: str,
        segments: tuple[Segment, ...],
        idempotent: bool,
        body: t.Any,
        do: t.Callable[[str], Json],
    ) -> Json:
        assert not idempotent  # no write of the collection may be sent twice
        request = self._request(method, segments)
        self.bodies[request] = body
        how = self.outcome(request)
        if how == REFUSED:
            raise APIError(request, 403, {"errorCode": "X", "detail": "No."})
        response: Json = {}
        if how == LATE:
            self._late.append(lambda: _ignore(do))
        elif how not in _NOT_DONE:
            state = copy.deepcopy((self.keys, self.entries, self.created, self.deleted))
            try:
                response = do(DOES if how == CLAIMS else how)
            finally:
                if how == CLAIMS:
                    self.keys, self.entries, self.created, self.deleted = state
                self._remember()
        self.before_response(request)
        if how in (DROPPED_BEFORE, DROPPED_AFTER, LATE):
            raise TransportError(f"No response to {request}: the connection broke.")
        if how in (ERROR_BEFORE, ERROR_AFTER):
            raise APIError(request, 500, {"errorCode": "UNEXPECTED_ERROR"})
        return {} if how in (EMPTY, NOTHING) else response

    def _request(self, method: str, segments: tuple[Segment, ...]) -> str:
        self.now += 0.01
        request = f"{method} {path(*segments)}"
        self.requests.append(request)
        return request

    def _remember(self) -> None:
        self._history.append((self.now, copy.deepcopy(self.keys), copy.deepcopy(self.entries)))

    # What a write does

    def _create(self, body: Json, how: str) -> Json:
        desc, roles = body["desc"], list(body["roles"])
        if how == SOMETHING_ELSE:
            more = list(dict.fromkeys([*roles, "ORG_OWNER"]))
            desc, roles = (desc + " 2", roles) if self._count % 2 else (desc, more)
        elif how == HALF:
            roles = roles[:1]
        key = self._new_key(desc, roles)
        return copy.deepcopy(key)

    def _new_key(self, desc: str, roles: list[str]) -> Json:
        self._count += 1
        number = self._count
        identifier = f"{_FIRST_SECOND + number:08x}{number:016x}"
        self.keys[identifier] = {
            "id": identifier,
            "desc": desc,
            "publicKey": f"key{number:05}",
            "privateKey": f"3f1c0c9e-5d0e-4f5e-9a53-{number:012x}",
            "roles": [{"orgId": ORG, "roleName": role} for role in roles],
        }
        self.entries[identifier] = []
        self.created.append(identifier)
        return self.keys[identifier]

    def _update(self, identifier: str, changes: Json, how: str) -> Json:
        key = self._key(identifier)
        if "desc" in changes:
            key["desc"] = changes["desc"] + (" 2" if how == SOMETHING_ELSE else "")
        if "roles" in changes and not (how == HALF and "desc" in changes):
            roles = [*changes["roles"], *(["ORG_BILLING_ADMIN"] if how == SOMETHING_ELSE else [])]
            others = [role for role in key["roles"] if "orgId" not in role]
            key["roles"] = [{"orgId": ORG, "roleName": role} for role in (roles[:1] if how == HALF else roles)] + others
        return _redacted(key)

    def _delete(self, identifier: str, how: str) -> Json:
        key = self._key(identifier)
        if how == SOMETHING_ELSE:
            key["desc"] = "deleted"
        elif how == HALF:
            self.entries[identifier] = []
        else:
            del self.keys[identifier], self.entries[identifier]
            self.deleted.append(identifier)
        return {}

    def _add(self, identifier: str, body: list[Json], how: str) -> Json:
        self._key(identifier)
        blocks = [ipaddress.ip_network(each.get("cidrBlock") or each["ipAddress"]) for each in body]
        if how == HALF:
            blocks = blocks[: len(blocks) // 2]
        elif how == SOMETHING_ELSE:
            blocks = [block.supernet() for block in blocks]
        for block in blocks:
            if str(block) not in self.blocks(identifier):
                self.entries[identifier].append(_entry(block))
        return {"results": copy.deepcopy(self.entries[identifier]), "totalCount": len(self.entries[identifier])}

    def _remove(self, identifier: str, text: str, how: str) -> Json:
        self._key(identifier)
        found = [entry for entry in self.entries[identifier] if text in entry.values()]
        if not found:
            raise APIError("DELETE", 404, {"errorCode": "RESOURCE_NOT_FOUND"})
        if how == HALF:
            return {}
        if how == SOMETHING_ELSE:
            found = [entry for entry in self.entries[identifier] if entry not in found][:1]
        self.entries[identifier] = [entry for entry in self.entries[identifier] if entry not in found]
        return {}

    def _assign(self, identifier: str, body: list[Json], how: str) -> Json:
        if _is_in_project(self._key(identifier)):
            raise APIError("POST", 400, {"errorCode": "API_KEY_ALREADY_IN_GROUP"})
        return self._set_roles(identifier, body[0]["roles"], how)

    def _set_roles(self, identifier: str, roles: list[str], how: str) -> Json:
        key = self._key(identifier)
        others = [role for role in key["roles"] if "groupId" not in role]
        roles = roles[:1] if how == HALF else [*roles, "GROUP_OWNER"] if how == SOMETHING_ELSE else roles
        key["roles"] = others + [{"groupId": PROJECT, "roleName": role} for role in sorted(set(roles))]
        return _redacted(key)

    def _unassign(self, identifier: str, how: str) -> Json:
        key = self._key(identifier)
        if not _is_in_project(key):
            raise APIError("DELETE", 404, {"errorCode": "API_KEY_NOT_FOUND"})
        kept = {HALF: [role for role in key["roles"] if "groupId" in role][:1]}.get(how, [])
        if how == SOMETHING_ELSE:
            kept = [{"groupId": PROJECT, "roleName": "GROUP_READ_ONLY"}]
        key["roles"] = [role for role in key["roles"] if "groupId" not in role] + kept
        return {}

    def _key(self, identifier: str) -> Json:
        if identifier not in self.keys:
            raise APIError("a request", 404, {"errorCode": "API_KEY_NOT_FOUND"})
        return self.keys[identifier]

    def _require_project(self, identifier: str) -> None:
        if identifier not in self.projects:
            raise APIError("a request", 404, {"errorCode": "GROUP_NOT_FOUND"})


def _ignore(do: t.Callable[[str], Json]) -> None:
    with contextlib.suppress(AtlasError):  # what it was about may be gone
        do(DOES)


def _entry(block: t.Any) -> Json:
    entry = {"cidrBlock": str(block), "count": 0, "created": "2026-08-10T03:02:57Z"}
    return {**entry, "ipAddress": str(block[0])} if block.num_addresses == 1 else entry


def _is_in_project(key: Json) -> bool:
    return any(role.get("groupId") == PROJECT for role in key["roles"])


def _redacted(key: Json) -> Json:
    return {**copy.deepcopy(key), "privateKey": "********-****-****-" + key["privateKey"][-12:]}
