# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - requests >= 2.28
options:
  public_key:
    description:
      - The public key of an API key, with O(private_key). Requests are then authenticated with HTTP digest.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_PUBLIC_API_KEY) is used, or
        E(MONGODB_ATLAS_PUBLIC_KEY).
    type: str
  private_key:
    description:
      - The private key of the API key. It is never sent.
      - On a host in FIPS mode that does not allow MD5 even for HTTP digest, use O(client_id) and O(client_secret).
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_PRIVATE_API_KEY) is used, or
        E(MONGODB_ATLAS_PRIVATE_KEY).
    type: str
  access_token:
    description:
      - An access token that was minted before, for example with M(mongodb_atlas.admin.access_token). The task does not
        revoke it.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_ACCESS_TOKEN) is used.
    type: str
  client_id:
    description:
      - The client ID of a service account, with O(client_secret). The task mints a token and revokes it at its end,
        also if it fails or is interrupted.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - The secret of the service account.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_CLIENT_SECRET) is used.
    type: str
notes:
  - Credentials come whole from one place. If the task or C(module_defaults) gives any of O(public_key), O(private_key),
    O(access_token), O(client_id), and O(client_secret), those of the environment are ignored.
  - The auth methods are mutually exclusive in a task. In the environment an access token has precedence over a service
    account, and a service account over an API key.
  - O(private_key), O(access_token), and O(client_secret) with less than eight characters are refused. No secret of
    Atlas is that short, and masking it would damage results.
  - Environment variables are those of the host where the task runs, which is the controller or the execution
    environment for C(connection=local) and C(delegate_to=localhost).
  - Atlas allows a service account to have 100 live tokens, and to mint 50 a minute. For a task that runs more often,
    use an API key, or an access token that M(mongodb_atlas.admin.access_token) mints for many tasks.
  - A task spends at most 10 seconds on revoking its token, and at most 2 seconds if it was interrupted or if the
    C(timeout) of the task has ended it. If revoking fails, the task warns. A token that was not revoked stays alive for
    up to an hour. That also happens if the process is killed (SIGKILL), or is interrupted while it waits for a new
    token.
"""
