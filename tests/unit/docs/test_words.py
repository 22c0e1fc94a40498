# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signs of sentences at which a native speaker would stop, in all texts and comments."""

from __future__ import annotations

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[3]
TEXTS = (".py", ".md", ".rst", ".yml", ".yaml", ".toml", ".css", ".js", ".j2")

# The sign, and what to write.
SIGNS = {
    r"\bbeside\b": "next to, in addition to, among",
    r"\bwhatever\b": "any, regardless of",
    r"\badds? up\b": "matches its count",
    r"\bmeanwhile\b": "in the meantime, concurrently",
    r", too[,.;:)]": "also",
    r"\bin the end\b": "at the end, finally",
    r"\bis another thing\b": "is not the same as",
    r", for one[.,;:)]": "for example",
    r"\bgive back\b": "return",
    r"\bforesees?\b": "expects",
}
FILES = [
    path
    for path in sorted(ROOT.rglob("*"))
    if path.suffix in TEXTS
    and path.is_file()
    and path != pathlib.Path(__file__)
    and not {".cache", ".git", "output", "LICENSES", "__pycache__"} & set(path.relative_to(ROOT).parts)
]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_sentence_has_the_sign(sign: str) -> None:
    pattern = re.compile(sign, re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, f"Write instead: {SIGNS[sign]}"
