# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Access lists: their entries, and where a credential with such a list can be used from.

MongoDB's documentation says: an empty access list means "from nowhere" if the organization requires a list and "from
anywhere" if it does not.
"""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import (
    API_KEY,
    Entry,
    Reach,
    Unknown,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read import reasons
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.addresses import (
    ALL_ADDRESSES,
    AddressSet,
    parse_address,
    parse_block,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.read.fields import (
    Fields,
    Form,
    Raw,
    dicts,
    show,
)

_NEVER = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
_NAME: t.Final = "access_list"


def read_access_list(raw: Raw, kind: str, now: datetime.datetime, forms: list[Form]) -> list[Entry] | Unknown:
    """Return the entries of the access list of a credential, in order, or why they are not known."""
    value = raw.get(_NAME)
    if (entries := dicts(value)) is not None:
        return sorted((_entry(entry, now, forms) for entry in entries), key=_order)
    if value is not None:
        return reasons.unknown_form(Form(_NAME, f"Its access list is {show(value)}, which is not a list of entries."))
    if _NAME not in raw:
        remediation = "Read the credentials with gather_access_list, and audit again."
        return reasons.not_read(_NAME, "Its access list was not read.", remediation)
    return reasons.denied(
        _NAME, "Its access list was not read: access was denied.", reasons.CREDENTIAL_ROLES[kind, _NAME]
    )


def _entry(raw: Raw, now: datetime.datetime, forms: list[Form]) -> Entry:
    # A key's entry and a service account's name the same things differently. An address comes with its block, or alone.
    written = Fields(raw, now, [], "access_list.").text("cidr_block", "ip_address") or ""
    block = parse_block(written)
    fields = Fields(raw, now, forms, "access_list.", block.text if block else written)
    if block is None:
        value = raw.get("cidr_block") or raw.get("ip_address")
        fields.note("cidr_block", f"{show(value)}, which is not a block of addresses" if value else "missing")
    # The field is absent from an entry that was never used. A value of an unknown form may hide a use.
    last_used_at, requests = fields.time("last_used", "last_used_at"), fields.integer("count", "request_count")
    is_absent = raw.get("last_used") is None and raw.get("last_used_at") is None
    address = fields.text("last_used_address")
    if address and parse_address(address) is None:
        fields.note("last_used_address", f"{show(address)}, which is not an address")
    return Entry(
        text=written,
        block=block,
        created_at=fields.time("created", "created_at"),
        last_used_at=last_used_at,
        last_used_address=address,
        requests=requests,
        use_known=last_used_at is not None or (is_absent and requests == 0),
    )


def _order(entry: Entry) -> tuple[t.Any, ...]:
    times = (entry.created_at or _NEVER, entry.last_used_at or _NEVER)
    requests = -1 if entry.requests is None else entry.requests
    return (entry.block or (0,), entry.text, *times, entry.last_used_address or "", requests)


_REQUIREMENT = (
    "Its access list is empty, and whether the organization requires one is not known.",
    "Read the settings of the organization, and audit again.",
)
_OF_A_KEY = "An event shows that it inherits the access list of the Atlas UI, which no API shows."
_OF_AN_ACCOUNT = (
    "An event shows that a service account of the organization inherits the access list of the Atlas UI, which no API"
    " shows. Which account it is is not known."
)


def reach_of(
    entries: list[Entry] | Unknown, list_required: bool | None, inheriting: str | None = None
) -> tuple[Reach, Unknown | None]:
    """Return where a credential can be used from, or why that is not known: it could be more than what is known.

    :param inheriting: the kind of the credential, if it may inherit the access list of the UI.
    """
    if isinstance(entries, Unknown):
        return Reach("unknown", None), entries
    union = AddressSet.of(entry.block for entry in entries if entry.block)
    if union.is_everything or (not entries and list_required is False):
        return Reach("anywhere", union.size if entries else ALL_ADDRESSES, union.ipv4), None
    unknown = Reach("unknown", None, union.ipv4)
    if inheriting:
        return unknown, reasons.inherited(_OF_A_KEY if inheriting == API_KEY else _OF_AN_ACCOUNT)
    if not entries:
        return (Reach("nowhere", 0), None) if list_required else (unknown, reasons.not_read("reach", *_REQUIREMENT))
    if (wrong := next((entry for entry in entries if entry.block is None), None)) is not None:
        form = Form(
            "access_list.cidr_block", f"An entry of its access list is {show(wrong.text)}, which is no address."
        )
        return unknown, reasons.unknown_form(form)
    return Reach("listed", union.size, union.ipv4), None
