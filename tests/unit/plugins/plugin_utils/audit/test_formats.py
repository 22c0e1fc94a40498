# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The formats of the report, with descriptions that try to break each of them."""

from __future__ import annotations

import csv
import io
import json
import pathlib
import re
import sys
import types
import unicodedata
import xml.etree.ElementTree as ET

import pytest
import xmlschema

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.document import Document
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats import FORMATS, render, write
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.csv_tables import write_csv
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.lines import (
    cut,
    display_width,
    fit,
    one_line,
)
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.gate import Gate
from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.model import AuditError
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    CLIENT_ID,
    KEY_ID,
    ORG_ID,
    PROJECT_ID,
    account,
    account_entry,
    audited,
    key,
    organization,
    secret,
)
from ansible_collections.mongodb_atlas.admin.tests.unit.plugins.plugin_utils.audit.examples import (
    settings as org_settings,
)

JUNIT_SCHEMA = xmlschema.XMLSchema(pathlib.Path(__file__).with_name("junit.xsd"))
HTML = "html"  # has tests of its own
WITHOUT_HTML = [name for name in FORMATS if name != HTML]

UNSAFE_TEXTS = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ lookup('pipe', 'id') }} {% raw %}",
    "]]> <![CDATA[ &amp; &#0; <!-- -->",
    "\u202egnp.exe\u202c \u200f\u2067 \u061c",
    "\N{GRINNING FACE}" * 250,
    "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}" * 50,
    "=HYPERLINK('http://example.com')",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "a\nb\r\nc\u2028d\u2029e\x85f",
    "a\x00b\x1b[31mred\x07\x7f",
    "a | b | c",
    "`code` **bold** _it_ [link](http://example.com) ![image](http://example.com/x.png)",
    "@admins please see #123 and https://example.com/ www.example.com $x$",
    "quote \" and ' and , and ;",
    "\ud800 half a pair",
    "\ufffe\uffff",
    "日本語のとても長い説明" * 20,
    "e\u0301" * 120,
    "مرحبا שלום",
    "",
    "x" * 250,
]


def unsafe(text: str) -> Document:
    """A report with the text in every place that somebody else writes."""
    read = organization(
        api_keys=[
            key(
                desc=text,
                roles=[{"group_id": PROJECT_ID, "role_name": text}, {"org_id": ORG_ID, "role_name": text}],
                access_list=[{"cidr_block": text}],
            ),
            key(id="6a2", desc=text, public_key=text, access_list=[]),
        ],
        service_accounts=[
            account(name=text, projects=[{"group_id": PROJECT_ID, "roles": ["GROUP_OWNER"]}]),
            account(client_id=text, roles=["ORG_OWNER", text], secrets=[secret(id=text, expires_at=None)]),
        ],
        projects=[{"id": PROJECT_ID, "name": text}],
        events=[
            {"created": "2026-01-01", "event_type_name": "API_KEY_CREATED", "target_public_key": text, "username": text}
        ],
        settings=org_settings(security_contact=text, api_access_list_required=False),
    )
    read["org"]["name"] = text
    failed = {"org_id": "b" * 24, "name": text, "error": text or "?"}
    exceptions = [
        {"rule": "org_owner", "id": text.strip() or "x", "reason": text.strip() or "x", "until": "2026-12-31"}
    ]
    before = audited(organization(service_accounts=[account(name=text, access_list=[])]))
    return audited(read, failed, exceptions=exceptions, baseline=before)


