# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The integration targets, as ansible-test would run them."""

from __future__ import annotations

import pathlib

import pytest

from harness import TREE, Shell

TARGETS = sorted(path.parent for path in TREE.glob("tests/integration/targets/*/runme.sh"))


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_target(shell: Shell, target: pathlib.Path) -> None:
    done = shell.run("./runme.sh", cwd=target)
    assert done.code == 0, done.output
