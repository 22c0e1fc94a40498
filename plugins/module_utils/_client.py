# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The Atlas Administration API: the only place that knows its paths, versions and pages."""

from __future__ import annotations

import json
import re
import threading
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UnexpectedAnswer
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._session import Session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._transport import CONNECTIONS

# The older generations have paths of their own; a date chooses a version of v2.
OLDER_ROOTS = {"v1.0": "/api/atlas/v1.0", "public/v1.0": "/api/public/v1.0"}

# The most that Atlas puts on a page, and the most pages that are walked: 100,000 items.
_PAGE_SIZE = 500
_MOST_PAGES = 200


class AtlasClient:
    """What can be asked of Atlas.

    Answers are Atlas' JSON, unwrapped from their envelope and otherwise as they came. Every method raises AtlasError
    when there is no answer, another one than Atlas', or a refusal.

    :param api_version: a date (v2), C(v1.0) or C(public/v1.0).
    :param query: C(envelope) and C(pretty), sent with every request.
    """

    def __init__(self, session: Session, api_version: str, query: dict[str, str]) -> None:
        self._session = session
        self._root = OLDER_ROOTS.get(api_version, "/api/atlas/v2")
        kind = "application/json" if api_version in OLDER_ROOTS else f"application/vnd.atlas.{api_version}+json"
        self._headers = {"Accept": kind}
        self._query = query

    # What can be asked

    def get_org(self, org_id: str) -> dict[str, t.Any]:
        """One organization."""
        return self._get(f"/orgs/{org_id}")

    def list_orgs(self) -> list[dict[str, t.Any]]:
        """The organizations that the credentials can see; an API key or a service account sees its own."""
        return self._list("/orgs")

    def get_org_api_key(self, org_id: str, api_user_id: str) -> dict[str, t.Any]:
        """One API key of an organization."""
        return self._get(f"/orgs/{org_id}/apiKeys/{api_user_id}")

    def list_org_api_keys(self, org_id: str) -> list[dict[str, t.Any]]:
        """Every API key of an organization, in Atlas' order."""
        return self._list(f"/orgs/{org_id}/apiKeys")

    def list_access_lists(self, org_id: str, api_user_ids: t.Sequence[str]) -> list[list[dict[str, t.Any]]]:
        """The entries of the access lists of so many API keys, in the order of API_USER_IDS.

        Requests run side by side. The first failure ends them all.
        """
        paths = [f"/orgs/{org_id}/apiKeys/{api_user_id}/accessList" for api_user_id in api_user_ids]
        if len(paths) < 2:
            return [self._list(path) for path in paths]
        # Imported here, because most tasks need no threads, and the import takes 20 ms. Its threads are daemons: they
        # end with the task, and one that hangs holds nobody back.
        from multiprocessing.pool import ThreadPool

        over = threading.Event()

        def read(numbered: tuple[int, str]) -> tuple[int, list[dict[str, t.Any]]]:
            number, path = numbered
            return number, [] if over.is_set() else self._list(path)

        pool = ThreadPool(min(CONNECTIONS, len(paths)))
        try:
            lists = dict(pool.imap_unordered(read, enumerate(paths)))
        finally:
            over.set()
            self._session.abandon()
            pool.terminate()
        return [lists[number] for number in range(len(paths))]

    # A service account's tokens

    @property
    def client_id(self) -> str:
        """The service account that the next two methods mint and revoke with."""
        return self._session.client_id

    def mint_token(self) -> dict[str, t.Any]:
        """A new token, which the caller must revoke."""
        return self._session.mint()

    def revoke_token(self, token: str) -> None:
        """End a token. Atlas is not known to say whether it was alive."""
        self._session.revoke(token)

    # Requests and pages

    def _get(self, path: str, **query: str) -> dict[str, t.Any]:
        return self._session.get(self._root + path, {**self._query, **query}, self._headers).object()

    def _list(self, path: str) -> list[dict[str, t.Any]]:
        """The items of all pages, each once: one may move to another page while we read."""
        items: dict[str, dict[str, t.Any]] = {}
        for number in range(1, _MOST_PAGES + 1):
            page = self._get(path, itemsPerPage=str(_PAGE_SIZE), pageNum=str(number))
            results = _results(page, path)
            known = len(items)
            for item in results:
                items.setdefault(_identity(item), item)
            if len(results) < _size_of(page) or not _link(page, "next"):
                return list(items.values())
            if len(items) == known:
                raise UnexpectedAnswer(
                    f"Page {number} of {path} holds only what came on the pages before, and points to a next one."
                    " The server repeats itself; is base_url Atlas itself?",
                    200,
                )
        raise UnexpectedAnswer(
            f"{path} has not ended after {_MOST_PAGES} pages and {len(items)} items. Is base_url Atlas itself?", 200
        )


def _results(page: dict[str, t.Any], path: str) -> list[dict[str, t.Any]]:
    results = page.get("results")
    if not isinstance(results, list) or not all(isinstance(item, dict) for item in results):
        raise UnexpectedAnswer(f"A page of {path} came without a list of results. Is base_url Atlas itself?", 200)
    return results


def _identity(item: dict[str, t.Any]) -> str:
    """What makes an item the same on another page. An entry of an access list has no ID but what it lets in."""
    for field in ("id", "cidrBlock", "ipAddress"):
        if isinstance(item.get(field), str):
            return f"{field}={item[field]}"
    return json.dumps(item, sort_keys=True)


def _link(page: dict[str, t.Any], rel: str) -> str | None:
    links = page.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict) and link.get("rel") == rel:
            return str(link.get("href"))
    return None


def _size_of(page: dict[str, t.Any]) -> int:
    """How many items make this page a full one: as many as were asked for, or as the server says it gives."""
    said = re.search(r"[?&]itemsPerPage=([0-9]{1,9})(?![^&#])", _link(page, "self") or "")
    return min(int(said[1]) if said else 0, _PAGE_SIZE) or _PAGE_SIZE
