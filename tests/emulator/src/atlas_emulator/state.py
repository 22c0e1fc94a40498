# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that changes while the emulator runs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import Event
from typing import Any

from atlas_emulator.digest import Nonces
from atlas_emulator.faults import Faults
from atlas_emulator.journal import Journal
from atlas_emulator.model import Dataset
from atlas_emulator.rate_limits import Buckets
from atlas_emulator.resource import Resource
from atlas_emulator.settings import Settings
from atlas_emulator.store import Store
from atlas_emulator.tokens import Token, Tokens


class State:
    """The state of one running emulator.

    `stopping` ends the waits of delayed responses. `under_way` holds the paths of unfinished exclusive requests.
    """

    def __init__(self, dataset: Dataset, resources: Sequence[Resource[Any]]) -> None:
        self._dataset = dataset
        self.resources = resources
        self.stopping = Event()
        self.reset()

    def reset(self) -> None:
        """Restore the state of the start."""
        self.settings = self._dataset.settings
        self.store = Store(self._dataset, self.resources)
        self.under_way: set[str] = set()
        self.journal = Journal()
        self.faults = Faults()
        self.nonces = Nonces(lambda: self.settings.nonce_lifetime)
        self.tokens = Tokens(lambda: self.settings, self._is_minted)
        self.buckets = Buckets(lambda name: getattr(self.settings, name))

    def _is_minted(self, token: Token) -> bool:
        """Return whether the secret that minted a token still exists: its deletion revokes the token at once (docs)."""
        found = self.store.tables["service_accounts"].find("client_id", token.client_id)
        return found is not None and any(secret.id == token.secret_id for secret in found.item.secrets)

    @staticmethod
    def works(made_at: float | None, delay: float) -> bool:
        """Return whether a key or a secret is so many seconds old; None: as old as the dataset."""
        return made_at is None or time.monotonic() - made_at >= delay

    def change_settings(self, settings: Settings) -> None:
        """Use other settings from now on; the buckets are full again."""
        self.settings = settings
        self.buckets.fill()
