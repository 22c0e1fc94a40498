# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare a release: the changelog, and the version wherever it stands. Nothing is committed, tagged or published.

Run by `make release VERSION=x.y.z`.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import subprocess
import sys

import yaml

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]

# Where the version stands beside the changelog: a file, and the pattern with the version as its second group.
PLACES = {
    "galaxy.yml": r"(?m)^(version: )(\S+)$",
    "plugins/module_utils/_transport.py": r'(?m)^(USER_AGENT = "[^/"]+/)([^"]+)',
}
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")

NEXT = """
{version} is prepared. Look at it:
  git add --all && git diff --cached
and then
  git commit --message 'Release {version}'
  git tag --annotate {version} --message {version}
  ansible-galaxy collection build
and publish mongodb_atlas-admin-{version}.tar.gz."""


def main() -> None:
    """Prepare VERSION in TREE, or say why not and change nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=pathlib.Path, default=CHECKOUT, help="another place than this checkout")
    parser.add_argument("version", help="what the release shall be called: MAJOR.MINOR.PATCH")
    arguments = parser.parse_args()
    prepare(arguments.tree, arguments.version)
    print(NEXT.format(version=arguments.version))


def prepare(tree: pathlib.Path, version: str) -> None:
    """Write the changelog, then the version."""
    if not VERSION.fullmatch(version):
        sys.exit(f"{version} is no MAJOR.MINOR.PATCH.")
    if not list((tree / "changelogs" / "fragments").glob("*.y*ml")):
        sys.exit("changelogs/fragments is empty: there is nothing to release.")
    if released := [old for old in _released(tree) if _order(old) >= _order(version)]:
        sys.exit(f"{version} is not newer than {max(released, key=_order)}, which is released.")
    places = {tree / place: _with_version(tree / place, pattern, version) for place, pattern in PLACES.items()}
    subprocess.run(["antsibull-changelog", "release", "--version", version], cwd=tree, check=True)
    for path, text in places.items():
        path.write_text(text, encoding="utf-8")


def _released(tree: pathlib.Path) -> list[str]:
    changelog = tree / "changelogs" / "changelog.yaml"
    return list(yaml.safe_load(changelog.read_text(encoding="utf-8"))["releases"]) if changelog.is_file() else []


def _order(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def _with_version(path: pathlib.Path, pattern: str, version: str) -> str:
    text, times = re.subn(pattern, rf"\g<1>{version}", path.read_text(encoding="utf-8"))
    if times != 1:
        sys.exit(f"{path} has no version where one was expected.")
    return text


if __name__ == "__main__":
    main()
