# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from atlas_emulator.call import Call
from atlas_emulator.generator import made_up_hex
from atlas_emulator.model import Org
from atlas_emulator.parser import Entry, Json
from atlas_emulator.rate_limits import ORG, ORGS
from atlas_emulator.resource import Resource, Route
from atlas_emulator.responses import respond, respond_with_page, self_link

ORG_ID = "[a-f0-9]{24}"
"""The pattern of an organization's ID (reference)."""


def parse_org(entry: Entry, items: Mapping[str, tuple[Any, ...]]) -> Org:
    """Return the organization of a dataset's entry, with its items of all resources."""
    return Org(
        id=entry.text("id", pattern=ORG_ID),
        name=entry.text("name"),
        is_deleted=entry.flag("is_deleted", False),
        skip_default_alerts_settings=entry.flag("skip_default_alerts_settings", False),
        requires_access_list=entry.flag("requires_access_list", _setting(entry, "api_access_list_required")),
        fields=entry.fields("fields"),
        items=items,
    )


def _setting(entry: Entry, name: str) -> bool:
    return name in entry.entry("settings") and entry.entry("settings").flag(name, False)


def made_up_org_id(number: int) -> str:
    """Return the ID of a generated organization."""
    return made_up_hex(f"organization {number}", 24)


def made_up_org(number: int, items: Mapping[str, tuple[Any, ...]]) -> Org:
    """Return a generated organization with its items of all resources."""
    return Org(made_up_org_id(number), f"Organization {number:03}", items=items)


def serialize_org(org: Org, url: str) -> Json:
    """Return an organization as Atlas writes it (wire)."""
    return {
        "id": org.id,
        "isDeleted": org.is_deleted,
        "links": self_link(url),
        "name": org.name,
        "skipDefaultAlertsSettings": org.skip_default_alerts_settings,
        **org.fields,
    }


def list_orgs(call: Call) -> Response:
    """``GET /orgs``: the caller's own organization and no other, if its name starts with `name` (reference)."""
    call.check_address()
    prefix = call.query.get("name", "").casefold()
    orgs = [org for org in [call.caller.org] if org.name.casefold().startswith(prefix)]
    return respond_with_page(orgs, lambda org, url: serialize_org(org, f"{url}/{org.id}"))


def get_org(call: Call, org_id: str) -> Response:
    """``GET /orgs/{orgId}``, with links that a list does not have (wire)."""
    content = serialize_org(call.org(org_id), call.url)
    names = ("groups", "teams", "users")
    more = [{"href": f"{call.url}/{name}", "rel": f"https://cloud.mongodb.com/{name}"} for name in names]
    return respond({**content, "links": content["links"] + more})


RESOURCE: Resource[Org] = Resource(
    name="organizations",
    routes=(
        Route("/orgs", list_orgs, ORGS, query=("name",)),
        Route("/orgs/", list_orgs, ORGS, query=("name",)),  # as a published client sends it
        Route("/orgs/<org_id>", get_org, ORG),
    ),
)
