# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that changes while the emulator runs, beside the data set, which does not."""

from __future__ import annotations

from threading import Event

from atlas_emulator.buckets import Buckets
from atlas_emulator.digest import Nonces
from atlas_emulator.directory import Directory
from atlas_emulator.faults import Faults
from atlas_emulator.journal import Journal
from atlas_emulator.model import Dataset
from atlas_emulator.settings import Settings
from atlas_emulator.tokens import Tokens


class State:
    """One running emulator's memory. `stopping` ends the waits of slow answers."""

    def __init__(self, dataset: Dataset) -> None:
        self._start_settings = dataset.settings
        self.directory = Directory(dataset)
        self.stopping = Event()
        self.reset()

    def reset(self) -> None:
        """Be as at the start."""
        self.settings = self._start_settings
        self.journal = Journal()
        self.faults = Faults()
        self.nonces = Nonces(lambda: self.settings.nonce_lifetime)
        self.tokens = Tokens(lambda: self.settings)
        self.org_buckets = Buckets(lambda: self.settings.org_bucket)
        self.user_buckets = Buckets(lambda: self.settings.user_bucket)

    def change_settings(self, settings: Settings) -> None:
        """Take over other settings at once; the buckets are full again."""
        self.settings = settings
        self.org_buckets.fill()
        self.user_buckets.fill()
