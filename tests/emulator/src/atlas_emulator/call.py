# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request to the API, as the views of the resources use it."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from atlas_emulator.model import Org
from atlas_emulator.permissions import Caller, check_address, check_id, check_org
from atlas_emulator.resource import Item, Resource
from atlas_emulator.state import State
from atlas_emulator.store import Table


class Call:
    """An authenticated request."""

    def __init__(self, state: State, caller: Caller) -> None:
        self.state = state
        self.caller = caller

    @property
    def url(self) -> str:
        """The absolute address that was requested, without its query."""
        return request.base_url.rstrip("/")

    @property
    def query(self) -> MultiDict[str, str]:
        """The query of the request."""
        return request.args

    def table(self, resource: Resource[Item]) -> Table[Item]:
        """Return the items of a resource."""
        return self.state.store.table(resource)

    def check_id(self, value: str) -> None:
        """Refuse an identifier in the path that is not 24 hexadecimal digits."""
        check_id(value, request.path)

    def check_address(self) -> None:
        """Refuse a caller whose access list does not contain its address."""
        check_address(self.caller, request.environ["REMOTE_ADDR"])

    def org(self, org_id: str) -> Org:
        """Return the organization in the path if the caller may read it."""
        self.check_id(org_id)
        self.check_address()
        check_org(self.caller, org_id)
        return self.state.store.orgs[org_id]
