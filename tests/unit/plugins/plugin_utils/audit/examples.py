# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Organizations and credentials without findings, which tests change. All dates are before NOW."""

from __future__ import annotations

import datetime
import ipaddress
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.audit import audit
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document, FindingRow

NOW = datetime.datetime(2026, 11, 25, 6, 0, 0, tzinfo=datetime.timezone.utc)
ORG_ID = "a0123456789abcdef012345a"
KEY_ID = "6a793f752c88faeba59bba49"
CLIENT_ID = "mdb_sa_id_0123456789abcdef01234567"
SECRET_ID = "6b0000000000000000000001"
PROJECT_ID = "5c0000000000000000000001"

Raw = dict[str, t.Any]


def days_ago(days: float) -> str:
    """A date as Atlas writes it; a negative number is in the future."""
    return (NOW - datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def first_address(cidr: object) -> str | None:
    """The first address of a block that Atlas could have stored, or None."""
    try:
        return str(ipaddress.ip_network(str(cidr)).network_address)
    except ValueError:
        return None


def key_entry(cidr: str = "203.0.113.7/32", **changes: t.Any) -> Raw:
    """An entry of an API key's access list, used yesterday."""
    address = first_address(cidr)
    used = {"count": 3, "created": days_ago(100), "last_used": days_ago(1), "last_used_address": address}
    return {"cidr_block": cidr, "ip_address": None, **used, **changes}


def account_entry(cidr: str = "203.0.113.7/32", **changes: t.Any) -> Raw:
    """An entry of a service account's access list, used yesterday."""
    used = {"request_count": 3, "created_at": days_ago(100), "last_used_at": days_ago(1)}
    return {"cidr_block": cidr, "ip_address": None, **used, "last_used_address": first_address(cidr), **changes}


def secret(**changes: t.Any) -> Raw:
    """A secret that is neither young nor old, used yesterday."""
    dates = {"created_at": days_ago(100), "expires_at": days_ago(-100), "last_used_at": days_ago(1)}
    return {"id": SECRET_ID, **dates, "masked_secret_value": "mdb_sa_sk_...x1y2", **changes}


def key(**changes: t.Any) -> Raw:
    """An API key. legacy_api_key finds its organization."""
    return {
        "id": KEY_ID,
        "desc": "deploy",
        "public_key": "gswvkocq",
        "private_key": "********-****-****-01bdd56c8977",
        "roles": [{"org_id": ORG_ID, "role_name": "ORG_READ_ONLY"}],
        "access_list": [key_entry()],
        **changes,
    }


def account(**changes: t.Any) -> Raw:
    """A service account."""
    return {
        "client_id": CLIENT_ID,
        "name": "backup",
        "description": "Backups of the shop",
        "created_at": days_ago(100),
        "roles": ["ORG_READ_ONLY"],
        "projects": [{"group_id": PROJECT_ID, "roles": ["GROUP_READ_ONLY"]}],
        "access_list": [account_entry()],
        "secrets": [secret()],
        "system_managed": False,
        **changes,
    }


def created(target: str = "gswvkocq", days: float = 100, **changes: t.Any) -> Raw:
    """The event of an API key's creation."""
    return {
        "id": "7d0000000000000000000001",
        "created": days_ago(days),
        "event_type_name": "API_KEY_CREATED",
        "target_public_key": target,
        "username": "admin@example.com",
        **changes,
    }


def settings(**changes: t.Any) -> Raw:
    """Settings that require what can be required, limit secrets, and name a contact."""
    return {
        "api_access_list_required": True,
        "max_service_account_secret_validity_in_hours": 2160,
        "multi_factor_auth_required": True,
        "security_contact": "security@example.com",
        **changes,
    }


def organization(**changes: t.Any) -> Raw:
    """An organization without credentials. `settings` goes where the role puts it."""
    org = {"id": ORG_ID, "name": "Acme", "settings": changes.pop("settings", settings())}
    return {
        "org_id": ORG_ID,
        "org": org,
        "api_keys": [],
        "service_accounts": [],
        "projects": [{"id": PROJECT_ID, "name": "shop"}],
        "events": [created()],
        "incomplete": [],
        "error": None,
        **changes,
    }


def audited(*organizations: Raw, **arguments: t.Any) -> Document:
    """The report on organizations at NOW."""
    return audit(list(organizations), NOW, **arguments)


def found(document: Document) -> list[str]:
    """Which rules have found something that is not accepted, sorted."""
    return sorted(row["rule"] for row in document["findings"] if row["accepted"] is None)


def finding(document: Document, rule: str) -> FindingRow:
    """The only finding of a rule."""
    (row,) = (row for row in document["findings"] if row["rule"] == rule)
    return row
