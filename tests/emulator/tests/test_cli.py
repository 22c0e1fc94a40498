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
from requests.auth import HTTPDigestAuth

DEMO = Path(__file__).parent.parent / "datasets" / "demo.yml"
COMMAND = [sys.executable, "-m", "atlas_emulator", "--dataset"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command until it ends."""
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=20, check=False)


def seconds_to_stop(number: int) -> float:
    """Return the seconds until the command ends after a signal, during a delayed response."""
    with subprocess.Popen([*COMMAND, str(DEMO)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().removeprefix("Atlas emulator ready at ").strip()
        fault = {"path": "/", "delay": 30, "before_auth": True}
        session = requests.Session()
        assert session.post(f"{url}/_emulator/faults", json=fault, timeout=5).status_code == 201
        with pytest.raises(requests.Timeout):
            session.get(f"{url}/api/atlas/v2/orgs", timeout=0.2)
        start = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=5) == 0
        assert process.stdout.read() == ""
        return time.monotonic() - start


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once(number: int) -> None:
    # Three times, because a busy machine may be slow once.
    assert min(seconds_to_stop(number) for _each in range(3)) < 1


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


def test_credentials_of_generated_organizations(tmp_path: Path) -> None:
    dataset = tmp_path / "many.yml"
    dataset.write_text("generate_orgs: {orgs: 3, api_keys: 5}", encoding="utf-8")
    orgs = json.loads(run(str(dataset), "--show-credentials").stdout)
    with subprocess.Popen([*COMMAND, str(dataset)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().removeprefix("Atlas emulator ready at ").strip()
        for org in orgs:
            auth = HTTPDigestAuth(org["api_key"]["public_key"], org["api_key"]["private_key"])
            keys = requests.get(f"{url}/api/atlas/v1.0/orgs/{org['org_id']}/apiKeys", auth=auth, timeout=5).json()
            assert keys["totalCount"] == 5
            account = (org["service_account"]["client_id"], org["service_account"]["client_secret"])
            form = {"grant_type": "client_credentials"}
            assert requests.post(f"{url}/api/oauth/token", data=form, auth=account, timeout=5).status_code == 200
        process.terminate()
    assert len(orgs) == 3


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
    sleep = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    with subprocess.Popen([*COMMAND, str(DEMO), "--", *sleep], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "up\n"
        process.terminate()
        assert process.wait(timeout=5) == 128 + signal.SIGTERM
