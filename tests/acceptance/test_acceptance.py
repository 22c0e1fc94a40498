# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The emulator passes the acceptance test, so a drift of either is seen; a server that lies does not pass it."""

from __future__ import annotations

import json
import pathlib
import typing as t

import pytest
import requests

import part_r
import part_w

from answers import DIFFERS, Answer, table, write
from atlas_emulator.dataset import load
from atlas_emulator.server import Emulator
from wire import ACCOUNT, BASE_URL, KEY, NoCredentials, Wire
from workshop import Refused

OWNER = ("mqzhrtab", "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6")
READER = ("mdb_sa_id_0123456789abcdef01234567", "mdb_sa_sk_0123456789abcdef0123456789abcdef01234567")
ORG = {
    "id": "a0123456789abcdef012345a",
    "name": "throwaway-one",
    "api_keys": [
        {
            "id": "6a793f752c88faeba59bba50",
            "desc": "owner",
            "public_key": OWNER[0],
            "private_key": OWNER[1],
            "roles": [{"org_id": "a0123456789abcdef012345a", "role_name": "ORG_OWNER"}],
            "access_list": [{"cidr_block": "127.0.0.0/8"}],
        }
    ],
    "service_accounts": [
        {
            "client_id": READER[0],
            "client_secret": READER[1],
            "name": "reader",
            "roles": [{"org_id": "a0123456789abcdef012345a", "role_name": "ORG_READ_ONLY"}],
        }
    ],
    "projects": [
        {"id": "6a793fea0123456789abcdef", "name": "web shop", "created": "2026-08-10T03:05:16Z", "cluster_count": 0}
    ],
    "generate": {"projects": 0, "api_keys": 3, "service_accounts": 1},
}


class Atlas(t.NamedTuple):
    """An emulator, and the environments of an owner and of a reader."""

    url: str
    owner: dict[str, str]
    reader: dict[str, str]

    def lie(self, **fault: t.Any) -> None:
        requests.post(f"{self.url}/_emulator/faults", json={"times": None, **fault}, timeout=10).raise_for_status()

    def journal(self) -> list[dict[str, t.Any]]:
        """The writes, without the challenges of digest."""
        found = requests.get(f"{self.url}/_emulator/journal", timeout=10).json()["requests"]
        writes = [each for each in found if each["method"] != "GET" and "/oauth/" not in each["path"]]
        return [each for each in writes if each["status"] != 401]


@pytest.fixture(name="atlas")
def _atlas(tmp_path: pathlib.Path, request: pytest.FixtureRequest) -> t.Iterator[Atlas]:
    dataset = tmp_path / "dataset.yml"
    dataset.write_text(json.dumps({"orgs": [{**ORG, **getattr(request, "param", {})}]}), encoding="utf-8")
    with Emulator(load(dataset)) as emulator:
        base = {BASE_URL: emulator.url}
        yield Atlas(emulator.url, {**base, **dict(zip(KEY, OWNER))}, {**base, **dict(zip(ACCOUNT, READER))})


def differing(answers: list[Answer]) -> set[str]:
    return {answer.question for answer in answers if answer.verdict == DIFFERS}


def test_emulator_passes_part_r(atlas: Atlas) -> None:
    with Wire(atlas.owner) as wire:
        made = wire.send("POST", f"/orgs/{ORG['id']}/apiKeys", {"desc": "e2e", "roles": ["ORG_MEMBER"]})
        assert made.status == 200
        answers = part_r.read(wire)
    assert not differing(answers), table(answers)
    asked = {answer.question for answer in answers if not answer.why_not}
    assert {"IDs of keys hold their creation", "A key may read its own access list"} <= asked
    assert len(atlas.journal()) == 1  # the creation above: part R sends GET alone


def test_emulator_passes_part_r_for_a_service_account(atlas: Atlas) -> None:
    with Wire(atlas.reader) as wire:
        answers = part_r.read(wire)
    assert not differing(answers), table(answers)
    assert not requests.get(f"{atlas.url}/_emulator/tokens", timeout=10).json()["live"]


