# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's own part, with a client that is none."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.modules import org_info


class FakeClient:
    """Sees two organizations, and one that it is asked for."""

    def list_orgs(self) -> list[dict[str, t.Any]]:
        return [{"id": "a", "isDeleted": False}, {"id": "b", "newThing": {"deepThing": 1}}]

    def get_org(self, org_id: str) -> dict[str, t.Any]:
        return {"id": org_id, "name": "Production"}


def orgs(params: dict[str, t.Any]) -> list[dict[str, t.Any]]:
    result = org_info.run(t.cast(t.Any, FakeClient()), params)
    assert result["changed"] is False
    return t.cast("list[dict[str, t.Any]]", result["orgs"])


def test_all_with_unknown_fields() -> None:
    assert orgs({"org_id": None}) == [{"id": "a", "is_deleted": False}, {"id": "b", "new_thing": {"deep_thing": 1}}]


def test_one() -> None:
    assert orgs({"org_id": "c"}) == [{"id": "c", "name": "Production"}]
