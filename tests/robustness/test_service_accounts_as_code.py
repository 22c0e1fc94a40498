# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Service accounts and secrets that are created while requests, files and processes fail.

Afterwards there is the credential with its secret in the file, or nothing is left, or the message names what is left.
If another secret was cut, the message contains its new deadline.
"""

from __future__ import annotations

import collections
import json
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import typing as t

import pytest
import requests

from ansible_collections.mongodb_atlas.admin.plugins.module_utils._api.times import from_atlas
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials import change
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._credentials.secret_file import SecretFile
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._errors import AtlasError, Interrupted
from ansible_collections.mongodb_atlas.admin.plugins.module_utils._module import Outcome, execute
from ansible_collections.mongodb_atlas.admin.plugins.modules import (
    org_service_account,
    org_service_account_info,
    org_service_account_secret,
    org_service_accounts,
    project_service_account,
)
from atlas_emulator.dataset import load
from atlas_emulator.server import Emulator
from harness import DATASETS, TREE, Atlas

ORG, PROJECT = "a0123456789abcdef012345a", "b0123456789abcdef012345b"
READER = "mdb_sa_id_0123456789abcdef01234567"  # has one secret, which expires in 2099
NO_SECRET = "6a793f752c88faeba59bba99"
OWNER = {"public_key": "mqzhrtab", "private_key": "7d2b9a10-0c4e-4b57-8a6f-5e1f20c3d4b6"}

Json = dict[str, t.Any]


@pytest.fixture(scope="module")
def emulator() -> t.Iterator[Atlas]:
    with Emulator(load(DATASETS / "demo.yml")) as running:
        yield Atlas(running.url)


@pytest.fixture
def atlas(emulator: Atlas, monkeypatch: pytest.MonkeyPatch) -> Atlas:
    monkeypatch.setattr(change, "LOOK_AGAIN_AFTER", 0.05)
    emulator.control("POST", "reset")
    return emulator


def run(module: t.Any, atlas: Atlas, check_mode: bool = False, **options: t.Any) -> Outcome:
    """Run MODULE as a task of the organization's owner would."""
    defaults = {option: spec.get("default") for option, spec in module.ARGUMENT_SPEC.items()}
    params = {**defaults, **OWNER, "base_url": atlas.url, "timeout": 5.0, "retries": 0, **options}
    return execute(module.ARGUMENT_SPEC, module.run, params, {}, check_mode=check_mode)


def accounts(atlas: Atlas) -> dict[str, Json]:
    """The accounts as the emulator has them, by client ID."""
    outcome = run(org_service_account_info, atlas, org_id=ORG, gather_access_list=True)
    return {account["client_id"]: account for account in outcome.result["service_accounts"]}


def secrets(atlas: Atlas) -> dict[str, str]:
    """The secrets of all accounts with their expiry."""
    return {each["id"]: each["expires_at"] for account in accounts(atlas).values() for each in account["secrets"]}


def works(atlas: Atlas, kept: Json) -> bool:
    """Whether a token can be minted with what a file contains."""
    auth = (kept["client_id"], kept["client_secret"])
    form = {"grant_type": "client_credentials"}
    return requests.post(f"{atlas.url}/api/oauth/token", auth=auth, data=form, timeout=10).status_code == 200


# What is created: the module, its options, and the path of the request that creates it.
NEW: dict[str, tuple[t.Any, Json, str]] = {
    "account": (
        org_service_account,
        {
            "name": "ci",
            "description": "Deploys",
            "roles": ["ORG_READ_ONLY"],
            "access_list": ["127.0.0.0/8"],
            "secret_expires_after_hours": 2160,
        },
        "/serviceAccounts$",
    ),
    "secret": (
        org_service_account_secret,
        # The secret that the caller's store contains is gone, so a new one is due.
        {"service_account_id": READER, "expires_after_hours": 2160, "current_secret_id": NO_SECRET},
        "/secrets$",
    ),
}

KEPT, NONE = "succeeds: the secret is in the file, and works", "fails: nothing is left"
NAMED, TOLD = "fails: the message names what is left, by its ID", "fails: the message says what may be left"

