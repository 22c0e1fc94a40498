# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The formats of the report: a string from the report document."""

from __future__ import annotations

import importlib
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import (
    csv_tables,
    junit,
    markdown,
    ocsf,
    text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.json_lines import (
    render_json,
    write_json,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError

Renderer = t.Callable[[Document], str]

SCREEN: t.Final = "text"
MAX_COLUMNS: t.Final = 1000  # of a terminal


def _render_html(document: Document) -> str:
    # Only if it is asked for: a template engine takes longer to import than the rest.
    page = importlib.import_module(f"{__name__}.html.page")
    render_page: Renderer = page.render
    return render_page(document)


FORMATS: t.Final[dict[str, Renderer]] = {
    SCREEN: text.render,
    "json": render_json,
    "csv_findings": csv_tables.render_findings,
    "csv_credentials": csv_tables.render_credentials,
    "csv_organizations": csv_tables.render_organizations,
    "markdown": markdown.render,
    "junit": junit.render,
    "ocsf": ocsf.render,
    "html": _render_html,
}


# Formats that grow with the number of findings; they can be written without being in memory as a whole.
_WRITERS: t.Final[dict[str, t.Callable[[Document], t.Iterator[str]]]] = {
    "json": write_json,
    "csv_findings": csv_tables.write_findings,
    "ocsf": ocsf.write_events,
}


def render(document: object, name: str, columns: object = None) -> str:
    """Return the report in one of FORMATS.

    :param columns: how many columns the terminal has, for the format ``text``; by default 100.
    :raises AuditError: if there is no such format, if the columns cannot be used, or if it is not a report.
    """
    report = _check(document, name)
    if name == SCREEN:
        return text.render(report, read_columns(columns))
    return FORMATS[name](report)


def write(document: object, name: str) -> t.Iterator[str]:
    """Return the report in one of FORMATS in pieces, for a file: the largest formats need no memory this way.

    :raises AuditError: if there is no such format, or if it is not a report.
    """
    report = _check(document, name)
    return _WRITERS[name](report) if name in _WRITERS else iter([FORMATS[name](report)])


def _check(document: object, name: str) -> Document:
    if not isinstance(name, str) or name not in FORMATS:
        raise AuditError(f"The format must be one of {', '.join(FORMATS)}, and is {name!r}.")
    if not isinstance(document, dict) or (missing := sorted(Document.__annotations__.keys() - document.keys())):
        what = f"lacks {', '.join(missing)}" if isinstance(document, dict) else "is no dictionary"
        raise AuditError(f"The report must be what the filter mongodb_atlas.admin.audit returned, and {what}.")
    return t.cast(Document, document)


def read_columns(value: object) -> int:
    """Return the width of a terminal. None and an empty text mean that it is not known.

    :raises AuditError: if it is not a number of columns.
    """
    if value is None or value == "":
        return text.WIDTH
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    if isinstance(number, bool) or not isinstance(number, int) or not text.MIN_WIDTH <= number <= MAX_COLUMNS:
        raise AuditError(
            f"columns must be a whole number from {text.MIN_WIDTH} to {MAX_COLUMNS}, the width of the terminal,"
            f" and is {value!r}."
        )
    return number
