"""Long lists: typing finds an answer, with keyboard, mouse or finger; without scripts the list itself is there."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import inspection
from tests.browser.conftest import Visit
from tests.browser.journey import begin
from tests.browser.states import open_example
from tests.browser.test_autosave import expect_saved, sent_keys, status_of

pytestmark = pytest.mark.browser

BOTH_WIDTHS = pytest.mark.parametrize("visit", [("phone", True), ("desktop", True)], indirect=True)
OFFICE = "accountants-at"
"""An example company whose line of business has a long list of activities."""


def open_countries(page: Page) -> Locator:
    """The question about the country in a check just begun; gives the field."""
    page.goto(f"{begin(page, 'full')}/sections/profile/p-01")
    return page.get_by_role("combobox", name="In which country is your main site?")


def value_of(page: Page, question: str = "p-01") -> str:
    """What the form would send."""
    return page.locator(f'select[name="{question}"]').input_value()


def rows(page: Page) -> list[str]:
    return page.get_by_role("option").all_inner_texts()


def pointed_at(page: Page, field: Locator) -> str:
    """The row that a screen reader is told of."""
    return page.locator(f"#{field.get_attribute('aria-activedescendant')}").inner_text()


def announced(page: Page) -> Locator:
    return page.locator(".gp-combobox [role=status]")


@BOTH_WIDTHS
def test_with_the_keyboard_alone_an_answer_is_found_chosen_and_saved(visit: Visit) -> None:
    page = visit.page
    field = open_countries(page)
    keys = sent_keys(page)
    field.focus()
    expect(field).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("ia")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(announced(page)).to_have_text(f"Matches: {len(rows(page))}")
    assert status_of(page) != "Not saved yet", "searching is no answer"
    page.keyboard.type("x")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(announced(page)).to_have_text("Nothing in the list matches. Try another word, or clear the field to see "
                                         "the whole list.")  # fmt: skip
    expect(announced(page)).to_be_in_viewport()
    page.keyboard.press("Backspace")
    first, second, *_, last = rows(page)
    page.keyboard.press("ArrowDown")
    assert pointed_at(page, field) == first
    page.keyboard.press("ArrowDown")
    assert pointed_at(page, field) == second
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert pointed_at(page, field) == last
    assert value_of(page) == ""
    page.keyboard.press("Enter")
    expect(field).to_have_value(last)
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None
    assert page.locator('select[name="p-01"] option:checked').inner_text() == last
    expect_saved(page)
    assert len(keys) == 1
    page.reload()
    expect(field).to_have_value(last)


@BOTH_WIDTHS
def test_escape_gives_back_the_answer_and_enter_in_a_closed_list_goes_on(visit: Visit) -> None:
    page = visit.page
    field = open_countries(page)
    field.focus()
    page.keyboard.type("lithu")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Lithuania")
    page.keyboard.type("fr")
    page.keyboard.press("Escape")
    expect(field).to_have_value("Lithuania")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert value_of(page) == "LT"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/p-01" not in page.url


@BOTH_WIDTHS
def test_leaving_the_field_takes_what_is_sure_and_nothing_else(visit: Visit) -> None:
    page = visit.page
    field = open_countries(page)
    for typed, value, shown in [
        ("bulg", "BG", "Bulgaria"), ("zzz", "BG", "Bulgaria"), ("ia", "BG", "Bulgaria"), ("CZÉCHIA", "CZ", "Czechia"),
        ("", "", ""),
    ]:  # fmt: skip
        field.fill(typed)
        page.keyboard.press("Tab")
        expect(field).to_have_value(shown)
        assert value_of(page) == value, typed
        expect(page.get_by_role("listbox")).to_be_hidden()


@BOTH_WIDTHS
def test_with_a_mouse_or_a_finger_the_whole_list_opens_and_a_row_is_taken(visit: Visit) -> None:
    page = visit.page
    field = open_countries(page)
    field.click()
    every = page.locator('select[name="p-01"] option').count() - 1
    assert len(rows(page)) == every
    expect(page.get_by_role("listbox")).to_be_in_viewport(ratio=0.95)
    page.get_by_role("option", name="Spain").click()
    expect(field).to_have_value("Spain")
    expect(field).to_be_focused()
    expect_saved(page)
    field.click()
    assert len(rows(page)) == every, "a chosen answer does not narrow the list"
    expect(page.get_by_role("option", selected=True)).to_have_text("Spain")
    expect(page.get_by_role("option", selected=True)).to_be_in_viewport()
    page.keyboard.press("ArrowDown")
    assert pointed_at(page, field) != "", "a row is pointed at"


def test_codes_and_words_find_an_activity_wherever_they_stand(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{open_example(page, OFFICE)}/sections/profile/p-02-nace")
    field = page.get_by_role("combobox", name="Which of these describes your activity best?")
    for typed in ("m69", "69", "accounting", "ACCOUNT leg"):
        field.fill(typed)
        assert rows(page)[0] == "M69 Legal and accounting services", typed
        assert len(rows(page)) < page.locator('select[name="p-02-nace"] option').count() - 1
    field.press("Escape")


@BOTH_WIDTHS
def test_a_list_under_a_mistake_is_led_to_and_described(visit: Visit) -> None:
    page = visit.page
    field = open_countries(page)
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    page.locator(".govuk-error-summary a").click()
    expect(field).to_be_focused()
    described = (field.get_attribute("aria-describedby") or "").split()
    assert all(page.locator(f"#{part}").count() == 1 for part in described)
    assert "p-01-error" in described
    expect(page.locator("#p-01-search-hint")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_open_list_keeps_the_rules(inspected: Page, width: int) -> None:
    inspected.set_viewport_size({"width": width, "height": 740})
    field = open_countries(inspected)
    for typed, told in (("ia", "Matches: "), ("zzz", "Nothing in the list matches.")):
        field.fill(typed)
        expect(announced(inspected)).to_contain_text(told)
        assert inspection.broken_rules(inspected) == []
        assert inspection.too_wide(inspected) == []
        assert inspection.small_targets(inspected) == []
    field.fill("")
    inspected.keyboard.press("ArrowDown")
    assert inspection.broken_rules(inspected) == []
    boxes = [row.bounding_box() for row in inspected.get_by_role("option").all()]
    assert all(box is not None and box["height"] >= inspection.SMALLEST_TARGET for box in boxes)


def test_the_rules_would_find_a_field_without_its_list(inspected: Page) -> None:
    field = open_countries(inspected)
    field.evaluate("field => { field.removeAttribute('aria-controls'); field.removeAttribute('aria-expanded'); }")
    assert any(found.startswith("aria-required-attr") for found in inspection.broken_rules(inspected))


@pytest.mark.parametrize("visit", [("phone", False), ("desktop", False)], indirect=True)
def test_without_scripts_the_list_itself_is_there(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{begin(page, 'full')}/sections/profile/p-01")
    field = page.get_by_label("In which country is your main site?")
    assert field.evaluate("element => element.tagName") == "SELECT"
    assert page.locator(".gp-combobox").count() == 0
    field.select_option(label="Ireland")
    with page.expect_navigation():
        page.get_by_role("button", name="Continue").click()
    assert "/p-01" not in page.url
