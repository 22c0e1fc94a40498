# Copyright (c) 2026 Contributors to the mongodb_atlas.admin collection
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report in a real browser."""

from __future__ import annotations

import re
import socket
import typing as t

import pytest

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ansible_collections.mongodb_atlas.admin.plugins.plugin_utils._audit.formats.html.page import (
    MAX_CREDENTIALS,
    ROWS_AT_ONCE,
    render,
)
from audit_documents import (
    credential,
    document,
    entry,
    failed_organization,
    finding,
    moment,
    not_checked,
    organization,
    part,
    sample,
)
from chromium import PHONE, WIDE, Opened

OpenReport = t.Callable[..., Opened]

COUNT = 230  # of credentials in the report of a company

ROWS = "tbody.credential"
VISIBLE = "tbody.credential:visible"


@pytest.fixture(scope="module")
def report() -> str:
    return render(sample(12, COUNT))


def few() -> dict[str, t.Any]:
    """Three credentials that differ in all that is sorted and filtered by."""
    one, other = organization(1, name="Alpha"), organization(2, name="Beta")
    credentials = [
        credential(
            1, one, name="b backup", created_at=moment(30), last_used_at=moment(5), addresses=256, reach="listed"
        ),
        credential(
            2,
            other,
            name="A deploy",
            kind="service_account",
            public_key=None,
            secrets=[],
            created_at=moment(900),
            usage="unused",
            last_used_at=None,
            reach="anywhere",
            addresses=1 << 32,
            access_list=[entry("0.0.0.0/0")],
            org_roles=["ORG_OWNER"],
        ),
        credential(3, one, name="c metrics", created_at=None, usage="unknown", last_used_at=None, reach="unknown"),
    ]
    findings = [
        finding("open_to_internet", other, credentials[1], evidence="The list has 0.0.0.0/0.", status="new"),
        finding("org_owner", other, credentials[1], evidence="It has ORG_OWNER.", status="known"),
        finding("usage_unknown", one, credentials[2], evidence="No access list.", status="known"),
        finding(
            "old", one, credentials[0], accepted={"reason": "Ticket SEC-1.", "until": "2027-01-01"}, status="known"
        ),
    ]
    unmade = [not_checked("unused", one, credentials[2])]
    return document([one, other], credentials, findings, unmade=unmade, baseline=True)


def names(page: Page) -> list[str]:
    """The names of the credentials that are shown, in order."""
    return page.locator(f"{VISIBLE} .fold").all_inner_texts()


def header(page: Page, name: str) -> t.Any:
    return page.locator("#credential-table thead").get_by_role("button", name=name, exact=True)


def test_a_report_opens_from_disk_without_message_or_request(open_html: OpenReport, report: str) -> None:
    opened = open_html(report)
    expect(opened.page).to_have_title("Atlas access audit, 2026-11-25")
    assert len(opened.requests) == 1


def test_the_first_screen_answers_what_matters(open_html: OpenReport) -> None:
    page = open_html(render(few())).page
    expect(page.locator(".verdict")).to_contain_text("1 critical and 1 high finding.")
    expect(page.locator(".verdict")).to_contain_text("First: Open to the internet (1 credential in 1 organization).")
    tiles = page.locator(".tile").all_inner_texts()
    assert [" ".join(tile.split()) for tile in tiles] == [
        "1 Critical",
        "1 High",
        "0 Medium 1 check not made",
        "0 Low",
        "1 Info",
        "2 Organizations 2 audited",
        "3 Credentials 2 API keys and 1 service account",
        "1 Check not made of 30",
        "1 Accepted finding not counted above",
        "1 New since baseline 2 known, 0 resolved",
    ]
    for tile in page.locator(".tile").all():
        expect(tile).to_be_in_viewport()


def test_organizations_that_were_not_audited_stand_at_the_top(open_html: OpenReport, report: str) -> None:
    page = open_html(report).page
    failed, partly = page.locator("#summary .alert").all()
    expect(failed).to_be_in_viewport()
    expect(failed).to_contain_text("2 organizations of 12 were not audited.")
    expect(failed).to_contain_text("IP_ADDRESS_NOT_ON_ACCESS_LIST")
    expect(partly).to_be_in_viewport()
    expect(partly).to_contain_text("10 organizations of 12 were partly audited.")
    states = page.locator("#organizations td[data-label=State]").all_inner_texts()
    assert states == ["Not audited"] * 2 + ["Partly audited"] * 10


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("Severity", ["b backup", "c metrics", "A deploy"], ["A deploy", "c metrics", "b backup"]),
        ("Credential", ["A deploy", "b backup", "c metrics"], ["c metrics", "b backup", "A deploy"]),
        ("Organization", ["c metrics", "b backup", "A deploy"], ["A deploy", "c metrics", "b backup"]),
        ("Reach", ["A deploy", "b backup", "c metrics"], ["b backup", "A deploy", "c metrics"]),
        ("Last use", ["A deploy", "b backup", "c metrics"], ["b backup", "A deploy", "c metrics"]),
        ("Created", ["A deploy", "b backup", "c metrics"], ["b backup", "A deploy", "c metrics"]),
        ("Findings", ["A deploy", "c metrics", "b backup"], ["c metrics", "b backup", "A deploy"]),
    ],
)
@pytest.mark.parametrize("key", [None, "Enter", "Space"])
def test_a_column_sorts_by_mouse_and_keyboard_and_unknown_comes_last(
    open_html: OpenReport, column: str, first: list[str], second: list[str], key: str | None
) -> None:
    page = open_html(render(few())).page
    button = header(page, column)
    for expected in (first, second):
        if key:
            button.focus()
            page.keyboard.press(key)
        else:
            button.click()
        assert names(page) == expected
    cell = page.locator("#credential-table thead th[aria-sort]")
    assert cell.count() == 1
    expect(cell).to_contain_text(column)


def test_every_control_is_reached_by_tab(open_html: OpenReport) -> None:
    page = open_html(render(few())).page
    controls = page.locator("a, button, input, select, summary").locator("visible=true")
    seen = set()
    for _step in range(controls.count()):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(seen) == controls.count()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("severity", "critical", ["A deploy"]),
        ("severity", "none", ["b backup"]),
        ("rule", "usage_unknown", ["c metrics"]),
        ("kind", "service_account", ["A deploy"]),
        ("reach", "listed", ["b backup"]),
        ("usage", "unknown", ["c metrics"]),
        ("status", "new", ["A deploy"]),
        ("status", "known", ["A deploy", "c metrics"]),
        ("status", "accepted", ["b backup"]),
        ("status", "not_checked", ["c metrics"]),
        ("control", "NIST_SP_800-53_rev._5:AC-6", ["A deploy"]),
    ],
)
def test_a_choice_filters(open_html: OpenReport, name: str, value: str, expected: list[str]) -> None:
    page = open_html(render(few())).page
    page.locator(f"select[name={name}]").select_option(value)
    assert names(page) == expected
    expect(page.get_by_role("status")).to_have_text(
        f"Showing {len(expected)} of {len(expected)} credentials that match, of 3."
    )
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("status")).to_have_text("Showing 3 of 3 credentials.")
    assert names(page) == ["A deploy", "c metrics", "b backup"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DEPLOY", ["A deploy"]),
        ("0.0.0.0/0", ["A deploy"]),
        ("alpha  metrics", ["c metrics"]),
        ("ticket sec-1", ["b backup"]),
        ("org_owner", ["A deploy"]),
        ("nothing like it", []),
    ],
)
def test_search_finds_text_anywhere_in_a_credential(open_html: OpenReport, text: str, expected: list[str]) -> None:
    page = open_html(render(few())).page
    page.get_by_role("searchbox").press_sequentially(text)
    page.keyboard.press("Enter")
    assert names(page) == expected
    if not expected:
        expect(page.get_by_role("status")).to_contain_text("No credential matches.")


def test_a_control_filters_the_rules(open_html: OpenReport) -> None:
    page = open_html(render(few())).page
    rows = page.locator("#rule-table tbody tr:visible th")
    assert rows.count() == 3
    page.locator("#rule-filter select").select_option("NIST_SP_800-53_rev._5:AC-6")
    assert rows.count() == 1
    expect(rows).to_contain_text("Organization Owner")
    page.locator("#rule-filter select").select_option("")
    assert rows.count() == 3


@pytest.mark.parametrize("key", [None, "Enter"])
@pytest.mark.parametrize("clipboard", [True, False])
def test_an_exception_is_copied_without_network(open_html: OpenReport, key: str | None, clipboard: bool) -> None:
    page = open_html(render(few()), permissions=["clipboard-read", "clipboard-write"] if clipboard else []).page
    if not clipboard:  # as where a page that was opened as a file has no access to it
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    row = page.locator(ROWS).first
    row.locator(".fold").click()
    summary = row.locator("details.ready summary").first
    summary.press(key) if key else summary.click()
    expect(row.locator(".fold")).to_have_attribute("aria-expanded", "true")
    button = row.get_by_role("button", name="Copy: An exception that accepts it.").first
    button.press(key) if key else button.click()
    text = row.locator("details.ready pre code").first.text_content()
    assert text is not None
    assert "rule: open_to_internet" in text
    if clipboard:
        expect(button).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == text
    else:
        expect(button).to_have_text(re.compile("Copied|Selected"))
        assert page.evaluate("getSelection().toString()").strip() == text.strip()


def test_a_rule_leads_to_its_credentials(open_html: OpenReport) -> None:
    page = open_html(render(few())).page
    page.get_by_role("button", name="Show credentials: Organization Owner").click()
    assert names(page) == ["A deploy"]
    expect(page.locator("select[name=rule]")).to_have_value("org_owner")


@pytest.mark.parametrize("key", [None, "Enter"])
def test_a_credential_unfolds_to_findings_evidence_and_what_to_do(open_html: OpenReport, key: str | None) -> None:
    page = open_html(render(few())).page
    row = page.locator(ROWS).first
    button, detail = row.locator(".fold"), row.locator("tr.detail")
    expect(detail).to_be_hidden()
    button.press(key) if key else row.locator("td").nth(1).click()
    expect(button).to_have_attribute("aria-expanded", "true")
    for text in ("Open to the internet", "The list has 0.0.0.0/0.", "What to do: Replace the access list", "ORG_OWNER"):
        expect(detail).to_contain_text(text)
    button.click()
    expect(detail).to_be_hidden()


def test_all_details_unfold_at_once(open_html: OpenReport) -> None:
    page = open_html(render(few())).page
    page.get_by_role("button", name="Show all details").click()
    assert page.locator("tr.detail:visible").count() == 3
    page.get_by_role("button", name="Hide all details").click()
    assert page.locator("tr.detail:visible").count() == 0


def test_more_rows_are_shown_when_asked_for(open_html: OpenReport, report: str) -> None:
    page = open_html(report).page
    assert page.locator(VISIBLE).count() == ROWS_AT_ONCE
    page.get_by_role("button", name=f"Show {ROWS_AT_ONCE} more").click()
    assert page.locator(VISIBLE).count() == 2 * ROWS_AT_ONCE
    page.get_by_role("button", name="Show all", exact=True).click()
    assert page.locator(VISIBLE).count() == COUNT
    expect(page.locator(".more")).to_be_hidden()


def test_the_numbers_of_a_picture_are_in_a_table(open_html: OpenReport) -> None:
    page = open_html(render(few())).page
    figure = page.locator("figure").nth(1)
    expect(figure.locator("svg")).to_have_attribute("role", "img")
    expect(figure.locator("table")).to_be_hidden()
    figure.get_by_role("button").click()
    cells = figure.locator("tbody tr").all_inner_texts()
    assert [cell.replace("\t", ": ") for cell in cells if not cell.endswith("\t0")] == [
        "Up to 7 days ago: 1",
        "No use recorded: 1",
        "Unknown: 1",
    ]


def test_without_script_everything_is_visible(open_html: OpenReport, report: str) -> None:
    page = open_html(report, java_script_enabled=False).page
    assert page.locator("tr.detail:visible").count() == COUNT
    assert page.locator("figure table:visible").count() == 3
    assert page.locator("button:visible, input:visible, select:visible").count() == 0
    assert page.locator(f"{ROWS} th").first.inner_text().strip()


def pages_on_paper(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


def test_on_paper_is_the_table_with_all_credentials(open_html: OpenReport, report: str) -> None:
    page = open_html(report, color_scheme="dark").page
    assert pages_on_paper(page) <= 24
    page.emulate_media(media="print")
    assert page.locator(VISIBLE).count() == COUNT
    assert page.locator("tr.detail:visible").count() == 0
    assert page.locator(".filters:visible, .fold:visible, .link:visible, .more:visible, nav:visible").count() == 0
    assert page.locator("#credential-table thead").get_by_text("Last use").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def broken_words(page: Page, selector: str) -> list[str]:
    """Return the words in the elements that are in more than one line."""
    return t.cast(
        "list[str]",
        page.evaluate(
            """selector => [...document.querySelectorAll(selector)].flatMap((element) => {
                const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), found = [];
                for (let text = walker.nextNode(); text; text = walker.nextNode()) {
                    for (const word of text.data.matchAll(/[\\w.:/@]+/g)) {
                        const range = document.createRange();
                        range.setStart(text, word.index);
                        range.setEnd(text, word.index + word[0].length);
                        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
                        if (lines.size > 1) found.push(word[0]);
                    }
                }
                return found;
            })""",
            selector,
        ),
    )


@pytest.mark.parametrize(("media", "width"), [("print", 1030), ("screen", 1400), ("screen", 360)])
def test_no_word_is_broken_in_a_column(open_html: OpenReport, media: str, width: int) -> None:
    # On paper, the landscape page is as wide as about 1030 pixels.
    page = open_html(render(sample(6, 30)), viewport={"width": width, "height": 800}).page
    page.emulate_media(media=media)
    assert broken_words(page, ".cards th, .cards td") == []


def test_on_paper_are_the_details_that_the_screen_shows(open_html: OpenReport) -> None:
    page = open_html(render(few())).page
    page.locator(f"{ROWS} .fold").first.click()
    page.locator("figure button").first.click()
    page.emulate_media(media="print")
    assert page.locator("tr.detail:visible").count() == 1
    assert page.locator("figure table:visible").count() == 1
    expect(page.get_by_text("The details of a credential are printed if they are shown on the screen.")).to_be_visible()


def test_on_paper_without_script_everything_is_visible(open_html: OpenReport, report: str) -> None:
    page = open_html(report, java_script_enabled=False).page
    page.emulate_media(media="print")
    assert page.locator("tr.detail:visible").count() == COUNT
    assert page.locator("figure table:visible").count() == 3
    expect(page.get_by_text("if they are shown on the screen.")).to_be_hidden()


def test_while_printing_the_status_counts_what_is_printed(open_html: OpenReport, report: str) -> None:
    page = open_html(report).page
    status = page.get_by_role("status")
    for event, shown in (("beforeprint", COUNT), ("afterprint", ROWS_AT_ONCE)):
        page.evaluate("event => dispatchEvent(new Event(event))", event)
        expect(status).to_have_text(f"Showing {shown} of {COUNT} credentials.")


def test_on_paper_a_filter_stays(open_html: OpenReport) -> None:
    page = open_html(render(few())).page
    page.locator("select[name=severity]").select_option("critical")
    page.emulate_media(media="print")
    assert page.locator(VISIBLE).count() == 1
    expect(page.get_by_role("status")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(open_html: OpenReport, scheme: str, viewport: dict[str, int]) -> None:
    page = open_html(render(sample(6, 12)), color_scheme=scheme, viewport=viewport).page
    page.get_by_role("button", name="Show all details").click()
    for button in page.locator("figure button").all():
        button.click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    # It cannot see what is behind the text of a picture.
    unsure = [node["html"] for rule in found.response["incomplete"] for node in rule["nodes"]]
    assert [html for html in unsure if not html.startswith("<text")] == []


def too_wide(page: Page) -> list[str]:
    """What reaches beyond the right edge of the screen, where nobody could scroll to."""
    return t.cast(
        "list[str]",
        page.evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter((element) => !element.closest(".numbers, .unseen, svg, select"))
                .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
                .map((element) => element.outerHTML.slice(0, 200))"""
        ),
    )


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1400])
def test_nothing_is_clipped_on_any_screen(open_html: OpenReport, width: int) -> None:
    page = open_html(render(sample(6, 30)), viewport={"width": width, "height": 844}).page
    page.get_by_role("button", name="Show all details").click()
    assert too_wide(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [320, 390, 500, 560, 768, 1400])
