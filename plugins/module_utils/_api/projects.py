# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Projects, which the API calls groups."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing


def get(client: AtlasClient, project_id: str) -> dict[str, t.Any]:
    """One project."""
    return client.get("groups", project_id)


def list_all(client: AtlasClient, org_id: str | None = None, name: str | None = None) -> Listing:
    """Return the projects of an organization, or all that the credentials can see.

    :param name: what the names begin with; Atlas filters (reference: for the projects of an organization only).
    """
    if org_id is None:
        return client.list("groups", what="projects")
    query: dict[str, t.Any] = {} if name is None else {"name": name}
    return client.list("orgs", org_id, "groups", what=f"projects of the organization {org_id}", **query)
