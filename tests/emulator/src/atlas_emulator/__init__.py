# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for the MongoDB Atlas Administration API.

It responds as Atlas does, as far as that is known, and refuses what Atlas refuses. If a module names a source,
"wire" is a recorded response of the real service, "reference" the public API reference, "docs" MongoDB's prose
documentation, "client" what an official client does, and "report" what third parties have seen. Behavior without a
source is marked as not known.
"""

from __future__ import annotations
