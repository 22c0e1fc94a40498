# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data set: for each rule what it must find, and what is nearly the same and it must not find.

A case has one thing wrong in an organization that is fine otherwise (see examples.py), and `also` which other rules
find something there. The report must have exactly these findings.
"""

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    KEY_ID,
    NOW,
    ORG_ID,
    PROJECT_ID,
    account,
    account_entry,
    audited,
    created,
    days_ago,
    key,
    key_entry,
    organization,
    secret,
    settings,
)

ALL_BUT_ONE = [
    str(block) for block in ipaddress.ip_network("0.0.0.0/0").address_exclude(ipaddress.ip_network("8.8.8.8"))
]
PRIVATE_OF_8 = ["private_network"] * 2  # 10.0.0.0/8 and 127.0.0.0/8
BLOCKS_OF_16 = [f"20.{each}.0.0/16" for each in range(16)]  # 1,048,576 addresses
ALL_OF_8 = [f"{first}.0.0.0/8" for first in range(256)]


class Case(t.NamedTuple):
    """An organization, and the other rules that find something in it. `before`: the organization at the baseline."""

    why: str
    organization: dict[str, t.Any]
    also: list[str]
    before: dict[str, t.Any] | None = None


def report(case: Case, **arguments: t.Any) -> Document:
    """The report on the organization of a case."""
    return audited(case.organization, baseline=audited(case.before) if case.before else None, **arguments)


def of_key(why: str, *also: str, events: t.Any = (), settings: t.Any = None, **changes: t.Any) -> Case:
    """A case of an API key. legacy_api_key finds its organization, and is not listed again."""
    found = {"events": [created(), *events]} if events is not None else {"events": None}
    with_settings = {"settings": settings} if settings else {}
    return Case(why, organization(api_keys=[key(**changes)], **found, **with_settings), [*also, "legacy_api_key"])


def of_account(why: str, *also: str, settings: t.Any = None, **changes: t.Any) -> Case:
    """A case of a service account."""
    with_settings = {"settings": settings} if settings else {}
    return Case(why, organization(service_accounts=[account(**changes)], **with_settings), list(also))


def of_organization(why: str, *also: str, **changes: t.Any) -> Case:
    """A case of an organization."""
    return Case(why, organization(**changes), list(also))


def since(why: str, before: t.Any, after: t.Any, *also: str) -> Case:
    """A case of a credential that has changed since the baseline."""
    name = "api_keys" if "public_key" in after else "service_accounts"
    more = ["legacy_api_key"] if name == "api_keys" else []
    earlier = organization(**{name: [before] if before else []})
    return Case(why, organization(**{name: [after]}), [*also, *more], earlier)


def owners(count: int) -> list[dict[str, t.Any]]:
    """Service accounts that own the organization."""
    return [account(client_id=f"mdb_sa_id_{number}", roles=["ORG_OWNER"]) for number in range(count)]


def entries(*blocks: str) -> list[dict[str, t.Any]]:
    """An access list of a service account."""
    return [account_entry(block) for block in blocks]


def without(name: str) -> dict[str, t.Any]:
    """Settings that lack one."""
    return {key: value for key, value in settings().items() if key != name}


NO_TIME = "0123456789abcdef01234567"  # its first digits are a date of 1970
TOMORROW = f"{int(NOW.timestamp()) + 86400:08x}{'0' * 16}"
VALIDITY = "max_service_account_secret_validity_in_hours"
OWNER_OF_ORG = [{"org_id": ORG_ID, "role_name": "ORG_OWNER"}]
OWNED = [{"group_id": PROJECT_ID, "roles": ["GROUP_OWNER"]}]
OWNED_TOO = [{"group_id": "5c0000000000000000000002", "roles": ["GROUP_OWNER"]}]
LONG_AGO = {"last_used_at": days_ago(91)}
NEVER = {"last_used_at": None, "request_count": 0, "created_at": days_ago(91)}
NEWER = {"id": "6b2", "created_at": days_ago(15), "expires_at": days_ago(-100)}
NOT_REQUIRED = settings(api_access_list_required=False)
REQUIREMENT_UNKNOWN = settings(api_access_list_required=None)
BY_OTHERS = {"target_public_key": "abcdefgh", "public_key": "gswvkocq"}

FOUND: dict[str, list[Case]] = {
    "open_to_internet": [
        of_account("all of IPv4", access_list=entries("0.0.0.0/0")),
        of_account("all of IPv4 among others", access_list=entries("203.0.113.7/32", "0.0.0.0/0")),
        of_account("all of IPv6", access_list=entries("::/0")),
        of_account("all of IPv6, written in full", access_list=entries("0000:0000:0000:0000:0000:0000:0000:0000/0")),
        of_account("two halves of IPv4", access_list=entries("128.0.0.0/1", "0.0.0.0/1")),
        of_account("two halves of IPv6", access_list=entries("::/1", "8000::/1")),
        of_account("256 blocks of /8", *PRIVATE_OF_8, access_list=entries(*ALL_OF_8)),
        of_account("255 blocks of /8", *PRIVATE_OF_8, access_list=entries(*ALL_OF_8[1:])),
        of_account("what is routed, as blocks of /8", *PRIVATE_OF_8, access_list=entries(*ALL_OF_8[1:224])),
        of_account("all but one address", access_list=entries(*ALL_BUT_ONE)),
        of_account(
            "three blocks that leave out what is not routed",
            access_list=entries("0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"),
        ),
        of_account("all IPv6 that is routed", access_list=entries("2000::/3")),
        of_account("any address, as Atlas takes it", access_list=entries("0.0.0.0")),
        of_account("any address of IPv6, as Atlas takes it", access_list=entries("::")),
        of_account("all but one address, and that one", access_list=entries(*ALL_BUT_ONE, "8.8.8.8/32")),
        of_account("overlapping blocks", access_list=entries("0.0.0.0/1", "64.0.0.0/2", "128.0.0.0/1", "9.9.9.9/32")),
        of_account("bits behind the prefix", access_list=entries("203.0.113.7/0")),
        of_account("all of IPv4, written as IPv6", access_list=entries("::ffff:0.0.0.0/96")),
        of_account("all of IPv4 and more, written as IPv6", access_list=entries("::/64")),
        of_account("everything, and what is no block", "not_readable", access_list=entries("0.0.0.0/0", "somewhere")),
        of_account("no list, none required", "access_list_not_required", settings=NOT_REQUIRED, access_list=[]),
        of_key("an API key's list", access_list=[key_entry("0.0.0.0/0")]),
        of_key(
            "an API key without a list, none required",
            "access_list_not_required",
            "usage_unknown",
            settings=NOT_REQUIRED,
            access_list=[],
        ),
    ],
    "wide_network": [
        of_account("one bit wider than the policy", access_list=entries("198.18.0.0/15")),
        of_account("one bit wider than the policy, IPv6", access_list=entries("2001:db8::/31")),
        of_account("a quarter of IPv4", access_list=entries("128.0.0.0/2")),
        of_account("199 blocks of /16", access_list=entries(*(f"20.{each}.0.0/16" for each in range(199)))),
        of_account("one address more than the limit", access_list=entries(*BLOCKS_OF_16, "203.0.113.7/32")),
        of_key("an API key's list", "private_network", access_list=[key_entry("10.0.0.0/8")]),
    ],
    "org_owner": [
        of_account("among other roles", roles=["ORG_READ_ONLY", "ORG_OWNER"]),
        of_account("as an object", roles=[{"org_id": ORG_ID, "role_name": "ORG_OWNER"}]),
        of_account("as the module's assignments", role_assignments=[{"org_id": ORG_ID, "role_name": "ORG_OWNER"}]),
        of_key("of an API key", roles=[{"org_id": ORG_ID, "role_name": "ORG_OWNER"}]),
    ],
    "project_owner": [
        of_account("in a project", projects=[{"group_id": PROJECT_ID, "roles": ["GROUP_OWNER"]}]),
        of_account("as an assignment", role_assignments=[{"group_id": PROJECT_ID, "role_name": "GROUP_OWNER"}]),
        of_key("of an API key", roles=[{"group_id": PROJECT_ID, "role_name": "GROUP_OWNER"}]),
    ],
    "unused": [
        of_key("last used 91 days ago", access_list=[key_entry(last_used=days_ago(91))]),
        of_key(
            "never used, on the list for 91 days",
            access_list=[key_entry(count=0, last_used=None, created=days_ago(91))],
        ),
        of_account(
            "secret last used 91 days ago",
            secrets=[secret(last_used_at=days_ago(91))],
            access_list=[account_entry(last_used_at=None, request_count=0)],
        ),
        of_account(
            "secret never used, 91 days old",
            secrets=[secret(last_used_at=None, created_at=days_ago(91))],
            access_list=[account_entry(last_used_at=None, request_count=None)],
        ),
        of_account(
            "secret of yesterday, an old entry without requests",
            secrets=[secret(last_used_at=None, created_at=days_ago(1))],
            access_list=[account_entry(last_used_at=None, request_count=0)],
        ),
        of_account(
            "one of two secrets is old",
            secrets=[
                secret(last_used_at=None, created_at=days_ago(91)),
                secret(id="6b2", last_used_at=None, created_at=days_ago(1)),
            ],
            access_list=[account_entry(last_used_at=None, request_count=0)],
        ),
    ],
    "usage_unknown": [
        of_key("an empty list has no records", "no_access_list", access_list=[]),
        of_key("a list that was not read", "not_readable", access_list=None),
        of_key("on the list since yesterday", access_list=[key_entry(count=0, last_used=None, created=days_ago(1))]),
        of_account(
            "an entry that counts requests without a date, and an old secret",
            secrets=[secret(last_used_at=None, created_at=days_ago(95))],
            access_list=[account_entry(last_used_at=None)],
        ),
        of_key("requests without a date", access_list=[key_entry(count=3, last_used=None)]),
        of_key("no number of requests", access_list=[key_entry(count=None, last_used=None)]),
        of_key("a date that is none", "not_readable", access_list=[key_entry(last_used="yesterday")]),
        of_account(
            "a secret of yesterday and requests without a date",
            secrets=[secret(created_at=days_ago(1), last_used_at=None)],
            access_list=[account_entry(last_used_at=None)],
        ),
        of_account(
            "a secret of yesterday and a date that is none",
            "not_readable",
            secrets=[secret(created_at=days_ago(1), last_used_at=None)],
            access_list=[account_entry(last_used_at="yesterday", request_count=0)],
        ),
        of_account("no secret and no entry", "no_access_list", "no_live_secret", secrets=[], access_list=[]),
    ],
    "old": [
        of_account("366 days", created_at=days_ago(366)),
        Case("an API key by its event", organization(api_keys=[key()], events=[created(days=366)]), ["legacy_api_key"]),
        Case(
            "an API key that was changed 366 days ago",
            organization(api_keys=[key()], events=[created(days=366, event_type_name="API_KEY_ROLES_CHANGED")]),
            ["legacy_api_key"],
        ),
        Case(
            "an API key with an entry that is 366 days old",
            organization(api_keys=[key(access_list=[key_entry(created=days_ago(366))])], events=[]),
            ["legacy_api_key"],
        ),
    ],
    "age_unknown": [
        Case("no event, no time in the ID", organization(api_keys=[key(id=NO_TIME)], events=[]), ["legacy_api_key"]),
        Case(
            "events not read, no time in the ID",
            organization(api_keys=[key(id=NO_TIME)], events=None),
            ["legacy_api_key", "not_readable"],
        ),
        Case("an ID of 2011", organization(api_keys=[key(id=f"4eff0000{'0' * 16}")], events=[]), ["legacy_api_key"]),
        Case("an ID of tomorrow", organization(api_keys=[key(id=TOMORROW)], events=[]), ["legacy_api_key"]),
        Case("an ID that is none", organization(api_keys=[key(id="gswvkocq")], events=[]), ["legacy_api_key"]),
        of_account("a service account without a date", "not_readable", created_at=None),
        of_account("a service account with a date that is none", "not_readable", created_at="long ago"),
    ],
    "no_access_list": [
        of_account("an empty list, one required", access_list=[]),
    ],
    "secret_expires_soon": [
        of_account("in 30 days", secrets=[secret(expires_at=days_ago(-30))]),
        of_account("in an hour", secrets=[secret(expires_at=days_ago(-1 / 24))]),
        of_account("one of two", "rotation_unfinished", secrets=[secret(), secret(id="6b2", expires_at=days_ago(-3))]),
    ],
    "secret_expired": [
        of_account("now", "no_live_secret", secrets=[secret(expires_at=days_ago(0))]),
        of_account("one of two", secrets=[secret(), secret(id="6b2", expires_at=days_ago(3))]),
    ],
    "secret_lives_too_long": [
        of_account("366 days", secrets=[secret(created_at=days_ago(100), expires_at=days_ago(-266))]),
        of_account("longer from now on", "not_readable", secrets=[secret(created_at=None, expires_at=days_ago(-366))]),
    ],
    "no_live_secret": [
        of_account("none at all", secrets=[], access_list=entries("203.0.113.7")),
        of_account(
            "two that have expired",
            *["secret_expired"] * 2,
            secrets=[secret(expires_at=days_ago(1)), secret(id="6b2", expires_at=days_ago(9))],
        ),
    ],
    "legacy_api_key": [Case("every API key", organization(api_keys=[key()]), [])],
    "access_list_not_required": [of_organization("the setting is off", settings=NOT_REQUIRED)],
    "new_owner": [
        since("an API key that was none", key(), key(roles=OWNER_OF_ORG), "org_owner"),
        since("an account that did not exist", None, account(roles=["ORG_OWNER"]), "org_owner"),
        since("a project that it did not own", account(), account(projects=OWNED), "project_owner"),
        since(
            "another project", account(projects=OWNED), account(projects=[*OWNED, *OWNED_TOO]), *["project_owner"] * 2
        ),
    ],
    "mfa_not_required": [of_organization("the setting is off", settings=settings(multi_factor_auth_required=False))],
    "no_security_contact": [
        of_organization("null", settings=settings(security_contact=None)),
        of_organization("absent", settings=without("security_contact")),
        of_organization("spaces", settings=settings(security_contact="  ")),
    ],
    "secret_validity_too_long": [
        of_organization("an hour more than a year", settings=settings(**{VALIDITY: 8761})),
    ],
    "used_from_outside": [
        of_account("an address outside the list", access_list=[account_entry(last_used_address="203.0.113.8")]),
        of_key("of an API key", access_list=[key_entry(last_used_address="198.51.100.7")]),
        of_account("IPv6", access_list=[account_entry(last_used_address="2001:db8::7")]),
    ],
    "privileged_role": [
        of_account("in the organization", roles=["ORG_GROUP_CREATOR"]),
        of_account("two of them", "privileged_role", roles=["ORG_GROUP_CREATOR", "ORG_BILLING_ADMIN"]),
        of_account("in a project", projects=[{"group_id": PROJECT_ID, "roles": ["GROUP_DATA_ACCESS_ADMIN"]}]),
        of_key("of an API key", roles=[{"group_id": PROJECT_ID, "role_name": "GROUP_CLUSTER_MANAGER"}]),
    ],
    "too_many_owners": [
        of_organization("four accounts", *["org_owner"] * 4, service_accounts=owners(4)),
        of_organization(
            "four accounts, although API keys were not read",
            *["not_readable", *["org_owner"] * 4],
            service_accounts=owners(4),
            api_keys=None,
        ),
    ],
    "created_by_credential": [
        Case(
            "an API key",
            organization(api_keys=[key()], events=[created(username=None, public_key="abcdefgh")]),
            ["legacy_api_key"],
        ),
        Case(
            "a service account, next to a name",
            organization(api_keys=[key()], events=[created(client_id="mdb_sa_id_1")]),
            ["legacy_api_key"],
        ),
    ],
    "stale_entry": [
        of_account("used 91 days ago", access_list=[account_entry(), account_entry("203.0.113.8", **LONG_AGO)]),
        of_account("never used", access_list=[account_entry(), account_entry("203.0.113.8", **NEVER)]),
        of_key(
            "of an API key",
            access_list=[key_entry(), key_entry("203.0.113.8", last_used=days_ago(91))],
        ),
    ],
    "rotation_unfinished": [
        of_account("two secrets, the newer one of 15 days ago", secrets=[secret(), secret(**NEWER)]),
    ],
    "no_description": [
        of_key("an API key", desc=""),
        of_key("an API key without the field", desc=None),
        of_account("a service account", description=None),
        of_account("a service account, spaces", description=" "),
        of_account("a service account without a name", name=""),
    ],
    "private_network": [
        of_account("an address", access_list=entries("192.168.1.7/32")),
        of_account("IPv6", access_list=entries("fd00::/64")),
        of_account("next to others", access_list=entries("203.0.113.7/32", "172.16.1.0/24")),
    ],
    "secret_validity_unlimited": [
        of_organization("null", settings=settings(max_service_account_secret_validity_in_hours=None)),
        of_organization("absent", settings=without("max_service_account_secret_validity_in_hours")),
    ],
    "not_readable": [
        of_organization("settings", settings=None),
        of_organization("API keys", api_keys=None),
        of_organization("service accounts", service_accounts=None),
        of_organization("one of the service accounts", service_accounts=[account(), "?"]),
        of_organization("the requirement of lists", settings=REQUIREMENT_UNKNOWN),
        of_organization(
            "the validity of secrets", settings=settings(max_service_account_secret_validity_in_hours="long")
        ),
        of_organization("the whole organization", error="401 USER_UNAUTHORIZED", api_keys=None, service_accounts=None),
        of_organization("neither keys nor accounts", api_keys=None, service_accounts=None),
        of_account("an access list", access_list=None),
        of_account("an entry", access_list=entries("203.0.113.7/32", "203.0.113.0/33")),
        of_account("an entry without an address", access_list=[account_entry(None)]),
        of_account(
            "an empty list, requirement not known", "not_readable", settings=REQUIREMENT_UNKNOWN, access_list=[]
        ),
        of_account("roles", roles=None),
        of_account("one of the roles", roles=["ORG_READ_ONLY", None]),
        of_account("projects", projects=None),
        of_account("secrets", secrets=None),
        of_account("an expiry date", secrets=[secret(expires_at=None)]),
        of_account("a creation date", secrets=[secret(created_at="2026-13-01T00:00:00Z")]),
        of_key("roles of an API key", roles=None),
    ],
    "incomplete": [
        of_organization("a list", incomplete=["api_keys"]),
        of_organization("two lists", "incomplete", incomplete=["events", "projects"]),
    ],
}

NEAR_MISS: dict[str, list[Case]] = {
    "open_to_internet": [
        of_account(
            "half of what is routed",
            *["wide_network"] * 8,
            access_list=entries(*(f"{each}.0.0.0/8" for each in range(192, 200))),
        ),
        of_account("one half of IPv4", "wide_network", access_list=entries("0.0.0.0/1")),
        of_account("half of IPv4, half of IPv6", *["wide_network"] * 2, access_list=entries("0.0.0.0/1", "8000::/1")),
        of_account("no list, one required", "no_access_list", access_list=[]),
        of_account("a list, none required", "access_list_not_required", settings=NOT_REQUIRED),
        of_account("200 blocks of /8", *PRIVATE_OF_8, *["wide_network"] * 200, access_list=entries(*ALL_OF_8[:200])),
    ],
    "wide_network": [
        of_account("as many addresses as the limit", access_list=entries(*BLOCKS_OF_16)),
        of_account("the same addresses twice", access_list=entries(*BLOCKS_OF_16, "20.0.0.0/17")),
        of_account("exactly the policy's prefix", access_list=entries("198.18.0.0/16", "2001:db8::/32")),
        of_account("IPv4 written as IPv6", access_list=entries("::ffff:198.18.0.0/112")),
        of_account("everything is open_to_internet", "open_to_internet", access_list=entries("0.0.0.0/0")),
    ],
    "org_owner": [
        of_account("other roles", roles=["ORG_MEMBER", "ORG_OWNERS"]),
        of_account(
            "the owner of a project", "project_owner", projects=[{"group_id": PROJECT_ID, "roles": ["GROUP_OWNER"]}]
        ),
    ],
    "project_owner": [
        of_account("other roles", projects=[{"group_id": PROJECT_ID, "roles": ["GROUP_OWNERS"]}]),
        of_account("no projects", projects=[]),
        of_account("the owner of the organization", "org_owner", roles=["ORG_OWNER"]),
    ],
    "unused": [
        of_key("last used 90 days ago", access_list=[key_entry(last_used=days_ago(90))]),
        of_key(
            "one entry of two was used",
            "stale_entry",
            access_list=[key_entry(last_used=None, count=0), key_entry("203.0.113.8")],
        ),
        of_key(
            "never used, on the list for 90 days",
            "usage_unknown",
            access_list=[key_entry(count=0, last_used=None, created=days_ago(90))],
        ),
        of_account("used from an entry", secrets=[secret(last_used_at=None)]),
    ],
    "usage_unknown": [
        of_account("a list that was not read, a secret that was used", "not_readable", access_list=None),
        of_account(
            "an entry without numbers, a secret that was used",
            access_list=[account_entry(request_count=None, last_used_at=None)],
        ),
        of_key(
            "one of two entries without numbers",
            access_list=[key_entry(), key_entry("203.0.113.8", count=None, last_used=None)],
        ),
    ],
    "old": [
        of_account("365 days", created_at=days_ago(365)),
        Case(
            "an old event of another key",
            organization(api_keys=[key()], events=[created(), created("abcdefgh", 999)]),
            ["legacy_api_key"],
        ),
        Case(
            "an old event of what the key did",
            organization(api_keys=[key()], events=[created(), created(days=999, **BY_OTHERS)]),
            ["legacy_api_key"],
        ),
        of_account("no date", "age_unknown", "not_readable", created_at=None),
    ],
    "age_unknown": [
        of_account("a date"),
        of_key("an event"),
        Case("no event, but an ID", organization(api_keys=[key()], events=[]), ["legacy_api_key"]),
        of_account("no date, but an ID", "not_readable", client_id=f"mdb_sa_id_{KEY_ID}", created_at=None),
    ],
    "no_access_list": [
        of_account(
            "no list, none required",
            "access_list_not_required",
            "open_to_internet",
            settings=NOT_REQUIRED,
            access_list=[],
        ),
        of_account(
            "no list, requirement not known", *["not_readable"] * 2, settings=REQUIREMENT_UNKNOWN, access_list=[]
        ),
        of_account("not read", "not_readable", access_list=None),
    ],
    "secret_expires_soon": [
        of_account("in 31 days", secrets=[secret(expires_at=days_ago(-31))]),
        of_account("already expired", "no_live_secret", "secret_expired", secrets=[secret(expires_at=days_ago(1))]),
    ],
    "secret_expired": [of_account("in an hour", "secret_expires_soon", secrets=[secret(expires_at=days_ago(-1 / 24))])],
    "secret_lives_too_long": [
        of_account("365 days", secrets=[secret(created_at=days_ago(100), expires_at=days_ago(-265))]),
        of_account(
            "two years, but over",
            "no_live_secret",
            "old",
            "secret_expired",
            secrets=[secret(created_at=days_ago(732), expires_at=days_ago(1))],
            created_at=days_ago(100),
        ),
    ],
    "no_live_secret": [
        of_account(
            "one of two has expired", "secret_expired", secrets=[secret(), secret(id="6b2", expires_at=days_ago(3))]
        ),
        of_account("an expiry that is not known", "not_readable", secrets=[secret(expires_at=None)]),
    ],
    "legacy_api_key": [of_account("a service account")],
    "new_owner": [
        Case("no baseline", organization(service_accounts=[account(roles=["ORG_OWNER"])]), ["org_owner"]),
        since("an owner before", account(roles=["ORG_OWNER"]), account(roles=["ORG_OWNER"]), "org_owner"),
        since("another role", account(), account(roles=["ORG_MEMBER"])),
    ],
    "mfa_not_required": [
        of_organization("the setting is on"),
        of_organization("not known", "not_readable", settings=without("multi_factor_auth_required")),
    ],
    "no_security_contact": [
        of_organization("a contact"),
        of_organization("not known", "not_readable", settings=settings(security_contact=7)),
    ],
    "secret_validity_too_long": [
        of_organization("exactly a year", settings=settings(**{VALIDITY: 8760})),
        of_organization("no limit", "secret_validity_unlimited", settings=settings(**{VALIDITY: None})),
    ],
    "used_from_outside": [
        of_account(
            "an address in a block", access_list=[account_entry("203.0.113.0/24", last_used_address="203.0.113.9")]
        ),
        of_account(
            "an address of another entry",
            access_list=[
                account_entry(last_used_address="203.0.113.8"),
                account_entry("203.0.113.8"),
            ],
        ),
        of_account("IPv4, written as IPv6", access_list=[account_entry(last_used_address="::ffff:203.0.113.7")]),
        of_account("no address", access_list=[account_entry(last_used_address=None)]),
    ],
    "privileged_role": [
        of_account(
            "other roles", roles=["ORG_READ_ONLY"], projects=[{"group_id": PROJECT_ID, "roles": ["GROUP_READ_ONLY"]}]
        ),
    ],
    "too_many_owners": [
        of_organization("three", *["org_owner"] * 3, service_accounts=owners(3)),
    ],
    "created_by_credential": [
        of_key("a person"),
        Case(
            "an event of another key",
            organization(
                api_keys=[key()], events=[created(), created("abcdefgh", username=None, public_key="gswvkocq")]
            ),
            ["legacy_api_key"],
        ),
        of_account("a service account: events name no target"),
    ],
    "stale_entry": [
        of_account(
            "used 90 days ago", access_list=[account_entry(), account_entry("203.0.113.8", last_used_at=days_ago(90))]
        ),
        of_account(
            "added 90 days ago",
            access_list=[
                account_entry(),
                account_entry("203.0.113.8", **{**NEVER, "created_at": days_ago(90)}),
            ],
        ),
        of_account(
            "a credential that is not used",
            "unused",
            secrets=[secret(last_used_at=None)],
            access_list=[account_entry(**LONG_AGO)],
        ),
    ],
    "rotation_unfinished": [
        of_account("the newer one of 14 days ago", secrets=[secret(), secret(**{**NEWER, "created_at": days_ago(14)})]),
        of_account("one has expired", "secret_expired", secrets=[secret(**NEWER), secret(expires_at=days_ago(1))]),
    ],
    "no_description": [of_key("an API key with one"), of_account("a service account with one")],
    "private_network": [
        of_account("a public address", access_list=entries("203.0.113.7/32")),
        of_account("a block that is public in part", "wide_network", access_list=entries("172.0.0.0/8")),
    ],
    "access_list_not_required": [
        of_organization("the setting is on"),
        of_organization("not known", "not_readable", settings=REQUIREMENT_UNKNOWN),
    ],
    "secret_validity_unlimited": [
        of_organization("a limit", settings=settings(max_service_account_secret_validity_in_hours=8760)),
        of_organization("not read", "not_readable", settings=None),
    ],
    "not_readable": [
        of_organization("no credentials"),
        of_organization("no projects: only their names are used", projects=None),
        of_organization("no events, but no API keys either", events=None),
        of_account("an address instead of a block", access_list=[account_entry(None, ip_address="203.0.113.7")]),
        of_account("no uses", access_list=[{"cidr_block": "203.0.113.7/32"}]),
    ],
    "incomplete": [of_organization("nothing"), of_organization("not given", incomplete=None)],
}
