# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Requests to the Atlas Administration API: versions, pages, and whether a response is about what was asked for.

Each resource has a file of its own in this folder.
"""

from __future__ import annotations

import contextlib
import datetime
import threading
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Items, Listing, read_pages
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import Segment, is_object_id, path
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.progress import Progress
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.times import from_http
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import InvalidResponse
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.rate_limiter import CONNECTIONS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.response import Response
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import Session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.transport import Query
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import mask, shown

# The older generations have paths of their own; a date chooses a version of v2.
OLDER_ROOTS = {"v1.0": "/api/atlas/v1.0", "public/v1.0": "/api/public/v1.0"}

# How often a list that is not complete is read again, from the start.
_READ_AGAIN = 2

# Seconds between two looks at whether requests have to wait, while they run side by side.
_LOOK_EVERY = 0.5

Item = t.TypeVar("Item")
Result = t.TypeVar("Result")


class AtlasClient:
    """Requests to Atlas, as one task makes them.

    Resources are Atlas' JSON, unwrapped from their envelope and otherwise as they came. Every method raises AtlasError
    if there is no response, an error of Atlas, or a response that Atlas would not send. ``warnings`` collects what the
    task should warn of.

    :param api_version: a date (v2), ``v1.0`` or ``public/v1.0``.
    :param query: ``envelope`` and ``pretty``, sent with every request.
    """

    def __init__(self, session: Session, api_version: str, query: dict[str, str]) -> None:
        self._session = session
        self._root = OLDER_ROOTS.get(api_version, "/api/atlas/v2")
        self._type = "application/json" if api_version in OLDER_ROOTS else f"application/vnd.atlas.{api_version}+json"
        self._query = query
        self.warnings: list[str] = []
        self._time: datetime.datetime | None = None

    def get(
        self, *segments: Segment, id_field: str = "id", known_fields: t.Sequence[str] = (), **query: t.Any
    ) -> dict[str, t.Any]:
        """One resource. See ``path`` for SEGMENTS.

        :param id_field: the field that holds the identifier, if SEGMENTS end with one.
        :param known_fields: if they do not: fields of which the resource has one at least.
        :raises InvalidResponse: if it is not the resource that was asked for.
        """
        resource = self._send("GET", segments, idempotent=True, query=query).resource()
        if len(segments) % 2 == 0:
            _check_identity(resource, id_field, str(segments[-1]), path(*segments))
        elif not resource.keys() & set(known_fields):
            raise _not_asked_for(path(*segments), f"none of the fields {', '.join(known_fields)}")
        _check_owner([resource], segments)
        return resource

    def list(
        self, *segments: Segment, what: str, is_enough: t.Callable[[Items], bool] | None = None, **query: t.Any
    ) -> Listing:
        """Return all items of a list, from all its pages.

        A list that is not complete is read again, from the start. If it still is not, ``problem`` says so: whoever
        needs it decides whether that is a warning or an error.

        :param what: what the list contains, for ``problem``.
        :param is_enough: see ``read_pages``.
        """

        def read_page(number: int, size: int) -> dict[str, t.Any]:
            numbered = {**query, "itemsPerPage": str(size), "pageNum": str(number)}
            return self._send("GET", segments, idempotent=True, query=numbered).resource()

        for _each in range(1 + _READ_AGAIN):
            listing = read_pages(read_page, path(*segments), is_enough)
            if listing.complete or (is_enough and is_enough(listing.items)):
                break
        _check_owner(listing.items, segments)
        if listing.complete:
            return listing
        problem = f"The list of {what} ({path(*segments)}) may be incomplete: {listing.problem}."
        return Listing(listing.items, problem)

    def warn_if_incomplete(self, listing: Listing) -> bool:
        """Return whether a list that the task returns is complete, and warn if it is not."""
        if listing.problem:
            self.warnings.append(listing.problem)
        return listing.complete

    def post(self, *segments: Segment, json: t.Any, idempotent: bool) -> dict[str, t.Any]:
        """Create something, or add to it. The result is Atlas' response, empty if that is.

        :param json: the body.
        :param idempotent: whether it may be sent again after a lost response.
        """
        return self._written("POST", segments, idempotent, json)

    def patch(self, *segments: Segment, json: t.Any, idempotent: bool) -> dict[str, t.Any]:
        """Change something. Parameters and result are those of ``post``."""
        return self._written("PATCH", segments, idempotent, json)

    def _written(self, method: str, segments: tuple[Segment, ...], idempotent: bool, json: t.Any) -> dict[str, t.Any]:
        body = self._send(method, segments, idempotent=idempotent, json=json).written()
        _check_owner([body], segments)
        return body

    def delete(self, *segments: Segment, idempotent: bool) -> dict[str, t.Any]:
        """Delete something. Parameters and result are those of ``post``."""
        return self._send("DELETE", segments, idempotent=idempotent).written()

    def map(
        self, function: t.Callable[[Item], Result], items: t.Sequence[Item], what: str = "requests"
    ) -> t.Sequence[Result]:
        """Return the results of a function for each item, in their order.

        Calls run concurrently, and the first failure ends all of them.


        :param what: what is read, for the user who waits.
        """
        if len(items) < 2:
            return [function(item) for item in items]
        # Imported here, because most tasks need no threads, and the import takes 20 ms. Its threads are daemons: they
        # end with the task, and one that hangs holds nothing up.
        from multiprocessing import TimeoutError as NotYet
        from multiprocessing.pool import ThreadPool

        over = threading.Event()

        def call(numbered: tuple[int, Item]) -> tuple[int, Result | None]:
            number, item = numbered
            return number, None if over.is_set() else function(item)

        waits = self._session.waits[0]
        progress = Progress(what, len(items), self._session.show)
        pool = ThreadPool(min(CONNECTIONS, len(items)))
        results: dict[int, Result | None] = {}
        try:
            calls = pool.imap_unordered(call, enumerate(items))
            while len(results) < len(items):
                with contextlib.suppress(NotYet):
                    number, result = calls.next(timeout=_LOOK_EVERY)
                    results[number] = result
                progress.update(len(results), waited=self._session.waits[0] > waits)
        finally:
            over.set()
            self._session.cancel()
            pool.terminate()
        return [t.cast(Result, results[number]) for number in range(len(items))]

    def show(self, line: str) -> None:
        """Show a line to the user at once, where that is possible: the task may be ended before it returns a result."""
        if self._session.show:
            self._session.show(mask(line, self._session.secrets))

    def is_own(self, identifier: t.Any) -> bool | None:
        """Return whether a credential is the one that the task uses. See ``AuthMethod.is_own``."""
        return self._session.is_own(identifier)

    def now(self) -> datetime.datetime:
        """Return Atlas' time, in UTC: what has expired there does not depend on the clock of this host.

        It is the time of the last response; before there is one that tells the time, it is that of this host.
        """
        return self._time or datetime.datetime.now(datetime.timezone.utc)

    @property
    def caller(self) -> tuple[str, str | None]:
        """Return the kind of the task's credentials, and what identifies them. See ``AuthMethod``."""
        return self._session.caller

    # The tokens of a service account

    @property
    def client_id(self) -> str:
        """The service account that the next two methods mint and revoke with."""
        return self._session.client_id

    def mint_token(self) -> dict[str, t.Any]:
        """Return a new token, which the caller must revoke."""
        return self._session.mint()

    def revoke_token(self, token: str) -> None:
        """Revoke a token. Atlas is not known to say whether it was alive."""
        self._session.revoke(token)

    def _send(
        self,
        method: str,
        segments: tuple[Segment, ...],
        *,
        idempotent: bool,
        query: Query | None = None,
        json: t.Any = None,
    ) -> Response:
        headers = {"Accept": self._type, **({} if json is None else {"Content-Type": self._type})}
        address = self._root + path(*segments)
        response = self._session.send(
            method, address, headers, {**self._query, **(query or {})}, json, idempotent=idempotent
        )
        self._time = from_http(response.headers.get("Date")) or self._time
        return response