@pytest.fixture(params=UNSAFE_TEXTS, ids=lambda text: ascii(text[:20]))
def text(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("name", WITHOUT_HTML)
def test_each_format_can_be_written_as_utf_8(name: str, text: str) -> None:
    written = render(unsafe(text), name)
    assert written.encode("utf-8").decode("utf-8") == written
    assert written.endswith("\n")


@pytest.mark.parametrize("name", WITHOUT_HTML)
def test_an_empty_report(name: str) -> None:
    assert render(audited(), name) or name == "ocsf"  # no event, no line


class TestText:
    @pytest.mark.parametrize("columns", [40, 80, 100, 137, 300])
    def test_no_line_is_wider_than_the_terminal(self, text: str, columns: int) -> None:
        lines = render(unsafe(text), "text", columns).split("\n")
        assert max(map(_width, lines)) <= columns
        assert len([line for line in lines if re.match("(critical|high|medium|low|info) ", line)]) > 10 or columns < 80

    def test_nothing_invisible_is_in_it(self, text: str) -> None:
        written = render(unsafe(text), "text").replace("\n", "")
        assert not [sign for sign in written if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp", "Cs")]

    def test_columns_stand_under_their_titles(self, text: str) -> None:
        lines = render(unsafe(text), "text").split("\n")
        title = next(line for line in lines if line.startswith("CREDENTIAL"))
        place = title.index("FINDINGS")
        rows = lines[lines.index(title) + 1 : lines.index("", lines.index(title))]
        cells = [_from_column(line, place) for line in rows]
        assert all(_from_column(line, place - 2).startswith(("  ", "")) for line in rows)
        starts = [cell for cell in cells if re.match(r"(critical|high|medium|low|info|not checked): [a-z_]+", cell)]
        assert len(starts) > 8

    def test_the_parts_in_their_order(self) -> None:
        wide = account(client_id="mdb_sa_id_2", name="ci", access_list=[account_entry("10.0.0.0/8")])
        read = organization(service_accounts=[wide, account(roles=["ORG_OWNER"])])
        failed = {"org_id": "b" * 24, "name": "Beta", "error": "401 USER_UNAUTHORIZED"}
        before = audited(organization(service_accounts=[account(roles=["ORG_OWNER"], access_list=[])]))
        lines = render(audited(read, failed, baseline=before), "text").split("\n")
        assert lines[0] == "Audit of MongoDB Atlas access, 2026-11-25T06:00:00Z"
        titles = [line.split()[0] for line in lines if re.match("[A-Z]{4,}  ", line)]
        assert titles == ["STATE", "SEVERITY", "ORGANIZATION", "CREDENTIAL"]
        table = lines[lines.index("") + 1 :]
        assert table[1].split()[:-2] == ["not", "audited", "Beta", "not", "read", "not", "read", *"--1--"]
        assert table[3].split()[:8] == ["audited", "Acme", "0", "2", "0", "1", "1", "0"]
        assert "NOT AUDITED: Beta: 401 USER_UNAUTHORIZED" in lines
        text = "\n".join(lines)
        assert re.search("backup +high: org_owner: It has ORG_OWNER.", text)
        assert re.search("ci +medium: wide_network \\(new\\): 10.0.0.0/8 allows ", text)
        assert text.index("high: org_owner") < text.index("medium: wide_network (new)")
        assert text.endswith("\n")
        assert "Organizations: 1 audited, 1 not audited.\n" in text
        assert re.search("^Findings: 1 high, 2 medium", text, re.MULTILINE)
        assert re.search(r"[23] new \(2 medium.*\), 1 known, 1 resolved\.", " ".join(text.split()))

    def test_a_row_of_a_credential_contains_what_an_exception_needs(self) -> None:
        exception = {"reason": "?", "until": "2026-12-31"}
        long = account(name="a very long name " * 20, roles=["ORG_OWNER"], access_list=[account_entry("10.0.0.0/8")])
        read = organization(service_accounts=[long])
        for columns in (40, 60, 100):
            lines = render(audited(read), "text", columns).split("\n")
            assert any(CLIENT_ID in line.split() for line in lines)
            text = re.sub("info: ([a-z_]+), ([a-z_]+)", r"info: \1 info: \2", "\n".join(lines))
            rules = set(re.findall("(?:critical|high|medium|low|info): ([a-z_]+)", text))
            accepted = audited(
                read, exceptions=[{"rule": rule, "id": CLIENT_ID, **exception} for rule in sorted(rules)]
            )
            assert accepted["summary"]["findings"] == dict.fromkeys(accepted["summary"]["findings"], 0)

    def test_one_row_a_credential(self) -> None:
        owner = {"roles": ["ORG_OWNER"], "access_list": [account_entry("0.0.0.0/0")]}
        accounts = [account(client_id=f"mdb_sa_id_{number:024x}", **owner) for number in range(5)]
        many = [{**organization(service_accounts=accounts), "org_id": f"{number:024x}"} for number in range(12)]
        written = render(audited(*many), "text")
        rows = written.partition("CREDENTIAL")[2]
        assert len(re.findall("mdb_sa_id_[0-9a-f]{24}", rows)) == 40
        assert rows.count("critical: open_to_internet") == rows.count("high: org_owner") == 40
        assert "... 20 more credentials; the other formats of the report contain all." in rows
        assert all(f"{number:024x}" in written for number in range(12))

    def test_without_findings(self) -> None:
        assert render(audited(organization()), "text").split("\n") == [
            "Audit of MongoDB Atlas access, 2026-11-25T06:00:00Z",
            "No findings.",
            "",
            "STATE    ORGANIZATION              KEYS ACCOUNTS CRIT HIGH MED LOW INFO UNCHECKED",
            "audited  Acme                         0        0    0    0   0   0    0         0",
            "         a0123456789abcdef012345a",
            "",
            "Organizations: 1 audited.",
            "Credentials: 0 API keys and 0 service accounts.",
            "Findings: none.",
            "",
        ]

    def test_it_is_short_however_much_there_is(self) -> None:
        many = [organization(org_id=f"{number:024x}", api_keys=None) for number in range(500)]
        failed = [{"org_id": f"f{number:023x}", "error": "401"} for number in range(500)]
        written = render(audited(*many, *failed), "text")
        assert len(written.split("\n")) < 400
        assert "... 960 more organizations; the other formats of the report contain all." in written
        assert "more reasons; the other formats of the report contain all." in written

    def test_accepted_findings_are_counted_only(self) -> None:
        exceptions = [{"rule": "org_owner", "id": CLIENT_ID, "reason": "Terraform", "until": "2026-12-31"}]
        owner = organization(service_accounts=[account(roles=["ORG_OWNER"])])
        written = render(audited(owner, exceptions=exceptions), "text")
        assert "org_owner" not in written
        assert "Findings: none; 1 accepted." in written

    @pytest.mark.parametrize("columns", ["", None, "100", 100])
    def test_the_width_is_100_where_it_is_not_known(self, columns: object) -> None:
        document = audited(organization(service_accounts=[account(roles=["ORG_OWNER"])]))
        assert render(document, "text", columns) == render(document, "text")

    @pytest.mark.parametrize("columns", [39, 1001, "wide", True, -5, 80.5])
    def test_a_width_that_cannot_be_used_is_an_error(self, columns: object) -> None:
        message = f"columns must be a whole number from 40 to 1000, the width of the terminal, and is {columns!r}."
        with pytest.raises(AuditError, match=re.escape(message)):
            render(audited(), "text", columns)


def _width(line: str) -> int:
    wide = sum(unicodedata.east_asian_width(sign) in ("W", "F") for sign in line)
    return len(line) + wide - sum(unicodedata.category(sign) in ("Mn", "Me") for sign in line)


def _from_column(line: str, column: int) -> str:
    for place in range(len(line)):
        if _width(line[:place]) == column and unicodedata.category(line[place]) not in ("Mn", "Me"):
            return line[place:]
    return ""


class TestJson:
    def test_it_is_the_document(self, text: str) -> None:
        document = unsafe(text)
        assert json.loads(render(document, "json")) == document

    def test_it_does_not_begin_like_a_dictionary(self) -> None:
        # ansible-core up to 2.18 would parse it, and write it in one line.
        assert render(audited(), "json").startswith(" {\n")

    def test_a_finding_has_a_line(self) -> None:
        document = audited(organization(api_keys=[key()], service_accounts=[account(roles=["ORG_OWNER"])]))
        lines = render(document, "json").split("\n")
        assert len([line for line in lines if line.startswith('{"fingerprint": ')]) == 2

    def test_it_can_be_the_next_baseline(self, text: str) -> None:
        before = json.loads(render(unsafe(text), "json"))
        assert audited(organization(), baseline=before)["summary"]["baseline"]["carried"] > 0


CSV = [name for name in FORMATS if name.startswith("csv_")]


class TestCsv:
    @pytest.mark.parametrize("name", CSV)
    def test_no_cell_is_a_formula_and_each_row_is_a_line(self, name: str, text: str) -> None:
        document = unsafe(text)
        written = render(document, name)
        assert written.startswith("\ufeff")
        lines = written.removeprefix("\ufeff").split("\r\n")
        rows = {
            "csv_findings": [*document["findings"], *document["carried"], *document["not_checked"]],
            "csv_credentials": document["credentials"],
            "csv_organizations": document["organizations"],
        }[name]
        assert len(lines) == len(rows) + 2
        assert "\n" not in "".join(lines)
        read = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
        assert len(read) == len(rows)
        for cell in (cell for row in read for cell in row.values()):
            assert not _is_formula(cell)
            assert len(cell) < 32767
            assert not [sign for sign in cell if unicodedata.category(sign) in ("Cc", "Cf")]

    @pytest.mark.parametrize("separator", [";", "\t"])
    @pytest.mark.parametrize("name", CSV)
    def test_no_cell_is_a_formula_with_another_separator(self, name: str, separator: str, text: str) -> None:
        written = render(unsafe(text), name).removeprefix("\ufeff")
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
            assert not any(map(_is_formula, row))

    @settings(deadline=None, derandomize=True)
    @given(st.lists(st.text("a;,\"' =+-@＝\t\n", max_size=12), min_size=1, max_size=4))
    def test_generated_cells_are_no_formulas(self, cells: list[str]) -> None:
        written = write_csv(
            [str(place) for place in range(len(cells))], [dict(zip(map(str, range(len(cells))), cells))]
        )
        for separator in (",", ";", "\t"):
            for row in csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""), delimiter=separator):
                assert not any(map(_is_formula, row))

    def test_numbers_that_a_spreadsheet_would_round_are_words(self) -> None:
        blocks = ["2001:db8::/32", "203.0.113.7/32"]
        accounts = [
            account(client_id=f"mdb_sa_id_{place}", access_list=[account_entry(block)])
            for place, block in enumerate(blocks)
        ]
        rows = _rows(audited(organization(service_accounts=accounts)), "csv_credentials")
        assert {row["id"]: row["addresses"] for row in rows} == {
            "mdb_sa_id_0": f"{2**96} addresses",
            "mdb_sa_id_1": "1",
        }

    def test_organizations(self) -> None:
        failed = {"org_id": "b" * 24, "name": "Beta", "error": "401"}
        partly = {**organization(api_keys=None), "org_id": "c" * 24}
        rows = _rows(audited(organization(), failed, partly), "csv_organizations")
        assert [(row["state"], row["api_keys"], row["service_accounts"]) for row in rows] == [
            ("not audited", "not read", "not read"),
            ("partly audited", "not read", "0"),
            ("audited", "0", "0"),
        ]
        assert rows[0]["reason"] == "401"
        assert int(rows[0]["checks_not_made"]) > int(rows[1]["checks_not_made"]) > int(rows[2]["checks_not_made"]) == 0

    def test_findings(self) -> None:
        exceptions = [{"rule": "org_owner", "id": CLIENT_ID, "reason": "=Terraform", "until": "2026-12-31"}]
        read = organization(service_accounts=[account(roles=["ORG_OWNER"])], settings=None)
        before = audited(organization())
        rows = _rows(audited(read, exceptions=exceptions, baseline=before), "csv_findings")
        outcomes = {row["rule"]: row["outcome"] for row in rows}
        assert outcomes["not_readable"] == "found"
        assert outcomes["org_owner"] == "accepted"
        assert outcomes["access_list_not_required"] == "not checked"
        unread, owner = (next(row for row in rows if row["rule"] == rule) for rule in ("not_readable", "org_owner"))
        assert owner["accepted_reason"] == "'=Terraform"
        assert owner["accepted_until"] == "2026-12-31"
        assert (owner["kind"], owner["credential_id"]) == ("service_account", CLIENT_ID)
        assert (owner["org_name"], owner["org_id"]) == ("Acme", ORG_ID)
        assert (unread["kind"], unread["detail"], unread["status"]) == ("", "settings", "new")

    def test_credentials(self) -> None:
        roles = [{"org_id": ORG_ID, "role_name": role} for role in ("ORG_MEMBER", "ORG_OWNER")]
        roles.append({"group_id": PROJECT_ID, "role_name": "GROUP_READ_ONLY"})
        read = organization(api_keys=[key(roles=roles)], service_accounts=[account(access_list=None, projects=None)])
        first, second = _rows(audited(read), "csv_credentials")
        assert (first["id"], first["public_key"], first["name"]) == (KEY_ID, "gswvkocq", "deploy")
        assert first["org_roles"] == "ORG_OWNER, ORG_MEMBER"
        assert first["projects"] == "shop: GROUP_READ_ONLY"
        assert first["access_list"] == "203.0.113.7/32 (last used 2026-11-24T06:00:00Z)"
        assert first["findings"] == "org_owner"
        assert first["secrets"] == ""
        assert (second["access_list"], second["projects"], second["reach"]) == ("not read", "not read", "unknown")
        assert second["secrets"].endswith("(expires 2027-03-05T06:00:00Z)")
        assert second["unknown"] == "access_list, projects, reach"


