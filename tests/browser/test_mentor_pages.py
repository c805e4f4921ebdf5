"""A mentor's pages about one client keep the rules on every screen; a client is one of the demo."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inspection
from tests.browser.server import Server
from tests.browser.signed_in import come_in, links
from tests.browser.test_pages import WIDTHS

pytestmark = pytest.mark.browser


def faults(page: Page) -> dict[str, list[str]]:
    """What breaks a rule on the page at hand, at each width."""
    inspection.unfold(page)
    found = inspection.faults_on_a_desk(page)
    for width in WIDTHS:
        found |= inspection.faults_on_a_phone(page, width)
    page.set_viewport_size({"width": 1280, "height": 900})
    return {name: each for name, each in found.items() if each}


def test_visit_report_years_and_scenarios_of_a_client_keep_the_rules(inspected: Page, server: Server) -> None:
    come_in(inspected, links(server)["mentor"])
    inspected.goto("/mentor")
    inspected.get_by_role("link", name="Example metal shop").first.click()
    inspected.get_by_role("link", name="Compare years").click()
    assert faults(inspected) == {}
    inspected.get_by_role("link", name="Review", exact=True).first.click()
    inspected.get_by_role("link", name="Saved scenarios").click()
    assert faults(inspected) == {}
    inspected.get_by_role("link", name="Review", exact=True).first.click()
    inspected.get_by_role("link", name="Plan the next visit").click()
    inspected.get_by_label("Year").fill("1999")
    inspected.get_by_role("button", name="Save").click()
    assert inspected.title().startswith("Error: ")
    assert faults(inspected) == {}
    inspected.get_by_label("Year").fill("2099")
    inspected.get_by_role("button", name="Save").click()
    expect(inspected.get_by_text("Next visit:")).to_be_visible()
    inspected.get_by_role("link", name="Report as a PDF").click()
    inspected.get_by_role("button", name="Make the PDF").click()
    expect(inspected.get_by_role("button", name=re.compile("Download the PDF"))).to_be_visible(timeout=60_000)
    assert faults(inspected) == {}
    path = inspected.get_by_role("button", name=re.compile("Download the PDF")).get_attribute("href") or ""
    assert inspected.request.get(path, max_retries=2).body().startswith(b"%PDF")


def test_the_list_of_clients_prints_as_a_table_that_says_whose_it_is(inspected: Page, server: Server) -> None:
    come_in(inspected, links(server)["mentor"])
    inspected.goto("/mentor")
    whose = inspected.get_by_text("The list of Milan Mentor on")
    row = inspected.locator("tbody tr").first
    # What an upright sheet between its margins leaves, as a browser counts: less than the screens that have cards.
    inspected.set_viewport_size({"width": 680, "height": 900})
    expect(whose).to_be_hidden()
    expect(row).to_have_css("display", "block")
    inspected.emulate_media(media="print")
    expect(whose).to_be_visible()
    expect(row).to_have_css("display", "table-row")
    assert inspection.too_wide(inspected) == []
