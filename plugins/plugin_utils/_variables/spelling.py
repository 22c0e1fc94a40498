# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Variables whose names are nearly those that a role or playbook knows."""

from __future__ import annotations

import difflib
import typing as t

# Variables of all playbooks, and what they pass to the next job of a workflow, where it is a variable again.
SHARED: t.Final = (
    "atlas_access_token",
    "atlas_base_url",
    "atlas_client_id",
    "atlas_client_secret",
    "atlas_hosts",
    "atlas_private_key",
    "atlas_public_key",
)
RETURNED: t.Final = ("atlas_api_key", "atlas_api_keys", "atlas_audit")

# One or two wrong letters in a name of usual length. Unrelated names with the same prefix are below 0.85.
_CLOSE = 0.9


def misspelled(given: t.Iterable[str], known: t.Collection[str]) -> dict[str, str]:
    """Return the names that are probably misspelled, with the known name that was probably meant.

    A name that is not close to any known one is somebody else's, and one that begins with an underscore is private to a
    role. They are not returned.

    :param given: The names of all variables.
    :param known: The names that have a meaning.
    """
    unknown = sorted(name for name in set(given).difference(known) if not name.startswith("_"))
    return {name: meant for name in unknown if (meant := _meant(name, known))}


def _meant(name: str, known: t.Collection[str]) -> str | None:
    """Return the known name that is nearly `name`, or that continues it, as `audit_org_id` continues `audit_org`."""
    close = difflib.get_close_matches(name, known, n=1, cutoff=_CLOSE)
    if close:
        return close[0]
    return next((other for other in sorted(known) if "_" in name and other.startswith(f"{name}_")), None)
