# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Blocks of addresses."""

from __future__ import annotations

import ipaddress
import typing as t

# A block of addresses.
Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