def _check_identity(resource: dict[str, t.Any], field: str, identifier: str, where: str) -> None:
    found = resource.get(field)
    if found != identifier:
        what = f"the {field} {shown(str(found))}" if found is not None else f"no {field}"
        raise _not_asked_for(where, what)


def _not_asked_for(where: str, what: str) -> InvalidResponse:
    return InvalidResponse(
        f"The response to {where} has {what}: it is not the resource that was asked for. Is base_url Atlas itself,"
        " or does a proxy answer in its place?",
        200,
    )


def _check_owner(resources: t.Iterable[dict[str, t.Any]], segments: tuple[Segment, ...]) -> None:
    """Refuse resources of another organization or project than the one in the path, where they name theirs."""
    field, owner = {"orgs": ("orgId", "organization"), "groups": ("groupId", "project")}.get(str(segments[0]), ("", ""))
    if len(segments) < 2 or not field or not is_object_id(segments[1]):
        return
    for resource in resources:
        roles = resource.get("roles") if owner == "organization" else None  # those in other projects are no mistake
        named = [resource, *(role for role in (roles if isinstance(roles, list) else []) if isinstance(role, dict))]
        for foreign in (each.get(field) for each in named if each.get(field) not in (None, segments[1])):
            raise InvalidResponse(
                f"The response to {path(*segments)} belongs to another {owner}, {shown(str(foreign))}. Is base_url"
                " Atlas itself, or does a proxy answer in its place?",
                200,
            )
