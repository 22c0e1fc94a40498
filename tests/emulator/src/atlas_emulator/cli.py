# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``atlas-emulator``."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from threading import Event
from typing import Any

from atlas_emulator.access_entries import allows
from atlas_emulator.dataset import load
from atlas_emulator.loopback import is_loopback
from atlas_emulator.model import Dataset, Org
from atlas_emulator.parser import EntryError, Json
from atlas_emulator.server import Emulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.ca_file and not options.tls:
        parser.error("--ca-file needs --tls")
    try:
        dataset = load(options.dataset)
    except EntryError as error:
        print(f"atlas-emulator: {options.dataset}: {error}", file=sys.stderr)
        return 2
    if options.show_credentials:
        print(json.dumps([_credentials(org, options.host) for org in dataset.orgs], indent=2))
        return 0
    return _serve(dataset, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("atlas-emulator", description="A stand-in for the Atlas Administration API.")
    parser.add_argument("--dataset", metavar="FILE", required=True, help="the organizations and settings, in YAML")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="a loopback address (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="0, the default, is any free one")
    parser.add_argument(
        "--show-credentials",
        action="store_true",
        help="print a key pair and a service account of each organization that can send requests from here, as JSON, "
        "and serve nothing",
    )
    parser.add_argument("--tls", action="store_true", help="serve https, with a certificate made at the start")
    parser.add_argument("--ca-file", metavar="PATH", help="with --tls: write the certificate that clients must trust")
    parser.add_argument(
        "command",
        metavar="COMMAND",
        nargs="*",
        help="after --: run it with MONGODB_ATLAS_BASE_URL set to the emulator, and end with it and its exit code",
    )
    return parser


def _loopback(host: str) -> str:
    """Return a loopback address. The control path needs no credentials, so the emulator serves this machine only."""
    if is_loopback(host):
        return "127.0.0.1" if host == "localhost" else host
    raise argparse.ArgumentTypeError(f"{host} is not a loopback address")


def _serve(dataset: Dataset, options: argparse.Namespace) -> int:
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # delayed responses make a queue on purpose
    try:
        emulator = Emulator(dataset, options.port, options.host, tls=options.tls)
    except (OSError, OverflowError) as error:
        print(f"atlas-emulator: cannot listen at {options.host} port {options.port}: {error}", file=sys.stderr)
        return 1
    with emulator:
        if options.ca_file:
            try:
                emulator.write_ca(options.ca_file)
            except OSError as error:
                print(f"atlas-emulator: cannot write {options.ca_file}: {error.strerror}", file=sys.stderr)
                return 1
        return _run(emulator, options.command) if options.command else _wait(emulator)


def _wait(emulator: Emulator) -> int:
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    print(f"Atlas emulator ready at {emulator.url}", flush=True)
    stop.wait()
    return 0


def _run(emulator: Emulator, command: Sequence[str]) -> int:
    """Run COMMAND; the result is its exit code, as a shell gives it."""
    try:
        process = subprocess.Popen(command, env={**os.environ, "MONGODB_ATLAS_BASE_URL": emulator.url})
    except OSError as error:
        print(f"atlas-emulator: cannot run {command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well, which then ends
    code = process.wait()
    return code if code >= 0 else 128 - code


def _credentials(org: Org, host: str) -> Json:
    """Return credentials of an organization that its access lists accept, those of owners if there are any."""
    key = _usable(org, host, org.api_keys)
    account = _usable(org, host, [account for account in org.service_accounts if account.client_secret])
    return {
        "org_id": org.id,
        "name": org.name,
        "api_key": key and {"public_key": key.public_key, "private_key": key.private_key},
        "service_account": account and {"client_id": account.client_id, "client_secret": account.client_secret},
    }


def _usable(org: Org, host: str, callers: Sequence[Any]) -> Any:
    """Return the API key or service account that can do the most when it sends requests from the emulator's host."""
    usable = [
        caller
        for caller in callers
        if (allows(caller.access_list, host) if caller.access_list else not org.requires_access_list)
        and any(role.org_id == org.id for role in caller.roles)
    ]
    return max(usable, key=lambda caller: any(role.role_name == "ORG_OWNER" for role in caller.roles), default=None)
