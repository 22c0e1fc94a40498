# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Administration API: the routes of all resources, behind authentication, faults, versions and rate limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Flask, Response, current_app, g, request

from atlas_emulator import versions
from atlas_emulator.authentication import authenticate
from atlas_emulator.call import Call
from atlas_emulator.errors import APIError, RateLimited
from atlas_emulator.fault_injection import inject, lag, write_fault
from atlas_emulator.rate_limits import Limit
from atlas_emulator.resource import Route
from atlas_emulator.resources import RESOURCES
from atlas_emulator.state import State
from atlas_emulator.write_faults import Write, perform

PREFIXES = {"v2": "/api/atlas/v2", "v1": "/api/atlas/v1.0", "public": "/api/public/v1.0"}
"""The generations of the API; the public one is that of Cloud Manager and Ops Manager (docs)."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def add_api(app: Flask, state: State) -> None:
    """Add the API's routes to an application, under every generation's prefix."""
    api = Blueprint("api", __name__)
    api.before_request(lambda: inject(state, before_auth=True))
    api.before_request(lambda: _authenticate(state))
    api.before_request(lambda: inject(state, before_auth=False))
    views: dict[str, Route] = {}
    routes = [route for resource in RESOURCES for route in resource.routes]
    for route in [*routes, Route("/<path:rest>", _refuse, None, METHODS)]:
        endpoint = f"{route.methods[0]} {route.path}".replace(".", "_")
        views[endpoint] = route
        api.add_url_rule(route.path, endpoint, _view(state, route, views), methods=route.methods)
    for name, prefix in PREFIXES.items():
        app.register_blueprint(api, name=name, url_prefix=prefix)


def _authenticate(state: State) -> None:
    """Find the caller before anything else about the request is checked."""
    with state.store.lock:
        g.caller = authenticate(request, state)


def _view(state: State, route: Route, views: Mapping[str, Route]) -> Callable[..., Response]:
    def view(**parameters: str) -> Response:
        call = Call(state, g.caller, PREFIXES[request.blueprint or "v2"], lag())
        g.version, g.query = route.version, route.query
        if route.limit:
            _take_token(call, route.limit)
        if request.blueprint == "v2":
            g.headers.update(versions.check(request.headers.get("Accept", ""), route.version, state.settings))
        if route.exclusive:
            _start_exclusive(state)
        with state.store.lock:
            write = Write(call, lambda: route.view(call, **parameters), lambda path: _read(call, views, path))
            return write.do() if request.method == "GET" else perform(write, write_fault())

    return view


def _start_exclusive(state: State) -> None:
    """Refuse a request while another one to the same path has no response yet (docs)."""
    with state.store.lock:
        if request.path in state.under_way:
            raise APIError(409, "DATA_CONCURRENCY_ERROR", "Another change is under way. Try again.", [request.path])
        state.under_way.add(request.path)
        g.under_way = request.path


def _read(call: Call, views: Mapping[str, Route], path: str) -> Response:
    """Return what the caller of a write would get from a GET of a path."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None, "there is a request"
    endpoint, parameters = adapter.match(path, method="GET")
    return views[endpoint.partition(".")[2]].view(call, **parameters)


def _take_token(call: Call, limit: Limit) -> None:
    """Count the request in its bucket, even if it is refused later; refuse it if the bucket is empty."""
    taken = call.state.buckets.take(limit, call.caller.name if limit.per_caller else call.caller.org.id)
    if taken is None:
        return
    g.headers["RateLimit-Limit"] = str(taken.size.capacity)
    g.headers["RateLimit-Remaining"] = str(taken.remaining)
    if taken.wait and call.state.settings.rate_limits:
        raise RateLimited(f"{call.prefix[1:]}/{limit.path}", taken.wait, taken.size)


def _refuse(call: Call, rest: str) -> Response:
    """Refuse every other path or method. What Atlas answers to an unknown method is not known."""
    if request.method != "GET":
        raise APIError(405, None, "The emulator does not know this method here.", [request.method])
    raise APIError(404, "RESOURCE_NOT_FOUND", f"Cannot find resource {request.path}.", [rest])
