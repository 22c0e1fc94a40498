# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake client for the tests of modules."""

from __future__ import annotations

import copy
import datetime
import types
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.pages import Listing
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.path import Segment, path
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.change import Change
from ansible_collections.mongodb_atlas.admin.tests.robustness.plausible_atlas import PlausibleAtlas


class FakeClient:
    """Answers from ``responses``, and keeps in ``requests`` what it was asked for.

    A response is a resource, the items of a list, a ``Listing``, an error to raise, or a function that returns one of
    them. Requests that write have their method before the path.
    """

    client_id = "mdb_sa_id_0123456789abcdef01234567"
    caller = ("service_account", client_id)
    public_key: str | None = None

    time = datetime.datetime(2026, 8, 10, 3, 2, 57, tzinfo=datetime.timezone.utc)

    def now(self) -> datetime.datetime:
        return self.time

    def __init__(self) -> None:
        self.responses: dict[str, t.Any] = {}
        self.requests: list[str] = []
        self.queries: dict[str, dict[str, t.Any]] = {}
        self.bodies: dict[str, t.Any] = {}
        self.warnings: list[str] = []
        self.gathered: list[str] = []

    def run(self, module: types.ModuleType, *, check_mode: bool = False, **options: t.Any) -> dict[str, t.Any]:
        """The result of MODULE with OPTIONS, and the defaults of the others."""
        defaults = {option: spec.get("default") for option, spec in module.ARGUMENT_SPEC.items()}
        assert options.keys() <= defaults.keys()
        result = module.run(t.cast(AtlasClient, self), {**defaults, **options})
        return result.carry_out(check_mode) if isinstance(result, Change) else t.cast("dict[str, t.Any]", result)

    def get(
        self, *segments: str, id_field: str = "id", known_fields: t.Sequence[str] = (), **query: t.Any
    ) -> dict[str, t.Any]:
        return t.cast("dict[str, t.Any]", self._response(segments, query))

    def list(self, *segments: str, what: str, is_enough: t.Any = None, **query: t.Any) -> Listing:
        response = self._response(segments, query)
        return response if isinstance(response, Listing) else Listing(response)

    def post(self, *segments: Segment, json: t.Any, idempotent: bool) -> dict[str, t.Any]:
        return self._write("POST", segments, idempotent, json)

    def patch(self, *segments: Segment, json: t.Any, idempotent: bool) -> dict[str, t.Any]:
        return self._write("PATCH", segments, idempotent, json)

    def delete(self, *segments: Segment, idempotent: bool) -> dict[str, t.Any]:
        return self._write("DELETE", segments, idempotent)

    def _write(self, method: str, segments: tuple[Segment, ...], idempotent: bool, json: t.Any = None) -> t.Any:
        assert not idempotent  # no write of the collection may be sent twice
        request = f"{method} {path(*segments)}"
        self.bodies[request] = json
        return self._requested(request)

    def map(self, function: t.Callable[[t.Any], t.Any], items: t.Sequence[t.Any], what: str) -> list[t.Any]:
        self.gathered.append(what)
        return [function(item) for item in items]

    def is_own(self, identifier: t.Any) -> bool | None:
        return self.public_key == identifier if self.public_key else None

    def warn_if_incomplete(self, listing: Listing) -> bool:
        self.warnings += [listing.problem] if listing.problem else []
        return listing.complete

    def mint_token(self) -> dict[str, t.Any]:
        return t.cast("dict[str, t.Any]", self._requested("mint"))

    def revoke_token(self, token: str) -> None:
        self._requested(f"revoke {token}")

    def _response(self, segments: tuple[str, ...], query: dict[str, t.Any]) -> t.Any:
        self.queries[path(*segments)] = query
        return self._requested(path(*segments))

    def _requested(self, what: str) -> t.Any:
        self.requests.append(what)
        response = self.responses[what]
        if callable(response):
            response = response()
        if isinstance(response, Exception):
            raise response
        return copy.deepcopy(response)  # a task may change what it received, and another test has the same constant


@pytest.fixture
def atlas(monkeypatch: pytest.MonkeyPatch) -> PlausibleAtlas:
    """An organization in memory, whose time passes when the code under test waits."""
    plausible = PlausibleAtlas()
    monkeypatch.setattr(change, "time", types.SimpleNamespace(sleep=plausible.sleep))
    return plausible


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()
