#!/usr/bin/env bash
# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The emulator sets MONGODB_ATLAS_BASE_URL, runs the playbook, and ends with it.

set -eu
exec atlas-emulator --dataset ../../../emulator/datasets/demo.yml -- ansible-playbook playbook.yml "$@"