def _is_formula(cell: str) -> bool:
    return cell.lstrip(' \t\r\n"').startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"))


def _rows(document: Document, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(document, name).removeprefix("\ufeff"), newline="")))


class TestMarkdown:
    def test_tables_keep_their_columns_and_nothing_is_markup(self, text: str) -> None:
        lines = render(unsafe(text), "markdown").split("\n")
        columns = 0
        for line in lines:
            if not line.startswith("|"):
                columns = 0
                continue
            cells = re.split(r"(?<!\\)\|", line)
            columns = columns or len(cells)
            assert len(cells) == columns, line
        whole = re.sub(r"\\.", "", "\n".join(lines))
        assert "<" not in whole
        assert "](" not in whole
        assert not re.search(r"@\w|(?<!&)#\d|https?://|www\.", whole)

    def test_what_it_shows(self) -> None:
        exceptions = [{"rule": "wide_network", "id": CLIENT_ID, "reason": "VPN | <b>", "until": "2026-12-31"}]
        credential = account(name="ci|cd <prod>", roles=["ORG_OWNER"], access_list=[account_entry("10.0.0.0/8")])
        before = audited(organization(service_accounts=[account(access_list=[], roles=["ORG_OWNER"])]))
        failed = {"org_id": "b" * 24, "name": "Beta", "error": "401 <no>"}
        read = organization(service_accounts=[credential])
        written = render(audited(read, failed, exceptions=exceptions, baseline=before), "markdown")
        for line in (
            "# Audit of MongoDB Atlas access, 2026-11-25T06:00:00Z",
            "- Findings: 1 high, 1 medium, 1 info; 1 accepted.",
            "- Since the baseline of 2026-11-25T06:00:00Z: 2 new (1 medium, 1 info), 1 known, 1 resolved.",
            "| Acme | audited | 0 | 1 | 0 | 1 | 0 | 0 | 1 | 0 |",
            "## Resolved since the baseline",
            "| `wide_network` | Acme | ci\\|cd &lt;prod&gt; | VPN \\| &lt;b&gt; | 2026-12-31 |",
        ):
            assert line in written.split("\n")
        credential_id = "mdb\\_sa\\_id\\_0123456789abcdef01234567"
        finding = (
            f"| high | `org_owner` | Acme | ci\\|cd &lt;prod&gt; | {credential_id} | It has ORG\\_OWNER. | known |"
        )
        assert finding in written.split("\n")
        assert "| Beta | **not audited**: 401 &lt;no&gt; | not read | not read | - | - | 1 | - | - | " in written
        assert "- **Organization Owner** (`org_owner`, high, 1): " in written

    def test_organizations_that_were_not_audited_are_never_cut_off(self) -> None:
        many = [{**organization(), "org_id": f"{number:024x}"} for number in range(120)]
        written = render(audited(*many, {"org_id": "b" * 24, "name": "Zeta", "error": "503"}), "markdown")
        rows = written.partition("## Organizations\n\n")[2].split("\n")
        assert rows[2].startswith("| Zeta | **not audited**: 503 |")
        assert rows[3].startswith("| Acme (")
        assert "\n44 more organizations in the other formats.\n" in written

    def test_it_fits_into_a_ticket(self) -> None:
        credentials = [
            account(client_id=f"mdb_sa_id_{number}", name="|<&" * 80, access_list=[]) for number in range(300)
        ]
        written = render(audited(organization(service_accounts=credentials)), "markdown")
        assert re.search(r"\n\n2\d\d more findings in the other formats\.\n", written)
        assert len(written) < 65536


