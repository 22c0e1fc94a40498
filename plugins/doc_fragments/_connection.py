# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  base_url:
    description:
      - Scheme, host, and port of the API. For Atlas for Government it is V(https://cloud.mongodbgov.com), for an
        Ops Manager its own address.
      - Plain V(http) is accepted for a loopback address. For other hosts it is accepted only with O(public_key) and
        O(private_key), which never send the private key, and with a warning.
      - If it is not given, the environment variable E(MONGODB_ATLAS_BASE_URL) is used.
    type: str
    default: https://cloud.mongodb.com
  api_version:
    description:
      - Which version of the API to ask. A date such as V(2025-03-12) is one of the Atlas Administration API version 2.
      - V(v1.0) is the older generation of Atlas, V(public/v1.0) that of Cloud Manager and Ops Manager.
    type: str
    default: '2025-03-12'
  timeout:
    description:
      - How many seconds to wait for a connection, and for the next bytes of an answer. An answer as a whole may take
        one and a half times as long.
    type: float
    default: 30
  retries:
    description:
      - How often to repeat a request that was answered with 429, 502, 503, or 504, or whose connection broke.
      - The wait before is what Atlas asks for, at least one second and at most a minute. Where Atlas does not say, it
        begins with half a second and doubles.
      - Minting a token is repeated after a 429 alone. After anything else a token may have been made.
      - With V(0) the first answer stands.
    type: int
    default: 4
  validate_certs:
    description:
      - Whether to check the host's certificate. V(false) is for tests; it makes the task warn.
    type: bool
    default: true
  ca_path:
    description:
      - A file with certificates of authorities, or a directory of them as OpenSSL hashes it, to trust instead of the
        usual ones.
    type: path
  envelope:
    description:
      - Whether to ask for answers that are wrapped in an envelope. The facts are the same.
    type: bool
    default: false
  pretty:
    description:
      - Whether to ask for answers that are indented for human readers. The facts are the same.
    type: bool
    default: false
"""
