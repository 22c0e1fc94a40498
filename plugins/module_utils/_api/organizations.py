# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Organizations."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing

# Settings have no ID. These are named in the reference and in MongoDB's documentation; Atlas promises none of them.
_SETTINGS = (
    "apiAccessListRequired",
    "multiFactorAuthRequired",
    "maxServiceAccountSecretValidityInHours",
    "securityContact",
)


def get(client: AtlasClient, org_id: str) -> dict[str, t.Any]:
    """One organization."""
    return client.get("orgs", org_id)


def get_settings(client: AtlasClient, org_id: str) -> dict[str, t.Any]:
    """Return the settings of one organization."""
    return client.get("orgs", org_id, "settings", known_fields=_SETTINGS)


def list_all(client: AtlasClient) -> Listing:
    """Return the organizations that the credentials can see; an API key or a service account sees its own."""
    return client.list("orgs", what="organizations")