def test_no_word_of_a_tile_is_broken(open_html: OpenReport, width: int) -> None:
    page = open_html(render(few()), viewport={"width": width, "height": 844}).page
    broken = page.evaluate(
        """() => [...document.querySelectorAll(".tile .label")].flatMap((label) => {
            const text = label.firstChild, range = document.createRange();
            return [...text.data.matchAll(/\\S+/g)].filter((word) => {
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const right = label.parentElement.getBoundingClientRect().right;
                return range.getClientRects().length > 1 || range.getBoundingClientRect().right > right;
            }).map(String);
        })"""
    )
    assert broken == []


def test_a_phone_sorts_by_a_choice(open_html: OpenReport) -> None:
    page = open_html(render(few()), viewport=PHONE).page
    page.get_by_label("Sort by").select_option("Credential, descending")
    assert names(page) == ["c metrics", "b backup", "A deploy"]


UNSAFE_TEXTS = {
    "closing script": "</script><script>document.title = 'owned'</script>",
    "image": "<img src=x onerror=\"document.title = 'owned'\">",
    "closing style": "</style></title><base href='https://example.com/'>",
    "template": "{{ 7 * 7 }}{% for x in y %}{# none #}",
    "attribute": "\"' onmouseover='document.title=1' x=`",
    "comment": "<!-- --> ]]> &lt;&#0;&amp",
    "right to left": "\u202egnp.exe\u2066 \u200f\u05e9\u05dc\u05d5\u05dd\u202c",
    "controls": "a\x00b\x1b[31mc\u2028d\ufeff\ud800e",
    "emoji": "\U0001f469\u200d\U0001f4bb" * 83 + "!",
    "formula": '=HYPERLINK("https://example.com/"&A1,"open")',
    "one long word": "W" * 250,
    "combining": "e" + "\u0301" * 249,
}


