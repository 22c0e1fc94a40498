# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers to questions about Atlas: what was expected, what was seen, and whether they agree.

An answer never holds a secret, a name or an address: `shape` reduces what Atlas returned to the names and types of its
fields, so that the table can be attached to a public issue.
"""

from __future__ import annotations

import dataclasses
import json
import pathlib
import typing as t

AGREES, DIFFERS, LEARNED, NOT_ASKED = "agrees", "differs", "learned", "not asked"


@dataclasses.dataclass
class Answer:
    """One question.

    :param expected: what ``atlas-api.md`` and the emulator say; None if that is not known.
    :param seen: what the service did; None if it could not be asked.
    :param why_not: why it could not be asked.
    """

    question: str
    expected: t.Any
    seen: t.Any
    why_not: str = ""

    @property
    def verdict(self) -> str:
        """Whether the service does what was expected."""
        if self.why_not:
            return NOT_ASKED
        if self.expected is None:
            return LEARNED
        return AGREES if self.seen == self.expected else DIFFERS


def shape(value: t.Any, depth: int = 2) -> t.Any:
    """Return the names of fields and the types of values, without any value."""
    if isinstance(value, dict) and depth:
        return {name: shape(each, depth - 1) for name, each in sorted(value.items())}
    if isinstance(value, list) and depth:
        shapes = [shape(each, depth - 1) for each in value]
        return [each for number, each in enumerate(shapes) if each not in shapes[:number]]
    return type(value).__name__


def write(answers: list[Answer], directory: pathlib.Path) -> None:
    """Write ``answers.json`` and ``answers.txt`` to a directory, which is made if there is none."""
    directory.mkdir(parents=True, exist_ok=True)
    rows = [{**dataclasses.asdict(answer), "verdict": answer.verdict} for answer in answers]
    (directory / "answers.json").write_text(json.dumps(rows, indent=2, default=str) + "\n", encoding="utf-8")
    (directory / "answers.txt").write_text(table(answers) + "\n", encoding="utf-8")


def table(answers: list[Answer]) -> str:
    """Return the answers as text, those that differ first."""
    order = [DIFFERS, LEARNED, AGREES, NOT_ASKED]
    lines = []
    for answer in sorted(answers, key=lambda each: order.index(each.verdict)):
        lines.append(f"{answer.verdict.upper():<10} {answer.question}")
        if answer.verdict == DIFFERS:
            lines += [f"{'':<11}expected: {_text(answer.expected)}", f"{'':<11}seen:     {_text(answer.seen)}"]
        elif answer.verdict == LEARNED:
            lines.append(f"{'':<11}seen:     {_text(answer.seen)}")
        elif answer.verdict == NOT_ASKED:
            lines.append(f"{'':<11}{answer.why_not}")
    counts = ", ".join(f"{sum(each.verdict == verdict for each in answers)} {verdict}" for verdict in order)
    return "\n".join([*lines, "", counts])


def _text(value: t.Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
