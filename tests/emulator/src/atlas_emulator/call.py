# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to the API, as the views of the resources use it."""

from __future__ import annotations

import json
from collections.abc import Sequence, Set

from flask import g, request
from werkzeug.datastructures import MultiDict

from atlas_emulator.identities import Identities
from atlas_emulator.model import Org
from atlas_emulator.paging import parse_flag
from atlas_emulator.parser import Entry, EntryError, Json
from atlas_emulator.permissions import Caller, check_address, check_id, check_org, check_role
from atlas_emulator.resource import Item, Resource
from atlas_emulator.roles import Roles
from atlas_emulator.state import State
from atlas_emulator.store import Table


class Call:
    """An authenticated request."""

    def __init__(self, state: State, caller: Caller, prefix: str, lag: float = 0) -> None:
        self.state = state
        self.caller = caller
        self.prefix = prefix
        self.identities = Identities()
        self._lag = lag
        self._body: Json = None

    @property
    def url(self) -> str:
        """The absolute address that was requested, without its query."""
        return str(g.url)

    @property
    def root(self) -> str:
        """The absolute address of the API's generation."""
        return request.host_url.rstrip("/") + self.prefix

    @property
    def query(self) -> MultiDict[str, str]:
        """The query of the request."""
        return request.args

    def table(self, resource: Resource[Item]) -> Table[Item]:
        """Return the items of a resource."""
        return self.state.store.table(resource).earlier(self._lag)

    def check_id(self, value: str) -> None:
        """Refuse an identifier in the path that is not 24 hexadecimal digits."""
        check_id(value, request.path)

    def body(self) -> Entry:
        """Return the JSON object in the body; raise EntryError if there is none."""
        return Entry("body", self.json())

    def bodies(self) -> list[Entry]:
        """Return the JSON objects of the array in the body; raise EntryError if there is no array or no object."""
        bodies = Entry("request", {"body": self.json()}).entries("body")
        if not bodies:
            raise EntryError("request.body: at least one element is needed")
        return bodies

    def json(self) -> Json:
        """Return the JSON in the body of any content type: what Atlas does with a wrong one is not known."""
        if self._body is not None:
            return self._body
        try:
            return json.loads(request.get_data())
        except ValueError as error:
            raise EntryError(f"it is not JSON: {error}") from error

    def replace_body(self, body: Json) -> None:
        """Use another body than the request's; None: its own."""
        self._body = body

    def with_org_roles(self, current: Roles, roles: Roles) -> Roles:
        """Return the roles after a change of those in the organization. Whether the others stay is not known."""
        keep = self.state.settings.org_roles_update_keeps_project_roles
        return roles + tuple(role for role in current if keep and role.group_id)

    def is_caller(self, item: object) -> bool:
        """Return whether an item is the caller itself."""
        return self.caller.name in (getattr(item, "public_key", None), getattr(item, "client_id", None))

    def list(self, resource: Resource[Item], org_id: str) -> Sequence[Item]:
        """Return the items that an organization's list shows."""
        delay = max(self._lag, self.state.settings.list_delay)
        return self.state.store.table(resource).earlier(delay).list(org_id)

    @property
    def address(self) -> str:
        """The caller's address."""
        return str(request.environ["REMOTE_ADDR"])

    def check_address(self) -> None:
        """Refuse a caller whose access list does not contain its address."""
        check_address(self.caller, self.address)

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false from the query."""
        return parse_flag(self.query, name, default)

    def org(self, org_id: str, roles: Set[str] | None = None) -> Org:
        """Return the organization in the path if the caller has a role in it, or one of these roles."""
        self.check_id(org_id)
        self.check_address()
        check_org(self.caller, org_id)
        if roles is not None:
            check_role(self.caller, roles)
        return self.state.store.orgs[org_id]