def unsafe(text: str) -> dict[str, t.Any]:
    """A report in which somebody has written TEXT everywhere."""
    owner = organization(1, name=text, settings={text: text})
    failed = failed_organization(2, text, name=text, unread=[part(text, reason=text, role=text)])
    used = {"last_used_at": text, "last_used_address": text}
    about = credential(
        1,
        owner,
        name=text,
        id=text,
        kind="service_account",
        public_key=text,
        created_by=text,
        created_at=text,
        org_roles=[text],
        projects=[{"id": text, "name": text, "roles": [text]}],
        access_list=[entry(text, **used)],
        secrets=[
            {"id": text, "created_at": text, "expires_at": text, "last_used_at": text, "masked_secret_value": text}
        ],
        last_used_at=text,
    )
    accepted = {"reason": text, "until": text}
    unmade = [not_checked("unused", owner, about, reason=text, role=text, part=text)]
    findings = [
        finding("open_to_internet", owner, about, evidence=text, task=text, exception=text, worse=text),
        finding("old", owner, about, evidence=text, accepted=accepted),
        finding("access_list_not_required", owner, evidence=text),
        finding("exception_unmatched", None, evidence=text, subject=text),
    ]
    return document(
        [owner, failed], [about], findings, resolved=findings[:1], carried=findings[:1], unmade=unmade, baseline=True
    )


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("text", UNSAFE_TEXTS.values(), ids=UNSAFE_TEXTS)
def test_what_somebody_wrote_is_text(open_html: OpenReport, text: str, viewport: dict[str, int]) -> None:
    page = open_html(render(unsafe(text)), viewport=viewport).page
    page.get_by_role("button", name="Show all details").click()
    expect(page).to_have_title("Atlas access audit, 2026-11-25")
    hidden = {"\u202e": 1, "\u2066": 1, "\u202c": 1, "\x00": 1, "\x1b": 1, "\u2028": 1, "\ufeff": 1, "\ud800": 1}
    shown = "".join(f"[U+{ord(sign):04X}]" if sign in hidden else sign for sign in text)
    assert page.locator(f"{ROWS} .fold bdi").text_content() == shown
    assert page.locator("select[name=organization] option").nth(1).text_content() == shown
    page.get_by_role("searchbox").fill(shown)
    assert page.locator(VISIBLE).count() == 1
    assert too_wide(page) == []
    assert page.evaluate("document.images.length + document.scripts.length") == 2


