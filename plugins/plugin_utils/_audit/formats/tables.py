# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Tables for a terminal: columns that stand under their titles, for text of any width and script."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import display_width, fit, wrap

_GAP: t.Final = "  "
_INDENT: t.Final = "    "
_MAX_LINES: t.Final = 4  # of a paragraph in a terminal that is too narrow for a table

Cell = list[str]  # paragraphs; each begins on a line of its own


class Column(t.NamedTuple):
    """A column is as wide as its longest paragraph, within its limits.

    :param least: columns of the terminal below which the column cannot be read.
    :param most: columns of the terminal above which paragraphs are wrapped.
    :param lines: how many lines a paragraph may take before it is cut.
    """

    title: str
    cells: list[Cell]
    least: int = 0
    most: int = 40
    lines: int = 2
    is_number: bool = False

    def width(self) -> int:
        """Return how many columns of the terminal it takes if there is enough space."""
        widest = max((display_width(line) for cell in self.cells for line in cell), default=0)
        return max(self.least, display_width(self.title), min(self.most, widest))


def numbers(title: str, values: t.Iterable[str]) -> Column:
    """Return a column of numbers, which end under the end of their title."""
    return Column(title, [[value] for value in values], is_number=True)


def table(columns: list[Column], flexible: int, width: int) -> list[str]:
    """Return the lines of a table.

    :param flexible: the place of the column that is made narrower if the table does not fit.
    :param width: of the terminal. If the table does not fit, each row becomes a paragraph.
    """
    widths = [column.width() for column in columns]
    gaps = [_GAP if not (one.is_number and other.is_number) else " " for one, other in zip(columns, columns[1:])]
    surplus = sum(widths) + sum(map(len, gaps)) - width
    if surplus > 0:
        widths[flexible] -= surplus
    column = columns[flexible]
    if widths[flexible] < max(column.least, display_width(column.title)):
        return _paragraphs(columns, width)
    cells = [_lay(column, wide) for column, wide in zip(columns, widths)]
    lines = []
    for row in zip(*cells):
        height = max(map(len, row))
        filled = [[*cell, *[" " * wide] * (height - len(cell))] for cell, wide in zip(row, widths)]
        lines += ["".join(map("".join, zip(line, [*gaps, ""]))).rstrip() for line in zip(*filled)]
    return lines


def _lay(column: Column, width: int) -> list[list[str]]:
    """Return the lines of the title and of each cell, all of them in exactly this width."""
    cells = [[column.title], *column.cells]
    return [
        [_align(line, width, column.is_number) for text in cell for line in wrap(text, width, column.lines)]
        for cell in cells
    ]


def _align(line: str, width: int, to_the_right: bool) -> str:
    return " " * (width - display_width(line)) + line if to_the_right else fit(line, width)


def _paragraphs(columns: list[Column], width: int) -> list[str]:
    """Return each row as lines below its first cell. The numbers share a line, with their titles."""
    lines = []
    for number in range(len(columns[0].cells)):
        first, *others = [text for column in columns if not column.is_number for text in column.cells[number]]
        counts = [f"{column.title.lower()}: {column.cells[number][0]}" for column in columns if column.is_number]
        lines += wrap(first, width, _MAX_LINES)
        for text in [*others, *([", ".join(counts)] if counts else [])]:
            lines += [_INDENT + line for line in wrap(text, width - len(_INDENT), _MAX_LINES)]
    return lines
