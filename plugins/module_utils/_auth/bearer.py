# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""A bearer token that the user provides."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth.method import AuthMethod


class BearerToken(AuthMethod):
    """An access token that was minted elsewhere. The collection does not revoke it."""

    environment = {"access_token": ("MONGODB_ATLAS_ACCESS_TOKEN",)}
    owner = "a bearer token"
    kind = "access_token"
    secret_option = "access_token"

    def authenticate(self, request: t.Any) -> t.Any:
        """Send the token with the request."""
        request.headers["Authorization"] = f"Bearer {self.values['access_token']}"
        return request

    def is_own(self, identifier: t.Any) -> bool | None:
        """Return None: what the claims of a token say of its account is not documented."""
        return None
