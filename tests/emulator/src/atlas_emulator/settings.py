# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the emulated service: lifetimes, limits and API versions."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields

from atlas_emulator.parser import REQUIRED, Entry, Json


@dataclass(frozen=True)
class BucketSize:
    """A token bucket: it holds `capacity` requests and is refilled with `refill` of them every `seconds`."""

    capacity: int
    refill: int
    seconds: float


@dataclass(frozen=True)
class Settings:
    """The settings with their defaults.

    `nonce_lifetime` and `token_lifetime` are seconds. Atlas' nonces expire after "a short amount of time" (docs), so
    300 is an assumption. The capacities of the buckets are Atlas' own, and so are the refills of `org_bucket` (API keys
    of an organization) and `user_bucket` (``GET /orgs``) (wire, docs); that the others are refilled with half of their
    capacity each minute is an assumption. `other_bucket` is for resources whose limit is not known: None, no limit. The
    other numbers are Atlas' own (docs, client).

    Not known is how long Atlas takes: `new_key_delay`, `new_secret_delay` and `list_delay` are the seconds until a
    created API key authenticates, until a created secret mints tokens, and until a list shows a change. Four questions
    are open: what Atlas makes of `withoutInitialSecret`, whether a change of the roles in the organization leaves those
    in projects alone, whether adding an entry that is on the list is a 409, and whether an unknown key is a 404 or a
    400 (reference and report differ).
    """

    nonce_lifetime: float = 300
    token_lifetime: float = 3600
    live_tokens: int = 100
    mints_per_minute: int = 50
    org_bucket: BucketSize | None = BucketSize(500, 250, 60)
    user_bucket: BucketSize | None = BucketSize(300, 100, 60)
    org_details_bucket: BucketSize | None = BucketSize(500, 250, 60)
    projects_bucket: BucketSize | None = BucketSize(1200, 600, 60)
    project_bucket: BucketSize | None = BucketSize(1200, 600, 60)
    project_keys_bucket: BucketSize | None = BucketSize(1200, 600, 60)
    events_bucket: BucketSize | None = BucketSize(500, 250, 60)
    project_events_bucket: BucketSize | None = BucketSize(300, 150, 60)
    other_bucket: BucketSize | None = None
    rate_limits: bool = True
    new_key_delay: float = 0
    new_secret_delay: float = 0
    list_delay: float = 0
    without_initial_secret: str = "known"
    org_roles_update_keeps_project_roles: bool = True
    existing_entry_conflicts: bool = False
    api_key_not_found_status: int = 404
    gone_versions: tuple[str, ...] = ()
    any_version: bool = False
    deprecated_versions: dict[str, dict[str, str]] = field(default_factory=dict)

    def as_json(self) -> Json:
        """Return the settings as the control path shows them."""
        return asdict(self)


WITHOUT = ("known", "refused", "ignored")
"""What a server makes of `withoutInitialSecret`."""

BUCKETS = tuple(field.name for field in fields(Settings) if field.name.endswith("_bucket"))
"""The names of the settings that are sizes of buckets."""


def parse_settings(entry: Entry, base: Settings) -> Settings:
    """Return `base` with the changes in the entry."""
    settings = Settings(
        nonce_lifetime=entry.number("nonce_lifetime", base.nonce_lifetime),
        token_lifetime=entry.number("token_lifetime", base.token_lifetime),
        live_tokens=entry.whole("live_tokens", base.live_tokens),
        mints_per_minute=entry.whole("mints_per_minute", base.mints_per_minute),
        **{name: _parse_bucket(entry, name, getattr(base, name)) for name in BUCKETS},
        rate_limits=entry.flag("rate_limits", base.rate_limits),
        new_key_delay=entry.number("new_key_delay", base.new_key_delay),
        new_secret_delay=entry.number("new_secret_delay", base.new_secret_delay),
        list_delay=entry.number("list_delay", base.list_delay),
        without_initial_secret=entry.choice("without_initial_secret", base.without_initial_secret, WITHOUT),
        org_roles_update_keeps_project_roles=entry.flag(
            "org_roles_update_keeps_project_roles", base.org_roles_update_keeps_project_roles
        ),
        existing_entry_conflicts=entry.flag("existing_entry_conflicts", base.existing_entry_conflicts),
        api_key_not_found_status=_parse_status(entry, base.api_key_not_found_status),
        any_version=entry.flag("any_version", base.any_version),
        gone_versions=entry.texts("gone_versions") if "gone_versions" in entry else base.gone_versions,
        deprecated_versions=_parse_deprecated(entry) if "deprecated_versions" in entry else base.deprecated_versions,
    )
    entry.finish()
    return settings


def _parse_status(entry: Entry, base: int) -> int:
    status = entry.whole("api_key_not_found_status", base)
    if status not in (400, 404):
        raise entry.error("api_key_not_found_status", f"400 or 404 is needed, not {status}")
    return status


def _parse_bucket(entry: Entry, name: str, base: BucketSize | None) -> BucketSize | None:
    """Return the size of a bucket; null takes the limit away."""
    if name not in entry:
        return base
    if entry.value(name) is None:
        return None
    size = entry.entry(name)
    base = base or BucketSize(REQUIRED, REQUIRED, 60)
    bucket = BucketSize(
        capacity=size.whole("capacity", base.capacity, least=1),
        refill=size.whole("refill", base.refill, least=1),
        seconds=size.number("seconds", base.seconds, least=0.001),
    )
    size.finish()
    return bucket


def _parse_deprecated(entry: Entry) -> dict[str, dict[str, str]]:
    """Return the values of each date's ``Deprecation`` and ``Sunset`` headers."""
    dates = entry.entry("deprecated_versions")
    versions = {}
    for date in entry.fields("deprecated_versions"):
        headers = dates.entry(date)
        versions[date] = {name: headers.text(name) for name in ("deprecation", "sunset") if name in headers}
        headers.finish()
    return versions
