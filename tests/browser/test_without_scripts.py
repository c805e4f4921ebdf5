"""What follows the questions, on a phone without JavaScript: the plan, the way back, taking out, deleting."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import follow, start
from tests.browser.states import open_example, press

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("visit", [("phone", False)], indirect=True)]

COMPANY = "timber-builder-ee"
"""An example company whose plan these tests change."""


def titles(page: Page) -> list[str]:
    return page.locator(".gp-card h3").all_inner_texts()


def test_the_way_back_by_code_then_taking_out_and_deleting(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    start(page, "quick")
    hub = page.url
    page.goto(f"{hub}/sections/profile/p-01")
    page.locator('[name="p-01"]').select_option("BG")
    press(page, "Continue")
    page.goto(f"{hub}/keep")
    code = page.locator(".gp-code").inner_text()
    press(page, "Leave this computer")
    assert page.goto(hub) is not None
    expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
    page.goto("/resume")
    page.get_by_label("Your code").fill(code.lower().replace("-", " "))
    press(page, "Open my check")
    assert page.url == hub
    page.goto(f"{hub}/data")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my data (JSON)").click()
    download.value.save_as(tmp_path / "data.json")
    assert "BG" in json.dumps(json.loads((tmp_path / "data.json").read_text()))
    follow(page, page.get_by_role("button", name="Delete my check"))
    press(page, "Yes, delete everything now")
    assert page.url.endswith("/deleted")
    page.goto("/resume")
    page.get_by_label("Your code").fill(code)
    press(page, "Open my check")
    assert page.title().startswith("Error: ")


def test_a_plan_is_moved_filtered_filled_in_and_added_to(visit: Visit) -> None:
    page = visit.page
    plan = open_example(page, COMPANY) + "/plan"
    page.goto(plan)
    before = titles(page)
    press(page, "Move down")
    assert titles(page)[:2] == [before[1], before[0]]
    follow(page, page.get_by_role("link", name="Change owner, date or status"))
    page.get_by_label("Planned", exact=True).check(force=True)
    page.get_by_label("Who takes care of it?").fill("Ana")
    for part, value in (("day", "31"), ("month", "3"), ("year", "2027")):
        page.locator(f'[id="deadline.{part}"]').fill(value)
    press(page, "Save")
    assert "Ana · by 31 March 2027" in page.locator(".gp-card").first.inner_text()
    page.goto(f"{plan}?status=planned")
    assert titles(page) == [before[1]]
    page.goto(f"{plan}-own")
    page.get_by_label("What is to be done?").fill("Replace the old freezer")
    press(page, "Add to my plan")
    page.goto(f"{plan}?all=1")
    assert titles(page)[-1] == "Replace the old freezer"
    press(page, "Add to my plan")
    assert page.locator(".gp-notice").inner_text() == "Added to your plan."
    assert len(titles(page)) == len(before) + 2


def test_words_and_filters_of_the_catalogue_stay_in_the_address_and_an_entry_joins_the_plan(visit: Visit) -> None:
    page = visit.page
    plan = open_example(page, COMPANY) + "/plan"
    page.goto(plan)
    count = len(titles(page))
    page.goto("/catalogue")
    page.get_by_role("searchbox").fill("ENERGIA")
    press(page, "Search")
    assert "q=ENERGIA" in page.url
    expect(page.get_by_role("heading", level=2, name=re.compile(r"^\d+ resources?$"))).to_be_visible()
    follow(page, page.locator(".gp-entry a"))
    press(page, "Add to my plan")
    assert len(titles(page)) == count + 1
