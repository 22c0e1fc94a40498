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
      - The public key of an API key, with O(private_key). Requests are then signed by HTTP digest.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_PUBLIC_API_KEY) is used, or
        E(MONGODB_ATLAS_PUBLIC_KEY).
    type: str
  private_key:
    description:
      - The private key of the API key. It is never sent.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_PRIVATE_API_KEY) is used, or
        E(MONGODB_ATLAS_PRIVATE_KEY).
    type: str
  access_token:
    description:
      - A bearer token that somebody else minted for a service account.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_ACCESS_TOKEN) is used.
    type: str
  client_id:
    description:
      - The client ID of a service account, with O(client_secret). The task mints a token, and revokes it when it is
        done, also when it fails or is interrupted.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - The secret of the service account.
      - If the task gives no credentials at all, the environment variable E(MONGODB_ATLAS_CLIENT_SECRET) is used.
    type: str
notes:
  - Credentials come whole from one place. If the task or C(module_defaults) gives any of O(public_key), O(private_key),
    O(access_token), O(client_id), and O(client_secret), those of the environment are not looked at.
  - Two ways to authenticate in one task are an error. In the environment an access token is preferred to a service
    account, and a service account to an API key.
  - Environment variables are those of the host where the task runs, which is the controller or the execution
    environment for C(connection=local) and C(delegate_to=localhost).
  - Atlas allows a service account 100 live tokens, and 50 to be minted in a minute. For a task that is run more often,
    prefer an API key or an access token, which M(mongodb_atlas.admin.access_token) mints for many tasks.
  - A minted token stays alive for up to an hour where the process is killed (SIGKILL) or loses its network before it
    can revoke it. Where revoking fails, the task warns.
"""
