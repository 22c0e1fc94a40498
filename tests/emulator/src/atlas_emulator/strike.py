# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets the faults that are in force hit the request at hand."""

from __future__ import annotations

from flask import Response, g, request

from atlas_emulator.state import State

CUT = "atlas_emulator.cut"
"""Where the server puts, in the WSGI environment, the function that cuts the answer short."""


def strike(state: State, before_auth: bool | None) -> Response | None:
    """Wait as the faults say, and return the answer that one of them gives in the true one's place."""
    answer = None
    for fault in state.faults.strike(request.method, request.path, before_auth):
        g.faults.append(fault)
        state.stopping.wait(fault.delay)
        answer = fault.answer()
    return answer


def finish(response: Response) -> Response:
    """Do to an answer what remains of the faults: their headers and their cut."""
    for fault in g.faults:
        fault.adorn(response)
        if fault.cut:
            request.environ[CUT](fault.cut)
    return response


def paging_fault() -> str | None:
    """Return the way in which a fault makes this answer's pages go wrong."""
    return next((fault.paging for fault in g.faults if fault.paging), None)