ACCOUNT_ENTRIES = {"path": "/accessList$", "method": "POST"}
DELETE = {"path": "/(serviceAccounts|secrets)/[a-z0-9_]*$", "method": "DELETE"}
EVERYBODY = {"ipAddress": None, "cidrBlock": "0.0.0.0/0"}
OWNS = {"roles": ["ORG_OWNER"]}
FAULT_409 = {"status": 409, "body": {"error": 409, "errorCode": "DATA_CONCURRENCY_ERROR"}}


def faults(account: str, secret: str, fault: Json, *ends: str) -> dict[str, tuple[str, list[Json], str]]:
    """Rows of the table for a fault of the request that creates.

    :param ends: how the task ends, for an account and for a secret; once if it is the same.
    """
    rows = {}
    for row, what, end in zip((account, secret), NEW, 2 * ends):
        rows[row] = (what, [{"path": NEW[what][2], "method": "POST", **fault}], end)
    return rows


# Fault to what is created, the faults, and how the task ends.
CREATION: dict[str, tuple[str, list[Json], str]] = {
    **faults(
        "new service account: the request is lost",
        "new secret: the request is lost",
        {"does": "nothing", "cut": "start"},
        TOLD,
    ),
    **faults("new service account: the response is lost", "new secret: the response is lost", {"cut": "start"}, NAMED),
    **faults("new service account: 500, and not made", "new secret: 500, and not made", {"status": 500}, TOLD),
    **faults("new service account: 500, and made", "new secret: 500, and made", {"does": "all", "status": 500}, NAMED),
    **faults("new service account: half a body", "new secret: half a body", {"says": "half"}, NAMED),
    **faults(
        "new service account: the connection ends in the body",
        "new secret: the connection ends in the body",
        {"cut": "body"},
        NAMED,
    ),
    **faults(
        "new service account: the response is about another one",
        "new secret: the response is about another one",
        {"says": "another"},
        NAMED,
    ),
    **faults(
        "new service account: claimed and not made", "new secret: claimed and not made", {"does": "nothing"}, TOLD
    ),
    **faults(
        "new service account: accepted and not made",
        "new secret: accepted and not made",
        {"does": "nothing", "status": 202, "body": {}},
        TOLD,
    ),
    **faults("new service account: a page of a proxy", "new secret: a page of a proxy", {"body": "<html>"}, TOLD),
    **faults(
        "new service account: 400",
        "new secret: 400",
        {"status": 400, "body": {"error": 400, "errorCode": "X"}},
        NONE,
    ),
    **faults(
        "new service account: 409 DATA_CONCURRENCY_ERROR", "new secret: 409 DATA_CONCURRENCY_ERROR", FAULT_409, NONE
    ),
    "new service account: the access list is refused": ("account", [{**ACCOUNT_ENTRIES, "status": 400}], NONE),
    "new service account: the access list is accepted and not stored": (
        "account",
        [{**ACCOUNT_ENTRIES, "does": "nothing", "status": 202, "body": {}}],
        NONE,
    ),
    "new service account: the access list is opened to everybody": (
        "account",
        [{**ACCOUNT_ENTRIES, "does": "something_else", "says": "truth", "instead": EVERYBODY}],
        NONE,
    ),
    "new service account: the access list is refused, and so is the deletion": (
        "account",
        [{**ACCOUNT_ENTRIES, "status": 400}, {**DELETE, "status": 403}],
        NAMED,
    ),
    "new service account: more roles are stored": (
        "account",
        [{"path": NEW["account"][2], "method": "POST", "does": "something_else", "says": "truth", "instead": OWNS}],
        NONE,
    ),
    "new secret: the account cannot be read afterwards": (
        "secret",
        [{"path": "/serviceAccounts/[a-z0-9_]*$", "method": "GET", "skip": 1, "status": 503, "times": None}],
        KEPT,
    ),
}


def is_told(deadline: str, outcome: Outcome) -> bool:
    """Whether a time is in what the task says, to a few seconds: what was not read is computed."""
    told = json.dumps([outcome.result.get("msg"), outcome.result.get("shortened"), outcome.warnings])
    times = map(from_atlas, re.findall(r"[0-9-]{10}T[0-9:]{8}Z", told))
    wanted = from_atlas(deadline)
    return any(wanted and each and abs((each - wanted).total_seconds()) < 10 for each in times)


