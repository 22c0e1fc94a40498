# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check the HTML documentation in a browser: python tests/tools/check_pages.py DIRECTORY

Each page has a title of its own, and no text is cut off, neither on a phone nor on a wide screen. Run by the nox
session `docs`. Needs Chromium; without it, this is an error in CI, and a note elsewhere.
"""

from __future__ import annotations

import os
import pathlib
import sys

from playwright.sync_api import Browser, sync_playwright

# Pixels. The theme has another layout from 768 on.
WIDTHS = (500, 1280)

# Returns the texts that end beyond the window, or beyond an element that hides what is wider than itself.
_CUT_OFF = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  // What an element shows, up to this distance from the left; Infinity if the element scrolls.
  const edge = element => {
    if (element === document.body) return document.documentElement.clientWidth;
    const {overflowX, display} = getComputedStyle(element);
    if (display !== "inline" && ["auto", "scroll"].includes(overflowX)) return Infinity;
    const clips = display !== "inline" && overflowX !== "visible";
    return Math.min(clips ? element.getBoundingClientRect().right : Infinity, edge(element.parentElement));
  };
  const found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.trim() || text.parentElement.closest("script, style, .sr-only")) continue;
    range.selectNodeContents(text);
    const shown = edge(text.parentElement);
    if ([...range.getClientRects()].some(box => box.left >= 0 && box.right > shown + 1)) found.push(text.data.trim());
  }
  return found;
}"""


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    chromium = pathlib.Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    if not chromium.is_file():
        print(f"The pages are not checked, because there is no {chromium}. Set CHROMIUM to the path of Chromium.")
        return 1 if os.environ.get("CI") else 0
    pages = sorted(pathlib.Path(sys.argv[1]).resolve().rglob("*.html"))
    with sync_playwright() as playwright:
        # Without sandbox, as CI runs as root; it opens local files only.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        problems = _problems(browser, pages)
        browser.close()
    print("\n".join(problems) or f"{len(pages)} pages have a title, and no text is cut off.")
    return 1 if problems else 0


def _problems(browser: Browser, pages: list[pathlib.Path]) -> list[str]:
    problems = []
    titles: dict[str, str] = {}
    page = browser.new_page()
    for path in pages:
        page.goto(path.as_uri())
        title = page.title()
        if not title.partition("—")[0].strip() or titles.setdefault(title, path.name) != path.name:
            problems.append(f"{path.name}: the title {title!r} is empty, or that of another page")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            problems += [f"{path.name}: cut off at {width} pixels: {text}" for text in page.evaluate(_CUT_OFF)]
    return problems


if __name__ == "__main__":
    sys.exit(main())
