# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command ``atlas-emulator``."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from atlas_emulator.dataset import load
from atlas_emulator.server import Emulator
from emulator_client import Bearer, Client

DEMO = Path(__file__).parent.parent / "datasets" / "demo.yml"
COMMAND = [sys.executable, "-m", "atlas_emulator", "--dataset"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command until it ends."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)


def seconds_to_stop(number: int) -> float:
    """Return the seconds until the command ends after a signal, during a delayed response."""
    with subprocess.Popen([*COMMAND, str(DEMO)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().removeprefix("Atlas emulator ready at ").strip()
        fault = {"path": "/", "delay": 30, "before_auth": True}
        session = requests.Session()
        assert session.post(f"{url}/_emulator/faults", json=fault, timeout=60).status_code == 201
        with pytest.raises(requests.Timeout):
            session.get(f"{url}/api/atlas/v2/orgs", timeout=0.2)
        start = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=60) == 0
        assert process.stdout.read() == ""
        return time.monotonic() - start


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once(number: int) -> None:
    assert seconds_to_stop(number) < 25  # the delayed response would take 30


def test_a_wrong_data_set(tmp_path: Path) -> None:
    dataset = tmp_path / "wrong.yml"
    for text in ("orgs: [{id: 1}]", "a: [", "", "generate_orgs: {orgs: 0, api_keys: 1}"):
        dataset.write_text(text, encoding="utf-8")
        result = run(str(dataset))
        assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
        assert str(dataset) in result.stderr
    assert run(str(tmp_path / "none.yml")).returncode == 2


def test_only_loopback_addresses() -> None:
    result = run(str(DEMO), "--host", "0.0.0.0")
    assert result.returncode == 2
    assert "0.0.0.0 is not a loopback address" in result.stderr


def test_a_port_that_is_taken() -> None:
    with subprocess.Popen([*COMMAND, str(DEMO)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = process.stdout.readline().strip().rpartition(":")[2]
        result = run(str(DEMO), "--port", port)
        process.terminate()
    assert (result.returncode, result.stderr.count("\n")) == (1, 1)


KEY = {
    "desc": "one",
    "private_key": "3f1c0c9e-5d0e-4f5e-9a53-01bdd56c8977",
    "roles": [{"org_id": "a" * 24, "role_name": "ORG_OWNER"}],
}
MANY = {
    "generate_orgs": {"orgs": 11, "api_keys": 200},
    "orgs": [
        {
            "id": "a" * 24,
            "name": "Strict",
            "requires_access_list": True,
            "api_keys": [
                KEY | {"id": "1" * 24, "public_key": "aaaaaaaa", "access_list": [{"ip_address": "192.0.2.1"}]},
                KEY | {"id": "2" * 24, "public_key": "bbbbbbbb"},
                KEY | {"id": "3" * 24, "public_key": "cccccccc", "roles": [{"group_id": "b" * 24, "role_name": "X"}]},
                {
                    **KEY,
                    "id": "4" * 24,
                    "public_key": "dddddddd",
                    "access_list": [{"cidr_block": "0.0.0.0/0"}],
                },
            ],
            "service_accounts": [
                {"client_id": "mdb_sa_id_a", "client_secret": "mdb_sa_sk_a"},
                {
                    "client_id": "mdb_sa_id_b",
                    "client_secret": "mdb_sa_sk_b",
                    "access_list": [{"cidr_block": "127.0.0.0/8"}],
                },
            ],
        }
    ],
}


def test_shown_credentials_are_accepted(tmp_path: Path) -> None:
    dataset = tmp_path / "many.yml"
    dataset.write_text(json.dumps(MANY), encoding="utf-8")
    orgs = json.loads(run(str(dataset), "--show-credentials").stdout)
    assert len(orgs) == 12
    with Emulator(load(dataset)) as emulator:
        client = Client(emulator.url)
        for org in orgs:
            path = f"/orgs/{org['org_id']}/apiKeys"
            pair, account = org["api_key"], org["service_account"]
            assert client.digest(path, (pair["public_key"], pair["private_key"])).status_code == 200
            minted = client.mint((account["client_id"], account["client_secret"]))
            assert client.get(path, Bearer(minted.json()["access_token"])).status_code == 200


def test_an_organization_without_usable_credentials(tmp_path: Path) -> None:
    dataset = tmp_path / "none.yml"
    dataset.write_text("orgs: [{id: aaaaaaaaaaaaaaaaaaaaaaaa, name: Empty}]", encoding="utf-8")
    (org,) = json.loads(run(str(dataset), "--show-credentials").stdout)
    assert (org["api_key"], org["service_account"]) == (None, None)


def test_tls(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    with subprocess.Popen(
        [*COMMAND, str(DEMO), "--tls", "--ca-file", str(ca)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = process.stdout.readline().removeprefix("Atlas emulator ready at ").strip()
        assert url.startswith("https://127.0.0.1:")
        client = Client(url)
        with pytest.raises(requests.exceptions.SSLError):
            client.get("/orgs")
        client.session.verify = str(ca)
        page = client.get("/orgs", Bearer("demo-live-token")).json()
        assert page["results"][0]["links"][0]["href"].startswith(f"{url}/api/atlas/v2/orgs/")
        process.terminate()
        assert process.wait(timeout=60) == 0


def test_a_ca_file_without_tls(tmp_path: Path) -> None:
    result = run(str(DEMO), "--ca-file", str(tmp_path / "ca.pem"))
    assert (result.returncode, "--ca-file needs --tls" in result.stderr) == (2, True)


def test_a_ca_file_that_cannot_be_written(tmp_path: Path) -> None:
    result = run(str(DEMO), "--tls", "--ca-file", str(tmp_path / "none" / "ca.pem"))
    assert (result.returncode, "cannot write" in result.stderr) == (1, True)


PROBE = "import os, urllib.request as r; r.urlopen(os.environ['MONGODB_ATLAS_BASE_URL'] + '/_emulator/tokens')"


@pytest.mark.parametrize(("code", "expected"), [("raise SystemExit(7)", 7), (PROBE, 0), ("import os; os.abort()", 134)])
def test_it_runs_a_command_and_ends_with_its_exit_code(code: str, expected: int) -> None:
    result = run(str(DEMO), "--", sys.executable, "-c", code)
    assert result.returncode == expected, result.stderr
    assert result.stdout == ""


def test_a_command_that_does_not_exist() -> None:
    result = run(str(DEMO), "--", "no-such-command")
    assert result.returncode == 127
    assert "cannot run no-such-command" in result.stderr


def test_a_command_ends_with_the_emulator() -> None:
    sleep = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
    with subprocess.Popen([*COMMAND, str(DEMO), "--", *sleep], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        process.terminate()
        assert process.wait(timeout=60) == 128 + signal.SIGTERM
