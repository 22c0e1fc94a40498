# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limits, as the API itself lists them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.errors import APIError
from atlas_emulator.generator import made_up_hex
from atlas_emulator.parser import Json
from atlas_emulator.permissions import ORG_READERS, check_role
from atlas_emulator.rate_limits import Limit, other_limit
from atlas_emulator.resource import Resource, Route
from atlas_emulator.responses import respond, respond_with_page
from atlas_emulator.settings import BucketSize, Settings

VERSION = "2025-03-12"
LIMIT = other_limit("rateLimits")


@dataclass(frozen=True)
class EndpointSet:
    """The operations that share a limit: method and path of each."""

    limit: Limit
    size: BucketSize
    endpoints: tuple[tuple[str, str], ...]

    def has(self, path: str | None) -> bool:
        """Return whether one of the operations has this path; None: any."""
        return path is None or any(path == known for _method, known in self.endpoints)

    @property
    def id(self) -> str:
        """An ID that depends on the limit alone; what Atlas' look like is not known."""
        return made_up_hex(f"rate limit {self.limit.path}", 24)


def _serialize(one: EndpointSet) -> Json:
    """Return a set (reference). That the default values are those of the settings' defaults is an assumption."""
    default: BucketSize = getattr(Settings(), one.limit.setting) or one.size
    return {
        "capacity": {"defaultValue": default.capacity, "value": one.size.capacity},
        "endpointSetId": one.id,
        "endpointSetName": one.limit.path,
        "endpoints": [{"method": method, "path": path} for method, path in one.endpoints],
        "refillDurationSeconds": {"defaultValue": default.seconds, "value": one.size.seconds},
        "refillRate": {"defaultValue": default.refill, "value": one.size.refill},
        "scope": one.limit.scope,
    }


def _find_sets(call: Call) -> list[EndpointSet]:
    """Return the limits of the routes, those that are switched off left out."""
    by_limit: dict[Limit, list[tuple[str, str]]] = {}
    for resource in call.state.resources:
        for route in resource.routes:
            if route.limit and not route.path.endswith("/"):
                by_limit.setdefault(route.limit, []).append((route.methods[0], "/api/atlas/v2" + route.template))
    sizes = {limit: getattr(call.state.settings, limit.setting) for limit in by_limit}
    return [EndpointSet(limit, sizes[limit], tuple(paths)) for limit, paths in by_limit.items() if sizes[limit]]


def _check(call: Call) -> None:
    """Refuse a caller without Organization Read Only (reference)."""
    call.check_address()
    check_role(call.caller, ORG_READERS)


def list_sets(call: Call) -> Response:
    """``GET /rateLimits``. Only `name` and `endpointPath` choose; all of the others name the caller's own buckets."""
    _check(call)
    name, path = call.query.get("name"), call.query.get("endpointPath")
    found = [one for one in _find_sets(call) if name in (None, one.limit.path) and one.has(path)]
    return respond_with_page(found, lambda one, _url: _serialize(one))


def get_set(call: Call, set_id: str) -> Response:
    """``GET /rateLimits/{endpointSetId}``. The error for an unknown one is an assumption."""
    _check(call)
    for one in _find_sets(call):
        if one.id == set_id:
            return respond(_serialize(one))
    raise APIError(404, "RESOURCE_NOT_FOUND", f"There is no endpoint set {set_id}.", [set_id])


QUERY = ("endpointPath", "groupId", "ipAddress", "name", "orgId", "userId")

RESOURCE: Resource[EndpointSet] = Resource(
    name="rate_limit_sets",
    routes=(
        Route("/rateLimits", list_sets, LIMIT, version=VERSION, query=QUERY),
        Route("/rateLimits/<set_id>", get_set, LIMIT, version=VERSION, query=QUERY),
    ),
)