def check(what: str, before: tuple[Json, Json], atlas: Atlas, file: pathlib.Path, outcome: Outcome) -> str:
    """Return how the task ended, as the truth says it."""
    atlas.control("DELETE", "faults")
    now = accounts(atlas), secrets(atlas)
    new = [each for each in now[what == "secret"] if each not in before[what == "secret"]]
    assert not list(file.parent.glob(".*")), "the reserved file is left"
    assert before[0].keys() <= now[0].keys(), "another account was deleted"
    assert before[1].keys() <= now[1].keys(), "another secret was deleted"
    cut = [now[1][each] for each in before[1] if now[1][each] != before[1][each]]
    assert all(is_told(deadline, outcome) for deadline in cut), "a deadline is not told"
    if not outcome.failed:
        kept = json.loads(file.read_text())
        assert new == [kept["client_id" if what == "account" else "secret_id"]]
        assert works(atlas, kept)
        assert file.stat().st_mode & 0o777 == 0o600
        return KEPT
    assert not file.exists()
    assert "mdb_sa_sk_" not in json.dumps([outcome.result, outcome.warnings])
    assert outcome.result.get("changed") or not cut
    message = outcome.result["msg"]
    if new:
        assert all(each in message for each in new)
        return NAMED
    return TOLD if "may have created" in message else NONE


def create(what: str, atlas: Atlas, tmp_path: pathlib.Path, **options: t.Any) -> str:
    """Create something, and return how the task ended."""
    before, file = (accounts(atlas), secrets(atlas)), tmp_path / "secret.json"
    module, given, _path = NEW[what]
    outcome = run(module, atlas, org_id=ORG, secret_file=str(file), **given, **options)
    return check(what, before, atlas, file, outcome)


@pytest.mark.parametrize("fault", CREATION)
def test_creation_that_fails(
    fault: str, atlas: Atlas, tmp_path: pathlib.Path, happened: t.Callable[[str, str], None]
) -> None:
    what, injected, expected = CREATION[fault]
    for each in injected:
        atlas.control("POST", "faults", each)
    assert create(what, atlas, tmp_path) == expected
    happened(fault, expected)


@pytest.mark.parametrize("what", NEW)
def test_nothing_fails(what: str, atlas: Atlas, tmp_path: pathlib.Path) -> None:
    """The check itself: this is what success looks like, and a second run changes nothing."""
    assert create(what, atlas, tmp_path) == KEPT
    if what == "account":
        module, options, _path = NEW[what]
        again = run(module, atlas, org_id=ORG, secret_file=str(tmp_path / "secret.json"), **options)
        assert (again.result["changed"], again.warnings) == (False, [])


# The file, and signals


