# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ten nights of one job, with relaunches, a lost notification, worsening, an exception, and an unreadable night.

The report is its own baseline from one launch to the next, and the gate fails on what is new.
"""

from __future__ import annotations

import collections
import datetime
import json
import pathlib
import typing as t

import pytest

from ansible_collections.mongodb_atlas.admin.plugins.action import audit_report
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.action.report_actions import Json, Screen, run, screen
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.action.test_audit_report import (
    DENIED,
    NAMES,
    host,
    key,
)

__all__ = ["screen"]  # a fixture

FIRST_NIGHT = datetime.datetime(2026, 11, 25, 2, 0, 0, tzinfo=datetime.timezone.utc)

OWNER = key(1, "192.0.2.7/32", role="ORG_OWNER")
OFFICE, WIDER = key(2, "10.0.0.0/12"), key(2, "10.0.0.0/8")
TWO_BLOCKS = key(2, "10.0.0.0/8", "172.16.0.0/12")
OPEN = key(3, "0.0.0.0/0")
EXCEPTION = {
    "rule": "wide_network",
    "id": OFFICE["id"],
    "detail": "10.0.0.0/8",
    "reason": "All offices use it.",
    "until": "2027-03-31",
}


class Launch(t.NamedTuple):
    """One run of the job: what is there that night, and the options that differ."""

    night: int
    what: str
    organization: Json
    options: Json
    failed: bool
    statuses: dict[str, str | None]  # of the findings that are high or worse, by rule and detail


def launch(
    night: int, what: str, *keys: Json, failed: bool, statuses: dict[str, str | None], **options: t.Any
) -> Launch:
    return Launch(night, what, host(*keys), options, failed, statuses)


NEW, KNOWN, ACCEPTED = "new", "known", "accepted"
OWNER_NEW, OWNER_KNOWN = {"org_owner": NEW}, {"org_owner": KNOWN}
OFFICE_KNOWN = {"wide_network 10.0.0.0/12": KNOWN}
SETTLED = {**OWNER_KNOWN, **OFFICE_KNOWN}
OPEN_NEW, OPEN_KNOWN = {"open_to_internet": NEW}, {"open_to_internet": KNOWN}
SO_FAR = {**OWNER_KNOWN, **OPEN_KNOWN}
WIDER_ACCEPTED = {"wide_network 10.0.0.0/8": ACCEPTED}
DENIED_HOST = host(api_keys=DENIED)

NIGHTS = (
    launch(
        1,
        "first run",
        OWNER,
        OFFICE,
        failed=True,
        statuses={"org_owner": None, "wide_network 10.0.0.0/12": None},  # there is nothing to compare with
    ),
    launch(
        1,
        "relaunched",
        OWNER,
        OFFICE,
        failed=True,
        statuses={**OWNER_NEW, "wide_network 10.0.0.0/12": NEW},
    ),
    launch(1, "acknowledged", OWNER, OFFICE, failed=False, statuses=SETTLED, acknowledge=True),
    launch(2, "nothing has changed", OWNER, OFFICE, failed=False, statuses=SETTLED),
    launch(3, "a key is opened", OWNER, OFFICE, OPEN, failed=True, statuses={**SETTLED, **OPEN_NEW}),
    launch(3, "relaunched", OWNER, OFFICE, OPEN, failed=True, statuses={**SETTLED, **OPEN_NEW}),
    launch(4, "the notification was lost", OWNER, OFFICE, OPEN, failed=True, statuses={**SETTLED, **OPEN_NEW}),
    launch(5, "acknowledged", OWNER, OFFICE, OPEN, failed=False, statuses={**SETTLED, **OPEN_KNOWN}, acknowledge=True),
    launch(
        6,
        "a block is wider",
        OWNER,
        WIDER,
        OPEN,
        failed=True,
        statuses={**SO_FAR, "wide_network 10.0.0.0/8": NEW},
    ),
    launch(
        7,
        "an exception accepts it",
        OWNER,
        WIDER,
        OPEN,
        failed=False,
        statuses={**SO_FAR, **WIDER_ACCEPTED},
        exceptions=[EXCEPTION],
    ),
    launch(
        8,
        "another block under the exception",
        OWNER,
        TWO_BLOCKS,
        OPEN,
        failed=True,
        statuses={**SO_FAR, **WIDER_ACCEPTED, "wide_network 172.16.0.0/12": NEW},
        exceptions=[EXCEPTION],
    ),
    Launch(9, "the keys cannot be read", DENIED_HOST, {"exceptions": [EXCEPTION]}, True, {}),
    launch(
        10,
        "readable again, the block is gone",
        OWNER,
        WIDER,
        OPEN,
        failed=False,
        statuses={**SO_FAR, **WIDER_ACCEPTED},
        exceptions=[EXCEPTION],
    ),
    launch(
        10,
        "relaunched",
        OWNER,
        WIDER,
        OPEN,
        failed=False,
        statuses={**SO_FAR, **WIDER_ACCEPTED},
        exceptions=[EXCEPTION],
    ),
)


@pytest.fixture
def job(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, screen: Screen) -> t.Callable[[Launch], Json]:
    """Launch the job, and return its result with the report."""
    launches: collections.Counter[int] = collections.Counter()

    def start(one: Launch) -> Json:
        hours = launches[one.night]
        launches[one.night] += 1
        now = FIRST_NIGHT + datetime.timedelta(days=one.night - 1, hours=hours)
        monkeypatch.setattr(audit_report, "_now", lambda: now)
        options = {
            "variables": NAMES,
            "formats": ["json"],
            "directory": str(tmp_path),
            "baseline": str(tmp_path / "audit.json"),
            "fail_on": "high",
            "fail_on_new_only": True,
            "policy": {"rules": {"wide_network": "high", "access_list_not_required": "off", "new_owner": "off"}},
            **one.options,
        }
        result = run(audit_report, {"prod": one.organization}, options)
        return {**result, "report": json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))}

    return start


def statuses(report: Json) -> dict[str, str | None]:
    """Return the status of each finding that is high or worse, by rule and detail."""
    return {
        " ".join(filter(None, (row["rule"], row["detail"]))): "accepted" if row["accepted"] else row["status"]
        for row in report["findings"]
        if row["severity"] in ("critical", "high")
    }


def describe(one: Launch, result: Json) -> str:
    """Return a line of the table."""
    found = ", ".join(f"{name}: {status}" for name, status in sorted(statuses(result["report"]).items()))
    carried = len(result["report"]["carried"])
    return f"{one.night:>2}  {one.what:<36} rc {2 if result['gate']['failed'] else 0}  carried {carried}  {found}"


def test_ten_nights(job: t.Callable[[Launch], Json], capsys: pytest.CaptureFixture[str]) -> None:
    results = [job(one) for one in NIGHTS]
    table = "\n".join(describe(one, result) for one, result in zip(NIGHTS, results))
    print(table)  # pytest -s shows it
    for one, result in zip(NIGHTS, results):
        found = (result["gate"]["failed"], statuses(result["report"]))
        assert found == (one.failed, one.statuses), f"night {one.night}, {one.what}:\n{table}"
    unreadable = results[11]
    assert unreadable["gate"]["not_checked"]
    assert not [row for row in unreadable["report"]["findings"] if row["status"] == "resolved"]
    carried = {row["rule"] for row in unreadable["report"]["carried"]}
    assert {"org_owner", "open_to_internet", "wide_network"} <= carried


def test_first_seen_is_that_of_the_first_report(job: t.Callable[[Launch], Json]) -> None:
    """Also through the night that could not be read."""
    last = [job(one) for one in NIGHTS][-1]
    seen = {row["rule"]: row["first_seen"][:10] for row in last["report"]["findings"]}
    assert seen["org_owner"] == "2026-11-25"
    assert seen["open_to_internet"] == "2026-11-27"


def test_only_the_first_launch_says_that_it_is_the_first(job: t.Callable[[Launch], Json]) -> None:
    kinds = [{row["kind"] for row in job(one)["report"]["notices"]} for one in NIGHTS[:4]]
    assert ["first_run" in found for found in kinds] == [True, False, False, False]
    assert "acknowledged" in kinds[2]


# What an exception without a detail accepts, and what has become more severe

WHOLE = {key: value for key, value in EXCEPTION.items() if key != "detail"}


def test_exception_without_a_detail_accepts_what_was_there_first(job: t.Callable[[Launch], Json]) -> None:
    """A later block stays red on the following nights as well, until somebody acknowledges it."""
    nights = (
        launch(1, "first run", OFFICE, failed=False, statuses={}, exceptions=[WHOLE]),
        launch(2, "a second block", TWO_BLOCKS, failed=True, statuses={}, exceptions=[WHOLE]),
        launch(3, "the next night", TWO_BLOCKS, failed=True, statuses={}, exceptions=[WHOLE]),
        launch(4, "acknowledged", TWO_BLOCKS, failed=False, statuses={}, exceptions=[WHOLE], acknowledge=True),
        launch(5, "the next night", TWO_BLOCKS, failed=False, statuses={}, exceptions=[WHOLE]),
    )
    assert [job(one)["gate"]["failed"] for one in nights] == [one.failed for one in nights]


def test_raised_severity_is_new(job: t.Callable[[Launch], Json]) -> None:
    severe = {"policy": {"rules": {"wide_network": "critical"}}}
    job(launch(1, "first run", OFFICE, failed=True, statuses={}))
    job(launch(1, "acknowledged", OFFICE, failed=False, statuses={}, acknowledge=True))
    raised = job(launch(2, "more severe", OFFICE, failed=True, statuses={}, **severe))
    assert raised["gate"]["failed"]
    assert statuses(raised["report"])["wide_network 10.0.0.0/12"] == NEW


# What makes no red gate green


MILDER = (
    {"fail_on": "none", "fail_on_new_only": False},
    {"fail_on": "critical"},
    {"policy": {"rules": {"org_owner": "low", "new_owner": "low"}}},
    {"policy": {"rules": {"org_owner": "off", "new_owner": "off"}}},
)


@pytest.mark.parametrize("milder", MILDER)
@pytest.mark.parametrize("relaunches", [1, 2])
def test_a_run_with_a_milder_gate_settles_nothing(
    job: t.Callable[[Launch], Json], milder: Json, relaunches: int
) -> None:
    """Somebody who only wants to see the report launches the job without its gate, and the next night is still red."""
    rules = {"policy": {"rules": {}}}
    job(launch(1, "nothing is there", key(1), failed=False, statuses={}, **rules))
    assert job(launch(2, "an owner", OWNER, failed=True, statuses={}, **rules))["gate"]["failed"]
    for _each in range(relaunches):
        assert not job(launch(3, "a milder gate", OWNER, failed=False, statuses={}, **milder))["gate"]["failed"]
    red = job(launch(4, "the next night", OWNER, failed=True, statuses={}, **rules))
    assert statuses(red["report"]) == {**OWNER_NEW, "new_owner ORG_OWNER": NEW}
    job(launch(5, "acknowledged", OWNER, failed=False, statuses={}, acknowledge=True, **rules))
    assert not job(launch(6, "the next night", OWNER, failed=False, statuses={}, **rules))["gate"]["failed"]
