# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The options that all modules share."""

from __future__ import annotations

import os
import re
import typing as t

from ansible.module_utils.errors import AnsibleFallbackNotFound

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import OLDER_ROOTS
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.checked import Spec, check_values
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._secrets import shown

# A year, month and day in ASCII digits; whether Atlas knows that version is for Atlas to say.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def environment(*names: str) -> str:
    """Return the first of several environment variables that is not empty: the fallback of an option.

    ``env_fallback`` would take an empty one, which AWX sets for an optional field of a credential.

    :raises AnsibleFallbackNotFound: if there is none.
    """
    for name in names:
        if value := os.environ.get(name):
            return value
    raise AnsibleFallbackNotFound


# Credentials have no fallback here: they come whole from one source (``select_auth``).
SHARED_OPTIONS: dict[str, dict[str, t.Any]] = {
    "public_key": {"type": "str"},
    "private_key": {"type": "str", "no_log": True},
    "access_token": {"type": "str", "no_log": True},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True},
    "base_url": {
        "type": "str",
        "default": "https://cloud.mongodb.com",
        "fallback": (environment, ["MONGODB_ATLAS_BASE_URL"]),
    },
    "api_version": {"type": "str", "default": "2025-03-12"},
    "timeout": {"type": "float", "default": 30},
    "retries": {"type": "int", "default": 4},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "envelope": {"type": "bool", "default": False},
    "pretty": {"type": "bool", "default": False},
}


def check_options(argument_spec: Spec, params: t.Mapping[str, t.Any]) -> None:
    """Check the options that need no connection to be checked.

    :param argument_spec: the module's ``ARGUMENT_SPEC``.
    :param params: its validated options.
    :raises UsageError: if one is wrong.
    """
    check_values(argument_spec, params)
    api_version = params["api_version"]
    if api_version not in OLDER_ROOTS and not _DATE.fullmatch(api_version):
        raise UsageError(
            f"api_version is {shown(api_version)}; it must be a date such as 2025-03-12, or v1.0, or public/v1.0."
        )


def query_options(params: t.Mapping[str, t.Any]) -> dict[str, str]:
    """Return the shared options that are sent with every request."""
    return {option: "true" for option in ("envelope", "pretty") if params[option]}