class TestJunit:
    def test_it_is_xml(self, text: str) -> None:
        root = ET.fromstring(render(unsafe(text), "junit"))
        assert root.tag == "testsuites"
        assert {suite.tag for suite in root} == {"testsuite"}

    def test_it_follows_the_schema(self, text: str) -> None:
        JUNIT_SCHEMA.validate(render(unsafe(text), "junit"))

    def test_the_schema_rejects_what_ci_systems_reject(self) -> None:
        written = render(audited(organization()), "junit")
        JUNIT_SCHEMA.validate(written)
        with pytest.raises(xmlschema.XMLSchemaValidationError, match="skipped"):
            JUNIT_SCHEMA.validate(written.replace("<testsuites ", '<testsuites skipped="0" '))

    def test_cases(self) -> None:
        exceptions = [
            {"rule": "wide_network", "id": CLIENT_ID, "reason": "VPN", "until": "2026-12-31"},
        ]
        credential = account(roles=["ORG_OWNER"], access_list=[account_entry("10.0.0.0/8")])
        failed = {"org_id": "b" * 24, "name": "Beta", "error": "401 <no>"}
        read = organization(service_accounts=[credential], api_keys=[key()])
        gate = Gate(fail_on="high")
        root = ET.fromstring(render(audited(read, failed, exceptions=exceptions, gate=gate), "junit"))
        beta, acme = root
        cases = {case.get("name"): case for case in acme}
        assert cases["org_owner"].find("failure").get("type") == "high"
        assert f"high: backup [{CLIENT_ID}]: It has ORG_OWNER." in cases["org_owner"].find("failure").text
        assert cases["wide_network"].find("skipped").get("message") == "1 finding accepted"
        assert "accepted until 2026-12-31: VPN" in cases["wide_network"].find("system-out").text
        assert cases["legacy_api_key"].find("failure") is None
        assert cases["legacy_api_key"].find("system-out").text.startswith("info: Acme: ")
        assert len(cases["unused"]) == 0
        assert {case.get("classname") for case in acme} == {f"Acme ({ORG_ID})"}
        audited_case, *checks = beta
        assert audited_case.find("error").get("message") == "not audited: 401 <no>"
        assert {child.tag for case in checks for child in case} <= {"skipped", "system-out"}
        skipped = {case.get("name"): case.find("skipped") for case in checks if case.get("name") != "not_readable"}
        assert "org_owner" in skipped
        assert all(child.get("message").startswith("not checked, ") for child in skipped.values())
        assert root.attrib == {
            "name": "MongoDB Atlas access",
            "tests": str(len(acme) + len(beta)),
            "failures": "1",
            "errors": "1",
        }

    @pytest.mark.parametrize(
        ("gate", "failed"),
        [
            (Gate(), set()),
            (Gate(fail_on="critical"), set()),
            (Gate(fail_on="high"), {"org_owner"}),
            (Gate(fail_on="medium"), {"org_owner", "wide_network"}),
            (Gate(fail_on="medium", new_only=True), {"wide_network"}),
        ],
        ids=["none", "critical", "high", "medium", "new only"],
    )
    def test_what_does_not_fail_the_job_does_not_fail_here(self, gate: Gate, failed: set[str]) -> None:
        before = audited(organization(service_accounts=[account(roles=["ORG_OWNER"])]))
        credential = account(roles=["ORG_OWNER"], access_list=[account_entry("10.0.0.0/8")])
        made = audited(organization(service_accounts=[credential]), baseline=before, gate=gate)
        root = ET.fromstring(render(made, "junit"))
        assert {case.get("name") for case in root.iter("testcase") if case.find("failure") is not None} == failed
        assert made["gate"]["failed"] == bool(failed)

    @pytest.mark.parametrize("fails", [True, False])
    def test_a_rule_that_could_not_be_checked_is_skipped_with_the_reason(self, fails: bool) -> None:
        gate = Gate(fail_on="high", fail_on_not_checked=fails)
        made = audited(organization(api_keys=[key(access_list=None)]), gate=gate)
        (suite,) = ET.fromstring(render(made, "junit"))
        cases = {case.get("name"): case for case in suite}
        (row,) = (row for row in made["not_checked"] if row["rule"] == "open_to_internet")
        assert row["reason"] in cases["open_to_internet"].find("skipped").get("message")
        assert "1 API key" in cases["open_to_internet"].find("skipped").get("message")
        checks = sum(row["checks"] for row in made["not_checked"])
        child = cases["audited"].find("failure" if fails else "skipped")
        assert child.get("message") == f"partly audited: {checks} checks could not be made"
        assert made["gate"]["failed"] == (suite.get("failures") != "0") == fails

    def test_exceptions_that_match_nothing_have_a_suite(self) -> None:
        exceptions = [{"rule": "old", "id": "nothing", "reason": "?", "until": "2026-12-31"}]
        for gate, tag in ((Gate(), "system-out"), (Gate(fail_on="low"), "failure")):
            root = ET.fromstring(render(audited(organization(), exceptions=exceptions, gate=gate), "junit"))
            ((case,),) = (suite for suite in root if suite.get("name") == "exceptions")
            assert (case.get("name"), case[0].tag) == ("exception_unmatched", tag)

    def test_organizations_of_one_name_are_told_apart(self) -> None:
        other = {**organization(), "org_id": "c" * 24}
        root = ET.fromstring(render(audited(organization(), other), "junit"))
        assert len({case.get("classname") for case in root.iter("testcase")}) == 2

    @pytest.mark.parametrize(
        ("org_id", "name"), [("\x00b2\ufffe", "b2"), ("\x00\u200b", "an organization")], ids=["ID", "nothing"]
    )
    def test_a_name_without_visible_characters(self, org_id: str, name: str) -> None:
        (suite,) = ET.fromstring(render(audited({"org_id": org_id, "name": "\u200b", "error": "401"}), "junit"))
        assert suite.get("name") == name
        assert {case.get("classname") for case in suite} == {name}

    def test_a_rule_that_is_off_is_no_case(self) -> None:
        root = ET.fromstring(render(audited(organization(), policy={"rules": {"old": "off"}}), "junit"))
        assert "old" not in {case.get("name") for case in root.iter("testcase")}


