# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long tasks take on the emulator, compared with alternatives: ratios with their spread.

Machines are noisy. So subjects that are compared run in turn, round after round, and ratios are taken within a round;
printed are the median ratio and the smallest and largest one. `make bench` runs this and writes the table.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t

import requests
import yaml

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.client import AtlasClient
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._http.session import Session
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.connection import connection_settings
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._options.shared import query_options
from ansible_collections.mongodb_atlas.admin.plugins.modules import org_api_key_info

TREE = pathlib.Path(__file__).parents[2]
ORG, KEY = "a0123456789abcdef012345a", "ffffffffffffffffffffffff"
PAIR = {"public_key": "zzzzzzzz", "private_key": "0b7c1d2e-3f40-4152-8637-48596a7b8c9d"}
ACCEPT = {"Accept": "application/vnd.atlas.2025-03-12+json"}
LATENCY = 0.05  # seconds, for the access lists

Subject = t.Callable[[], object]


class Bench:
    """Measures subjects in turn, and keeps the lines of the table."""

    def __init__(self, url: str, home: pathlib.Path) -> None:
        self.url = url
        self.home = home
        self.lines: list[tuple[str, str, str, str]] = []

    def compare(self, what: str, rounds: int, subject: str, others: dict[str, Subject], mine: Subject) -> None:
        """Run MINE and OTHERS in turn for so many ROUNDS and note the ratios."""
        times: dict[str, list[float]] = {name: [] for name in (subject, *others)}
        for _round in range(rounds):
            for name, run in {subject: mine, **others}.items():
                times[name].append(seconds(run))
        for name in others:
            ratios = [own / other for own, other in zip(times[subject], times[name])]
            self.note(what, f"{subject} / {name}", times[subject], times[name], ratios)

    def note(self, what: str, who: str, own: list[float], other: list[float], ratios: list[float]) -> None:
        spread = f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
        medians = f"{statistics.median(own):.3f} s / {statistics.median(other):.3f} s"
        self.lines.append((what, who, medians, spread))
        print(f"{what}: {who}: {medians}: {spread}", flush=True)

    # What is run

    def ansible(self, *command: str) -> None:
        """Run Ansible, and fail where it does."""
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": str(TREE.parents[2]),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "MONGODB_ATLAS_BASE_URL": self.url,
        }
        done = subprocess.run(command, env=environ, capture_output=True, text=True, cwd=self.home, check=False)
        if done.returncode:
            raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])

    def ad_hoc(self, module: str, options: dict[str, t.Any], *flags: str) -> Subject:
        """One task from the command line."""
        return lambda: self.ansible("ansible", "localhost", "-m", module, "-a", json.dumps(options), *flags)

    def loop(self, module: str, options: dict[str, t.Any], items: int) -> Subject:
        """A play with one loop."""
        task = {module: options, "loop": list(range(items)), "loop_control": {"label": "{{ item }}"}}
        tasks = [task] if items else []
        path = self.home / f"{module}.yml"
        path.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        return lambda: self.ansible("ansible-playbook", str(path))

    def bare(self, paths: t.Sequence[str]) -> list[t.Any]:
        """What requests alone needs for PATHS: one session, digest, JSON parsed."""
        with requests.Session() as session:
            session.auth = requests.auth.HTTPDigestAuth(PAIR["public_key"], PAIR["private_key"])
            session.headers.update(ACCEPT)
            return [session.get(self.url + path, timeout=30).json() for path in paths]

    def module(self, **options: t.Any) -> dict[str, t.Any]:
        """The module's own part, without Ansible."""
        defaults = {name: spec.get("default") for name, spec in org_api_key_info.ARGUMENT_SPEC.items()}
        params = {**defaults, **PAIR, "base_url": self.url, "org_id": ORG, **options}
        connection, _warnings = connection_settings(params, {})
        session = Session(connection)
        try:
            return org_api_key_info.run(AtlasClient(session, params["api_version"], query_options(params)), params)
        finally:
            session.close()


