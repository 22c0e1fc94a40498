# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # For modules with options C(gather_*), which read parts of each result by requests of their own.
    DOCUMENTATION = r"""
options:
  ignore_access_denied:
    description:
      - What to do if Atlas does not allow the requesting API key or service account to read a part that a C(gather_*)
        option asks for.
      - With V(false) the task fails. With V(true) that part is C(null), and the task warns once, with the number of
        such parts and the Atlas error code. An empty list always means that Atlas' list is empty.
      - Only an error code that means that the caller is known and not allowed is ignored. The task still fails if the
        authentication fails, for any other error, and if Atlas refuses what was asked for itself.
    type: bool
    default: false
notes:
  - With C(gather_*) options, requests run side by side. In a large organization they exceed Atlas' rate limit, and the
    task waits as Atlas asks. With in-process execution it then shows on the screen (standard error) how many parts it
    has read and about how many minutes are left, at the first wait and at most every half minute after. As an ordinary
    module it cannot.
"""
