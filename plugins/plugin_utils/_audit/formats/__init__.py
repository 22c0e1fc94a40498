# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The formats of the report: a string from the report document."""

from __future__ import annotations

import importlib
import json
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import (
    csv_tables,
    junit,
    markdown,
    text,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError

Renderer = t.Callable[[Document], str]


def render_json(document: Document) -> str:
    """JSON with a line for each organization, credential and finding.

    So it is fast, and two reports can be compared line by line. `json` with an indent does not use its C code.
    """
    lines = []
    for name, value in document.items():
        if isinstance(value, list) and value:
            lines += [f"{_dumps(name)}: [", *(f"{_dumps(element)}," for element in value)]
            lines[-1] = lines[-1][:-1]
            lines.append("],")
        else:
            lines.append(f"{_dumps(name)}: {_dumps(value)},")
    lines[-1] = lines[-1][:-1]
    # Templates of ansible-core up to 2.18 parse text that begins with a brace, which takes very long. Space is allowed.
    return "\n".join([" {", *lines, "}", ""])


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _render_html(document: Document) -> str:
    # Only if it is asked for: a template engine takes longer to import than the rest.
    html = importlib.import_module(
        "ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.html.page"
    )
    render_html: Renderer = html.render
    return render_html(document)


FORMATS: t.Final[dict[str, Renderer]] = {
    "text": text.render,
    "json": render_json,
    "csv_findings": csv_tables.render_findings,
    "csv_credentials": csv_tables.render_credentials,
    "markdown": markdown.render,
    "junit": junit.render,
    "html": _render_html,
}


def render(document: object, name: str) -> str:
    """The report in one of FORMATS. Raises AuditError for another one, and if it is not a report."""
    if not isinstance(name, str) or name not in FORMATS:
        raise AuditError(f"The format must be one of {', '.join(FORMATS)}, and is {name!r}.")
    if not isinstance(document, dict) or (missing := sorted(Document.__annotations__.keys() - document.keys())):
        what = f"lacks {', '.join(missing)}" if isinstance(document, dict) else "is no dictionary"
        raise AuditError(f"The report must be what the filter mongodb_atlas.admin.audit returned, and {what}.")
    return FORMATS[name](t.cast(Document, document))
