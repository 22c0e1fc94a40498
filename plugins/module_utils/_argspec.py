# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The options that modules share, and what an identifier of Atlas is."""

from __future__ import annotations

import os
import re
import typing as t
import urllib.parse

from ansible.module_utils.errors import AnsibleFallbackNotFound

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._auth import basic, encoded_forms
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError


def environment(*names: str) -> str:
    """A fallback for an option: the first of the environment variables NAMES that is not empty.

    C(env_fallback) would take an empty one, as AWX leaves it where a credential's optional field was not filled in.
    """
    for name in names:
        if value := os.environ.get(name):
            return value
    raise AnsibleFallbackNotFound


# Credentials have no fallback here: they come whole from one place, which the authentication decides.
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

ORG_ID = {"type": "str", "fallback": (environment, ["MONGODB_ATLAS_ORG_ID"])}

_IDENTIFIER = re.compile(r"[a-f0-9]{24}")

# What people pass in an identifier's place, and what it looks like. The first that fits is named.
_MISTAKEN_FOR = (
    (re.compile(r"[a-z]{8}"), "It looks like a public key; the key's ID is another thing: the list of keys has both."),
    (re.compile(r"mdb_sa_id_.*"), "It looks like a service account's client ID, which belongs in client_id."),
    (re.compile(r"\s*[a-f0-9]{24}\s*"), "There is white space or a line break around it."),
    (re.compile(r"[a-fA-F0-9]{24}"), "Write it in lower case."),
)

# A service account's secret, a token (JWT), an API key's private key: they have no business in a message.
_SECRET = re.compile(r"mdb_sa_sk_.*|eyJ.*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.DOTALL | re.IGNORECASE)


_PROXIES = frozenset(("https_proxy", "http_proxy", "all_proxy"))


def is_identifier(value: object) -> bool:
    """Whether VALUE could be the ID of something in Atlas.

    Atlas' own pattern is C(^([a-f0-9]{24})$); here it is matched to the last character.
    """
    return isinstance(value, str) and bool(_IDENTIFIER.fullmatch(value))


def check_identifiers(params: t.Mapping[str, t.Any]) -> None:
    """Refuse IDs that Atlas cannot know, before anything leaves the machine.

    :param params: validated options, of which C(org_id) and C(api_user_id) are looked at where they are given.
    :raises UsageError: with the option, its value and what it may have been mistaken for.
    """
    for option in ("org_id", "api_user_id"):
        value = params.get(option)
        if value is not None and not is_identifier(value):
            raise UsageError(
                f"{option} is {_shown(value)}; it must be 24 hexadecimal digits in lower case."
                f" {_mistaken_for(value)}".rstrip()
            )


def misplaced_secrets(params: t.Mapping[str, t.Any]) -> set[str]:
    """Secrets that stand in options which are not C(no_log): a token given as ID, a password in a URL."""
    texts = [value for value in params.values() if isinstance(value, str)]
    secrets = {text for text in texts if _SECRET.fullmatch(text.strip())}
    return secrets | _passwords_in(params.get("base_url") or "")


def proxy_secrets(environ: t.Mapping[str, str]) -> set[str]:
    """The passwords in the addresses of proxies, which requests takes from the environment."""
    proxies = [value for name, value in environ.items() if name.lower() in _PROXIES]
    return set().union(*(_passwords_in(proxy) for proxy in proxies))


def _passwords_in(url: str) -> set[str]:
    """The password in URL as it stands there, as it is meant, and as it is sent."""
    try:
        parts = urllib.parse.urlsplit(url if "//" in url else "//" + url)
    except ValueError:
        return {url} if "@" in url else set()
    if not parts.password:
        return set()
    user, password = urllib.parse.unquote(parts.username or ""), urllib.parse.unquote(parts.password)
    return {parts.password, basic(user, password)} | encoded_forms(password)


def _shown(value: str) -> str:
    if _SECRET.fullmatch(value.strip()):
        return "not shown, for it looks like a secret"
    return repr(value if len(value) <= 80 else value[:80] + "…")


def _mistaken_for(value: str) -> str:
    return next((hint for pattern, hint in _MISTAKEN_FOR if pattern.fullmatch(value)), "")