def seconds(run: Subject) -> float:
    """How long RUN takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


@contextlib.contextmanager
def emulator(keys: int) -> t.Iterator[str]:
    """The address of an emulator in a process of its own, with so many keys and no rate limits."""
    owner = {"id": KEY, "desc": "owner", **PAIR, "roles": [{"org_id": ORG, "role_name": "ORG_OWNER"}]}
    org: dict[str, t.Any] = {"id": ORG, "name": "Production", "api_keys": [owner]}
    if keys > 1:
        org["generate"] = {"api_keys": keys - 1, "access_list": 2}
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as dataset:
        yaml.safe_dump({"settings": {"rate_limits": False}, "orgs": [org]}, dataset)
        command = [sys.executable, "-m", "atlas_emulator", "--dataset", dataset.name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            try:
                yield process.stdout.readline().split()[-1]
            finally:
                process.terminate()


def one_key(bench: Bench, rounds: int) -> None:
    ours, one = "mongodb_atlas.admin.org_api_key_info", {**PAIR, "org_id": ORG, "api_user_id": KEY}
    ordinary = bench.ad_hoc(ours, one, "-e", '{"mongodb_atlas_admin_in_process": false}')
    uri = bench.ad_hoc("ansible.builtin.uri", uri_options(bench))
    bench.compare("one key, ad hoc", rounds, "ordinary mode", {"uri": uri}, ordinary)
    bench.compare("one key, ad hoc", rounds, "in process", {"uri": uri}, bench.ad_hoc(ours, one))


def uri_options(bench: Bench) -> dict[str, t.Any]:
    """The same key by ansible.builtin.uri."""
    credentials = {"url_username": PAIR["public_key"], "url_password": PAIR["private_key"]}
    return {"url": f"{bench.url}/api/atlas/v2/orgs/{ORG}/apiKeys/{KEY}", "headers": ACCEPT, **credentials}


def loop_of_keys(bench: Bench, rounds: int, items: int) -> None:
    ours = bench.loop("mongodb_atlas.admin.org_api_key_info", {**PAIR, "org_id": ORG, "api_user_id": KEY}, items)
    debug = bench.loop("ansible.builtin.debug", {"msg": KEY}, items)
    path = f"/api/atlas/v2/orgs/{ORG}/apiKeys/{KEY}"

    def floor() -> None:
        debug()
        bench.bare([path] * items)

    bench.compare(f"loop of {items} keys", rounds, "in process", {"debug loop + bare requests": floor}, ours)
    uri = bench.loop("ansible.builtin.uri", uri_options(bench), items)
    against_uri(bench, max(1, rounds // 3), items, ours, uri)


def against_uri(bench: Bench, rounds: int, items: int, ours: Subject, uri: Subject) -> None:
    """How much faster the loop is than uri's: the whole command, and without what it takes Ansible to start."""
    nothing = bench.loop("nothing", {}, 0)
    times = [(seconds(ours), seconds(uri), seconds(nothing)) for _round in range(rounds)]
    own, others, starts = (list(each) for each in zip(*times))
    what = f"loop of {items} keys"
    bench.note(what, "uri / in process", others, own, [other / mine for mine, other, _start in times])
    alone = [(other - start, mine - start) for mine, other, start in times]
    without = f"uri / in process, each without Ansible's start ({statistics.median(starts):.2f} s)"
    bench.note(
        what, without, [other for other, _mine in alone], [mine for _other, mine in alone], [o / m for o, m in alone]
    )


def whole_organization(bench: Bench, rounds: int, keys: int) -> None:
    pages = range(1, -(-keys // 500) + 1)
    paths = [f"/api/atlas/v2/orgs/{ORG}/apiKeys?itemsPerPage=500&pageNum={page}" for page in pages]
    what = f"list of {keys} keys"
    bare: dict[str, Subject] = {"bare requests": lambda: bench.bare(paths)}
    bench.compare(what, rounds, "the module's run", bare, bench.module)
    ours = bench.ad_hoc("mongodb_atlas.admin.org_api_key_info", {**PAIR, "org_id": ORG})
    bench.compare(what, rounds, "ad hoc, in process", bare, ours)


def access_lists(bench: Bench, rounds: int, keys: int) -> None:
    fault = {"path": "accessList", "delay": LATENCY, "times": None}
    requests.post(f"{bench.url}/_emulator/faults", json=fault, timeout=10).raise_for_status()
    times = [seconds(lambda: bench.module(gather_access_list=True)) for _round in range(rounds)]
    one_by_one = keys * LATENCY
    who = "the module's run / latency alone, one after another"
    bench.note(
        f"{keys} access lists at {LATENCY * 1000:.0f} ms", who, times, [one_by_one], [s / one_by_one for s in times]
    )


def memory() -> str:
    """Peak of the largest process that Ansible was made of."""
    return f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="how often each subject runs (%(default)s)")
    parser.add_argument("--items", type=int, default=200, help="keys of the loop (%(default)s)")
    parser.add_argument("--table", type=pathlib.Path, help="write the table here, as reStructuredText")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        with emulator(1) as url:
            bench = Bench(url, pathlib.Path(home))
            one_key(bench, options.rounds)
            loop_of_keys(bench, options.rounds, options.items)
        before = memory()
        with emulator(10_000) as url:
            bench.url = url
            whole_organization(bench, options.rounds, 10_000)
        after = memory()
        with emulator(300) as url:
            bench.url = url
            access_lists(bench, options.rounds, 300)
    print(f"memory, largest process: {before} for one key and loops, {after} for 10,000 keys")
    if options.table:
        options.table.write_text(table(bench.lines, before, after), encoding="utf-8")


def table(lines: list[tuple[str, str, str, str]], before: str, after: str) -> str:
    """The table, to be included in the documentation."""
    rows = [("What", "Who", "Medians", "Ratio: median (smallest to largest)"), *lines]
    cells = "\n".join("   * - " + "\n     - ".join(row) for row in rows)
    header = ".. list-table::\n   :header-rows: 1\n\n"
    peak = f"The largest process took {before} at its peak for one key and loops, and {after} for 10,000 keys.\n"
    return f".. Written by make bench.\n\n{header}{cells}\n\n{peak}"


if __name__ == "__main__":
    main()
