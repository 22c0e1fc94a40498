# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real browser that opens reports from disk."""

from __future__ import annotations

import contextlib
import pathlib
import typing as t

import pytest

from playwright.sync_api import Browser, expect, sync_playwright

from chromium import FLAGS, WIDE, Opened, find_browser

PATIENCE = 120_000  # milliseconds; a busy machine is no failure


@pytest.fixture(scope="session")
def browser() -> t.Iterator[Browser]:
    path = find_browser()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=PATIENCE)
        yield started
        started.close()


OpenReport = t.Callable[..., Opened]


@pytest.fixture
def open_html(browser: Browser, tmp_path: pathlib.Path) -> t.Iterator[OpenReport]:
    """Return a function that opens HTML as a file. Its options are those of a browser context.

    Afterward no page may have complained or asked for anything but its file, unless the test has emptied the lists.
    """
    with contextlib.ExitStack() as stack:
        pages: list[tuple[Opened, str]] = []

        def open_(html: str, **options: t.Any) -> Opened:
            path = tmp_path / f"report{len(pages)}.html"
            path.write_text(html, encoding="utf-8")
            context = browser.new_context(**{"viewport": WIDE, **options})
            context.set_default_timeout(PATIENCE)
            stack.callback(context.close)
            opened = Opened(context.new_page())
            opened.go(path)
            pages.append((opened, path.as_uri()))
            return opened

        yield open_
        for opened, uri in pages:
            assert opened.messages == []
            assert {request.split("#")[0] for request in opened.requests} <= {uri}
