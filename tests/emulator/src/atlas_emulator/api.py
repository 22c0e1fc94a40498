# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of the Administration API: each finds the thing, checks who asks, and shows it."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, g, request

from atlas_emulator import versions
from atlas_emulator.access import check_access_list_reader, check_address, check_id, own_org
from atlas_emulator.answers import show, show_page
from atlas_emulator.authentication import caller_of
from atlas_emulator.buckets import Take
from atlas_emulator.directory import Caller
from atlas_emulator.errors import Refusal
from atlas_emulator.model import ApiKey, Org
from atlas_emulator.shapes import show_access_entry, show_key, show_org
from atlas_emulator.state import State
from atlas_emulator.strike import strike

PREFIXES = {"v2": "/api/atlas/v2", "v1": "/api/atlas/v1.0", "public": "/api/public/v1.0"}
"""The generations of the API. Cloud Manager and Ops Manager, the public one, know digest only (docs)."""


def add_api(app: Flask, state: State) -> None:
    """Put the API's routes into an application, under every generation's prefix."""
    routes = _Routes(state)
    api = Blueprint("api", __name__)
    api.before_request(lambda: strike(state, before_auth=True))
    api.before_request(routes.authenticate)
    api.before_request(lambda: strike(state, before_auth=False))
    api.before_request(routes.check_version)
    api.add_url_rule("/orgs", view_func=routes.list_orgs)
    api.add_url_rule("/orgs/<org_id>", view_func=routes.get_org)
    api.add_url_rule("/orgs/<org_id>/apiKeys", view_func=routes.list_keys)
    api.add_url_rule("/orgs/<org_id>/apiKeys/<key_id>", view_func=routes.get_key)
    api.add_url_rule("/orgs/<org_id>/apiKeys/<key_id>/accessList", view_func=routes.list_access_entries)
    api.add_url_rule("/<path:rest>", view_func=routes.nothing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    for name, prefix in PREFIXES.items():
        app.register_blueprint(api, name=name, url_prefix=prefix)


class _Routes:
    """The view functions."""

    def __init__(self, state: State) -> None:
        self._state = state

    def authenticate(self) -> None:
        """Find out who asks, before anything else about the request is looked at."""
        g.caller = caller_of(request, self._state, bearer=request.blueprint != "public")

    def check_version(self) -> None:
        """See to it that the request asks for a version that there is."""
        if request.blueprint == "v2":
            g.headers.update(versions.check(request.headers.get("Accept", ""), self._state.settings))

    def list_orgs(self) -> Response:
        """``GET /orgs``: the caller's own organization and no other."""
        caller: Caller = g.caller
        check_address(caller, request.environ["REMOTE_ADDR"])
        self._take(self._state.user_buckets.take(caller.name))
        return show_page([caller.org], lambda org, url: show_org(org, f"{url}/{org.id}"))

    def get_org(self, org_id: str) -> Response:
        """``GET /orgs/{orgId}``."""
        return show(show_org(self._org(org_id), request.base_url))

    def list_keys(self, org_id: str) -> Response:
        """``GET /orgs/{orgId}/apiKeys``."""
        keys = self._org(org_id).api_keys
        return show_page(keys, lambda key, url: show_key(key, f"{url}/{key.id}"))

    def get_key(self, org_id: str, key_id: str) -> Response:
        """``GET /orgs/{orgId}/apiKeys/{apiUserId}``."""
        return show(show_key(self._key(org_id, key_id), request.base_url))

    def list_access_entries(self, org_id: str, key_id: str) -> Response:
        """``GET /orgs/{orgId}/apiKeys/{apiUserId}/accessList``."""
        key = self._key(org_id, key_id)
        check_access_list_reader(g.caller, key)
        return show_page(key.access_list, lambda entry, url: show_access_entry(entry, f"{url}/{entry.name}"))

    def nothing(self, rest: str) -> Response:
        """Every other path or method. What Atlas answers to a method it does not know is not known."""
        if request.method != "GET":
            raise Refusal(405, None, "The emulator only reads.", [request.method])
        raise Refusal(404, "RESOURCE_NOT_FOUND", f"Cannot find resource {request.path}.", [rest])

    def _org(self, org_id: str) -> Org:
        """Return the organization in the path, once it is clear that the caller may have it."""
        check_id("orgId", org_id)
        check_address(g.caller, request.environ["REMOTE_ADDR"])
        org = own_org(g.caller, org_id)
        # Known is the bucket of the key resources; that it serves for the organization itself is an assumption.
        self._take(self._state.org_buckets.take(org.id))
        return org

    def _key(self, org_id: str, key_id: str) -> ApiKey:
        """Return the key in the path."""
        check_id("apiUserId", key_id)
        key = self._state.directory.key(self._org(org_id), key_id)
        if key is None:
            # Atlas has answered this code with 400 too (reference and report differ).
            raise Refusal(404, "API_KEY_NOT_FOUND", f"There is no API key {key_id} in the organization.", [key_id])
        return key

    def _take(self, take: Take) -> None:
        """Pay for the request from a bucket."""
        g.headers.update(take.headers())
        if take.wait and self._state.settings.rate_limits:
            raise Refusal(429, "RATE_LIMITED_TOKEN_BUCKET", "The rate limit is exceeded.", [take.limit])
