# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Identifiers and secrets of what a request creates. They can be drawn again, so that a write can be done twice."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from uuid import uuid4

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def object_id(seconds: float, rest: str) -> str:
    """Return an ID of 24 digits that carries its creation time: its first 8 are seconds since 1970 (wire).

    :param rest: the other 16 hexadecimal digits
    """
    return f"{int(seconds):08x}{rest}"


class Identities:
    """What one request draws."""

    def __init__(self) -> None:
        self._drawn: list[str] = []
        self._position = 0

    def rewind(self) -> None:
        """Draw the same values again."""
        self._position = 0

    def _draw(self, make: Callable[[], str]) -> str:
        if self._position == len(self._drawn):
            self._drawn.append(make())
        self._position += 1
        return self._drawn[self._position - 1]

    def object_id(self) -> str:
        """Return a new ID, which carries the time."""
        return self._draw(lambda: object_id(time.time(), secrets.token_hex(8)))

    def public_key(self) -> str:
        """Return a public key of 8 letters (wire)."""
        return self._draw(lambda: "".join(secrets.choice(LETTERS) for _letter in range(8)))

    def private_key(self) -> str:
        """Return a private key (wire)."""
        return self._draw(lambda: str(uuid4()))

    def client_secret(self) -> str:
        """Return a secret of a service account. Only its prefix is known (client)."""
        return self._draw(lambda: "mdb_sa_sk_" + secrets.token_hex(20))
