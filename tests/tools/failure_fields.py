# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Write what a failed task returns to the end of RETURN in every module: python tests/tools/failure_fields.py"""

from __future__ import annotations

import pathlib

ROOT = pathlib.Path(__file__).parents[2]

# The first field of the block, and the line that ends RETURN.
_START, _END = "\nstatus:\n", '"""\n\nimport '


def failure_fields() -> str:
    """The block, without the comments at its head."""
    text = pathlib.Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    return text[text.index(_START) :]


def with_failure_fields(module: str) -> str:
    """The source of a MODULE with the block at the end of its RETURN, in place of an older one."""
    start = module.index('RETURN = r"""')
    end = module.index(_END, start)
    older = module.find(_START, start, end)
    kept = module[: older if older >= 0 else end]
    return kept.rstrip("\n") + failure_fields() + module[end:]


def main() -> None:
    """Update all modules."""
    for path in sorted((ROOT / "plugins" / "modules").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "ARGUMENT_SPEC" in text:  # the rest only documents an action plugin
            path.write_text(with_failure_fields(text), encoding="utf-8")


if __name__ == "__main__":
    main()
