# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as events of the Open Cybersecurity Schema Framework, class Compliance Finding.

Each event is validated twice: by the models of py-ocsf-models, and by SCHEMA, which is what version 1.5.0 of the
published schema says of the attributes that the report uses. The models ignore attributes that they do not know, and do
not contain all that the schema defines.
"""

from __future__ import annotations

import json
import typing as t

import jsonschema
import pytest

from py_ocsf_models import OCSF_VERSION
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import render
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.cases import FOUND, report
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    CLIENT_ID,
    KEY_ID,
    ORG_ID,
    account,
    audited,
    key,
    organization,
)
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.test_formats import (
    UNSAFE_TEXTS,
    unsafe,
)

Event = dict[str, t.Any]

TEXT: Event = {"type": "string"}
TIME: Event = {"type": "integer", "minimum": 1_577_836_800_000}  # milliseconds; since 2020


def of(required: dict[str, Event], **optional: Event) -> Event:
    """Return the schema of an object with these attributes and no others."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


ORGANIZATION = of({"type": TEXT, "uid": TEXT, "name": TEXT})
SCHEMA = of(
    {
        "activity_id": {"enum": [1, 2, 3]},
        "category_uid": {"const": 2},
        "class_uid": {"const": 2003},
        "type_uid": {"enum": [200301, 200302, 200303]},
        "time": TIME,
        "severity_id": {"enum": [1, 2, 3, 4, 5]},
        "metadata": of({"version": {"const": "1.5.0"}, "product": of({"name": TEXT, "vendor_name": TEXT})}),
        "compliance": of(
            {"standards": {"type": "array", "items": TEXT, "minItems": 1}, "status_id": {"enum": [1, 2, 3]}},
            control=TEXT,
            requirements={"type": "array", "items": TEXT},
            status={"enum": ["Pass", "Warning", "Fail"]},
            status_code=TEXT,
            status_detail=TEXT,
        ),
        "finding_info": of(
            {"uid": TEXT, "title": TEXT}, desc=TEXT, types={"type": "array", "items": TEXT}, first_seen_time=TIME
        ),
    },
    activity_name={"enum": ["Create", "Update", "Close"]},
    category_name={"const": "Findings"},
    class_name={"const": "Compliance Finding"},
    type_name=TEXT,
    severity={"enum": ["Informational", "Low", "Medium", "High", "Critical"]},
    status_id={"enum": [1, 2, 3, 4, 5, 6, 99]},
    status=TEXT,
    remediation=of({"desc": TEXT}),
    resources={"type": "array", "items": of({"type": TEXT}, uid=TEXT, name=TEXT, group=ORGANIZATION), "minItems": 1},
    message=TEXT,
    comment=TEXT,
)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
CAPTIONS = {
    "activity_id": ("activity_name", {1: "Create", 2: "Update", 3: "Close"}),
    "severity_id": ("severity", {1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical"}),
}


def events(document: Document) -> list[Event]:
    """Return the events of a report, after each was validated."""
    lines = render(document, "ocsf").split("\n")
    assert lines.pop() == ""
    made = [json.loads(line) for line in lines]
    for event in made:
        validate(event)
    assert len({event["finding_info"]["uid"] for event in made}) == len(made)
    return made


def validate(event: Event) -> None:
    """Fail if the models or the schema reject an event."""
    ComplianceFinding.model_validate(event)
    VALIDATOR.validate(event)
    assert event["type_uid"] == event["class_uid"] * 100 + event["activity_id"]
    for number, (name, captions) in CAPTIONS.items():
        assert event[name] == captions[event[number]]
    compliance = event["compliance"]
    assert compliance["status"] == {1: "Pass", 2: "Warning", 3: "Fail"}[compliance["status_id"]]


def of_rule(made: list[Event], rule: str) -> list[Event]:
    """Return the events of one rule."""
    return [event for event in made if event["compliance"]["control"] == rule]


def test_the_models_are_of_the_version_that_is_written() -> None:
    assert SCHEMA["properties"]["metadata"]["properties"]["version"]["const"] == OCSF_VERSION


@pytest.mark.parametrize("text", UNSAFE_TEXTS, ids=lambda text: ascii(text[:20]))
def test_each_line_is_a_valid_event(text: str) -> None:
    assert events(unsafe(text))


def test_no_name_breaks_a_line() -> None:
    name = "a\x0b\x0c\x1c\x85\u2028\u2029b"
    read = organization(api_keys=[key(desc=name, roles=["ORG_OWNER"])])
    read["org"]["name"] = name
    lines = render(audited(read), "ocsf").splitlines()
    assert name in {event["resources"][0]["name"] for event in map(json.loads, lines)}


def test_each_rule_makes_valid_events() -> None:
    for rule, cases in FOUND.items():
        for case in cases[:1]:
            assert of_rule(events(report(case)), rule), rule


def test_a_finding_fails_and_names_the_credential() -> None:
    document = audited(organization(service_accounts=[account(roles=["ORG_OWNER"])]))
    (event,) = of_rule(events(document), "org_owner")
    (finding,) = document["findings"]
    assert event["compliance"]["status"] == "Fail"
    assert event["severity"] == "High"
    assert (event["status_id"], event["activity_name"]) == (1, "Create")
    assert event["finding_info"]["uid"] == finding["fingerprint"]
    assert event["finding_info"]["desc"] == finding["evidence"]
    assert event["remediation"]["desc"] == finding["remediation"]
    group = {"type": "Organization", "uid": ORG_ID, "name": "Acme"}
    assert event["resources"] == [{"type": "Service account", "uid": CLIENT_ID, "name": "backup", "group": group}]


def test_what_could_not_be_checked_is_a_warning_and_never_passes() -> None:
    document = audited(organization(api_keys=[key(access_list=None)], settings=None))
    made = events(document)
    for row in document["not_checked"]:
        statuses = [event["compliance"] for event in of_rule(made, row["rule"])]
        assert "Pass" not in {each["status"] for each in statuses}
        assert row["reason"] in " ".join(
            each.get("status_detail", "") for each in statuses if each["status"] == "Warning"
        )
    (state,) = of_rule(made, "organization_audited")
    assert (state["compliance"]["status"], state["compliance"]["status_code"]) == ("Warning", "partly_audited")
    assert state["finding_info"]["title"] == "Organization partly audited"


def test_a_rule_that_found_nothing_passes() -> None:
    made = events(audited(organization(service_accounts=[account()])))
    assert {event["compliance"]["status"] for event in made} == {"Pass"}
    (state,) = of_rule(made, "organization_audited")
    assert state["finding_info"]["title"] == "Organization audited"


def test_an_organization_that_was_not_audited_is_a_warning_with_the_reason() -> None:
    made = events(audited({"org_id": "b" * 24, "name": "Beta", "error": "401 USER_UNAUTHORIZED"}))
    (state,) = of_rule(made, "organization_audited")
    assert state["compliance"] == {
        "control": "organization_audited",
        "standards": ["mongodb_atlas.admin audit"],
        "requirements": [],
        "status_id": 2,
        "status": "Warning",
        "status_detail": "401 USER_UNAUTHORIZED",
        "status_code": "not_audited",
    }
    assert "Pass" not in {event["compliance"]["status"] for event in made}


def test_accepted_known_and_resolved_findings() -> None:
    before = audited(organization(service_accounts=[account(roles=["ORG_OWNER"], access_list=[])]))
    exceptions = [{"rule": "legacy_api_key", "id": KEY_ID, "reason": "Ticket 7", "until": "2026-12-31"}]
    read = organization(service_accounts=[account(roles=["ORG_OWNER"])], api_keys=[key()])
    made = events(audited(read, baseline=before, exceptions=exceptions))
    statuses = {
        rule: [
            (event["activity_name"], event.get("status"), event["compliance"]["status"])
            for event in of_rule(made, rule)
        ]
        for rule in ("org_owner", "no_access_list")
    }
    assert statuses["no_access_list"].pop() == ("Create", None, "Pass")  # of the organization

    assert statuses == {
        "org_owner": [("Update", "Known", "Fail")],
        "no_access_list": [("Close", "Resolved", "Pass")],
    }
    accepted = [event for event in made if event.get("status") == "Suppressed"]
    assert {event["comment"] for event in accepted} <= {"Accepted until 2026-12-31: Ticket 7"}


def test_a_finding_that_could_not_be_checked_again_is_known_and_a_warning() -> None:
    before = audited(organization(service_accounts=[account(access_list=[])]))
    made = events(audited(organization(service_accounts=[account(access_list=None)]), baseline=before))
    carried = [event for event in of_rule(made, "no_access_list") if event.get("status") == "Known"]
    assert [event["compliance"]["status"] for event in carried] == ["Warning"]
