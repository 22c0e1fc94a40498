# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide on errors has the same error codes as the code, with the advice of the messages."""

from __future__ import annotations

import pathlib
import re

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.module_utils import _errors

GUIDE = pathlib.Path(__file__).parents[3] / "docs" / "docsite" / "rst" / "guide_errors.rst"
ADVICE = {**_errors._ADVICE_BY_CODE, **{str(status): advice for status, advice in _errors._ADVICE_BY_STATUS.items()}}


def described() -> dict[str, str]:
    """Each term of the guide's two lists of definitions, with the second paragraph of its definition."""
    text = GUIDE.read_text(encoding="utf-8")
    text = text[text.index("By error code") :]
    paragraph = r"((?:    .+\n)+)"
    found = re.findall(rf"(?m)^(?:``)?(\w+)(?:``)?\n{paragraph}\n{paragraph}", text)
    return {term: " ".join(advice.split()) for term, _meaning, advice in found}


@pytest.mark.parametrize("code", ADVICE)
def test_every_code_is_described_with_the_advice_of_its_message(code: str) -> None:
    assert described().get(code) == ADVICE[code]


def test_no_other_code_is_described() -> None:
    assert set(described()) == set(ADVICE)
