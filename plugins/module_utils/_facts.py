# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Atlas' JSON to facts: the same fields, named as Ansible names them."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict


def facts(resource: dict[str, t.Any]) -> dict[str, t.Any]:
    """RESOURCE with all its fields, also those that nobody has heard of, in snake_case, at every depth."""
    return t.cast("dict[str, t.Any]", camel_dict_to_snake_dict(resource))