def fail_file(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def write(self: SecretFile, fields: t.Any) -> t.NoReturn:
        raise error

    monkeypatch.setattr(SecretFile, "write", write)


# Fault to what is created, what is raised while the file is written, what is wrong with Atlas, and how the task ends.
FILE: dict[str, tuple[str, BaseException, list[Json], str]] = {
    "new service account: the file cannot be written": ("account", AtlasError("No space left on device."), [], NONE),
    "new secret: the file cannot be written": ("secret", AtlasError("No space left on device."), [], NONE),
    "new service account: SIGTERM while the file is written": ("account", Interrupted("SIGTERM."), [], NONE),
    "new secret: SIGTERM while the file is written": ("secret", Interrupted("SIGTERM."), [], NONE),
    "new service account: the file cannot be written, and the deletion is refused": (
        "account",
        AtlasError("No space left on device."),
        [{**DELETE, "status": 403}],
        NAMED,
    ),
    "new secret: the file cannot be written, and the deletion is refused": (
        "secret",
        AtlasError("No space left on device."),
        [{**DELETE, "status": 403}],
        NAMED,
    ),
    "new secret: the file cannot be written, and the deletion is accepted and not made": (
        "secret",
        AtlasError("No space left on device."),
        [{**DELETE, "does": "nothing", "times": None}],
        NAMED,
    ),
}


@pytest.mark.parametrize("fault", FILE)
def test_file_that_fails(
    fault: str,
    atlas: Atlas,
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    happened: t.Callable[[str, str], None],
) -> None:
    what, error, injected, expected = FILE[fault]
    fail_file(monkeypatch, error)
    for each in injected:
        atlas.control("POST", "faults", each)
    assert create(what, atlas, tmp_path) == expected
    happened(fault, expected)


@pytest.mark.parametrize("what", NEW)
def test_file_that_is_refused_beforehand(what: str, atlas: Atlas, tmp_path: pathlib.Path) -> None:
    module, options, _path = NEW[what]
    before = secrets(atlas)
    outcome = run(module, atlas, org_id=ORG, secret_file=str(tmp_path / "missing" / "secret"), **options)
    assert "cannot be written" in outcome.result["msg"]
    assert secrets(atlas) == before


def stop_when_sent(atlas: Atlas, process: subprocess.Popen[str], path: str, delay: float) -> None:
    """Send SIGTERM some time after the request for a creation has arrived."""
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        if any(asked["method"] == "POST" and asked["path"].endswith(path) for asked in atlas.journal()):
            break
        time.sleep(0.05)
    time.sleep(delay)
    process.send_signal(signal.SIGTERM)


SIGTERM = {
    "new service account: SIGTERM before it is made": ("account", 0.0),
    "new service account: SIGTERM after it is made": ("account", 0.4),
    "new secret: SIGTERM before it is made": ("secret", 0.0),
    "new secret: SIGTERM after it is made": ("secret", 0.4),
}


# Until the request has arrived nothing proves much, and the search for what may be left takes its time.
@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, marks=[] if delay else [pytest.mark.full]) for fault, (_what, delay) in SIGTERM.items()],
)
def test_sigterm_while_the_creation_is_under_way(
    fault: str, atlas: Atlas, tmp_path: pathlib.Path, happened: t.Callable[[str, str], None]
) -> None:
    """With a real process and a real signal, before and after the request has reached Atlas."""
    what, delay = SIGTERM[fault]
    module, options, path = NEW[what]
    before, file = (accounts(atlas), secrets(atlas)), tmp_path / "secret.json"
    slow = {"delay": 1.0, "before_auth": True} if not delay else {"delay_after": 1.0}
    atlas.control("POST", "faults", {"path": path, "method": "POST", **slow})
    internal = {"_ansible_remote_tmp": "/tmp", "_ansible_keep_remote_files": False}
    connection = {**OWNER, "base_url": atlas.url, "org_id": ORG, "timeout": 3, "retries": 0}
    process = subprocess.Popen(
        [sys.executable, str(TREE / "plugins" / "modules" / f"{module.__name__.rpartition('.')[2]}.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(TREE.parents[2]), "PATH": "/usr/bin:/bin"},
    )
    threading.Thread(target=stop_when_sent, args=(atlas, process, path[:-1], delay), daemon=True).start()
    arguments = {**connection, **options, "secret_file": str(file), **internal}
    printed, errors = process.communicate(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}), timeout=60)
    assert "Traceback" not in errors
    time.sleep(1.2)  # what was under way has arrived
    result = json.loads(printed)
    outcome = Outcome(result, failed=bool(result.get("failed")))
    ended = check(what, before, atlas, file, outcome)
    assert outcome.failed
    assert ended in (NONE, NAMED, TOLD)
    happened(fault, "fails: nothing is left, or the message says what may be left")


# Without a secret


