#!/usr/bin/env bash
# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The emulator sets MONGODB_ATLAS_BASE_URL, runs the playbook, and ends with it.
# ansible-test runs a copy of this folder: the data set is found where the collection is.

set -eu
tree="${ANSIBLE_COLLECTIONS_PATH%%:*}/ansible_collections/mongodb_atlas/admin"
exec atlas-emulator --dataset "$tree/tests/emulator/datasets/demo.yml" -- ansible-playbook playbook.yml "$@"
