# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""API keys of an organization, and their access lists."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing

_REDACTED = "********-****-****-"
_DIGITS_SHOWN = 12


def get(client: AtlasClient, org_id: str, api_user_id: str) -> dict[str, t.Any]:
    """One API key."""
    return _redacted(client.get("orgs", org_id, "apiKeys", api_user_id))


def list_all(client: AtlasClient, org_id: str) -> Listing:
    """Every API key of the organization, in Atlas' order."""
    keys, complete = client.list("orgs", org_id, "apiKeys", what=f"API keys of the organization {org_id}")
    return Listing([_redacted(key) for key in keys], complete)


def list_access_list(client: AtlasClient, org_id: str, api_user_id: str) -> Listing:
    """The entries of an API key's access list."""
    what = f"access list entries of the API key {api_user_id}"
    return client.list("orgs", org_id, "apiKeys", api_user_id, "accessList", what=what)


def _redacted(key: dict[str, t.Any]) -> dict[str, t.Any]:
    """KEY with its private key redacted as Atlas does it. Only the response to creation may have it whole."""
    private_key = key.get("privateKey")
    if isinstance(private_key, str) and not private_key.startswith("*"):
        return {**key, "privateKey": _REDACTED + private_key[-_DIGITS_SHOWN:]}
    return key
