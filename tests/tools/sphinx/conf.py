# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the HTML documentation adds to the configuration that antsibull-docs writes.

The nox session `docs` appends this file to that one, which also defines `project`.
"""

import re
import typing as t

from sphinx.application import Sphinx

intersphinx_mapping = {"ansible": ("https://docs.ansible.com/projects/ansible/latest/", "../ansible.inv")}
# A page is "Quick start — mongodb_atlas.admin" in the browser's tab.
html_title = "mongodb_atlas.admin"
html_static_path = ["static"]
html_css_files = ["narrow.css"]

_HOME = "Programmatic access to MongoDB Atlas"
_QUICK_START = ":ref:`quick start <ansible_collections.mongodb_atlas.admin.docsite.guide_quick_start>`"
# What antsibull-docs writes, and what readers need instead. Pattern, replacement.
_REPLACED = [
    # The title of the index.
    (r"(?m)^Mongodb_Atlas\.Admin\n=+$", f"{_HOME}\n{'=' * len(_HOME)}"),
    # Each page, the list of all pages and the browser's tab have the collection's name already.
    (r"(?m)^mongodb_atlas\.admin\.(\w+ (?:module|filter|role) -- )", r"\1"),
    # The collection need not be on Galaxy.
    (r"`mongodb_atlas\.admin collection <https://galaxy\S+>`_", "mongodb_atlas.admin collection"),
    (r"To install it,? use: :code:`[^`]+`\.", f"The {_QUICK_START} describes its installation."),
]


def _edit(app: Sphinx, docname: str, source: list[str]) -> None:
    """Edit a page that antsibull-docs has written, before Sphinx reads it."""
    if not docname.startswith("docsite/"):
        for pattern, replacement in _REPLACED:
            source[0] = re.sub(pattern, replacement, source[0])


def _link_home(app: Sphinx, pagename: str, templatename: str, context: dict[str, t.Any], doctree: object) -> None:
    """Let the logo link to the index, wherever the pages are: the theme's option for it takes no relative address."""
    context["theme_documentation_home_url"] = context["pathto"](app.config.root_doc)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _edit)
    app.connect("html-page-context", _link_home)
