# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""caller_info in a playbook: credentials that work, that do not, and that work a moment later."""

from __future__ import annotations

import pathlib

from atlas_emulator.dataset import load
from atlas_emulator.server import Emulator
from harness import Atlas, Shell

DATASET = """
settings: {new_key_delay: 3}
orgs:
  - id: a0123456789abcdef012345a
    name: Production
    requires_access_list: true
    api_keys:
      - {id: 6a793f752c88faeba59bba50, desc: owner, public_key: mqzhrtab,
         private_key: 7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6,
         roles: [{org_id: a0123456789abcdef012345a, role_name: ORG_OWNER}], access_list: [{cidr_block: 127.0.0.0/8}]}
      - {id: 6a793f752c88faeba59bba51, desc: elsewhere, public_key: gswvkocq,
         private_key: 3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977,
         roles: [{org_id: a0123456789abcdef012345a, role_name: ORG_MEMBER}], access_list: [{ip_address: 192.0.2.7}]}
    service_accounts:
      - {client_id: mdb_sa_id_0123456789abcdef01234567, name: reader,
         client_secret: mdb_sa_sk_0123456789abcdef0123456789abcdef01234567,
         roles: [{org_id: a0123456789abcdef012345a, role_name: ORG_MEMBER}], access_list: [{cidr_block: 127.0.0.0/8}]}
"""

PLAY = """
- hosts: localhost
  gather_facts: false
  vars:
    owner: {public_key: mqzhrtab, private_key: 7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6}
    reader: {client_id: mdb_sa_id_0123456789abcdef01234567}
  tasks:
    - mongodb_atlas.admin.caller_info:
        client_id: mdb_sa_id_0123456789abcdef01234567
        client_secret: mdb_sa_sk_0123456789abcdef0123456789abcdef01234567
        org_id: a0123456789abcdef012345a
      register: works
    - mongodb_atlas.admin.caller_info:
        client_id: mdb_sa_id_0123456789abcdef01234567
        client_secret: mdb_sa_sk_wrong
      register: wrong
    - mongodb_atlas.admin.caller_info:
        public_key: gswvkocq
        private_key: 3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977
        wait: 30
      register: elsewhere
    - mongodb_atlas.admin.org_api_key:
        public_key: mqzhrtab
        private_key: 7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6
        org_id: a0123456789abcdef012345a
        desc: new
        roles: [ORG_MEMBER]
        access_list: [127.0.0.0/8]
        secret_file: "{{ playbook_dir }}/new.json"
    - mongodb_atlas.admin.caller_info:
        public_key: "{{ (lookup('file', playbook_dir ~ '/new.json') | from_json).public_key }}"
        private_key: "{{ (lookup('file', playbook_dir ~ '/new.json') | from_json).private_key }}"
        wait: 30
      register: later
    - name: Show
      debug:
        msg:
          works: "{{ [works.works, works.authenticated, works.address_allowed, works.kind, works.id] }}"
          wrong: "{{ [wrong.works, wrong.authenticated, wrong.attempts] }}"
          elsewhere: "{{ [elsewhere.works, elsewhere.authenticated, elsewhere.address, elsewhere.attempts] }}"
          later: "{{ [later.works, later.attempts > 1] }}"
"""


def test_what_is_proved(shell: Shell, tmp_path: pathlib.Path) -> None:
    dataset = tmp_path / "dataset.yml"
    dataset.write_text(DATASET, encoding="utf-8")
    with Emulator(load(str(dataset))) as emulator:
        done = shell.playbook(PLAY, "-vvv", MONGODB_ATLAS_BASE_URL=emulator.url)
        assert done.code == 0, done.output
        assert done.shown("Show") == {
            "works": [True, True, True, "service_account", "mdb_sa_id_0123456789abcdef01234567"],
            "wrong": [False, False, 1],
            "elsewhere": [False, True, "127.0.0.1", 1],
            "later": [True, True],
        }
        assert not Atlas(emulator.url).live_tokens()
    assert "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567" not in done.output
