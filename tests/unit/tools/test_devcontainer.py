# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The development container has what the gates need."""

from __future__ import annotations

import json
import pathlib
import re
import typing as t

TREE = pathlib.Path(__file__).resolve().parents[3]


def definition() -> dict[str, t.Any]:
    text = (TREE / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    return t.cast("dict[str, t.Any]", json.loads(re.sub(r"(?m)^\s*//.*$", "", text)))


def test_it_installs_the_python_of_every_controller() -> None:
    noxfile = (TREE / "noxfile.py").read_text(encoding="utf-8")
    (controllers,) = re.findall(r"(?ms)^CONTROLLERS = \{(.*?)^\}", noxfile)
    wanted = set(re.findall(r'"(3\.\d+)"', controllers))
    assert set(re.findall(r"\b3\.\d+\b", definition()["updateContentCommand"])) == wanted


def test_its_make_targets_exist() -> None:
    makefile = (TREE / "Makefile").read_text(encoding="utf-8").replace("$(GATES)", ".cache/gates")
    targets = re.findall(r"\bmake (\S+)", definition()["updateContentCommand"])
    assert targets
    assert [target for target in targets if not re.search(rf"(?m)^{re.escape(target)}:", makefile)] == []
