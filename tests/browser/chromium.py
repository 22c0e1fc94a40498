# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the browser is, how it starts, and what a page that it opened did."""

from __future__ import annotations

import dataclasses
import os
import pathlib

import pytest

from playwright.sync_api import Page

# A browser that only shows local files: without sandbox, as CI runs as root, and without its own traffic.
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}


def find_browser() -> str:
    """Return the path of Chromium.

    Without it, the tests fail in CI, and are skipped elsewhere: `make test` needs nothing but Python, git and make.
    """
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not pathlib.Path(path).is_file():
        how = (
            f"The tests of the HTML report need Chromium, and there is no {path}. Debian: apt-get install chromium."
            " If it is in another place: CHROMIUM=/path/to/chromium make test."
        )
        if os.environ.get("CI"):
            pytest.fail(how, pytrace=False)
        pytest.skip(how)
    return path


@dataclasses.dataclass
class Opened:
    """A page, what it asked for, and what the browser had to say about it."""

    page: Page
    requests: list[str] = dataclasses.field(default_factory=list)
    messages: list[str] = dataclasses.field(default_factory=list)

    def go(self, path: pathlib.Path) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.goto(path.as_uri())
