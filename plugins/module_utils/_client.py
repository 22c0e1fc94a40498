# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The Atlas Administration API: the only place that knows its paths, versions, pages and envelopes."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import ServiceAccount, Way
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._transport import Transport

_TOKEN_PATH = "/api/oauth/token"
_REVOKE_PATH = "/api/oauth/revoke"

# The older generations have paths of their own; a date chooses a version of v2.
OLDER_ROOTS = {"v1.0": "/api/atlas/v1.0", "public/v1.0": "/api/public/v1.0"}


class AtlasClient:
    """What can be asked of Atlas. Leave its C(with) block, and a token that it minted is revoked.

    Answers are Atlas' JSON, unwrapped from their envelope and otherwise as they came.

    :param api_version: a date (v2), C(v1.0) or C(public/v1.0).
    :param query: C(envelope) and C(pretty), sent with every request.
    """

    def __init__(self, transport: Transport, way: Way, api_version: str, query: dict[str, str]) -> None:
        self._transport = transport
        self._way = way
        self._root = OLDER_ROOTS.get(api_version, "/api/atlas/v2")
        kind = "application/json" if api_version in OLDER_ROOTS else f"application/vnd.atlas.{api_version}+json"
        self._headers = {"Accept": kind}
        self._query = query
        self.warnings: list[str] = []

    def __enter__(self) -> AtlasClient:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def get_org_api_key(self, org_id: str, api_user_id: str) -> dict[str, t.Any]:
        """One API key of an organization.

        :raises AtlasError: also when there is no such key (C(API_KEY_NOT_FOUND)).
        """
        return self._get(f"/orgs/{org_id}/apiKeys/{api_user_id}")

    @property
    def secrets(self) -> set[str]:
        """What no output may show: the credentials and the tokens minted with them."""
        return self._way.secrets

    def close(self) -> None:
        """Revoke the token that was minted, if any, and close the connections. What goes wrong becomes a warning."""
        try:
            if isinstance(self._way, ServiceAccount) and self._way.token:
                self._revoke(self._way, self._way.token)
        except AtlasError as error:
            self.warnings.append(
                f"The service account's token could not be revoked and stays alive for up to an hour. {error}"
            )
        finally:
            self._transport.close()
        times, seconds = self._transport.waits
        if times:
            self.warnings.append(
                f"Atlas limited the rate of requests or was not to be reached: waited {times} time(s),"
                f" {seconds:.1f} seconds in all."
            )

    def _get(self, path: str, **query: str) -> dict[str, t.Any]:
        if isinstance(self._way, ServiceAccount) and not self._way.token:
            self._mint(self._way)
        answer = self._transport.get(self._root + path, {**self._query, **query}, self._headers, self._way.sign)
        return answer.object()

    def _mint(self, account: ServiceAccount) -> None:
        # Not repeated: an answer lost on the way may have been a token that nobody could revoke.
        form = {"grant_type": "client_credentials"}
        answer = self._transport.post(_TOKEN_PATH, form, account.sign_with_secret, repeatable=False)
        account.keep(answer.object(), answer.status)

    def _revoke(self, account: ServiceAccount, token: str) -> None:
        form = {"token": token, "token_type_hint": "access_token"}
        answer = self._transport.post(_REVOKE_PATH, form, account.sign_with_secret, repeatable=True)
        answer.check()
        account.token = None
