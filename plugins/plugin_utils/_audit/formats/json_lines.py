# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection mongodb_atlas.admin: it may change at any time.

"""The report as JSON, with a line for each organization, credential and finding.

So two reports can be compared line by line. An indent would make the encoder several times slower: it has no C code for
that.
"""

from __future__ import annotations

import json
import typing as t

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document

_encode = json.JSONEncoder(ensure_ascii=False).encode


def render_json(document: Document) -> str:
    """Return the whole document."""
    return "".join(write_json(document))


def write_json(document: Document) -> t.Iterator[str]:
    """Yield the whole document in pieces. It may have 150 MB."""
    # Templates of ansible-core up to 2.18 parse text that begins with a brace, which takes very long. Space is allowed.
    yield " {"
    for number, (name, value) in enumerate(document.items()):
        yield f"{',' if number else ''}\n{_encode(name)}: "
        if isinstance(value, list) and value:
            yield "[\n"
            yield _encode(value[0])
            yield from (f",\n{_encode(row)}" for row in value[1:])
            yield "\n]"
        else:
            yield _encode(value)
    yield "\n}\n"
