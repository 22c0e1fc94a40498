# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host, and port of the API. For Atlas for Government it is V(https://cloud.mongodbgov.com), for Ops
        Manager the address of its host.
      - Plain V(http) is accepted for a loopback address. For other hosts it is accepted only with O(public_key) and
        O(private_key), because the private key is never sent, and with a warning.
      - If it is not given, the environment variable E(MONGODB_ATLAS_BASE_URL) is used.
    type: str
    default: https://cloud.mongodb.com
  api_version:
    description:
      - The version of the API. A date such as V(2025-03-12) is a version of the Atlas Administration API v2.
      - V(v1.0) is the older API of Atlas, V(public/v1.0) the API of Cloud Manager and Ops Manager.
    type: str
    default: '2025-03-12'
  timeout:
    description:
      - How many seconds to wait for a connection, and for the next bytes of a response. A response as a whole may take
        one and a half times as long.
      - It is not a limit for the task. For that, set C(timeout) on the task itself, a keyword of Ansible.
    type: float
    default: 30
  retries:
    description:
      - How often to repeat a request after a response with status 429, 502, 503, or 504, or after a broken connection.
      - The wait before a retry is that of C(Retry-After), at least one second and at most a minute. Without
        C(Retry-After), it begins with half a second and doubles with each retry.
      - The request that mints a token is repeated after status 429 only, because after any other failure a token may
        have been minted.
      - With V(0) no request is repeated.
    type: int
    default: 4
  validate_certs:
    description:
      - Whether to verify the certificate of the host. V(false) is for tests, and the task warns.
    type: bool
    default: true
  ca_path:
    description:
      - A file with certificates of authorities, or a directory that C(openssl rehash) has prepared, to trust instead of
        the default ones.
    type: path
  envelope:
    description:
      - Whether to request responses with an envelope. The result is the same.
    type: bool
    default: false
  pretty:
    description:
      - Whether to request responses with indentation. The result is the same.
    type: bool
    default: false
"""
