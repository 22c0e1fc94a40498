# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is shown on the screen while a task waits."""

from __future__ import annotations

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.progress import Progress


class Screen:
    """A progress of 900 requests, its clock, and the lines that it shows."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.lines: list[str] = []
        self.progress = Progress("API key access lists", 900, self.lines.append, lambda: self.now)

    def at(self, seconds: float, done: int, waited: bool = True) -> list[str]:
        """The lines that are shown because of an update some seconds after the start."""
        self.now = 1000 + seconds
        before = len(self.lines)
        self.progress.update(done, waited)
        return self.lines[before:]


@pytest.fixture
def screen() -> Screen:
    return Screen()


def test_nothing_without_a_wait(screen: Screen) -> None:
    assert screen.at(0, 100, waited=False) == screen.at(600, 899, waited=False) == []


def test_first_wait_and_every_half_minute_after(screen: Screen) -> None:
    assert screen.at(1, 240) == ["API key access lists: 240 of 900, waiting for Atlas' rate limit"]
    assert screen.at(30, 250) == []
    assert screen.at(61, 460) == ["API key access lists: 460 of 900, about 2 min left"]
    assert screen.at(90, 500) == []
    assert screen.at(91, 800) == ["API key access lists: 800 of 900, about 1 min left"]


def test_estimate_does_not_count_what_came_before_the_limit(screen: Screen) -> None:
    screen.at(1, 500)
    assert screen.at(61, 600) == ["API key access lists: 600 of 900, about 3 min left"]


def test_not_twice_the_same(screen: Screen) -> None:
    assert len(screen.at(1, 240)) == 1
    assert screen.at(31, 240) == screen.at(61, 240) == []
    assert screen.at(91, 340) == ["API key access lists: 340 of 900, about 9 min left"]


def test_nothing_when_all_is_done(screen: Screen) -> None:
    assert screen.at(1, 900) == []


def test_nothing_if_there_is_no_screen() -> None:
    Progress("API key access lists", 900, None).update(1, waited=True)
