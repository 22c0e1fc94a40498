# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A raw server that behaves like Atlas but for one kind of request, and a task that asks it."""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import Outcome, execute
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_info
from raw_server import Asked, RawServer, Reply, reply

ORG = "a0123456789abcdef012345a"
KEY = {"id": "6a793f752c88faeba59bba49", "publicKey": "gswvkocq", "roles": [{"orgId": ORG, "roleName": "ORG_OWNER"}]}
PAGE = {"links": [], "results": [KEY], "totalCount": 1}

# With signs that look otherwise in a URL, in base64 and in JSON.
PRIVATE_KEY = 'priv+ate/key="%\\~'
TOKEN = 'to+ken/given="%\\~'
MINTED = 'to+ken/minted="%\\~'
CLIENT_ID, CLIENT_SECRET = "mdb_sa_id_0123456789abcdef01234567", 'mdb_sa_sk_se+cret/="%\\~'

AUTH_METHODS: dict[str, dict[str, str]] = {
    "bearer": {"access_token": TOKEN},
    "digest": {"public_key": "gswvkocq", "private_key": PRIVATE_KEY},
    "service account": {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
}

CHALLENGE = 'Digest realm="MMS Public API", domain="", nonce="n0nce", algorithm=MD5, qop="auth", stale=false'
UNAUTHORIZED = {"error": 401, "reason": "Unauthorized", "errorCode": "UNEXPECTED_ERROR"}

# Which request of a task is answered wrongly, and the auth method with which that request is sent.
STAGES = {
    "reading": "bearer",
    "challenge": "digest",
    "after the challenge": "digest",
    "minting": "service account",
    "reading with a minted token": "service account",
    "revoking": "service account",
}


def stage_of(asked: Asked) -> t.Sequence[str]:
    """The stages that a request may be."""
    if asked.path.endswith("/token"):
        return ["minting"]
    if asked.path.endswith("/revoke"):
        return ["revoking"]
    kind = asked.headers.get("authorization", "").partition(" ")[0]
    return {
        "": ["challenge"],
        "Digest": ["after the challenge"],
        "Bearer": ["reading", "reading with a minted token"],
    }[kind]


def behave(asked: Asked) -> bytes:
    """What Atlas would answer."""
    if asked.path.endswith("/token"):
        return reply({"access_token": MINTED, "expires_in": 3600, "token_type": "Bearer"})
    if asked.path.endswith("/revoke"):
        return reply()
    if "authorization" not in asked.headers:
        return reply(UNAUTHORIZED, "401 Unauthorized", WWW_Authenticate=CHALLENGE)
    return reply(PAGE)


def misbehave(stage: str, fault: Reply) -> t.Callable[[Asked], Reply]:
    """Response like Atlas, but with FAULT at STAGE."""
    return lambda asked: fault if stage in stage_of(asked) else behave(asked)


def ask(server: RawServer, auth: str, **options: t.Any) -> Outcome:
    """Read the API keys from SERVER, as a task would."""
    params = {
        **{option: spec.get("default") for option, spec in org_api_key_info.ARGUMENT_SPEC.items()},
        **AUTH_METHODS[auth],
        "base_url": server.url,
        "org_id": ORG,
        "retries": 0,
        "timeout": 60.0,  # so that a busy machine is no failure
        **options,
    }
    outcome = execute(org_api_key_info.ARGUMENT_SPEC, org_api_key_info.run, params, {})
    json.dumps(outcome.result, ensure_ascii=False).encode()  # it can be printed
    return outcome
