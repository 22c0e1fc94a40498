# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module creates whose secret is shown once, for tests of where that secret goes."""

from __future__ import annotations

import importlib
import typing as t

from harness import TREE

PACKAGE = "ansible_collections.mongodb_atlas.admin.plugins.modules"

Json = dict[str, t.Any]


class Creation(t.NamedTuple):
    """What a module creates.

    :param options: for the names ``first`` and ``second``: so much can be created in one run.
    :param secret: the field of the result, and of the file, with the secret.
    """

    options: dict[str, Json]
    secret: str


def _account(name: str) -> Json:
    return {"name": name, "description": "Deploys", "roles": ["ORG_MEMBER"], "secret_expires_after_hours": 2160}


def _secret(service_account_id: str) -> Json:
    # The secret that the caller's store contains is gone, so a new one is due.
    due = {"current_secret_id": "6a793f752c88faeba59bba99", "remove_expired": True}
    return {"service_account_id": service_account_id, "expires_after_hours": 2160, **due}


CREATIONS: dict[str, Creation] = {
    "org_api_key": Creation(
        {name: {"desc": name, "roles": ["ORG_MEMBER"]} for name in ("first", "second")}, "private_key"
    ),
    "org_service_account": Creation({name: _account(name) for name in ("first", "second")}, "client_secret"),
    "org_service_account_secret": Creation(
        {
            "first": _secret("mdb_sa_id_0123456789abcdef01234567"),
            "second": _secret("mdb_sa_id_1123456789abcdef01234567"),
        },
        "client_secret",
    ),
}


def modules_with(option: str) -> set[str]:
    """Return the modules that have an option."""
    paths = (TREE / "plugins" / "modules").glob("*.py")
    found = {path.stem for path in paths if "ARGUMENT_SPEC" in path.read_text(encoding="utf-8")}
    return {name for name in found if option in importlib.import_module(f"{PACKAGE}.{name}").ARGUMENT_SPEC}