def test_the_policy_stops_what_might_get_in(open_html: OpenReport) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        evil = (
            "<script>document.title = 'owned'</script>"
            "<style>body { display: none }</style>"
            f"<img src='http://127.0.0.1:{server.getsockname()[1]}/' onerror=\"document.title = 'owned'\">"
        )
        opened = open_html(render(few()).replace("<main>", f"<main>{evil}"))
        expect(opened.page).to_have_title("Atlas access audit, 2026-11-25")
        expect(opened.page.locator(".verdict")).to_be_visible()
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert len(opened.messages) == 4  # the script, the style, the image and its handler
    assert all("Content Security Policy" in message for message in opened.messages)
    opened.messages.clear()
    opened.requests.clear()  # Playwright counts one that the browser has stopped


def work(page: Page) -> float:
    """The processor time of the page's main thread so far, in seconds, regardless of what else the machine does."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["ThreadTime"])


@pytest.fixture(scope="module")
def large_report() -> str:
    return render(sample(50, 25_000))


@pytest.mark.full
def test_25000_credentials_are_usable_in_five_seconds(open_html: OpenReport, large_report: str) -> None:
    assert len(large_report.encode()) < 30_000_000
    page = open_html(large_report).page
    page.get_by_role("searchbox").fill("terraform")
    expect(page.get_by_role("status")).to_contain_text("that match, of 2,000")
    header(page, "Last use").click()
    page.locator(f"{VISIBLE} .fold").first.click()
    assert work(page) < 5
    assert page.locator(ROWS).count() == MAX_CREDENTIALS
    expect(page.locator("#credentials .alert")).to_contain_text(
        "This page lists the 2,000 worst of 25,000 credentials. The CSV and JSON reports list all of them."
    )


@pytest.mark.full
def test_25000_credentials_open_without_script_in_five_seconds(open_html: OpenReport, large_report: str) -> None:
    page = open_html(large_report, java_script_enabled=False).page
    expect(page.locator("tr.detail").last).to_be_visible()
    assert work(page) < 5