class TestLines:
    @pytest.mark.parametrize(
        ("text", "width"),
        [
            ("", 0),
            ("abc", 3),
            ("é", 1),
            ("e\u0301", 1),
            ("日本", 4),
            ("Ｗ", 2),
            ("\N{GRINNING FACE}", 2),
            ("ﾊ", 1),
            ("שלום", 4),
        ],
    )
    def test_width(self, text: str, width: int) -> None:
        assert display_width(text) == width

    @pytest.mark.parametrize(
        ("text", "width", "fitted"),
        [
            ("abc", 5, "abc  "),
            ("abcdef", 5, "abcd…"),
            ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"),
            ("日本語", 4, "日… "),
        ],
    )
    def test_fit(self, text: str, width: int, fitted: str) -> None:
        assert fit(text, width) == fitted

    @settings(deadline=None, derandomize=True)
    @given(st.text(max_size=30), st.integers(1, 20))
    def test_fit_is_exact(self, text: str, width: int) -> None:
        assert display_width(fit(one_line(text), width)) == width

    @settings(deadline=None, derandomize=True)
    @given(st.text(max_size=30))
    def test_one_line_is_one(self, text: str) -> None:
        line = one_line(text)
        assert len(line.splitlines()) <= 1
        assert line == line.strip() == one_line(line)
        assert not [sign for sign in line if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")]

    def test_cut(self) -> None:
        assert cut("abcdef", 6) == "abcdef"
        assert cut("abcdefg", 6) == "abcde…"


class TestRender:
    @pytest.mark.parametrize(
        ("document", "name", "message"),
        [
            ({}, "pdf", f"The format must be one of {', '.join(FORMATS)}, and is 'pdf'."),
            ({}, None, "and is None"),
            ({}, [], "must be one of"),
            ([], "text", "must be what the filter mongodb_atlas.admin.audit returned, and is no dictionary"),
            ({"findings": []}, "text", "and lacks baseline, carried, credentials,"),
        ],
    )
    def test_errors(self, document: object, name: object, message: str) -> None:
        with pytest.raises(AuditError) as error:
            render(document, name)
        assert message in str(error.value)

    @pytest.mark.parametrize("name", FORMATS)
    def test_pieces_make_the_same_report(self, name: str) -> None:
        document = unsafe(UNSAFE_TEXTS[0])
        assert "".join(write(document, name)) == render(document, name)

    def test_html_is_made_by_its_own_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module = types.ModuleType("html")
        module.render = lambda document: f"<p>{document['schema_version']}</p>"
        package = render.__module__.rpartition(".")[0]
        monkeypatch.setitem(sys.modules, f"{package}.formats.html.page", module)
        assert render(audited(), "html") == "<p>2.0</p>"
