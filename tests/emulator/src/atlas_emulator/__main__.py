# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m atlas_emulator`` is ``atlas-emulator``."""

from __future__ import annotations

import sys

from atlas_emulator.cli import main

if __name__ == "__main__":
    sys.exit(main())
