# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Text from Atlas and from people, made fit for one line: of a terminal, of a table, of a file with a row a line.

A description may hold line breaks, control characters, marks that turn the direction of writing around, and characters
that take two columns of a terminal or none.
"""

from __future__ import annotations

import re
import unicodedata

# Control and format characters, line and paragraph separators, the marks of bidirectional text, tags, non-characters.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]+"
)


def one_line(text: str) -> str:
    """Return the text with a space for everything that is invisible or breaks a line, and none around it."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return " ".join(_INVISIBLE.sub(" ", text).split())


def display_width(text: str) -> int:
    """How many columns of a terminal a line takes. Accents that combine take none, East Asian characters two."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def fit(text: str, width: int) -> str:
    """Return the text in exactly so many columns: filled with spaces, or cut with an ellipsis at the end."""
    missing = width - display_width(text)
    if missing >= 0:
        return text + " " * missing
    taken, kept = 0, ""
    for character in text:
        if taken + _columns(character) > width - 1:
            break
        taken += _columns(character)
        kept += character
    return kept + "\N{HORIZONTAL ELLIPSIS}" + " " * (width - 1 - taken)


def cut(text: str, length: int) -> str:
    """Return the text in at most so many characters."""
    return text if len(text) <= length else text[: length - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, width: int, most: int) -> list[str]:
    """Return the text in lines of at most so many columns of a terminal, broken at spaces and in longer words.

    :param most: how many lines there may be. The last one is cut with an ellipsis if there is more.
    """
    if display_width(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if display_width(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, width)
        lines += whole
        if len(lines) > most:
            break
    lines.append(line)
    if len(lines) > most:
        lines[most - 1 :] = [fit(" ".join(lines[most - 1 :]), width).rstrip()]
    return lines


def _pieces(word: str, width: int) -> list[str]:
    """Return a word in pieces that are as wide as they may be. A combining accent stays with its letter."""
    pieces, piece, taken = [], "", 0
    for character in word:
        columns = _columns(character)
        if taken + columns > width:
            pieces.append(piece)
            piece, taken = "", 0
        piece += character
        taken += columns
    return [*pieces, piece]
