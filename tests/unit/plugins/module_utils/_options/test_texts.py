# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and descriptions of service accounts: what Atlas accepts, and what a message says of the rest."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import UsageError
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.texts import check_text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "name is 0 characters long; it must be 1 to 64"),
        ("x" * 65, "name is 65 characters long"),
        ("ci/deploy (prod)", r"name is 'ci/deploy \(prod\)'; character 3 is '/', which Atlas does not allow"),
        ("deploy (prod)", r"character 8 is '\('"),
        ("ci@example", "character 3 is '@'"),
        ("ci:deploy", "character 3 is ':'"),
        ("tab\there", r"character 4 is U\+0009"),
        ("zero\u200bwidth", "character 5 is ZERO WIDTH SPACE"),
        ("e\u0301", "character 2 is COMBINING ACUTE ACCENT"),
        ("hard\u00a0space", "character 5 is NO-BREAK SPACE"),
        (" ci", "remove the white space at its ends"),
        ("ci ", "remove the white space at its ends"),
    ],
)
def test_refused_text_is_described(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        check_text("name", text, 64)


@pytest.mark.parametrize(
    "text", ["ci", "Reads, for the team's dashboard", "ci_deploy-2.0", "Zürich", "東京 二", "x" * 64]
)
def test_accepted_text(text: str) -> None:
    check_text("name", text, 64)


def test_letters_and_digits_are_those_of_the_pattern() -> None:
    """The reference says \\p{L} and \\p{N}, which Python's own patterns do not know."""
    allowed = [chr(number) for number in range(sys.maxunicode + 1) if unicodedata.category(chr(number))[0] in "LN"]
    for start in range(0, len(allowed), 1000):
        check_text("name", "".join(allowed[start : start + 1000]), 1000)


@given(st.text(min_size=1, max_size=64))
def test_any_text_is_accepted_or_described(text: str) -> None:
    matches = all(unicodedata.category(each)[0] in "LN" or each in "-_.,' " for each in text) and text == text.strip()
    if matches:
        check_text("name", text, 64)
        return
    with pytest.raises(UsageError, match="name is ") as refused:
        check_text("name", text, 64)
    assert str(refused.value).isprintable()
