# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepare a release: write the changelog, the version and the addresses. Nothing is committed, tagged or published.

Run by `make release VERSION=x.y.z REPOSITORY=https://...`.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import subprocess
import sys

import yaml

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]

USER_AGENT = re.compile(r'(?m)^(USER_AGENT = "[^/"]+/)([^"]+)')
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")

NEXT = """
{version} is prepared. Review it:
  git add --all && git diff --cached
Then:
  git commit --message 'Release {version}'
  git tag --annotate {version} --message {version}
  make sbom
Publish mongodb_atlas-admin-{version}.tar.gz with mongodb_atlas-admin-{version}.cdx.json."""


def main() -> None:
    """Prepare VERSION in TREE, or print why that is not possible and change nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=pathlib.Path, default=CHECKOUT, help="the checkout, by default this one")
    parser.add_argument("--repository", required=True, help="https address of the source code")
    parser.add_argument("--documentation", help="https address, by default that of the source code")
    parser.add_argument("--issues", help="https address, by default that of the source code with /issues")
    parser.add_argument("version", help="MAJOR.MINOR.PATCH")
    arguments = parser.parse_args()
    repository = arguments.repository.rstrip("/")
    addresses = {
        "repository": repository,
        "documentation": arguments.documentation or repository,
        "issues": arguments.issues or f"{repository}/issues",
    }
    prepare(arguments.tree, arguments.version, addresses)
    print(NEXT.format(version=arguments.version))


def prepare(tree: pathlib.Path, version: str, addresses: dict[str, str]) -> None:
    """Write the changelog, then the version and the addresses."""
    if not VERSION.fullmatch(version):
        sys.exit(f"{version} is not of the form MAJOR.MINOR.PATCH.")
    for name, address in addresses.items():
        if not re.fullmatch(r"https://[^\s/]+\.[^\s]+", address):
            sys.exit(f"{name} must be an https address, not {address!r}.")
    if not list((tree / "changelogs" / "fragments").glob("*.y*ml")):
        sys.exit("changelogs/fragments is empty: there is nothing to release.")
    if released := [old for old in _released(tree) if _order(old) >= _order(version)]:
        sys.exit(f"{version} is not newer than {max(released, key=_order)}, which is released.")
    changed = {**_with_user_agent(tree, version), tree / "galaxy.yml": _galaxy(tree, {"version": version, **addresses})}
    subprocess.run(["antsibull-changelog", "release", "--version", version], cwd=tree, check=True)
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")


def _released(tree: pathlib.Path) -> list[str]:
    changelog = tree / "changelogs" / "changelog.yaml"
    return list(yaml.safe_load(changelog.read_text(encoding="utf-8"))["releases"]) if changelog.is_file() else []


def _order(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]


def _galaxy(tree: pathlib.Path, values: dict[str, str]) -> str:
    """galaxy.yml with VALUES in place of the present ones, or before the license."""
    text = (tree / "galaxy.yml").read_text(encoding="utf-8")
    for key, value in values.items():
        line = f"{key}: {value}"
        present = re.search(rf"(?m)^{key}: .*$", text)
        text = text.replace(present[0], line) if present else text.replace("\nlicense:", f"\n{line}\nlicense:", 1)
    return text


def _with_user_agent(tree: pathlib.Path, version: str) -> dict[pathlib.Path, str]:
    """The file that has the version in the User-Agent header, with VERSION."""
    found = {}
    for path in (tree / "plugins" / "module_utils").rglob("*.py"):
        text, times = USER_AGENT.subn(rf"\g<1>{version}", path.read_text(encoding="utf-8"))
        if times:
            found[path] = text
    if len(found) != 1:
        sys.exit(f"USER_AGENT with a version is in {len(found)} files of plugins/module_utils, and should be in one.")
    return found


if __name__ == "__main__":
    main()
