# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""Tables for a terminal: columns that stand under their titles, whatever the width and the script of the text."""

from __future__ import annotations

import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import display_width, fit, wrap

_GAP: t.Final = "  "
_INDENT: t.Final = "    "

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
    surplus = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    if surplus > 0:
        widths[flexible] -= surplus
    column = columns[flexible]
    if widths[flexible] < max(column.least, display_width(column.title)):
        return _paragraphs(columns, width)
    cells = [_lay(column, columns_wide) for column, columns_wide in zip(columns, widths)]
    lines = []
    for row in zip(*cells):
        height = max(map(len, row))
        filled = [[*cell, *[" " * wide] * (height - len(cell))] for cell, wide in zip(row, widths)]
        lines += [_GAP.join(line).rstrip() for line in zip(*filled)]
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
    lines = []
    for number in range(len(columns[0].cells)):
        for column in columns:
            for place, text in enumerate(column.cells[number]):
                labelled = f"{column.title.lower()}: {text}" if place == 0 else text
                indent = _INDENT if column is not columns[0] else ""
                lines += [indent + line for line in wrap(labelled, width - len(indent), column.lines)]
    return lines