@pytest.mark.parametrize(("server", "fails"), [("known", False), ("ignored", False), ("refused", True)])
def test_account_without_a_secret(
    server: str, fails: bool, atlas: Atlas, happened: t.Callable[[str, str], None]
) -> None:
    atlas.control("PATCH", "settings", {"without_initial_secret": server})
    before = accounts(atlas), secrets(atlas)
    options = {"name": "bare", "description": "Gets its secret later", "roles": ["ORG_MEMBER"], "without_secret": True}
    outcome = run(org_service_account, atlas, org_id=ORG, **options)
    assert outcome.failed == fails, outcome.result
    assert secrets(atlas) == before[1]
    assert len(accounts(atlas)) - len(before[0]) == (not outcome.failed)
    assert bool(outcome.warnings) == (server == "ignored")
    if outcome.failed:
        assert "give secret_expires_after_hours" in outcome.result["msg"]
        happened("new service account without a secret: Atlas refuses that", "fails: nothing is left")
    if server == "ignored":
        assert "That secret was deleted." in outcome.warnings[0]
        happened(
            "new service account without a secret: Atlas creates one nevertheless",
            "succeeds: the secret is deleted, and the task warns",
        )


# Project roles


def test_assignment_is_seen_before_it_counts(atlas: Atlas, happened: t.Callable[[str, str], None]) -> None:
    where = {"project_id": PROJECT, "service_account_id": READER}
    atlas.control("POST", "faults", {"path": ":invite$", "method": "POST", "does": "nothing"})
    outcome = run(project_service_account, atlas, **where, roles=["GROUP_READ_ONLY"])
    assert "is not assigned to the project, although Atlas accepted the assignment" in outcome.result["msg"]
    happened("assignment of a service account: claimed and not made", "fails: …is not assigned to the project…")


@pytest.mark.parametrize("fault", [{"cut": "start"}, {"does": "all", "status": 500}, {"says": "half"}])
def test_assignment_whose_response_is_lost_is_looked_up(atlas: Atlas, fault: Json) -> None:
    where = {"project_id": PROJECT, "service_account_id": READER}
    atlas.control("POST", "faults", {"path": ":invite$", "method": "POST", **fault})
    outcome = run(project_service_account, atlas, **where, roles=["GROUP_READ_ONLY"])
    assert not outcome.failed, outcome.result
    assert outcome.result["service_account"]["projects"] == [{"group_id": PROJECT, "roles": ["GROUP_READ_ONLY"]}]
    assert not run(project_service_account, atlas, **where, roles=["GROUP_READ_ONLY"]).result["changed"]


# Many accounts

TEAM = 200  # as many as an organization may have (documentation)


@pytest.mark.scale
def test_two_hundred_accounts_cost_the_least_requests(tmp_path: pathlib.Path) -> None:
    """The number of requests depends on what differs only."""
    dataset = load(DATASETS / "demo.yml")
    with Emulator(dataset) as running:
        atlas = Atlas(running.url)
        for account in list(accounts(atlas)):
            run(org_service_account, atlas, org_id=ORG, service_account_id=account, state="absent")
        assert not accounts(atlas)
        items = [describe_account(number, tmp_path) for number in range(TEAM)]
        assert apply_many(atlas, items) == {"GET": 3, "POST": 2 * TEAM}  # a list before and after, and the settings
        for item in items[::10]:
            item["description"] = "Reads for the new dashboard"
        assert apply_many(atlas, items) == {"GET": 2, "PATCH": TEAM // 10}
        assert apply_many(atlas, items) == {"GET": 1}
    assert len(list(tmp_path.iterdir())) == TEAM


def describe_account(number: int, folder: pathlib.Path) -> Json:
    suboptions = org_service_accounts.ARGUMENT_SPEC["service_accounts"]["options"]
    defaults = {option: spec.get("default") for option, spec in suboptions.items()}
    given = {"name": f"reader {number}", "description": "Reads for the dashboard", "roles": ["ORG_READ_ONLY"]}
    place = {"secret_expires_after_hours": 2160, "secret_file": str(folder / str(number))}
    return {**defaults, **given, **place, "access_list": ["192.0.2.0/24"]}


def apply_many(atlas: Atlas, items: list[Json]) -> dict[str, int]:
    """Apply accounts in one task, and return how many requests of each method it took, authentication left out."""
    atlas.control("DELETE", "journal")
    outcome = run(org_service_accounts, atlas, org_id=ORG, service_accounts=items)
    assert not outcome.failed, outcome.result
    return dict(collections.Counter(asked["method"] for asked in atlas.journal() if asked["status"] != 401))
