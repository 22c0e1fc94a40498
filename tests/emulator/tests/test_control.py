# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal, the settings and the reset."""

from __future__ import annotations

import re
import time
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from atlas_emulator.faults import Fault
from atlas_emulator.model import Dataset
from atlas_emulator.paging_faults import PAGING_FAULTS
from atlas_emulator.server import Emulator
from atlas_emulator.settings import Settings
from atlas_emulator.write_faults import DOES, SAYS
from emulator_client import KEY, READER, Client

NOT_GIVEN = ("content_type", "written", "seen")
"""What a fault holds besides its parameters."""


def test_the_journal_has_no_credentials(client: Client) -> None:
    client.mint()
    client.digest(KEY + "?pretty=true&envelope=false", READER)
    client.get(KEY)
    journal = client.journal()
    assert [entry["auth"] for entry in journal] == ["basic", "none", "digest", "bearer"]
    assert [entry["status"] for entry in journal] == [200, 401, 200, 200]
    assert journal[1]["query"] == {"pretty": "true", "envelope": "false"}
    assert journal[1]["path"] == "/api/atlas/v2" + KEY
    assert journal[3]["headers"]["Accept"] == "application/vnd.atlas.2025-03-12+json"
    assert not any("Authorization" in entry["headers"] for entry in journal)
    client.control("DELETE", "journal")
    assert client.journal() == []


def test_wrong_settings(client: Client) -> None:
    wrong: list[Any] = [{"live_token": 1}, {"org_bucket": {"capacity": 0}}, {"rate_limits": "no"}, []]
    for settings in wrong:
        assert client.session.patch(f"{client.url}/_emulator/settings", json=settings).status_code == 400
    assert "not JSON" in client.session.post(f"{client.url}/_emulator/faults", data="{").json()["error"]


def test_reset(client: Client) -> None:
    before = client.control("GET", "settings").json()
    client.settings(live_tokens=1, org_bucket={"capacity": 7})
    changed = client.control("GET", "settings").json()
    assert changed["org_bucket"] == {"capacity": 7, "refill": 250, "seconds": 60}
    client.fault(path="/", status=500, times=None)
    client.mint()
    client.control("POST", "reset")
    assert client.control("GET", "settings").json() == before
    assert client.control("GET", "faults").json() == {"faults": []}
    assert client.control("GET", "tokens").json() == {"live": [], "minted": 0, "revoked": 0}
    assert client.journal() == []


def test_the_readme_names_every_fault_and_setting() -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    for name in (*DOES, *SAYS, *PAGING_FAULTS):
        assert f"`{name}`" in readme, name
    for name in (field.name for field in (*fields(Settings), *fields(Fault)) if field.name not in NOT_GIVEN):
        assert re.search(rf"(`|^  ){name}(`|:)", readme, re.MULTILINE), name


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "atlas.example"},
        {"Host": "127.0.0.1.example:80"},
        {"Host": ""},
        {"Origin": "https://atlas.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
    ],
)
def test_web_pages_of_other_sites_are_refused(client: Client, headers: dict[str, str]) -> None:
    client.mint()
    for method, path in (("GET", "tokens"), ("POST", "reset"), ("DELETE", "journal")):
        response = client.session.request(method, f"{client.url}/_emulator/{path}", headers=headers, timeout=10)
        assert response.status_code in (400, 403)
        assert "token" not in response.text
    assert len(client.control("GET", "tokens").json()["live"]) == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1:80", "[::1]:80"])
def test_loopback_hosts_are_accepted(client: Client, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host.removesuffix(':80')}"}
    assert client.session.get(f"{client.url}/_emulator/tokens", headers=headers, timeout=10).status_code == 200


def seconds_to_stop(dataset: Dataset) -> float:
    """Return the seconds until an idle emulator ends."""
    with Emulator(dataset):
        time.sleep(0.2)
        start = time.monotonic()
    return time.monotonic() - start


def test_an_idle_emulator_stops_at_once(dataset: Dataset) -> None:
    # Up to ten times, because a busy machine may be slow.
    assert any(seconds_to_stop(dataset) < 0.5 for _each in range(10))