def test_emulator_passes_part_w_and_nothing_is_left(atlas: Atlas, tmp_path: pathlib.Path) -> None:
    with Wire(atlas.owner) as wire:
        before = [wire.get(f"/orgs/{ORG['id']}/{each}").results for each in ("apiKeys", "serviceAccounts")]
        answers = part_w.write(wire, "throwaway-one", tmp_path / "answers", step=0.05)
        after = [wire.get(f"/orgs/{ORG['id']}/{each}").results for each in ("apiKeys", "serviceAccounts")]
    assert not differing(answers), table(answers)
    assert [[each.get("id") or each["clientId"] for each in some] for some in before] == [
        [each.get("id") or each["clientId"] for each in some] for some in after
    ]
    journal = [json.loads(line) for line in (tmp_path / "answers" / "journal.jsonl").read_text("utf-8").splitlines()]
    assert len([each for each in journal if "created" in each]) == len([each for each in journal if each.get("gone")])


LIES_OF_READS: dict[str, tuple[dict[str, t.Any], str]] = {
    "a header is missing": (
        {"path": "/apiKeys", "headers": {"RateLimit-Limit": None}},
        "RateLimit-Limit of API keys",
    ),
    "there is no such resource": ({"path": "/rateLimits", "status": 404, "body": {"error": 404}}, "GET /rateLimits"),
    "another code": (
        {"path": "/apiKeys/0{24}", "status": 404, "body": {"error": 404, "errorCode": "RESOURCE_NOT_FOUND"}},
        "A key that does not exist: the code",
    ),
}
LIES_OF_WRITES: dict[str, tuple[dict[str, t.Any], str]] = {
    "an entry is not stored": (
        {"path": "/apiKeys/.*/accessList", "method": "POST", "does": "nothing", "says": "truth"},
        "Add an entry: the whole list comes back",
    ),
    "nothing is deleted": (
        {"path": "/serviceAccounts/[^/]*$", "method": "DELETE", "does": "nothing"},
        "Everything that was created is gone",
    ),
    "a project's role is accepted": (
        {"path": "/orgs/.*/apiKeys/[^/]*$", "method": "PATCH", "status": 200, "body": {}},
        "PATCH with a project's role is refused",
    ),
}


@pytest.mark.parametrize("lie", LIES_OF_READS)
def test_lie_of_a_read_is_found(atlas: Atlas, lie: str) -> None:
    fault, question = LIES_OF_READS[lie]
    atlas.lie(**fault)
    with Wire(atlas.owner) as wire:
        assert question in differing(part_r.read(wire))


@pytest.mark.parametrize("lie", LIES_OF_WRITES)
def test_lie_of_a_write_is_found(atlas: Atlas, lie: str, tmp_path: pathlib.Path) -> None:
    fault, question = LIES_OF_WRITES[lie]
    atlas.lie(**fault)
    with Wire(atlas.owner) as wire:
        assert question in differing(part_w.write(wire, "throwaway-one", tmp_path, step=0.05))


EMPTY: dict[str, t.Any] = {"id": "b0123456789abcdef012345b", "name": "web shop", "cluster_count": 0}


@pytest.mark.parametrize(
    ("atlas", "typed", "message"),
    [
        ({"name": "Production"}, "Production", "does not begin with throwaway-"),
        ({}, "throwaway-two", "is not that of the organization"),
        ({"projects": [{**EMPTY, "cluster_count": 1}]}, "throwaway-one", "has clusters"),
        ({"projects": [{**EMPTY, "id": f"{number}" * 24} for number in range(4)]}, "throwaway-one", "at most 3"),
        ({"generate": {"projects": 0, "api_keys": 10}}, "throwaway-one", "at most 10"),
    ],
    indirect=["atlas"],
)
def test_other_organizations_are_refused(atlas: Atlas, typed: str, message: str, tmp_path: pathlib.Path) -> None:
    with Wire(atlas.owner) as wire, pytest.raises(Refused, match=message):
        part_w.write(wire, typed, tmp_path)
    assert not atlas.journal()


def test_answers_hold_no_secret_name_or_address(atlas: Atlas, tmp_path: pathlib.Path) -> None:
    with Wire(atlas.owner) as wire:
        write([*part_r.read(wire), *part_w.write(wire, "throwaway-one", tmp_path, step=0.05)], tmp_path)
    text = (tmp_path / "answers.json").read_text("utf-8") + (tmp_path / "answers.txt").read_text("utf-8")
    for hidden in (*OWNER, ORG["id"], "throwaway-one", "owner", "127.0.0.1", "mdb_sa_sk_", "mdb_sa_id_"):
        assert hidden not in text


def test_credentials_are_required() -> None:
    with pytest.raises(NoCredentials, match="MONGODB_ATLAS_CLIENT_ID"):
        Wire({})
