# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies the faults that are active to the current request."""

from __future__ import annotations

from flask import Response, g, request

from atlas_emulator.faults import Fault
from atlas_emulator.state import State

CUT = "atlas_emulator.cut"
"""The name in the WSGI environment under which the server puts the function that cuts the response short."""


def inject(state: State, before_auth: bool | None) -> Response | None:
    """Wait as the faults require, and return the response of the fault that replaces the true one."""
    response = None
    for fault in state.faults.match(request.method, request.path, before_auth):
        g.faults.append(fault)
        state.stopping.wait(fault.delay)
        response = None if fault.does else fault.response()
    return response


def write_fault() -> Fault | None:
    """Return the fault that decides what this write does."""
    return next((fault for fault in g.faults if fault.does), None)


def lag() -> float:
    """Return how many seconds old the state is that this read shows."""
    return max((fault.lag for fault in g.faults), default=0)


def finish(state: State, response: Response) -> Response:
    """Apply the rest of the faults to a response: their delay, headers and cut."""
    for fault in g.faults:
        state.stopping.wait(fault.delay_after)
        fault.set_headers(response)
        if fault.cut:
            request.environ[CUT](fault.cut)
    return response


def paging_fault() -> str | None:
    """Return the fault that applies to the pages of this response."""
    return next((fault.paging for fault in g.faults if fault.paging), None)
